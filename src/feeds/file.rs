//! `file`: a recording, as fast as it goes or at the pace of the times on its lines.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::recording::{self, Assumed, Merged, Recording};
use super::{BLOCK, Feed, Gone, Lines, Pace, What};
use crate::clock;
use crate::nmea::{Framed, Framer};
use crate::time::{Span, Timestamp};

/// Blocks read ahead of the engine.
const AHEAD: usize = 4;
/// Lines a second of a recording without times, at real pace.
const RATE: f64 = 10.0;

pub(super) async fn run(feed: &Feed, path: &Path, pace: Pace) -> Result<(), Gone> {
    let (sender, mut blocks) = mpsc::channel(AHEAD);
    let source = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || match pace {
        Pace::Fast => read_fast(&source, &sender),
        Pace::Real => read_paced(&source, &sender),
    });
    feed.tell(What::Connected).await?;
    while let Some((wait, lines)) = blocks.recv().await {
        sleep(wait).await;
        feed.tell(What::Lines {
            received: clock::now(),
            lines,
        })
        .await?;
    }
    let what = match reading.await {
        Ok(Ok(())) => What::Ended,
        Ok(Err(error)) => What::Disconnected {
            error: format!("{}: {error}", path.display()),
        },
        Err(panic) => What::Disconnected {
            error: format!("{}: {panic}", path.display()),
        },
    };
    feed.tell(what).await
}

type Blocks = mpsc::Sender<(Duration, Lines)>;

fn read_fast(path: &PathBuf, blocks: &Blocks) -> std::io::Result<()> {
    let mut reader = recording::open(path)?;
    let mut framer = Framer::default();
    let mut block = vec![0; BLOCK];
    loop {
        let count = reader.read(&mut block)?;
        let mut lines = Lines::default();
        framer.push(&block[..count], |framed| lines.push(framed));
        if count == 0 {
            framer.finish(|framed| lines.push(framed));
        }
        let gone = !lines.is_empty() && blocks.blocking_send((Duration::ZERO, lines)).is_err();
        if gone || count == 0 {
            return Ok(());
        }
    }
}

fn read_paced(path: &PathBuf, blocks: &Blocks) -> std::io::Result<()> {
    let assumed = Assumed {
        start: Timestamp(0),
        rate: RATE,
    };
    let recording = Recording::new(recording::open(path)?, false, Span(0), assumed)?;
    let mut merged = Merged::new(vec![recording]);
    let mut last: Option<Timestamp> = None;
    while let Some(timed) = merged.next_line()? {
        let wait = last.map_or(0, |last| timed.time.since(last).0.max(0));
        last = last.max(Some(timed.time));
        let mut lines = Lines::default();
        lines.push(timed.line.map_or(Framed::TooLong, Framed::Line));
        if blocks
            .blocking_send((Duration::from_millis(wait.unsigned_abs()), lines))
            .is_err()
        {
            return Ok(());
        }
    }
    Ok(())
}
