//! `explain`: why rules did or did not hold of a vessel at a time, by recorded feeds or a data folder.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use harborwatch::ais::Mmsi;
use harborwatch::config::{self, Config, Purpose};
use harborwatch::feeds::recording::Timed;
use harborwatch::http::reasons::Explanation as Shape;
use harborwatch::service;
use harborwatch::time::Timestamp;
use harborwatch::traffic::{Changes, Traffic};
use harborwatch::watch::Explanation;

use super::{playback, refuse, replay, usage};

/// Why rules did or did not hold of a vessel; one JSON line for each rule and zone
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch explain --config config/kinmen.toml --mmsi 416001234 --at 2026-03-01T00:12:31Z \
                  --rule harbour-speed liaoluo.nmea.gz"
)]
pub struct Args {
    /// The site's configuration
    #[arg(long)]
    config: PathBuf,
    /// The vessel
    #[arg(long, value_parser = mmsi)]
    mmsi: u32,
    /// The time at which is judged (RFC 3339)
    #[arg(long, value_parser = replay::time)]
    at: Timestamp,
    /// Only the rule of this id
    #[arg(long)]
    rule: Option<String>,
    /// Recordings, also .gz and .zst; or a data folder, explained by its own rules and zones
    #[arg(required = true, value_name = "FEED")]
    feeds: Vec<PathBuf>,
    #[command(flatten)]
    untimed: replay::Untimed,
}

fn mmsi(text: &str) -> Result<u32, String> {
    let mmsi = text.parse().ok().filter(|mmsi| (1..1_000_000_000).contains(mmsi));
    mmsi.ok_or_else(|| "should be an MMSI, as in 416001234".into())
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut config = match config::load(&args.config, Purpose::Recordings(&replay::feed_names(&args.feeds))) {
        Ok(config) => config,
        Err(mistakes) => return Ok(refuse(&mistakes)),
    };
    let explained = if let Some(folder) = args.feeds.iter().find(|path| path.is_dir()) {
        if args.feeds.len() > 1 {
            return Ok(usage("a data folder is explained by itself: it holds all its feeds"));
        }
        playback::journal(folder)?;
        let standing = service::standing_at(folder, args.at, None, || true)?;
        let standing = standing.context("the journal does not reach back so far")?;
        explain(standing.player.core.traffic(), &args)?
    } else {
        if let Some(rule) = &args.rule
            && !config.rules.iter().any(|own| *own.id == **rule)
        {
            return Ok(usage(&format!("there is no rule {rule}")));
        }
        let traffic = play(&args, &mut config)?.context("nothing was heard by then")?;
        explain(&traffic, &args)?
    };
    let mut out = std::io::stdout().lock();
    for explanation in &explained {
        serde_json::to_writer(&mut out, &Shape::of(explanation))?;
        out.write_all(b"\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The traffic as it stands at the time, by the recordings.
fn play(args: &Args, config: &mut Config) -> anyhow::Result<Option<Traffic>> {
    let feeds = replay::feeds_of(&args.feeds, config).map_err(anyhow::Error::msg)?;
    let mut merged = replay::open_all(&args.feeds, &feeds, &args.untimed)?;
    let at = args.at;
    let heard_by_then = move |line: &Timed<'_>| {
        if line.time > at {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(true)
        }
    };
    let key = service::draw_hash_key();
    let mut traffic: Option<Traffic> = None;
    let mut changes = Changes::default();
    service::hear_ahead(&mut merged, service::reception(&feeds, key), heard_by_then, |batch| {
        let traffic = traffic.get_or_insert_with(|| service::traffic(config, &feeds, batch.from, key));
        for heard in &batch.heard {
            replay::take(heard, traffic, &mut changes);
            changes.clear();
        }
        Ok(())
    })?;
    if let Some(traffic) = &mut traffic {
        traffic.tick(at.floor_s(), &mut changes);
    }
    Ok(traffic)
}

fn explain(traffic: &Traffic, args: &Args) -> anyhow::Result<Vec<Explanation>> {
    let explained = traffic.explain(Mmsi(args.mmsi), args.rule.as_deref());
    explained.with_context(|| format!("{} was not heard by then, or had left the picture", args.mmsi))
}
