//! `check`: reads a configuration and every file it names; tells what it found, or every mistake.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::register::Registered;
use harborwatch::rules::Rule;

use super::refuse;

/// Read a configuration, its zones and registers; tell what is in them, or every mistake
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch check --config config/kinmen.toml\n\nExit status 2 and FILE:LINE of each mistake if there is one."
)]
pub struct Args {
    /// The site's configuration
    #[arg(long)]
    config: PathBuf,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match config::load(&args.config, Purpose::Replay) {
        Ok(config) => {
            tell(&config, &mut io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(mistakes) => Ok(refuse(&mistakes)),
    }
}

fn tell(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let timezone = config.site.timezone.iana_name().unwrap_or_default();
    writeln!(
        out,
        "site          {} {} ({timezone})",
        config.site.name.zh, config.site.name.en
    )?;
    writeln!(out, "listens       http://{}", config.listen.http)?;
    let coast: Vec<&str> = config.coast.iter().map(|coast| coast.name.as_str()).collect();
    tell_list(out, "coast", coast.len(), &coast.join(", "))?;
    let kinds = counts(config.zones.iter().map(|(_, zone)| zone.kind.name()));
    tell_list(out, "zones", config.zones.len(), &kinds)?;
    let unpublished = config.zones.iter().filter(|(_, zone)| !zone.is_published()).count();
    tell_list(
        out,
        "",
        unpublished,
        "of them by no published boundary: their alerts are marked indicative",
    )?;
    let classes = config
        .register
        .iter()
        .map(|vessel: &Registered| vessel.class.map_or("no class", |class| class.name()));
    tell_list(out, "register", config.register.len(), &counts(classes))?;
    tell_list(out, "declarations", config.declarations.len(), "")?;
    tell_list(out, "inspections", config.inspections.len(), "")?;
    let desks: Vec<&str> = config.desks.iter().map(|desk| &*desk.id).collect();
    tell_list(out, "desks", desks.len(), &desks.join(", "))?;
    let feeds: Vec<String> = config
        .feeds
        .iter()
        .map(|feed| format!("{} ({})", feed.name, feed.input.kind()))
        .collect();
    tell_list(out, "feeds", feeds.len(), &feeds.join(", "))?;
    tell_list(
        out,
        "rules",
        config.rules.len(),
        &counts(config.rules.iter().map(|rule| rule.kind.name)),
    )?;
    for rule in &config.rules {
        tell_rule(config, rule, out)?;
    }
    let kept = &config.retention;
    let alerts = kept.alerts_days.map(|days| format!(", closed alerts {days} days"));
    writeln!(
        out,
        "kept          the journal {} days{}",
        kept.journal_days(),
        alerts.unwrap_or_default()
    )?;
    for note in kept.notes() {
        writeln!(out, "note          {note}")?;
    }
    for key in &config.without_effect {
        writeln!(out, "note          {key} is right, but without effect in this version")?;
    }
    if config.data_dir.is_none() || config.feeds.is_empty() {
        writeln!(
            out,
            "note          replay can use this; serve also needs [data] and a [[feed]]"
        )?;
    }
    writeln!(out, "no mistakes")
}

fn tell_list(out: &mut dyn Write, what: &str, count: usize, which: &str) -> io::Result<()> {
    writeln!(out, "{}", format!("{what:<13} {count:>3}  {which}").trim_end())
}

/// `2 cargo, 1 ferry`, by name.
fn counts<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut counted = BTreeMap::<&str, usize>::new();
    for name in names {
        *counted.entry(name).or_default() += 1;
    }
    let each: Vec<String> = counted.iter().map(|(name, count)| format!("{count} {name}")).collect();
    each.join(", ")
}

fn tell_rule(config: &Config, rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let word = |value: serde_json::Result<serde_json::Value>| {
        value
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let zones = match &rule.zones {
        None => "everywhere".to_owned(),
        Some(zones) => zones
            .iter()
            .map(|zone| &*config.zones.get(*zone).id)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let (priority, mode) = (
        word(serde_json::to_value(rule.priority)),
        word(serde_json::to_value(rule.mode)),
    );
    writeln!(
        out,
        "              {} · {} · {priority} · {mode} · {zones}",
        rule.id, rule.kind.name
    )
}
