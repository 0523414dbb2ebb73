//! The past: what stood at a time, by the nearest snapshot and the journal after it.

use std::path::Path;
use std::sync::Arc;

use harborwatch::clock;
use harborwatch::config::{self, Purpose};
use harborwatch::feeds::{FeedSettings, Input, Pace};
use harborwatch::journal::{Entry, Journal, Record, save_snapshot};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{self, Start, recover, snapshot_folder};
use harborwatch::time::{Span, Timestamp};
use serde_json::Value as Json;

use crate::faults::until;
use crate::files::{NOW, Temporary};
use crate::kill::{Radio, Service, site};

fn first() -> Start {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = config::load(&root.join("fixtures/acceptance/speed/config.toml"), Purpose::Replay).unwrap();
    let input = Input::File {
        path: "feed.nmea".into(),
        follow: false,
        pace: Pace::Fast,
    };
    Start::first(&config, &[Arc::new(FeedSettings::new("feed", input))], HashKey(1, 2))
}

#[test]
fn what_stood_at_a_time_is_found_again() {
    let folder = Temporary::new();
    let recovered = recover(&folder.0, first(), 1 << 20, NOW).unwrap();
    let (mut disk, mut standing) = (recovered.disk.unwrap(), recovered.standing);
    let feed = include_str!("../../fixtures/acceptance/speed/feed.nmea");
    let mut states = vec![(NOW, standing.to_bytes())];
    for (n, line) in (1..).zip(feed.lines()) {
        let entry = match n % 5 {
            0 => Entry::Tick { judged: None },
            _ => Entry::Line {
                feed: FeedId(0),
                line: Some(line.as_bytes()),
            },
        };
        let time = NOW.plus(Span::s(n));
        let record = Record { time, entry };
        disk.append(&record);
        let number = disk.write().unwrap();
        standing.play(number, &record).unwrap();
        states.push((time, standing.to_bytes()));
        if n == 50 || n == 100 {
            save_snapshot(&snapshot_folder(&folder.0), number, &standing.to_bytes()).unwrap();
        }
    }
    let tail = disk.tail();
    let at = |at| service::standing_at(&folder.0, at, Some(tail.clone()), || true).unwrap();
    for (time, state) in states.iter().step_by(7) {
        assert!(at(*time).unwrap().to_bytes() == *state, "{time}");
        assert!(at(time.plus(Span(999))).unwrap().to_bytes() == *state, "{time}");
    }
    assert!(
        at(NOW.plus(Span(-1))).is_none(),
        "the journal does not reach back so far"
    );
    let newest = service::standing_at(&folder.0, Timestamp::MAX, Some(tail.clone()), || false).unwrap();
    assert!(
        newest.unwrap().to_bytes() == states[100].1,
        "who has gone is not worked for"
    );
}

/// Time passes while the service is away, as it does in a replay; the end of the journal is the end of what is known.
#[test]
fn amid_an_absence_it_stands_as_a_replay_has_it() {
    let folder = Temporary::new();
    for begun in [0, 100] {
        let recovered = recover(&folder.0, first(), 1 << 20, NOW.plus(Span::s(begun))).unwrap();
        let mut disk = recovered.disk.unwrap();
        let time = NOW.plus(Span::s(begun + 10));
        disk.append(&Record {
            time,
            entry: Entry::Tick { judged: None },
        });
        disk.finish().unwrap();
    }
    for (asked, stands) in [
        (5, 0),
        (10, 10),
        (60, 60),
        (99, 99),
        (100, 100),
        (105, 100),
        (110, 110),
        (300, 110),
    ] {
        let at = NOW.plus(Span::s(asked));
        let standing = service::standing_at(&folder.0, at, None, || true).unwrap();
        let now = standing.unwrap().player.core.traffic().now();
        assert_eq!(now.since(NOW), Span::s(stands), "at {asked}");
    }
}

#[test]
fn what_stood_behind_damage_is_found_again() {
    let folder = Temporary::new();
    let tick = |seconds| Record {
        time: NOW.plus(Span::s(seconds)),
        entry: Entry::Tick { judged: None },
    };
    for begun in [0, 100] {
        let recovered = recover(&folder.0, first(), 1 << 20, NOW.plus(Span::s(begun))).unwrap();
        let mut disk = recovered.disk.unwrap();
        for second in 1..50 {
            disk.append(&tick(begun + second));
            disk.write().unwrap();
        }
        disk.finish().unwrap();
    }
    let now = |seconds| {
        let time = tick(seconds).time;
        let standing = service::standing_at(&folder.0, time, None, || true).unwrap();
        standing.unwrap().player.core.traffic().now().since(NOW).as_s()
    };
    assert_eq!((now(20), now(130)), (20.0, 130.0));
    let segment = service::journal_folder(&folder.0).join("00000001.hwj");
    let mut bytes = std::fs::read(&segment).unwrap();
    let near_its_end = bytes.len() - 300;
    for at in [near_its_end, 70] {
        bytes[at] ^= 1;
        std::fs::write(&segment, &bytes).unwrap();
        assert_eq!(now(130), 130.0);
    }
}

#[test]
fn trails_reach_back_before_the_start() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let config = site(&folder.0, &folder.0.join("data"), radio.port, "");
    let points = |service: &Service, mmsi: &Json| -> Vec<Json> {
        let track = service.ask("GET", &format!("/api/v1/vessels/{mmsi}/track"), "");
        let (_, track) = track.unwrap();
        track["points"].as_array().cloned().unwrap_or_default()
    };
    let service = Service::start(&config);
    let mut moved = Vec::new();
    until("vessels that have moved", || {
        let (_, list) = service.ask("GET", "/api/v1/vessels?limit=500", "").unwrap();
        let known = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|vessel| vessel["mmsi"].clone());
        moved = known
            .map(|mmsi| (points(&service, &mmsi), mmsi))
            .filter(|(points, _)| points.len() > 2)
            .collect();
        moved.len() > 20
    });
    service.kill();
    // Over two starts, and while others come.
    Service::start(&config).kill();
    drop(radio);
    let service = Service::start(&config);
    for (before, mmsi) in &moved {
        until("the trail of a vessel", || points(&service, mmsi).starts_with(before));
    }
    service.kill();
}

#[test]
fn no_trail_is_recalled_whose_points_would_name_another_feed() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let config = site(&folder.0, &folder.0.join("data"), radio.port, "");
    let service = Service::start(&config);
    let vessels = |service: &Service| -> Vec<Json> {
        let (_, list) = service.ask("GET", "/api/v1/vessels?limit=500", "").unwrap();
        let items = list["items"].as_array().unwrap();
        items.iter().map(|vessel| vessel["mmsi"].clone()).collect()
    };
    until("most of the vessels", || {
        let (_, list) = service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap();
        list["total"].as_u64().unwrap() > 1_500
    });
    service.kill();
    let killed = clock::now();
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("\"radio\"", "\"mast\"")).unwrap();
    let service = Service::start(&config);
    let (began, late) = (clock::now(), Span::s(1));
    until("as long as a recall takes", || clock::now().since(began) > late);
    for mmsi in vessels(&service) {
        let (_, track) = service
            .ask("GET", &format!("/api/v1/vessels/{mmsi}/track"), "")
            .unwrap();
        for point in track["points"].as_array().into_iter().flatten() {
            let time = Timestamp::parse(point["time"].as_str().unwrap()).unwrap();
            assert!(time > killed && point["feed"] == "mast", "{point}");
        }
    }
    service.kill();
}
