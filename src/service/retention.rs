//! Retention: what has been kept long enough goes, and that it went is recorded.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::Sender;

use super::recover::{Standing, journal_folder, snapshot_folder};
use crate::alerts::Priority;
use crate::clock;
use crate::config;
use crate::engine::{FromKeeper, Orders, SYSTEM_RETENTION};
use crate::journal::{Due, Folder, cut, cut_snapshots, due_before};
use crate::time::{Span, Timestamp};
use crate::traffic::Order;
use crate::watch::Watch;

/// Segments of a longer time than this are not deleted at once: in a service that runs they become due one by one, so
/// most likely the clock is wrong. People are told, and may delete them by hand.
const MOST_AT_ONCE: Span = Span::s(7 * 86_400);

/// Looks after what is to be kept how long.
pub struct Retention {
    pub data: PathBuf,
    pub days: config::Retention,
    pub orders: Orders,
    pub news: Sender<FromKeeper>,
    /// People were told that more is due than is deleted.
    pub told: bool,
}

impl Retention {
    /// Deletes what is older than is to be kept. Alerts are those of a core that stands behind the journal.
    pub fn tidy(&mut self, standing: Option<&Standing>) {
        let now = clock::now();
        match self.cut(now) {
            Ok(held_back) => self.tell(held_back.as_ref()),
            Err(error) => tracing::error!("old segments cannot be deleted: {error:#}"),
        }
        let before = self.days.alerts_days.map(|days| before(now, days));
        if let (Some(before), Some(standing), false) = (before, standing, self.told) {
            self.forget(before, standing);
        }
    }

    /// Deletes old segments, and the snapshots before those that are left; what was due and is not deleted.
    fn cut(&self, now: Timestamp) -> anyhow::Result<Option<Due>> {
        let folder = Folder(journal_folder(&self.data));
        let days = self.days.journal_days();
        let due = |needed| due_before(&folder, before(now, days), needed);
        if due(u64::MAX)?.is_none() {
            return Ok(None);
        }
        let Some(due) = due(needed_after(&self.data)?)? else {
            return Ok(None);
        };
        if due.segments.len() > 1 && due.until.since(due.from) > MOST_AT_ONCE {
            return Ok(Some(due));
        }
        // The engine only goes when the service ends.
        let _ = self.news.blocking_send(FromKeeper::Cut(due.last()));
        cut(&folder, &due)?;
        cut_snapshots(&snapshot_folder(&self.data), due.records)?;
        tracing::info!(last = due.last(), "segments older than {days} days are deleted");
        Ok(None)
    }

    fn forget(&self, before: Timestamp, standing: &Standing) {
        let watches = standing.player.core.traffic().watches().iter();
        let mut oldest = watches.filter_map(|watch| Watch::ledger(watch).closed().next()?.closed);
        if oldest.any(|closed| closed < before) {
            self.orders.give_own(Order::Forget { closed_before: before });
        }
    }

    fn tell(&mut self, held_back: Option<&Due>) {
        let kind = SYSTEM_RETENTION.into();
        let told = std::mem::replace(&mut self.told, held_back.is_some());
        match held_back {
            Some(due) if !told => {
                tracing::error!(
                    "segments from {} to {} are due at once and are not deleted: the clock may be wrong. If it is right, \
                     stop the service and use `harborwatch journal cut`",
                    due.from,
                    due.until
                );
                self.orders.give_own(Order::Raise {
                    kind,
                    priority: Priority::Caution,
                    reason: format!("{} – {}", due.from, due.until).into(),
                });
            }
            None if told => self.orders.give_own(Order::Rectify { kind }),
            _ => {}
        }
    }
}

/// The record after which a restart needs all of the journal: that of the newest snapshot that can be used.
pub fn needed_after(data: &Path) -> anyhow::Result<u64> {
    let mut unusable = Vec::new();
    let newest = Standing::newest(&snapshot_folder(data), 0, &mut unusable)?;
    for fault in unusable {
        tracing::warn!("{fault}");
    }
    Ok(newest.map_or(0, |(record, _)| record))
}

/// So many days before a time.
fn before(now: Timestamp, days: u64) -> Timestamp {
    let days = i64::try_from(days).expect("the configuration bounds it");
    now.plus(Span::s(-86_400 * days))
}
