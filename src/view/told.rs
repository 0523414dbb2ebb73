//! What was told to those who listen: one numbered order over alert transitions and batches of changed vessels.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use super::Shown;
use crate::ais::Mmsi;
use crate::alerts::AlertChange;
use crate::time::Timestamp;

/// Transitions kept; who was away for more must begin anew.
pub const ALERTS: usize = 10_000;
/// Vessels that left the picture kept by number; who was away for more must begin anew.
pub const REMOVALS: usize = 10_000;
/// Batches kept whole; who is behind more is told the newest of each vessel instead.
pub const BATCHES: usize = 32;
/// Vessels in all batches kept.
pub const ROWS: usize = 20_000;

/// One transition of an alert.
#[derive(Debug)]
pub struct ToldAlert {
    pub number: u64,
    pub change: AlertChange,
    /// Where whoever serves it keeps its encoding, made once for all readers.
    pub encoded: OnceLock<Arc<[u8]>>,
    /// The same compressed.
    pub squeezed: OnceLock<Arc<[u8]>>,
}

/// The vessels that changed within 100 ms.
#[derive(Debug)]
pub struct ToldBatch {
    /// Number of the batch before: who has that one lacks nothing.
    pub previous: u64,
    pub number: u64,
    pub clock: Timestamp,
    pub changed: Vec<Arc<Shown>>,
    pub removed: Vec<Mmsi>,
    /// Where whoever serves it keeps its encoding, made once for all readers.
    pub encoded: OnceLock<Arc<[u8]>>,
    /// The same compressed.
    pub squeezed: OnceLock<Arc<[u8]>>,
}

/// Everything told lately.
#[derive(Debug, Default)]
pub struct Told {
    head: u64,
    alerts: VecDeque<Arc<ToldAlert>>,
    /// Number of the newest transition no longer kept.
    alerts_gone: u64,
    batches: VecDeque<Arc<ToldBatch>>,
    last_batch: u64,
    rows: usize,
    removals: VecDeque<(u64, Mmsi)>,
    removals_gone: u64,
}

impl Told {
    /// The newest number.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Whether everything told after `number` can still be told, whole or coalesced.
    pub fn reaches(&self, number: u64) -> bool {
        number <= self.head && number >= self.alerts_gone && number >= self.removals_gone
    }

    /// Number of transitions told after `number`.
    pub fn alerts_after(&self, number: u64) -> usize {
        self.alerts.len() - self.alerts.partition_point(|told| told.number <= number)
    }

    /// The first transitions told after `number`, at most `most`.
    pub fn alerts(&self, number: u64, most: usize) -> Vec<Arc<ToldAlert>> {
        let from = self.alerts.partition_point(|told| told.number <= number);
        self.alerts.iter().skip(from).take(most).cloned().collect()
    }

    /// The batches told after `number`; none if some of them are kept no longer.
    pub fn batches(&self, number: u64) -> Option<Vec<Arc<ToldBatch>>> {
        if number >= self.last_batch {
            return Some(Vec::new());
        }
        let from = self.batches.partition_point(|batch| batch.number <= number);
        let first = self.batches.get(from)?;
        (first.previous <= number).then(|| self.batches.iter().skip(from).cloned().collect())
    }

    /// Vessels that left after `number`.
    pub fn removals(&self, number: u64) -> impl Iterator<Item = Mmsi> + '_ {
        let from = self.removals.partition_point(|(told, _)| *told <= number);
        self.removals.iter().skip(from).map(|(_, mmsi)| *mmsi)
    }

    pub(super) fn alert(&mut self, change: AlertChange) {
        self.head += 1;
        self.alerts.push_back(Arc::new(ToldAlert {
            number: self.head,
            change,
            encoded: OnceLock::new(),
            squeezed: OnceLock::new(),
        }));
        if self.alerts.len() > ALERTS
            && let Some(gone) = self.alerts.pop_front()
        {
            self.alerts_gone = gone.number;
        }
    }

    /// Tells a change that is not kept (a feed's): it only has a number.
    pub(super) fn other(&mut self) -> u64 {
        self.head += 1;
        self.head
    }

    /// Tells a batch; returns its number.
    pub(super) fn batch(&mut self, clock: Timestamp, changed: Vec<Arc<Shown>>, removed: Vec<Mmsi>) -> u64 {
        self.head += 1;
        for mmsi in &removed {
            self.removals.push_back((self.head, *mmsi));
        }
        while self.removals.len() > REMOVALS {
            if let Some((number, _)) = self.removals.pop_front() {
                self.removals_gone = number;
            }
        }
        self.rows += changed.len();
        self.batches.push_back(Arc::new(ToldBatch {
            previous: self.last_batch,
            number: self.head,
            clock,
            changed,
            removed,
            encoded: OnceLock::new(),
            squeezed: OnceLock::new(),
        }));
        self.last_batch = self.head;
        while self.batches.len() > BATCHES || (self.rows > ROWS && self.batches.len() > 1) {
            if let Some(gone) = self.batches.pop_front() {
                self.rows -= gone.changed.len();
            }
        }
        self.head
    }
}
