//! Rules over HTTP: what forms are made from, of how many a change must be, and a dry run that is followed and ended.

use harborwatch::engine::Progress;
use harborwatch::rules::KINDS;
use harborwatch::watch::{Edition, Editions, Text};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::service::{ALERT, NOW, Service};

const RULES: &str = "/api/v1/rules";
const DRY_RUN: &str = "/api/v1/rules/dry_run";

/// A third version of so many rules, the first of them to be reviewed by a day that is past.
pub fn editions(count: usize) -> Editions {
    let rule = |n: usize| {
        json!({"id": format!("r{n:03}"), "kind": "speed_limit", "limit_kn": n % 50 + 1, "priority": "warning",
            "review_by": if n == 0 { "2026-01-31" } else { "2027-01-31" }})
    };
    edition(3, &(0..count).map(rule).collect())
}

/// A version of these rules that stands alone.
pub fn edition(version: u32, rules: &Value) -> Editions {
    versions(&[(version, rules.clone())])
}

/// Versions of these rules, the newest last.
fn versions(rules: &[(u32, Value)]) -> Editions {
    let mut editions = Editions::default();
    for (version, rules) in rules {
        editions.add(Edition {
            version: *version,
            time: NOW,
            author: "a".into(),
            reason: "r".into(),
            minutes: None,
            text: Text {
                rules: rules.to_string().into(),
                zones: Text::collection(&serde_json::Map::new(), &[]),
            },
        });
    }
    editions
}

async fn with_rules(count: usize) -> Service {
    let mut service = Service::start().await;
    service.tell_editions(editions(count)).await;
    service
}

/// The body of a change to these rules.
fn body(items: &Value) -> String {
    json!({"reason": "r", "author": "a", "items": items}).to_string()
}

async fn put(service: &Service, if_match: &str, query: &str, items: &Value) -> (u16, Value) {
    let headers = [("Content-Type", "application/json"), ("If-Match", if_match)];
    let path = format!("{RULES}{query}");
    let reply = service.ask("PUT", &path, &headers, &body(items)).await;
    (reply.status, reply.json())
}

#[tokio::test]
async fn what_a_form_is_made_from_is_what_rules_are_read_by() {
    let service = Service::start().await;
    let kinds = service.get("/api/v1/rules/kinds").await.json();
    assert_eq!(kinds["total"], KINDS.len());
    assert_eq!(kinds["modes"], json!(["live", "shadow", "off"]));
    for (kind, shown) in KINDS.iter().zip(kinds["items"].as_array().unwrap()) {
        assert_eq!(shown["kind"], kind.name);
        assert!(shown["message"]["zh"].is_string() && shown["message"]["en"].is_string());
        let parameters = shown["parameters"].as_array().unwrap();
        assert_eq!(parameters.len(), kind.parameters.len(), "{shown}");
        for parameter in parameters {
            // A parameter that may be left out and has no default is one of several that may be given.
            let has_default = !parameter["default"].is_null();
            assert!(
                !(has_default && parameter["required"] == true),
                "{} {parameter}",
                kind.name
            );
            assert!(
                parameter["want"].is_string() && parameter["meaning"]["zh"].is_string(),
                "{parameter}"
            );
        }
    }
}

#[tokio::test]
async fn a_change_must_be_of_all_rules_and_not_of_those_of_a_page() {
    let service = with_rules(150).await;
    for (query, count, etag, status) in [
        ("", 100, "\"v3.0-100\"", 412),
        ("?limit=1000&cursor=100", 50, "\"v3.100-1000\"", 412),
        ("?overdue=true", 1, "\"v3.overdue-true-2026-03-01\"", 412),
        ("?limit=1000", 150, "\"v3\"", 400),
        ("?limit=150", 150, "\"v3\"", 400),
    ] {
        let reply = service.get(&format!("{RULES}{query}")).await;
        let items = reply.json()["items"].as_array().unwrap().clone();
        assert_eq!((items.len(), reply.header("etag")), (count, Some(etag)), "{query}");
        // One of them is no rule, so that what is taken as a change of all is refused for that.
        let (found, problem) = put(&service, etag, "", &json!([items[0], {}])).await;
        assert_eq!(found, status, "{query} {problem}");
    }
    let zones = service.get("/api/v1/zones").await;
    assert_eq!(zones.header("etag"), Some("\"v3\""));
    let geo = service
        .ask("GET", "/api/v1/zones", &[("Accept", "application/geo+json")], "")
        .await;
    assert_eq!(geo.header("etag"), Some("\"v3.geo\""));
    let (status, problem) = put(&service, "\"v3.geo\"", "", &json!([{}])).await;
    assert_eq!(status, 400, "{problem}");
}

#[tokio::test]
async fn an_alert_keeps_the_sentence_that_its_rule_had() {
    let plain = json!({"id": "harbour-speed", "kind": "speed_limit", "limit_kn": 8, "priority": "warning"});
    let saying = |en: &str| {
        let mut rule = plain.clone();
        rule["message"] = json!({"zh": "慢", "en": en});
        json!([rule])
    };
    let (plain, none) = (json!([plain]), json!([]));
    let of_kind = KINDS.iter().find(|kind| kind.name == "speed_limit").unwrap().message.en;
    // The alert was raised under the first version.
    for (rules, en) in [
        (vec![(1, saying("Slow"))], "Slow"),
        (vec![(1, saying("Slow")), (2, saying("Fast"))], "Slow"),
        (vec![(1, saying("Slow")), (2, plain.clone())], "Slow"),
        (vec![(1, saying("Slow")), (2, plain.clone()), (3, none.clone())], "Slow"),
        (vec![(1, plain.clone()), (2, saying("Fast"))], of_kind),
        (vec![(1, plain), (2, none.clone())], of_kind),
        // It is known no longer.
        (vec![(2, saying("Fast"))], "Fast"),
        (vec![(2, none)], of_kind),
    ] {
        let mut service = Service::with_traffic().await;
        service.tell_editions(versions(&rules)).await;
        let alert = service.get(&format!("/api/v1/alerts/{ALERT}")).await.json();
        assert_eq!(alert["message"]["en"], json!(en), "{rules:?}");
    }
}

#[tokio::test]
async fn a_key_is_of_one_request_with_its_query_and_its_condition() {
    let service = with_rules(2).await;
    let body = body(&json!([]));
    // A request that came to nothing leaves the key free.
    for (if_match, query, status, problem) in [
        ("\"v1\"", "?save=false", 412, "/problems/stale"),
        ("\"v3\"", "?save=no", 400, "/problems/bad_request"),
        ("\"v3\"", "?save=false", 200, ""),
        ("\"v3\"", "?save=false", 200, ""),
        ("*", "?save=false", 409, "/problems/idempotency_key_reused"),
        (
            "\"v3\"",
            "?save=true&force=true",
            409,
            "/problems/idempotency_key_reused",
        ),
    ] {
        let headers = [
            ("Content-Type", "application/json"),
            ("If-Match", if_match),
            ("Idempotency-Key", "k"),
        ];
        let reply = service.ask("PUT", &format!("{RULES}{query}"), &headers, &body).await;
        let told = reply.json();
        let found = (reply.status, told["type"].as_str().unwrap_or_default());
        assert_eq!(found, (status, problem), "{if_match} {query} {told}");
    }
}

#[tokio::test]
async fn a_change_may_be_of_any_of_the_versions_it_lists() {
    let service = with_rules(2).await;
    for (if_match, status) in [
        ("\"v1\", \"v3\"", 200),
        ("\"v3.0-100\", \"v3\"", 200),
        ("\"v1\",*", 200),
        ("\"v1\", \"v2\"", 412),
        ("\"x\", \"v2\"", 412),
    ] {
        let (found, told) = put(&service, if_match, "?save=false", &json!([])).await;
        assert_eq!(found, status, "{if_match} {told}");
    }
}

#[tokio::test]
async fn versions_are_listed_page_by_page_newest_first() {
    let mut service = Service::start().await;
    let numbers = 1..=5;
    service
        .tell_editions(versions(&numbers.map(|n| (n, json!([]))).collect::<Vec<_>>()))
        .await;
    let mut cursor = String::new();
    for (wanted, is_last) in [(&[5, 4][..], false), (&[3, 2], false), (&[1], true)] {
        let path = format!("{RULES}/versions?limit=2{cursor}");
        let list = service.get(&path).await.json();
        let items = list["items"].as_array().unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|version| version["version"].as_u64().unwrap())
            .collect();
        assert_eq!((&*found, &list["total"]), (wanted, &json!(5)));
        assert_eq!(list["next_cursor"].is_null(), is_last);
        cursor = format!("&cursor={}", list["next_cursor"].as_str().unwrap_or_default());
    }
}

#[tokio::test]
async fn nobody_signs_as_the_files_do() {
    let service = with_rules(1).await;
    let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
    let body = json!({"reason": "r", "author": "file", "items": []}).to_string();
    let reply = service.ask("PUT", RULES, &headers, &body).await;
    assert_eq!(
        (reply.status, &reply.json()["errors"][0]["where"]),
        (400, &json!("author"))
    );
}

#[tokio::test]
async fn the_overdue_are_listed() {
    let service = with_rules(3).await;
    for (query, ids) in [
        ("", json!(["r000", "r001", "r002"])),
        ("?overdue=true", json!(["r000"])),
        ("?overdue=false", json!(["r001", "r002"])),
    ] {
        let list = service.get(&format!("{RULES}{query}")).await.json();
        let found: Vec<&Value> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| &rule["id"])
            .collect();
        assert_eq!(json!(found), ids, "{query}");
    }
}

/// Sends a change to be tried, whose answer is to be read later.
async fn send(service: &Service, key: &str) -> TcpStream {
    let headers = [
        ("Content-Type", "application/json"),
        ("If-Match", "*"),
        ("Idempotency-Key", key),
    ];
    let path = format!("{RULES}?dry_run_h=24&save=false");
    service.send("PUT", &path, &headers, &body(&json!([]))).await
}

/// Whether the answer is of this status, and holds this.
async fn answered(mut connection: TcpStream, status: u16, part: &str) -> bool {
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(part)
}

#[tokio::test]
async fn one_dry_run_at_a_time_is_followed_and_ended() {
    let mut service = with_rules(2).await;
    let idle = json!({"running": false, "hours": 0.0, "left_h": 0.0, "share": 0.0});
    assert_eq!(service.get(DRY_RUN).await.json(), idle);
    assert_eq!(service.ask("DELETE", DRY_RUN, &[], "").await.status, 404);

    let tried = send(&service, "a").await;
    let rehearsal = service.rehearsals.recv().await.unwrap();
    assert_eq!((&*rehearsal.text.rules, rehearsal.hours), ("[]", 24.0));
    service.progress.send_replace(Progress {
        running: true,
        hours: 24.0,
        left_h: 6.0,
        share: 0.75,
    });
    let running = json!({"running": true, "hours": 24.0, "left_h": 6.0, "share": 0.75});
    assert_eq!(service.get(DRY_RUN).await.json(), running);
    assert!(answered(send(&service, "b").await, 429, "/problems/too_many_requests").await);

    let ended = service.ask("DELETE", DRY_RUN, &[], "").await;
    assert_eq!((ended.status, ended.json()), (200, running));
    assert!(answered(tried, 409, "/problems/cancelled").await);
    assert!(rehearsal.reply.is_closed(), "nobody works for it any more");

    // Whoever was refused for another's sake tries again under the same key.
    let tried = send(&service, "b").await;
    let rehearsal = service.rehearsals.recv().await.unwrap();
    rehearsal.reply.send(Err("it is torn".into())).unwrap();
    assert!(answered(tried, 503, "/problems/unavailable").await);
}

#[tokio::test]
async fn whoever_hangs_up_ends_a_dry_run() {
    let mut service = with_rules(2).await;
    let tried = send(&service, "a").await;
    let mut rehearsal = service.rehearsals.recv().await.unwrap();
    drop(tried);
    rehearsal.reply.closed().await;
}
