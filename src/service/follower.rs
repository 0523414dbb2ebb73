//! The follower: a second core that reads the journal behind the engine and keeps snapshots of itself, so that the
//! engine never stops for one. Its thread also compresses closed segments, and looks after the room on the disk and
//! after what has been kept long enough.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::keeping;
use super::recover::{Standing, journal_folder, snapshot_folder};
use super::retention::Retention;
use crate::alerts::Priority;
use crate::clock;
use crate::engine::{Orders, SYSTEM_DISK};
use crate::journal::{Folder, JournalError, Reader, Tail, Verify, compress_closed, save_snapshot, size};
use crate::metrics::Metrics;
use crate::traffic::Order;

/// How often it looks whether the journal has grown.
const BEAT: Duration = Duration::from_secs(1);
/// A snapshot after so long ...
const SNAPSHOT_EVERY: Duration = Duration::from_secs(300);
/// ... or so many records, if that is sooner: they are played again in about a second.
const SNAPSHOT_RECORDS: u64 = 500_000;
/// How often old segments are looked for.
const TIDY_EVERY: Duration = Duration::from_secs(600);
/// How far its thread stands back, as `nice` counts: the engine goes first, and rehearsals after both.
const NICE: i32 = 15;
const MEGABYTE: u64 = 1 << 20;

pub struct Follower {
    pub data: PathBuf,
    /// The core to begin with, as a snapshot after this record.
    pub record: u64,
    pub state: Vec<u8>,
    pub tail: Tail,
    pub retention: Retention,
    pub disk_free_mb: u64,
    pub orders: Orders,
    pub metrics: Arc<Metrics>,
    /// Ends when the engine has.
    pub stop: Receiver<()>,
}

/// How far it has come.
struct Place {
    standing: Standing,
    reader: Reader,
    /// Record after which the last snapshot was taken.
    kept: u64,
    when: Instant,
}

impl Place {
    /// Records since the last snapshot.
    fn grown(&self) -> u64 {
        self.reader.records().saturating_sub(self.kept)
    }
}

impl Follower {
    /// Works until the service ends; then a last snapshot makes the next start short.
    pub fn run(mut self) {
        keeping::stand_back(NICE);
        let mut place = match self.begin() {
            Ok(place) => Some(place),
            Err(error) => {
                tracing::error!("no snapshots are taken: {error:#}");
                None
            }
        };
        let (mut tidied, mut low, mut complained) = (None::<Instant>, false, false);
        let mut kept = self.record;
        loop {
            let ends = !matches!(self.stop.recv_timeout(BEAT), Err(RecvTimeoutError::Timeout));
            match &mut place {
                Some(at) => {
                    if let Err(error) = self.follow(at, ends) {
                        place = self.beyond(&error, kept);
                    } else {
                        kept = at.kept;
                    }
                }
                // After a gap the engine gives one to go on from.
                None => place = self.newer_than(kept),
            }
            if ends {
                return;
            }
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                self.retention.tidy(place.as_ref().map(|at| &at.standing));
                tidied = Some(clock::stopwatch());
            }
            self.compress(&mut complained);
            self.watch_room(&mut low);
        }
    }

    /// Where to go on when what was written cannot be played. If no snapshot stands behind that, a restart would come no
    /// farther either: what is damaged is given up, so that the engine gives one.
    fn beyond(&self, error: &anyhow::Error, kept: u64) -> Option<Place> {
        let newer = self.newer_than(kept);
        if newer.is_none() {
            tracing::error!("no further snapshots are taken: {error:#}");
            if error.downcast_ref().is_some_and(JournalError::is_damage) {
                self.tail.fail();
            }
        }
        newer
    }

    fn begin(&self) -> anyhow::Result<Place> {
        save_snapshot(&snapshot_folder(&self.data), self.record, &self.state)?;
        self.at(self.record, Standing::from_bytes(&self.state)?)
    }

    /// Where to go on from, if there is a snapshot newer than our own.
    fn newer_than(&self, kept: u64) -> Option<Place> {
        let newest = Standing::newest(&snapshot_folder(&self.data), kept + 1, &mut Vec::new());
        let (record, standing) = newest.ok().flatten()?;
        self.at(record, standing).ok()
    }

    fn at(&self, record: u64, standing: Standing) -> anyhow::Result<Place> {
        let folder = Box::new(Folder(journal_folder(&self.data)));
        let reader = Reader::new(folder, record, Verify::Frames)?.follow(self.tail.clone());
        Ok(Place {
            standing,
            reader,
            kept: record,
            when: clock::stopwatch(),
        })
    }

    /// Plays what was written since, and keeps a snapshot when one is due: behind a fast feed, too, before it has caught
    /// up.
    fn follow(&self, place: &mut Place, ends: bool) -> anyhow::Result<()> {
        let mut gap = None;
        while let Some((number, record)) = place.reader.next_record()? {
            if record.tells_of_loss() {
                gap = Some(number);
                break;
            }
            place.standing.play(number, &record)?;
            if place.grown() >= SNAPSHOT_RECORDS {
                self.keep(place);
            }
        }
        if let Some(gap) = gap {
            // What was lost stands only in the snapshot that the engine gave after it.
            let mut faults = Vec::new();
            let newest = Standing::newest(&snapshot_folder(&self.data), gap, &mut faults)?;
            let (record, standing) = newest.context("there is no snapshot after the gap")?;
            *place = self.at(record, standing)?;
            return Ok(());
        }
        if place.grown() > 0 && (ends || place.when.elapsed() >= SNAPSHOT_EVERY) {
            self.keep(place);
        }
        Ok(())
    }

    fn keep(&self, place: &mut Place) {
        let record = place.reader.records();
        save_snapshot(&snapshot_folder(&self.data), record, &place.standing.to_bytes())
            .unwrap_or_else(|error| tracing::error!(%error, "a snapshot cannot be kept"));
        (place.kept, place.when) = (record, clock::stopwatch());
    }

    fn compress(&self, complained: &mut bool) {
        let (open, _) = self.tail.limit();
        let compressed = compress_closed(&Folder(journal_folder(&self.data)), open);
        let complained_before = std::mem::replace(complained, compressed.is_err());
        if let Err(error) = compressed
            && !complained_before
        {
            tracing::error!(%error, "a closed segment cannot be compressed");
        }
    }

    /// Measures the journal, and tells people before the disk is full.
    fn watch_room(&self, low: &mut bool) {
        if let Ok(size) = size(&Folder(journal_folder(&self.data))) {
            self.metrics.note_journal(size.bytes, size.oldest);
        }
        let Ok(room) = nix::sys::statvfs::statvfs(&self.data) else {
            return;
        };
        let free_mb = room.blocks_available() * room.fragment_size() / MEGABYTE;
        let was_low = std::mem::replace(low, free_mb < self.disk_free_mb);
        if *low && !was_low {
            self.orders.give_own(Order::Raise {
                kind: SYSTEM_DISK.into(),
                priority: Priority::Caution,
                reason: format!("{free_mb} MB").into(),
            });
        } else if was_low && !*low {
            self.orders.give_own(Order::Rectify {
                kind: SYSTEM_DISK.into(),
            });
        }
    }
}
