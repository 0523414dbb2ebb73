//! Versions of rules over a service's life: read again at SIGHUP and at a start, there again after a kill, promoted from
//! shadow, and reminded of when their day of review has passed.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value as Json, json};

use super::changes::{put, rules, with};
use super::faults::{items, until};
use super::files::Temporary;
use super::kill::{Radio, Service, site};
use super::served::Served;

const VERSIONS: &str = "/api/v1/rules/versions";

/// The versions that are known, newest first, by author and reason.
fn versions(service: &Service) -> Vec<String> {
    let (_, list) = service.ask("GET", VERSIONS, "").unwrap();
    let told = |item: &Json| format!("{} {}: {}", item["version"], item["author"], item["reason"]).replace('"', "");
    list["items"].as_array().unwrap().iter().map(told).collect()
}

/// The limit of the rule `fast`.
fn limit(service: &Service) -> f64 {
    let all = rules(service);
    let fast = all.as_array().unwrap().iter().find(|rule| rule["id"] == "fast");
    fast.unwrap()["limit_kn"].as_f64().unwrap()
}

/// Has the file say another limit than the sample's.
fn edit(config: &Path, limit: &str) {
    let text = std::fs::read_to_string(config).unwrap();
    let edited = text.lines().map(|line| match line.starts_with("limit_kn") {
        true => format!("limit_kn = {limit}\n"),
        false => format!("{line}\n"),
    });
    std::fs::write(config, edited.collect::<String>()).unwrap();
}

/// A service that logs to this file.
fn logging(config: &Path, log: &Path) -> Service {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    command.args(["serve", "--config"]).arg(config).env("RUST_LOG", "info");
    let service = Service(Served::of(command.stderr(File::create(log).unwrap())));
    until("readiness", || {
        service
            .ask("GET", "/readyz", "")
            .is_some_and(|(status, _)| status == 200)
    });
    service
}

fn hang_up(service: &Service) {
    kill(Pid::from_raw(service.0.child.id() as i32), Signal::SIGHUP).unwrap();
}

#[test]
fn files_are_read_again_when_the_service_is_told_to_and_a_faulty_one_changes_nothing() {
    let folder = Temporary::new();
    let config = site(&folder.0, &folder.0.join("data"), 1, "");
    let log = folder.0.join("log");
    let service = logging(&config, &log);
    let logged = |text: &str| std::fs::read_to_string(&log).unwrap().contains(text);
    assert_eq!(
        (versions(&service), limit(&service)),
        (vec!["1 file: ".to_owned()], 12.0)
    );

    hang_up(&service);
    until("a word that nothing changed", || {
        logged("the rules and zones that they had")
    });
    edit(&config, "14.0");
    hang_up(&service);
    until("the next version", || limit(&service) == 14.0);

    edit(&config, "\"much\"");
    hang_up(&service);
    until("the mistake", || logged("rules and zones stay as they are"));
    assert!(logged("limit_kn") && logged("site.toml:"), "the mistake has its place");
    assert_eq!((versions(&service).len(), limit(&service)), (2, 14.0));

    edit(&config, "15.0");
    hang_up(&service);
    until("the next version", || limit(&service) == 15.0);
    assert_eq!(versions(&service)[0], "3 file: SIGHUP");
    service.kill();
}

#[test]
fn a_saved_version_stands_after_a_kill_until_the_files_change() {
    let folder = Temporary::new();
    let config = site(&folder.0, &folder.0.join("data"), 1, "");
    let service = Service::start(&config);
    let (status, saved) = put(
        &service,
        1,
        "?force=true",
        &with(&rules(&service), "fast", "limit_kn", json!(20.0)),
    );
    assert_eq!(status, 200, "{saved}");
    let of_file = service.ask("GET", "/api/v1/rules/versions/1", "").unwrap().1;
    service.kill();

    let service = Service::start(&config);
    assert_eq!(limit(&service), 20.0);
    assert_eq!(versions(&service), ["2 the test: a test", "1 file: "]);
    assert_eq!(service.ask("GET", "/api/v1/rules/versions/1", "").unwrap().1, of_file);
    service.kill();

    edit(&config, "16.0");
    let service = Service::start(&config);
    assert_eq!(limit(&service), 16.0);
    assert_eq!(versions(&service)[0], "3 file: ");
    let back = json!({"version": 2, "reason": "r", "author": "a"}).to_string();
    let (status, restored) = service.ask("POST", "/api/v1/rules/rollback", &back).unwrap();
    assert_eq!(
        (status, &restored["version"], limit(&service)),
        (200, &json!(4), 20.0),
        "{restored}"
    );
    service.kill();
}

#[test]
fn a_rule_in_shadow_is_shown_as_such_until_it_is_promoted() {
    let folder = Temporary::new();
    let radio = Radio::start();
    let service = Service::start(&site(&folder.0, &folder.0.join("data"), radio.port, ""));
    let (status, saved) = put(
        &service,
        1,
        "?force=true",
        &with(&rules(&service), "fast", "mode", json!("shadow")),
    );
    assert_eq!(status, 200, "{saved}");
    until("a shadow's alert", || {
        let alerts = items(&service, "state=active&rule=fast");
        let shadows = alerts.iter().filter(|alert| alert["rule_version"] == 2);
        shadows.clone().count() > 0 && shadows.clone().all(|alert| alert["shadow"] == true)
    });
    assert!(
        items(&service, "state=active&rule=fast")
            .iter()
            .all(|alert| alert["shadow"] == true),
        "what stood for people ended as the rule left them"
    );
    let (status, saved) = put(
        &service,
        2,
        "?force=true",
        &with(&rules(&service), "fast", "mode", json!("live")),
    );
    assert_eq!(status, 200, "{saved}");
    until("an alert for people", || {
        let alerts = items(&service, "state=active&rule=fast");
        alerts
            .iter()
            .any(|alert| alert["shadow"] == false && alert["rule_version"] == 3)
    });
    service.kill();
}

#[test]
fn the_supervisor_is_cautioned_of_rules_that_are_overdue() {
    let folder = Temporary::new();
    let config = site(&folder.0, &folder.0.join("data"), 1, "");
    let text = std::fs::read_to_string(&config).unwrap();
    let dated = text.replacen("limit_kn = 12.0", "limit_kn = 12.0\nreview_by = 2026-01-31", 1);
    std::fs::write(&config, dated).unwrap();
    let service = Service::start(&config);
    let cautions = || items(&service, "rule=system_review");
    until("a caution", || !cautions().is_empty());
    let caution = &cautions()[0];
    assert_eq!(
        (&caution["priority"], &caution["reason"]),
        (&json!("caution"), &json!("fast"))
    );
    let overdue = service.ask("GET", "/api/v1/rules?overdue=true", "").unwrap().1;
    assert_eq!(
        (&overdue["total"], &overdue["items"][0]["id"]),
        (&json!(1), &json!("fast"))
    );
    let (status, saved) = put(
        &service,
        1,
        "?force=true",
        &with(&rules(&service), "fast", "review_by", json!("2099-01-31")),
    );
    assert_eq!(status, 200, "{saved}");
    until("the caution's end", || cautions().is_empty());
    service.kill();
}
