//! The same traffic tells the same, to the byte: run twice, its state written out on the way, watched by twenty, and
//! with everything judged at every second instead of what is due.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::engine::{Done, Setup};
use harborwatch::feeds::recording::{self, Assumed, Merged, Recording};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::http::shape::Step;
use harborwatch::picture::Picture;
use harborwatch::register::Papers;
use harborwatch::report::HashKey;
use harborwatch::service;
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::{Changes, Traffic};
use harborwatch::watch::Watch;

const KEY: HashKey = HashKey(1, 2);
const START: Timestamp = Timestamp::from_s(1_772_323_200);
/// Seconds of simulated traffic, and how many vessels make it.
const SECONDS: i64 = 900;
const VESSELS: usize = 80;
/// Rules of pairs, beside those of the Kinmen sample.
const PAIR_RULES: &str = r#"
[[rule]]
id = "pass"
kind = "collision_risk"
cpa_nm = 0.5
tcpa_min = 12
for_s = 5
clear_s = 20
priority = "warning"
[[rule]]
id = "together"
kind = "encounter"
distance_m = 400
zones = ["km-restricted"]
priority = "caution"
"#;

/// A site's configuration, and lines of its feeds in time order.
struct Case {
    config: PathBuf,
    more: &'static str,
    feeds: Vec<String>,
    lines: Vec<(Timestamp, u16, Vec<u8>)>,
}

/// How a case is played.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Manner {
    Plain,
    /// Everything is judged at every second.
    Anxious,
    /// The state goes through bytes every so many lines.
    Reloaded(usize),
    /// In the middle of twenty watches.
    OneOfTwenty,
}

impl Case {
    /// The scenario `kinmen` under the sample's rules and those of pairs.
    fn simulated() -> Self {
        let scenario = Scenario::named("kinmen").unwrap();
        let mut simulation = Simulation::new(&scenario, 1, Some(VESSELS), START);
        let line = || {
            let sent = simulation.next_line();
            (sent.time, sent.receiver as u16, sent.line.into_bytes())
        };
        Self {
            config: "config/kinmen.toml".into(),
            more: PAIR_RULES,
            feeds: vec!["liaoluo".into(), "shuitou".into()],
            lines: std::iter::repeat_with(line)
                .take_while(|(time, ..)| time.floor_s() < START.floor_s() + SECONDS)
                .collect(),
        }
    }

    /// A case of the acceptance, its lines at the times stamped on them.
    fn accepted(folder: &Path) -> Self {
        let assumed = Assumed {
            start: START,
            rate: 1.0,
        };
        let reader = recording::open(&folder.join("feed.nmea")).unwrap();
        let mut merged = Merged::new(vec![Recording::new(reader, false, Span(0), assumed).unwrap()]);
        let mut lines = Vec::new();
        while let Some(timed) = merged.next_line().unwrap() {
            lines.extend(timed.line.map(|line| (timed.time, 0, line.to_vec())));
        }
        Self {
            config: folder.join("config.toml"),
            more: "",
            feeds: vec!["feed".into()],
            lines,
        }
    }

    fn config(&self) -> Config {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&self.config);
        let files = |file: &Path| {
            let mut bytes = std::fs::read(file)?;
            if file == path {
                bytes.extend_from_slice(self.more.as_bytes());
            }
            Ok(bytes)
        };
        config::read(&path, Purpose::Replay, &files).unwrap()
    }

    fn feeds(&self) -> Vec<Arc<FeedSettings>> {
        let feed = |name: &String| Arc::new(FeedSettings::new(name.as_str(), Input::Stdin));
        self.feeds.iter().map(feed).collect()
    }

    /// The core's setup, with the live watch's orders so often.
    fn setup(&self, watches: usize) -> Setup {
        let live = || {
            let mut setup = service::setup(&mut self.config(), &self.feeds(), KEY);
            setup.orders.truncate(1);
            setup
        };
        let orders = (0..watches).flat_map(|_| live().orders).collect();
        Setup { orders, ..live() }
    }

    fn traffic(&self, watches: usize) -> Traffic {
        let (config, setup) = (self.config(), self.setup(watches));
        let papers = Papers {
            declarations: config.declarations,
            inspections: config.inspections,
        };
        let start = self.lines[0].0;
        let watch = |orders| Watch::new(orders, papers.clone(), start);
        let picture = Picture::new(setup.limits, config.register, self.feeds.len(), start, KEY);
        Traffic::new(picture, setup.orders.into_iter().map(watch).collect(), start)
    }

    /// What one watch told.
    fn play(&self, manner: Manner) -> String {
        let (watches, listened) = if manner == Manner::OneOfTwenty {
            (20, 13)
        } else {
            (1, 0)
        };
        let mut traffic = self.traffic(watches);
        let mut reception = service::reception(&self.feeds(), KEY);
        let (mut told, mut changes) = (String::new(), Changes::default());
        for (n, (time, feed, line)) in self.lines.iter().enumerate() {
            let feed = harborwatch::report::FeedId(*feed);
            let heard = reception.hear(feed, *time, &reception.read(feed, line));
            if let Some(report) = &heard.report {
                while manner == Manner::Anxious && traffic.now().floor_s() < report.time.floor_s() {
                    traffic.judge_anew();
                    traffic.tick(traffic.now().floor_s() + 1, &mut changes);
                    tell(&mut changes, listened, &mut told);
                }
                traffic.tick(report.time.floor_s(), &mut changes);
            }
            Done::by(&heard, &mut traffic, &mut changes);
            tell(&mut changes, listened, &mut told);
            if matches!(manner, Manner::Reloaded(every) if n % every == every - 1) {
                let Setup { limits, orders, .. } = self.setup(1);
                traffic = Traffic::from_bytes(&traffic.to_bytes(), limits, orders, KEY).unwrap();
            }
        }
        told
    }
}

fn tell(changes: &mut Changes, listened: usize, told: &mut String) {
    for (_, change) in changes.alerts.iter().filter(|(watch, _)| *watch == listened) {
        *told += &serde_json::to_string(&Step::of(change)).unwrap();
        told.push('\n');
    }
    changes.clear();
}

/// Plays a case in every manner, and returns what it told in each.
#[track_caller]
fn check(case: &Case, reloaded: &[usize]) -> String {
    let plain = case.play(Manner::Plain);
    let reloaded = reloaded.iter().map(|every| Manner::Reloaded(*every));
    for manner in [Manner::Plain, Manner::Anxious, Manner::OneOfTwenty]
        .into_iter()
        .chain(reloaded)
    {
        let other = case.play(manner);
        let differs = plain.lines().zip(other.lines()).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{manner:?} of {}", case.config.display());
        assert_eq!(plain.len(), other.len(), "{manner:?} of {}", case.config.display());
    }
    plain
}

#[test]
fn simulated_traffic_tells_the_same_in_every_manner() {
    let plain = check(&Case::simulated(), &[1_000]);
    for kind in ["collision_risk", "encounter", "speed_limit"] {
        assert!(plain.contains(kind), "nothing of {kind}");
    }
}

#[test]
fn every_case_of_the_acceptance_tells_the_same_in_every_manner() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acceptance");
    for case in folder.read_dir().unwrap() {
        let case = Case::accepted(&case.unwrap().path());
        check(&case, &[case.lines.len() / 3 + 1, case.lines.len() / 7 + 1]);
    }
}
