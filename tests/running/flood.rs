//! More than the machine can take: who can wait does, who cannot loses lines that are counted, and everybody else is
//! served as before. `HARBORWATCH_FLOOD` is the number of lines of each flood; times are printed.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harborwatch::ais::{self, Coordinates, Message, Mmsi, PositionA, RateOfTurn};
use harborwatch::geo::{Knots, Position};

use crate::counts::{all_counted, counted};
use crate::service::{Service, environment, free_tcp_port, free_udp_port, summed, wait_for};

/// Ships of a flood, all in one place.
const SHIPS: u32 = 5_000;
const FLOODED: Position = Position { lon: 119.5, lat: 24.5 };
/// The ship that is watched while others flood, by one who looks at its place alone.
const CANARY: Mmsi = Mmsi(416_000_001);
const SEEN: Position = Position { lon: 118.4, lat: 24.4 };
const SEEN_BOX: &str = "118.3,24.3,118.5,24.5";
/// Between two questions how it does.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(20);
/// More datagrams than the system holds for a service that does not read.
const UNREAD: u64 = 60_000;
/// A sentence that nobody waits for.
const WIND: &str = "$WIMWV,90,T,10.0,M,A*1C";

/// A ship's report; no two are the same, whatever their number.
fn report(mmsi: Mmsi, place: Position, number: u64) -> String {
    let message = Message::PositionA(PositionA {
        message_type: 1,
        repeat: 0,
        mmsi: mmsi.0,
        nav_status: 0,
        rot: RateOfTurn::NONE,
        sog: Some(Knots(5.0)),
        accuracy: true,
        place: Coordinates {
            lon: Some(place.lon + (number % 1_000) as f64 * 1e-5),
            lat: Some(place.lat + (number / 1_000) as f64 * 1e-5),
        },
        cog: None,
        heading: None,
        utc_second: 60,
        maneuver: 0,
        raim: false,
        radio: None,
    });
    let (payload, fill) = ais::encode(&message);
    summed(&format!("!AIVDM,1,1,,A,{payload},{fill}"))
}

/// Reports of many ships, the first of this number, each as often as the others.
fn reports(first: u32, count: u64) -> Vec<String> {
    let report = |number: u64| {
        let ship = Mmsi(first + (number % u64::from(SHIPS)) as u32);
        report(ship, FLOODED, number / u64::from(SHIPS))
    };
    (0..count).map(report).collect()
}

/// Datagrams as fast as they can be made, one line each.
fn flood_udp(port: u16, lines: &[String]) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for line in lines {
        socket.send_to(line.as_bytes(), (Ipv4Addr::LOCALHOST, port)).unwrap();
    }
}

/// A stream as fast as it is taken.
fn flood_tcp(port: u16, lines: &[String]) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    for some in lines.chunks(500) {
        stream.write_all((some.join("\r\n") + "\r\n").as_bytes()).unwrap();
    }
}

/// Waits until so many lines of a feed have their outcome or are lost, and one more: whoever sends no more is told
/// nothing of what was lost last.
fn account(service: &Service, feed: &str, port: u16, mut sent: u64) -> BTreeMap<&'static str, u64> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    wait_for(|| {
        let metrics = service.metrics();
        let all = all_counted(&metrics, feed);
        assert!(all <= sent, "{all} lines counted of {sent}");
        if all == sent {
            return Some(counted(&metrics, feed));
        }
        socket.send_to(WIND.as_bytes(), (Ipv4Addr::LOCALHOST, port)).unwrap();
        sent += 1;
        None
    })
}

/// How long each question took, the longest last.
fn ask_until(service: &Service, over: &AtomicBool) -> Vec<Duration> {
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let asked = Instant::now();
        assert_eq!(service.get("/healthz").unwrap().0, 200);
        took.push(asked.elapsed());
        std::thread::park_timeout(BETWEEN_QUESTIONS);
    }
    took.sort();
    took
}

/// Sends the canary's next place whenever the one before has come to a console; how long each took, the longest last.
fn watch_canary(service: &Service, quiet: u16, over: &AtomicBool) -> Vec<Duration> {
    let mut feed = TcpStream::connect((Ipv4Addr::LOCALHOST, quiet)).unwrap();
    let mut console = service.events(&format!("topics=vessels&bbox={SEEN_BOX}"));
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let number = took.len() as u64;
        let sent = Instant::now();
        feed.write_all(format!("{}\n", report(CANARY, SEEN, number)).as_bytes())
            .unwrap();
        let wanted = SEEN.lon + (number % 1_000) as f64 * 1e-5;
        let mut line = String::new();
        while !line.strip_prefix("data: ").is_some_and(|event| shows(event, wanted)) {
            line.clear();
            assert!(console.read_line(&mut line).unwrap() > 0, "the console was let go");
        }
        took.push(sent.elapsed());
    }
    took.sort();
    took
}

/// Whether an event tells that the canary is at this longitude.
fn shows(event: &str, lon: f64) -> bool {
    let event: serde_json::Value = serde_json::from_str(event).unwrap();
    let mut changed = event["changed"].as_array().into_iter().flatten();
    changed.any(|vessel| vessel["mmsi"] == CANARY.0 && (vessel["position"][0].as_f64().unwrap() - lon).abs() < 2e-6)
}

fn tell(what: &str, took: &[Duration]) {
    let [median, longest] = [took.len() / 2, took.len() - 1].map(|n| took[n].as_secs_f64() * 1e3);
    println!("| {what}, {} times | {median:.1} ms | {longest:.1} ms |", took.len());
}

#[test]
fn more_than_it_can_take_holds_up_nobody_and_what_is_lost_is_counted() {
    let count = environment("HARBORWATCH_FLOOD", 300_000);
    let [datagrams, lines] = [412_000_000, 413_000_000].map(|first| reports(first, count));
    let (udp, [tcp, quiet]) = (free_udp_port(), [free_tcp_port(), free_tcp_port()]);
    let pushed =
        |name, port| format!("[[feed]]\nname = \"{name}\"\nkind = \"tcp_listen\"\nlisten = \"127.0.0.1:{port}\"\n");
    let feeds = format!(
        "[[feed]]\nname = \"udp\"\nkind = \"udp\"\nlisten = \"127.0.0.1:{udp}\"\n{}{}",
        pushed("tcp", tcp),
        pushed("quiet", quiet)
    );
    let service = Service::start("flood", "", &feeds);
    for feed in ["udp", "tcp", "quiet"] {
        service.wait_for_feed(feed);
    }
    // A console that looks at everything.
    let mut everything = service.events("");
    std::thread::spawn(move || std::io::copy(&mut everything, &mut std::io::sink()));

    let over = AtomicBool::new(false);
    let began = Instant::now();
    let (answers, ages, by_udp, by_tcp) = std::thread::scope(|scope| {
        let asking = scope.spawn(|| ask_until(&service, &over));
        let canary = scope.spawn(|| watch_canary(&service, quiet, &over));
        let floods = [
            scope.spawn(|| flood_udp(udp, &datagrams)),
            scope.spawn(|| flood_tcp(tcp, &lines)),
        ];
        for flood in floods {
            flood.join().unwrap();
        }
        let by_udp = account(&service, "udp", udp, count);
        let by_tcp = wait_for(|| {
            let metrics = service.metrics();
            (all_counted(&metrics, "tcp") == count).then(|| counted(&metrics, "tcp"))
        });
        over.store(true, Ordering::Relaxed);
        (asking.join().unwrap(), canary.join().unwrap(), by_udp, by_tcp)
    });
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{count} lines by UDP and as many by TCP in {seconds:.1} s; UDP lost {}",
        by_udp["dropped"]
    );
    tell("/healthz", &answers);
    tell("a ship's place, from its receiver to a console", &ages);

    assert_eq!((by_tcp["dropped"], by_tcp["ok"] + by_tcp["duplicate"]), (0, count));
    assert_eq!(all_counted(&service.metrics(), "quiet"), ages.len() as u64);
    let (_, health) = service.get("/healthz").unwrap();
    let health: serde_json::Value = serde_json::from_str(&health).unwrap();
    assert_eq!(
        health["dropped"]["udp"].as_u64().unwrap_or(0),
        by_udp["dropped"],
        "{health}"
    );
}

#[test]
fn datagrams_that_the_system_had_no_room_for_are_counted() {
    let port = free_udp_port();
    let feeds = format!("[[feed]]\nname = \"udp\"\nkind = \"udp\"\nlisten = \"127.0.0.1:{port}\"\n");
    let service = Service::start("overflow", "", &feeds);
    service.wait_for_feed("udp");
    let lines = reports(412_000_000, UNREAD);
    service.suspended(|| flood_udp(port, &lines));
    let counts = account(&service, "udp", port, UNREAD);
    let lost = service.metrics()["harborwatch_feed_datagrams_lost_total{feed=\"udp\"}"];
    assert!(lost > 0.0 && counts["ok"] > 0, "{counts:?}");
    let told = wait_for(|| {
        let (_, health) = service.get("/healthz").unwrap();
        let (_, feeds) = service.get("/api/v1/feeds").unwrap();
        let [health, feeds]: [serde_json::Value; 2] = [health, feeds].map(|text| serde_json::from_str(&text).unwrap());
        let feed = &feeds["items"][0];
        let told = (&health["dropped"]["udp"], &feed["dropped"], &feed["datagrams_lost"]);
        let [dropped, feeds_dropped, datagrams] = [told.0, told.1, told.2].map(|count| count.as_u64().unwrap_or(0));
        (dropped == counts["dropped"] && feeds_dropped == dropped).then_some(datagrams)
    });
    assert_eq!(told, lost as u64);
}
