//! Shelves: whose alerts, and of which rule, a person has put aside until a time, and why.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Alert, Priority};
use crate::ais::Mmsi;
use crate::time::Timestamp;

/// Most shelves that stand at once; one more is refused.
pub const MAX_SHELVES: usize = 1_000;

/// What is to be put aside: alerts that are of the vessel and of the rule, where these are named, and no emergency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shelving {
    /// Either vessel of a pair counts.
    pub mmsi: Option<Mmsi>,
    /// Id of the rule.
    pub rule: Option<Arc<str>>,
    pub until: Timestamp,
    pub reason: Arc<str>,
    pub by: Option<Arc<str>>,
}

/// A shelf that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    /// Counts from 1 within a watch.
    pub id: u64,
    pub shelving: Shelving,
    /// When it was put up.
    pub since: Timestamp,
}

/// The shelves of one watch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Shelves {
    /// In the order of their ids.
    standing: Arc<[Shelf]>,
    /// Ids given so far.
    given: u64,
}

impl Shelving {
    fn holds(&self, alert: &Alert) -> bool {
        let same_vessel = |mmsi| alert.mmsi == Some(mmsi) || alert.other_mmsi == Some(mmsi);
        alert.priority != Priority::Emergency
            && self.mmsi.is_none_or(same_vessel)
            && self.rule.as_ref().is_none_or(|rule| *rule == alert.rule)
    }
}

impl Shelves {
    /// All of them; a copy of the list costs nothing.
    pub(super) fn all(&self) -> &Arc<[Shelf]> {
        &self.standing
    }

    /// Puts one up; none if there is no room.
    pub(super) fn put(&mut self, shelving: &Shelving, now: Timestamp) -> Option<Shelf> {
        if self.standing.len() >= MAX_SHELVES {
            return None;
        }
        self.given += 1;
        let shelf = Shelf {
            id: self.given,
            shelving: shelving.clone(),
            since: now,
        };
        self.standing = self.standing.iter().cloned().chain([shelf.clone()]).collect();
        Some(shelf)
    }

    /// Takes one away.
    pub(super) fn take(&mut self, id: u64) -> Option<Shelf> {
        let taken = self.standing.iter().find(|shelf| shelf.id == id).cloned()?;
        self.keep(|shelf| shelf.id != id);
        Some(taken)
    }

    /// Takes away those whose time is over.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.keep(|shelf| shelf.shelving.until > now);
    }

    /// When the first of them ends.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        self.standing.iter().map(|shelf| shelf.shelving.until).min()
    }

    /// Until when an alert is put aside, if it is now.
    pub(super) fn until(&self, alert: &Alert, now: Timestamp) -> Option<Timestamp> {
        let holding = self.standing.iter().map(|shelf| &shelf.shelving);
        let holding = holding.filter(|shelving| shelving.until > now && shelving.holds(alert));
        holding.map(|shelving| shelving.until).max()
    }

    fn keep(&mut self, which: impl Fn(&Shelf) -> bool) {
        self.standing = self.standing.iter().filter(|shelf| which(shelf)).cloned().collect();
    }
}
