//! The command line: one file a subcommand.

mod check;
mod decode;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use harborwatch::config::Mistake;

/// Vessel traffic and sand-carrier monitoring for harbour authorities
#[derive(Debug, Parser)]
#[command(version, about, after_help = "Example:\n  harborwatch demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Decode(decode::Args),
}

/// Runs the command that was given.
pub fn run() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Check(args) => check::run(args),
        Command::Decode(args) => decode::run(args),
    }
}

/// Exit status of wrong usage and of bad configuration.
const REFUSED: u8 = 2;

/// Names every mistake of a configuration.
fn refuse(mistakes: &[Mistake]) -> ExitCode {
    for mistake in mistakes {
        eprintln!("{mistake}");
    }
    eprintln!("{} mistakes; nothing was started", mistakes.len());
    ExitCode::from(REFUSED)
}
