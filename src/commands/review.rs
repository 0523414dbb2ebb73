//! `review`: the same traffic under two configurations, and settings between them; which alerts come, go and move.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use harborwatch::config::{self, Config, Mistake, Purpose};
use harborwatch::feeds::FeedSettings;
use harborwatch::review::{self, Outcome, Sheet, Sweep};
use harborwatch::service::{self, Reviewing};
use harborwatch::time::{LocalTime, Timestamp};
use harborwatch::watch::Minutes;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use super::replay::{self, Untimed, time};
use super::{aside, refuse, usage};

/// Compare the alerts of two configurations over the same traffic, before anybody hears them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch review --baseline now.toml --proposed new.toml --sweep harbour-speed.limit_kn=6,8,10 --html review.html liaoluo.nmea.gz\n\nOnly rules, zones, declarations, inspections and tide may differ. Settings of sweeps are over the proposed; several sweeps make a grid."
)]
pub struct Args {
    /// The site's configuration as it stands
    #[arg(long)]
    baseline: PathBuf,
    /// As it is to be; the baseline, if only sweeps are of interest
    #[arg(long, required_unless_present = "sweep")]
    proposed: Option<PathBuf>,
    /// Recordings, also .gz and .zst; or a data folder, whose verdicts count
    #[arg(required = true, value_name = "FEED")]
    feeds: Vec<PathBuf>,
    /// Values to try, as in harbour-speed.limit_kn=6,8,10 (TOML); several make a grid
    #[arg(long, value_parser = sweep, value_name = "RULE.PARAM=A,B,C")]
    sweep: Vec<Sweep>,
    /// Print JSON instead of the table
    #[arg(long)]
    json: bool,
    /// Write a page that stands by itself to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Alerts count from this time on (RFC 3339)
    #[arg(long, value_parser = time)]
    from: Option<Timestamp>,
    /// Leave out what was heard at or after this time (RFC 3339)
    #[arg(long, value_parser = time)]
    to: Option<Timestamp>,
    #[command(flatten)]
    untimed: Untimed,
    #[command(flatten)]
    minutes: Noted,
}

/// What stands in the minutes beside what is known.
#[derive(Debug, clap::Args)]
struct Noted {
    /// For the minutes: who takes part
    #[arg(long, default_value = "")]
    who: String,
    /// For the minutes: what was decided
    #[arg(long, default_value = "")]
    decided: String,
    /// For the minutes: why
    #[arg(long, default_value = "")]
    why: String,
}

/// Reads `RULE.PARAM=a,b,c`; values that are no TOML are texts.
fn sweep(text: &str) -> Result<Sweep, String> {
    const WANT: &str = "RULE.PARAM=a,b,c, as in harbour-speed.limit_kn=6,8,10";
    let (key, values) = text.split_once('=').ok_or(WANT)?;
    let (rule, parameter) = key.trim().split_once('.').ok_or(WANT)?;
    let is_empty = [rule, parameter, values].iter().any(|part| part.trim().is_empty());
    if is_empty {
        return Err(WANT.into());
    }
    Ok(Sweep {
        key: key.trim().into(),
        values: split(values).into_iter().map(value).collect(),
    })
}

/// Splits at commas outside brackets, braces and quotes.
fn split(values: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0, false);
    for (at, letter) in values.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            ',' if depth == 0 && !quoted => {
                parts.push(&values[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&values[from..]);
    parts
}

fn value(text: &str) -> Json {
    let text = text.trim();
    let read = toml::from_str::<toml::Table>(&format!("value = {text}")).ok();
    let value = read.and_then(|mut table| table.remove("value"));
    value
        .and_then(|value| serde_json::to_value(value).ok())
        .unwrap_or_else(|| text.into())
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (mut baseline, mut proposed) = match load(&args) {
        Ok(both) => both,
        Err(mistakes) => return Ok(refuse(&mistakes)),
    };
    let folder = args.feeds.iter().find(|path| path.is_dir());
    if folder.is_some() && args.feeds.len() > 1 {
        return Ok(usage("a data folder is reviewed by itself: it holds all its feeds"));
    }
    let feeds = match folder {
        Some(folder) => service::feeds_of_journal(folder)?,
        None => match replay::feeds_of(&args.feeds, &proposed) {
            Ok(feeds) => feeds,
            Err(twice) => return Ok(usage(&twice)),
        },
    };
    let capacity = service::capacity(&proposed);
    let sides = (
        service::side(&mut baseline, &feeds),
        service::side(&mut proposed, &feeds),
    );
    let cases = match review::cases(sides.0, sides.1, &args.sweep) {
        Ok(cases) => cases,
        Err(faults) => {
            faults.iter().for_each(aside);
            return Ok(usage("nothing was started"));
        }
    };
    let reviewing = Reviewing {
        cases,
        local: LocalTime(proposed.site.timezone.clone()),
        capacity,
        from: args.from,
        to: args.to,
        is_rehearsal: false,
    };
    let outcome = play(reviewing, &args, folder, &proposed, &feeds)?;
    tell(&outcome, &args, &proposed)?;
    Ok(ExitCode::SUCCESS)
}

/// Both configurations, or all that is wrong with them and between them.
fn load(args: &Args) -> Result<(Config, Config), Vec<Mistake>> {
    let other = args.proposed.as_ref().unwrap_or(&args.baseline);
    let feeds = replay::feed_names(&args.feeds);
    match [&args.baseline, other].map(|path| config::load(path, Purpose::Recordings(&feeds))) {
        [Ok(baseline), Ok(proposed)] => {
            let differences = config::beyond_review(&baseline, &proposed);
            if differences.is_empty() {
                Ok((baseline, proposed))
            } else {
                Err(differences)
            }
        }
        both => {
            let mut mistakes: Vec<Mistake> = both.into_iter().filter_map(Result::err).flatten().collect();
            mistakes.dedup();
            Err(mistakes)
        }
    }
}

fn play(
    reviewing: Reviewing,
    args: &Args,
    folder: Option<&PathBuf>,
    config: &Config,
    feeds: &[Arc<FeedSettings>],
) -> anyhow::Result<Outcome> {
    let progress = if std::io::stderr().is_terminal() {
        ProgressBar::no_length()
    } else {
        ProgressBar::hidden()
    };
    progress.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("a constant template"));
    let told = |time: Timestamp| {
        progress.set_message(time.to_string());
        progress.tick();
    };
    let outcome = match folder {
        Some(folder) => {
            let outcome = reviewing.of_journal(folder, |time| {
                told(time);
                ControlFlow::Continue(())
            })?;
            outcome.context("the review was ended")?
        }
        None => {
            let mut merged = replay::open_all(&args.feeds, feeds, &args.untimed)?;
            reviewing.of_recordings(&mut merged, config, feeds, service::draw_hash_key(), told)?
        }
    };
    progress.finish_and_clear();
    Ok(outcome)
}

fn tell(outcome: &Outcome, args: &Args, config: &Config) -> anyhow::Result<()> {
    let minutes = minutes(outcome, args);
    let mut out = std::io::stdout().lock();
    if args.json {
        let mut json = serde_json::to_value(outcome)?;
        json["minutes"] = json!(minutes);
        writeln!(out, "{json}")?;
    } else {
        write!(out, "{}", review::table(outcome))?;
    }
    out.flush()?;
    let Some(path) = &args.html else { return Ok(()) };
    let sheet = Sheet {
        site: &config.site.name,
        local: &LocalTime(config.site.timezone.clone()),
        bbox: config.site.bbox,
        coast: config.coast.iter().map(|coast| &*coast.text).collect(),
        zones: &config.zones,
        minutes: &minutes,
    };
    std::fs::write(path, review::page(outcome, &sheet)).with_context(|| format!("cannot write {}", path.display()))
}

fn minutes(outcome: &Outcome, args: &Args) -> Minutes {
    let Noted { who, decided, why } = &args.minutes;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let feeds: Vec<String> = args.feeds.iter().map(|path| name(path)).collect();
    let proposed = args.proposed.as_deref().map(name);
    let sweeps = args.sweep.iter().map(|sweep| {
        let values: Vec<String> = sweep.values.iter().map(Json::to_string).collect();
        format!("{}={}", sweep.key, values.join(","))
    });
    let tried: Vec<String> = [name(&args.baseline)]
        .into_iter()
        .chain(proposed)
        .chain(sweeps)
        .collect();
    Minutes {
        who: who.clone(),
        traffic: format!("{}, {} – {}", feeds.join(", "), outcome.from, outcome.to),
        tried: tried.join("; "),
        decided: decided.clone(),
        why: why.clone(),
    }
}
