//! What a review costs beside a replay: two configurations, and a sweep of twenty settings, over one picture.
//! `-- --whole` plays a whole port-day; else a tenth of one, and its times are given times ten.

#[path = "sea.rs"]
mod sea;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::engine::Done;
use harborwatch::feeds::recording::{Assumed, Merged, Recording};
use harborwatch::feeds::{FeedSettings, Input};
use harborwatch::report::HashKey;
use harborwatch::review::{self, Sweep};
use harborwatch::service::{self, Reviewing};
use harborwatch::time::{LocalTime, Span};
use harborwatch::traffic::Changes;

use sea::{START, Sea};

const KEY: HashKey = HashKey(1, 2);
/// Reports of each vessel in a port-day of 8.6 million sentences.
const REPORTS: usize = 4_300;

/// A port's waters.
fn sea() -> Sea {
    Sea {
        width_deg: 3.0,
        height_deg: 2.0,
        ..Sea::of(2_000)
    }
}

fn kinmen(limit: &str) -> Config {
    let sample = Path::new("config/kinmen.toml");
    let files = |path: &Path| {
        let bytes = std::fs::read(path)?;
        if path != sample {
            return Ok(bytes);
        }
        Ok(String::from_utf8_lossy(&bytes)
            .replacen("limit_kn = 12.0", limit, 1)
            .into())
    };
    config::read(sample, Purpose::Replay, &files).expect("the sample is right")
}

fn feeds() -> Vec<Arc<FeedSettings>> {
    vec![Arc::new(FeedSettings::new("sea", Input::Stdin))]
}

fn merged(lines: &[u8]) -> Merged {
    let assumed = Assumed {
        start: START,
        rate: 1.0,
    };
    let reader = Box::new(std::io::Cursor::new(lines.to_vec()));
    Merged::new(vec![
        Recording::new(reader, false, Span(0), assumed).expect("memory can be read"),
    ])
}

fn replay(lines: &[u8]) -> usize {
    let mut traffic = service::traffic(&mut kinmen("limit_kn = 12.0"), &feeds(), START, KEY);
    let (mut changes, mut told) = (Changes::default(), 0);
    let reception = service::reception(&feeds(), KEY);
    service::hear_ahead(
        &mut merged(lines),
        reception,
        |_| ControlFlow::Continue(true),
        |batch| {
            for heard in &batch.heard {
                if let Some(report) = &heard.report {
                    traffic.tick(report.time.floor_s(), &mut changes);
                }
                Done::by(heard, &mut traffic, &mut changes);
                told += changes.alerts.len();
                changes.clear();
            }
            Ok(())
        },
    )
    .expect("memory can be read");
    told
}

fn review(lines: &[u8], sweeps: &[Sweep]) -> usize {
    let (mut baseline, mut proposed) = (kinmen("limit_kn = 12.0"), kinmen("limit_kn = 10.0"));
    let sides = (
        service::side(&mut baseline, &feeds()),
        service::side(&mut proposed, &feeds()),
    );
    let reviewing = Reviewing {
        cases: review::cases(sides.0, sides.1, sweeps).expect("the sweeps are right"),
        local: LocalTime(proposed.site.timezone.clone()),
        capacity: service::capacity(&proposed),
        from: None,
        to: None,
        is_rehearsal: false,
    };
    let told = |_| ();
    let outcome = reviewing.of_recordings(&mut merged(lines), &proposed, &feeds(), KEY, told);
    outcome.expect("memory can be read").come.len()
}

fn main() {
    let times = if std::env::args().any(|word| word == "--whole") {
        1
    } else {
        10
    };
    let lines = sea().recording(REPORTS / times);
    let sweep = Sweep {
        key: "fairway-speed.limit_kn".into(),
        values: (1..=20).map(Into::into).collect(),
    };
    let time = |name: &str, work: &dyn Fn() -> usize| {
        let began = Instant::now();
        let found = work();
        let seconds = began.elapsed().as_secs_f64() * times as f64;
        println!("| {name} | {seconds:.1} | {found} |");
        seconds
    };
    println!("| {} sentences | s | found |\n|---|---|---|", sea().vessels * REPORTS);
    let alone = time("one replay", &|| replay(&lines));
    time("two configurations", &|| review(&lines, &[]));
    let swept = time("and twenty settings", &|| review(&lines, std::slice::from_ref(&sweep)));
    println!("\nA sweep of twenty settings costs {:.2} replays.", swept / alone);
}
