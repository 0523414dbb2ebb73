//! What becomes of a journal that reaches back farther than is to be kept.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use harborwatch::alerts::Priority;
use harborwatch::clock;
use harborwatch::config::{self, Purpose};
use harborwatch::journal::{
    Disk, Entry, Folder, Journal, Reader, Record, Verify, cut_snapshots, save_snapshot, save_snapshot_after_gap, size,
    snapshots,
};
use harborwatch::report::HashKey;
use harborwatch::service::{Start, journal_folder, play_on, snapshot_folder};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Order;

use super::faults::{items, until};
use super::files::Temporary;
use super::kill::{Radio, Service, site};

fn days_ago(days: i64) -> Timestamp {
    clock::now().plus(Span::s(-86_400 * days))
}

/// A site whose service began so many days ago, each time for a moment; each time a caution was raised and closed.
fn aged(folder: &Path, feed: u16, begun: &[i64], retention: &str) -> PathBuf {
    let data = folder.join("data");
    let path = site(folder, &data, feed, &format!("sync_ms = 200\n[retention]\n{retention}"));
    let config = config::load(&path, Purpose::Service).unwrap();
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    let start = Start::first(&config, &feeds, HashKey(1, 2)).to_bytes();
    let raise = Order::Raise {
        kind: "system_disk".into(),
        priority: Priority::Caution,
        reason: "1 MB".into(),
    };
    let rectify = Order::Rectify {
        kind: "system_disk".into(),
    };
    for days in begun {
        let time = days_ago(*days);
        let (mut disk, _) = Disk::open(&journal_folder(&data), 1 << 20, time, 0).unwrap();
        for entry in [
            Entry::Start(&start),
            Entry::Order(&raise.to_bytes()),
            Entry::Order(&rectify.to_bytes()),
        ] {
            disk.append(&Record { time, entry });
        }
        disk.finish().unwrap();
    }
    path
}

fn held(data: &Path) -> u64 {
    size(&Folder(journal_folder(data))).unwrap().first
}

fn journal(arguments: &[&str], data: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let output = command.arg("journal").args(arguments).arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Segments are deleted up to the first that is left, and that they were is a record.
fn check(begun: &[i64], retention: &str, first: u64) {
    let (folder, radio) = (Temporary::new(), Radio::start());
    let config = aged(&folder.0, radio.port, begun, retention);
    let data = folder.0.join("data");
    let service = Service::start(&config);
    until("a shorter journal", || held(&data) == first);
    until("a record of it", || {
        journal(&["info"], &data).contains(&format!("segments up to {}", first - 1))
    });
    assert!(items(&service, "rule=system_retention").is_empty());
    service.kill();
}

#[test]
fn segments_go_when_their_days_are_over() {
    check(&[100, 99, 1], "raw_days = 30", 2);
    check(&[100, 99, 98, 1], "raw_days = 30", 3);
    check(&[100, 99, 98, 1], "positions_days = 30", 3);
}

#[test]
fn a_clock_that_is_ahead_deletes_nothing_and_people_are_told() {
    let (folder, radio) = (Temporary::new(), Radio::start());
    let config = aged(&folder.0, radio.port, &[100, 80, 60, 1], "raw_days = 30");
    let data = folder.0.join("data");
    let told = |service: &Service| items(service, "state=active&rule=system_retention").pop();
    let service = Service::start(&config);
    until("people being told", || told(&service).is_some());
    let reason = told(&service).unwrap()["reason"].to_string();
    assert!(reason.contains(&days_ago(100).to_string()[..10]), "{reason}");
    assert_eq!(held(&data), 1);
    service.kill();
    journal(&["cut", "--before", &days_ago(30).to_string()], &data);
    assert_eq!(held(&data), 3);
    let service = Service::start(&config);
    until("the end of the alert", || told(&service).is_none());
    service.kill();
}

/// Keeps a snapshot of the core as it stands after a record.
fn keep_snapshot_after(record: u64, data: &Path) {
    let mut reader = Reader::new(Box::new(Folder(journal_folder(data))), 0, Verify::Seals).unwrap();
    let mut standing = None;
    while let Some((number, entry)) = reader.next_record().unwrap()
        && number <= record
    {
        play_on(&mut standing, number, &entry).unwrap();
    }
    save_snapshot(&snapshot_folder(data), record, &standing.unwrap().to_bytes()).unwrap();
}

#[test]
fn what_a_restart_needs_is_never_cut_and_what_is_cut_is_recorded() {
    let folder = Temporary::new();
    aged(&folder.0, 9, &[100, 80, 60, 40, 1], "raw_days = 30");
    let data = folder.0.join("data");
    let cut = || journal(&["cut", "--before", &days_ago(30).to_string()], &data);
    let told = cut();
    assert!(told.contains("segments 1 to 3 stay"), "{told}");
    assert_eq!(held(&data), 1);
    // Three records a segment.
    keep_snapshot_after(6, &data);
    let told = cut();
    for part in ["segments up to 2 are deleted", "segments 3 to 3 stay"] {
        assert!(told.contains(part), "{part:?} is not in {told:?}");
    }
    assert_eq!(held(&data), 3);
    let info = journal(&["info"], &data);
    assert!(
        info.contains("\ncut ") && info.contains(", segments up to 2\n"),
        "{info}"
    );
    journal(&["check"], &data);
}

#[test]
fn closed_alerts_go_when_their_days_are_over() {
    let (folder, radio) = (Temporary::new(), Radio::start());
    let config = aged(&folder.0, radio.port, &[9, 5, 3], "alerts_days = 4");
    let service = Service::start(&config);
    let closed = || items(&service, "state=closed&rule=system_disk");
    until("one closed alert alone", || closed().len() == 1);
    assert!(closed()[0]["closed"].as_str().unwrap() > &*days_ago(4).to_string());
    service.kill();
    let again = Service::start(&config);
    assert_eq!(items(&again, "state=closed&rule=system_disk").len(), 1);
    again.kill();
}

#[test]
fn snapshots_before_the_journal_go_with_it() {
    let folder = Temporary::new();
    let apart = 10_000_000;
    for record in [1, 2, 3, 4].map(|n| n * apart) {
        save_snapshot(&folder.0, record, b"a core").unwrap();
    }
    let check = |first, left: &[u64]| {
        cut_snapshots(&folder.0, first).unwrap();
        let wanted: Vec<_> = left.iter().map(|n| n * apart).collect();
        assert_eq!(snapshots(&folder.0).unwrap(), wanted);
    };
    check(apart, &[4, 3, 2, 1]);
    check(apart + 1, &[4, 3, 2]);
    check(9 * apart, &[4, 3]);
    save_snapshot_after_gap(&folder.0, 3 * apart + 1, b"a core").unwrap();
    for record in 5..9 {
        save_snapshot(&folder.0, 3 * apart + record, b"a core").unwrap();
    }
    let kept = |record| snapshots(&folder.0).unwrap().contains(&(3 * apart + record));
    assert!(kept(1) && !kept(5), "what follows a gap is kept");
    cut_snapshots(&folder.0, 9 * apart).unwrap();
    assert!(!kept(1));
    let files = folder.0.read_dir().unwrap().count();
    assert_eq!(files, snapshots(&folder.0).unwrap().len(), "nothing is left of it");
}
