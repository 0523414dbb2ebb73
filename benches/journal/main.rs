//! How many records a second go to the disk and come back, how many bytes a sentence takes there, with gzip of the raw
//! text beside, and what part of the live throughput that costs. `cargo bench --bench journal -- restart` measures restarts
//! behind journals of different lengths instead.

mod cost;
mod restart;
#[path = "../sea.rs"]
mod sea;

use std::io::Write;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput};
use flate2::Compression;
use flate2::write::GzEncoder;
use harborwatch::journal::{Disk, Entry, Folder, Journal, Reader, Record, Verify, compress_closed, size};
use harborwatch::report::FeedId;
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::{Span, Timestamp};

use sea::{START, Sea};

const LINES: usize = 500_000;
const VESSELS: usize = 50_000;
const SEGMENT_BYTES: u64 = 64 << 20;
/// Lines the live service takes up together at a high rate.
const TOGETHER: usize = 200;

type Lines = Vec<(Timestamp, FeedId, String)>;

/// Kinmen's own traffic.
fn lines() -> Lines {
    let scenario = Scenario::named("kinmen").expect("it is built in");
    let mut simulation = Simulation::new(&scenario, 1, Some(2_000), START);
    let mut line = || {
        let sent = simulation.next_line();
        (sent.time, FeedId(sent.receiver as u16), sent.line)
    };
    (0..LINES).map(|_| line()).collect()
}

/// A wide sea, through which the engine is fastest.
fn wide() -> Lines {
    let recording = Sea::of(VESSELS).recording(LINES / VESSELS);
    let text = std::str::from_utf8(&recording).expect("it is text");
    let time = |n: usize| START.plus(Span((n * 10_000 / VESSELS) as i64));
    let line = |(n, line): (usize, &str)| (time(n), FeedId(0), line.to_owned());
    text.lines().enumerate().map(line).collect()
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("harborwatch-bench-{}", std::process::id()))
}

/// Everything appended, written in pieces, and at the end brought to the disk.
fn append(folder: &Path, lines: &Lines) -> u64 {
    let (mut disk, _) = Disk::open(folder, SEGMENT_BYTES, START, 0).expect("the folder can be written");
    for piece in lines.chunks(TOGETHER) {
        for (time, feed, line) in piece {
            let entry = Entry::Line {
                feed: *feed,
                line: Some(line.as_bytes()),
            };
            disk.append(&Record { time: *time, entry });
        }
        disk.write().expect("the disk has room");
    }
    disk.finish().expect("the disk has room");
    disk.tail().limit().0
}

fn read(folder: &Path, verify: Verify) -> usize {
    let mut reader = Reader::new(Box::new(Folder(folder.to_path_buf())), 0, verify).expect("it was just written");
    let mut count = 0;
    while let Some((_, record)) = reader.next_record().expect("it is whole") {
        count += usize::from(matches!(record.entry, Entry::Line { .. }));
    }
    count
}

fn gzipped(lines: &Lines) -> usize {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    for (_, _, line) in lines {
        writeln!(out, "{line}").expect("memory has room");
    }
    out.finish().expect("memory has room").len()
}

fn benches(criterion: &mut Criterion, lines: &Lines) {
    let bytes: usize = lines.iter().map(|(_, _, line)| line.len() + 1).sum();
    let folder = folder();
    let _ = std::fs::remove_dir_all(&folder);
    let mut group = criterion.benchmark_group("journal");
    group.sample_size(10);
    group.throughput(Throughput::Elements(LINES as u64));
    group.bench_function("append, to the disk", |bench| {
        bench.iter(|| {
            let _ = std::fs::remove_dir_all(&folder);
            append(&folder, lines)
        });
    });
    group.throughput(Throughput::Bytes(bytes as u64));
    for (name, verify) in [("read", Verify::Frames), ("read and verify", Verify::Seals)] {
        group.bench_function(name, |bench| bench.iter(|| assert_eq!(read(&folder, verify), LINES)));
    }
    // A segment is closed once another is begun behind it.
    let (behind, _) = Disk::open(&folder, SEGMENT_BYTES, START, 0).expect("the folder can be written");
    let (open, _) = behind.tail().limit();
    let packed = compress_closed(&Folder(folder.clone()), open).expect("the disk has room");
    assert_eq!(packed as u64, open - 1);
    for (name, verify) in [
        ("read compressed", Verify::Frames),
        ("read compressed and verify", Verify::Seals),
    ] {
        group.bench_function(name, |bench| bench.iter(|| assert_eq!(read(&folder, verify), LINES)));
    }
    group.finish();
    let kept = size(&Folder(folder.clone())).expect("it can be read").bytes;
    let a_line = |bytes: f64| bytes / LINES as f64;
    println!(
        "bytes a sentence: text {:.1}, journal compressed {:.2}, gzip of the text {:.2}",
        a_line(bytes as f64),
        a_line(kept as f64),
        a_line(gzipped(lines) as f64)
    );
}

fn main() {
    if std::env::args().any(|argument| argument == "restart") {
        restart::measure();
        return;
    }
    let lines = lines();
    if std::env::args().any(|argument| argument == "cost") {
        tell_cost(&lines);
        return;
    }
    benches(&mut Criterion::default().configure_from_args(), &lines);
    tell_cost(&lines);
}

fn tell_cost(lines: &Lines) {
    cost::measure("Kinmen's traffic", &folder(), lines);
    cost::measure("a wide sea", &folder(), &wide());
    let _ = std::fs::remove_dir_all(folder());
}
