//! The command line: one file a subcommand.

mod decode;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Vessel traffic and sand-carrier monitoring for harbour authorities
#[derive(Debug, Parser)]
#[command(version, about, after_help = "Example:\n  harborwatch demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Decode(decode::Args),
}

/// Runs the command that was given.
pub fn run() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Decode(args) => decode::run(args),
    }
}
