//! Rules changed over HTTP while lines come in: checked, tried on what the journal holds and people found of it, saved
//! without a lost or doubled alert.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value as Json, json};

use super::faults::{items, until};
use super::files::Temporary;
use super::kill::{PATIENCE, Radio, Service, replayed, site, steps};

const RULES: &str = "/api/v1/rules";

/// A service under load with these rules too, once it knows many vessels.
fn busy(folder: &Path, radio: &Radio, more: &str) -> (Service, std::path::PathBuf) {
    let data = folder.join("data");
    let config = site(folder, &data, radio.port, "segment_mb = 1");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + more).unwrap();
    let service = Service::start(&config);
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

pub fn rules(service: &Service) -> Json {
    service.ask("GET", RULES, "").unwrap().1["items"].clone()
}

pub fn put(service: &Service, version: u32, query: &str, items: &Json) -> (u16, Json) {
    let body = json!({"reason": "a test", "author": "the test", "items": items});
    let condition = format!("If-Match: \"v{version}\"\r\n");
    let path = format!("{RULES}{query}");
    service.ask_with(&condition, "PUT", &path, &body.to_string()).unwrap()
}

fn zones(service: &Service) -> Json {
    let (_, list) = service.ask("GET", "/api/v1/zones?limit=1000", "").unwrap();
    list["items"].clone()
}

/// The rules with a key of one of them set.
pub fn with(rules: &Json, id: &str, key: &str, value: Json) -> Json {
    let mut rules = rules.clone();
    let rule = rules.as_array_mut().unwrap().iter_mut().find(|rule| rule["id"] == id);
    rule.unwrap()[key] = value;
    rules
}

#[test]
fn a_change_is_checked_and_rests_on_the_version_that_stands() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, _) = busy(&folder.0, &radio, "");
    let rules = rules(&service);
    let body = json!({"reason": "r", "author": "a", "items": rules}).to_string();
    assert_eq!(service.ask("PUT", RULES, &body).unwrap().0, 428);
    assert_eq!(put(&service, 7, "", &rules).0, 412);
    let (status, wrong) = put(&service, 1, "", &with(&rules, "fast", "limit_kn", json!("much")));
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
    let (status, saved) = put(&service, 2, "", &with(&rules, "fast", "limit_kn", json!(30.0)));
    assert_eq!(
        saved["rules"]["changed"]["fast"]["limit_kn"],
        json!([12, 30]),
        "{status} {saved}"
    );
    let body = json!({"reason": "r", "author": "a", "items": zones(&service)}).to_string();
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
        json!([30, 12]),
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

#[test]
fn verdicts_count_on_both_sides_of_a_dry_run_and_of_a_review() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, data) = busy(&folder.0, &radio, "");
    until("alerts", || items(&service, "rule=fast&limit=2").len() == 2);
    let alerts = items(&service, "rule=fast&limit=2");
    for (alert, verdict) in alerts.iter().zip(["true", "nuisance"]) {
        let path = format!("/api/v1/alerts/{}/verdict", alert["alert"].as_str().unwrap());
        let body = json!({"verdict": verdict}).to_string();
        assert_eq!(service.ask("POST", &path, &body).unwrap().0, 200);
    }
    let slower = with(&rules(&service), "fast", "limit_kn", json!(11.0));
    let (_, tried) = put(&service, 1, "?dry_run_h=24&save=false", &slower);
    let judged = |load: &Json| [&load["true"], &load["nuisance"], &load["unsure"]].map(|count| count.as_u64().unwrap());
    for side in ["baseline", "proposed"] {
        assert_eq!(judged(&tried["dry_run"][side]), [1, 1, 0], "{side}");
    }
    service.kill();
    let (config, page) = (folder.0.join("site.toml"), folder.0.join("page.html"));
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["review", "--json", "--sweep", "fast.limit_kn=11.0,60.0", "--html"])
        .arg(&page)
        .arg("--baseline")
        .args([&config, &data])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reviewed: Json = serde_json::from_slice(&output.stdout).unwrap();
    for load in [&reviewed["baseline"], &reviewed["proposed"], &reviewed["settings"][0]] {
        assert_eq!(judged(load), [1, 1, 0]);
    }
    assert_eq!(reviewed["settings"][0]["precision"], 0.5);
    assert_eq!(
        judged(&reviewed["settings"][1]),
        [0, 0, 0],
        "of what it does not raise nobody judged any"
    );
    assert_eq!(reviewed["settings"][1]["precision"], Json::Null);
    let page = std::fs::read_to_string(page).unwrap();
    for part in [
        "準確率與數量 · Precision against count",
        "fast.limit_kn=11.0: ",
        ", 50 %",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

/// A rule that many vessels break.
fn moving(id: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\nkind = \"speed_limit\"\nlimit_kn = 4.0\nfor_s = 1\nclear_s = 2\npriority = \"warning\"\n"
    )
}

/// Beside the rule that changes stands one that does not, and tells the same.
#[test]
fn changes_under_load_lose_and_double_no_alert() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let (service, data) = busy(&folder.0, &radio, &(moving("changed") + &moving("twin")));
    let rules = rules(&service);
    let zones = json!({"reason": "a test", "author": "the test", "items": zones(&service)}).to_string();
    let mut version = 1;
    let twins = "state=active,acknowledged,rectified,closed&rule=twin&limit=1000";
    let told = || items(&service, twins).len();
    while version < 9 || told() < 30 {
        let before = told();
        let words = json!({"zh": format!("第{version}版"), "en": format!("version {version}")});
        let (status, answer) = put(
            &service,
            version,
            "?force=true",
            &with(&rules, "changed", "message", words),
        );
        assert_eq!((status, &answer["version"]), (200, &json!(version + 1)), "{answer}");
        let condition = format!("If-Match: \"v{}\"\r\n", version + 1);
        let put_zones = service.ask_with(&condition, "PUT", "/api/v1/zones?force=true", &zones);
        assert_eq!(put_zones.unwrap().0, 200);
        version += 2;
        until("another alert", || told() > before);
    }
    drop(radio);
    let (now, alerts) = service.alerts_later();
    service.kill();
    // An alert's id tells its vessel and the second in which it was raised.
    let of = |rule: &str| -> BTreeMap<&str, &String> {
        let all = alerts
            .iter()
            .filter_map(|(id, state)| Some((id.strip_prefix(rule)?, state)));
        all.collect()
    };
    assert!(of("twin-").len() > 20);
    assert_eq!(of("changed-"), of("twin-"));
    let replayed = replayed(&steps(&folder.0.join("site.toml"), &data, now));
    assert!(replayed.values().all(|(_, raised, _)| *raised == 1));
    let states: BTreeMap<String, String> = replayed.into_iter().map(|(id, (state, ..))| (id, state)).collect();
    assert_eq!(alerts, states);
}
