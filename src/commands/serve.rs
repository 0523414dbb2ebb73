//! `serve`: the service.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use harborwatch::config::{self, Purpose};
use harborwatch::service::{DataFolder, FolderError, Service};
use tokio::signal::unix::{SignalKind, signal};

use super::{refuse, say, usage};

/// Watch the traffic: feeds in, alerts out, over HTTP
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  harborwatch serve --config config/kinmen.toml")]
pub struct Args {
    /// The site's configuration
    #[arg(long)]
    config: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = match config::load(&args.config, Purpose::Service) {
        Ok(config) => config,
        Err(mistakes) => return Ok(refuse(&mistakes)),
    };
    let dir = config.data_dir.clone().unwrap_or_else(|| PathBuf::from("data"));
    DataFolder::keep_private();
    let folder = match DataFolder::take_or_wait(&dir) {
        Ok(folder) => folder,
        Err(error @ FolderError::Taken(_)) => return Ok(usage(&error.to_string())),
        Err(error) => return Err(error.into()),
    };
    for key in &config.without_effect {
        tracing::warn!("{key} has no effect in this version");
    }
    for note in config.retention.notes() {
        tracing::warn!("{note}");
    }
    runtime()?.block_on(async {
        let service = Service::bind(config, folder).await?;
        // It serves even where nobody reads this.
        let _ = say(format_args!("harborwatch listens at http://{}", service.address()));
        service.run(told_to_stop()).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Threads beside one for each core. Some tasks are at work for tens of milliseconds (a batch for the view, a batch encoded
/// for all consoles); when each thread has such a one, a question must not wait behind them.
const MORE_THREADS: usize = 2;

/// The runtime of feeds, view and connections.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(cores + MORE_THREADS).enable_all().build()
}

/// Done when the process is told to end.
pub(super) async fn told_to_stop() {
    let mut terminate = signal(SignalKind::terminate()).expect("a handler for SIGTERM can be set");
    let mut interrupt = signal(SignalKind::interrupt()).expect("a handler for SIGINT can be set");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
