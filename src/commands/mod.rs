//! The command line: one file a subcommand.

mod address;
mod check;
mod decode;
mod demo;
mod explain;
mod journal;
mod listen;
mod playback;
mod record;
mod replay;
mod review;
mod rules;
mod serve;
mod simulate;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
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
    Demo(demo::Args),
    Serve(serve::Args),
    Check(check::Args),
    Replay(replay::Args),
    Explain(explain::Args),
    Review(Box<review::Args>),
    Journal(journal::Args),
    Decode(decode::Args),
    Listen(listen::Args),
    Record(record::Args),
    Rules(rules::Args),
    Simulate(simulate::Args),
}

/// Exit status of wrong usage and of bad configuration.
const REFUSED: u8 = 2;

/// Runs the command that was given.
pub fn run() -> anyhow::Result<ExitCode> {
    let command = Cli::parse().command;
    log();
    match command {
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Review(args) => review::run(*args),
        Command::Journal(args) => journal::run(args),
        Command::Decode(args) => decode::run(args),
        Command::Listen(args) => listen::run(args),
        Command::Record(args) => record::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Simulate(args) => simulate::run(args),
    }
}

/// Logs go to standard error, in colour for people; `RUST_LOG` says how much.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colour = io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colour)
        .init();
}

/// Names every mistake of a configuration.
fn refuse(mistakes: &[Mistake]) -> ExitCode {
    mistakes.iter().for_each(aside);
    match mistakes.len() {
        1 => aside("1 mistake; nothing was started"),
        many => aside(format_args!("{many} mistakes; nothing was started")),
    }
    ExitCode::from(REFUSED)
}

/// Says what is wrong with the way the command was called.
fn usage(what: &str) -> ExitCode {
    aside(format_args!("harborwatch: {what}"));
    ExitCode::from(REFUSED)
}

/// A line on standard output.
fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// A line on standard error. If nobody can read it, the exit status still tells.
pub fn aside(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
