//! Four feeds for a minute, with faults put in, and every line of them accounted for. `HARBORWATCH_SOAK_S` and
//! `HARBORWATCH_SOAK_RATE` (lines a second of all feeds together) make it longer and harder; `HARBORWATCH_SOAK_PLOT`
//! names a file to draw what it held into.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::Timestamp;

use crate::counts::{all_counted, counted};
use crate::curve::{self, Look};
use crate::service::{Service, environment, free_tcp_port, free_udp_port, wait_for};
use crate::wires::{Pusher, Serial, Tcp, Udp, Wire};

/// Of every so many lines one has this fault.
const BAD_CHECKSUM: u64 = 97;
const GARBAGE: u64 = 101;
const TOO_LONG: u64 = 997;
/// Time between two failures of an input: a connection that lasts so long is good, and is sought again at once.
const BETWEEN_FAILURES: Duration = Duration::from_secs(12);
/// Lines written at once.
const BLOCK: u64 = 20;
/// Memory may grow so much once it has settled: trails and tables fill up to their bounds.
const GROWTH: u64 = 48 << 20;
/// Sockets and files that may be open for a moment, as when a feed connects anew or a snapshot is taken.
const MORE_FILES: usize = 4;
/// After so long, or a third of a shorter run, nothing may grow.
const SETTLED: Duration = Duration::from_secs(300);
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// The feeds, named after their kinds.
const FEEDS: [&str; 4] = ["tcp", "push", "udp", "serial"];
/// Rows of the table that is printed.
const ROWS: usize = 15;

/// Good lines: `ok`, or heard before.
const GOOD: &str = "good";

/// What a feed was sent, and what became of its failures.
#[derive(Debug, Default)]
struct Sent {
    /// By what must become of them.
    lines: BTreeMap<&'static str, u64>,
    failures: u32,
    /// The longest time from a failure until lines were counted again.
    longest: Duration,
}

/// Lines of ships, some of them spoilt.
struct Source {
    simulation: Simulation,
    count: u64,
}

impl Source {
    fn new(seed: u64) -> Self {
        let scenario = Scenario::named("kinmen").unwrap();
        Self {
            simulation: Simulation::new(&scenario, seed, Some(300), Timestamp(1_772_323_200_000)),
            count: 0,
        }
    }

    /// The next line, of one sentence, without its end, and what must become of it.
    fn next(&mut self) -> (String, &'static str) {
        let good = loop {
            let line = self.simulation.next_line().line;
            let sentence = line.rsplit('\\').next().unwrap();
            if sentence.starts_with("!AIVDM,1,1,") {
                break sentence.to_owned();
            }
        };
        self.count += 1;
        let spoilt = |every: u64| self.count.is_multiple_of(every);
        if spoilt(TOO_LONG) {
            (good.repeat(40), "too_long")
        } else if spoilt(GARBAGE) {
            ("\u{7}no sentence\u{fffd}".to_owned(), "malformed")
        } else if spoilt(BAD_CHECKSUM) {
            (good.replacen(",1,1,", ",1,1,,", 1), "bad_checksum")
        } else {
            (good, GOOD)
        }
    }
}

/// A feed that is written to.
struct Feeding<'a, W> {
    service: &'a Service,
    name: &'static str,
    source: Source,
    wire: W,
    sent: Sent,
}

impl<W: Wire> Feeding<'_, W> {
    fn write(&mut self) {
        let (lines, outcomes): (Vec<_>, Vec<_>) = (0..BLOCK).map(|_| self.source.next()).unzip();
        let times = self.wire.write(&lines);
        for outcome in outcomes {
            *self.sent.lines.entry(outcome).or_default() += times;
        }
    }

    /// Fails once all that was sent is counted, and is heard again.
    fn fail(&mut self) {
        self.wire.settle();
        self.arrive();
        let failed = Instant::now();
        if let Some(outcome) = self.wire.fail() {
            *self.sent.lines.entry(outcome).or_default() += 1;
        }
        self.write();
        self.wire.settle();
        self.arrive();
        self.sent.failures += 1;
        self.sent.longest = self.sent.longest.max(failed.elapsed());
    }

    /// Waits until all that was sent has been counted, and no more.
    fn arrive(&self) {
        let name = self.name;
        let lines: u64 = self.sent.lines.values().sum();
        wait_for(|| {
            let all = all_counted(&self.service.metrics(), name);
            assert!(all <= lines, "{name}: {all} lines counted of {lines}");
            (all == lines).then_some(())
        });
    }
}

/// Writes to one feed at its rate until the time is over, with failures between, the last one at the end.
fn feed(service: &Service, name: &'static str, seed: u64, wire: impl Wire, rate: u64, until: Instant) -> Sent {
    let mut feeding = Feeding {
        service,
        name,
        source: Source::new(seed),
        wire,
        sent: Sent::default(),
    };
    let began = Instant::now();
    let mut next_failure = began + BETWEEN_FAILURES;
    while Instant::now() < until {
        if Instant::now() >= next_failure {
            next_failure += BETWEEN_FAILURES;
            feeding.fail();
        }
        let due = (began.elapsed().as_secs_f64() * rate as f64) as u64;
        if feeding.source.count + BLOCK > due {
            std::thread::park_timeout(Duration::from_millis(5));
        } else {
            feeding.write();
        }
    }
    feeding.fail();
    feeding.sent
}

/// Feeds named after their kinds, at these places.
fn feeds(tcp: SocketAddr, push: u16, udp: u16, link: &Path) -> String {
    format!(
        "[[feed]]\nname = \"tcp\"\nkind = \"tcp\"\naddress = \"{tcp}\"\n\
         [[feed]]\nname = \"push\"\nkind = \"tcp_listen\"\nlisten = \"127.0.0.1:{push}\"\n\
         [[feed]]\nname = \"udp\"\nkind = \"udp\"\nlisten = \"127.0.0.1:{udp}\"\nformat = \"450\"\n\
         [[feed]]\nname = \"serial\"\nkind = \"serial\"\npath = {link:?}\n\
         [[rule]]\nid = \"flood\"\nkind = \"feed_flood\"\npriority = \"warning\"\n"
    )
}

/// Looks at the service until the time is over: it answers soon, and once it has settled it holds no more. Says what it
/// saw.
fn watch(service: &Service, until: Instant) -> Vec<Look> {
    let began = Instant::now();
    let settled = SETTLED.min((until - began) / 3).as_secs_f64();
    let mut looks = Vec::new();
    while Instant::now() < until {
        looks.push(look(service, began));
        std::thread::park_timeout(BETWEEN_LOOKS);
    }
    let early = looks.iter().find(|look| look.at_s > settled).unwrap();
    let late = looks.last().unwrap();
    assert!(
        late.resident_bytes < early.resident_bytes + GROWTH,
        "{early:?} {late:?}"
    );
    assert!(late.files <= early.files + MORE_FILES, "{early:?} {late:?}");
    looks
}

fn look(service: &Service, began: Instant) -> Look {
    let asked = Instant::now();
    assert_eq!(service.get("/healthz").unwrap().0, 200);
    let answer = asked.elapsed();
    let metrics = service.metrics();
    let (resident_bytes, files) = service.holds();
    Look {
        at_s: began.elapsed().as_secs_f64(),
        resident_bytes,
        files,
        answer,
        lines: FEEDS.iter().map(|feed| all_counted(&metrics, feed)).sum(),
    }
}

/// Every line sent has its outcome, and there are no others.
fn check(metrics: &BTreeMap<String, f64>, name: &str, sent: &Sent) {
    let counted = counted(metrics, name);
    println!("{name}: sent {sent:?}, counted {counted:?}");
    for (outcome, lines) in &sent.lines {
        match *outcome {
            GOOD => assert_eq!(counted["ok"] + counted["duplicate"], *lines, "{name}"),
            outcome => assert_eq!(counted[outcome], *lines, "{name}: {outcome}"),
        }
    }
    assert_eq!(counted["dropped"], 0);
}

#[test]
fn a_minute_of_faults_loses_no_line_uncounted_and_nothing_grows() {
    let seconds = environment("HARBORWATCH_SOAK_S", 60);
    let rate = environment("HARBORWATCH_SOAK_RATE", 2000) / 4;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let [push, udp, plotters] = [free_tcp_port(), free_udp_port(), free_tcp_port()];
    let link = std::env::temp_dir().join(format!("harborwatch-tty-{}", std::process::id()));
    let serial = Serial::at(link.clone());
    let feeds = feeds(listener.local_addr().unwrap(), push, udp, &link);
    let service = Service::start("soak", &format!("nmea_tcp = \"127.0.0.1:{plotters}\""), &feeds);
    let pusher = Pusher::to(push);
    let (tcp, udp) = (Tcp::accept(listener), Udp::to(udp));
    // One plotter that reads, and one that never does.
    let mut plotter = TcpStream::connect((Ipv4Addr::LOCALHOST, plotters)).unwrap();
    let _deaf = TcpStream::connect((Ipv4Addr::LOCALHOST, plotters)).unwrap();
    std::thread::spawn(move || std::io::copy(&mut plotter, &mut std::io::sink()));
    for feed in FEEDS {
        service.wait_for_feed(feed);
    }

    let until = Instant::now() + Duration::from_secs(seconds);
    let at_work = &service;
    let (sent, looks) = std::thread::scope(|scope| {
        let work = [
            scope.spawn(move || feed(at_work, "tcp", 1, tcp, rate, until)),
            scope.spawn(move || feed(at_work, "push", 2, pusher, rate, until)),
            scope.spawn(move || feed(at_work, "udp", 3, udp, rate, until)),
            scope.spawn(move || feed(at_work, "serial", 4, serial, rate, until)),
        ];
        let looks = watch(at_work, until);
        (work.map(|thread| thread.join().unwrap()), looks)
    });
    print!("{}", curve::table(&looks, ROWS));
    if let Some(file) = std::env::var_os("HARBORWATCH_SOAK_PLOT") {
        std::fs::write(file, curve::plot(&looks)).unwrap();
    }
    let _ = std::fs::remove_file(&link);
    let metrics = service.metrics();
    for (name, sent) in FEEDS.iter().zip(&sent) {
        check(&metrics, name, sent);
    }
    assert!(metrics["harborwatch_plotters"] >= 1.0);
}
