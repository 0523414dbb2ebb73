//! What a client says it takes, and has already: in any letters, by quality, on one line or several.

use crate::service::Service;

const VESSELS: &str = "/api/v1/vessels";

#[tokio::test]
async fn geojson_comes_to_whom_it_is_no_worse_than_json() {
    let service = Service::with_traffic().await;
    for (lines, is_geo) in [
        (&[][..], false),
        (&["application/geo+json"], true),
        (&["Application/Geo+JSON"], true),
        (&["application/geo+json;q=0, application/json"], false),
        (&["application/geo+json; Q=0.000"], false),
        (&["application/json, application/geo+json;q=0.1"], false),
        (&["application/json;q=0.5, application/geo+json;q=0.9"], true),
        (&["application/geo+json, */*;q=0.1"], true),
        (&["*/*, application/geo+json;q=0.9"], false),
        (&["application/geo+json;q=0.2, application/*;q=0.1"], true),
        (&["text/html", "application/geo+json"], true),
        (&["application/vnd.geo+json", "*/*"], false),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("Accept", *line)).collect();
        let list = service.ask("GET", VESSELS, &headers, "").await.json();
        assert_eq!(list.get("features").is_some(), is_geo, "{lines:?}");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_whom_takes_that() {
    let service = Service::with_traffic().await;
    for (lines, coding) in [
        (&["GZIP"][..], Some("gzip")),
        (&["gzip;Q=0"], None),
        (&["gzip; q=0.5"], Some("gzip")),
        (&["*"], Some("gzip")),
        (&["*;q=0"], None),
        (&["gzip;q=0, *"], None),
        (&["identity", "gzip"], Some("gzip")),
        (&["br", "Zstd"], Some("zstd")),
        (&["br, identity"], None),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("Accept-Encoding", *line)).collect();
        let reply = service.ask("GET", VESSELS, &headers, "").await;
        assert_eq!(reply.header("content-encoding"), coding, "{lines:?}");
    }
}

#[tokio::test]
async fn what_a_client_has_may_stand_on_any_line() {
    let service = Service::with_traffic().await;
    let etag = service.get("/api/v1/feeds").await.header("etag").unwrap().to_owned();
    let weak = format!("W/{etag}");
    for (lines, status) in [
        (&["\"other\"", &etag][..], 304),
        (&["\"other\", \"more\"", &weak], 304),
        (&["\"other\"", "\"more\""], 200),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("If-None-Match", *line)).collect();
        let reply = service.ask("GET", "/api/v1/feeds", &headers, "").await;
        assert_eq!(reply.status, status, "{lines:?}");
    }
}
