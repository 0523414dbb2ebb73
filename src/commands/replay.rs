//! `replay`: recorded feeds through the engine as fast as it goes; what it raises, on standard output.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use harborwatch::clock;
use harborwatch::config::{self, Config, Purpose};
use harborwatch::engine::Done;
use harborwatch::feeds::recording::{self, Assumed, Merged, Recording, Timed};
use harborwatch::feeds::{FeedSettings, Input, Pace, TimeSource};
use harborwatch::http::shape::Step;
use harborwatch::report::Heard;
use harborwatch::service;
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::{Changes, Traffic};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::playback::Playback;
use super::{aside, refuse, usage};

/// Play recorded feeds through the engine; alert transitions come out, one JSON line each
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  harborwatch replay --config config/kinmen.toml liaoluo.nmea.gz shuitou.nmea > alerts.jsonl"
)]
pub struct Args {
    /// The site's configuration
    #[arg(long)]
    config: PathBuf,
    /// Recordings, also .gz and .zst; a file's name up to its first dot is its feed's name. Or a data folder
    #[arg(required = true, value_name = "FEED")]
    feeds: Vec<PathBuf>,
    /// Leave out what was heard before this time (RFC 3339); of a data folder, what was decided before it is in force
    #[arg(long, value_parser = time)]
    from: Option<Timestamp>,
    /// Leave out what was heard at or after this time (RFC 3339)
    #[arg(long, value_parser = time)]
    to: Option<Timestamp>,
    /// Of a data folder: judge by the rules and zones of --config, not by those of the time
    #[arg(long)]
    rules: Option<Rules>,
    #[command(flatten)]
    untimed: Untimed,
    /// Write what was read and how fast as JSON to this file
    #[arg(long)]
    summary: Option<PathBuf>,
}

/// What is taken for the times of a recording that has none.
#[derive(Debug, clap::Args)]
pub(super) struct Untimed {
    /// When a recording without times begins (RFC 3339); else the time its file was last changed
    #[arg(long, value_parser = time)]
    start: Option<Timestamp>,
    /// Lines a second of a recording without times
    #[arg(long, default_value_t = 10.0, value_parser = rate)]
    rate: f64,
}

/// Whose rules and zones a data folder is judged by.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Rules {
    Config,
}

pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "a time with its offset, as in 2026-03-01T08:00:00+08:00".into())
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.001..=1e6).contains(rate));
    rate.ok_or_else(|| "lines a second, from 0.001 to 1000000".into())
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut config = match config::load(&args.config, Purpose::Recordings(&feed_names(&args.feeds))) {
        Ok(config) => config,
        Err(mistakes) => return Ok(refuse(&mistakes)),
    };
    let feeds = match feeds_of(&args.feeds, &config) {
        Ok(feeds) => feeds,
        Err(twice) => return Ok(usage(&twice)),
    };
    if let Some(folder) = args.feeds.iter().find(|path| path.is_dir()) {
        if args.feeds.len() > 1 {
            return Ok(usage("a data folder is replayed by itself: it holds all its feeds"));
        }
        Playback {
            data: folder,
            from: args.from,
            to: args.to,
            config: args.rules.map(|Rules::Config| &config),
            summary: args.summary.as_deref(),
        }
        .run()?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut play = Play::new(open_all(&args.feeds, &feeds, &args.untimed)?, &args);
    play.run(&mut config, &feeds)?;
    play.report(args.summary.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// The feeds the files stand for; two of one name are a mistake.
pub(super) fn feeds_of(paths: &[PathBuf], config: &Config) -> Result<Vec<Arc<FeedSettings>>, String> {
    let feeds: Vec<Arc<FeedSettings>> = paths.iter().map(|path| Arc::new(feed_of(path, config))).collect();
    for (at, feed) in feeds.iter().enumerate() {
        if feeds[..at].iter().any(|other| other.name == feed.name) {
            return Err(format!("two recordings are feed {}; rename one", feed.name));
        }
    }
    Ok(feeds)
}

/// The recordings, merged by time.
pub(super) fn open_all(paths: &[PathBuf], feeds: &[Arc<FeedSettings>], untimed: &Untimed) -> anyhow::Result<Merged> {
    let recordings = paths.iter().zip(feeds).map(|(path, feed)| open(path, feed, untimed));
    Ok(Merged::new(recordings.collect::<anyhow::Result<_>>()?))
}

/// What recordings are called as feeds.
pub(super) fn feed_names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| feed_name(path)).collect()
}

/// A file's name up to its first dot.
fn feed_name(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    file.split('.').next().unwrap_or_default().to_owned()
}

/// The feed a file stands for, with the keys of a `[[feed]]` of its name.
fn feed_of(path: &Path, config: &Config) -> FeedSettings {
    let name = feed_name(path);
    let input = Input::File {
        path: path.to_owned(),
        follow: false,
        pace: Pace::Fast,
    };
    let configured = config.feeds.iter().find(|feed| *feed.name == *name).cloned();
    configured.unwrap_or_else(|| FeedSettings::new(name, input))
}

fn open(path: &Path, feed: &FeedSettings, untimed: &Untimed) -> anyhow::Result<Recording> {
    let cannot = || format!("cannot read {}", path.display());
    let changed = || Some(clock::of(path.metadata().ok()?.modified().ok()?));
    let start = untimed.start.or_else(changed).unwrap_or_default();
    let offset = if feed.time == TimeSource::Tag {
        feed.offset
    } else {
        Span(0)
    };
    let reader = recording::open(path).with_context(cannot)?;
    Recording::new(
        reader,
        feed.trust_tag_blocks,
        offset,
        Assumed {
            start,
            rate: untimed.rate,
        },
    )
    .with_context(cannot)
}

/// A replay on its way.
struct Play {
    merged: Merged,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    began: Instant,
    progress: ProgressBar,
    counts: Counts,
}

/// What a replay did.
#[derive(Debug, Default)]
pub(super) struct Counts {
    lines: u64,
    sentences: u64,
    messages: u64,
    reports: u64,
    pub(super) raised: u64,
    pub(super) vessels: usize,
}

impl Counts {
    /// Lets the traffic take a line that was heard.
    fn take(&mut self, heard: &Heard, traffic: &mut Traffic, changes: &mut Changes) {
        self.count(&take(heard, traffic, changes));
    }

    /// Counts what became of a line.
    pub(super) fn count(&mut self, done: &Done) {
        self.lines += 1;
        self.sentences += u64::from(done.is_sentence);
        self.messages += u64::from(done.message_type.is_some());
        self.reports += u64::from(done.fate.is_some());
    }

    /// A summary for people, ending with `more`, and for scripts if they want one.
    pub(super) fn report(&self, began: Instant, times: &str, more: &str, summary: Option<&Path>) -> anyhow::Result<()> {
        let Self {
            lines,
            sentences,
            messages,
            reports,
            raised,
            vessels,
        } = self;
        let elapsed_s = began.elapsed().as_secs_f64();
        let a_second = |count: u64| count as f64 / elapsed_s.max(1e-9);
        aside(format_args!(
            "{lines} lines, {messages} messages, {reports} position reports, {vessels} vessels, {raised} alerts raised \
             in {elapsed_s:.2} s ({:.0} lines/s); times {times}, {more}",
            a_second(*lines),
        ));
        let Some(path) = summary else { return Ok(()) };
        let summary = json!({
            "sentences": sentences, "messages": messages, "reports": reports, "vessels": vessels,
            "alerts_raised": raised, "elapsed_s": elapsed_s, "sentences_per_s": a_second(*sentences),
            "peak_rss_bytes": peak_rss_bytes(), "times": times,
        });
        let cannot = || format!("cannot write {}", path.display());
        let mut file = File::create(path).with_context(cannot)?;
        writeln!(file, "{summary}").with_context(cannot)
    }
}

/// Lets the traffic take a line that was heard, and before it the ticks of the seconds up to its time.
pub(super) fn take(heard: &Heard, traffic: &mut Traffic, changes: &mut Changes) -> Done {
    if let Some(report) = &heard.report {
        traffic.tick(report.time.floor_s(), changes);
    }
    Done::by(heard, traffic, changes)
}

impl Play {
    fn new(merged: Merged, args: &Args) -> Self {
        let progress = if std::io::stderr().is_terminal() {
            ProgressBar::no_length()
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} {msg}").expect("a constant template");
        progress.set_style(style);
        let began = clock::stopwatch();
        Self {
            merged,
            from: args.from,
            to: args.to,
            began,
            progress,
            counts: Counts::default(),
        }
    }

    fn run(&mut self, config: &mut Config, feeds: &[Arc<FeedSettings>]) -> anyhow::Result<()> {
        let Self {
            merged,
            from,
            to,
            progress,
            counts,
            ..
        } = self;
        let (from, to) = (*from, *to);
        let chosen = move |line: &Timed<'_>| {
            if to.is_some_and(|to| line.time >= to) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(from.is_none_or(|from| line.time >= from))
            }
        };
        let key = service::draw_hash_key();
        let mut traffic: Option<Traffic> = None;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut changes = Changes::default();
        service::hear_ahead(merged, service::reception(feeds, key), chosen, |batch| {
            let traffic = traffic.get_or_insert_with(|| service::traffic(config, feeds, batch.from, key));
            batch.play(traffic, |heard, traffic| {
                counts.take(heard, traffic, &mut changes);
                counts.raised += tell(&changes, &mut out)?;
                changes.clear();
                Ok(())
            })?;
            progress.set_message(format!("{} · {} lines", traffic.now(), counts.lines));
            progress.tick();
            Ok(())
        })?;
        counts.vessels = traffic.map_or(0, |traffic| traffic.picture().len());
        out.flush()?;
        progress.finish_and_clear();
        Ok(())
    }

    fn report(&self, summary: Option<&Path>) -> anyhow::Result<()> {
        let assumed = self.merged.recordings().iter().any(Recording::is_assumed);
        let times = if assumed { "assumed" } else { "stamped" };
        let ignored = format!("{} ignored", self.merged.ignored_stamps());
        self.counts.report(self.began, times, &ignored, summary)
    }
}

/// Writes the live watch's transitions; how many alerts were raised.
pub(super) fn tell(changes: &Changes, out: &mut impl Write) -> anyhow::Result<u64> {
    let mut raised = 0;
    for (_, change) in changes.alerts.iter().filter(|(watch, _)| *watch == 0) {
        serde_json::to_writer(&mut *out, &Step::of(change))?;
        out.write_all(b"\n")?;
        raised += u64::from(change.transition == harborwatch::alerts::Transition::Raised);
    }
    Ok(raised)
}

/// Most memory this process has held, where the system tells.
fn peak_rss_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}
