//! What keeps the journal besides the engine: two threads, started and ended here.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::mpsc;

use super::DataFolder;
use super::follower::Follower;
use super::historian::Historian;
use super::keeper::Keeper;
use super::past::Past;
use super::pen::{Pen, Turn};
use super::recover::Recovered;
use super::retention::Retention;
use crate::alerts::Priority;
use crate::clock;
use crate::config::Config;
use crate::engine::{Core, Kept, Orders, QuestionQueue, SYSTEM_RECOVERY};
use crate::journal::{Disk, Journal, Tail};
use crate::metrics::Metrics;
use crate::time::Timestamp;
use crate::traffic::Order;
use crate::view::History;

/// Orders that wait for the disk, and what else the keeper is told: more requests are never at work at once.
const TO_KEEPER: usize = 1024;
/// What the keeper tells of itself; it waits while the engine takes up none of it.
const FROM_KEEPER: usize = 16;
/// Faults that an alert names; of more it tells the number, and the log names all.
const NAMED: usize = 3;

/// Starts the keeper of the journal, the follower and the historian; what the engine has of them, the way to ask for the
/// past, and how they are ended.
pub fn keep(
    config: &Config,
    folder: &Arc<DataFolder>,
    recovered: Recovered,
    orders: &Orders,
    questions: QuestionQueue,
    metrics: &Arc<Metrics>,
) -> anyhow::Result<(Core, Kept, History, Keeping)> {
    let segment_bytes = config.journal.segment_mb << 20;
    let Recovered {
        disk,
        standing,
        records,
        ..
    } = recovered;
    let tail = disk.as_ref().map_or_else(|_| Tail::none(records), Disk::tail);
    let (to_keeper, inbox) = std::sync::mpsc::sync_channel(TO_KEEPER);
    let (news_in, news) = mpsc::channel(FROM_KEEPER);
    let (stop, stopped) = std::sync::mpsc::sync_channel(0);
    let turn = Turn::default();
    let keeper = Keeper {
        folder: folder.clone(),
        start: standing.start.clone(),
        segment_bytes,
        sync_every: Duration::from_millis(config.journal.sync_ms),
        tail: tail.clone(),
        inbox,
        news: news_in.clone(),
        turn: turn.clone(),
        metrics: metrics.clone(),
    };
    Past::begin(folder.path(), tail.clone(), questions)?;
    let history = Historian::begin(folder.path(), tail.clone())?;
    let follower = Follower {
        data: folder.path().to_owned(),
        record: tail.records(),
        state: standing.to_bytes(),
        retention: Retention {
            data: folder.path().to_owned(),
            days: config.retention.clone(),
            orders: orders.clone(),
            news: news_in,
            told: false,
        },
        tail: tail.clone(),
        disk_free_mb: config.journal.disk_free_mb,
        orders: orders.clone(),
        metrics: metrics.clone(),
        stop: stopped,
    };
    let keeping = Keeping {
        keeper: spawn("keeper", move || keeper.run())?,
        follower: spawn("follower", move || follower.run())?,
        stop,
    };
    let journal = match disk {
        Ok(disk) => Ok(Box::new(Pen::of(disk, turn)?) as Box<dyn Journal>),
        Err(fault) => Err(fault),
    };
    let kept = Kept {
        journal,
        judged: standing.player.judged,
        keeper: to_keeper,
        news,
        tail,
    };
    Ok((standing.player.core, kept, history, keeping))
}

/// The threads that keep the journal.
pub struct Keeping {
    keeper: JoinHandle<()>,
    follower: JoinHandle<()>,
    /// The follower ends when this is dropped.
    stop: SyncSender<()>,
}

impl Keeping {
    /// Waits until all is kept; the engine must have ended.
    pub fn end(self) {
        drop(self.stop);
        for thread in [self.keeper, self.follower] {
            if thread.join().is_err() {
                tracing::error!("a thread that keeps the journal has failed; its message stands above");
            }
        }
    }
}

/// Tells whoever reads the log what was taken up.
pub fn tell_recovery(recovered: &Recovered, began: Timestamp) {
    let picture = recovered.standing.player.core.traffic().picture();
    let took_s = clock::now().since(began).as_s();
    let epoch = recovered.standing.start.epoch;
    tracing::info!(
        epoch,
        vessels = picture.len(),
        records = recovered.read,
        took_s,
        "taken up from the journal"
    );
}

/// Tells people what could not be taken up as it was; what was told at an earlier start is over.
pub fn tell_faults(faults: &[String], orders: &Orders) {
    for fault in faults {
        tracing::error!("{fault}");
    }
    if faults.is_empty() {
        return;
    }
    let mut reason = faults[..faults.len().min(NAMED)].join("; ");
    if faults.len() > NAMED {
        reason += &format!("; +{}", faults.len() - NAMED);
    }
    orders.give_own(Order::Raise {
        kind: SYSTEM_RECOVERY.into(),
        priority: Priority::Alarm,
        reason: reason.into(),
    });
}

/// Starts a thread of this name.
pub fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> anyhow::Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name(name.into());
    thread
        .spawn(run)
        .with_context(|| format!("cannot start the thread {name}"))
}

/// Has this thread stand back behind those that live traffic waits for, as `nice` counts; on Linux it is the thread's own.
pub fn stand_back(nice: i32) {
    if let Err(error) = rustix::process::nice(nice) {
        tracing::warn!(%error, "a thread cannot stand back behind the live ones");
    }
}
