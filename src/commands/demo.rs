//! `demo`: the main job with nothing to prepare: simulated traffic around Kinmen into the real service.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use harborwatch::clock;
use harborwatch::config::{self, Config, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::service::{DataFolder, FolderError, Service};
use harborwatch::simulate::{Scenario, Simulation, kinmen};
use harborwatch::time::Timestamp;

use super::serve::{runtime, told_to_stop};
use super::{refuse, say, usage};

/// Show the whole service at work on simulated traffic around Kinmen
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  harborwatch demo\n  then open http://127.0.0.1:8080")]
pub struct Args {
    /// Where to listen: an address of this machine's own
    #[arg(long, default_value = "127.0.0.1:8080", value_parser = listen)]
    listen: SocketAddr,
    /// Keep the data in this folder; else it is temporary
    #[arg(long)]
    data: Option<PathBuf>,
    /// Another seed, other traffic
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// About how many vessels
    #[arg(long, default_value_t = 160, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    vessels: u32,
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    config::address(text).ok_or_else(|| "should be an address and a port, as in 127.0.0.1:8080".into())
}

const SCENARIO: &str = "kinmen";
/// Background of the chart, under a licence that keeps it a file of its own: shown where the demo finds it.
const MAINLAND: &str = "coast-mainland.geojson";
const NO_COAST: &str = r#"{"type":"FeatureCollection","features":[]}"#;

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    if !args.listen.ip().is_loopback() {
        return Ok(usage(&format!(
            "{} can be reached from outside, and there are no accounts yet; use 127.0.0.1:8080",
            args.listen
        )));
    }
    let mut config = match site(clock::now()) {
        Ok(config) => config,
        Err(mistakes) => return Ok(refuse(&mistakes)),
    };
    config.listen.http = args.listen;
    config.feeds = feeds(&args)?;
    let temporary = std::env::temp_dir().join(format!("harborwatch-demo-{}", std::process::id()));
    let dir = args.data.clone().unwrap_or_else(|| temporary.clone());
    let folder = match DataFolder::take_or_wait(&dir) {
        Ok(folder) => folder,
        Err(error @ FolderError::Taken(_)) => return Ok(usage(&error.to_string())),
        Err(error) => return Err(error.into()),
    };
    runtime()?.block_on(async {
        let service = Service::bind(config, folder).await?;
        say(format_args!("harborwatch demo: http://{}", service.address()))?;
        say("All traffic is simulated. Ctrl-C ends it.")?;
        service.run(told_to_stop()).await
    })?;
    if args.data.is_none() {
        std::fs::remove_dir_all(&temporary).context("cannot remove the temporary data")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The Kinmen site with the scenario's own register and declarations.
fn site(start: Timestamp) -> Result<Config, Vec<config::Mistake>> {
    let files = |path: &Path| -> std::io::Result<Vec<u8>> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(match &*name {
            "kinmen.toml" => include_bytes!("../../config/kinmen.toml").to_vec(),
            "zones-kinmen.geojson" => include_bytes!("../../config/zones-kinmen.geojson").to_vec(),
            "coast-kinmen.geojson" => include_bytes!("../../config/coast-kinmen.geojson").to_vec(),
            "register-kinmen.csv" => kinmen::register().into_bytes(),
            "declarations-kinmen.csv" => kinmen::declarations(start).into_bytes(),
            "inspections-kinmen.csv" => include_bytes!("../../config/inspections-kinmen.csv").to_vec(),
            MAINLAND => std::fs::read(Path::new("config").join(MAINLAND)).unwrap_or_else(|_| NO_COAST.into()),
            other => return Err(std::io::Error::new(std::io::ErrorKind::NotFound, other)),
        })
    };
    config::read(Path::new("kinmen.toml"), Purpose::Replay, &files)
}

/// A feed for each of the scenario's receivers.
fn feeds(args: &Args) -> anyhow::Result<Vec<FeedSettings>> {
    let scenario = Scenario::named(SCENARIO).context("the scenario is built in")?;
    let receivers = Simulation::new(&scenario, args.seed, Some(1), Timestamp(0));
    let feed = |(number, name): (u32, &&str)| {
        let input = Input::Simulated {
            scenario: SCENARIO.into(),
            seed: args.seed,
            vessels: args.vessels,
            receiver: Some(number),
        };
        FeedSettings::new(*name, input)
    };
    Ok((0..).zip(&receivers.receivers()).map(feed).collect())
}
