//! Rules changed over HTTP while lines come in: checked, tried on what the journal holds, refused where they would drown
//! people, saved without a lost or doubled alert.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value as Json, json};

use super::files::Temporary;
use super::kill::{PATIENCE, Radio, Service, replayed, site};

const RULES: &str = "/api/v1/rules";

/// A service under load, once it knows many vessels.
fn busy(folder: &Path, radio: &Radio) -> (Service, std::path::PathBuf) {
    let data = folder.join("data");
    let service = Service::start(&site(folder, &data, radio.port, "segment_mb = 1"));
    let began = Instant::now();
    while vessels(&service) < 300 {
        assert!(began.elapsed() < PATIENCE, "no vessels come");
        std::thread::yield_now();
    }
    (service, data)
}

fn vessels(service: &Service) -> u64 {
    let (_, list) = service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap();
    list["total"].as_u64().unwrap()
}

fn rules(service: &Service) -> Json {
    service.ask("GET", RULES, "").unwrap().1["items"].clone()
}

fn put(service: &Service, version: u32, query: &str, items: &Json) -> (u16, Json) {
    let body = json!({"reason": "a test", "author": "the test", "items": items});
    let condition = format!("If-Match: \"v{version}\"\r\n");
    let path = format!("{RULES}{query}");
    service.ask_with(&condition, "PUT", &path, &body.to_string()).unwrap()
}

/// The rules with a key of the rule `fast` set.
fn with(rules: &Json, key: &str, value: Json) -> Json {
    let mut rules = rules.clone();
    let rule = rules
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|rule| rule["id"] == "fast");
    rule.unwrap()[key] = value;
    rules
}

#[test]
fn a_change_is_checked_and_rests_on_the_version_that_stands() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, _) = busy(&folder.0, &radio);
    let rules = rules(&service);
    let body = json!({"reason": "r", "author": "a", "items": rules}).to_string();
    assert_eq!(service.ask("PUT", RULES, &body).unwrap().0, 428);
    assert_eq!(put(&service, 7, "", &rules).0, 412);
    let (status, wrong) = put(&service, 1, "", &with(&rules, "limit_kn", json!("much")));
    assert_eq!(
        (status, &wrong["errors"][0]["where"]),
        (400, &json!("rules[0].limit_kn")),
        "{wrong}"
    );
    // What GET gives, PUT takes; and it is no other rule.
    let (status, saved) = put(&service, 1, "", &rules);
    let nothing = json!({"added": [], "removed": [], "changed": {}});
    assert_eq!(
        (status, &saved["version"], &saved["rules"]),
        (200, &json!(2), &nothing),
        "{saved}"
    );
    let (status, saved) = put(&service, 2, "", &with(&rules, "limit_kn", json!(30.0)));
    assert_eq!(
        saved["rules"]["changed"]["fast"]["limit_kn"],
        json!([12.0, 30.0]),
        "{status} {saved}"
    );
    let zones = service.ask("GET", "/api/v1/zones?limit=1000", "").unwrap().1["items"].clone();
    let body = json!({"reason": "r", "author": "a", "items": zones}).to_string();
    let (status, saved) = service
        .ask_with("If-Match: \"v3\"\r\n", "PUT", "/api/v1/zones", &body)
        .unwrap();
    assert_eq!((status, &saved["zones"]), (200, &nothing), "{saved}");
    let back = json!({"version": 1, "reason": "r", "author": "a"}).to_string();
    assert_eq!(
        service.ask("POST", "/api/v1/rules/rollback", &back).unwrap().1["version"],
        5
    );
    let (_, against) = service.ask("GET", "/api/v1/rules/versions/5?against=3", "").unwrap();
    assert_eq!(
        against["rules"]["changed"]["fast"]["limit_kn"],
        json!([30.0, 12.0]),
        "{against}"
    );
    let (_, all) = service.ask("GET", "/api/v1/rules/versions", "").unwrap();
    let authors: Vec<&str> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["author"].as_str())
        .collect();
    assert_eq!(authors, ["a", "a", "the test", "the test", "file"]);
    service.kill();
}

/// A public operations room once drowned in 1 900 alerts of a rule that somebody had edited by half.
#[test]
fn a_rule_edited_by_half_is_refused_and_its_dry_run_is_what_review_says() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, data) = busy(&folder.0, &radio);
    let half = with(&rules(&service), "limit_kn", json!(0.0));
    let began = Instant::now();
    while put(&service, 1, "?dry_run_h=24&save=false", &half).1["refused"].is_null() {
        assert!(began.elapsed() < PATIENCE, "it would drown nobody");
    }
    let (status, refused) = put(&service, 1, "", &half);
    assert_eq!(
        (status, &refused["type"]),
        (409, &json!("/problems/too_many_alerts")),
        "{refused}"
    );
    drop(radio);
    // Once the feed is known to be down, nothing more comes to be judged.
    let began = Instant::now();
    let feeds = || service.ask("GET", "/api/v1/feeds", "").unwrap().1;
    while feeds()["items"][0]["state"] == "up" {
        assert!(began.elapsed() < PATIENCE, "the radio is silent, and its feed is up");
    }
    let (_, tried) = put(&service, 1, "?dry_run_h=24&save=false", &half);
    let text = std::fs::read_to_string(folder.0.join("site.toml")).unwrap();
    let proposed = folder.0.join("proposed.toml");
    std::fs::write(&proposed, text.replace("limit_kn = 12.0", "limit_kn = 0.0")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["review", "--json", "--baseline"])
        .arg(folder.0.join("site.toml"))
        .arg("--proposed")
        .args([&proposed, &data])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reviewed: Json = serde_json::from_slice(&output.stdout).unwrap();
    for key in ["come", "go", "move", "by_rule"] {
        assert_eq!(tried["dry_run"][key], reviewed[key], "{key}");
    }
    assert!(!reviewed["come"].as_array().unwrap().is_empty());
    let (status, _) = put(&service, 1, "?force=true", &half);
    assert_eq!(status, 200);
    service.kill();
}

#[test]
fn changes_under_load_lose_and_double_no_alert() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, data) = busy(&folder.0, &radio);
    let rules = rules(&service);
    for version in 1..6 {
        let clear_s = json!(f64::from(version));
        let (status, answer) = put(&service, version, "?force=true", &with(&rules, "clear_s", clear_s));
        assert_eq!((status, &answer["version"]), (200, &json!(version + 1)), "{answer}");
    }
    drop(radio);
    let (now, alerts) = service.alerts();
    service.kill();
    let replayed = replayed(&folder.0.join("site.toml"), &data, now);
    assert!(replayed.values().all(|(_, raised, _)| *raised == 1));
    let states: BTreeMap<String, String> = replayed.into_iter().map(|(id, (state, ..))| (id, state)).collect();
    assert_eq!(alerts, states);
    assert!(alerts.len() > 20);
}
