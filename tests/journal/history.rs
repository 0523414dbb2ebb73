//! The past as the service tells it: every block is what was recorded, whichever way and however often it is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::feeds::FeedSettings;
use harborwatch::http::shape::{Step, Time};
use harborwatch::journal::{Disk, Entry, Folder, Journal, Record, compress_closed, save_snapshot};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{Historian, Standing, Start, journal_folder, play_on, snapshot_folder};
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Order;
use harborwatch::view::{Block, NoBlock};
use serde_json::{Value as Json, json};

use super::files::{NOW, Temporary};
use super::kill::{Service, exchange, site};

/// Seconds of a block.
const BLOCK_S: i64 = 600;
/// The recording begins in the middle of a block, and ends in that of a later one.
const FROM: Timestamp = NOW.plus(Span::s(300));
const LONG_S: i64 = 50 * 60;
/// When the service of the time was away.
const AWAY_S: std::ops::Range<i64> = 22 * 60..27 * 60;
/// When it kept snapshots: as a block begins, and within it.
const SNAPSHOTS_S: [i64; 2] = [35 * 60, 38 * 60];

/// What was recorded of a block.
#[derive(Debug, Default, PartialEq)]
struct Truth {
    positions: BTreeSet<String>,
    transitions: Vec<Json>,
}

/// Writes a data folder as a service does, and notes what its core took in and told.
struct Recorder {
    disk: Disk,
    standing: Option<Standing>,
    second: i64,
    truth: BTreeMap<i64, Truth>,
    to_acknowledge: Vec<Arc<str>>,
}

impl Recorder {
    fn begin(start: &[u8], data: &Path) -> Self {
        let (disk, _) = Disk::open(&journal_folder(data), 300_000, FROM, 0).unwrap();
        let mut recorder = Self {
            disk,
            standing: None,
            second: FROM.floor_s(),
            truth: BTreeMap::new(),
            to_acknowledge: Vec::new(),
        };
        recorder.put(FROM, Entry::Start(start));
        recorder
    }

    /// The block that it has come to.
    fn block_s(&self) -> i64 {
        self.second.div_euclid(BLOCK_S) * BLOCK_S
    }

    fn put(&mut self, time: Timestamp, entry: Entry<'_>) {
        let record = Record { time, entry };
        self.disk.append(&record);
        let number = self.disk.write().unwrap();
        play_on(&mut self.standing, number, &record).unwrap();
        let standing = self.standing.as_ref().unwrap();
        if matches!(record.entry, Entry::Start(_)) && number == 1 {
            return;
        }
        let block_s = self.block_s();
        let truth = self.truth.entry(block_s).or_default();
        let core = &standing.player.core;
        for slot in &standing.changes().vessels {
            let row = core.traffic().row(*slot, core.reception().sources()).unwrap();
            if let (Some(time), Some(place)) = (row.position_time, row.position)
                && time.floor_s() >= block_s
            {
                let (time, place) = (json!(Time(time)), place.rounded());
                truth
                    .positions
                    .insert(format!("{} {time} {} {}", row.mmsi, place.lon, place.lat));
            }
        }
        for (_, change) in &standing.changes().alerts {
            truth.transitions.push(json!(Step::of(change)));
            self.to_acknowledge.push(change.alert.id.clone());
        }
    }

    fn tick_to(&mut self, second: i64) {
        while self.second < second {
            self.second += 1;
            self.put(Timestamp::from_s(self.second), Entry::Tick { judged: None });
        }
    }

    fn acknowledge_one(&mut self, time: Timestamp) {
        if let Some(alert) = self.to_acknowledge.pop() {
            let (by, comment) = (Some("the test".into()), None);
            let order = serde_json::to_vec(&Order::Acknowledge { alert, by, comment }).unwrap();
            self.put(time, Entry::Order(&order));
        }
    }
}

fn start(config: &Config) -> Vec<u8> {
    let feeds: Vec<Arc<FeedSettings>> = config.feeds.iter().cloned().map(Arc::new).collect();
    Start::first(config, &feeds, HashKey(1, 2)).to_bytes()
}

/// A data folder with fifty minutes of simulated traffic, an absence and acknowledgements; what was true by block.
fn record(config: &Config, data: &Path) -> BTreeMap<i64, Truth> {
    let start = start(config);
    let mut recorder = Recorder::begin(&start, data);
    let mut simulation = Simulation::new(&Scenario::named("kinmen").unwrap(), 7, Some(60), FROM);
    let mut away = false;
    loop {
        let line = simulation.next_line();
        let at_s = line.time.floor_s() - FROM.floor_s();
        if at_s >= LONG_S {
            break;
        }
        if AWAY_S.contains(&at_s) {
            away = true;
            continue;
        }
        if std::mem::take(&mut away) {
            recorder.second = line.time.floor_s();
            recorder.put(line.time, Entry::Start(&start));
        }
        let before = recorder.second;
        recorder.tick_to(line.time.floor_s());
        if recorder.second != before && at_s % 60 == 0 {
            recorder.acknowledge_one(line.time);
        }
        if recorder.second != before && SNAPSHOTS_S.contains(&at_s) {
            let state = recorder.standing.as_ref().unwrap().to_bytes();
            save_snapshot(&snapshot_folder(data), recorder.disk.tail().records(), &state).unwrap();
        }
        let (feed, line_of) = (FeedId(0), Some(line.line.as_bytes()));
        recorder.put(line.time, Entry::Line { feed, line: line_of });
    }
    recorder.disk.finish().unwrap();
    let (open, _) = recorder.disk.tail().limit();
    assert!(compress_closed(&Folder(journal_folder(data)), open).unwrap() > 2);
    recorder.truth
}

fn get(service: &Service, path: &str) -> (u16, String, Vec<u8>) {
    exchange(service.0.port, "GET", path, "", "").unwrap()
}

fn path(start_s: i64) -> String {
    format!("/api/v1/history/blocks/{}", Timestamp::from_s(start_s))
}

/// A block that is over.
fn block(service: &Service, start_s: i64) -> Vec<u8> {
    let (status, head, body) = get(service, &path(start_s));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    assert!(
        head.contains("cache-control: private, max-age=31536000, immutable"),
        "{head}"
    );
    body
}

/// What is shown of a vessel or an alert whichever block tells it.
fn shown(item: &Json) -> Json {
    json!([
        item["mmsi"],
        item["name"],
        item["zones"],
        item["state"],
        item["position"],
        item["position_time"],
        item["alert"],
        item["acknowledged"]
    ])
}

fn check_truth(block: &Json, truth: &Truth) {
    let mut positions = BTreeSet::new();
    for track in block["tracks"].as_array().unwrap() {
        for point in track["points"].as_array().unwrap() {
            let (lon, lat) = (&point["position"][0], &point["position"][1]);
            positions.insert(format!(
                "{:09} {} {lon} {lat}",
                track["mmsi"].as_u64().unwrap(),
                point["time"]
            ));
        }
    }
    let others: Vec<_> = positions.symmetric_difference(&truth.positions).collect();
    assert!(others.is_empty(), "recorded or told, but not both: {others:?}");
    let told: Vec<Json> = block["transitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|told| told["transition"].clone())
        .collect();
    assert_eq!(told, truth.transitions);
}

/// Everything at the end of a block is what the next one begins with.
fn check_chain(block: &Json, next: &Json) {
    let list = |list: &Json| list.as_array().unwrap().clone();
    let mut vessels: BTreeMap<u64, Json> = BTreeMap::new();
    let mut events: Vec<(String, u64, Option<Json>)> = Vec::new();
    for vessel in list(&block["vessels"]) {
        vessels.insert(vessel["mmsi"].as_u64().unwrap(), vessel);
    }
    for changed in list(&block["changed"]) {
        let mmsi = changed["vessel"]["mmsi"].as_u64().unwrap();
        events.push((
            changed["time"].as_str().unwrap().into(),
            mmsi,
            Some(changed["vessel"].clone()),
        ));
    }
    for removed in list(&block["removed"]) {
        events.push((
            removed["time"].as_str().unwrap().into(),
            removed["mmsi"].as_u64().unwrap(),
            None,
        ));
    }
    events.sort_by(|a, b| a.0.cmp(&b.0));
    for (_, mmsi, vessel) in events {
        match vessel {
            Some(vessel) => vessels.insert(mmsi, vessel),
            None => vessels.remove(&mmsi),
        };
    }
    for track in list(&block["tracks"]) {
        if let Some(vessel) = vessels.get_mut(&track["mmsi"].as_u64().unwrap()) {
            let last = list(&track["points"]).pop().unwrap();
            (vessel["position"], vessel["position_time"]) = (last["position"].clone(), last["time"].clone());
        }
    }
    let found: Vec<Json> = vessels.values().map(shown).collect();
    let expected: Vec<Json> = list(&next["vessels"]).iter().map(shown).collect();
    assert_eq!(found, expected);
    let mut alerts: BTreeMap<String, Json> = BTreeMap::new();
    let told = list(&block["transitions"])
        .into_iter()
        .map(|told| told["alert"].clone());
    for alert in list(&block["alerts"]).into_iter().chain(told) {
        alerts.insert(alert["alert"].as_str().unwrap().into(), alert);
    }
    let mut expected: Vec<Json> = list(&next["alerts"]).iter().map(shown).collect();
    expected.sort_by_key(|alert| alert[6].to_string());
    let open = alerts.values().filter(|alert| alert["state"] != "closed");
    assert_eq!(open.map(shown).collect::<Vec<_>>(), expected);
}

#[test]
fn blocks_are_what_was_recorded() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    // Nobody speaks on that port: what is recorded is all there is.
    let config = site(&folder.0, &data, 9, "");
    let truth = record(&config::load(&config, Purpose::Replay).unwrap(), &data);
    let starts: Vec<i64> = truth.keys().copied().collect();
    assert_eq!(starts.len(), 6);
    let service = Service::start(&config);
    // From a snapshot, back to the beginning, and on from there.
    let blocks: BTreeMap<i64, Vec<u8>> = [4, 0, 1, 3, 2].map(|n| (starts[n], block(&service, starts[n]))).into();
    let read = |body: &Vec<u8>| serde_json::from_slice::<Json>(body).unwrap();
    let blocks_read: Vec<Json> = blocks.values().map(read).collect();
    for (block, truth) in blocks_read.iter().zip(truth.values()) {
        check_truth(block, truth);
    }
    for pair in blocks_read.windows(2) {
        check_chain(&pair[0], &pair[1]);
    }
    let raised: usize = truth.values().map(|truth| truth.transitions.len()).sum();
    assert!(raised > 10, "{raised} transitions");
    let away: Vec<&Json> = blocks_read[2..4].iter().map(|block| &block["unrecorded"]).collect();
    let middle = json!(Time(Timestamp::from_s(starts[3])));
    assert_eq!((&away[0][0]["to"], &away[1][0]["from"]), (&middle, &middle));
    assert!(blocks_read[1]["unrecorded"].as_array().unwrap().is_empty());
    let (_, _, index) = get(&service, "/api/v1/history");
    assert_eq!(read(&index)["from"], json!(Time(FROM)));
    assert!(!read(&index)["alerts"].as_array().unwrap().is_empty());
    service.kill();

    // The rules say otherwise from now on.
    let text = std::fs::read_to_string(&config).unwrap();
    let other = r#"message = { zh = "進港", en = "In" }"#;
    let text = text.replace("[[rule]]\n", &format!("[[rule]]\n{other}\n"));
    std::fs::write(&config, text).unwrap();
    let service = Service::start(&config);
    for (start, body) in &blocks {
        assert!(block(&service, *start) == *body, "the block of {start} has changed");
    }
    service.kill();
}

/// What a block tells, as it was recorded.
fn told(block: &Block) -> Truth {
    let points = block
        .tracks
        .iter()
        .flat_map(|(mmsi, points)| points.iter().map(move |point| (mmsi, point)));
    Truth {
        positions: points
            .map(|(mmsi, point)| {
                let (time, place) = (json!(Time(point.time)), point.position.rounded());
                format!("{mmsi} {time} {} {}", place.lon, place.lat)
            })
            .collect(),
        transitions: block.transitions.iter().map(|change| json!(Step::of(change))).collect(),
    }
}

#[test]
fn a_block_that_is_not_over_stays_whole_whatever_else_is_asked_for() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let config = config::load(&site(&folder.0, &data, 9, ""), Purpose::Replay).unwrap();
    let mut recorder = Recorder::begin(&start(&config), &data);
    let mut simulation = Simulation::new(&Scenario::named("kinmen").unwrap(), 7, Some(60), FROM);
    let history = Historian::begin(&data, recorder.disk.tail()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = |start_s| runtime.block_on(history.block(Timestamp::from_s(start_s)));
    // Into the first block, to the last second of it, over its end into the second, and over that of the third.
    for minutes in [2, 5, 6, 26] {
        let until = FROM.plus(Span::s(minutes * 60));
        while recorder.second < until.floor_s() - 1 {
            let line = simulation.next_line();
            recorder.tick_to(line.time.floor_s());
            let (feed, line_of) = (FeedId(0), Some(line.line.as_bytes()));
            recorder.put(line.time, Entry::Line { feed, line: line_of });
        }
        let open = recorder.block_s();
        for (start, truth) in &recorder.truth {
            for later in [1, 2, 12] {
                let none = ask(open + later * BLOCK_S);
                assert!(matches!(none, Err(NoBlock::After(_))), "{none:?}");
            }
            let block = ask(*start).unwrap();
            assert_eq!(block.closed, *start < open, "{start} after {minutes} minutes");
            assert_eq!(told(&block), *truth, "{start} after {minutes} minutes");
        }
    }
}

#[test]
fn the_past_ends_where_the_journal_does() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let config = site(&folder.0, &data, 9, "");
    record(&config::load(&config, Purpose::Replay).unwrap(), &data);
    let service = Service::start(&config);
    let status = |path: &str| get(&service, path).0;
    assert_eq!(status(&path(NOW.floor_s() - BLOCK_S)), 404);
    assert_eq!(status(&path(NOW.floor_s() + 1)), 400);
    assert_eq!(status("/api/v1/history/blocks/yesterday"), 400);
    assert_eq!(status("/api/v1/history/blocks/2100-01-01T00:00:00Z"), 404);
    let (_, _, index) = get(&service, "/api/v1/history");
    let index: Json = serde_json::from_slice(&index).unwrap();
    let now = Timestamp::parse(index["to"].as_str().unwrap()).unwrap();
    let (status_now, head, _) = get(&service, &path(now.floor_s().div_euclid(BLOCK_S) * BLOCK_S));
    assert_eq!(status_now, 200);
    assert!(head.contains("cache-control: private, max-age=1"), "{head}");
    std::fs::rename(journal_folder(&data), folder.0.join("away")).unwrap();
    assert_eq!(status(&path(NOW.floor_s())), 503);
    assert_eq!(status("/api/v1/history"), 503);
    service.kill();
}
