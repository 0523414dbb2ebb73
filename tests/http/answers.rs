//! What right requests are answered: CONTRACT.md's shapes, key by key.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use harborwatch::ais::Mmsi;
use harborwatch::engine::Explained;
use harborwatch::rules::{Account, Words};
use harborwatch::time::Span;
use harborwatch::traffic::{Event, VesselRow};
use harborwatch::watch::Explanation;
use serde_json::{Value, json};

use crate::service::{ALERT, MMSI, NOW, Service, closed, keys, raised_later, row};

const VESSEL: &str = "mmsi class kind ais_class name name_zh call_sign imo flag ship_type length_m beam_m dims_m position \
    sog_kn cog_deg heading_deg rot_deg_min nav_status draught_m destination eta zones state position_time static_time \
    first_heard feed source alerts simulated";
const ALERT_KEYS: &str = "alert rule rule_version kind priority state desk mmsi other_mmsi zone reason position value limit \
    unit message raised rectified closed acknowledged verdict shelved_until shadow indicative simulated";
const SITE: &str = "name timezone bbox desks simulated version commit";
const FEED: &str = "name kind state since last_sentence sentences_per_s outcomes vessels reconnects dropped datagrams_lost clock_offset_s \
    error";
const STATION: &str = "station mmsi feed source position position_time last_heard deaf_s sentences messages vessels reports_last_h reports_usual_h coverage clock_offset_s \
    weather alarms text signal";
const LIST: &str = "now items total next_cursor";

fn check_keys(value: &Value, wanted: &str) {
    let mut wanted: Vec<_> = wanted.split_whitespace().collect();
    wanted.sort_unstable();
    let mut found = keys(value);
    found.sort_unstable();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn every_object_has_the_keys_of_the_contract() {
    let service = Service::with_traffic().await;
    let near = "/api/v1/vessels/near?lat=24.42&lon=118.42&radius_nm=1";
    for (path, pointer, wanted) in [
        ("/api/v1/vessels", "", LIST.to_owned()),
        ("/api/v1/vessels", "/items/0", VESSEL.to_owned()),
        ("/api/v1/vessels?zone=a", "/items/0", VESSEL.to_owned()),
        (near, "", LIST.to_owned()),
        (near, "/items/0", format!("{VESSEL} distance_nm bearing_deg")),
        (
            "/api/v1/vessels/416001234",
            "",
            format!("{VESSEL} data heard_by identities declaration"),
        ),
        (
            "/api/v1/vessels/416001234",
            "/data/position",
            "value time age_s feed source".into(),
        ),
        (
            "/api/v1/vessels/416001234",
            "/identities/0",
            "field value first last".into(),
        ),
        (
            "/api/v1/vessels/416001234",
            "/heard_by/0",
            "feed source reports last".into(),
        ),
        (
            "/api/v1/vessels/416001234/track",
            "",
            "mmsi from to gap_s points gaps truncated".into(),
        ),
        (
            "/api/v1/vessels/416001234/track",
            "/points/0",
            "time position sog_kn cog_deg heading_deg nav_status feed".into(),
        ),
        ("/api/v1/alerts", "", LIST.to_owned()),
        ("/api/v1/alerts", "/items/0", ALERT_KEYS.to_owned()),
        ("/api/v1/alerts", "/items/0/message", "zh en".into()),
        (
            "/api/v1/alerts/harbour-speed-416001234-1772323951",
            "",
            ALERT_KEYS.to_owned(),
        ),
        ("/api/v1/feeds", "", LIST.to_owned()),
        ("/api/v1/feeds", "/items/0", FEED.to_owned()),
        (
            "/api/v1/feeds",
            "/items/0/outcomes",
            "ok part duplicate bad_checksum no_checksum malformed too_long unsupported orphan filtered".into(),
        ),
        ("/api/v1/zones", "", LIST.to_owned()),
        ("/api/v1/zones", "/items/0", "type id properties geometry".into()),
        ("/api/v1/rules", "", LIST.to_owned()),
        ("/api/v1/rules", "/items/0", "id kind limit_kn message priority".into()),
        ("/api/v1/site", "", SITE.to_owned()),
        ("/api/v1/coast", "", "type attributions features".into()),
        ("/nowhere", "", "type title status detail errors request_id".into()),
    ] {
        let reply = service.get(path).await;
        let json = reply.json();
        let value = json
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{path} {pointer}: {json}"));
        check_keys(value, &wanted);
    }
}

#[tokio::test]
async fn a_vessel_tells_when_and_by_whom_each_datum_was_heard() {
    let service = Service::with_traffic().await;
    let vessel = service.get("/api/v1/vessels/416001234").await.json();
    for (pointer, wanted) in [
        (
            "/data/sog_kn",
            json!({"value": 11.2, "time": "2026-03-01T00:12:31.000Z", "age_s": 1.0, "feed": "liaoluo", "source": "r1"}),
        ),
        ("/data/nav_status/since", json!("2026-03-01T00:07:31.000Z")),
        (
            "/data/name",
            json!({"value": "TEST SHA 1", "time": "2026-03-01T00:11:31.000Z", "age_s": 61.0, "feed": "liaoluo",
                "source": "r1", "since": "2026-03-01T00:10:31.000Z"}),
        ),
        ("/data/destination/value", Value::Null),
        (
            "/heard_by",
            json!([{"feed": "liaoluo", "source": "r1", "reports": 2, "last": "2026-03-01T00:12:31.000Z"},
                {"feed": "shuitou", "source": null, "reports": 1, "last": "2026-03-01T00:12:11.000Z"}]),
        ),
        (
            "/identities",
            json!([{"field": "name", "value": "TEST SHA 0", "first": "2026-03-01T00:09:31.000Z",
                "last": "2026-03-01T00:09:31.000Z"}]),
        ),
        ("/declaration/id", json!("D2")),
        ("/declaration/covers", json!(true)),
        ("/declaration/window_end", json!("2026-03-01T08:00:00.000Z")),
    ] {
        assert_eq!(vessel.pointer(pointer), Some(&wanted), "{pointer}");
    }
    assert_eq!(vessel.pointer("/data/imo"), None, "nothing was said of it");
}

#[tokio::test]
async fn values_are_rounded_and_named() {
    let service = Service::with_traffic().await;
    let vessel = service.get("/api/v1/vessels/416001234").await.json();
    for (key, wanted) in [
        ("kind", json!("ship")),
        ("class", json!("sand_carrier")),
        ("ais_class", json!("A")),
        ("name_zh", json!("測試沙一號")),
        ("flag", json!("TW")),
        ("length_m", json!(70)),
        ("beam_m", json!(13)),
        ("dims_m", json!([50, 20, 6, 7])),
        ("position", json!([118.42, 24.42])),
        ("cog_deg", json!(90.0)),
        ("state", json!("live")),
        ("position_time", json!("2026-03-01T00:12:31.000Z")),
        ("feed", json!("liaoluo")),
        ("destination", Value::Null),
    ] {
        assert_eq!(vessel[key], wanted, "{key}");
    }
    let feeds = service.get("/api/v1/feeds").await.json();
    assert_eq!(feeds["items"][0]["sentences_per_s"], json!(12.35));
    let alert = service.get(&format!("/api/v1/alerts/{ALERT}")).await.json();
    assert_eq!(alert["message"]["zh"], json!("港區超速"));
    assert_eq!(
        (&alert["state"], &alert["priority"]),
        (&json!("active"), &json!("warning"))
    );
}

#[tokio::test]
async fn vessels_are_found_by_what_is_asked() {
    let mut service = Service::with_traffic().await;
    let mut lost = row(416_001_235, 118.62, 24.42);
    (lost.lost, lost.name, lost.zones) = (true, None, vec![Arc::from("b")].into());
    let mut silent = row(416_001_236, 0.0, 0.0);
    (silent.position, silent.position_time, silent.zones) = (None, None, Vec::new().into());
    let events = [lost, silent].map(Event::Vessel);
    service.tell(events.into(), Vec::new()).await;
    for (query, wanted) in [
        ("", vec![416_001_234, 416_001_235, 416_001_236]),
        ("?state=lost", vec![416_001_235]),
        ("?bbox=118.4,24.4,118.5,24.5", vec![416_001_234]),
        ("?bbox=118.43,24.4,118.41,24.5", vec![416_001_235]),
        ("?bbox=118.43,24.4,118.5,24.5", vec![]),
        ("?q=test%20sha", vec![416_001_234, 416_001_236]),
        ("?q=測試沙", vec![416_001_234]),
        ("?q=001235", vec![416_001_235]),
        ("?zone=a&state=live", vec![416_001_234]),
        ("?zone=b", vec![416_001_235]),
        ("?zone=b&state=live", vec![]),
        ("?zone=b&bbox=118.4,24.4,118.5,24.5", vec![]),
        ("?zone=nowhere", vec![]),
        ("?class=sand_carrier,cargo&limit=1", vec![416_001_234]),
        ("?class=cargo", vec![]),
        ("?limit=2&cursor=416001234", vec![416_001_235, 416_001_236]),
        (
            "/near?lat=24.42&lon=118.42&radius_nm=60",
            vec![416_001_234, 416_001_235],
        ),
        ("/near?lat=24.42&lon=118.63&radius_nm=60&limit=1", vec![416_001_235]),
        (
            "/near?lat=24.42&lon=118.63&radius_nm=60&limit=1&cursor=1",
            vec![416_001_234],
        ),
        ("/near?lat=24.42&lon=118.63&limit=2&cursor=1", vec![416_001_234]),
        ("/near?lat=24.42&lon=118.63&cursor=2", vec![]),
    ] {
        let query = query
            .replace('測', "%E6%B8%AC")
            .replace('試', "%E8%A9%A6")
            .replace('沙', "%E6%B2%99");
        let list = service.get(&format!("/api/v1/vessels{query}")).await.json();
        let found: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["mmsi"].as_u64().unwrap())
            .collect();
        assert_eq!(found, wanted, "{query}");
    }
    service.tell(vec![Event::Removed(Mmsi(416_001_235))], Vec::new()).await;
    assert_eq!(service.get("/api/v1/vessels/416001235").await.status, 404);
    assert_eq!(service.get("/api/v1/vessels").await.json()["total"], json!(2));
}

#[tokio::test]
async fn near_vessels_come_with_their_distance_and_the_next_of_them() {
    let mut service = Service::with_traffic().await;
    let other = Event::Vessel(row(416_001_235, 118.62, 24.42));
    service.tell(vec![other], Vec::new()).await;
    for (query, next) in [("&radius_nm=60", Value::Null), ("&limit=1", json!("1"))] {
        let path = format!("/api/v1/vessels/near?lat=24.42&lon=118.63{query}");
        let near = service.get(&path).await.json();
        let nearest = &near["items"][0];
        let told = (&nearest["distance_nm"], &nearest["bearing_deg"], &near["total"]);
        assert_eq!(told, (&json!(0.547), &json!(270.0), &json!(2)), "{query}");
        assert_eq!(near["next_cursor"], next, "{query}");
    }
}

#[tokio::test]
async fn a_station_is_found_by_its_mmsi_as_it_is_written() {
    let mut service = Service::with_traffic().await;
    let station = Event::Vessel(row(4_161_234, 118.5, 24.42));
    service.tell(vec![station], Vec::new()).await;
    let found = service.get("/api/v1/vessels?q=004161234").await.json();
    assert_eq!(
        (&found["total"], &found["items"][0]["mmsi"]),
        (&json!(1), &json!(4_161_234))
    );
}

#[tokio::test]
async fn lists_come_as_geojson() {
    let service = Service::with_traffic().await;
    for (path, geometry) in [
        ("/api/v1/vessels", "Point"),
        ("/api/v1/vessels?zone=a", "Point"),
        ("/api/v1/alerts", "Point"),
        ("/api/v1/zones", "Polygon"),
    ] {
        let reply = service
            .ask("GET", path, &[("Accept", "application/geo+json")], "")
            .await;
        assert_eq!(reply.header("content-type"), Some("application/geo+json"));
        let json = reply.json();
        assert_eq!(json["type"], json!("FeatureCollection"), "{path}");
        assert_eq!(json["features"][0]["geometry"]["type"], json!(geometry), "{path}");
        assert!(json["total"].is_u64() && json["now"].is_string() && json["next_cursor"].is_null());
        assert!(json.get("items").is_none());
    }
    let track = service
        .ask(
            "GET",
            "/api/v1/vessels/416001234/track",
            &[("Accept", "application/geo+json")],
            "",
        )
        .await;
    assert_eq!(track.json()["geometry"]["type"], json!("MultiLineString"));
}

#[tokio::test]
async fn a_track_is_cut_at_its_gaps() {
    let mut service = Service::with_traffic().await;
    for s in [10, 20, 400, 410] {
        let mut moved = row(MMSI, 118.42 + f64::from(s) * 1e-5, 24.42);
        moved.position_time = Some(NOW.plus(Span::s(s.into())));
        service.tell(vec![Event::Vessel(moved)], Vec::new()).await;
    }
    let path = "/api/v1/vessels/416001234/track";
    let track = service.get(path).await.json();
    assert_eq!(track["points"].as_array().unwrap().len(), 5);
    assert_eq!(track["points"][4]["position"], json!([118.4241, 24.42]));
    assert_eq!(
        track["gaps"],
        json!([{"from": "2026-03-01T00:12:51.000Z", "to": "2026-03-01T00:19:11.000Z"}])
    );
    let part = service
        .get(&format!(
            "{path}?from=2026-03-01T00:12:41Z&to=2026-03-01T00:12:51Z&gap_s=5"
        ))
        .await
        .json();
    assert_eq!(part["points"].as_array().unwrap().len(), 2);
    assert_eq!(part["gaps"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_track_tells_the_statuses_that_were_sent() {
    let mut service = Service::with_traffic().await;
    for (s, nav_status) in [(10, Some(15)), (20, None), (30, Some(1)), (40, Some(15))] {
        let moved = VesselRow {
            nav_status,
            position_time: Some(NOW.plus(Span::s(s))),
            ..row(MMSI, 118.42, 24.42)
        };
        service.tell(vec![Event::Vessel(moved)], Vec::new()).await;
    }
    let track = service.get("/api/v1/vessels/416001234/track").await.json();
    let points = track["points"].as_array().unwrap();
    let told: Vec<_> = points.iter().map(|point| &point["nav_status"]).collect();
    assert_eq!(told, [&json!(0), &json!(15), &Value::Null, &json!(1), &json!(15)]);
    assert!(points.iter().all(|point| point["feed"] == "liaoluo"), "{points:?}");
}

#[tokio::test]
async fn alerts_are_listed_page_by_page_newest_first() {
    let mut service = Service::with_traffic().await;
    let events = [closed()].into_iter().chain((1..=5).map(raised_later));
    service.tell(events.collect(), Vec::new()).await;
    let mut path = "/api/v1/alerts?limit=2".to_owned();
    let mut found = Vec::new();
    loop {
        let list = service.get(&path).await.json();
        assert_eq!(list["total"], json!(5));
        found.extend(
            list["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["alert"].clone()),
        );
        match list["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/alerts?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let wanted: Vec<_> = (1..=5)
        .rev()
        .map(|n| json!(format!("harbour-speed-{MMSI}-later-{n}")))
        .collect();
    assert_eq!(found, wanted);
    for (query, total) in [
        ("state=closed", 1),
        ("state=active,closed", 6),
        ("state=acknowledged", 0),
        ("rule=harbour-speed&mmsi=416001234&zone=a", 5),
        ("rule=other", 0),
        ("mmsi=1", 0),
        ("from=2026-03-01T00:12:35Z", 2),
        ("to=2026-03-01T00:12:32Z", 1),
    ] {
        assert_eq!(
            service.get(&format!("/api/v1/alerts?{query}")).await.json()["total"],
            json!(total),
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_acknowledgement_shows_in_its_answer_and_at_once_in_the_list() {
    let mut service = Service::with_traffic().await;
    let orders = service.answer_orders();
    let path = format!("/api/v1/alerts/{ALERT}/acknowledge");
    let json_body = ("Content-Type", "application/json");
    let body = r#"{"by":"TEST WATCH","comment":"called on 12"}"#;
    let first = service
        .ask("POST", &path, &[json_body, ("Idempotency-Key", "k1")], body)
        .await;
    assert_eq!((first.status, &first.json()["state"]), (200, &json!("acknowledged")));
    assert_eq!(
        first.json()["acknowledged"],
        json!({"time": "2026-03-01T00:12:31.000Z", "by": "TEST WATCH", "comment": "called on 12"})
    );
    let listed = service.get("/api/v1/alerts").await.json();
    assert_eq!(listed["items"][0]["state"], json!("acknowledged"));
    let retried = service
        .ask("POST", &path, &[json_body, ("Idempotency-Key", "k1")], body)
        .await;
    assert_eq!((retried.status, retried.body), (200, first.body.clone()));
    let other = service
        .ask("POST", &path, &[json_body, ("Idempotency-Key", "k1")], "{}")
        .await;
    assert_eq!(
        (other.status, &other.json()["type"]),
        (409, &json!("/problems/idempotency_key_reused"))
    );
    let second = service.ask("POST", &path, &[], "").await;
    assert_eq!((second.status, second.json()), (200, first.json()));
    let unknown = service.ask("POST", "/api/v1/alerts/none/acknowledge", &[], "").await;
    assert_eq!(unknown.status, 404);
    service.end.take();
    service.task.await.unwrap().unwrap();
    assert_eq!(
        orders.await.unwrap(),
        3,
        "the retry and the refused one never reached the engine"
    );
}

#[tokio::test]
async fn rules_are_explained_now_and_in_the_past() {
    let mut service = Service::with_traffic().await;
    service.answer_questions(Explained::By(vec![explanation()]), Explained::NoRecord);
    let path = format!("/api/v1/vessels/{MMSI}/explain");
    let reply = service.get(&path).await;
    assert!(reply.header("etag").is_some());
    assert_eq!(
        reply.json(),
        json!([{
            "rule": "under-keel", "kind": "under_keel", "zone": "a", "other_mmsi": null, "holds": false, "value": null,
            "limit": 5.5, "unit": "m", "reason": null, "missing": ["draught_m"], "unmet": [], "since": null,
            "suppressed_by": "lost", "margin": null, "near_miss": false, "alert": null,
            "message": {
                "zh": "水深不足:不成立;限值 5.5 m;缺少吃水;船舶失去訊號。",
                "en": "Too shallow: does not hold; limit 5.5 m; missing: draught; the vessel is lost."
            }
        }])
    );
    for (query, status) in [
        ("?at=2026-03-01T00:00:00Z", 404),
        ("?at=2026-03-01T00:12:50Z", 400),
        ("?at=noon", 400),
        ("?rule=under-keel", 200),
        ("?rules=x", 400),
    ] {
        assert_eq!(service.get(&format!("{path}{query}")).await.status, status, "{query}");
    }
    let wrong = service.get("/api/v1/vessels/abc/explain").await;
    assert_eq!(wrong.status, 400);
}

fn explanation() -> Explanation {
    Explanation {
        rule: "under-keel".into(),
        message: Words {
            zh: "水深不足".into(),
            en: "Too shallow".into(),
        },
        kind: "under_keel",
        zone: Some("a".into()),
        other_mmsi: None,
        holds: false,
        value: None,
        limit: Some(5.5),
        unit: Some("m"),
        reason: None,
        account: Account {
            missing: vec!["draught_m"],
            ..Account::default()
        },
        since: None,
        suppressed_by: Some("lost"),
        margin: None,
        near_miss: false,
        alert: None,
    }
}

#[tokio::test]
async fn a_shelf_is_put_up_listed_and_taken_away() {
    let mut service = Service::with_traffic().await;
    service.answer_shelving();
    let json_body = ("Content-Type", "application/json");
    let body = r#"{"mmsi":416001234,"rule":"harbour-speed","until":"2026-03-01T09:12:31+08:00","reason":"tow"}"#;
    let put = service
        .ask("POST", "/api/v1/shelves", &[json_body, ("Idempotency-Key", "s1")], body)
        .await;
    assert_eq!((put.status, put.header("location")), (201, Some("/api/v1/shelves/1")));
    assert_eq!(
        put.json(),
        json!({"id": 1, "mmsi": MMSI, "rule": "harbour-speed", "until": "2026-03-01T01:12:31.000Z", "reason": "tow",
            "by": null, "since": "2026-03-01T00:12:31.000Z"})
    );
    let again = service
        .ask("POST", "/api/v1/shelves", &[json_body, ("Idempotency-Key", "s1")], body)
        .await;
    assert_eq!((again.status, again.body), (201, put.body.clone()));
    let body = r#"{"rule":"system_disk","until":"2026-03-02T00:00:00Z","reason":"a new disk is coming","by":"A"}"#;
    let second = service.ask("POST", "/api/v1/shelves", &[json_body], body).await;
    assert_eq!((second.status, &second.json()["id"]), (201, &json!(2)));
    let listed = service.get("/api/v1/shelves?limit=1").await;
    assert!(listed.header("etag").is_some());
    let listed = listed.json();
    assert_eq!((&listed["items"][0], &listed["total"]), (&put.json(), &json!(2)));
    let next = format!("/api/v1/shelves?cursor={}", listed["next_cursor"].as_str().unwrap());
    assert_eq!(service.get(&next).await.json()["items"], json!([second.json()]));
    for (path, status) in [("1", 204), ("1", 404), ("x", 404), ("3", 404)] {
        let reply = service.ask("DELETE", &format!("/api/v1/shelves/{path}"), &[], "").await;
        assert_eq!(reply.status, status, "{path}");
    }
    assert_eq!(
        service.get("/api/v1/shelves").await.json()["items"],
        json!([second.json()])
    );
}

#[tokio::test]
async fn a_closed_alert_cannot_be_acknowledged() {
    let mut service = Service::with_traffic().await;
    service.tell(vec![closed()], Vec::new()).await;
    let mut queue = service.orders.take().unwrap();
    tokio::spawn(async move {
        let (_, reply) = queue.recv().await.unwrap();
        let _ = reply.send(Ok((harborwatch::traffic::Answer::Unknown, 2)));
    });
    let reply = service
        .ask("POST", &format!("/api/v1/alerts/{ALERT}/acknowledge"), &[], "")
        .await;
    assert_eq!(
        (reply.status, &reply.json()["type"]),
        (409, &json!("/problems/alert_closed"))
    );
}

#[tokio::test]
async fn a_station_tells_its_place_clock_weather_and_alarms() {
    let service = Service::with_traffic().await;
    let list = service.get("/api/v1/stations").await.json();
    check_keys(&list, LIST);
    let station = &list["items"][0];
    for (pointer, keys) in [
        ("", STATION),
        ("/weather/wind_ms", "value time age_s"),
        ("/text", "value time age_s"),
        ("/alarms/0", "id instance acknowledged text time age_s"),
        ("/signal", "slot strength_dbm snr_db time age_s"),
        ("/coverage/0", "from_deg to_deg usual_nm farthest_nm days"),
    ] {
        check_keys(station.pointer(pointer).unwrap(), keys);
    }
    for (pointer, wanted) in [
        ("/station", json!("liaoluo/r1")),
        ("/position", json!([118.41, 24.42])),
        ("/position_time", json!("2026-03-01T00:09:11.000Z")),
        ("/last_heard", json!("2026-03-01T00:12:31.000Z")),
        ("/deaf_s", json!(140.0)),
        ("/sentences", json!(7)),
        ("/messages", json!(0)),
        ("/vessels", json!(1)),
        ("/reports_last_h", json!(90)),
        ("/reports_usual_h", Value::Null),
        ("/coverage/0/to_deg", json!(360.0)),
        ("/coverage/0/usual_nm", json!(20.0)),
        ("/coverage/0/farthest_nm", json!(31.5)),
        ("/clock_offset_s", json!(0.0)),
        ("/weather/wind_ms/value", json!(10.0)),
        ("/weather/wind_ms/age_s", json!(61.0)),
        ("/weather/wind_angle_true_deg/value", json!(295.4)),
        ("/alarms/0/id", json!(25)),
        ("/alarms/0/acknowledged", json!(false)),
        ("/alarms/0/text", json!("AIS: External EPFS lost")),
        ("/alarms/1", Value::Null),
        ("/text/value", json!("FREQ,2087,2088")),
        ("/signal/strength_dbm", json!(-57.0)),
    ] {
        let found = station.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(*found, wanted, "{pointer}");
    }
    let geo = service
        .ask("GET", "/api/v1/stations", &[("Accept", "application/geo+json")], "")
        .await
        .json();
    assert_eq!(geo["features"][0]["geometry"]["coordinates"], json!([118.41, 24.42]));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let mut service = Service::with_traffic().await;
    for path in [
        "/api/v1/vessels",
        "/api/v1/vessels?zone=a",
        "/api/v1/vessels/416001234",
        "/api/v1/vessels/416001234/track",
        "/api/v1/alerts",
        "/api/v1/alerts/harbour-speed-416001234-1772323951",
        "/api/v1/feeds",
        "/api/v1/stations",
        "/api/v1/zones",
        "/api/v1/rules",
        "/api/v1/coast",
        "/api/v1/site",
        "/",
    ] {
        let first = service.get(path).await;
        assert_eq!(first.status, 200, "{path}");
        let etag = first.header("etag").unwrap_or_else(|| panic!("{path}")).to_owned();
        let again = service.ask("GET", path, &[("If-None-Match", &etag)], "").await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
    let etag = service.get("/api/v1/vessels").await.header("etag").unwrap().to_owned();
    service
        .tell(vec![Event::Vessel(row(MMSI, 118.43, 24.42))], Vec::new())
        .await;
    let changed = service
        .ask("GET", "/api/v1/vessels", &[("If-None-Match", &etag)], "")
        .await;
    assert_eq!(
        (changed.status, &changed.json()["items"][0]["position"]),
        (200, &json!([118.43, 24.42]))
    );
}

#[tokio::test]
async fn the_whole_picture_comes_compressed() {
    let service = Service::with_traffic().await;
    let plain = service.get("/api/v1/vessels").await.body;
    let gzip = service
        .ask("GET", "/api/v1/vessels", &[("Accept-Encoding", "gzip, deflate")], "")
        .await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*gzip.body), &mut text).unwrap();
    assert_eq!(text, plain);
    let zstd = service
        .ask("GET", "/api/v1/vessels", &[("Accept-Encoding", "zstd, gzip")], "")
        .await;
    assert_eq!(zstd.header("content-encoding"), Some("zstd"));
    assert_eq!(zstd::decode_all(&*zstd.body).unwrap(), plain);
    assert_ne!(zstd.header("etag"), gzip.header("etag"));
    let refused = service
        .ask("GET", "/api/v1/vessels", &[("Accept-Encoding", "gzip;q=0")], "")
        .await;
    assert_eq!(refused.header("content-encoding"), None);
}

#[tokio::test]
async fn operation_and_documentation_answer() {
    let mut service = Service::start().await;
    assert_eq!(service.get("/healthz").await.status, 200);
    let waiting = service.get("/readyz").await;
    assert_eq!(
        (waiting.status, &waiting.json()["detail"]),
        (503, &json!("the engine has told nothing yet"))
    );
    service
        .tell(
            vec![Event::Vessel(row(MMSI, 118.42, 24.42)), crate::service::raised(1)],
            vec![crate::service::feed_row()],
        )
        .await;
    assert_eq!(service.get("/readyz").await.status, 200);
    let metrics = String::from_utf8(service.get("/metrics").await.body).unwrap();
    for line in [
        "harborwatch_vessels{class=\"sand_carrier\",state=\"live\"} 1",
        "harborwatch_alerts{priority=\"warning\",rule=\"harbour-speed\",state=\"active\"} 1",
        "harborwatch_alert_transitions_total{rule=\"harbour-speed\",transition=\"raised\"} 1",
        "harborwatch_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "harborwatch_build_info{commit=\"abc\",version=\"0.1.0\"} 1",
    ] {
        assert!(metrics.lines().any(|own| own == line), "{line}\n{metrics}");
    }
    check_by_promtool(&metrics);
    let openapi = service.get("/openapi.json").await.json();
    for path in [
        "/api/v1/vessels",
        "/api/v1/alerts/{id}/acknowledge",
        "/api/v1/shelves",
        "/api/v1/shelves/{id}",
        "/api/v1/vessels/{mmsi}/explain",
        "/api/v1/events",
        "/metrics",
    ] {
        assert!(openapi["paths"].get(path).is_some(), "{path}");
    }
    let told = openapi["tags"][0]["description"].as_str().unwrap();
    assert!(told.contains(&harborwatch::rules::table()), "{told}");
    assert_eq!(service.get("/docs").await.status, 303);
    for (path, content_type) in [
        ("/docs/", "text/html"),
        ("/docs/swagger-ui.css", "text/css"),
        ("/docs/swagger-initializer.js", "text/javascript"),
        ("/", "text/html"),
        ("/favicon.ico", "image/"),
    ] {
        let reply = service.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(
            reply.header("content-type").unwrap().starts_with(content_type),
            "{path}"
        );
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self';"), "{path}");
        assert_eq!(policy.contains("data:"), path.starts_with("/docs"), "{path}");
    }
    let page = String::from_utf8(service.get("/docs/").await.body).unwrap();
    assert!(!page.contains("http://") && !page.contains("https://"), "works offline");
}

#[tokio::test]
async fn the_documentation_says_which_keys_are_always_there() {
    let service = Service::start().await;
    let openapi = service.get("/openapi.json").await.json();
    let required = |name: &str| {
        let schema = &openapi["components"]["schemas"][name];
        let required = schema["required"].as_array().map_or(0, Vec::len);
        (required, keys(&schema["properties"]).len())
    };
    for name in ["Vessel", "Alert", "Feed", "Track", "List_Vessel"] {
        let (required, all) = required(name);
        assert_eq!(required, all, "{name}");
    }
    // What clients send.
    assert_eq!(required("Acknowledge"), (0, 2));
    assert_eq!(required("Shelving"), (2, 5));
    assert_eq!(required("Put"), (3, 4));
    assert_eq!(required("Rollback"), (3, 3));
}

#[tokio::test]
async fn the_documentation_has_every_kind_of_rule_as_the_code_has_it() {
    let service = Service::start().await;
    let described = service.get("/openapi.json").await.json();
    let tags = described["tags"].as_array().unwrap();
    let rules = tags.iter().find(|tag| tag["name"] == "rules").unwrap();
    let table = harborwatch::rules::table();
    assert!(rules["description"].as_str().unwrap().contains(&table));
}

#[tokio::test]
async fn pages_come_compressed_from_any_folder_and_notes_beside_them_do_not() {
    let service = Service::start().await;
    let path = "/vendor/ol.js";
    let plain = service.get(path).await;
    assert_eq!(plain.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(plain.header("content-encoding"), None);
    let packed = service.ask("GET", path, &[("Accept-Encoding", "gzip")], "").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    assert!(packed.body.len() * 2 < plain.body.len(), "{}", packed.body.len());
    assert_ne!(packed.header("etag"), plain.header("etag"));
    for (coding, had) in [("gzip", &packed), ("identity", &plain)] {
        let have = [
            ("Accept-Encoding", coding),
            ("If-None-Match", had.header("etag").unwrap()),
        ];
        assert_eq!(service.ask("GET", path, &have, "").await.status, 304, "{coding}");
    }
    for note in ["/vendor/SHA256SUMS", "/vendor/ol.d.ts", "/vendor", "/vendor/"] {
        assert_eq!(service.get(note).await.status, 404, "{note}");
    }
}

/// `promtool check metrics`, where it is installed.
fn check_by_promtool(metrics: &str) {
    let tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut tool) = tool else { return };
    tool.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let told = tool.wait_with_output().unwrap();
    assert!(
        told.status.success() && told.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
}
