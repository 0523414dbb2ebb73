//! Seeded fleets through the whole core: whatever the sea sends, what must always be true is true, and the same comes
//! out however the input is cut, whenever the state is written out, and whatever the hash key.
//!
//! `HARBORWATCH_SEEDS=1000` plays more seeds than the tests do, `HARBORWATCH_SEED=17` that one alone.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

#[path = "simulation/chance.rs"]
mod chance;
#[path = "simulation/fleet.rs"]
mod fleet;
#[path = "simulation/model.rs"]
mod model;
#[path = "simulation/radio.rs"]
mod radio;
#[path = "simulation/site.rs"]
mod site;

use std::sync::Arc;

use harborwatch::engine::Core;
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::http::shape;
use harborwatch::nmea::{Framed, Framer};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service;
use harborwatch::time::Timestamp;
use harborwatch::traffic::{Changes, Order};

use chance::Chance;
use fleet::{FEEDS, START_S, Step};
use model::Model;

/// Seeds played unless the environment says otherwise.
const SEEDS: u64 = 50;
/// Steps between two looks at the whole of the state.
const LOOK_EVERY: usize = 500;
/// The core goes on so long after the last line: every vessel has left by then.
const AFTERWARDS_S: i64 = 3_600;
/// Most bytes of state beyond that of the beginning: of the traffic for each vessel, for each alert that is known, and for
/// all that outlives them (places of alerts, timers and trails, as many as stood at once; what stations are used to); of
/// the reception for each line, and whatever comes.
const BYTES_A_VESSEL: usize = 1_024;
const BYTES_AN_ALERT: usize = 256;
const BYTES_OF_ALL: usize = 131_072;
const BYTES_A_LINE: usize = 16;
const BYTES_OF_HEARING: usize = 1_024;

/// In what manner a run is played; what is told must be the same in all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    /// Bytes come in other pieces.
    cut: bool,
    /// Seconds that pass together are told together.
    leaps: bool,
    /// The state is written out now and then, and goes on in another core.
    reborn: bool,
    /// Another key of the hash tables.
    key: u64,
    /// What must always be true is looked at.
    checked: bool,
}

/// A run being played.
struct Play {
    seed: u64,
    manner: Manner,
    core: Core,
    framers: Vec<Framer>,
    changes: Changes,
    model: Model,
    told: String,
    second: i64,
    lines: usize,
    /// Bytes of the traffic's state at the beginning.
    begun_with: usize,
}

/// What came of a run: what was told, and the traffic's state at its end.
struct Outcome {
    told: String,
    state: Vec<u8>,
}

fn feeds() -> Vec<Arc<FeedSettings>> {
    let feed = |name: &str| Arc::new(FeedSettings::new(name, Input::Stdin));
    FEEDS.map(feed).into()
}

impl Play {
    fn new(seed: u64, manner: Manner) -> Self {
        let key = HashKey(manner.key, 7);
        let core = service::core(&mut site::config(seed), &feeds(), Timestamp::from_s(START_S), key);
        Self {
            seed,
            manner,
            begun_with: core.traffic().to_bytes().len(),
            core,
            framers: vec![Framer::default(); FEEDS.len()],
            changes: Changes::default(),
            model: Model::default(),
            told: String::new(),
            second: START_S - 1,
            lines: 0,
        }
    }

    fn run(mut self, steps: &[Step], is_live: bool) -> Outcome {
        let mut chance = Chance(self.seed);
        for (number, step) in steps.iter().enumerate() {
            if is_live {
                self.tick(fleet::wall_ms(step).div_euclid(1_000));
            }
            match step {
                Step::Bytes {
                    feed, time_ms, bytes, ..
                } => self.push(*feed, *time_ms, bytes, is_live, &mut chance),
                Step::Acknowledge { wall_ms, which } => {
                    let mut alerts = self.standing();
                    alerts.push("never-was".into());
                    let alert = alerts.swap_remove((*which % alerts.len() as u64) as usize);
                    // Whoever acknowledges what is replayed does so at the time that the replay has come to.
                    let now = if is_live {
                        Timestamp(*wall_ms)
                    } else {
                        self.core.traffic().now()
                    };
                    self.acknowledge(now, alert);
                }
            }
            if self.manner.checked && number % LOOK_EVERY == 0 {
                self.model.check(&self.core);
                self.measure();
            }
            if self.manner.reborn && chance.once_in(2_000) {
                self.core = self.reborn();
            }
        }
        let outcome = Outcome {
            told: std::mem::take(&mut self.told),
            state: self.core.traffic().to_bytes(),
        };
        if self.manner.checked {
            self.end();
        }
        outcome
    }

    /// Bytes of a feed: the framer makes lines of them.
    fn push(&mut self, feed: u16, time_ms: i64, bytes: &[u8], is_live: bool, chance: &mut Chance) {
        let cut = if self.manner.cut {
            chance.below(bytes.len() as u64 + 1) as usize
        } else {
            0
        };
        let mut framer = std::mem::take(&mut self.framers[usize::from(feed)]);
        for piece in [&bytes[..cut], &bytes[cut..]] {
            framer.push(piece, |line| self.hear(FeedId(feed), Timestamp(time_ms), line, is_live));
        }
        self.framers[usize::from(feed)] = framer;
    }

    fn hear(&mut self, feed: FeedId, time: Timestamp, line: Framed<'_>, is_live: bool) {
        self.lines += 1;
        match line {
            Framed::TooLong => {
                self.core.skip(feed, &mut self.changes);
            }
            Framed::Line(line) => {
                let line = line.to_vec();
                let sentence = self.core.read(feed, &line);
                if !is_live && sentence.is_valid() {
                    self.tick(time.floor_s());
                }
                self.core.hear(feed, time, &sentence, &mut self.changes);
            }
        }
        self.tell();
    }

    fn tick(&mut self, second: i64) {
        while self.second < second {
            self.second = if self.manner.leaps { second } else { self.second + 1 };
            self.core.tick(self.second, &mut self.changes);
            self.tell();
        }
    }

    /// Alerts that are not closed, by id.
    fn standing(&self) -> Vec<Arc<str>> {
        let watches = self.core.traffic().watches().iter();
        let mut ids: Vec<_> = watches
            .flat_map(|watch| watch.ledger().standing())
            .map(|alert| alert.id.clone())
            .collect();
        ids.sort();
        ids
    }

    fn acknowledge(&mut self, now: Timestamp, alert: Arc<str>) {
        let order = Order::Acknowledge {
            alert,
            by: Some("test".into()),
            comment: None,
        };
        self.core.order(&order, now, &mut self.changes);
        self.tell();
    }

    /// Takes in what one line, order or second told.
    fn tell(&mut self) {
        if self.manner.checked {
            self.model.take(&self.core, &self.changes);
        }
        for (watch, change) in &self.changes.alerts {
            let step = serde_json::to_string(&shape::Step::of(change)).unwrap();
            self.told += &format!("{watch} {step}\n");
        }
        self.changes.clear();
    }

    /// Another core that goes on from this one's state.
    fn reborn(&self) -> Core {
        let key = HashKey(self.manner.key, 7);
        let setup = service::setup(&mut site::config(self.seed), &feeds(), key);
        let bytes = self.core.to_bytes();
        let core = Core::from_bytes(&bytes, setup).unwrap();
        assert_eq!(core.to_bytes(), bytes, "read and written again it is the same");
        core
    }

    /// The state is within its bounds.
    fn measure(&self) {
        let traffic = self.core.traffic();
        let vessels = traffic.picture().len();
        let ledgers = traffic.watches().iter().map(|watch| watch.ledger());
        let alerts: usize = ledgers
            .map(|ledger| ledger.standing().count() + ledger.closed().count())
            .sum();
        let bytes = traffic.to_bytes().len() - self.begun_with;
        let most = BYTES_OF_ALL + vessels * BYTES_A_VESSEL + alerts * BYTES_AN_ALERT;
        assert!(bytes <= most, "{bytes} bytes for {vessels} vessels and {alerts} alerts");
        let heard = postcard::to_stdvec(&self.core.reception().memory()).unwrap().len();
        assert!(
            heard <= BYTES_OF_HEARING + self.lines * BYTES_A_LINE,
            "{heard} bytes for {} lines",
            self.lines
        );
    }

    /// Everybody is silent until long after, and every alert is seen: nothing may be left.
    fn end(&mut self) {
        self.tick(self.second + AFTERWARDS_S);
        assert!(self.core.traffic().picture().is_empty(), "vessels stay for ever");
        for alert in self.standing() {
            self.acknowledge(Timestamp::from_s(self.second), alert);
        }
        self.model.check(&self.core);
        self.measure();
    }
}

/// Plays a seed in every manner.
fn check(seed: u64) {
    let is_live = seed % 2 == 1;
    let steps = fleet::steps(seed, is_live);
    let play = |manner| Play::new(seed, manner).run(&steps, is_live);
    let checked = Manner {
        checked: true,
        ..Manner::default()
    };
    let whole = play(checked);
    let others = [
        Manner {
            cut: true,
            ..Manner::default()
        },
        Manner {
            leaps: true,
            reborn: true,
            key: 1,
            ..Manner::default()
        },
    ];
    for manner in others {
        let other = play(manner);
        let differs = whole
            .told
            .lines()
            .zip(other.told.lines())
            .find(|(one, other)| one != other);
        assert_eq!(differs, None, "{manner:?}");
        assert_eq!(whole.told.len(), other.told.len(), "one tells more: {manner:?}");
        // Timers of seconds that passed together may lie otherwise until they are due, and names are kept by the key.
        assert!(manner.leaps || whole.state == other.state, "another end: {manner:?}");
    }
}

#[test]
fn what_must_always_be_true_is_true() {
    let from_environment = |name| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().expect("a number"))
    };
    let seeds = match from_environment("HARBORWATCH_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..from_environment("HARBORWATCH_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        if let Err(panic) = std::panic::catch_unwind(|| check(seed)) {
            eprintln!("it was seed {seed}: HARBORWATCH_SEED={seed} cargo test --release --test simulation");
            std::panic::resume_unwind(panic);
        }
    }
}
