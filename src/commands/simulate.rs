//! `simulate`: a scenario's lines in time order, all receivers merged.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use harborwatch::http::shape::Time;
use harborwatch::simulate::{Deed, Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::usage;

/// Write a simulated feed, as recorded by its receivers
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch simulate --scenario kinmen --seed 1 --hours 2 > kinmen.nmea\n\nThe same seed gives the same bytes. All vessels are invented; their source SIM.… marks them as simulated."
)]
pub struct Args {
    /// The scenario's name, or its file
    #[arg(long, default_value = "kinmen")]
    scenario: String,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long
    #[arg(long, default_value_t = 1.0, value_parser = hours)]
    hours: f64,
    /// About how many vessels there are, if not as many as the scenario says
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=MAX_VESSELS))]
    vessels: Option<u32>,
    /// When it begins, RFC 3339; else as the scenario says, or 2026-03-01T00:00:00Z
    #[arg(long, value_parser = start)]
    start: Option<Timestamp>,
    /// Write what is done that rules look for, a JSON object a line, to this file
    #[arg(long)]
    truth: Option<PathBuf>,
}

/// When a scenario begins that does not say: 2026-03-01T00:00:00Z.
const START: Timestamp = Timestamp::from_s(1_772_323_200);

/// More vessels are refused: the MMSIs of a country's test ships run out.
const MAX_VESSELS: i64 = 100_000;
/// More hours are refused: ten years.
const MAX_HOURS: f64 = 87_660.0;
/// Lines between two looks at the progress bar.
const GLANCE: u64 = 4096;

fn hours(text: &str) -> Result<f64, String> {
    let hours = text.parse().ok().filter(|hours| (0.0..=MAX_HOURS).contains(hours));
    hours.ok_or_else(|| format!("a number of hours up to {MAX_HOURS}"))
}

fn start(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "a time as in 2026-03-01T08:00:00+08:00".into())
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scenario = match named(&args.scenario) {
        Ok(scenario) => scenario,
        Err(wrong) => return Ok(usage(&wrong)),
    };
    let own = scenario.start.as_deref().and_then(Timestamp::parse);
    let start = args.start.or(own).unwrap_or(START);
    let vessels = args.vessels.map(|vessels| vessels as usize);
    let mut simulation = Simulation::new(&scenario, args.seed, vessels, start);
    let end = start.plus(Span::from_s(args.hours * 3600.0));
    let bar = progress(end.since(start));
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut deeds = scenario.truth.clone();
    for written in 0.. {
        let sent = simulation.next_line();
        if sent.time >= end {
            break;
        }
        writeln!(out, "{}", sent.line).context("cannot write")?;
        if written % GLANCE == 0 {
            bar.set_position(sent.time.since(start).0.unsigned_abs());
            deeds.extend(simulation.deeds());
        }
    }
    deeds.extend(simulation.deeds());
    if let Some(truth) = &args.truth {
        tell_truth(deeds, [start, end], truth).with_context(|| format!("cannot write {}", truth.display()))?;
    }
    out.flush().context("cannot write")?;
    bar.finish_and_clear();
    Ok(ExitCode::SUCCESS)
}

/// The scenario of this name, or in this file.
fn named(name: &str) -> Result<Scenario, String> {
    if let Some(scenario) = Scenario::named(name) {
        return Ok(scenario);
    }
    let known = Scenario::NAMES.join(", ");
    let text = std::fs::read_to_string(name)
        .map_err(|error| format!("{name} is no scenario's name ({known}) and cannot be read as a file: {error}"))?;
    Scenario::read(&text).map_err(|wrong| format!("{name}: {wrong}"))
}

/// What is done between two times, in the order in which it begins, as CONTRACT.md has it.
fn tell_truth(mut deeds: Vec<Deed>, [start, end]: [Timestamp; 2], path: &Path) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let at = |second: f64| start.plus(Span::from_s(second)).min(end);
    deeds.retain(|deed| at(deed.from_s) < end);
    deeds.sort_by(|a, b| a.from_s.total_cmp(&b.from_s).then(a.mmsi.cmp(&b.mmsi)));
    for deed in deeds {
        let line = json!({
            "kind": deed.kind, "mmsi": deed.mmsi, "other_mmsi": deed.other_mmsi, "zone": deed.zone,
            "reason": deed.reason, "from": Time(at(deed.from_s)), "to": Time(at(deed.to_s)),
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// A bar on standard error, where it is a terminal and the lines go elsewhere.
fn progress(length: Span) -> ProgressBar {
    if !std::io::stderr().is_terminal() || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent} % · {eta} left");
    let bar = ProgressBar::new(length.0.unsigned_abs());
    bar.with_style(style.expect("the template is right"))
}
