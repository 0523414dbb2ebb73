//! Server-sent events: order, resuming, slow and vanished listeners.

use std::time::Duration;

use harborwatch::ais::Mmsi;
use harborwatch::engine::{FeedRow, FeedState};
use harborwatch::traffic::Event;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::net::TcpStream;

use crate::rules::editions;
use crate::service::{MMSI, Service, feed_row, raised, raised_later, row};

struct Stream {
    lines: Lines<BufReader<TcpStream>>,
}

#[derive(Debug, Default)]
struct Told {
    event: String,
    data: Value,
    id: Option<String>,
}

impl Stream {
    async fn open(service: &Service, query: &str, last_id: Option<&str>) -> Self {
        let headers: Vec<_> = last_id.map(|id| ("Last-Event-ID", id)).into_iter().collect();
        let stream = service
            .send("GET", &format!("/api/v1/events{query}"), &headers, "")
            .await;
        Self {
            lines: BufReader::new(stream).lines(),
        }
    }

    /// The next event; `None` at the end. Heads and chunk sizes are passed over: they are no fields of events.
    async fn next(&mut self) -> Option<Told> {
        let mut told = Told::default();
        loop {
            let line = tokio::time::timeout(Duration::from_secs(20), self.lines.next_line());
            let line = line.await.expect("an event in time").ok()??;
            if let Some(event) = line.strip_prefix("event: ") {
                told.event = event.into();
            } else if let Some(data) = line.strip_prefix("data: ") {
                told.data = serde_json::from_str(data).unwrap();
            } else if let Some(id) = line.strip_prefix("id: ") {
                told.id = Some(id.into());
            } else if line.is_empty() && !told.event.is_empty() {
                // A chunk's end looks like an event's: what ends here has its data, and its id follows in a chunk.
                if told.id.is_some() {
                    return Some(told);
                }
            }
        }
    }

    /// The data of all events up to one that holds a part.
    async fn data_until(&mut self, part: &str) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        while told.last().is_none_or(|data| !data.contains(part)) {
            let line = tokio::time::timeout(Duration::from_secs(20), self.lines.next_line());
            let line = line.await.expect("an event in time").unwrap().expect(part);
            told.extend(line.strip_prefix("data: ").map(str::to_owned));
        }
        told
    }

    async fn expect(&mut self, event: &str) -> Told {
        loop {
            let told = self.next().await.unwrap_or_else(|| panic!("no {event}"));
            if told.event == event {
                return told;
            }
        }
    }
}

#[tokio::test]
async fn changes_are_told() {
    let mut service = Service::start().await;
    let mut stream = Stream::open(&service, "", None).await;
    let hello = stream.expect("hello").await;
    assert_eq!(hello.data["epoch"], json!(**service.view.epoch()));
    assert_eq!(hello.data["build"], json!("abc"));
    service
        .tell(
            vec![Event::Vessel(row(MMSI, 118.42, 24.42)), raised(1)],
            vec![feed_row()],
        )
        .await;
    let alert = stream.expect("alert").await;
    assert_eq!(alert.data["transition"]["transition"], json!("raised"));
    assert_eq!(alert.data["alert"]["mmsi"], json!(MMSI));
    let vessels = stream.expect("vessels").await;
    assert_eq!(vessels.data["changed"][0]["mmsi"], json!(MMSI));
    assert_eq!(
        (&vessels.data["left"], &vessels.data["removed"]),
        (&json!([]), &json!([]))
    );
    service.tell(vec![Event::Removed(Mmsi(MMSI))], Vec::new()).await;
    assert_eq!(stream.expect("vessels").await.data["removed"], json!([MMSI]));
    let down = FeedRow {
        state: FeedState::Down,
        error: Some("connection refused".into()),
        ..feed_row()
    };
    service.tell(Vec::new(), vec![down]).await;
    assert_eq!(stream.expect("feed").await.data["state"], json!("down"));
}

#[tokio::test]
async fn topics_and_areas_are_kept_to() {
    let mut service = Service::start().await;
    let mut alerts = Stream::open(&service, "?topics=alerts", None).await;
    let mut area = Stream::open(&service, "?topics=vessels&bbox=118.4,24.4,118.5,24.5", None).await;
    alerts.expect("hello").await;
    area.expect("hello").await;
    let at = |mmsi, lon| Event::Vessel(row(mmsi, lon, 24.42));
    service
        .tell(
            vec![at(1, 118.42), at(2, 118.6), at(3, 118.43), raised(1)],
            vec![feed_row()],
        )
        .await;
    let told = area.next().await.unwrap();
    let changed = told.data["changed"].as_array().unwrap();
    assert_eq!(changed.iter().map(|vessel| &vessel["mmsi"]).collect::<Vec<_>>(), [1, 3]);
    service
        .tell(vec![at(1, 118.6), at(2, 118.61), Event::Removed(Mmsi(3))], Vec::new())
        .await;
    let told = area.next().await.unwrap();
    assert_eq!(told.data["changed"], json!([]));
    assert_eq!((&told.data["left"], &told.data["removed"]), (&json!([1]), &json!([3])));
    assert_eq!(alerts.next().await.unwrap().event, "alert");
    service.tell(vec![raised_later(2)], Vec::new()).await;
    assert_eq!(alerts.next().await.unwrap().data["transition"]["seq"], json!(2));
}

#[tokio::test]
async fn resuming_misses_nothing_and_doubles_no_alert() {
    let mut service = Service::start().await;
    let mut first = Stream::open(&service, "", None).await;
    first.expect("hello").await;
    service
        .tell(vec![Event::Vessel(row(1, 118.42, 24.42)), raised_later(1)], Vec::new())
        .await;
    let id = first.expect("alert").await.id.unwrap();
    first.expect("vessels").await;
    drop(first);
    for n in 2..=150 {
        service
            .tell(
                vec![Event::Vessel(row(n as u32, 118.42, 24.42)), raised_later(n)],
                Vec::new(),
            )
            .await;
    }
    service.tell(vec![Event::Removed(Mmsi(2))], Vec::new()).await;
    let mut resumed = Stream::open(&service, "", Some(&id)).await;
    let hello = resumed.next().await.unwrap();
    assert_eq!((hello.event.as_str(), hello.id.as_deref()), ("hello", Some(&*id)));
    let (mut seqs, mut seen, mut numbers) = (Vec::new(), std::collections::BTreeSet::new(), Vec::new());
    while seqs.len() < 149 || seen.len() < 149 {
        let told = resumed.next().await.unwrap();
        match told.event.as_str() {
            "alert" => seqs.push(told.data["transition"]["seq"].as_u64().unwrap()),
            "vessels" => seen.extend(
                told.data["changed"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| v["mmsi"].as_u64()),
            ),
            other => panic!("{other}"),
        }
        numbers.push(told.id.unwrap().rsplit_once('-').unwrap().1.parse::<u64>().unwrap());
    }
    assert_eq!(seqs, (2..=150).collect::<Vec<_>>());
    assert!(!seen.contains(&Some(2)), "it left before");
    assert!(numbers.is_sorted());
}

#[tokio::test]
async fn who_resumes_is_told_each_vessel_once_as_it_is_now() {
    let mut service = Service::start().await;
    let mut live = Stream::open(&service, "?topics=vessels", None).await;
    let id = live.expect("hello").await.id.unwrap();
    let at = |mmsi, lon| Event::Vessel(row(mmsi, lon, 24.42));
    for lon in [118.421, 118.422, 118.423] {
        service.tell(vec![at(1, lon), at(2, lon)], Vec::new()).await;
        live.expect("vessels").await;
    }
    for area in ["", "&bbox=118.4,24.4,118.5,24.5"] {
        let mut resumed = Stream::open(&service, &format!("?topics=vessels{area}"), Some(&id)).await;
        resumed.expect("hello").await;
        let told = resumed.data_until("118.423").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].matches("118.423").count(), 2, "{told:?}");
        service.tell(vec![at(3, 118.424)], Vec::new()).await;
        let told = resumed.data_until("118.424").await;
        assert_eq!(told.len(), 1, "{told:?}");
        service.tell(vec![Event::Removed(Mmsi(3))], Vec::new()).await;
        live.expect("vessels").await;
    }
}

#[tokio::test]
async fn who_was_away_too_long_begins_anew() {
    let mut service = Service::start().await;
    let epoch = service.view.epoch().clone();
    for n in 0..11 {
        service
            .tell(
                (0..1_000).map(|k| raised_later(n * 1_000 + k + 1)).collect(),
                Vec::new(),
            )
            .await;
    }
    for (id, reason) in [
        (format!("{epoch}-1"), Some("too_old")),
        (format!("{epoch}-99999999"), Some("too_old")),
        ("another-1".into(), Some("other_epoch")),
        ("".into(), Some("other_epoch")),
        (format!("{epoch}-2000"), None),
    ] {
        let mut stream = Stream::open(&service, "", Some(&id)).await;
        stream.expect("hello").await;
        let next = if reason.is_some() {
            stream.expect("reset").await
        } else {
            stream.expect("alert").await
        };
        match reason {
            Some(reason) => assert_eq!(next.data["reason"], json!(reason), "{id}"),
            None => assert_eq!(next.data["transition"]["seq"], json!(2001)),
        }
    }
}

#[tokio::test]
async fn one_who_does_not_read_is_let_go_and_hinders_nobody() {
    let mut service = Service::start().await;
    let mut slow = service.send("GET", "/api/v1/events", &[], "").await;
    let mut quick = Stream::open(&service, "?topics=alerts", None).await;
    quick.expect("hello").await;
    let mut told = 0;
    // Far more than sockets hold, in steps that a reader follows easily.
    for n in 0..100 {
        let rows = (0..200).map(|mmsi| Event::Vessel(row(mmsi + 1, 118.4 + n as f64 * 1e-3, 24.42)));
        let alerts = (0..100).map(|k| raised_later(n * 100 + k + 1));
        service.tell(rows.chain(alerts).collect(), Vec::new()).await;
        for _ in 0..100 {
            told += 1;
            assert_eq!(quick.expect("alert").await.data["transition"]["seq"], json!(told));
        }
    }
    // Long before it is given up because nothing can be written.
    let is_let_go = async {
        while !String::from_utf8_lossy(&service.get("/metrics").await.body).contains("harborwatch_subscribers 1\n") {}
    };
    let is_let_go = tokio::time::timeout(Duration::from_secs(10), is_let_go);
    is_let_go.await.expect("only the quick one is left");
    let mut text = Vec::new();
    slow.read_to_end(&mut text).await.unwrap();
    let alerts = text.windows(13).filter(|window| window == b"event: alert\n").count();
    assert!(alerts < 10_000, "the slow one was let go: {alerts}");
    assert_eq!(service.get("/healthz").await.status, 200);
}

/// Reads a stream's text until it holds all of these, whatever its coding.
async fn text_with(stream: &mut TcpStream, wanted: &[&str]) -> String {
    let (mut bytes, mut text) = (Vec::new(), String::new());
    while !wanted.iter().all(|word| text.contains(word)) {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_buf(&mut bytes));
        assert!(read.await.expect("more in time").unwrap() > 0, "it ended after {text}");
        let Some(split) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let is_gzip = String::from_utf8_lossy(&bytes[..split]).contains("content-encoding: gzip");
        let body = dechunked(&bytes[split + 4..]);
        text.clear();
        if is_gzip {
            // A stream that goes on has no end, which the decoder says after all it could read.
            let _ = std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*body), &mut text);
        } else {
            text = String::from_utf8(body).unwrap();
        }
    }
    text
}

/// The chunks that are whole, without their sizes.
fn dechunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        let Some(chunk) = rest.get(end + 2..end + 2 + size) else {
            break;
        };
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..).unwrap_or_default();
    }
    body
}

#[tokio::test]
async fn who_takes_gzip_is_told_the_same() {
    let mut service = Service::start().await;
    let codings = ["identity", "gzip, deflate, br, zstd", "gzip;q=0"];
    for query in ["", "?bbox=118.4,24.4,118.5,24.5"] {
        let path = format!("/api/v1/events{query}");
        let mut streams = Vec::new();
        for accept in codings {
            let stream = service.send("GET", &path, &[("Accept-Encoding", accept)], "").await;
            stream.readable().await.unwrap();
            streams.push(stream);
        }
        let rows = (1..=200).map(|mmsi| Event::Vessel(row(mmsi, 118.42, 24.42)));
        service.tell(rows.chain([raised(1)]).collect(), Vec::new()).await;
        let mut told = Vec::new();
        for stream in &mut streams {
            let text = text_with(stream, &["event: hello", "event: alert", "event: vessels", "\n\n"]).await;
            let mut events: Vec<String> = text
                .lines()
                .filter(|line| line.contains(": {"))
                .map(str::to_owned)
                .collect();
            events.sort();
            told.push(events);
        }
        assert_eq!(told[0].len(), 3, "{told:?}");
        for (events, accept) in told.iter().zip(codings) {
            assert_eq!(*events, told[0], "{accept} {query}");
        }
    }
}

#[tokio::test]
async fn the_end_of_the_service_ends_streams() {
    let mut service = Service::with_traffic().await;
    let mut stream = Stream::open(&service, "", None).await;
    stream.expect("hello").await;
    service.end.take();
    while stream.next().await.is_some() {}
    service.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_next_version_of_the_rules_is_told_whatever_the_topics() {
    let mut service = Service::start().await;
    for query in ["", "?topics=vessels"] {
        let mut stream = Stream::open(&service, query, None).await;
        stream.expect("hello").await;
        service.tell_editions(editions(2)).await;
        let told = stream.expect("rules").await.data;
        assert_eq!(
            (&told["version"], &told["author"], &told["reason"]),
            (&json!(3), &json!("a"), &json!("r"))
        );
    }
}
