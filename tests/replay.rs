//! `replay` as its users run it: the alerts that must come, and the same bytes each time, however the input is cut.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

/// Members of an expected alert that must stand in its raising.
const SAME: [&str; 9] = [
    "rule",
    "mmsi",
    "other_mmsi",
    "zone",
    "reason",
    "kind",
    "priority",
    "value",
    "limit",
];

fn replay(config: &Path, feed: &Path) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["replay", "--config"])
        .args([config, feed])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acceptance");
    let mut cases: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 7);
    cases
}

fn lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each alert as it was raised, with the times of its further steps.
fn alerts(told: &[Json]) -> Vec<Json> {
    let mut alerts: Vec<Json> = Vec::new();
    for (n, step) in (1..).zip(told) {
        assert_eq!(step["seq"], n);
        let name = step["transition"].as_str().unwrap();
        if name == "raised" {
            let mut alert = step.clone();
            alert["raised"] = step["time"].clone();
            alerts.push(alert);
        } else {
            let alert = alerts.iter_mut().find(|alert| alert["alert"] == step["alert"]).unwrap();
            alert[name] = step["time"].clone();
        }
    }
    alerts
}

fn fits(wanted: &Json, alert: &Json) -> bool {
    let same = |key: &str| {
        let (wanted, found) = (&wanted[key], &alert[key]);
        wanted.is_null() || wanted == found || (wanted.is_number() && wanted.as_f64() == found.as_f64())
    };
    SAME.iter().all(|key| same(key))
        && ["raised", "rectified", "closed"]
            .iter()
            .all(|key| wanted[*key] == alert[*key])
}

#[test]
fn every_case_tells_its_alerts_and_no_others() {
    for case in cases() {
        let output = replay(&case.join("config.toml"), &case.join("feed.nmea"));
        let mut found = alerts(&lines(&String::from_utf8(output.stdout).unwrap()));
        for wanted in lines(&std::fs::read_to_string(case.join("expected.jsonl")).unwrap()) {
            let at = found.iter().position(|alert| fits(&wanted, alert));
            let at = at.unwrap_or_else(|| panic!("{}: missing {wanted}", case.display()));
            found.remove(at);
        }
        assert_eq!(found, Vec::<Json>::new(), "{}: not expected", case.display());
    }
}

#[test]
fn the_same_bytes_come_out_each_time_and_however_the_input_is_cut() {
    let folder = std::env::temp_dir().join(format!("harborwatch-cut-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut chance = 12_345_u64;
    for case in cases() {
        let (config, feed) = (case.join("config.toml"), case.join("feed.nmea"));
        let whole = replay(&config, &feed).stdout;
        assert_eq!(replay(&config, &feed).stdout, whole, "{}", case.display());
        let pipe = folder.join("feed.nmea");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let bytes = std::fs::read(&feed).unwrap();
        let cut = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut pipe = File::options().write(true).open(&pipe).unwrap();
                let mut rest = &bytes[..];
                while !rest.is_empty() {
                    // A linear congruential generator: seeded, and good enough to cut anywhere.
                    chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let (head, tail) = rest.split_at(((chance >> 40) as usize % 200 + 1).min(rest.len()));
                    pipe.write_all(head).unwrap();
                    rest = tail;
                }
            });
            replay(&config, &pipe).stdout
        });
        assert_eq!(cut, whole, "{}", case.display());
        std::fs::remove_file(&pipe).unwrap();
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_summary_says_what_was_read() {
    let case = &cases()[0];
    let summary = std::env::temp_dir().join(format!("harborwatch-summary-{}.json", std::process::id()));
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["replay", "--config"])
        .args([case.join("config.toml"), case.join("feed.nmea")])
        .arg("--summary")
        .arg(&summary)
        .output()
        .unwrap();
    assert!(output.status.success());
    let told: Json = serde_json::from_str(&std::fs::read_to_string(&summary).unwrap()).unwrap();
    std::fs::remove_file(&summary).unwrap();
    let keys: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = [
        "sentences",
        "messages",
        "reports",
        "vessels",
        "alerts_raised",
        "elapsed_s",
        "sentences_per_s",
        "peak_rss_bytes",
        "times",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(told["times"], "stamped");
    assert!(told["vessels"].as_u64() > Some(0));
}

#[test]
fn a_bad_configuration_ends_with_2_and_names_its_mistakes() {
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["replay", "--config", "no-such.toml", "feed.nmea"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("no-such.toml"), "{told}");
    assert!(told.ends_with("\n1 mistake; nothing was started\n"), "{told}");
}

/// A line as it is, but for another stamp and a wrong checksum or none.
fn spoilt(line: &str, seconds: i64, ending: &str) -> String {
    let mut parts = line.splitn(3, '\\').skip(1);
    let (tag, sentence) = (parts.next().unwrap(), parts.next().unwrap());
    let stamp = tag.split(['c', ':', '*']).rev().nth(1).unwrap();
    let text = tag.split('*').next().unwrap();
    let text = text.replace(stamp, &(stamp.parse::<i64>().unwrap() + seconds).to_string());
    let sum = text.bytes().fold(0, |sum, byte| sum ^ byte);
    let body = sentence.split('*').next().unwrap();
    format!("\\{text}*{sum:02X}\\{body}{ending}\n")
}

#[test]
fn it_begins_at_the_first_sound_sentence() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acceptance/speed");
    let (config, feed) = (case.join("config.toml"), case.join("feed.nmea"));
    let text = std::fs::read_to_string(&feed).unwrap();
    let first = text.lines().next().unwrap();
    let wanted = replay(&config, &feed).stdout;
    assert!(!wanted.is_empty());
    let spoilt_feed = std::env::temp_dir().join(format!("harborwatch-spoilt-{}.nmea", std::process::id()));
    for (seconds, ending) in [(3600, "*00"), (90_000, "*00"), (-500, ""), (3600, "")] {
        let line = spoilt(first, seconds, ending);
        assert_ne!(line.trim_end(), first);
        std::fs::write(&spoilt_feed, format!("{line}{text}")).unwrap();
        assert_eq!(replay(&config, &spoilt_feed).stdout, wanted, "{line}");
    }
    std::fs::remove_file(&spoilt_feed).unwrap();
}
