//! How one feed stands with a watch.

use serde::{Deserialize, Serialize};

use super::Due;
use crate::alerts::Condition;
use crate::report::FeedId;
use crate::time::{TimerId, Wheel};

/// What a watch keeps of one feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct FeedStanding {
    /// Conditions that hold or have an alert, by rule.
    conditions: Vec<(u16, Condition)>,
    timer: Option<TimerId>,
}

impl FeedStanding {
    /// One for each feed, due at once.
    pub(super) fn all(feeds: usize, timers: &mut Wheel<Due>) -> Vec<Self> {
        let mut feed = |id| Self {
            conditions: Vec::new(),
            timer: Some(timers.set(i64::MIN, Due::Feed(FeedId(id)))),
        };
        (0u16..).take(feeds).map(&mut feed).collect()
    }

    /// A condition holds or has an alert, so a sentence matters at once.
    pub(super) fn is_waiting(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// Works on a rule's condition, and keeps it while it is not idle.
    pub(super) fn with_condition<T>(&mut self, rule: u16, work: impl FnOnce(&mut Condition) -> T) -> T {
        let at = self.conditions.binary_search_by_key(&rule, |(rule, _)| *rule);
        let mut condition = at.map_or_else(|_| Condition::default(), |at| self.conditions.remove(at).1);
        let result = work(&mut condition);
        if !condition.is_idle() {
            self.conditions.insert(at.unwrap_or_else(|at| at), (rule, condition));
        }
        result
    }

    /// Has it judged at `second`, and not before.
    pub(super) fn wake_at(&mut self, second: Option<i64>, feed: FeedId, timers: &mut Wheel<Due>) {
        if let Some(timer) = self.timer.take() {
            timers.cancel(timer);
        }
        self.timer = second.map(|second| timers.set(second, Due::Feed(feed)));
    }

    /// Its timer has passed.
    pub(super) fn forget_timer(&mut self) {
        self.timer = None;
    }
}
