//! What wrong requests are answered: problem documents that say what would be right.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::service::Service;

/// Method, path, headers, body; the status, and where the first error is.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

async fn check(service: &Service, (method, path, headers, body, status, place): &Case<'_>) {
    let reply = service.ask(method, path, headers, body).await;
    let told = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status, *status, "{method} {path} {told}");
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json"),
        "{method} {path}"
    );
    let problem = reply.json();
    assert_eq!(problem["status"], json!(status));
    assert_eq!(problem["request_id"].as_str(), reply.header("x-request-id"));
    assert_eq!(
        problem["errors"][0]["where"].as_str().unwrap_or(""),
        *place,
        "{method} {path} {told}"
    );
    if *status == 405 {
        assert!(reply.header("allow").is_some() || *path == "/", "{method} {path}");
    }
}

#[tokio::test]
async fn a_list_of_an_objects_members_is_no_object() {
    let service = Service::with_traffic().await;
    for (path, body) in [("acknowledge", r#"["looked", "me"]"#), ("verdict", r#" ["true"]"#)] {
        let path = format!("/api/v1/alerts/x/{path}");
        let json_body = &[("Content-Type", "application/json")];
        check(&service, &("POST", &path, json_body, body, 400, "body")).await;
    }
}

#[tokio::test]
async fn wrong_requests_get_problem_documents() {
    let service = Service::with_traffic().await;
    let ack = "/api/v1/alerts/x/acknowledge";
    let json_body = ("Content-Type", "application/json");
    let long = "x".repeat(70_000);
    let long_name = format!(r#"{{"by":"{}"}}"#, "x".repeat(300));
    let cases: &[Case<'_>] = &[
        ("GET", "/api/v1/vessels?color=red", &[], "", 400, "color"),
        ("GET", "/api/v1/vessels?bbox=1,2,3", &[], "", 400, "bbox"),
        ("GET", "/api/v1/vessels?class=boat", &[], "", 400, "class"),
        ("GET", "/api/v1/vessels?state=gone", &[], "", 400, "state"),
        ("GET", "/api/v1/vessels?limit=1001", &[], "", 400, "limit"),
        ("GET", "/api/v1/vessels?q=a&q=b", &[], "", 400, "q"),
        ("GET", "/api/v1/vessels/near?lat=91&lon=0", &[], "", 400, "lat"),
        ("GET", "/api/v1/vessels/near?lat=9", &[], "", 400, "lon"),
        ("GET", "/api/v1/vessels/abc", &[], "", 400, "mmsi"),
        ("GET", "/api/v1/vessels/123", &[], "", 404, ""),
        ("GET", "/api/v1/vessels/123/track", &[], "", 404, ""),
        ("GET", "/api/v1/vessels/123/track?from=yesterday", &[], "", 400, "from"),
        ("GET", "/api/v1/alerts?cursor=zzz", &[], "", 400, "cursor"),
        ("GET", "/api/v1/alerts?state=open", &[], "", 400, "state"),
        ("GET", "/api/v1/alerts/none", &[], "", 404, ""),
        ("GET", "/api/v1/events?topics=weather", &[], "", 400, "topics"),
        ("GET", "/api/v1/none", &[], "", 404, ""),
        ("GET", "/../Cargo.toml", &[], "", 404, ""),
        ("GET", ack, &[], "", 405, ""),
        ("DELETE", "/api/v1/vessels", &[], "", 405, ""),
        ("POST", "/", &[], "", 405, ""),
        ("POST", ack, &[], "{}", 415, ""),
        ("POST", ack, &[("Content-Type", "text/plain")], "{}", 415, ""),
        ("POST", ack, &[json_body], "{", 400, "body"),
        ("POST", ack, &[json_body], r#"{"who":"me"}"#, 400, "who"),
        ("POST", ack, &[json_body], &long_name, 400, "by"),
        ("POST", ack, &[json_body], &long, 413, ""),
        (
            "POST",
            ack,
            &[json_body, ("Idempotency-Key", "")],
            "{}",
            400,
            "Idempotency-Key",
        ),
        ("GET", "/api/v1/feeds", &[("Host", "evil.example")], "", 403, ""),
        ("GET", "/api/v1/feeds", &[("Host", "localhost:1")], "", 403, ""),
        ("GET", "/", &[("Host", "evil.example")], "", 403, ""),
        (
            "GET",
            "/api/v1/feeds",
            &[("Origin", "https://evil.example")],
            "",
            403,
            "",
        ),
        ("POST", ack, &[("Origin", "null")], "", 403, ""),
    ];
    for case in cases {
        check(&service, case).await;
    }
    let problem = service.get("/api/v1/vessels?color=red").await.json();
    assert_eq!(
        problem["errors"][0]["want"],
        json!("one of bbox, class, q, zone, state, limit, cursor")
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_comes_and_whoever_sends_it_all_the_same_reads_so() {
    let service = Service::with_traffic().await;
    let path = "/api/v1/alerts/x/acknowledge";
    let mut waiting = service.send("POST", path, &[("Content-Length", "99999999")], "").await;
    let mut head = [0; 12];
    waiting.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
    let body = "x".repeat(20_000_000);
    for (method, path) in [("POST", path), ("PUT", "/api/v1/rules")] {
        let reply = service.ask(method, path, &[], &body).await;
        assert_eq!(reply.status, 413, "{method}");
        assert_eq!(reply.json()["type"], json!("/problems/body_too_large"));
    }
    // Its length is not told before.
    let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let mut sent = service
        .send("POST", path, &[("Transfer-Encoding", "chunked")], "")
        .await;
    sent.write_all(chunk.as_bytes()).await.unwrap();
    sent.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
    // Who asks first is answered, not told to go on.
    let asking = [("Content-Length", "99999999"), ("Expect", "100-continue")];
    let mut asked = service.send("POST", path, &asking, "").await;
    let mut answer = String::new();
    asked.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn shelves_say_whose_alerts_until_when_and_why() {
    let service = Service::with_traffic().await;
    let path = "/api/v1/shelves";
    let json_body = &[("Content-Type", "application/json")];
    for (body, place) in [
        ("", "body"),
        (r#"{"until":"2026-03-02T00:00:00Z"}"#, "mmsi"),
        (r#"{"mmsi":1,"until":"2026-03-02T00:00:00Z"}"#, "reason"),
        (r#"{"mmsi":1,"reason":"x"}"#, "until"),
        (r#"{"until":"2026-03-02T00:00:00Z","reason":"x"}"#, "mmsi"),
        (
            r#"{"mmsi":1000000000,"until":"2026-03-02T00:00:00Z","reason":"x"}"#,
            "mmsi",
        ),
        (r#"{"rule":"none","until":"2026-03-02T00:00:00Z","reason":"x"}"#, "rule"),
        (
            r#"{"rule":"mayday","until":"2026-03-02T00:00:00Z","reason":"x"}"#,
            "rule",
        ),
        (r#"{"mmsi":1,"until":"2026-02-28T00:00:00Z","reason":"x"}"#, "until"),
        (r#"{"mmsi":1,"until":"tomorrow","reason":"x"}"#, "until"),
        (r#"{"mmsi":1,"until":"2026-03-02T00:00:00Z","reason":" "}"#, "reason"),
    ] {
        check(&service, &("POST", path, json_body, body, 400, place)).await;
    }
    check(&service, &("GET", "/api/v1/shelves?cursor=x", &[], "", 400, "cursor")).await;
    check(&service, &("PUT", path, &[], "", 405, "")).await;
}

#[tokio::test]
async fn every_member_that_is_wrong_is_named() {
    let service = Service::with_traffic().await;
    for (method, path, body, places) in [
        (
            "POST",
            "alerts/x/acknowledge",
            r#"{"by":1,"comment":[],"who":2}"#,
            "by comment who",
        ),
        (
            "POST",
            "alerts/x/verdict",
            r#"{"verdict":"maybe","by":"me"}"#,
            "by verdict",
        ),
        ("POST", "alerts/x/verdict", "{}", "body"),
        (
            "POST",
            "shelves",
            r#"{"mmsi":"1","until":5,"reason":"x"}"#,
            "mmsi until",
        ),
        ("PUT", "rules", "{}", "reason author items"),
        ("PUT", "rules", r#"{"reason":"r","author":"a"}"#, "items"),
        (
            "PUT",
            "zones",
            r#"{"reason":"r","author":1,"items":{}}"#,
            "author items",
        ),
        ("POST", "rules/rollback", r#"{"reason":" "}"#, "reason author version"),
        ("POST", "rules/rollback", r#"{"version":"1","to":1}"#, "to version"),
    ] {
        let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
        let reply = service.ask(method, &format!("/api/v1/{path}"), &headers, body).await;
        let told = reply.json();
        let errors = told["errors"].as_array().unwrap();
        let found: Vec<_> = errors.iter().map(|error| error["where"].as_str().unwrap()).collect();
        assert_eq!((reply.status, found.join(" ").as_str()), (400, places), "{path} {told}");
    }
}

#[tokio::test]
async fn own_names_are_answered() {
    let service = Service::with_traffic().await;
    for name in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
        let host = format!("{name}:{}", service.port);
        let origin = format!("http://{host}");
        let reply = service
            .ask("GET", "/api/v1/feeds", &[("Host", &host), ("Origin", &origin)], "")
            .await;
        assert_eq!(reply.status, 200, "{host}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("x-frame-options"), Some("DENY"));
    }
}

#[tokio::test]
async fn without_an_engine_orders_are_refused() {
    let mut service = Service::with_traffic().await;
    drop(service.orders.take());
    let reply = service
        .ask("POST", "/api/v1/alerts/x/acknowledge", &[("Idempotency-Key", "k")], "")
        .await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")));
}

#[tokio::test]
async fn a_request_that_is_no_http_ends_its_connection() {
    let service = Service::with_traffic().await;
    let mut stream = TcpStream::connect(("127.0.0.1", service.port)).await.unwrap();
    stream.write_all(b"\0\xff!AIVDM,1,1,,A,0,0*00\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert_eq!(service.get("/healthz").await.status, 200);
}
