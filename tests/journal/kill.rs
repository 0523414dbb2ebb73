//! The service killed again and again while lines come over TCP and acknowledgements are posted: what was confirmed
//! stands, and what it tells is what an undisturbed replay of its journal tells.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use serde_json::Value as Json;

use super::files::{NOW, Temporary};
use super::served::Served;

/// Kills in an ordinary run; `HARBORWATCH_KILLS` says otherwise for a long one.
const KILLS: u32 = 3;
/// Lines a second over TCP.
const RATE: u32 = 5_000;
/// So long nothing may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running service.
pub struct Service(pub Served);

impl Service {
    pub fn start(config: &Path) -> Self {
        let service = Self(Served::start(config, "warn"));
        let began = Instant::now();
        while service
            .ask("GET", "/readyz", "")
            .is_none_or(|(status, _)| status != 200)
        {
            assert!(began.elapsed() < PATIENCE, "it is not ready");
            std::thread::yield_now();
        }
        service
    }

    /// Status and body; none if the connection ended before the answer.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> Option<(u16, Json)> {
        ask(self.0.port, method, path, "", body)
    }

    /// The same with further headers.
    pub fn ask_with(&self, headers: &str, method: &str, path: &str, body: &str) -> Option<(u16, Json)> {
        ask(self.0.port, method, path, headers, body)
    }

    /// The same under an idempotency key.
    pub fn ask_once(&self, key: &str, path: &str, body: &str) -> Option<(u16, Json)> {
        ask(self.0.port, "POST", path, &format!("Idempotency-Key: {key}\r\n"), body)
    }

    pub fn kill(self) {
        drop(self);
    }

    /// The time, and every alert's state at it, by id; the service's own left out.
    pub fn alerts(&self) -> (Timestamp, BTreeMap<String, String>) {
        let (mut now, mut alerts) = (None, BTreeMap::new());
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/alerts?state=active,acknowledged,rectified,closed&limit=1000{cursor}");
            let (status, list) = self.ask("GET", &path, "").unwrap();
            assert_eq!(status, 200, "{list}");
            let told = Timestamp::parse(list["now"].as_str().unwrap()).unwrap();
            if *now.get_or_insert(told) != told {
                // A second has passed between two pages.
                return self.alerts();
            }
            for alert in list["items"].as_array().unwrap() {
                if !alert["rule"].as_str().unwrap().starts_with("system_") {
                    alerts.insert(text(&alert["alert"]), text(&alert["state"]));
                }
            }
            match list["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return (told, alerts),
            }
        }
    }

    /// The same in a second after this one: what a start changes is told as of its whole second, which is before it, and
    /// of what a radio sent last some may be played and not shown.
    pub fn alerts_later(&self) -> (Timestamp, BTreeMap<String, String>) {
        let (asked, (began, _)) = (Instant::now(), self.alerts());
        loop {
            let (now, alerts) = self.alerts();
            if now > began {
                return (now, alerts);
            }
            assert!(asked.elapsed() < PATIENCE, "time stands still");
            std::thread::yield_now();
        }
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

fn ask(port: u16, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, Json)> {
    let (status, _, body) = exchange(port, method, path, headers, body)?;
    Some((status, serde_json::from_slice(&body).unwrap_or_default()))
}

/// Status, head and body; none if the connection ended before the answer.
pub fn exchange(port: u16, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, String, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let status = std::str::from_utf8(&answer[9..12]).ok()?.parse().ok()?;
    let body = answer.split_off(split + 4);
    Some((status, String::from_utf8(answer).ok()?, body))
}

/// A site whose rules raise many alerts, fed from this port.
pub fn site(folder: &Path, data: &Path, feed: u16, journal: &str) -> PathBuf {
    let zones = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/zones-kinmen.geojson");
    let config = format!(
        r#"[site]
name = {{ zh = "測試", en = "Test" }}
timezone = "Asia/Taipei"
[listen]
http = "127.0.0.1:0"
[data]
dir = {data:?}
[zones]
file = {zones:?}
[journal]
{journal}
[[feed]]
name = "radio"
kind = "tcp"
address = "127.0.0.1:{feed}"
[[rule]]
id = "fast"
kind = "speed_limit"
limit_kn = 12.0
for_s = 1
clear_s = 2
priority = "warning"
[[rule]]
id = "in-harbour"
kind = "zone_entry"
zones = ["kind:harbour"]
priority = "caution"
"#
    );
    let path = folder.join("site.toml");
    std::fs::write(&path, config).unwrap();
    path
}

/// Simulated lines to whoever connects, so many a second, until told to stop.
pub struct Radio {
    pub port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Radio {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            let scenario = Scenario::named("kinmen").unwrap();
            let mut simulation = Simulation::new(&scenario, 7, Some(2_000), NOW);
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                send(stream.unwrap(), &mut simulation, &stopped);
            }
        });
        Self {
            port,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Radio {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn send(mut stream: TcpStream, simulation: &mut Simulation, stop: &AtomicBool) {
    let began = Instant::now();
    let mut sent = 0_u32;
    while !stop.load(Ordering::Relaxed) {
        let due = (began.elapsed().as_secs_f64() * f64::from(RATE)) as u32;
        let mut lines = String::new();
        for _ in sent..due {
            lines += &simulation.next_line().line;
            lines += "\r\n";
        }
        sent = sent.max(due);
        if stream.write_all(lines.as_bytes()).is_err() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Acknowledges whatever is active until told to stop; the alerts whose acknowledgement was confirmed.
fn acknowledge(port: u16, stop: &AtomicBool, confirmed: &Mutex<Vec<String>>) {
    while !stop.load(Ordering::Relaxed) {
        let Some((200, list)) = ask(port, "GET", "/api/v1/alerts?state=active&limit=20", "", "") else {
            return;
        };
        for alert in list["items"].as_array().unwrap() {
            let id = text(&alert["alert"]);
            let path = format!("/api/v1/alerts/{id}/acknowledge");
            if let Some((200, _)) = ask(port, "POST", &path, "", r#"{"by":"the test"}"#) {
                confirmed.lock().unwrap().push(id);
            }
        }
    }
}

/// The transitions that a replay of the journal tells up to a time.
pub fn steps(config: &Path, data: &Path, now: Timestamp) -> Vec<Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["replay", "--config"])
        .args([config, data])
        .args(["--to", &now.plus(Span(1)).to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each alert's last state, and how often it was raised and acknowledged, by these transitions; the service's own left
/// out.
pub fn replayed(steps: &[Json]) -> BTreeMap<String, (String, u32, u32)> {
    let mut alerts: BTreeMap<String, (String, u32, u32)> = BTreeMap::new();
    for (n, step) in (1..).zip(steps) {
        assert_eq!(step["seq"], n);
        if step["rule"].as_str().unwrap().starts_with("system_") {
            continue;
        }
        let alert = alerts.entry(text(&step["alert"])).or_default();
        alert.0 = text(&step["state"]);
        alert.1 += u32::from(step["transition"] == "raised");
        alert.2 += u32::from(step["transition"] == "acknowledged");
    }
    alerts
}

#[test]
fn a_killed_service_goes_on_where_it_was() {
    let kills = std::env::var("HARBORWATCH_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "segment_mb = 1");
    let confirmed = Mutex::new(Vec::new());
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        let began = Instant::now();
        let service = Service::start(&config);
        slowest = slowest.max(began.elapsed());
        let (_, alerts) = service.alerts();
        for id in confirmed.lock().unwrap().iter() {
            let state = alerts
                .get(id)
                .unwrap_or_else(|| panic!("{id} is gone after kill {kill}"));
            assert!(state == "acknowledged" || state == "closed", "{id} is {state}");
        }
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let port = service.0.port;
            let (stop, confirmed) = (&stop, &confirmed);
            let acknowledging = scope.spawn(move || acknowledge(port, stop, confirmed));
            // Not a wait for something, but the moment of the kill: some other one each time.
            let (_never, moment) = std::sync::mpsc::channel::<()>();
            let _ = moment.recv_timeout(Duration::from_millis(1500 + u64::from(kill) * 377 % 1000));
            service.kill();
            stop.store(true, Ordering::Relaxed);
            acknowledging.join().unwrap();
            assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        });
    }
    drop(radio);
    let service = Service::start(&config);
    let (now, alerts) = service.alerts_later();
    service.kill();
    let replayed = replayed(&steps(&config, &data, now));
    let confirmed = confirmed.into_inner().unwrap();
    eprintln!(
        "{kills} kills: {} alerts, {} confirmed, slowest start {slowest:?}",
        alerts.len(),
        confirmed.len()
    );
    assert!(!confirmed.is_empty());
    for id in &confirmed {
        assert_eq!(replayed[id].2, 1, "{id} was acknowledged once");
    }
    assert!(replayed.values().all(|(_, raised, _)| *raised == 1));
    let states: BTreeMap<String, String> = replayed.into_iter().map(|(id, (state, ..))| (id, state)).collect();
    assert_eq!(alerts, states);
    let check = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["journal", "check"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

#[test]
fn what_was_decided_stands_and_happens_once_over_a_restart() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    let began = Instant::now();
    let id = loop {
        assert!(began.elapsed() < PATIENCE, "no alert comes");
        let (_, list) = service
            .ask("GET", "/api/v1/alerts?state=active&rule=fast&limit=1", "")
            .unwrap();
        if let Some(alert) = list["items"].get(0) {
            break text(&alert["alert"]);
        }
        std::thread::yield_now();
    };
    let (acknowledge, verdict) = (
        format!("/api/v1/alerts/{id}/acknowledge"),
        format!("/api/v1/alerts/{id}/verdict"),
    );
    let words = r#"{"by":"the test"}"#;
    let status = |answer: Option<(u16, Json)>| answer.unwrap().0;
    assert_eq!(status(service.ask_once("once", &acknowledge, words)), 200);
    assert_eq!(status(service.ask("POST", &verdict, r#"{"verdict":"perhaps"}"#)), 400);
    assert_eq!(status(service.ask("POST", &verdict, r#"{"verdict":"nuisance"}"#)), 200);
    service.kill();
    drop(radio);
    let service = Service::start(&config);
    assert_eq!(status(service.ask_once("once", &acknowledge, words)), 200);
    assert_eq!(status(service.ask_once("once", &acknowledge, "{}")), 409);
    let (_, alert) = service.ask("GET", &format!("/api/v1/alerts/{id}"), "").unwrap();
    assert_eq!(
        (&alert["verdict"], &alert["acknowledged"]["by"]),
        (&"nuisance".into(), &"the test".into())
    );
    let (now, _) = service.alerts();
    service.kill();
    assert_eq!(
        replayed(&steps(&config, &data, now))[&id].2,
        1,
        "it was acknowledged once"
    );
}
