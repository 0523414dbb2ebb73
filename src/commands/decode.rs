//! `decode`: text in, one JSON object a decoded message out, duplicates included.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use harborwatch::feeds::recording;
use harborwatch::service::decode_in_turn;

/// Decode AIS lines from files or standard input
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch decode recording.nmea.gz | head\n  nc 192.0.2.7 10110 | harborwatch decode"
)]
pub struct Args {
    /// Recordings, also .gz and .zst; standard input, which may be packed as well, if none are given
    files: Vec<PathBuf>,
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    if args.files.is_empty() {
        decode_in_turn(recording::unpack(std::io::stdin())?, &mut out).context("while reading standard input")?;
    }
    for file in &args.files {
        let reader = recording::open(file).with_context(|| format!("cannot open {}", file.display()))?;
        decode_in_turn(reader, &mut out).with_context(|| format!("while reading {}", file.display()))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
