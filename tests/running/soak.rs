//! Four feeds for a minute, with faults put in, and every line of them accounted for. `HARBORWATCH_SOAK_S` and
//! `HARBORWATCH_SOAK_RATE` (lines a second of all feeds together) make it longer and harder.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::Timestamp;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use crate::service::{Service, free_tcp_port, free_udp_port, wait_for};

/// Of every so many lines one has this fault.
const BAD_CHECKSUM: u64 = 97;
const GARBAGE: u64 = 101;
const TOO_LONG: u64 = 997;
/// Time between two failures of an input: a connection that lasts so long is good, and is sought again at once.
const BETWEEN_FAILURES: Duration = Duration::from_secs(12);
/// Lines written at once.
const BLOCK: u64 = 20;
/// Memory may grow so much after the first third: trails and tables fill up to their bounds.
const GROWTH: u64 = 48 << 20;
/// So long `/healthz` may take, beside whatever else this machine does.
const ANSWER: Duration = Duration::from_secs(1);

/// Good lines: `ok`, or heard before.
const GOOD: &str = "good";
/// A line that is cut off, and what becomes of it if it is one.
const CUT: &[u8] = b"!AIVDM,1,1,,A,1";
const NO_CHECKSUM: Option<&str> = Some("no_checksum");

/// Lines that a feed was sent, by what must become of them.
type Sent = BTreeMap<&'static str, u64>;

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

/// An input that is written to, and now and then fails in its own way.
trait Wire {
    /// Writes whole lines; says how often.
    fn write(&mut self, lines: &[String]) -> u64;
    /// Writes what it holds back.
    fn settle(&mut self) {}
    /// Fails, and is there again; says what becomes of a line that was cut off, if it counts as one.
    fn fail(&mut self) -> Option<&'static str>;
}

/// Waits for the service to connect, and resets it in the middle of a line: what has no end is no line.
struct Tcp {
    listener: TcpListener,
    peer: Option<TcpStream>,
}

impl Tcp {
    fn accept(listener: TcpListener) -> Self {
        let peer = Some(listener.accept().unwrap().0);
        Self { listener, peer }
    }
}

impl Wire for Tcp {
    fn write(&mut self, lines: &[String]) -> u64 {
        let text = lines.join("\r\n") + "\r\n";
        self.peer.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        let mut peer = self.peer.take().unwrap();
        peer.write_all(CUT).unwrap();
        socket2::SockRef::from(&peer).set_linger(Some(Duration::ZERO)).unwrap();
        drop(peer);
        self.peer = Some(self.listener.accept().unwrap().0);
        None
    }
}

/// Connects to the service, writes a byte at a time now and then, and ends in the middle of a line.
struct Pusher {
    port: u16,
    peer: TcpStream,
}

impl Wire for Pusher {
    fn write(&mut self, lines: &[String]) -> u64 {
        let text = lines.join("\n") + "\n";
        let (slow, rest) = text.as_bytes().split_at(40);
        for byte in slow {
            self.peer.write_all(&[*byte]).unwrap();
        }
        self.peer.write_all(rest).unwrap();
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        self.peer.write_all(CUT).unwrap();
        self.peer = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        self.peer.set_nodelay(true).unwrap();
        NO_CHECKSUM
    }
}

/// Datagrams of IEC 61162-450, each fifth one sent twice, each third one behind the next.
struct Udp {
    socket: UdpSocket,
    port: u16,
    held: Option<Vec<u8>>,
    count: u64,
}

impl Udp {
    fn to(port: u16) -> Self {
        Self {
            socket: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            port,
            held: None,
            count: 0,
        }
    }

    fn send(&self, datagram: &[u8]) {
        self.socket.send_to(datagram, (Ipv4Addr::LOCALHOST, self.port)).unwrap();
    }
}

impl Wire for Udp {
    fn write(&mut self, lines: &[String]) -> u64 {
        self.count += 1;
        let datagram = [b"UdPbC\0", (lines.join("\r\n") + "\r\n").as_bytes()].concat();
        if self.count.is_multiple_of(3) && self.held.is_none() {
            self.held = Some(datagram);
            return 1;
        }
        let times = 1 + u64::from(self.count.is_multiple_of(5));
        for _ in 0..times {
            self.send(&datagram);
        }
        self.settle();
        times
    }

    fn settle(&mut self) {
        if let Some(held) = self.held.take() {
            self.send(&held);
        }
    }

    /// What is no sentence is one malformed line.
    fn fail(&mut self) -> Option<&'static str> {
        self.send(b"RaUdP\0an image");
        Some("malformed")
    }
}

/// A receiver on a pseudo-terminal, unplugged and plugged in again.
struct Serial {
    link: PathBuf,
    device: OwnedFd,
}

impl Serial {
    fn plug_in(link: &Path) -> OwnedFd {
        let pair = openpty(None, None).unwrap();
        // The service must not inherit it: a line that anybody holds is not unplugged.
        fcntl(&pair.master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
        let mut settings = tcgetattr(&pair.slave).unwrap();
        cfmakeraw(&mut settings);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &settings).unwrap();
        let name = nix::unistd::ttyname(pair.slave.as_fd()).unwrap();
        let fresh = link.with_extension("new");
        std::os::unix::fs::symlink(name, &fresh).unwrap();
        std::fs::rename(&fresh, link).unwrap();
        pair.master
    }
}

impl Wire for Serial {
    fn write(&mut self, lines: &[String]) -> u64 {
        let text = lines.join("\r\n") + "\r\n";
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let count = nix::unistd::write(&self.device, rest).unwrap();
            rest = &rest[count..];
        }
        1
    }

    fn fail(&mut self) -> Option<&'static str> {
        self.device = Self::plug_in(&self.link);
        None
    }
}

/// What became of a feed's lines by the service's own count.
fn counted(metrics: &BTreeMap<String, f64>, feed: &str) -> BTreeMap<&'static str, u64> {
    let of = |outcome| {
        let name = format!("harborwatch_sentences_total{{feed=\"{feed}\",outcome=\"{outcome}\"}}");
        metrics.get(&name).copied().unwrap_or(0.0) as u64
    };
    let outcomes = harborwatch::nmea::Outcome::ALL.map(|(_, name)| (name, of(name)));
    let dropped = metrics[&format!("harborwatch_feed_dropped_total{{feed=\"{feed}\"}}")] as u64;
    outcomes.into_iter().chain([("dropped", dropped)]).collect()
}

/// Writes to one feed at its rate until the time is over, with failures between, the last one at the end.
fn feed(service: &Service, name: &str, seed: u64, mut wire: impl Wire, rate: u64, until: Instant) -> Sent {
    let mut source = Source::new(seed);
    let mut sent = Sent::new();
    let began = Instant::now();
    let mut next_failure = began + BETWEEN_FAILURES;
    let mut ended = false;
    while !ended {
        ended = Instant::now() >= until;
        if ended || Instant::now() >= next_failure {
            next_failure += BETWEEN_FAILURES;
            wire.settle();
            arrive(service, name, &sent);
            if let Some(outcome) = wire.fail() {
                *sent.entry(outcome).or_default() += 1;
            }
            arrive(service, name, &sent);
            *sent.entry("failures").or_default() += 1;
            continue;
        }
        let due = (began.elapsed().as_secs_f64() * rate as f64) as u64;
        if source.count + BLOCK > due {
            std::thread::park_timeout(Duration::from_millis(5));
            continue;
        }
        let (lines, outcomes): (Vec<_>, Vec<_>) = (0..BLOCK).map(|_| source.next()).unzip();
        let times = wire.write(&lines);
        for outcome in outcomes {
            *sent.entry(outcome).or_default() += times;
        }
    }
    sent
}

/// Waits until all that was sent has been counted, and no more.
fn arrive(service: &Service, name: &str, sent: &Sent) {
    let lines: u64 = sent
        .iter()
        .filter(|(kind, _)| **kind != "failures")
        .map(|(_, lines)| lines)
        .sum();
    wait_for(|| {
        let all: u64 = counted(&service.metrics(), name).values().sum();
        assert!(all <= lines, "{name}: {all} lines counted of {lines}");
        (all == lines).then_some(())
    });
}

fn environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
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

/// Watches over the service until the time is over: it answers soon, and after a third of the time holds no more.
fn watch(service: &Service, until: Instant) {
    let (began, third) = (Instant::now(), (until - Instant::now()) / 3);
    let (mut early, mut slowest) = (None, Duration::ZERO);
    while Instant::now() < until {
        let asked = Instant::now();
        assert_eq!(service.get("/healthz").unwrap().0, 200);
        slowest = slowest.max(asked.elapsed());
        if began.elapsed() > third {
            early.get_or_insert_with(|| service.holds());
        }
        std::thread::park_timeout(Duration::from_millis(500));
    }
    let ((early, files), (late, files_late)) = (early.unwrap(), service.holds());
    println!("memory {early} then {late} bytes, files {files} then {files_late}, slowest answer {slowest:?}");
    assert!(late < early + GROWTH && files_late <= files + 4);
    assert!(slowest < ANSWER);
}

/// Every line sent has its outcome, and there are no others.
fn check(metrics: &BTreeMap<String, f64>, name: &str, sent: &Sent) {
    let counted = counted(metrics, name);
    println!("{name}: sent {sent:?}, counted {counted:?}");
    for (outcome, lines) in sent {
        match *outcome {
            GOOD => assert_eq!(counted["ok"] + counted["duplicate"], *lines, "{name}"),
            "failures" => {}
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
    let serial = Serial {
        device: Serial::plug_in(&link),
        link: link.clone(),
    };
    let feeds = feeds(listener.local_addr().unwrap(), push, udp, &link);
    let service = Service::start("soak", &format!("nmea_tcp = \"127.0.0.1:{plotters}\""), &feeds);
    let pusher = Pusher {
        port: push,
        peer: wait_for(|| TcpStream::connect((Ipv4Addr::LOCALHOST, push)).ok()),
    };
    let (tcp, udp) = (Tcp::accept(listener), Udp::to(udp));
    // One plotter that reads, and one that never does.
    let mut plotter = TcpStream::connect((Ipv4Addr::LOCALHOST, plotters)).unwrap();
    let _deaf = TcpStream::connect((Ipv4Addr::LOCALHOST, plotters)).unwrap();
    std::thread::spawn(move || std::io::copy(&mut plotter, &mut std::io::sink()));
    for name in ["tcp", "push", "udp", "serial"] {
        let up = format!("harborwatch_feed_up{{feed=\"{name}\"}}");
        wait_for(|| (service.metrics()[&up] == 1.0).then_some(()));
    }

    let until = Instant::now() + Duration::from_secs(seconds);
    let at_work = &service;
    let sent = std::thread::scope(|scope| {
        let work = [
            ("tcp", scope.spawn(move || feed(at_work, "tcp", 1, tcp, rate, until))),
            (
                "push",
                scope.spawn(move || feed(at_work, "push", 2, pusher, rate, until)),
            ),
            ("udp", scope.spawn(move || feed(at_work, "udp", 3, udp, rate, until))),
            (
                "serial",
                scope.spawn(move || feed(at_work, "serial", 4, serial, rate, until)),
            ),
        ];
        watch(at_work, until);
        work.map(|(name, thread)| (name, thread.join().unwrap()))
    });
    let _ = std::fs::remove_file(&link);
    let metrics = service.metrics();
    for (name, sent) in &sent {
        check(&metrics, name, sent);
    }
    assert!(metrics["harborwatch_plotters"] >= 1.0);
}
