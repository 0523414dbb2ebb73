//! Scenarios with their truth: every violation that is scripted is told, in its zone and in its time; and what is told of
//! ships that do nothing wrong is little. Both tables are printed: `cargo test --test scenarios -- --nocapture`.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use harborwatch::alerts::{Alert, Transition};
use harborwatch::config::{self, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service;
use harborwatch::simulate::{Count, Deed, Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Changes;

/// Runs of different chance: noise, loss and delays.
const SEEDS: u64 = 3;
const KEY: HashKey = HashKey(1, 2);
/// Most alerts a vessel and day, of all kinds, among ships that do nothing wrong.
const MOST_A_VESSEL_DAY: f64 = 1.5;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What is raised at a site while a scenario goes on.
fn raised(site: &str, scenario: &Scenario, seed: u64, start: Timestamp, length: Span) -> Vec<Arc<Alert>> {
    let mut config = config::load(&path(site), Purpose::Replay).unwrap();
    let mut simulation = Simulation::new(scenario, seed, None, start);
    let feed = |name: &&str| Arc::new(FeedSettings::new(*name, Input::Stdin));
    let feeds: Vec<_> = simulation.receivers().iter().map(feed).collect();
    let mut core = service::core(&mut config, &feeds, start, KEY);
    let (mut changes, mut raised) = (Changes::default(), Vec::new());
    loop {
        let sent = simulation.next_line();
        if sent.time >= start.plus(length) {
            return raised;
        }
        let feed = FeedId(sent.receiver as u16);
        core.tick(sent.time.floor_s(), &mut changes);
        let sentence = core.read(feed, sent.line.as_bytes());
        core.hear(feed, sent.time, &sentence, &mut changes);
        let first = changes
            .alerts
            .iter()
            .filter(|(_, change)| change.transition == Transition::Raised);
        raised.extend(first.map(|(_, change)| change.alert.clone()));
        changes.clear();
    }
}

/// Whether an alert tells of what was done.
fn tells(alert: &Alert, deed: &Deed, start: Timestamp) -> bool {
    let second = alert.raised.since(start).as_s();
    *alert.kind == *deed.kind
        && alert.mmsi.is_some_and(|mmsi| mmsi.0 == deed.mmsi)
        && alert.other_mmsi.map(|mmsi| mmsi.0) == deed.other_mmsi
        && deed
            .zone
            .as_deref()
            .is_none_or(|zone| alert.zone.as_deref() == Some(zone))
        && (deed.from_s..=deed.to_s).contains(&second)
}

/// Plays a scenario's file at a site: all that is done is told.
fn check(site: &str, file: &str) {
    let scenario = Scenario::read(&std::fs::read_to_string(path(file)).unwrap()).unwrap();
    let start = Timestamp::parse(scenario.start.as_deref().unwrap()).unwrap();
    let last_s = scenario.truth.iter().map(|deed| deed.to_s).fold(0.0, f64::max);
    let mut recall: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for seed in 1..=SEEDS {
        let alerts = raised(site, &scenario, seed, start, Span::from_s(last_s + 60.0));
        for deed in &scenario.truth {
            let found = alerts.iter().any(|alert| tells(alert, deed, start));
            let row = recall.entry(&deed.kind).or_default();
            row.0 += usize::from(found);
            row.1 += 1;
            if !found {
                let of_kind = |alert: &&Arc<Alert>| *alert.kind == *deed.kind;
                missed.push(format!(
                    "{seed}: {deed:?}: {:?}",
                    alerts.iter().filter(of_kind).collect::<Vec<_>>()
                ));
            }
        }
    }
    println!("{site}\nkind                    told  done");
    for (kind, (told, done)) in &recall {
        println!("{kind:22}  {told:4}  {done:4}");
    }
    assert!(missed.is_empty(), "not told:\n{}", missed.join("\n"));
}

#[test]
fn every_scripted_violation_is_told() {
    check("config/kinmen.toml", "fixtures/scenarios/kinmen-violations.toml");
    check("config/hualien.toml", "fixtures/scenarios/hualien-violations.toml");
}

#[test]
fn little_is_told_of_ships_that_do_nothing_wrong() {
    let mut scenario = Scenario::named("kinmen").unwrap();
    // Those of which there is a certain number play the violations of the scenario.
    scenario.fleets.retain(|fleet| matches!(fleet.count, Count::Share(_)));
    let (hours, start) = (6, Timestamp::from_s(1_772_323_200));
    let vessels = Simulation::new(&scenario, 1, None, start).vessels() as f64;
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for seed in 1..=SEEDS {
        for alert in raised("config/kinmen.toml", &scenario, seed, start, Span::s(hours * 3600)) {
            *counts
                .entry((alert.rule.to_string(), format!("{:?}", alert.priority)))
                .or_default() += 1;
        }
    }
    let vessel_days = vessels * SEEDS as f64 * hours as f64 / 24.0;
    println!("rule                    priority   alerts  a vessel-day ({vessel_days} vessel-days)");
    for ((rule, priority), count) in &counts {
        println!("{rule:22}  {priority:9}  {count:6}  {:.3}", *count as f64 / vessel_days);
    }
    let all: usize = counts.values().sum();
    assert!(
        all as f64 / vessel_days <= MOST_A_VESSEL_DAY,
        "{all} alerts in {vessel_days} vessel-days"
    );
}

#[test]
fn what_is_wrong_with_a_scenario_is_named() {
    for (text, wanted) in [
        ("", "missing field"),
        ("name = 1", "invalid type"),
        ("name = \"x\"\nantennas = []\nfleets = []", "there is no receiver"),
        (
            "name = \"x\"\nfleets = [{ count = { exactly = 1 }, home = { route = \"r\" }, hull = {}, plan = [] }]\n\
             antennas = [{ name = \"a\", position = { lon = 1, lat = 1 }, range_nm = 9 }]",
            "TEST names r, which is not known; TEST has no plan",
        ),
    ] {
        let wrong = Scenario::read(text).unwrap_err();
        assert!(wrong.contains(wanted), "{wrong}");
    }
}
