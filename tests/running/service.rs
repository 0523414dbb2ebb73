//! A service of its own for a test, with the feeds that it names.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::served::Served;

/// So long nothing may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running service; it ends, and its folder goes, when it is dropped.
pub struct Service {
    served: Served,
    pub folder: PathBuf,
}

impl Service {
    /// A service of this name with these keys of `[listen]` and these feeds.
    pub fn start(name: &str, listen: &str, feeds: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("harborwatch-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let zones = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/zones-kinmen.geojson");
        let config = folder.join("site.toml");
        let site = format!(
            "[site]\nname = {{ zh = \"測試\", en = \"Test\" }}\ntimezone = \"Asia/Taipei\"\n[listen]\nhttp = \"127.0.0.1:0\"\n{listen}\n\
             [data]\ndir = {:?}\n[zones]\nfile = {zones:?}\n{feeds}",
            folder.join("data")
        );
        std::fs::write(&config, site).unwrap();
        let service = Self {
            served: Served::start(&config, "error"),
            folder,
        };
        wait_for(|| service.get("/readyz").filter(|(status, _)| *status == 200));
        service
    }

    /// Status and body.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.served.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.served.port
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.get(9..12)?.parse().ok()?, body.to_owned()))
    }

    /// Every metric, by its name and labels.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let (_, text) = self.get("/metrics").unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.rsplit_once(' '))
            .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
            .collect()
    }

    /// Waits until a feed is up.
    pub fn wait_for_feed(&self, feed: &str) {
        let up = format!("harborwatch_feed_up{{feed=\"{feed}\"}}");
        wait_for(|| (self.metrics()[&up] == 1.0).then_some(()));
    }

    /// The events that a console asks for, line by line.
    pub fn events(&self, query: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.served.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // By HTTP/1.0, so that they do not come in chunks.
        let request = format!(
            "GET /api/v1/events?{query} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n",
            self.served.port
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut events = BufReader::new(stream);
        let mut line = String::new();
        while line != "event: hello\n" {
            line.clear();
            assert!(events.read_line(&mut line).unwrap() > 0, "no events");
        }
        events
    }

    /// Does something while the service stands still, as one that the system gives no time.
    pub fn suspended(&self, act: impl FnOnce()) {
        let process = Pid::from_raw(self.served.child.id().try_into().unwrap());
        kill(process, Signal::SIGSTOP).unwrap();
        act();
        kill(process, Signal::SIGCONT).unwrap();
    }

    /// Bytes of memory it holds, and files it has open.
    pub fn holds(&self) -> (u64, usize) {
        let process = format!("/proc/{}", self.served.child.id());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kib: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        (kib * 1024, std::fs::read_dir(format!("{process}/fd")).unwrap().count())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.served.child.kill();
        let _ = self.served.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Asks until there is an answer.
#[track_caller]
pub fn wait_for<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "it does not come");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A number that the environment gives.
pub fn environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// A port that nobody has.
pub fn free_tcp_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// The same for datagrams.
pub fn free_udp_port() -> u16 {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap().port()
}

/// A sentence with its checksum.
pub fn summed(text: &str) -> String {
    let sum = text.bytes().skip(1).fold(0, |sum, byte| sum ^ byte);
    format!("{text}*{sum:02X}")
}
