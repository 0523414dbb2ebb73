//! The system's clock set by a day either way under a running service: nobody was silent, nothing is raised twice, no
//! track goes back, and what was told is what a replay of the journal tells.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use harborwatch::time::Timestamp;
use serde_json::Value as Json;

use super::faults::{items, until};
use super::files::Temporary;
use super::kill::{Radio, Service, replayed, site, steps};
use super::served::Served;

const DAY_S: i64 = 86_400;
/// Vessels whose tracks are looked at.
const TRACKS: usize = 20;
/// What may not be told of a day that did not pass.
const SILENCES: &str = r#"[[rule]]
id = "silent"
kind = "silence"
after_s = 120
priority = "warning"
[[rule]]
id = "feed-silent"
kind = "feed_silence"
priority = "warning"
"#;

/// The library of Debian's package `libfaketime`, which says what time it is to a program that asks the system's clock,
/// and leaves alone the one that only runs on.
fn faketime() -> Option<PathBuf> {
    let libraries = Path::new("/usr/lib").read_dir().ok()?;
    let mut found = libraries.filter_map(|folder| Some(folder.ok()?.path().join("faketime/libfaketimeMT.so.1")));
    found.find(|library| library.exists())
}

fn now(service: &Service) -> Timestamp {
    let (_, list) = service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap();
    Timestamp::parse(list["now"].as_str().unwrap()).unwrap()
}

/// The times of a vessel's track; they never go back.
fn track(service: &Service, mmsi: &Json) -> Vec<Timestamp> {
    let (_, track) = service
        .ask("GET", &format!("/api/v1/vessels/{mmsi}/track"), "")
        .unwrap();
    let points = track["points"].as_array().unwrap().iter();
    let times: Vec<_> = points
        .map(|point| Timestamp::parse(point["time"].as_str().unwrap()).unwrap())
        .collect();
    assert!(times.is_sorted(), "the track of {mmsi} goes back: {times:?}");
    times
}

/// No alert may be raised of what one stands of already.
fn nothing_is_raised_twice(steps: &[Json]) {
    let mut standing = BTreeSet::new();
    for step in steps {
        let key = format!(
            "{} {} {} {}",
            step["rule"], step["mmsi"], step["other_mmsi"], step["zone"]
        );
        match step["transition"].as_str().unwrap() {
            "raised" => assert!(standing.insert(key), "raised twice: {step}"),
            "rectified" => assert!(standing.remove(&key), "never raised: {step}"),
            _ => {}
        }
    }
}

/// Sets the clock by so many seconds under a service that hears 5 000 lines a second; `reason` is how the alert of it
/// begins.
fn check(by_s: i64, reason: &str) {
    let Some(library) = faketime() else {
        eprintln!("libfaketime is not installed: no clock is set");
        return;
    };
    let folder = Temporary::new();
    let (data, clock) = (folder.0.join("data"), folder.0.join("clock"));
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, &format!("sync_ms = 200\n{SILENCES}"));
    std::fs::write(&clock, "+0\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    command
        .args(["serve", "--config"])
        .arg(&config)
        .env("RUST_LOG", "error");
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", &clock);
    command
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let service = Service(Served::of(&mut command));
    until("an alert", || !items(&service, "state=active&rule=fast").is_empty());
    let (_, before) = service.alerts();
    let (was, vessels) = (now(&service), items_of(&service, "vessels"));

    // In one step: a half-written file would be no time.
    std::fs::write(folder.0.join("then"), format!("{by_s:+}\n")).unwrap();
    std::fs::rename(folder.0.join("then"), &clock).unwrap();
    let told = "state=active,acknowledged,rectified,closed&rule=system_clock";
    until("people being told", || !items(&service, told).is_empty());
    let begins = items(&service, told)[0]["reason"].as_str().unwrap().to_owned();
    assert!(begins.starts_with(reason), "{begins}");
    let step = Timestamp::from_s(was.floor_s() + by_s.max(0));
    until("three seconds more", || now(&service).floor_s() > step.floor_s() + 3);
    let tracks: Vec<_> = vessels.iter().map(|vessel| track(&service, &vessel["mmsi"])).collect();
    assert!(tracks.iter().any(|times| times.last().is_some_and(|last| *last > step)));

    drop(radio);
    let (now, alerts) = service.alerts_later();
    assert!(before.keys().all(|id| alerts.contains_key(id)));
    service.kill();
    let steps = steps(&config, &data, now);
    nothing_is_raised_twice(&steps);
    assert!(
        steps
            .iter()
            .all(|step| step["kind"] != "silence" && step["kind"] != "feed_silence")
    );
    let states: Vec<_> = replayed(&steps)
        .into_iter()
        .map(|(id, (state, ..))| (id, state))
        .collect();
    assert_eq!(alerts.into_iter().collect::<Vec<_>>(), states);
}

fn items_of(service: &Service, list: &str) -> Vec<Json> {
    let (_, list) = service
        .ask("GET", &format!("/api/v1/{list}?limit={TRACKS}"), "")
        .unwrap();
    list["items"].as_array().cloned().unwrap()
}

#[test]
fn set_forward_by_a_day() {
    check(DAY_S, "+86400 s");
}

#[test]
fn set_back_by_a_day() {
    check(-DAY_S, "-86");
}
