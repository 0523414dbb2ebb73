//! A data folder replayed: over a gap as it was told at the time, and from a time on by what was in force then.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use harborwatch::clock;
use harborwatch::config::{self, Config, Purpose};
use harborwatch::feeds::FeedSettings;
use harborwatch::http::shape::Step;
use harborwatch::journal::{
    Disk, Entry, Folder, Journal, Judged, Reader, Record, Segments, Verify, cut, due_before, save_snapshot,
    save_snapshot_after_gap,
};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{self, Standing, Start, journal_folder, recover, snapshot_folder};
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::{Change, Order};
use harborwatch::watch::Text;
use serde_json::{Value as Json, json};

use super::carried::registered;
use super::files::{NOW, Temporary};
use super::kill::site;
use super::recovery::written;

/// Small, so that there are many.
const SEGMENT_BYTES: u64 = 20_000;

/// Writes a data folder as a service does, and notes what was told of what it kept.
struct Recorder {
    disk: Disk,
    standing: Standing,
    simulation: Simulation,
    second: i64,
    told: Vec<Json>,
}

impl Recorder {
    /// One for a site that hears simulated traffic; its configuration.
    fn begin(folder: &Path) -> (PathBuf, Config, Self) {
        let data = folder.join("data");
        let path = site(folder, &data, 9, "");
        let config = config::load(&path, Purpose::Replay).unwrap();
        let recovered = recover(&data, first(&config), SEGMENT_BYTES, NOW).unwrap();
        let recorder = Self {
            disk: recovered.disk.unwrap(),
            standing: recovered.standing,
            simulation: Simulation::new(&Scenario::named("kinmen").unwrap(), 7, Some(200), NOW),
            second: NOW.floor_s(),
            told: Vec::new(),
        };
        (path, config, recorder)
    }

    fn put(&mut self, time: Timestamp, entry: Entry<'_>) -> u64 {
        let record = Record { time, entry };
        self.disk.append(&record);
        let number = self.disk.write().unwrap();
        self.standing.play(number, &record).unwrap();
        let told = self
            .standing
            .changes()
            .alerts
            .iter()
            .map(|(_, change)| json!(Step::of(change)));
        self.told.extend(told);
        number
    }

    /// Gives `take` the ticks and lines of so many seconds.
    fn hear(&mut self, seconds: i64, mut take: impl FnMut(&mut Self, Timestamp, Entry<'_>)) {
        let until = self.second + seconds;
        while self.second < until {
            let line = self.simulation.next_line();
            while self.second < line.time.floor_s() {
                self.second += 1;
                let judged = Some(self.standing.player.judged);
                take(self, Timestamp::from_s(self.second), Entry::Tick { judged });
            }
            let (feed, bytes) = (FeedId(0), Some(line.line.as_bytes()));
            take(self, line.time, Entry::Line { feed, line: bytes });
        }
    }

    fn keep(&mut self, seconds: i64) {
        self.hear(seconds, |this, time, entry| {
            this.put(time, entry);
        });
    }

    /// The core goes on while nothing is kept; then a gap is recorded, and a snapshot follows.
    fn lose(&mut self, seconds: i64, data: &Path) -> u64 {
        let (from, mut lost) = (Timestamp::from_s(self.second), 0);
        self.hear(seconds, |this, time, entry| {
            this.standing.play(0, &Record { time, entry }).unwrap();
            lost += 1;
        });
        let time = Timestamp::from_s(self.second);
        let entry = Entry::Gap { from, lost };
        self.disk.append(&Record { time, entry });
        let number = self.disk.write().unwrap();
        save_snapshot_after_gap(&snapshot_folder(data), number, &self.standing.to_bytes()).unwrap();
        lost
    }
}

fn first(config: &Config) -> Start {
    let feeds: Vec<Arc<FeedSettings>> = config.feeds.iter().cloned().map(Arc::new).collect();
    Start::first(config, &feeds, HashKey(1, 2))
}

/// The steps that a replay tells, and what it says.
fn replay(config: &Path, data: &Path, more: &[&str]) -> (Vec<Json>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let command = command.args(["replay", "--config"]).args([config, data]).args(more);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let told = String::from_utf8(output.stdout).unwrap();
    (
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        said,
    )
}

#[test]
fn over_a_gap_it_tells_what_was_told_at_the_time() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (config, site, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(120);
    let before = recorder.told.len();
    let lost = recorder.lose(60, &data);
    let gap = recorder.disk.tail().records();
    recorder.keep(120);
    recorder.disk.finish().unwrap();
    assert!(before > 0 && recorder.told.len() > before);
    let (told, said) = replay(&config, &data, &[]);
    assert_eq!(told, recorder.told);
    for part in [
        &*format!("a gap of {lost} records from "),
        "the snapshot after it is taken up",
        "1 gaps",
    ] {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    assert!(!said.contains("other transitions"), "{said}");
    std::fs::remove_dir_all(snapshot_folder(&data)).unwrap();
    let (_, said) = replay(&config, &data, &[]);
    assert!(said.contains("no snapshot after it is taken up"), "{said}");
    // The one on duty, and the next start, are told what is lost with it.
    let mut check = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let checked = check.args(["journal", "check"]).arg(&data).output().unwrap();
    let recovered = recover(&data, first(&site), SEGMENT_BYTES, NOW).unwrap();
    let missed = format!("the snapshot after the gap at record {gap} is not there");
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stdout).starts_with(&missed));
    assert!(recovered.faults[0].starts_with(&missed), "{:?}", recovered.faults);
}

#[test]
fn behind_damage_it_goes_on_and_says_what_is_left_out() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (config, _, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(240);
    recorder.disk.finish().unwrap();
    let damaged = Folder(journal_folder(&data)).file(3);
    let mut bytes = std::fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let (told, said) = replay(&config, &data, &[]);
    for part in ["00000003.hwj is damaged at byte", "1 places damaged"] {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    let late = NOW.plus(Span::s(200)).to_string();
    let tells_late = |told: &[Json]| told.iter().any(|step| *step["time"].as_str().unwrap() > *late);
    assert!(tells_late(&recorder.told) && tells_late(&told));
}

#[test]
fn a_flipped_bit_costs_a_restart_what_was_written_with_it_and_no_order_behind_it() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (_, config, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(60);
    let mut acknowledged = std::collections::BTreeMap::new();
    for _ in 0..60 {
        recorder.keep(1);
        let alerts = recorder.standing.player.core.traffic().watches()[0].ledger();
        let Some(alert) = alerts.standing().find(|alert| alert.acknowledged.is_none()) else {
            continue;
        };
        let (id, by, comment) = (alert.id.clone(), None, None);
        let alert = id.clone();
        let order = Order::Acknowledge { alert, by, comment }.to_bytes();
        acknowledged.insert(
            recorder.put(Timestamp::from_s(recorder.second), Entry::Order(&order)),
            id,
        );
    }
    recorder.keep(20);
    recorder.disk.finish().unwrap();
    drop(recorder);
    let segments = Folder(journal_folder(&data));
    let mut first_ones: Vec<_> = (1..)
        .map(|number| segments.open_file(number))
        .take_while(|file| file.exists())
        .collect();
    first_ones.pop();
    assert!(
        first_ones.len() > 5 && acknowledged.len() > 20,
        "{} {}",
        first_ones.len(),
        acknowledged.len()
    );
    for file in &first_ones {
        let mut bytes = std::fs::read(file).unwrap();
        // Behind the head, whose start is of some kilobytes; where in a frame depends on the build's name in that.
        let at = bytes.len() - 4_000;
        bytes[at] ^= 1;
        std::fs::write(file, bytes).unwrap();
    }
    let recovered = recover(&data, first(&config), SEGMENT_BYTES, NOW).unwrap();
    let lost = recovered
        .faults
        .iter()
        .filter(|fault| fault.contains("is damaged at byte"));
    let lost: Vec<_> = lost.map(|fault| fault.split_once("; ").unwrap().1).collect();
    assert_eq!(lost.len(), first_ones.len(), "{:?}", recovered.faults);
    let alerts = recovered.standing.player.core.traffic().watches()[0].ledger();
    let (mut spared, mut vain) = (0, 0);
    for (number, id) in &acknowledged {
        if lost.contains(&&*format!("records {number} to {number} are lost")) {
            continue;
        }
        let Some(alert) = alerts.find(id) else {
            // A line that is lost may be the one that raised it.
            vain += 1;
            continue;
        };
        assert!(alert.acknowledged.is_some(), "{id}");
        spared += 1;
    }
    assert!(spared > 20, "{lost:?}");
    let told = recovered
        .faults
        .iter()
        .find_map(|fault| fault.split_once(" orders find no alert"));
    assert_eq!(told.map_or(0, |(count, _)| count.parse().unwrap()), vain);
}

#[test]
fn a_restart_names_the_orders_whose_alerts_are_lost() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (_, config, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(60);
    let (before, _) = recorder.disk.tail().limit();
    let ledger = recorder.standing.player.core.traffic().watches()[0].ledger();
    let standing: Vec<_> = ledger.standing().map(|alert| alert.id.clone()).collect();
    for alert in standing {
        let (by, comment) = (None, None);
        let order = Order::Acknowledge { alert, by, comment }.to_bytes();
        recorder.put(Timestamp::from_s(recorder.second), Entry::Order(&order));
    }
    recorder.keep(20);
    recorder.disk.finish().unwrap();
    drop(recorder);
    for number in 1..before {
        let file = Folder(journal_folder(&data)).open_file(number);
        let mut bytes = std::fs::read(&file).unwrap();
        let (from, to) = (bytes.len() / 2, bytes.len() - 1_000);
        bytes[from..to].fill(0);
        std::fs::write(&file, bytes).unwrap();
    }
    let recovered = recover(&data, first(&config), SEGMENT_BYTES, NOW).unwrap();
    let told: Vec<_> = recovered
        .faults
        .iter()
        .filter(|fault| fault.contains("orders find no alert"))
        .collect();
    assert!(
        told.len() == 1 && told[0].contains("the first is record "),
        "{:?}",
        recovered.faults
    );
    let blames = |fault: &String| fault.contains("this build tells other transitions");
    assert!(!recovered.faults.iter().any(blames), "{:?}", recovered.faults);
}

#[test]
fn a_lost_start_takes_no_more_with_it_than_what_it_was_written_with() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (config, site, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(120);
    recorder.disk.finish().unwrap();
    let file = Folder(journal_folder(&data)).open_file(1);
    let mut bytes = std::fs::read(&file).unwrap();
    // The head of the very first segment tells of no start: 104 bytes.
    bytes[104 + 40] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (told, said) = replay(&config, &data, &[]);
    assert!(said.contains("records 1 to 1 are lost"), "{said}");
    assert_eq!(told.len(), recorder.told.len(), "{said}");
    assert_eq!(service::feeds_of_journal(&data).unwrap().len(), site.feeds.len());
    let reel = service::Reel::before(&data, NOW.plus(Span::s(60)), None).unwrap();
    assert!(reel.unwrap().play(NOW.plus(Span::s(60)), |_| ()).unwrap());
}

/// A data folder of two starts, of which the second has another feed before the first and another limit; its
/// configuration, and where the second begins.
fn of_two_starts(folder: &Path) -> (PathBuf, PathBuf, Timestamp) {
    let data = folder.join("data");
    let (path, _, mut recorder) = Recorder::begin(folder);
    recorder.keep(60);
    recorder.disk.finish().unwrap();
    let (second, simulation) = (recorder.second, recorder.simulation);
    drop(recorder.disk);
    let text = std::fs::read_to_string(&path).unwrap();
    let mast = "[[feed]]\nname = \"mast\"\nkind = \"udp\"\nlisten = \"127.0.0.1:0\"\n[[feed]]\nname = \"radio\"";
    let text = text
        .replacen("[[feed]]\nname = \"radio\"", mast, 1)
        .replace("limit_kn = 12.0", "limit_kn = 9.0");
    std::fs::write(&path, text).unwrap();
    let config = config::load(&path, Purpose::Replay).unwrap();
    let begins = Timestamp::from_s(second + 1);
    let recovered = recover(&data, first(&config), SEGMENT_BYTES, begins).unwrap();
    let mut recorder = Recorder {
        disk: recovered.disk.unwrap(),
        standing: recovered.standing,
        simulation,
        second: second + 1,
        told: Vec::new(),
    };
    recorder.hear(120, |this, time, entry| {
        let entry = match entry {
            Entry::Line { line, .. } => Entry::Line { feed: FeedId(1), line },
            other => other,
        };
        this.put(time, entry);
    });
    recorder.disk.finish().unwrap();
    (path, data, begins)
}

#[test]
fn a_lost_start_is_told_by_the_segment_behind_it() {
    let folder = Temporary::new();
    let (config, data, begins) = of_two_starts(&folder.0);
    let (whole, _) = replay(&config, &data, &[]);
    let segments = Folder(journal_folder(&data));
    let (number, head) = (2..)
        .map_while(|number| Some((number, segments.head(number).ok()??)))
        .find(|(_, head)| head.time >= begins)
        .unwrap();
    let file = segments.open_file(number);
    let bytes = std::fs::read(&file).unwrap();
    let mut spoilt = bytes.clone();
    spoilt[head.to_bytes().len() + 40] ^= 1;
    std::fs::write(&file, spoilt).unwrap();
    let (told, said) = replay(&config, &data, &[]);
    let lost = head.records + 1;
    assert!(said.contains(&format!("records {lost} to {lost} are lost")), "{said}");
    assert_eq!(told, whole, "{said}");
    let mut check = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let checked = check.args(["journal", "check"]).arg(&data).output().unwrap();
    let mut reader = Reader::new(Box::new(segments.clone()), 0, Verify::Frames).unwrap();
    while !matches!(reader.next_record(), Ok(None)) {}
    // The start that is given in its place is no record.
    let kept = format!("\n{} records and ", reader.records() - 1);
    assert!(String::from_utf8_lossy(&checked.stdout).contains(&kept), "{kept}");
    let recovered = recover(
        &data,
        first(&config::load(&config, Purpose::Replay).unwrap()),
        SEGMENT_BYTES,
        begins,
    );
    assert_eq!(recovered.unwrap().faults.len(), 1);
    // Without the whole segment, what follows it stands under that start too.
    std::fs::remove_file(&file).unwrap();
    let (told, _) = replay(&config, &data, &[]);
    let later = |told: &[Json]| told.iter().filter(|step| step["limit"] == json!(9.0)).count();
    assert!(later(&told) > 0 && later(&told) <= later(&whole));
}

#[test]
fn a_first_segment_that_is_all_damaged_takes_no_other_with_it() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (config, site, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(120);
    recorder.disk.finish().unwrap();
    let segments = Folder(journal_folder(&data));
    let behind = segments.head(2).unwrap().unwrap().time;
    let file = segments.open_file(1);
    let bytes = std::fs::read(&file).unwrap();
    let later = |told: &[Json]| {
        told.iter()
            .filter(|step| *step["time"].as_str().unwrap() > *behind.to_string())
            .count()
    };
    for length in [104, 104 + 40] {
        std::fs::write(&file, &bytes[..length]).unwrap();
        let (told, said) = replay(&config, &data, &[]);
        assert!(later(&told) >= later(&recorder.told), "{said}");
        let from = behind.plus(Span::s(20)).to_string();
        assert!(!replay(&config, &data, &["--from", &from]).0.is_empty());
        assert_eq!(service::feeds_of_journal(&data).unwrap().len(), site.feeds.len());
    }
    let recovered = recover(&data, first(&site), SEGMENT_BYTES, NOW).unwrap();
    let blames = |fault: &String| fault.contains("this build tells other transitions");
    assert!(!recovered.faults.iter().any(blames), "{:?}", recovered.faults);
}

#[test]
fn behind_a_cut_it_is_judged_and_reviewed_under_its_own_start() {
    let folder = Temporary::new();
    let (config, data, begins) = of_two_starts(&folder.0);
    let limits = |told: &[Json]| -> Vec<Json> {
        let later = told
            .iter()
            .filter(|step| *step["time"].as_str().unwrap() > *begins.to_string());
        later.map(|step| step["limit"].clone()).collect()
    };
    let whole = limits(&replay(&config, &data, &[]).0);
    let segments = Folder(journal_folder(&data));
    cut(&segments, &due_before(&segments, begins, u64::MAX).unwrap().unwrap()).unwrap();
    let (told, said) = replay(&config, &data, &[]);
    assert!(
        limits(&told).contains(&json!(9.0)) && !limits(&told).contains(&json!(12.0)),
        "{said}"
    );
    assert!(
        whole.len() <= limits(&told).len(),
        "vessels that were fast before are told anew"
    );
    assert_eq!(service::feeds_of_journal(&data).unwrap().len(), 2);
    let mut review = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let review = review
        .args(["review", "--json", "--baseline"])
        .arg(&config)
        .arg("--proposed")
        .args([&config, &data]);
    let output = review.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reviewed: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert!(reviewed["baseline"]["alerts"].as_u64().unwrap() > 0);
}

#[test]
fn only_the_very_first_start_waits_for_what_seeds_it() {
    let folder = Temporary::new();
    let config = registered(&folder.0, &folder.0.join("data"), 9);
    let start = || first(&config::load(&config, Purpose::Replay).unwrap());
    let bytes = start().to_bytes();
    let record = Record {
        time: NOW,
        entry: Entry::Start(&bytes),
    };
    for (number, known) in [(1, 0), (2, 2), (1_000, 2)] {
        let standing = Standing::before(start(), number, &record).unwrap();
        assert_eq!(standing.player.core.traffic().picture().register.len(), known);
    }
}

#[test]
fn it_says_when_this_build_tells_other_transitions_than_it_did() {
    let folder = Temporary::new();
    let recorded = Judged { count: 7, digest: 9 };
    let began = clock::now().plus(Span::s(-60));
    let config = written(&folder.0, 9, began, &[None, Some(recorded), None]);
    let (_, said) = replay(&config, &folder.0.join("data"), &[]);
    assert!(
        said.contains("other transitions than it did at the time, at 1 ticks"),
        "{said}"
    );
}

#[test]
fn from_a_time_on_it_judges_by_what_was_in_force_then() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (path, config, mut recorder) = Recorder::begin(&folder.0);
    recorder.keep(60);
    let files = Text::of(config.rules.iter(), &config.zones).rules;
    let rules = files.replace("12.0", "5.0");
    assert_ne!(*rules, *files);
    let change = Order::Change(Box::new(Change {
        from: None,
        author: "the test".into(),
        reason: "".into(),
        rules: Some(rules.into()),
        zones: None,
        restores: None,
        minutes: None,
    }));
    let decided = Timestamp::from_s(recorder.second);
    let number = recorder.put(decided, Entry::Order(&change.to_bytes()));
    let state = recorder.standing.to_bytes();
    recorder.keep(120);
    recorder.disk.finish().unwrap();
    let from = decided.plus(Span::s(10)).to_string();
    let check = || {
        let (told, _) = replay(&path, &data, &["--from", &from]);
        let fast = || told.iter().filter(|step| step["rule"] == "fast");
        assert!(fast().count() > 0 && told.iter().all(|step| *step["time"].as_str().unwrap() >= *from));
        for step in fast() {
            assert_eq!(step["limit"], json!(5.0), "{step}");
        }
    };
    check();
    // The order itself is no longer kept: the snapshot after it tells.
    save_snapshot(&snapshot_folder(&data), number, &state).unwrap();
    let segments = Folder(journal_folder(&data));
    let due = due_before(&segments, decided, number).unwrap().expect("small segments");
    cut(&segments, &due).unwrap();
    check();
}

#[test]
fn a_start_is_no_earlier_than_the_stop_before_it() {
    let folder = Temporary::new();
    let (_, config, mut recorder) = Recorder::begin(&folder.0);
    let stopped = NOW.plus(Span(700));
    let judged = Judged::default();
    recorder.put(stopped, Entry::Stop { judged });
    recorder.disk.finish().unwrap();
    drop(recorder);
    let recovered = recover(&folder.0.join("data"), first(&config), SEGMENT_BYTES, NOW).unwrap();
    assert_eq!(recovered.time, stopped);
}
