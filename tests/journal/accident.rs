//! The accident of a public operations room that drowned in 1 900 alerts of a rule edited by half, here over a port's
//! hour: it is tried from the nearest snapshot on, told in numbers, and refused.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use harborwatch::clock;
use harborwatch::config::{self, Purpose};
use harborwatch::journal::{Disk, Entry, Journal, Record, save_snapshot};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{Standing, Start, journal_folder, play_on, snapshot_folder};
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use serde_json::{Value as Json, json};

use super::changes::{put, rules, with};
use super::files::Temporary;
use super::kill::{Service, site};

const VESSELS: usize = 500;
/// The service of the time heard them so long, until now.
const HEARD_S: i64 = 75 * 60;
/// It kept a snapshot after so long.
const SNAPSHOT_S: i64 = 10 * 60;
/// How many alerts people drowned in.
const DROWNED: u64 = 1_900;

/// A vessel that is silent for ten minutes.
const QUIET: &str = "[[rule]]\nid = \"quiet\"\nkind = \"silence\"\nafter_s = 600\npriority = \"warning\"\n";

/// Writes a data folder as a service does that keeps one snapshot.
struct Recorder {
    disk: Disk,
    number: u64,
    /// The core up to the snapshot.
    standing: Option<Standing>,
    snapshots: PathBuf,
    snapshot_at: Timestamp,
}

impl Recorder {
    fn put(&mut self, time: Timestamp, entry: Entry<'_>) {
        let record = Record { time, entry };
        self.disk.append(&record);
        self.disk.write().unwrap();
        self.number += 1;
        if self.number > 1 && self.standing.is_none() {
            return;
        }
        play_on(&mut self.standing, self.number, &record).unwrap();
        if time >= self.snapshot_at {
            let state = self.standing.take().unwrap().to_bytes();
            save_snapshot(&self.snapshots, self.number, &state).unwrap();
        }
    }
}

/// A site whose data folder holds what a service heard until now.
fn heard(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    let path = site(folder, &data, 1, "");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text + QUIET).unwrap();
    let config = config::load(&path, Purpose::Service).unwrap();
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    let start = Start::first(&config, &feeds, HashKey(1, 2)).to_bytes();
    let from = clock::now().plus(Span::s(-HEARD_S));
    let mut recorder = Recorder {
        disk: Disk::open(&journal_folder(&data), 4 << 20, from, 0).unwrap().0,
        number: 0,
        standing: None,
        snapshots: snapshot_folder(&data),
        snapshot_at: from.plus(Span::s(SNAPSHOT_S)),
    };
    recorder.put(from, Entry::Start(&start));
    let scenario = Scenario::named("kinmen").unwrap();
    let mut simulation = Simulation::new(&scenario, 7, Some(VESSELS), from);
    let mut second = from.floor_s();
    loop {
        let heard = simulation.next_line();
        if heard.time >= from.plus(Span::s(HEARD_S)) {
            break;
        }
        while second < heard.time.floor_s() {
            second += 1;
            recorder.put(Timestamp::from_s(second), Entry::Tick { judged: None });
        }
        let (feed, line) = (FeedId(0), Some(heard.line.as_bytes()));
        recorder.put(heard.time, Entry::Line { feed, line });
    }
    recorder.disk.finish().unwrap();
    path
}

/// What `review` finds over the same traffic, from the beginning of the journal on.
fn reviewed(folder: &Path, from: &Json) -> Json {
    let text = std::fs::read_to_string(folder.join("site.toml")).unwrap();
    let proposed = folder.join("proposed.toml");
    std::fs::write(&proposed, text.replace("after_s = 600", "after_s = 60")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["review", "--json", "--from", from.as_str().unwrap(), "--baseline"])
        .arg(folder.join("site.toml"))
        .arg("--proposed")
        .args([&proposed, &folder.join("data")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_rule_that_lost_a_digit_is_refused_with_the_numbers_of_what_it_would_have_done() {
    let folder = Temporary::new();
    let service = Service::start(&heard(&folder.0));
    let stands = rules(&service);
    let half = with(&stands, "quiet", "after_s", json!(60));

    let (status, tried) = put(&service, 1, "?dry_run_h=1&save=false", &half);
    let run = &tried["dry_run"];
    let alerts = run["proposed"]["alerts"].as_u64().unwrap();
    assert!(status == 200 && alerts > DROWNED, "{status} {}", run["proposed"]);
    let told = tried["refused"][0]["what"].as_str().unwrap();
    assert!(told.contains(&format!("would raise {alerts} alerts")), "{told}");
    assert_eq!(
        run["by_rule"]["quiet"]["come"],
        json!(run["come"].as_array().unwrap().len())
    );

    let (status, refused) = put(&service, 1, "", &half);
    assert_eq!(status, 409, "{refused}");
    assert_eq!(refused["type"], "/problems/too_many_alerts");
    assert!(
        refused["errors"][0]["want"].as_str().unwrap().contains("force=true"),
        "{refused}"
    );
    assert_eq!(rules(&service), stands, "nothing was saved");
    assert_eq!(service.ask("GET", "/api/v1/rules/versions", "").unwrap().1["total"], 1);

    // What the nearest snapshot gave is what the whole journal gives.
    let reviewed = reviewed(&folder.0, &run["from"]);
    for key in [
        "come", "go", "move", "by_rule", "by_zone", "by_class", "by_hour", "flags", "vessels",
    ] {
        assert_eq!(run[key], reviewed[key], "{key}");
    }

    let (status, saved) = put(&service, 1, "?force=true", &half);
    assert_eq!((status, &saved["version"]), (200, &json!(2)), "{saved}");
    service.kill();
}
