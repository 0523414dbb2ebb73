//! How one feed or one station stands with a watch.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Due;
use super::conditions::Conditions;
use crate::alerts::AlertKey;
use crate::report::FeedId;
use crate::time::{TimerId, Wheel};

/// What a watch keeps of one feed or one station.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EarStanding {
    /// Conditions that hold or have an alert.
    pub(super) conditions: Conditions,
    timer: Option<(i64, TimerId)>,
}

impl EarStanding {
    /// One for each feed, due at once.
    pub(super) fn all(feeds: usize, timers: &mut Wheel<Due>) -> Vec<Self> {
        let mut feed = |id| Self {
            conditions: Conditions::default(),
            timer: Some((i64::MIN, timers.set(i64::MIN, Due::Feed(FeedId(id))))),
        };
        (0u16..).take(feeds).map(&mut feed).collect()
    }

    /// One for each feed there is now, due at once: what was kept of the feed of its name goes on. The alerts of feeds
    /// that are no longer there end.
    pub(super) fn succeed(
        before: Vec<Self>,
        names_before: &[Arc<str>],
        names: &[Arc<str>],
        timers: &mut Wheel<Due>,
        end: impl FnMut(AlertKey),
    ) -> Vec<Self> {
        let mut kept: Vec<(&Arc<str>, Conditions)> = Vec::new();
        for (name, standing) in names_before.iter().zip(before) {
            if let Some((_, timer)) = standing.timer {
                timers.cancel(timer);
            }
            kept.push((name, standing.conditions));
        }
        let mut now = Self::all(names.len(), timers);
        for (name, standing) in names.iter().zip(&mut now) {
            if let Some(at) = kept.iter().position(|(known, _)| *known == name) {
                standing.conditions = kept.swap_remove(at).1;
            }
        }
        kept.iter().flat_map(|(_, gone)| gone.alerts()).for_each(end);
        now
    }

    /// A condition holds or has an alert, so a sentence matters at once.
    pub(super) fn is_waiting(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// Has it judged at `second`, and not before.
    pub(super) fn wake_at(&mut self, second: Option<i64>, due: Due, timers: &mut Wheel<Due>) {
        if let Some((_, timer)) = self.timer.take() {
            timers.cancel(timer);
        }
        self.timer = second.map(|second| (second, timers.set(second, due)));
    }

    /// Has it judged at `second` at the latest.
    pub(super) fn wake_by(&mut self, second: i64, due: Due, timers: &mut Wheel<Due>) {
        if self.timer.is_none_or(|(set, _)| set > second) {
            self.wake_at(Some(second), due, timers);
        }
    }

    /// Nothing about it needs to be remembered.
    pub(super) fn is_idle(&self) -> bool {
        self.timer.is_none() && self.conditions.is_empty()
    }

    /// Its timer has passed.
    pub(super) fn forget_timer(&mut self) {
        self.timer = None;
    }
}
