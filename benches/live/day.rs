//! A port-day that the service heard before it was started: its journal, written as the service writes it.

use std::path::Path;
use std::sync::Arc;

use harborwatch::config::{self, Purpose};
use harborwatch::journal::{Disk, Entry, Journal, Record};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{Start, journal_folder};
use harborwatch::time::{Span, Timestamp};

use crate::sea::Sea;

/// Vessels within 3° × 2°, and how often each reports: 8.6 million sentences.
const VESSELS: usize = 2_000;
const REPORTS: usize = 4_300;
pub const HOURS: i64 = 24;
/// Lines that are taken up together.
const TOGETHER: usize = 200;
const SEGMENT_BYTES: u64 = 64 << 20;

/// Writes the day before now into the data folder of a configured service.
pub fn write(config: &Path, data: &Path, now: Timestamp) {
    let config = config::load(config, Purpose::Service).expect("the bench's own configuration is right");
    let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
    let start = Start::first(&config, &feeds, HashKey(1, 2)).to_bytes();
    let sea = Sea {
        width_deg: 3.0,
        height_deg: 2.0,
        ..Sea::of(VESSELS)
    };
    let lines = sea.recording(REPORTS);
    let day_ms = HOURS * 3_600_000;
    let from = now.plus(Span(-day_ms));
    let (mut disk, _) = Disk::open(&journal_folder(data), SEGMENT_BYTES, from, 0).expect("the folder can be written");
    disk.append(&Record {
        time: from,
        entry: Entry::Start(&start),
    });
    let (mut second, count) = (from.floor_s(), (VESSELS * REPORTS) as i64);
    for (at, line) in (0..).zip(lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())) {
        let time = from.plus(Span(at * day_ms / count));
        while second < time.floor_s() {
            second += 1;
            let (time, entry) = (Timestamp::from_s(second), Entry::Tick { judged: None });
            disk.append(&Record { time, entry });
        }
        let (feed, line) = (FeedId(0), Some(line));
        let entry = Entry::Line { feed, line };
        disk.append(&Record { time, entry });
        if (at as usize).is_multiple_of(TOGETHER) {
            disk.write().expect("the disk has room");
        }
    }
    disk.finish().expect("the disk has room");
}
