//! How long a restart takes: the binary as users run it, started on journals of different lengths that 50 000 vessels
//! have filled, as a kill just before the next snapshot leaves them.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use harborwatch::clock;
use harborwatch::config::{self, Purpose};
use harborwatch::journal::{Disk, Entry, Folder, Journal, Record, compress_closed, save_snapshot, size};
use harborwatch::report::{FeedId, HashKey};
use harborwatch::service::{Standing, Start, journal_folder, recover, snapshot_folder};
use harborwatch::time::{Span, Timestamp};

use crate::TOGETHER;
use crate::sea::Sea;

const VESSELS: usize = 50_000;
/// Reports of each vessel in an hour of a port's day: 100 lines a second in all, 8.6 million a day.
const REPORTS_AN_HOUR: f64 = 7.2;
/// Seconds between two reports of a vessel of the sea ...
const EVERY_S: usize = 10;
/// ... which on a port's day are so many times as long.
const SPREAD: i64 = 50;
/// Reports of each vessel after the snapshot, every ten seconds: the service takes one after half a million records.
const REPORTS_AFTER: usize = 10;
/// `[journal] segment_mb` of its default.
const SEGMENT_BYTES: u64 = 64 << 20;
const TIMES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(120);

/// Prints the table.
pub fn measure() {
    println!("| journal | lines | on the disk | after the snapshot | ready after | processor time until then |");
    println!("|---|---|---|---|---|---|");
    for hours in [1, 6, 24] {
        let site = Site::make();
        let mut writer = Writer::begin(&site, hours);
        writer.write(reports_in(hours), SPREAD);
        writer.snapshot();
        let tell = |writer: &Writer, after: &str| {
            let mib = size(&Folder(journal_folder(&site.data())))
                .expect("it can be read")
                .bytes
                >> 20;
            let (ready_s, cpu_s) = site.restart();
            println!(
                "| {hours} h | {} | {mib} MiB | {after} | {ready_s:.2} s | {cpu_s:.2} s |",
                writer.lines
            );
        };
        tell(&writer, "nothing");
        let before = writer.lines;
        writer.write(REPORTS_AFTER, 1);
        tell(&writer, &format!("{} lines", writer.lines - before));
    }
}

/// Reports of each vessel in so many hours of a port's day.
fn reports_in(hours: u32) -> usize {
    (f64::from(hours) * REPORTS_AN_HOUR).round() as usize
}

/// The Kinmen sample with a data folder of its own.
struct Site {
    folder: PathBuf,
    port: u16,
}

impl Site {
    fn make() -> Self {
        let folder = std::env::temp_dir().join(format!("harborwatch-restart-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        for file in fs::read_dir("config").expect("the samples are there") {
            let file = file.expect("a file").path();
            fs::copy(&file, folder.join(file.file_name().expect("it has a name"))).expect("room for the samples");
        }
        let sample = fs::read_to_string(folder.join("kinmen.toml")).expect("the sample is there");
        let own = sample
            .replace("../data/kinmen", "run")
            .replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"));
        fs::write(folder.join("kinmen.toml"), own).expect("room for the sample");
        Self { folder, port }
    }

    fn config(&self) -> PathBuf {
        self.folder.join("kinmen.toml")
    }

    /// Where the journal is written that each restart gets a copy of.
    fn data(&self) -> PathBuf {
        self.folder.join("written")
    }

    /// Seconds from the start to being ready, and of processor time until then; the least of some starts.
    fn restart(&self) -> (f64, f64) {
        let once = || {
            let run = self.folder.join("run");
            let _ = fs::remove_dir_all(&run);
            copy(&journal_folder(&self.data()), &journal_folder(&run));
            copy(&snapshot_folder(&self.data()), &snapshot_folder(&run));
            let began = Instant::now();
            let service = Running(self.serve());
            while !self.is_ready() {
                assert!(began.elapsed() < PATIENCE, "it is not ready");
                std::thread::sleep(Duration::from_millis(5));
            }
            (began.elapsed().as_secs_f64(), service.cpu_s())
        };
        let starts: Vec<_> = (0..TIMES).map(|_| once()).collect();
        let least = |seconds: fn(&(f64, f64)) -> f64| starts.iter().map(seconds).fold(f64::MAX, f64::min);
        (least(|start| start.0), least(|start| start.1))
    }

    fn serve(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
        command.args(["serve", "--config"]).arg(self.config());
        command.env("RUST_LOG", "error").stdout(Stdio::null());
        command.spawn().expect("the binary starts")
    }

    fn is_ready(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            let host = format!("Host: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
            stream.write_all(format!("GET /readyz HTTP/1.1\r\n{host}").as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200"))
        };
        ask().unwrap_or(false)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A service that is killed when it is dropped.
struct Running(Child);

impl Running {
    /// Processor time it has used, in seconds (Linux).
    fn cpu_s(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).expect("it runs");
        // After the name in brackets the 12th and 13th field are user and system time, in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
        (ticks(12) + ticks(13)) / 100.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("room for a copy");
    for file in fs::read_dir(from).expect("it was written") {
        let file = file.expect("a file").path();
        fs::copy(&file, to.join(file.file_name().expect("it has a name"))).expect("room for a copy");
    }
}

/// Writes a journal as the service would, and stands where its core stands.
struct Writer {
    data: PathBuf,
    disk: Disk,
    standing: Standing,
    /// All lines there are to be, and how many are written.
    sea: Vec<u8>,
    lines: usize,
    record: u64,
    now: Timestamp,
}

impl Writer {
    /// A journal that is to come to an end about now.
    fn begin(site: &Site, hours: u32) -> Self {
        let span = 3600 * i64::from(hours) + 10 * REPORTS_AFTER as i64;
        let now = Timestamp::from_s(clock::now().plus(Span::s(-span)).floor_s());
        let config = config::load(&site.config(), Purpose::Service).expect("the sample is right");
        let feeds: Vec<_> = config.feeds.iter().cloned().map(Arc::new).collect();
        let first = Start::first(&config, &feeds, HashKey(1, 2));
        let recovered = recover(&site.data(), first, SEGMENT_BYTES, now).expect("an empty folder");
        let disk = recovered.disk.expect("the disk can be written");
        Self {
            data: site.data(),
            record: disk.tail().records(),
            disk,
            standing: recovered.standing,
            sea: Sea::of(VESSELS).recording(reports_in(hours) + REPORTS_AFTER),
            lines: 0,
            now,
        }
    }

    /// So many further reports of each vessel, a second of the sea being `spread` of them.
    fn write(&mut self, reports: usize, spread: i64) {
        let began = self.now;
        let all = std::mem::take(&mut self.sea);
        let lines = all
            .split(|byte| *byte == b'\n')
            .skip(self.lines)
            .take(reports * VESSELS);
        for (n, line) in lines.enumerate() {
            let after = Span::s(spread * (EVERY_S * n / VESSELS) as i64);
            while self.now < began.plus(after) {
                self.now = self.now.plus(Span::s(1));
                self.put(Entry::Tick { judged: None });
            }
            let line = Some(line);
            self.put(Entry::Line { feed: FeedId(0), line });
            self.lines += 1;
            if self.lines.is_multiple_of(TOGETHER) {
                self.disk.write().expect("the disk has room");
            }
        }
        self.sea = all;
        self.disk.write().expect("the disk has room");
        let (open, _) = self.disk.tail().limit();
        compress_closed(&Folder(journal_folder(&self.data)), open).expect("the disk has room");
    }

    fn put(&mut self, entry: Entry<'_>) {
        let record = Record { time: self.now, entry };
        self.record += 1;
        self.disk.append(&record);
        self.standing.play(self.record, &record).expect("it is of this build");
    }

    fn snapshot(&self) {
        save_snapshot(&snapshot_folder(&self.data), self.record, &self.standing.to_bytes()).expect("the disk has room");
    }
}
