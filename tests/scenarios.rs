//! Scenarios with their truth: every violation that is scripted is told, in its zone and in its time; and what is told of
//! ships that do nothing wrong is little. All tables are printed: `cargo test --test scenarios -- --nocapture`.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use harborwatch::alerts::{Alert, Transition};
use harborwatch::config::{self, Config, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::register::Declarations;
use harborwatch::report::{FeedId, HashKey};
use harborwatch::rules::{KINDS, Rule};
use harborwatch::service;
use harborwatch::simulate::{Count, Deed, Scenario, Simulation, kinmen};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Changes;
use serde_json::json;

/// Runs of different chance: noise, loss and delays.
const SEEDS: u64 = 3;
const KINMEN: &str = "config/kinmen.toml";
const HUALIEN: &str = "config/hualien.toml";
const KEY: HashKey = HashKey(1, 2);
/// Most alerts a vessel and day, of all kinds, among ships that do nothing wrong. Gates tell of all who pass, rightly.
const MOST_A_VESSEL_DAY: f64 = 1.0;
const OF_GATES: &str = "gate_crossing";

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(file: &str) -> Scenario {
    Scenario::read(&std::fs::read_to_string(path(file)).unwrap()).unwrap()
}

/// A site as it is configured, at Kinmen with rules of the kinds that no site has.
fn site(file: &str) -> Config {
    let mut config = config::load(&path(file), Purpose::Replay).unwrap();
    let more = json!([
        {"id": "lane", "kind": "wrong_way", "priority": "caution", "zones": ["km-south-merchant-lane"]},
        {"id": "line", "kind": "route_deviation", "priority": "caution", "route": "km-ferry-jiugong", "max_m": 1000},
    ]);
    for rule in more.as_array().unwrap().iter().filter(|_| file == KINMEN) {
        let mut rule = rule.as_object().unwrap().clone();
        rule.insert("vessels".into(), json!({"mmsi": [416_908_160]}));
        config.rules.push(Rule::read(&rule, &config.zones).unwrap());
    }
    config.rules.sort_by(|a, b| a.id.cmp(&b.id));
    config
}

/// A scenario played at a site, with what is done in it and what is told.
struct Play {
    start: Timestamp,
    deeds: Vec<Deed>,
    raised: Vec<Arc<Alert>>,
}

impl Play {
    fn of(mut config: Config, scenario: &Scenario, seed: u64, start: Timestamp, length: Span) -> Self {
        let mut simulation = Simulation::new(scenario, seed, None, start);
        let feeds: Vec<_> = simulation
            .receivers()
            .iter()
            .map(|name| Arc::new(feed(&config, name)))
            .collect();
        let mut core = service::core(&mut config, &feeds, start, KEY);
        let (mut changes, mut raised) = (Changes::default(), Vec::new());
        let mut deeds = scenario.truth.clone();
        loop {
            let sent = simulation.next_line();
            if sent.time >= start.plus(length) {
                deeds.extend(simulation.deeds());
                return Self { start, deeds, raised };
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

    /// The alerts that tell of what was done.
    fn telling<'a>(&'a self, deed: &'a Deed) -> impl Iterator<Item = &'a Arc<Alert>> {
        self.raised.iter().filter(|alert| tells(alert, deed, self.start))
    }
}

/// The feed a receiver is, with the keys of the site's feed of that name.
fn feed(config: &Config, name: &str) -> FeedSettings {
    let configured = config.feeds.iter().find(|feed| &*feed.name == name).cloned();
    configured.unwrap_or_else(|| FeedSettings::new(name, Input::Stdin))
}

fn tells(alert: &Alert, deed: &Deed, start: Timestamp) -> bool {
    let second = alert.raised.since(start).as_s();
    let is_so =
        |wanted: &Option<String>, told: &Option<Arc<str>>| wanted.is_none() || wanted.as_deref() == told.as_deref();
    *alert.kind == *deed.kind
        && alert.mmsi.map(|mmsi| mmsi.0) == deed.mmsi
        && alert.other_mmsi.map(|mmsi| mmsi.0) == deed.other_mmsi
        && is_so(&deed.zone, &alert.zone)
        && is_so(&deed.reason, &alert.reason)
        && (deed.from_s..=deed.to_s).contains(&second)
}

/// How much of what is done is told, by kind.
#[derive(Default)]
struct Recall {
    rows: BTreeMap<String, (usize, usize)>,
    missed: Vec<String>,
}

impl Recall {
    fn count(&mut self, play: &Play, deed: &Deed) {
        let found = play.telling(deed).next().is_some();
        let row = self.rows.entry(deed.kind.clone()).or_default();
        row.0 += usize::from(found);
        row.1 += 1;
        if !found {
            let of_kind = |alert: &&Arc<Alert>| *alert.kind == *deed.kind;
            let others: Vec<_> = play.raised.iter().filter(of_kind).collect();
            self.missed.push(format!("{deed:?}: {others:?}"));
        }
    }

    #[track_caller]
    fn is_whole(&self, title: &str) {
        println!("{title}\nkind                    told  done");
        for (kind, (told, done)) in &self.rows {
            println!("{kind:22}  {told:4}  {done:4}");
        }
        assert!(self.missed.is_empty(), "not told:\n{}", self.missed.join("\n"));
    }
}

/// Plays scenarios' files at a site: all that is done is told, and something is done of every kind that is configured,
/// which are returned.
fn check(file: &str, scenarios: &[&str]) -> BTreeSet<String> {
    let mut recall = Recall::default();
    for scenario in scenarios.iter().map(|file| read(file)) {
        let start = Timestamp::parse(scenario.start.as_deref().unwrap()).unwrap();
        let last_s = scenario.truth.iter().map(|deed| deed.to_s).fold(0.0, f64::max);
        for seed in 1..=SEEDS {
            let play = Play::of(site(file), &scenario, seed, start, Span::from_s(last_s + 60.0));
            for deed in &play.deeds {
                recall.count(&play, deed);
            }
        }
    }
    recall.is_whole(file);
    let kinds: BTreeSet<String> = site(file).rules.iter().map(|rule| rule.kind.name.to_owned()).collect();
    assert_eq!(recall.rows.into_keys().collect::<BTreeSet<_>>(), kinds);
    kinds
}

#[test]
fn every_scripted_violation_is_told_and_there_is_one_of_every_kind() {
    let mut kinds = check(
        KINMEN,
        &[
            "fixtures/scenarios/kinmen-violations.toml",
            "fixtures/scenarios/kinmen-reception.toml",
        ],
    );
    kinds.extend(check(HUALIEN, &["fixtures/scenarios/hualien-violations.toml"]));
    assert!(kinds.iter().eq(KINDS.iter().map(|kind| kind.name)), "{kinds:?}");
}

#[test]
fn a_boat_that_skims_a_line_is_one_situation() {
    let scenario = read("fixtures/scenarios/kinmen-violations.toml");
    let start = Timestamp::parse(scenario.start.as_deref().unwrap()).unwrap();
    let skims = |deed: &&Deed| deed.mmsi == Some(412_908_140);
    let deed = scenario.truth.iter().find(skims).unwrap();
    for seed in 1..=SEEDS {
        let play = Play::of(site(KINMEN), &scenario, seed, start, Span::s(1200));
        assert_eq!(play.telling(deed).count(), 1, "{seed}");
    }
}

#[test]
fn what_ships_of_the_demo_do_is_told() {
    let (hours, start) = (3, Timestamp::from_s(1_772_323_200));
    let scenario = Scenario::named("kinmen").unwrap();
    let mut recall = Recall::default();
    for seed in 1..=SEEDS {
        let mut config = site(KINMEN);
        config.declarations = Declarations::from_csv(&kinmen::declarations(start), |_| true).unwrap();
        // What begins at the end of the time is not told within it.
        let play = Play::of(config, &scenario, seed, start, Span::s((hours + 2) * 3600));
        for deed in play.deeds.iter().filter(|deed| deed.from_s < hours as f64 * 3600.0) {
            recall.count(&play, deed);
        }
    }
    recall.is_whole("kinmen, of the demo");
    assert!(recall.rows.len() >= 8, "{:?}", recall.rows.keys());
}

/// Prints what is told of ships that do nothing wrong, by rule.
fn check_clean(file: &str, scenario: &Scenario, hours: i64) {
    let start = Timestamp::from_s(1_772_323_200);
    let vessels = Simulation::new(scenario, 1, None, start).vessels() as f64;
    let mut counts: BTreeMap<[String; 3], usize> = BTreeMap::new();
    for seed in 1..=SEEDS {
        for alert in Play::of(site(file), scenario, seed, start, Span::s(hours * 3600)).raised {
            let row = [&*alert.rule, &*alert.kind, &format!("{:?}", alert.priority)].map(str::to_owned);
            *counts.entry(row).or_default() += 1;
        }
    }
    let vessel_days = vessels * SEEDS as f64 * hours as f64 / 24.0;
    println!(
        "{file}\nrule                kind                priority  alerts  a vessel-day ({vessel_days} vessel-days)"
    );
    for ([rule, kind, priority], count) in &counts {
        println!(
            "{rule:18}  {kind:18}  {priority:8}  {count:6}  {:.3}",
            *count as f64 / vessel_days
        );
    }
    let false_ones = counts.iter().filter(|([_, kind, _], _)| kind != OF_GATES);
    let all: usize = false_ones.map(|(_, count)| count).sum();
    println!("but for gates: {all}, {:.3}", all as f64 / vessel_days);
    assert!(
        all as f64 / vessel_days <= MOST_A_VESSEL_DAY,
        "{all} alerts in {vessel_days} vessel-days"
    );
}

#[test]
fn little_is_told_of_ships_that_do_nothing_wrong() {
    let mut scenario = Scenario::named("kinmen").unwrap();
    // Those of which there is a certain number play the violations of the scenario.
    scenario.fleets.retain(|fleet| matches!(fleet.count, Count::Share(_)));
    check_clean(KINMEN, &scenario, 6);
    check_clean(HUALIEN, &read("fixtures/scenarios/hualien-clean.toml"), 12);
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
