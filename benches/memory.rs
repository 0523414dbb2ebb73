//! How many bytes the picture and its watch keep of a vessel and of a trail point, under `config/kinmen.toml`.

mod sea;

use std::path::Path;
use std::sync::Arc;

use allocation_counter::measure;
use arrayvec::ArrayString;
use harborwatch::ais::{self, Dimensions, Eta, Message, StaticA};
use harborwatch::config::{self, Purpose};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::geo::Metres;
use harborwatch::nmea::Sentence;
use harborwatch::report::{FeedId, HashKey, Reception};
use harborwatch::service;
use harborwatch::time::{Span, Timestamp};
use harborwatch::track::{MAX_LENGTH, Track, TrackLimits};
use harborwatch::traffic::{Changes, Traffic};

use sea::{START, Sea};

/// Vessels of which each says who it is, and where it is once.
const VESSELS: usize = 500_000;
/// Fewer that report so often that a trail is what most of their memory is for.
const TRAILS: usize = 20_000;
const POINTS: usize = 100;
/// Characters of a payload's first sentence.
const FIRST: usize = 60;

/// A core, its reception's own tables aside.
struct Listener {
    reception: Reception,
    traffic: Traffic,
    changes: Changes,
    /// What it keeps.
    bytes: i64,
}

impl Listener {
    /// A core that keeps trails of this length; no rule of the sample looks back.
    fn new(trail: Span) -> Self {
        let mut config = config::load(Path::new("config/kinmen.toml"), Purpose::Replay).expect("the sample is right");
        let feeds = [Arc::new(FeedSettings::new("sea", Input::Stdin))];
        let limits = TrackLimits {
            trail,
            ..config.track.clone()
        };
        let mut traffic = service::traffic(&mut config, &feeds, START, HashKey(1, 2));
        traffic.set_up(limits, feeds.len());
        Self {
            reception: service::reception(&feeds, HashKey(1, 2)),
            traffic,
            changes: Changes::default(),
            bytes: 0,
        }
    }

    fn hear(&mut self, time: Timestamp, line: &[u8]) {
        let feed = FeedId(0);
        let sentence = self.reception.read(feed, line);
        let heard = self.reception.hear(feed, time, &sentence);
        let kept = measure(|| {
            self.traffic.tick(time.floor_s(), &mut self.changes);
            if let Some(report) = &heard.report {
                self.traffic.observe(report, &mut self.changes);
            }
            self.changes.clear();
        });
        self.bytes += kept.bytes_current;
    }

    /// So many vessels, each of which describes itself and then reports so often.
    fn hear_sea(&mut self, vessels: usize, reports: usize) {
        for n in 0..vessels {
            for line in describe(n) {
                self.hear(START, line.as_bytes());
            }
        }
        for line in Sea::of(vessels).recording(reports).split(|byte| *byte == b'\n') {
            if let Some(time) = Sentence::parse(line, false).tag.time {
                self.hear(time, line);
            }
        }
    }
}

/// The two sentences of a vessel's type 5, every field given.
fn describe(n: usize) -> [String; 2] {
    let (payload, fill) = ais::encode(&Message::StaticA(StaticA {
        repeat: 0,
        mmsi: 412_000_000 + n as u32,
        ais_version: 2,
        imo: Some(9_000_000 + n as u32 % 900_000),
        call_sign: ArrayString::from(&format!("B{n:06}")).ok(),
        name: ArrayString::from(&format!("VESSEL NUMBER {n:06}")).ok(),
        ship_type: 70,
        dimensions: Dimensions {
            bow: 150,
            stern: 30,
            port: 10,
            starboard: 14,
        },
        epfd: 1,
        eta: Eta {
            month: Some(3),
            day: Some(2),
            hour: Some(12),
            minute: Some(30),
        },
        draught: Some(Metres(7.5)),
        destination: ArrayString::from("KINMEN LIAOLUO").ok(),
        dte: 0,
    }));
    let (first, second) = payload.split_at(FIRST);
    [(1, first, 0), (2, second, fill)].map(|(part, payload, fill)| {
        let sentence = format!("AIVDM,2,{part},{},A,{payload},{fill}", n % 10);
        let sum = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
        format!("!{sentence}*{sum:02X}")
    })
}

fn main() {
    let kept = |vessels: usize, reports: usize, trail: Span| {
        let mut listener = Listener::new(trail);
        listener.hear_sea(vessels, reports);
        assert_eq!(listener.traffic.picture().len(), vessels, "each is in the picture");
        listener.bytes as f64
    };
    let vessel = kept(VESSELS, 1, Span(0)) / VESSELS as f64;
    let without = kept(TRAILS, POINTS, Span(0));
    let point = (kept(TRAILS, POINTS, MAX_LENGTH) - without) / (TRAILS * POINTS) as f64;
    println!(
        "{VESSELS} vessels: {vessel:.0} bytes each, {} of them its track",
        size_of::<Track>()
    );
    println!("{TRAILS} trails of {POINTS} points: {point:.1} bytes a point");
}
