//! The conditions of one vessel, one pair or one feed: those that hold or have an alert.

use serde::{Deserialize, Serialize};

use super::succession::Succession;
use crate::alerts::{AlertKey, Condition, Ledger};
use crate::rules::Place;
use crate::time::Span;
use crate::zone::ZoneIx;

/// Conditions by rule and zone, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Conditions(Vec<Open>);

/// A rule's condition in one zone, or everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    rule: u16,
    zone: Option<ZoneIx>,
    condition: Condition,
}

impl Conditions {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A rule's condition in a zone, if it holds or has an alert.
    pub(super) fn get(&self, rule: u16, zone: Option<ZoneIx>) -> Option<&Condition> {
        let at = self
            .0
            .binary_search_by_key(&(rule, zone), |open| (open.rule, open.zone));
        at.ok().map(|at| &self.0[at].condition)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Has the room of some that are no longer open, so that its first asks for no memory.
    pub(super) fn borrow_room(&mut self, spare: &mut Vec<Self>) {
        if self.0.capacity() == 0
            && let Some(room) = spare.pop()
        {
            *self = room;
        }
    }

    /// Gives its room to others, if none is open.
    pub(super) fn give_room(&mut self, spare: &mut Vec<Self>) {
        if self.0.is_empty() && self.0.capacity() > 0 {
            spare.push(std::mem::take(self));
        }
    }

    /// Whose they are.
    pub(super) fn rules(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().map(|open| open.rule)
    }

    /// Whether an alert stands for a condition of such a rule.
    pub(super) fn has_alert_of(&self, such: impl Fn(u16) -> bool) -> bool {
        self.0
            .iter()
            .any(|open| open.condition.alert.is_some() && such(open.rule))
    }

    /// The alerts that stand for them.
    pub(super) fn alerts(&self) -> impl Iterator<Item = AlertKey> + '_ {
        self.0.iter().filter_map(|open| open.condition.alert)
    }

    /// Goes on under other orders: those of rules that were removed end, and those without an alert that a rule no longer
    /// remembers are forgotten.
    pub(super) fn succeed(&mut self, succession: &Succession, ledger: &mut Ledger) {
        self.0
            .retain_mut(|open| match (succession.heir(open.rule), open.condition.alert) {
                (Some(heir), alert) => {
                    open.rule = heir.rule;
                    open.zone = open.zone.map(|zone| succession.place(zone, alert, ledger));
                    heir.remembers || alert.is_some()
                }
                (None, alert) => {
                    if let Some(alert) = alert {
                        succession.end(alert, ledger);
                    }
                    false
                }
            });
        self.0.sort_unstable_by_key(|open| (open.rule, open.zone));
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        for open in &mut self.0 {
            open.condition.shift(by);
        }
    }

    /// Adds the places where a rule's condition is still open though the rule reaches it there no longer.
    pub(super) fn add_unreached(&self, rule: u16, places: &mut Vec<Place>) {
        for open in self.0.iter().filter(|open| open.rule == rule) {
            if !places.iter().any(|place| place.reached && place.zone == open.zone) {
                places.push(Place {
                    reached: false,
                    ..Place::in_zone(open.zone)
                });
            }
        }
    }

    /// Works on a rule's condition in a zone, and keeps it while it is not idle.
    pub(super) fn work_on<T>(&mut self, rule: u16, zone: Option<ZoneIx>, work: impl FnOnce(&mut Condition) -> T) -> T {
        match self
            .0
            .binary_search_by_key(&(rule, zone), |open| (open.rule, open.zone))
        {
            Ok(at) => {
                let result = work(&mut self.0[at].condition);
                if self.0[at].condition.is_idle() {
                    self.0.remove(at);
                }
                result
            }
            Err(at) => {
                let mut condition = Condition::default();
                let result = work(&mut condition);
                if !condition.is_idle() {
                    self.0.insert(at, Open { rule, zone, condition });
                }
                result
            }
        }
    }
}
