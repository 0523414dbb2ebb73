//! The view: a copy of the picture for readers, who never touch the engine.
//!
//! One task applies the engine's batches; readers copy rows out under a lock held for microseconds and encode them
//! outside it.

mod block;
mod history;
mod reflection;
mod told;
mod trail;

pub use block::{Block, LENGTH, Unfinished};
pub use history::{Asked, History, NoBlock};
pub use reflection::{Area, CLOSED_ALERTS, Near, Reflection, Shown};
pub use told::{Told, ToldAlert, ToldBatch};
pub use trail::{LENGTH as TRAIL_LENGTH, Point, Recalled};

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use crate::engine::Batch;

/// How long a vessel's change may wait to be told together with others.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// A feed's counters are told at every tenth of these.
const COUNTERS_EVERY: u32 = 10;
/// Trails from the past that are put in at once, while readers wait.
const RECALLED_AT_ONCE: usize = 64;

/// A reader's handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct View {
    reflection: Arc<RwLock<Reflection>>,
    /// Number of the last batch applied.
    shown: watch::Sender<u64>,
    /// Newest number told.
    told: watch::Sender<u64>,
    epoch: Arc<str>,
}

impl View {
    /// An empty view, of the service's start of this number.
    pub fn new(epoch: u64) -> Self {
        Self {
            reflection: Arc::default(),
            shown: watch::Sender::new(0),
            told: watch::Sender::new(0),
            epoch: epoch.to_string().into(),
        }
    }

    /// Tells this run of the service from others: the numbers of what is told count from 1 in each.
    pub fn epoch(&self) -> &Arc<str> {
        &self.epoch
    }

    /// Reads; `copy` takes what it needs and leaves.
    pub fn read<T>(&self, copy: impl FnOnce(&Reflection) -> T) -> T {
        copy(&self.reflection.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the batch of this number is shown; false if the view ends before.
    pub async fn shows(&self, number: u64) -> bool {
        let mut shown = self.shown.subscribe();
        shown.wait_for(|shown| *shown >= number).await.is_ok()
    }

    /// Has the trails of vessels go on where those from before the start end.
    pub fn recall(&self, trails: Recalled) {
        let mut trails = trails.0.into_iter().peekable();
        while trails.peek().is_some() {
            self.write(|reflection| {
                for (mmsi, older) in trails.by_ref().take(RECALLED_AT_ONCE) {
                    reflection.recall(mmsi, older);
                }
            });
        }
    }

    /// Follows the newest number told.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// Applies batches until the engine ends.
    pub async fn reflect(self, mut batches: mpsc::Receiver<Batch>) {
        let mut beat = tokio::time::interval(TOLD_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beats = 0_u32;
        loop {
            tokio::select! {
                batch = batches.recv() => match batch {
                    Some(batch) => self.apply(batch),
                    None => break,
                },
                _ = beat.tick() => {
                    beats = beats.wrapping_add(1);
                    self.tell(beats.is_multiple_of(COUNTERS_EVERY));
                }
            }
        }
        self.tell(true);
    }

    fn apply(&self, batch: Batch) {
        let number = batch.number;
        let head = self.write(|reflection| {
            reflection.apply(batch);
            reflection.told.head()
        });
        self.shown.send_replace(number);
        self.announce(head);
    }

    fn tell(&self, counters: bool) {
        if !self.read(Reflection::waits) {
            return;
        }
        let head = self.write(|reflection| {
            reflection.tell(counters);
            reflection.told.head()
        });
        self.announce(head);
    }

    fn announce(&self, head: u64) {
        self.told.send_if_modified(|told| std::mem::replace(told, head) != head);
    }

    fn write<T>(&self, change: impl FnOnce(&mut Reflection) -> T) -> T {
        change(&mut self.reflection.write().unwrap_or_else(PoisonError::into_inner))
    }
}
