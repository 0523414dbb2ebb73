//! `rules`: every kind of rule with its parameters, their defaults and where these come from, in Chinese and English.

use std::io::{self, Write};
use std::process::ExitCode;

use harborwatch::rules::{Default, KINDS, Kind, On, Parameter, Subject, ZoneUse, table};

use super::usage;

/// List the kinds of rules, their parameters, defaults and sources
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch rules speed_limit zone_dwell\n\nFor every rule there are id, kind, priority, mode, zones, vessels, for_s, clear_s, escalate_s, review_by and message."
)]
pub struct Args {
    /// Only these kinds
    kinds: Vec<String>,
    /// All of them as a table for documents
    #[arg(long, conflicts_with = "kinds")]
    markdown: bool,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = args
        .kinds
        .iter()
        .find(|name| KINDS.iter().all(|kind| kind.name != **name))
    {
        return Ok(usage(&format!(
            "there is no kind {unknown}; `harborwatch rules` lists them"
        )));
    }
    let chosen = KINDS
        .iter()
        .filter(|kind| args.kinds.is_empty() || args.kinds.iter().any(|name| name == kind.name));
    let out = &mut io::stdout().lock();
    if args.markdown {
        write!(out, "{}", table())?;
        return Ok(ExitCode::SUCCESS);
    }
    for kind in chosen {
        tell(out, kind)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(out: &mut dyn Write, kind: &Kind) -> io::Result<()> {
    writeln!(out, "{}\n  {}\n  {}", kind.name, kind.message.zh, kind.message.en)?;
    writeln!(out, "  judges       {}", judged(kind))?;
    writeln!(out, "  zones        {}", zones(kind.zones))?;
    if !kind.default_classes.is_empty() {
        let classes: Vec<&str> = kind.default_classes.iter().map(|class| class.name()).collect();
        writeln!(
            out,
            "  vessels      {} unless the rule says otherwise",
            classes.join(", ")
        )?;
    }
    if let Some(unit) = kind.unit {
        writeln!(out, "  measured in  {unit}")?;
    }
    for parameter in kind.parameters {
        let default = default(parameter).map_or_else(|| "must be given".into(), |text| format!("default {text}"));
        writeln!(out, "  {}: {}; {default}", parameter.name, parameter.want())?;
        writeln!(out, "      {} · {}", parameter.meaning.zh, parameter.meaning.en)?;
    }
    writeln!(out)
}

/// The default and its source.
fn default(parameter: &Parameter) -> Option<String> {
    parameter.default?;
    let is_number = matches!(parameter.default, Some(Default::Number(_)));
    let unit = parameter.unit.filter(|_| is_number).map(|unit| format!(" {unit}"));
    let unit = unit.unwrap_or_default();
    Some(format!("{}{unit}: {}", parameter.default_text(), parameter.source))
}

/// What it judges, and when.
fn judged(kind: &Kind) -> String {
    let whom = match kind.subject {
        Subject::Vessel => "vessels",
        Subject::Pair => "pairs of vessels",
        Subject::Feed => "feeds",
        Subject::Station => "stations",
    };
    let evaluation = &kind.evaluation;
    let name = |on: &On| match on {
        On::Report => "position reports",
        On::Held => "positions held back",
        On::Status => "statuses of types 1 to 3, with or without a position",
        On::Statics => "static data",
        On::Text => "safety-related texts",
    };
    let mut when: Vec<&str> = evaluation.on.iter().map(name).collect();
    if evaluation.on_ticks {
        when.push("every second");
    }
    if when.is_empty() {
        when.push("sentences that tell the time");
    }
    let momentary = if evaluation.momentary {
        "; over in an instant"
    } else {
        ""
    };
    format!("{whom}, at {}{momentary}", when.join(", "))
}

fn zones(zones: ZoneUse) -> &'static str {
    match zones {
        ZoneUse::Inside => "areas it is in; everywhere if none are given",
        ZoneUse::InsideGiven => "areas it is in; at least one",
        ZoneUse::InsideDirected => "areas with direction_deg it is in; at least one",
        ZoneUse::InsideSounded => "areas with depth_m it is in; at least one",
        ZoneUse::Left => "areas it has left; at least one",
        ZoneUse::Passed => "areas it went through between two reports; at least one",
        ZoneUse::Gates => "gates; at least one",
        ZoneUse::Unnamed => "areas, which the alert does not name",
        ZoneUse::None => "none",
    }
}
