//! A service that finds a journal of another time, another judgement or another configuration than its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use harborwatch::clock;
use harborwatch::config::{self, Purpose};
use harborwatch::journal::{Disk, Entry, Folder, Journal, Judged, Record, compress_closed, save_snapshot, snapshots};
use harborwatch::report::HashKey;
use harborwatch::service::{Standing, Start, journal_folder, recover, snapshot_folder};
use harborwatch::time::{Span, Timestamp};
use serde_json::Value as Json;

use super::faults::{acknowledge, items, until};
use super::files::{NOW, Temporary};
use super::kill::{Radio, Service, site};

/// A site with a journal that this build wrote from a time on: a start, then these ticks.
pub fn written(folder: &Path, feed: u16, from: Timestamp, ticks: &[Option<Judged>]) -> PathBuf {
    let data = folder.join("data");
    let path = site(folder, &data, feed, "");
    let config = config::load(&path, Purpose::Service).unwrap();
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    let start = Start::first(&config, &feeds, HashKey(1, 2)).to_bytes();
    let (mut disk, _) = Disk::open(&journal_folder(&data), 1 << 20, from, 0).unwrap();
    let mut append = |time, entry| disk.append(&Record { time, entry });
    append(from, Entry::Start(&start));
    for (second, judged) in (from.ceil_s()..).zip(ticks) {
        append(Timestamp::from_s(second), Entry::Tick { judged: *judged });
    }
    disk.finish().unwrap();
    path
}

#[test]
fn an_epoch_rises_with_each_start_and_is_no_other_folders() {
    let folder = Temporary::new();
    let path = site(&folder.0, &folder.0.join("data"), 9, "");
    let config = config::load(&path, Purpose::Replay).unwrap();
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    let epoch = |name: &str, now| {
        let start = Start::first(&config, &feeds, HashKey(1, 2));
        let recovered = recover(&folder.0.join(name), start, 1 << 20, now).unwrap();
        recovered.standing.start.epoch
    };
    let later = |seconds| NOW.plus(Span::s(seconds));
    let first = epoch("data", NOW);
    let second = epoch("data", later(60));
    assert!(second > first);
    // The second time the clock has been set back.
    assert!(epoch("data", later(30)) > second);
    for (n, seconds) in [1, 61, 100].into_iter().enumerate() {
        let others = epoch(&format!("other-{n}"), later(seconds));
        assert!(![first, second].contains(&others), "{others}");
    }
}

/// An epoch that no clock has come to: only those before lead beyond it.
const FAR: u64 = 1 << 40;

/// What a data folder is taken up as, of which each start of three was a segment of 100 ticks, and the last left
/// snapshots after the records that are `kept`: how many epochs after the one before these, and all that people are told,
/// once it has come to harm.
fn check(kept: &[u64], harm: fn(&Path), epoch: u64, told: &[&str]) {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let config = config::load(&site(&folder.0, &data, 1, ""), Purpose::Service).unwrap();
    let first = Start::first(&config, &[], HashKey(1, 2));
    let journal = journal_folder(&data);
    for number in 1..=3 {
        let from = NOW.plus(Span::s(1000 * number as i64));
        let start = Start {
            epoch: FAR + number,
            ..first.clone()
        };
        let (mut disk, _) = Disk::open(&journal, 1 << 20, from, 0).unwrap();
        let entry = Entry::Start(&start.to_bytes());
        disk.append(&Record { time: from, entry });
        for second in 1..100 {
            let (time, judged) = (from.plus(Span::s(second)), None);
            disk.append(&Record {
                time,
                entry: Entry::Tick { judged },
            });
        }
        disk.finish().unwrap();
        for record in kept.iter().filter(|_| number == 3) {
            let standing = Standing::amid(start.clone(), from).unwrap();
            save_snapshot(&snapshot_folder(&data), *record, &standing.to_bytes()).unwrap();
        }
    }
    harm(&journal);
    let first = Start {
        key: HashKey(3, 4),
        ..first
    };
    let taken = recover(&data, first.clone(), 1 << 20, NOW.plus(Span::s(9000))).unwrap();
    let start = &taken.standing.start;
    assert_eq!((start.epoch, start.key), (FAR + epoch, HashKey(1, 2)), "{told:?}");
    let file = |fault: &String| fault.replace(&format!("{}/", journal.display()), "");
    assert_eq!(taken.faults.iter().map(file).collect::<Vec<_>>(), told);
    drop(taken);
    // Only what is played again is told again.
    let again = recover(&data, first, 1 << 20, NOW.plus(Span::s(9001))).unwrap();
    assert!(again.standing.start.epoch > FAR + epoch);
    assert_eq!(again.faults.is_empty(), !kept.is_empty() || told.is_empty());
    assert!(again.disk.is_ok());
}

fn flip(file: &Path, at: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[at] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

fn shorten(file: &Path, to: usize) {
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..to]).unwrap();
}

#[test]
fn damage_keeps_no_service_from_starting_and_is_told_once() {
    check(&[], |_| (), 4, &[]);
    check(
        &[],
        |journal| flip(&journal.join("00000002.hwj"), 70),
        4,
        &["00000002.hwj is damaged at byte 0, record 101: its head is damaged"],
    );
    check(
        &[],
        |journal| shorten(&journal.join("00000002.hwj"), 0),
        4,
        &["00000002.hwj is damaged at byte 0, record 101: its head was never wholly written"],
    );
    check(
        &[],
        |journal| {
            compress_closed(&Folder(journal.to_owned()), 3).unwrap();
            shorten(&journal.join("00000001.hwj.zst"), 40);
        },
        4,
        &["00000001.hwj.zst is damaged at byte 0, record 1: it cannot be unpacked"],
    );
    // The last one's start is told by nothing else.
    check(
        &[],
        |journal| flip(&journal.join("00000003.hwj"), 70),
        3,
        &["00000003.hwj is damaged at byte 0, record 201: its head is damaged"],
    );
    check(
        &[],
        |journal| std::fs::create_dir(journal.join("00000004.hwj")).unwrap(),
        4,
        &["00000004.hwj is damaged at byte 0, record 301: it is a folder"],
    );
    check(&[], |journal| shorten(&journal.join("00000003.hwj"), 60), 3, &[]);
}

#[test]
fn a_journal_that_has_lost_its_end_or_its_beginning_is_told_of_and_the_epoch_does_not_fall() {
    check(
        &[250],
        |journal| std::fs::remove_file(journal.join("00000003.hwj")).unwrap(),
        4,
        &["records 201 to 250 are not there"],
    );
    check(
        &[250],
        |journal| std::fs::remove_dir_all(journal).unwrap(),
        4,
        &["records 1 to 250 are not there"],
    );
    let begins_late = |journal: &Path| {
        std::fs::remove_file(journal.join("00000001.hwj")).unwrap();
        std::fs::remove_file(journal.join("00000002.hwj")).unwrap();
    };
    check(&[], begins_late, 4, &["segments 1 to 2 are not there"]);
    check(&[10, 250, 260], begins_late, 4, &["segments 1 to 2 are not there"]);
    // Somebody cut it: the snapshot went too.
    check(&[250, 260], begins_late, 4, &[]);
}

fn now(service: &Service) -> Timestamp {
    let (_, list) = service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap();
    Timestamp::parse(list["now"].as_str().unwrap()).unwrap()
}

#[test]
fn time_goes_on_where_the_clock_is_a_day_behind_the_journal() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let ahead = clock::now().plus(Span::s(86_400));
    let config = written(&folder.0, radio.port, ahead, &[None; 100]);
    let service = Service::start(&config);
    until("people being told", || {
        !items(&service, "state=active&rule=system_clock").is_empty()
    });
    until("an alert", || !items(&service, "state=active&rule=fast").is_empty());
    let raised = items(&service, "state=active&rule=fast")[0]["raised"].clone();
    assert!(Timestamp::parse(raised.as_str().unwrap()).unwrap() > ahead.plus(Span::s(98)));
    let before = now(&service);
    assert!(before > ahead.plus(Span::s(98)) && before < ahead.plus(Span::s(900)));
    until("a later time", || now(&service) > before);
    service.kill();
}

#[test]
fn another_judgement_by_the_same_build_is_an_alarm_that_names_it() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let recorded = Judged { count: 7, digest: 9 };
    let began = clock::now().plus(Span::s(-60));
    let config = written(
        &folder.0,
        radio.port,
        began,
        &[None, None, Some(recorded), Some(recorded), None],
    );
    let service = Service::start(&config);
    let told = items(&service, "state=active&rule=system_recovery");
    let reason = told[0]["reason"].as_str().unwrap();
    for part in [
        "at 1 ticks",
        "00000001.hwj",
        "record 4 of",
        "that 7 transitions",
        "now they are 0",
    ] {
        assert!(reason.contains(part), "{part:?} is not in {reason:?}");
    }
    service.kill();
}

#[test]
fn what_was_wrong_ends_with_the_next_start_and_new_damage_is_told_anew() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let config = site(&folder.0, &folder.0.join("data"), radio.port, "");
    let snapshots_in = snapshot_folder(&folder.0.join("data"));
    let newest = || snapshots(&snapshots_in).unwrap().first().copied();
    let start = || {
        let before = newest();
        let service = Service::start(&config);
        until("a snapshot", || newest() != before);
        service
    };
    let damage = || {
        let newest = newest().unwrap();
        let path = snapshots_in.join(format!("{newest:020}.hws"));
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    };
    let told = |service: &Service| items(service, "state=active,acknowledged&rule=system_recovery");
    start().kill();
    damage();
    let service = start();
    let first = told(&service).remove(0);
    let path = format!("/api/v1/alerts/{}/acknowledge", first["alert"].as_str().unwrap());
    assert_eq!(service.ask("POST", &path, "").unwrap().0, 200);
    service.kill();
    damage();
    let service = start();
    let second = told(&service);
    assert_eq!((second.len(), &second[0]["state"]), (1, &"active".into()), "{second:?}");
    assert_ne!(
        (&second[0]["alert"], &second[0]["reason"]),
        (&first["alert"], &first["reason"])
    );
    service.kill();
    let service = start();
    until("the end of the alert", || told(&service).is_empty());
    service.kill();
}

/// The states of a rule's alerts, by id.
fn states(service: &Service, rule: &str) -> Vec<(Json, Json, Json)> {
    let mut all = items(
        service,
        &format!("rule={rule}&state=active,acknowledged,rectified,closed&limit=1000"),
    );
    let states = all
        .drain(..)
        .map(|alert| (alert["alert"].clone(), alert["state"].clone(), alert["reason"].clone()));
    states.collect()
}

#[test]
fn alerts_go_on_under_files_that_changed_and_end_with_their_rule() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    drop(radio);
    service.kill();
    let service = Service::start(&config);
    let before = states(&service, "fast");
    service.kill();

    let text = std::fs::read_to_string(&config).unwrap();
    let another = "[[rule]]\nid = \"anchored\"\nkind = \"nav_status\"\nstatuses = [1]\npriority = \"caution\"\n";
    let feed = "[[feed]]\nname = \"second\"\nkind = \"udp\"\nlisten = \"127.0.0.1:0\"\n";
    let changed = text.replace("limit_kn = 12.0", "limit_kn = 11.5");
    std::fs::write(&config, format!("{changed}{another}{feed}")).unwrap();
    let service = Service::start(&config);
    assert_eq!(states(&service, "fast"), before);
    service.kill();

    let renamed = changed.replace("id = \"fast\"", "id = \"faster\"");
    std::fs::write(&config, format!("{renamed}{feed}")).unwrap();
    let service = Service::start(&config);
    let after = states(&service, "fast");
    assert_eq!(after.len(), before.len());
    for ((id, state, reason), (_, was, _)) in after.iter().zip(&before) {
        if was == "active" || was == "acknowledged" {
            assert!(state == "rectified" || state == "closed", "{id} is {state}");
            assert_eq!(reason, "rule_removed", "{id}");
        }
    }
    service.kill();
}
