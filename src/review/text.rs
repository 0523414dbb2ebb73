//! A review as a table for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Counts, Flag, Load, Matches, Outcome};

/// The outcome as text, some screens long.
pub fn table(outcome: &Outcome) -> String {
    let mut out = String::new();
    write_all(&mut out, outcome).expect("a string takes all");
    out
}

fn write_all(out: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let Outcome { from, to, hours, .. } = outcome;
    writeln!(
        out,
        "{from} to {to}, {hours:.1} h, {} vessels at the end{}",
        outcome.vessels,
        if outcome.simulated { "; SIMULATED DATA" } else { "" }
    )?;
    writeln!(
        out,
        "one operator can take {} alerts an hour; operators: {}\n",
        outcome.alerts_per_hour, outcome.operators
    )?;
    writeln!(
        out,
        "{:<40} {:>8} {:>9} {:>12} {:>8} {:>8} {:>6} {:>8} {:>6}",
        "", "alerts", "an hour", "and operator", "budgets", "busiest", "true", "nuisance", "unsure"
    )?;
    load(out, "baseline", &outcome.baseline)?;
    load(out, "proposed", &outcome.proposed)?;
    for setting in &outcome.settings {
        load(out, &set(&setting.set), &setting.load)?;
        for flag in &setting.flags {
            writeln!(out, "    ! {}", told(flag))?;
        }
    }
    for (title, counts) in [
        ("rule", &outcome.by_rule),
        ("zone", &outcome.by_zone),
        ("class", &outcome.by_class),
        ("local hour", &outcome.by_hour),
        ("desk", &outcome.by_desk),
    ] {
        counted(out, title, counts)?;
    }
    if !outcome.flags.is_empty() {
        writeln!(out)?;
    }
    for flag in &outcome.flags {
        writeln!(out, "! {}", told(flag))?;
    }
    Ok(())
}

/// What a setting sets, as on the command line.
pub(super) fn set(set: &serde_json::Map<String, serde_json::Value>) -> String {
    let each: Vec<String> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
    each.join(" ")
}

fn told(flag: &Flag) -> String {
    let Flag { rule, matches } = flag;
    match matches {
        Matches::Everything => format!("{rule} matches everything: nearly every vessel that it looks at has an alert"),
        Matches::Nothing => format!("{rule} matches nothing"),
    }
}

fn load(out: &mut String, name: &str, load: &Load) -> std::fmt::Result {
    writeln!(
        out,
        "{name:<40} {:>8} {:>9.2} {:>12.2} {:>8.2} {:>8} {:>6} {:>8} {:>6}",
        load.alerts,
        load.alerts_per_hour,
        load.alerts_per_hour_and_operator,
        load.times_budget,
        load.busiest_hour,
        load.found_true,
        load.nuisance,
        load.unsure
    )
}

fn counted(out: &mut String, title: &str, all: &BTreeMap<String, Counts>) -> std::fmt::Result {
    writeln!(
        out,
        "\n{title:<40} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "baseline", "proposed", "come", "go", "move"
    )?;
    for (name, counts) in all {
        let Counts {
            baseline,
            proposed,
            come,
            go,
            moved,
        } = counts;
        writeln!(
            out,
            "{name:<40} {baseline:>8} {proposed:>8} {come:>8} {go:>8} {moved:>8}"
        )?;
    }
    Ok(())
}
