//! What part of the live throughput journalling costs: the same lines through the same core under the rules of the
//! Kinmen sample, with and without the journal, which is written and brought to the disk by other threads as the service
//! does it. By the clock, with a core for those; and by processor time, of the engine's thread and of all.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use harborwatch::config::{self, Purpose};
use harborwatch::engine::Core;
use harborwatch::journal::{Disk, Entry, Journal, Judged, Record};
use harborwatch::report::HashKey;
use harborwatch::service::{self, Pen, Turn};
use harborwatch::time::Timestamp;
use harborwatch::traffic::Changes;
use nix::time::{ClockId, clock_gettime};

use crate::sea::START;
use crate::{Lines, SEGMENT_BYTES};

const TIMES: usize = 5;
/// `[journal] sync_ms` of its default.
const SYNC_EVERY: Duration = Duration::from_millis(200);
/// The live service publishes, and writes what was heard before, so often at the highest rate: some 20 ms.
const PUBLISHED: usize = 20_000;

/// What one turn took, in seconds.
#[derive(Clone, Copy, Debug)]
struct Took {
    by_clock: f64,
    /// Processor time of the engine's thread, and of the whole process.
    engine: f64,
    all: f64,
}

/// Prints lines a second without and with the journal, the best of some turns each.
pub fn measure(sea: &str, folder: &Path, lines: &Lines) {
    let turns: Vec<_> = (0..TIMES)
        .map(|_| (play(lines, None), journalled(folder, lines)))
        .collect();
    for (what, part) in [
        ("by the clock", (|took| took.by_clock) as fn(&Took) -> f64),
        ("by processor time of the engine's thread", |took| took.engine),
        ("by processor time of all threads", |took| took.all),
    ] {
        let least = |of: fn(&(Took, Took)) -> &Took| turns.iter().map(|turn| part(of(turn))).fold(f64::MAX, f64::min);
        let (without, with) = (least(|turn| &turn.0), least(|turn| &turn.1));
        let rate = |seconds: f64| lines.len() as f64 / seconds / 1e6;
        println!(
            "{sea}, {what}: {:.3} M lines/s without a journal, {:.3} M with it: journalling costs {:.1} %",
            rate(without),
            rate(with),
            100.0 * (1.0 - without / with)
        );
    }
}

/// With a journal on the disk, written by one thread and brought there by another.
fn journalled(folder: &Path, lines: &Lines) -> Took {
    let _ = fs::remove_dir_all(folder);
    let (disk, _) = Disk::open(folder, SEGMENT_BYTES, START, 0).expect("the folder can be written");
    let tail = disk.tail();
    let mut pen = Pen::of(disk, Turn::default()).expect("a thread");
    let (done, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while matches!(ended.recv_timeout(SYNC_EVERY), Err(RecvTimeoutError::Timeout)) {
                tail.sync().expect("the disk has room");
            }
        });
        let took = play(lines, Some(&mut pen));
        drop(done);
        took
    })
}

fn play(lines: &Lines, mut pen: Option<&mut Pen>) -> Took {
    let mut core = core();
    let (mut changes, mut judged) = (Changes::default(), Judged::default());
    let mut second = START.floor_s();
    let (began, engine, all) = (
        Instant::now(),
        on_processor_s(ClockId::CLOCK_THREAD_CPUTIME_ID),
        on_processor_s(ClockId::CLOCK_PROCESS_CPUTIME_ID),
    );
    for piece in lines.chunks(PUBLISHED) {
        for (time, feed, line) in piece {
            while second < time.floor_s() {
                second += 1;
                let tick = Entry::Tick { judged: Some(judged) };
                put(&mut pen, Timestamp::from_s(second), tick);
                core.tick(second, &mut changes);
            }
            let bytes = line.as_bytes();
            let (feed, told) = (*feed, Some(bytes));
            put(&mut pen, *time, Entry::Line { feed, line: told });
            let sentence = core.read(feed, bytes);
            core.hear(feed, *time, &sentence, &mut changes);
            if pen.is_some() {
                for told in &changes.alerts {
                    judged.add(&postcard::to_stdvec(told).expect("memory has room"));
                }
            }
            changes.clear();
        }
        if let Some(pen) = &mut pen {
            pen.write().expect("the disk has room");
        }
    }
    Took {
        by_clock: began.elapsed().as_secs_f64(),
        engine: on_processor_s(ClockId::CLOCK_THREAD_CPUTIME_ID) - engine,
        all: on_processor_s(ClockId::CLOCK_PROCESS_CPUTIME_ID) - all,
    }
}

fn put(pen: &mut Option<&mut Pen>, time: Timestamp, entry: Entry<'_>) {
    if let Some(pen) = pen {
        pen.append(&Record { time, entry });
    }
}

fn core() -> Core {
    let mut config = config::load(Path::new("config/kinmen.toml"), Purpose::Replay).expect("the sample is right");
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    service::core(&mut config, &feeds, START, HashKey(1, 2))
}

/// Processor time of this thread, or of the whole process, in seconds.
fn on_processor_s(clock: ClockId) -> f64 {
    Duration::from(clock_gettime(clock).expect("the system tells")).as_secs_f64()
}
