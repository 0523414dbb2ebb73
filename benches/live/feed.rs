//! The feed under which the service works: vessels that each report a little farther on, and probes among them, whose
//! lines are sent at known moments.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::site::{SOUTH, WEST};

/// The first vessel's MMSI, and the first probe's.
const VESSELS: u32 = 412_000_000;
pub const PROBES: u32 = 416_000_000;
/// Probes: each speeds at one report and is slow at the next.
const PROBE_SHIPS: u32 = 50;
/// Lines are sent so often; with each sending goes one probe's.
const EVERY: Duration = Duration::from_millis(10);
/// Vessels in a row of the sea.
const ROW: u32 = 100;

/// A feed that serves lines at a rate that can be changed.
pub struct LoadFeed {
    pub address: SocketAddr,
    wishes: Arc<Wishes>,
    thread: Option<JoinHandle<()>>,
}

/// What is wanted of the feed, and what it has to tell.
#[derive(Debug, Default)]
struct Wishes {
    /// Lines a second.
    rate: AtomicU32,
    /// Whether probes are among them.
    probes: AtomicBool,
    ended: AtomicBool,
    sent: Mutex<Vec<Sent>>,
}

/// A probe's line.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub mmsi: u32,
    /// Its longitude as the service shows it.
    pub lon: f64,
    pub speeds: bool,
    pub at: Instant,
}

impl LoadFeed {
    /// Waits for the service to connect, and sends nothing yet.
    pub fn open(vessels: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let wishes: Arc<Wishes> = Arc::default();
        let mut sea = Sea {
            vessels,
            next: 0,
            wishes: Arc::clone(&wishes),
        };
        let thread = std::thread::spawn(move || {
            let Ok((stream, _)) = listener.accept() else { return };
            sea.send(stream);
        });
        Self {
            address,
            wishes,
            thread: Some(thread),
        }
    }

    /// Lines a second from now on, and whether a hundred of them are probes'.
    pub fn set_rate(&self, rate: u32, probes: bool) {
        self.wishes.rate.store(rate, Ordering::Relaxed);
        self.wishes.probes.store(probes, Ordering::Relaxed);
    }

    /// The probes' lines sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.wishes.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for LoadFeed {
    fn drop(&mut self) {
        self.wishes.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Sea {
    vessels: u32,
    next: u32,
    wishes: Arc<Wishes>,
}

impl Sea {
    fn send(&mut self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let (begun, mut beats, mut block) = (Instant::now(), 0_u32, Vec::new());
        while !self.wishes.ended.load(Ordering::Relaxed) {
            beats += 1;
            let lines = self.wishes.rate.load(Ordering::Relaxed) / 100;
            let probes = u32::from(self.wishes.probes.load(Ordering::Relaxed));
            block.clear();
            for _ in probes..lines {
                self.vessel(&mut block);
            }
            if probes > 0 {
                self.probe(beats, &mut block);
            }
            if stream.write_all(&block).is_err() {
                return;
            }
            let due = begun + EVERY * beats;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// The next vessel, a ten-thousandth of a minute farther than in the round before. Each lies a little off its place
    /// in the rows: digits that are all alike would compress as no sea's do.
    fn vessel(&mut self, block: &mut Vec<u8>) {
        let (number, round) = (self.next % self.vessels, self.next / self.vessels);
        self.next += 1;
        let off = |of: u32| f64::from(number.wrapping_mul(of) >> 16) / 65_536.0;
        let lon = WEST + (f64::from(number % ROW) + off(2_654_435_761)) * 0.009 + f64::from(round) / 600_000.0;
        let lat = SOUTH + (f64::from(number / ROW) + off(2_246_822_519)) * 0.009;
        let (sog_kn, cog_deg) = (off(3_266_489_917) * 15.0, off(668_265_263) * 359.0);
        line(block, VESSELS + number, [lon, lat, sog_kn, cog_deg]);
    }

    fn probe(&self, beats: u32, block: &mut Vec<u8>) {
        let (number, round) = (beats % PROBE_SHIPS, beats / PROBE_SHIPS);
        let lon = WEST + 0.95 + f64::from(round) / 600_000.0;
        let (mmsi, speeds) = (PROBES + number, round % 2 == 1);
        let at = Instant::now();
        line(block, mmsi, [lon, SOUTH + 0.95, if speeds { 12.0 } else { 6.0 }, 90.0]);
        let lon = (lon * 1e6).round() / 1e6;
        let sent = Sent { mmsi, lon, speeds, at };
        self.wishes
            .sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sent);
    }
}

/// A position report of type 1 as a sentence.
fn line(block: &mut Vec<u8>, mmsi: u32, [lon, lat, sog_kn, cog_deg]: [f64; 4]) {
    let mut bits = [0_u8; 168];
    let mut at = 0;
    let mut put = |value: i64, width: usize| {
        for bit in (0..width).rev() {
            bits[at] = (value >> bit & 1) as u8;
            at += 1;
        }
    };
    let fine = |degrees: f64| (degrees * 600_000.0).round() as i64;
    for (value, width) in [(1, 6), (0, 2), (mmsi.into(), 30), (0, 4), (-128, 8)] {
        put(value, width);
    }
    for (value, width) in [((sog_kn * 10.0) as i64, 10), (1, 1), (fine(lon), 28), (fine(lat), 27)] {
        put(value, width);
    }
    for (value, width) in [((cog_deg * 10.0) as i64, 12), (cog_deg as i64, 9), (60, 6), (0, 25)] {
        put(value, width);
    }
    let begin = block.len();
    block.extend_from_slice(b"!AIVDM,1,1,,A,");
    for six in bits.chunks(6) {
        let value = six.iter().fold(0, |value, bit| value << 1 | bit);
        block.push(if value < 40 { value + 48 } else { value + 56 });
    }
    block.extend_from_slice(b",0");
    let sum = block[begin + 1..].iter().fold(0, |sum, byte| sum ^ byte);
    block.extend_from_slice(format!("*{sum:02X}\r\n").as_bytes());
}
