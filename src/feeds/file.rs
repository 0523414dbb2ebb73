//! `file` and `stdin`: a recording, as fast as it goes or at the pace of the times on its lines.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::backoff::Backoff;
use super::recording::{self, Assumed, Merged, Recording};
use super::{BLOCK, Feed, Gone, Lines, Pace, What};
use crate::clock;
use crate::nmea::{Framed, Framer};
use crate::report::StreamId;
use crate::time::{Span, Timestamp};

/// Blocks read ahead of the engine.
const AHEAD: usize = 4;
/// Lines a second of a recording without times, at real pace.
const RATE: f64 = 10.0;
/// Longest wait between two tries to open a file that is not there yet.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What the reading thread tells.
enum Told {
    Open,
    /// Lines, so long after those before.
    Lines(Duration, Lines),
    CannotOpen(std::io::Error),
    Failed(std::io::Error),
    End,
}

/// Reads a file, or standard input if there is no path. A file that cannot be opened is tried again; one that cannot be
/// read on is not, for its lines would come twice.
pub(super) async fn run(feed: &Feed, path: Option<&Path>, pace: Pace) -> Result<(), Gone> {
    let mut backoff = Backoff::up_to(LONGEST_WAIT);
    let name = path.map_or("standard input".into(), |path| path.display().to_string());
    loop {
        let (teller, mut told) = mpsc::channel(AHEAD);
        let reading = Reading {
            path: path.map(Path::to_owned),
            pace,
            trust_tags: feed.settings.trust_tag_blocks,
            teller,
        };
        // A thread of its own and not the runtime's: a pipe that never speaks would hold up the runtime's end for ever.
        let begun = std::thread::Builder::new()
            .name("file".into())
            .spawn(move || reading.run());
        if let Err(error) = begun {
            return feed.tell(down(&name, &error)).await;
        }
        loop {
            match told.recv().await {
                Some(Told::Open) => feed.tell(What::Connected).await?,
                Some(Told::Lines(wait, lines)) => {
                    sleep(wait).await;
                    let received = clock::now();
                    feed.tell(What::Lines {
                        stream: StreamId::default(),
                        received,
                        lines,
                    })
                    .await?;
                }
                Some(Told::CannotOpen(error)) => {
                    feed.tell(down(&name, &error)).await?;
                    break;
                }
                Some(Told::Failed(error)) => return feed.tell(down(&name, &error)).await,
                Some(Told::End) => return feed.tell(What::Ended).await,
                None => return feed.tell(down(&name, &"its reader has failed")).await,
            }
        }
        sleep(backoff.wait()).await;
    }
}

fn down(name: &str, error: &dyn std::fmt::Display) -> What {
    What::Disconnected {
        error: format!("{name}: {error}"),
    }
}

/// The work of the reading thread.
struct Reading {
    path: Option<PathBuf>,
    pace: Pace,
    trust_tags: bool,
    teller: mpsc::Sender<Told>,
}

impl Reading {
    fn run(self) {
        let opened = match &self.path {
            Some(path) => recording::open(path),
            None => Ok(Box::new(std::io::stdin()) as Box<dyn Read + Send>),
        };
        let last = match opened {
            Err(error) => Told::CannotOpen(error),
            Ok(reader) => {
                let _ = self.teller.blocking_send(Told::Open);
                let read = match self.pace {
                    Pace::Fast => self.read_fast(reader),
                    Pace::Real => self.read_paced(reader),
                };
                read.map_or_else(Told::Failed, |()| Told::End)
            }
        };
        // Nobody listens any more when the service ends.
        let _ = self.teller.blocking_send(last);
    }

    fn read_fast(&self, mut reader: Box<dyn Read + Send>) -> std::io::Result<()> {
        let mut framer = Framer::default();
        let mut block = vec![0; BLOCK];
        loop {
            let count = match reader.read(&mut block) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let mut lines = Lines::default();
            framer.push(&block[..count], |framed| lines.push(framed));
            if count == 0 {
                framer.finish(|framed| lines.push(framed));
            }
            let gone = !lines.is_empty() && self.is_gone(Duration::ZERO, lines);
            if gone || count == 0 {
                return Ok(());
            }
        }
    }

    fn read_paced(&self, reader: Box<dyn Read + Send>) -> std::io::Result<()> {
        let assumed = Assumed {
            start: Timestamp(0),
            rate: RATE,
        };
        let recording = Recording::new(reader, self.trust_tags, Span(0), assumed)?;
        let mut merged = Merged::new(vec![recording]);
        let mut last: Option<Timestamp> = None;
        while let Some(timed) = merged.next_line()? {
            let wait = last.map_or(0, |last| timed.time.since(last).0.max(0));
            last = last.max(Some(timed.time));
            let mut lines = Lines::default();
            lines.push(timed.line.map_or(Framed::TooLong, Framed::Line));
            if self.is_gone(Duration::from_millis(wait.unsigned_abs()), lines) {
                break;
            }
        }
        Ok(())
    }

    fn is_gone(&self, wait: Duration, lines: Lines) -> bool {
        self.teller.blocking_send(Told::Lines(wait, lines)).is_err()
    }
}
