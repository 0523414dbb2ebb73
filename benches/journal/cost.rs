//! What part of the live throughput journalling costs: the same lines through the same core under the rules of the
//! Kinmen sample, with and without the journal, by processor time of the thread that does both.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use harborwatch::config::{self, Purpose};
use harborwatch::engine::Core;
use harborwatch::journal::{Disk, Entry, Journal, Judged, Record};
use harborwatch::report::HashKey;
use harborwatch::service;
use harborwatch::time::Timestamp;
use harborwatch::traffic::Changes;

use crate::{Lines, SEGMENT_BYTES, START, TOGETHER};

const TIMES: usize = 5;
/// `[journal] sync_ms` of its default.
const SYNC_EVERY: Duration = Duration::from_millis(200);

/// Prints lines a second without and with the journal, the best of some turns each.
pub fn measure(folder: &Path, lines: &Lines) {
    let (mut without, mut with) = (f64::MAX, f64::MAX);
    for _ in 0..TIMES {
        without = without.min(play(lines, None));
        with = with.min(journalled(folder, lines));
    }
    let rate = |seconds: f64| lines.len() as f64 / seconds / 1e6;
    println!(
        "live: {:.3} M lines/s without a journal, {:.3} M with it: journalling costs {:.1} % of the throughput",
        rate(without),
        rate(with),
        100.0 * (1.0 - without / with)
    );
}

/// With a journal on the disk, brought there by another thread, as the service does it.
fn journalled(folder: &Path, lines: &Lines) -> f64 {
    let _ = fs::remove_dir_all(folder);
    let (mut disk, _) = Disk::open(folder, SEGMENT_BYTES, START, 0).expect("the folder can be written");
    let tail = disk.tail();
    let (done, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while matches!(ended.recv_timeout(SYNC_EVERY), Err(RecvTimeoutError::Timeout)) {
                tail.sync().expect("the disk has room");
            }
        });
        let seconds = play(lines, Some(&mut disk));
        drop(done);
        seconds
    })
}

/// Seconds of this thread's processor time.
fn play(lines: &Lines, mut disk: Option<&mut Disk>) -> f64 {
    let mut core = core();
    let (mut changes, mut judged) = (Changes::default(), Judged::default());
    let mut second = START.floor_s();
    let began = on_processor_s();
    for piece in lines.chunks(TOGETHER) {
        for (time, feed, line) in piece {
            while second < time.floor_s() {
                second += 1;
                put(
                    &mut disk,
                    Timestamp::from_s(second),
                    Entry::Tick { judged: Some(judged) },
                );
                core.tick(second, &mut changes);
            }
            let bytes = line.as_bytes();
            put(
                &mut disk,
                *time,
                Entry::Line {
                    feed: *feed,
                    line: Some(bytes),
                },
            );
            let sentence = core.read(*feed, bytes);
            core.hear(*feed, *time, &sentence, &mut changes);
            if disk.is_some() {
                for told in &changes.alerts {
                    judged.add(&postcard::to_stdvec(told).expect("memory has room"));
                }
            }
            changes.clear();
        }
        if let Some(disk) = &mut disk {
            disk.write().expect("the disk has room");
        }
    }
    on_processor_s() - began
}

fn put(disk: &mut Option<&mut Disk>, time: Timestamp, entry: Entry<'_>) {
    if let Some(disk) = disk {
        disk.append(&Record { time, entry });
    }
}

fn core() -> Core {
    let mut config = config::load(Path::new("config/kinmen.toml"), Purpose::Replay).expect("the sample is right");
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    service::core(&mut config, &feeds, START, HashKey(1, 2))
}

/// How long this thread has had a processor (Linux).
fn on_processor_s() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("the system tells");
    told.split(' ')
        .next()
        .and_then(|first| first.parse::<f64>().ok())
        .expect("a number")
        / 1e9
}
