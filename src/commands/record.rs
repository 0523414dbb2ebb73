//! `record`: keeps the lines of a feed with the times at which they were received.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use harborwatch::feeds::{FeedSettings, Input, What};
use harborwatch::nmea::write_timed;
use harborwatch::service::Alone;
use harborwatch::time::Timestamp;
use indicatif::{ProgressBar, ProgressStyle};

use super::serve::{runtime, told_to_stop};
use super::{address, aside};

/// Keep what arrives on a feed, each line with the time it was received
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "Examples:
  harborwatch record /dev/ttyUSB0 monday.nmea.gz
  harborwatch record 192.0.2.7:10110 monday.nmea.zst
  harborwatch replay --config config/kinmen.toml monday.nmea.zst

{}

The time goes into the line's tag block, as c: in milliseconds, unless one is there. A file that is there already is
added to. Ctrl-C ends the recording.", address::FORMS
))]
pub struct Args {
    /// Where to read, as below
    #[arg(value_parser = address::parse)]
    address: Input,
    /// Where to write; packed if its name ends in .gz or .zst
    file: PathBuf,
}

/// What was received is safe in the file after so long.
const FLUSH_EVERY: Duration = Duration::from_secs(5);
/// Between two looks at the progress.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut keeper = Keeper::open(&args.file)?;
    runtime()?.block_on(record(FeedSettings::new("record", args.address), &mut keeper))?;
    keeper.close()?;
    Ok(ExitCode::SUCCESS)
}

async fn record(settings: FeedSettings, keeper: &mut Keeper) -> anyhow::Result<()> {
    let mut feed = Alone::begin(settings);
    let mut flush = tokio::time::interval(FLUSH_EVERY);
    let mut progress = tokio::time::interval(PROGRESS_EVERY);
    let stop = told_to_stop();
    tokio::pin!(stop);
    let mut stopping = false;
    loop {
        tokio::select! {
            () = &mut stop, if !stopping => {
                stopping = true;
                feed.end();
            }
            _ = flush.tick() => keeper.flush()?,
            _ = progress.tick() => keeper.show(),
            what = feed.next() => match what {
                Some(what) => keeper.take(&what)?,
                None => return Ok(()),
            },
        }
    }
}

/// The file being written.
struct Keeper {
    path: PathBuf,
    out: Packer,
    line: Vec<u8>,
    progress: ProgressBar,
    lines: u64,
    /// Too long, or more than could be taken up.
    lost: u64,
    state: String,
}

/// A file, packed by the end of its name.
enum Packer {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl Keeper {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot write {}", path.display());
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = BufWriter::new(file.with_context(cannot)?);
        let out = match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Packer::Gzip(GzEncoder::new(file, Compression::default())),
            Some("zst") => {
                Packer::Zstd(zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL).with_context(cannot)?)
            }
            _ => Packer::Plain(file),
        };
        let progress = if std::io::stderr().is_terminal() {
            ProgressBar::no_length()
        } else {
            ProgressBar::hidden()
        };
        progress.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("a constant template"));
        Ok(Self {
            path: path.to_owned(),
            out,
            line: Vec::new(),
            progress,
            lines: 0,
            lost: 0,
            state: "waiting".into(),
        })
    }

    fn take(&mut self, what: &What) -> anyhow::Result<()> {
        match what {
            What::Lines { received, lines, .. } => {
                for line in lines.iter() {
                    self.keep(line, *received)
                        .with_context(|| format!("cannot write {}", self.path.display()))?;
                }
            }
            What::Connected => self.state = "receiving".into(),
            What::Disconnected { error } | What::Trouble { error } => self.state.clone_from(error),
            What::Dropped { lines, datagrams } => self.lost += lines + datagrams,
            What::Ended => self.state = "ended".into(),
        }
        Ok(())
    }

    fn keep(&mut self, line: Option<&[u8]>, received: Timestamp) -> std::io::Result<()> {
        let Some(line) = line else {
            self.lost += 1;
            return Ok(());
        };
        self.lines += 1;
        self.line.clear();
        write_timed(line, received, &mut self.line);
        self.line.push(b'\n');
        self.out.writer().write_all(&self.line)
    }

    fn show(&self) {
        self.progress
            .set_message(format!("{} lines, {} lost · {}", self.lines, self.lost, self.state));
        self.progress.tick();
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let flushed = self.out.writer().flush();
        flushed.with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn close(self) -> anyhow::Result<()> {
        self.progress.finish_and_clear();
        let cannot = || format!("cannot write {}", self.path.display());
        let mut file = match self.out {
            Packer::Plain(file) => file,
            Packer::Gzip(packer) => packer.finish().with_context(cannot)?,
            Packer::Zstd(packer) => packer.finish().with_context(cannot)?,
        };
        file.flush().with_context(cannot)?;
        let path = self.path.display();
        aside(format_args!("{} lines kept in {path}, {} lost", self.lines, self.lost));
        Ok(())
    }
}

impl Packer {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(file) => file,
            Self::Gzip(packer) => packer,
            Self::Zstd(packer) => packer,
        }
    }
}
