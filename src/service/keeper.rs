//! The keeper: brings the journal to the disk, has orders answered once they are there, and opens it again after a
//! fault. It has a thread of its own, so that the engine waits for no disk.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use super::DataFolder;
use super::pen::{Pen, Turn};
use super::recover::{journal_folder, snapshot_folder, snapshot_of};
use super::start::Start;
use crate::clock;
use crate::engine::{FromKeeper, Refused, ToKeeper};
use crate::journal::{Disk, Entry, Journal, Judged, Record, Tail, save_snapshot_after_gap};
use crate::metrics::Metrics;

/// A journal that is at fault is tried again so often.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// The least time between two syncs without an order.
const LEAST: Duration = Duration::from_millis(1);

pub struct Keeper {
    pub folder: Arc<DataFolder>,
    pub start: Start,
    pub segment_bytes: u64,
    pub sync_every: Duration,
    pub tail: Tail,
    pub inbox: Receiver<ToKeeper>,
    pub news: Sender<FromKeeper>,
    /// Where a journal that was given up may still be written.
    pub turn: Turn,
    pub metrics: Arc<Metrics>,
}

impl Keeper {
    /// Works until the engine has gone.
    pub fn run(self) {
        let (mut synced, mut down): (u64, Option<Instant>) = (0, None);
        let mut counted = 0;
        loop {
            let first = match self.inbox.recv_timeout(self.sync_every.max(LEAST)) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut confirmed = Vec::new();
            for message in first.into_iter().chain(self.inbox.try_iter()) {
                match message {
                    ToKeeper::Confirm { reply, answer, number } => confirmed.push((reply, answer, number)),
                    ToKeeper::Down => down = Some(clock::stopwatch()),
                    ToKeeper::Snapshot { records, judged, core } => self.save(records, judged, core),
                }
            }
            let kept = down.is_none() && self.sync(&mut synced);
            for (reply, answer, number) in confirmed {
                // Whoever asked may have gone; the order stands.
                let _ = reply.send(if kept {
                    Ok((answer, number))
                } else {
                    Err(Refused::NotKept)
                });
            }
            let total = self.tail.total();
            self.metrics.journal_bytes.inc_by(total - counted);
            counted = total;
            if down.is_some_and(|since| since.elapsed() >= AGAIN_AFTER) {
                down = if self.reopen() { None } else { Some(clock::stopwatch()) };
            }
        }
    }

    /// Whether all that was written is on the disk, in a folder that is ours.
    fn sync(&self, synced: &mut u64) -> bool {
        if self.tail.has_failed() {
            return false;
        }
        if self.tail.records() == *synced {
            return true;
        }
        let began = clock::stopwatch();
        match self
            .folder
            .hold()
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(self.tail.sync()?))
        {
            Ok(records) => {
                *synced = records;
                self.metrics.journal_sync.observe(began.elapsed().as_secs_f64());
                true
            }
            Err(error) => {
                tracing::error!("the journal does not reach the disk: {error:#}");
                self.tail.fail();
                false
            }
        }
    }

    fn reopen(&self) -> bool {
        match self.open() {
            Ok(journal) => self.news.blocking_send(FromKeeper::Reopened(Box::new(journal))).is_ok(),
            Err(error) => {
                tracing::warn!("the journal cannot be written yet: {error:#}");
                false
            }
        }
    }

    fn open(&self) -> anyhow::Result<Pen> {
        let _held = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.folder.hold()?;
        let (path, now) = (journal_folder(self.folder.path()), clock::now());
        let (mut disk, found) = Disk::reopen(&path, self.segment_bytes, now, &self.tail)?;
        let start = self.start.to_bytes();
        if found.start != start {
            // It could not be written when the service began.
            disk.append(&Record {
                time: now,
                entry: Entry::Start(&start),
            });
        }
        Pen::of(disk, self.turn.clone())
    }

    /// Keeps the core as it stands after a gap: what was decided in it, or is lost with what was written before, stands
    /// nowhere else.
    fn save(&self, records: u64, judged: Judged, core: Vec<u8>) {
        let state = snapshot_of(&self.start, judged, core);
        if let Err(error) = save_snapshot_after_gap(&snapshot_folder(self.folder.path()), records, &state) {
            tracing::error!(%error, "the picture after the gap cannot be kept");
            self.tail.fail();
        }
    }
}
