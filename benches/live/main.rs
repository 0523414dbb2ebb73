//! The service measured from outside, as a user and the system see it: `cargo bench --bench live`.
//!
//! It prints a table: what was asked of it, what came of it, and what processor time the service itself used. The load
//! runs on the same machine and takes its share of the cores, so requests a second are also told as processor time a
//! request. Arguments choose among the measurements: `cargo bench --bench live -- events`.

mod clients;
mod day;
mod feed;
#[path = "../sea.rs"]
mod sea;
mod site;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use harborwatch::clock;
use serde_json::{Value, json};

use clients::{Crowd, Told};
use feed::{LoadFeed, Sent};
use site::{Ground, Site};

/// Vessels in the picture, probes aside.
const VESSELS: u32 = 10_000;
/// How long each measurement lasts.
const MEASURED: Duration = Duration::from_secs(10);
/// How long the service has to settle before.
const SETTLED: Duration = Duration::from_secs(3);
/// Connections that ask at once.
const CONNECTIONS: usize = 32;
/// Listeners of the crowd.
const CROWD: usize = 2_000;
/// A box with some twenty vessels.
const SMALL_BOX: &str = "/api/v1/vessels?bbox=118.10,24.10,118.135,24.145";

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |name: &str| chosen.is_empty() || chosen.iter().any(|word| word == name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    if wants("rehearsal") {
        runtime.block_on(rehearsal());
    }
    if chosen == ["rehearsal"] {
        return;
    }
    let feed = LoadFeed::open(VESSELS);
    let site = Site::start(&feed.address.to_string());
    feed.set_rate(VESSELS, true);
    runtime.block_on(async {
        tokio::time::sleep(SETTLED).await;
        if wants("latency") {
            latency(&site, &feed).await;
        }
        if wants("requests") {
            requests(&site, &feed).await;
        }
        if wants("events") {
            events(&site, &feed).await;
        }
    });
}

/// Line sent to event read, at 10 000 sentences a second.
async fn latency(site: &Site, feed: &LoadFeed) {
    let until = Instant::now() + MEASURED;
    let cpu_s = site.cpu_s();
    let (alerts, vessels) = tokio::join!(
        clients::listen(site.port, "alerts", until),
        clients::listen(site.port, "vessels", until)
    );
    let cpu = (site.cpu_s() - cpu_s) / MEASURED.as_secs_f64();
    let sent = feed.sent();
    let raised: Vec<Duration> = alerts.iter().filter_map(|told| since_raising(told, &sent)).collect();
    let placed: Vec<Duration> = vessels.iter().filter_map(|told| since_placing(told, &sent)).collect();
    println!("10 000 sentences/s over TCP, {VESSELS} vessels, two listeners; our process: {cpu:.2} core");
    told("line sent → alert read", raised);
    told("line sent → position read", placed);
}

/// A dry run of a port-day of 8.6 million sentences, and line sent to event read before it and beside it.
async fn rehearsal() {
    let feed = LoadFeed::open(VESSELS);
    let ground = Ground::of_kinmen(&feed.address.to_string());
    day::write(
        &ground.folder.join("site.toml"),
        &ground.folder.join("data"),
        clock::now(),
    );
    let site = Site::on(ground);
    feed.set_rate(VESSELS, true);
    tokio::time::sleep(SETTLED).await;
    latency(&site, &feed).await;
    let answer = site.get("/api/v1/rules?limit=1000");
    let list = answer.split("\r\n\r\n").nth(1).expect("a body");
    let list: Value = serde_json::from_str(list).expect("a list of rules");
    let mut items = list["items"].clone();
    let fairway = items.as_array_mut().expect("a list").iter_mut();
    fairway.for_each(|rule| {
        if rule["id"] == "fairway-speed" {
            rule["limit_kn"] = json!(10.0);
        }
    });
    let body = json!({"reason": "a bench", "author": "the bench", "items": items}).to_string();
    let (port, path) = (site.port, format!("/api/v1/rules?dry_run_h={}&save=false", day::HOURS));
    let begun = Instant::now();
    let asking = std::thread::spawn(move || Site::put(port, &path, &body).map(|answer| (answer, begun.elapsed())));
    latency(&site, &feed).await;
    let beside = !asking.is_finished();
    let (answer, took) = asking.join().expect("it asks").expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let within = if beside {
        "all of the figures above were taken beside it"
    } else {
        "it ended before the figures above"
    };
    println!("a dry run of {} h: {:.1} s; {within}", day::HOURS, took.as_secs_f64());
}

/// The alert's line is the last of its vessel that speeds.
fn since_raising(told: &Told, sent: &[Sent]) -> Option<Duration> {
    let before = sent.iter().rev().filter(|sent| sent.at <= told.at);
    let line = before.filter(|sent| sent.mmsi == told.mmsi).find(|sent| sent.speeds)?;
    Some(told.at - line.at)
}

fn since_placing(told: &Told, sent: &[Sent]) -> Option<Duration> {
    let same = |sent: &&Sent| sent.mmsi == told.mmsi && told.lon.is_some_and(|lon| (lon - sent.lon).abs() < 5e-7);
    let line = sent.iter().rev().find(same)?;
    Some(told.at - line.at)
}

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let ms = |part: f64| {
        let at = (times.len() as f64 * part) as usize;
        times
            .get(at.min(times.len().saturating_sub(1)))
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    };
    let (number, half, most, last) = (times.len(), ms(0.5), ms(0.99), ms(1.0));
    println!("  {what:<28} {number:>8} times   p50 {half:6.2} ms   p99 {most:6.2} ms   longest {last:6.2} ms");
}

/// Answers a second, at 1 000 changes a second and at rest.
async fn requests(site: &Site, feed: &LoadFeed) {
    let rows = [
        ("GET /vessels, zstd", "/api/v1/vessels", "Accept-Encoding: zstd\r\n"),
        ("GET /vessels, gzip", "/api/v1/vessels", "Accept-Encoding: gzip\r\n"),
        ("GET /vessels?bbox=, a small box", SMALL_BOX, ""),
        ("GET /healthz", "/healthz", ""),
    ];
    for rate in [1_000, 0] {
        feed.set_rate(rate, false);
        tokio::time::sleep(SETTLED).await;
        println!("{CONNECTIONS} connections, {rate} changes/s, {VESSELS} vessels");
        for (what, path, headers) in rows {
            let cpu_s = site.cpu_s();
            let asked = clients::ask(site.port, path, headers, CONNECTIONS, MEASURED / 2).await;
            let cpu_s = site.cpu_s() - cpu_s;
            let seconds = MEASURED.as_secs_f64() / 2.0;
            let (per_s, size) = (asked.answers as f64 / seconds, asked.bytes / asked.answers.max(1));
            let each_us = cpu_s / asked.answers as f64 * 1e6;
            println!("  {what:<32} {per_s:>8.0}/s   {size:>8} bytes   {each_us:6.1} µs of our process each");
            told("", asked.took);
        }
    }
}

/// What many listeners cost, at 1 000 changes a second.
async fn events(site: &Site, feed: &LoadFeed) {
    for (what, headers) in [
        ("Accept-Encoding: gzip", "Accept-Encoding: gzip, deflate, br\r\n"),
        ("as it is", ""),
    ] {
        feed.set_rate(0, false);
        let mut crowd = Crowd::gather(site.port, CROWD, headers).await;
        feed.set_rate(1_000, false);
        tokio::time::sleep(SETTLED).await;
        let (cpu_s, bytes) = (site.cpu_s(), crowd.bytes.load(Ordering::Relaxed));
        tokio::time::sleep(MEASURED).await;
        let seconds = MEASURED.as_secs_f64();
        let cpu = (site.cpu_s() - cpu_s) / seconds;
        let mb = (crowd.bytes.load(Ordering::Relaxed) - bytes) as f64 / seconds / 1e6;
        let left = crowd.len();
        println!("{CROWD} listeners to everything, 1 000 changes/s, {what}: {cpu:.2} core, {mb:.0} MB/s, {left} stay");
    }
}
