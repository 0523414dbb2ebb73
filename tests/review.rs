//! `review` as its users run it: what comes, goes and moves, what a sweep finds, and what may not be tried.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value as Json, json};

fn case(name: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/acceptance")
        .join(name)
        .join(file)
}

/// A folder with two configurations of a case, the second with some text replaced.
struct Two {
    folder: PathBuf,
    feed: PathBuf,
}

impl Two {
    fn of(name: &str, replaced: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("harborwatch-review-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text = std::fs::read_to_string(case(name, "config.toml")).unwrap();
        let mut changed = text.clone();
        for (old, new) in replaced {
            assert!(changed.contains(old), "{old}");
            changed = changed.replace(old, new);
        }
        std::fs::write(folder.join("baseline.toml"), text).unwrap();
        std::fs::write(folder.join("proposed.toml"), changed).unwrap();
        std::fs::copy(case(name, "zones.geojson"), folder.join("zones.geojson")).unwrap();
        let feed = case(name, "feed.nmea");
        Self { folder, feed }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    fn run(&self, command: &str, more: &[&str]) -> Output {
        let mut run = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
        run.arg(command).args(more);
        if command == "review" {
            run.arg("--baseline").arg(self.path("baseline.toml"));
            run.arg("--proposed").arg(self.path("proposed.toml"));
        } else {
            run.arg("--config").arg(self.path("proposed.toml"));
        }
        run.arg(&self.feed).output().unwrap()
    }

    fn review(&self, more: &[&str]) -> Json {
        let more: Vec<&str> = more.iter().copied().chain(["--json"]).collect();
        let output = self.run("review", &more);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// How often a replay under the proposed raises an alert.
    fn replayed(&self) -> usize {
        let output = self.run("replay", &[]);
        let told = String::from_utf8(output.stdout).unwrap();
        told.lines()
            .filter(|line| line.contains(r#""transition":"raised""#))
            .count()
    }
}

impl Drop for Two {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The vessels of a list of alerts.
fn vessels(alerts: &Json) -> Vec<u64> {
    let alerts = alerts.as_array().unwrap();
    alerts.iter().map(|alert| alert["mmsi"].as_u64().unwrap()).collect()
}

/// The rule's exemption.
const PATROLS: &str = r#"vessels = { not_classes = ["law_enforcement"] }"#;

fn check(replaced: &[(&str, &str)], come: &[u64], go: &[u64], shifts: &[f64]) {
    let two = Two::of("speed", replaced);
    let found = two.review(&[]);
    assert_eq!(vessels(&found["come"]), come, "{replaced:?}");
    assert_eq!(vessels(&found["go"]), go, "{replaced:?}");
    let moved = found["move"].as_array().unwrap();
    let found_shifts: Vec<f64> = moved.iter().map(|moved| moved["shift_s"].as_f64().unwrap()).collect();
    assert_eq!(found_shifts, shifts, "{replaced:?}");
    assert_eq!(found["baseline"]["alerts"], 1);
    assert_eq!(found["proposed"]["alerts"], two.replayed(), "{replaced:?}");
    let counts = &found["by_rule"];
    if !come.is_empty() || !shifts.is_empty() || !go.is_empty() {
        let all: u64 = counts
            .as_object()
            .unwrap()
            .values()
            .map(|rule| rule["come"].as_u64().unwrap())
            .sum();
        assert_eq!(all, come.len() as u64);
    }
}

#[test]
fn alerts_come_go_and_move() {
    check(&[], &[], &[], &[]);
    check(&[("limit_kn = 8.0", "limit_kn = 90.0")], &[], &[416_000_011], &[]);
    check(&[("for_s = 30", "for_s = 40")], &[], &[], &[10.0]);
    check(&[("for_s = 30", "for_s = 20")], &[], &[], &[-10.0]);
    check(&[("for_s = 30", "for_s = 0")], &[416_000_012], &[], &[-30.0]);
    check(&[(PATROLS, "")], &[416_000_013], &[], &[]);
    check(
        &[("priority =", "mode = \"shadow\"\npriority =")],
        &[],
        &[416_000_011],
        &[],
    );
    check(
        &[(r#"id = "slow""#, r#"id = "slower""#)],
        &[416_000_011],
        &[416_000_011],
        &[],
    );
}

#[test]
fn a_setting_counts_as_many_alerts_as_a_replay_under_it() {
    let two = Two::of("speed", &[]);
    let found = two.review(&["--sweep", "slow.limit_kn=0,8,9.5,90", "--sweep", "slow.for_s=0,30"]);
    let settings = found["settings"].as_array().unwrap();
    assert_eq!(settings.len(), 8);
    for setting in settings {
        let of = |key: &str| setting["set"][format!("slow.{key}")].to_string();
        let (limit, patience) = (
            format!("limit_kn = {}", of("limit_kn")),
            format!("for_s = {}", of("for_s")),
        );
        let alone = Two::of("speed", &[("limit_kn = 8.0", &limit), ("for_s = 30", &patience)]);
        assert_eq!(setting["alerts"], alone.replayed(), "{}", setting["set"]);
        assert_eq!(
            alone.review(&[])["proposed"]["alerts"],
            setting["alerts"],
            "{}",
            setting["set"]
        );
    }
    let nothing = json!([{"rule": "slow", "matches": "nothing"}]);
    assert_eq!(settings[6]["flags"], nothing, "a limit of 90 knots");
    assert_eq!(settings[0]["flags"], json!([]), "of two vessels, nobody can tell");
    let all = Two::of("speed", &[(PATROLS, ""), ("limit_kn = 8.0", "limit_kn = 0.0")]).review(&[]);
    assert_eq!(all["flags"], json!([{"rule": "slow", "matches": "everything"}]));
}

#[test]
fn what_makes_another_picture_or_no_sense_is_refused() {
    let refused = |replaced: &[(&str, &str)], more: &[&str], why: &str| {
        let output = Two::of("speed", replaced).run("review", more);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(why), "{told}");
        assert!(output.stdout.is_empty());
    };
    refused(
        &[("[zones]", "[track]\nlost_after_s = 700\n[zones]")],
        &[],
        "proposed.toml:7: track is not as in the baseline",
    );
    refused(
        &[("Asia/Taipei", "Asia/Tokyo")],
        &[],
        "site.timezone is not as in the baseline",
    );
    refused(&[("limit_kn = 8.0", "limit_kn = 800.0")], &[], "limit_kn");
    refused(
        &[],
        &["--sweep", "fast.limit_kn=1,2"],
        "fast.limit_kn begins with no rule",
    );
    refused(&[], &["--sweep", "slow.limit_kn=1,lots"], "limit_kn is \"lots\"");
    refused(&[], &["--sweep", "slow.limit=1"], "limit");
    refused(&[], &["--sweep", "slow"], "RULE.PARAM=a,b,c");
}

#[test]
fn the_page_stands_by_itself_in_both_languages() {
    let two = Two::of("speed", &[("for_s = 30", "for_s = 0")]);
    let page = two.path("page.html");
    let output = two.run(
        "review",
        &["--html", page.to_str().unwrap(), "--why", "<b>too late</b>"],
    );
    assert!(output.status.success());
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("proposed") && table.contains("slow"), "{table}");
    let page = std::fs::read_to_string(page).unwrap();
    for part in [
        "新增 1 · come",
        "測試港 · Test Harbour",
        "&lt;b&gt;too late&lt;/b&gt;",
        "<path class=\"come\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for foreign in ["<script", "http", "src=", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

/// A line under a tag block whose source is a simulator.
fn as_simulated(line: &str) -> String {
    let (tag, sentence) = line.trim_start_matches('\\').split_once('\\').unwrap();
    let fields = tag.split_once('*').unwrap().0.replace("s:", "s:SIM.");
    let sum = fields.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("\\{fields}*{sum:02X}\\{sentence}\n")
}

#[test]
fn a_review_of_simulated_traffic_says_so() {
    let mut two = Two::of("speed", &[("for_s = 30", "for_s = 0")]);
    let page = two.path("page.html");
    for simulated in [false, true] {
        if simulated {
            let lines = std::fs::read_to_string(&two.feed).unwrap();
            two.feed = two.path("simulated.nmea");
            std::fs::write(&two.feed, lines.lines().map(as_simulated).collect::<String>()).unwrap();
        }
        assert_eq!(two.review(&[])["simulated"], simulated);
        let output = two.run("review", &["--html", page.to_str().unwrap()]);
        let table = String::from_utf8(output.stdout).unwrap();
        assert_eq!(table.contains("SIMULATED DATA"), simulated, "{table}");
        assert_eq!(std::fs::read_to_string(&page).unwrap().contains("模擬資料"), simulated);
    }
}
