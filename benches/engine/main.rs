//! How many sentences a second the whole way takes, from bytes to alerts, and how the cost grows with vessels, zones,
//! rules and watches; and what each rule costs. Costs are processor time of the two threads, so that they hold on a busy
//! machine too. `cargo bench --bench engine`; `-- seas`, `-- curves` and `-- rules` choose among them, with
//! `-- --plot FILE.svg` the curves are drawn, with `-- --quick` everything is smaller.

mod curves;
mod rules;
#[path = "../sea.rs"]
mod sea;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::engine::Done;
use harborwatch::feeds::recording::{Assumed, Merged, Recording};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::geo::{Knots, Metres};
use harborwatch::picture::{Picture, Reach};
use harborwatch::report::HashKey;
use harborwatch::service;
use harborwatch::time::Span;
use harborwatch::traffic::{Changes, Traffic};
use harborwatch::watch::Watch;

use sea::{START, Sea};

const KEY: HashKey = HashKey(1, 2);
/// Rules of pairs, beside those of the Kinmen sample.
const PAIR_RULES: &str = r#"
[[rule]]
id = "bench-collision"
kind = "collision_risk"
cpa_nm = 0.3
tcpa_min = 10
priority = "caution"
[[rule]]
id = "bench-encounter"
kind = "encounter"
priority = "caution"
"#;

/// What a run took.
struct Run {
    sentences: usize,
    /// Seconds for all of them.
    all_s: f64,
    /// Of the sentences after each vessel's first: how many, and seconds for them.
    steady: (usize, Spent),
    alerts: usize,
    /// Vessels within six miles of one, on average.
    neighbours: f64,
}

/// Seconds that passed, and that each thread had the processor for.
#[derive(Clone, Copy, Default)]
struct Spent {
    wall_s: f64,
    judging_s: f64,
    hearing_s: f64,
}

impl Spent {
    /// By now, on the thread that judges.
    fn so_far(began: Instant) -> Self {
        let judging_s = on_processor_s().unwrap_or_default();
        Self {
            wall_s: began.elapsed().as_secs_f64(),
            judging_s,
            hearing_s: process_s().unwrap_or_default() - judging_s,
        }
    }

    fn since(self, earlier: Self) -> Self {
        Self {
            wall_s: self.wall_s - earlier.wall_s,
            judging_s: self.judging_s - earlier.judging_s,
            hearing_s: self.hearing_s - earlier.hearing_s,
        }
    }
}

/// How long this thread has had a processor, where the system tells (Linux).
fn on_processor_s() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// The same of all threads that this process has had, in hundredths.
fn process_s() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = told.rsplit(')').next()?.split(' ').skip(12);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

impl Run {
    /// Nanoseconds of the judging thread for a sentence.
    fn judging_ns(&self) -> f64 {
        1e9 * self.steady.1.judging_s / self.steady.0 as f64
    }

    fn hearing_ns(&self) -> f64 {
        1e9 * self.steady.1.hearing_s / self.steady.0 as f64
    }

    /// Sentences a second if each of the two threads has a core to itself.
    fn on_two_cores(&self) -> f64 {
        1e9 / self.judging_ns().max(self.hearing_ns())
    }
}

/// The Kinmen sample with more at its end.
fn kinmen(more: &str) -> Config {
    sample("config/kinmen.toml", more)
}

/// A sample with more at its end.
fn sample(file: &str, more: &str) -> Config {
    let sample = Path::new(file);
    read(sample, &|path| {
        let mut bytes = std::fs::read(path)?;
        if path == sample {
            bytes.extend_from_slice(more.as_bytes());
        }
        Ok(bytes)
    })
}

/// A site of these zones and rules.
fn site(zones: &str, rules: &str) -> Config {
    let head = "[site]\nname = { zh = \"海\", en = \"Sea\" }\ntimezone = \"Asia/Taipei\"\nbbox = [114, 20, 124, 29]\n\
                [zones]\nfile = \"zones.geojson\"\n";
    read(Path::new("site.toml"), &|path| {
        let is_zones = path.ends_with("zones.geojson");
        Ok(if is_zones {
            zones.into()
        } else {
            format!("{head}{rules}").into()
        })
    })
}

fn read(path: &Path, files: config::Files<'_>) -> Config {
    config::read(path, Purpose::Replay, files).expect("the configuration is right")
}

fn feeds() -> Vec<Arc<FeedSettings>> {
    vec![Arc::new(FeedSettings::new("sea", Input::Stdin))]
}

/// A traffic of one watch, or of many like it.
fn traffic(config: &mut dyn FnMut() -> Config, watches: usize) -> Traffic {
    if watches == 1 {
        return service::traffic(&mut config(), &feeds(), START, KEY);
    }
    let orders = |_| service::setup(&mut config(), &feeds(), KEY).orders.swap_remove(0);
    let watches: Vec<_> = (0..watches).map(orders).collect();
    let Config { track, register, .. } = config();
    let picture = Picture::new(track, register, 1, START, KEY);
    let watch = |orders| Watch::new(orders, Default::default(), START);
    Traffic::new(picture, watches.into_iter().map(watch).collect(), START)
}

fn play(recording: &[u8], vessels: usize, mut traffic: Traffic) -> Run {
    let assumed = Assumed {
        start: START,
        rate: 1.0,
    };
    let reader = Box::new(std::io::Cursor::new(recording.to_vec()));
    let recording = Recording::new(reader, false, Span(0), assumed).expect("memory can be read");
    let mut merged = Merged::new(vec![recording]);
    let reception = service::reception(&feeds(), KEY);
    let (mut sentences, mut alerts, mut changes) = (0, 0, Changes::default());
    let mut known = None;
    let began = Instant::now();
    service::hear_ahead(
        &mut merged,
        reception,
        |_| ControlFlow::Continue(true),
        |batch| {
            batch.play(&mut traffic, |heard, traffic| {
                if let Some(report) = &heard.report {
                    traffic.tick(report.time.floor_s(), &mut changes);
                }
                Done::by(heard, traffic, &mut changes);
                alerts += changes.alerts.len();
                changes.clear();
                Ok(())
            })?;
            sentences += batch.heard.len();
            if known.is_none() && sentences >= vessels {
                known = Some((sentences, Spent::so_far(began)));
            }
            Ok(())
        },
    )
    .expect("memory can be read");
    let (before, then) = known.expect("every vessel has reported");
    let now = Spent::so_far(began);
    Run {
        sentences,
        all_s: now.wall_s,
        steady: (sentences - before, now.since(then)),
        alerts,
        neighbours: neighbours(traffic.picture()),
    }
}

/// How many vessels the pair rules have to do with around one, on average.
fn neighbours(picture: &Picture) -> f64 {
    let all = Reach {
        passing: Metres(0.0),
        within_s: 0.0,
        range: Metres::from_nm(6.0),
        ahead_s: 0.0,
        min_sog: Knots(0.0),
        close: Metres::from_nm(6.0),
    };
    let mut found = Vec::new();
    let slots: Vec<_> = picture.slots().step_by(picture.len().div_ceil(2000).max(1)).collect();
    let mut sum = 0;
    for slot in &slots {
        picture.vicinity().near(*slot, &all, &mut found);
        sum += found.len();
    }
    sum as f64 / slots.len() as f64
}

fn rates(sizes: [(&str, Sea, usize); 3]) {
    println!(
        "| sea | rules | sentences/s here | judging ns | hearing ns | sentences/s on two cores | neighbours | pairs/s | transitions |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, sea, reports) in sizes {
        let recording = sea.recording(reports);
        for (rules, more) in [("kinmen", ""), ("kinmen and pairs", PAIR_RULES)] {
            let run = play(&recording, sea.vessels, traffic(&mut || kinmen(more), 1));
            let pairs = if more.is_empty() {
                0.0
            } else {
                run.on_two_cores() * run.neighbours
            };
            println!(
                "| {name} | {rules} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {pairs:.0} | {} |",
                run.sentences as f64 / run.all_s,
                run.judging_ns(),
                run.hearing_ns(),
                run.on_two_cores(),
                run.neighbours,
                run.alerts
            );
        }
    }
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |word: &str| asked.iter().any(|other| other == word);
    let none_chosen = !["seas", "curves", "rules"].into_iter().any(is_asked);
    let (is_chosen, shrink) = (
        |word: &str| none_chosen || is_asked(word),
        if is_asked("--quick") { 10 } else { 1 },
    );
    if is_chosen("seas") {
        let dense = Sea {
            width_deg: 1.0,
            height_deg: 1.0,
            ..Sea::of(2_000)
        };
        rates([
            ("50 000 over 10° × 9°", Sea::of(50_000 / shrink), 20),
            ("2 000 over 1° × 1°", dense, 200 / shrink),
            ("500 000, as strewn", Sea::of(500_000 / shrink), 4),
        ]);
    }
    if is_chosen("curves") {
        let plot = asked.iter().position(|word| word == "--plot");
        curves::show(shrink, plot.and_then(|at| asked.get(at + 1)));
    }
    if is_chosen("rules") {
        rules::show(shrink);
    }
}
