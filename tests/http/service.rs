//! A running interface, and a client that speaks HTTP/1.1 by hand.

use std::sync::Arc;

use harborwatch::ais::Mmsi;
use harborwatch::alerts::{Acknowledgement, Alert, AlertChange, Ledger, Priority, State, Transition};
use harborwatch::engine::{
    Batch, Explained, FeedRow, FeedState, OrderQueue, Orders, Progress, QuestionQueue, Questions, Rehearsal,
    Rehearsals, StationRow,
};
use harborwatch::geo::{Degrees, Knots, Metres, Position};
use harborwatch::http::{self, FeedName, RuleRow, Setting, Wiring};
use harborwatch::journal::Folder;
use harborwatch::metrics::Metrics;
use harborwatch::nmea::{Outcome, Sentence};
use harborwatch::picture::{Picture, Sector, StationKey};
use harborwatch::register::{Class, Declarations, Register};
use harborwatch::report::{
    AisClass, Dimensions, FeedId, HashKey, KeyedState, Listening, Reception, SourceId, StaticReport, Station,
};
use harborwatch::rules::Words;
use harborwatch::time::{Span, Timestamp};
use harborwatch::track::{Hearers, Hearing, Track, TrackLimits};
use harborwatch::traffic::{Answer, Event, Order, Particulars, VesselRow};
use harborwatch::view::{History, View};
use harborwatch::watch::Editions;
use harborwatch::zone::Zones;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub const NOW: Timestamp = Timestamp::from_s(1_772_323_951);
pub const MMSI: u32 = 416_001_234;
pub const ALERT: &str = "harbour-speed-416001234-1772323951";

pub struct Service {
    pub port: u16,
    pub view: View,
    pub orders: Option<OrderQueue>,
    /// Questions about now, and about the past.
    pub asked: Option<[QuestionQueue; 2]>,
    /// Changes to be tried, and where it is told how far that has come.
    pub rehearsals: mpsc::Receiver<Rehearsal>,
    pub progress: watch::Sender<Progress>,
    pub end: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<std::io::Result<()>>,
    batches: mpsc::Sender<Batch>,
    number: u64,
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn setting() -> Setting {
    let square = |id: &str, west: f64| {
        json!({"type": "Feature", "id": id,
            "properties": {"id": id, "kind": "harbour", "name": {"zh": "港", "en": "Harbour"}},
            "geometry": {"type": "Polygon", "coordinates":
                [[[west, 24.4], [west + 0.1, 24.4], [west + 0.1, 24.5], [west, 24.5], [west, 24.4]]]}})
    };
    let zones =
        json!({"type": "FeatureCollection", "note": "kept", "features": [square("a", 118.4), square("b", 118.6)]});
    let feed = |name: &str| FeedName {
        name: name.into(),
        kind: "tcp".into(),
    };
    Setting {
        name: Some(Words {
            zh: "金門港".into(),
            en: "Kinmen Harbour".into(),
        }),
        timezone: "Asia/Taipei".into(),
        bbox: [118.0, 24.2, 118.75, 24.7],
        zones: Arc::new(Zones::from_geojson(&zones.to_string()).unwrap()),
        coast: vec![json!({"type": "FeatureCollection", "attribution": "test", "features": []}).to_string()],
        rules: vec![
            rule("harbour-speed", json!({"kind": "speed_limit", "priority": "warning", "limit_kn": 8.0})),
            rule("mayday", json!({"kind": "distress", "priority": "emergency"})),
        ],
        register: Arc::new(
            Register::from_csv(
                "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n416001234,,TEST SHA 1,測試沙一號,sand_carrier,4.2,70,TEST OWNER\n",
            )
            .unwrap(),
        ),
        declarations: Arc::new(declarations()),
        feeds: vec![feed("liaoluo"), feed("shuitou")],
        version: "0.1.0".into(),
        commit: "abc".into(),
        ..Setting::default()
    }
}

/// A batch that tells nothing.
fn batch(number: u64) -> Batch {
    Batch {
        number,
        clock: NOW,
        events: Vec::new(),
        known: Vec::new(),
        shelves: Arc::default(),
        feeds: Vec::new(),
        stations: Vec::new(),
        stations_gone: Vec::new(),
        editions: None,
        ready: true,
    }
}

fn rule(id: &str, settings: Value) -> RuleRow {
    RuleRow {
        id: id.into(),
        message: Words {
            zh: "港區超速".into(),
            en: "Speeding in the harbour".into(),
        },
        settings: settings.as_object().unwrap().clone(),
    }
}

/// One that is over, one that covers now, one to come.
fn declarations() -> Declarations {
    let rows = "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n\
        D1,416001234,,,2026-02-01T00:00:00Z,2026-02-02T00:00:00Z,,,,,departed\n\
        D2,416001234,a,,2026-03-01T00:00:00Z,2026-03-01T08:00:00Z,4.0,3000,true,,approved\n\
        D3,416001234,,,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,,,,,draft\n";
    Declarations::from_csv(rows, |_| true).unwrap()
}

impl Service {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (orders, queue) = Orders::new();
        let (questions, asked) = Questions::new();
        let (past, asked_of_past) = Questions::new();
        let view = View::new(7);
        let (batches, receiver) = mpsc::channel(16);
        let (to_rehearse, rehearsals) = mpsc::channel(1);
        let (progress, progress_told) = watch::channel(Progress::default());
        tokio::spawn(view.clone().reflect(receiver));
        let wiring = Wiring {
            setting: setting(),
            view: view.clone(),
            history: History::new(Folder("nowhere".into()), std::sync::mpsc::sync_channel(1).0),
            orders,
            questions,
            past,
            rehearsals: Rehearsals::new(to_rehearse, progress_told),
            metrics: Arc::new(Metrics::new("0.1.0", "abc")),
        };
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(http::serve(listener, wiring, async {
            let _ = ended.await;
        }));
        Self {
            port,
            view,
            orders: Some(queue),
            asked: Some([asked, asked_of_past]),
            rehearsals,
            progress,
            end: Some(end),
            task,
            batches,
            number: 0,
        }
    }

    /// A service that shows one vessel, its alert, and a feed.
    pub async fn with_traffic() -> Self {
        let mut service = Self::start().await;
        service
            .tell_all(
                vec![Event::Vessel(row(MMSI, 118.42, 24.42)), particulars(), raised(1)],
                vec![feed_row()],
                vec![station_row()],
            )
            .await;
        service
    }

    /// Has the view show a batch.
    pub async fn tell(&mut self, events: Vec<Event>, feeds: Vec<FeedRow>) {
        self.tell_all(events, feeds, Vec::new()).await;
    }

    async fn tell_all(&mut self, events: Vec<Event>, feeds: Vec<FeedRow>, stations: Vec<StationRow>) {
        let clock = NOW.plus(Span::s(self.number as i64 + 1));
        self.tell_batch(|batch| Batch {
            clock,
            events,
            feeds,
            stations,
            ..batch
        })
        .await;
    }

    /// Has the view show versions of rules and zones.
    pub async fn tell_editions(&mut self, editions: Editions) {
        let editions = Some(Arc::new(editions));
        self.tell_batch(|batch| Batch { editions, ..batch }).await;
    }

    async fn tell_batch(&mut self, told: impl FnOnce(Batch) -> Batch) {
        self.number += 1;
        self.batches.send(told(batch(self.number))).await.unwrap();
        assert!(self.view.shows(self.number).await);
    }

    /// Answers every question about now, and those about the past by the second answer.
    pub fn answer_questions(&mut self, now: Explained, then: Explained) {
        for (mut queue, answer) in self.asked.take().unwrap().into_iter().zip([now, then]) {
            tokio::spawn(async move {
                while let Some((question, reply)) = queue.recv().await {
                    assert_eq!(question.mmsi, Mmsi(MMSI));
                    let _ = reply.send(answer.clone());
                }
            });
        }
    }

    /// Answers orders about shelves as the engine would.
    pub fn answer_shelving(&mut self) {
        let mut queue = self.orders.take().unwrap();
        let batches = self.batches.clone();
        let mut number = self.number;
        tokio::spawn(async move {
            let mut ledger = Ledger::default();
            while let Some((order, reply)) = queue.recv().await {
                let order = match order {
                    Order::Once { order, .. } => *order,
                    order => order,
                };
                let shelf = match order {
                    Order::Shelve(shelving) => ledger.shelve(&shelving, NOW),
                    Order::Unshelve { shelf } => ledger.unshelve(shelf, NOW),
                    _ => continue,
                };
                number += 1;
                let batch = Batch {
                    shelves: ledger.shelves().clone(),
                    ..batch(number)
                };
                batches.send(batch).await.unwrap();
                let _ = reply.send(Ok((shelf.map_or(Answer::Unknown, Answer::Shelf), number)));
            }
        });
    }

    /// Answers orders as the engine would for one alert that is active.
    pub fn answer_orders(&mut self) -> JoinHandle<usize> {
        let mut queue = self.orders.take().unwrap();
        let batches = self.batches.clone();
        let mut number = self.number;
        tokio::spawn(async move {
            let mut taken = 0;
            let mut standing: Option<Arc<Alert>> = None;
            while let Some((order, reply)) = queue.recv().await {
                taken += 1;
                let order = match order {
                    Order::Once { order, .. } => *order,
                    order => order,
                };
                let Order::Acknowledge { alert, by, comment } = order else {
                    continue;
                };
                if *alert != *ALERT {
                    let _ = reply.send(Ok((Answer::Unknown, number)));
                    continue;
                }
                if let Some(standing) = &standing {
                    let _ = reply.send(Ok((Answer::Unchanged(standing.clone()), number)));
                    continue;
                }
                let acknowledged = Arc::new(Alert {
                    state: State::Acknowledged,
                    acknowledged: Some(Acknowledgement { time: NOW, by, comment }),
                    ..(*alert_row()).clone()
                });
                number += 1;
                let _ = reply.send(Ok((Answer::Done(acknowledged.clone()), number)));
                let batch = Batch {
                    events: vec![step(2, Transition::Acknowledged, acknowledged.clone())],
                    ..batch(number)
                };
                batches.send(batch).await.unwrap();
                standing = Some(acknowledged);
            }
            taken
        })
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], "").await
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut stream = self.send(method, path, headers, body).await;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Reply {
            status,
            headers,
            body: bytes[split + 4..].to_vec(),
        }
    }

    /// Sends a request whose connection ends with the answer.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: localhost:{}\r\n", self.port);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        stream
            .write_all(format!("{request}\r\n{body}").as_bytes())
            .await
            .unwrap();
        stream
    }
}

pub fn row(mmsi: u32, lon: f64, lat: f64) -> VesselRow {
    VesselRow {
        mmsi: Mmsi(mmsi),
        kind: Mmsi(mmsi).kind(),
        class: Class::SandCarrier,
        ais_class: Some(AisClass::A),
        name: Some("TEST SHA 1".try_into().unwrap()),
        call_sign: Some("BTEST".try_into().unwrap()),
        imo: Some(9_074_729),
        ship_type: Some(70),
        dimensions: Some(Dimensions {
            bow: 50,
            stern: 20,
            port: 6,
            starboard: 7,
        }),
        position: Some(Position { lon, lat }),
        sog: Some(Knots(11.2)),
        cog: Some(Degrees(90.04)),
        heading: Some(91),
        rot_deg_min: Some(-2.25),
        nav_status: Some(0),
        status_since: Some(NOW.plus(Span::s(-300))),
        draught: Some(Metres(4.1)),
        destination: None,
        eta: None,
        zones: vec![Arc::from("a")].into(),
        lost: false,
        position_time: Some(NOW),
        static_time: Some(NOW.plus(Span::s(-60))),
        first_heard: NOW.plus(Span::s(-600)),
        feed: FeedId(0),
        source: Some("r1".try_into().unwrap()),
        heard_by: heard_by(),
        alerts: vec![Arc::from(ALERT)].into(),
        simulated: false,
    }
}

/// Heard by the first feed's station twice, and by the second feed before.
fn heard_by() -> Hearers {
    let mut hearers = Hearers::default();
    for (feed, before_s) in [(1, 20), (0, 10), (0, 0)] {
        let station = Station {
            feed: FeedId(feed),
            source: SourceId(1 - feed),
        };
        hearers.hear(station, NOW.plus(Span::s(-before_s)));
    }
    hearers
}

/// A name said a minute ago, after another.
fn particulars() -> Event {
    let mut track = Track::new(Mmsi(MMSI), NOW, Station::default());
    for (name, before_s) in [("TEST SHA 0", 180), ("TEST SHA 1", 120), ("TEST SHA 1", 60)] {
        let said = StaticReport {
            name: Some(name.try_into().ok()),
            destination: Some(None),
            ..StaticReport::default()
        };
        let hearing = Hearing {
            time: NOW.plus(Span::s(-before_s)),
            station: Station {
                feed: FeedId(0),
                source: SourceId(1),
            },
            deaf: Span(0),
            message_type: 5,
        };
        track.describe(&said, &hearing, &KeyedState::new(HashKey(1, 2)));
    }
    Event::Particulars(Box::new(Particulars {
        mmsi: track.mmsi,
        statics: track.statics,
        formers: track.formers,
    }))
}

pub fn alert_row() -> Arc<Alert> {
    Arc::new(Alert {
        id: ALERT.into(),
        rule: "harbour-speed".into(),
        kind: "speed_limit".into(),
        priority: Priority::Warning,
        state: State::Active,
        mmsi: Some(Mmsi(MMSI)),
        other_mmsi: None,
        zone: Some("a".into()),
        reason: None,
        position: Some(Position {
            lon: 118.42,
            lat: 24.42,
        }),
        value: Some(11.2),
        limit: Some(8.0),
        unit: Some("kn".into()),
        raised: NOW,
        rectified: None,
        closed: None,
        acknowledged: None,
        finding: None,
        shelved_until: None,
        rule_version: 1,
        shadow: false,
        indicative: true,
        simulated: false,
        desk: None,
    })
}

pub fn raised(seq: u64) -> Event {
    step(seq, Transition::Raised, alert_row())
}

/// Another alert, raised `n` seconds later.
pub fn raised_later(n: u64) -> Event {
    let alert = Alert {
        id: format!("harbour-speed-{MMSI}-later-{n}").into(),
        raised: NOW.plus(Span::s(n as i64)),
        ..(*alert_row()).clone()
    };
    step(n, Transition::Raised, Arc::new(alert))
}

pub fn closed() -> Event {
    let alert = Alert {
        state: State::Closed,
        closed: Some(NOW),
        ..(*alert_row()).clone()
    };
    step(3, Transition::Closed, Arc::new(alert))
}

pub fn step(seq: u64, transition: Transition, alert: Arc<Alert>) -> Event {
    Event::Alert(AlertChange {
        seq,
        time: NOW,
        transition,
        alert,
    })
}

pub fn feed_row() -> FeedRow {
    FeedRow {
        feed: FeedId(0),
        state: FeedState::Up,
        since: NOW,
        last_sentence: Some(NOW),
        sentences_per_s: 12.345,
        outcomes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        vessels: 1,
        reconnects: 2,
        dropped: 0,
        datagrams_lost: 0,
        clock_offset_s: None,
        error: None,
    }
}

/// The station r1 of the feed liaoluo after it has said a little of itself.
fn station_row() -> StationRow {
    let register = Register::from_csv("mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n").unwrap();
    let mut picture = Picture::new(TrackLimits::default(), register, 1, NOW, HashKey(1, 2));
    let mut reception = Reception::new(vec![Listening::default()], HashKey(1, 2));
    for (ago_s, text) in [
        (200, "$GPRMC,000911,A,2425.200,N,11824.600,E,,,010326,,"),
        (60, "$WIMWV,295.4,T,9.996,M,A"),
        (60, "$AIALR,000002.00,025,A,V,AIS: External EPFS lost"),
        (60, "$AIALR,000002.00,026,A,A,AIS: Heading lost"),
        (1, "$AIALR,000100.00,026,V,A,AIS: Heading lost"),
        (1, "$AITXT,01,01,91,FREQ,2087,2088"),
        (0, "$ARVSI,r08XSTL1,,001230.5,0152,-057,12"),
    ] {
        let sum = text.bytes().skip(1).fold(0, |sum, byte| sum ^ byte);
        let line = format!("\\s:r1*78\\{text}*{sum:02X}");
        let sentence = Sentence::parse(line.as_bytes(), true);
        let heard = reception.hear(FeedId(0), NOW.plus(Span::s(-ago_s)), &sentence);
        assert_eq!(heard.outcome, Outcome::Ok, "{line}");
        let report = heard.report.unwrap();
        picture.apply(&report, report.time);
    }
    let (station, record) = picture.stations.all().next().unwrap();
    StationRow {
        key: StationKey::Receiver(station),
        station,
        record: record.clone(),
        reports_h: Some((90, None)),
        coverage: vec![Sector {
            from_deg: 350.0,
            usual: Some(Metres::from_nm(20.0)),
            farthest: Metres::from_nm(31.5),
            days: 3,
        }],
    }
}
