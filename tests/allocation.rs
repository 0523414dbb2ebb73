//! A position report of a known vessel asks for no memory, from its line to its JSON and through the whole core.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use allocation_counter::measure;
use harborwatch::ais::{self, Payload, json};
use harborwatch::config::{self, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::nmea::{Framed, Sentence};
use harborwatch::report::{FeedId, HashKey, Listening, Payloads, Reception};
use harborwatch::service;
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::Timestamp;
use harborwatch::traffic::Changes;

const START: Timestamp = Timestamp::from_s(1_772_323_200);
const VESSELS: usize = 300;
/// Lines until the tables have the size that they keep, seven hours of them.
const WARM_UP: usize = 600_000;
const LINES: usize = 150_000;
/// At most one position report in so many asks the core for memory: the first at which more conditions or pairs are open
/// at once than ever before, which happens ever less often. Two of 86 937 do.
const ONE_IN: usize = 40_000;

/// How often each stage asked for memory.
#[derive(Debug, Default)]
struct Asked {
    stages: BTreeMap<&'static str, u64>,
}

impl Asked {
    fn at<T>(&mut self, stage: &'static str, what: impl FnOnce() -> T) -> T {
        let mut done = None;
        let counted = measure(|| done = Some(what()));
        *self.stages.entry(stage).or_default() += counted.count_total;
        done.unwrap()
    }

    fn add(&mut self, other: Self) {
        for (stage, count) in other.stages {
            *self.stages.entry(stage).or_default() += count;
        }
    }

    fn total(&self) -> u64 {
        self.stages.values().sum()
    }
}

fn simulation() -> Simulation {
    Simulation::new(&Scenario::named("kinmen").unwrap(), 1, Some(VESSELS), START)
}

fn is_position(message_type: u8) -> bool {
    matches!(message_type, 1..=3 | 9 | 18 | 27)
}

#[test]
fn lines_to_json() {
    let mut simulation = simulation();
    let mut payloads = Payloads::default();
    let mut out = Vec::with_capacity(1024);
    let mut asked = Asked::default();
    let mut positions = 0;
    for n in 0..LINES {
        let sent = simulation.next_line();
        let mut here = Asked::default();
        let line = sent.line.as_bytes();
        here.at("sentence", || Sentence::parse(line, false).is_valid());
        let Some(joined) = here.at("payload", || payloads.hear(Framed::Line(line))) else {
            continue;
        };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        let message = here.at("message", || ais::decode(&payload)).unwrap();
        out.clear();
        here.at("JSON", || json::write_fields(&message, &mut out));
        // Both stations have been heard by then.
        if n > LINES / 10 && is_position(message.message_type()) {
            positions += 1;
            asked.add(here);
        }
    }
    assert!(positions > LINES / 2, "{positions} positions");
    assert_eq!(asked.total(), 0, "{positions} positions asked for memory: {asked:?}");
}

#[test]
fn lines_through_the_core() {
    let mut config = config::load(Path::new("config/kinmen.toml"), Purpose::Replay).unwrap();
    let feeds: Vec<Arc<FeedSettings>> = ["liaoluo", "shuitou"]
        .map(|name| Arc::new(FeedSettings::new(name, Input::Stdin)))
        .into();
    let mut core = service::core(&mut config, &feeds, START, HashKey(1, 2));
    let mut reception = Reception::new(vec![Listening::default(); feeds.len()], HashKey(1, 2));
    let mut simulation = simulation();
    let mut changes = Changes::default();
    let mut asked = Asked::default();
    let (mut positions, mut of_those) = (0, 0);
    for n in 0..WARM_UP + LINES {
        let sent = simulation.next_line();
        let feed = FeedId(sent.receiver as u16);
        let mut here = Asked::default();
        core.tick(sent.time.floor_s(), &mut changes);
        let told = changes.alerts.len();
        let sentence = here.at("sentence", || core.read(feed, sent.line.as_bytes()));
        here.at("reception", || reception.hear(feed, sent.time, &sentence));
        let done = here.at("core", || core.hear(feed, sent.time, &sentence, &mut changes));
        let is_quiet = changes.alerts.len() == told;
        changes.clear();
        if n >= WARM_UP && is_quiet && done.message_type.is_some_and(is_position) {
            positions += 1;
            of_those += usize::from(here.total() > 0);
            asked.add(here);
        }
    }
    assert!(positions > LINES / 4, "{positions} positions");
    let told = format!("{of_those} of {positions} positions asked for memory: {asked:?}");
    assert_eq!((asked.stages["sentence"], asked.stages["reception"]), (0, 0), "{told}");
    assert!(of_those * ONE_IN <= positions, "{told}");
}
