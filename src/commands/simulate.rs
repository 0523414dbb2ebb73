//! `simulate`: a scenario's lines in time order, all receivers merged.

use std::io::{BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use indicatif::{ProgressBar, ProgressStyle};

/// Write a simulated feed, as recorded by its receivers
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch simulate --scenario kinmen --seed 1 --hours 2 > kinmen.nmea\n\nThe same seed gives the same bytes. All vessels are invented; their source SIM.… marks them as simulated."
)]
pub struct Args {
    /// The scenario's name
    #[arg(long, default_value = "kinmen", value_parser = Scenario::NAMES)]
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
    /// When it begins, RFC 3339
    #[arg(long, default_value = "2026-03-01T00:00:00Z", value_parser = start)]
    start: Timestamp,
}

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
    let scenario = Scenario::named(&args.scenario).ok_or_else(|| anyhow!("no scenario {}", args.scenario))?;
    let vessels = args.vessels.map(|vessels| vessels as usize);
    let mut simulation = Simulation::new(&scenario, args.seed, vessels, args.start);
    let end = args.start.plus(Span::from_s(args.hours * 3600.0));
    let bar = progress(end.since(args.start));
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    for written in 0.. {
        let sent = simulation.next_line();
        if sent.time >= end {
            break;
        }
        writeln!(out, "{}", sent.line).context("cannot write")?;
        if written % GLANCE == 0 {
            bar.set_position(sent.time.since(args.start).0.unsigned_abs());
        }
    }
    out.flush().context("cannot write")?;
    bar.finish_and_clear();
    Ok(ExitCode::SUCCESS)
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
