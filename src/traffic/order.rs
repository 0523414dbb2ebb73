//! Orders: what a person decided, and what became of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::alerts::{Alert, Finding, Priority, Shelf, Shelving};
use crate::register::Entered;
use crate::time::Timestamp;
use crate::watch::Minutes;

/// A decision: a person's, or the service's about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// An alert was seen; by whom, and with what words.
    Acknowledge {
        alert: Arc<str>,
        by: Option<Arc<str>>,
        comment: Option<Arc<str>>,
    },
    /// What an alert was found to be; closed ones too, while they are known.
    Assess { alert: Arc<str>, finding: Finding },
    /// Alerts are put aside.
    Shelve(Shelving),
    /// The shelf of this number is taken away.
    Unshelve { shelf: u64 },
    /// Rules, zones or both are to be others.
    Change(Box<Change>),
    /// An order that happens once, however often it is given.
    Once { key: Key, order: Box<Self> },
    /// A row goes into the register, or to the declarations or inspections.
    Enter(Entered),
    /// The service has something to say of itself; an alert of this kind that still holds is not raised again.
    Raise {
        kind: Arc<str>,
        priority: Priority,
        reason: Arc<str>,
    },
    /// What the service said of itself is over.
    Rectify { kind: Arc<str> },
    /// Alerts that were closed before a time have been kept long enough.
    Forget { closed_before: Timestamp },
}

/// Rules, zones or both are to be others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The version it is a change of; none: of whichever stands.
    pub from: Option<u32>,
    pub author: Arc<str>,
    pub reason: Arc<str>,
    /// A text of rules as [`crate::watch::Text`] has it; none: as they were.
    pub rules: Option<Arc<str>>,
    /// A text of zones.
    pub zones: Option<Arc<str>>,
    /// The version whose rules and zones are to stand again where this gives none.
    pub restores: Option<u32>,
    pub minutes: Option<Minutes>,
}

/// What makes a request that is retried happen once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Chosen by whoever asks.
    pub name: Arc<str>,
    /// Fingerprint of the request: another request under the same name is refused.
    pub request: [u64; 2],
}

impl Order {
    /// As the journal keeps it: JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers")
    }

    /// Whether it changes rules or zones.
    pub fn is_change(&self) -> bool {
        match self {
            Self::Change(_) => true,
            Self::Once { order, .. } => order.is_change(),
            _ => false,
        }
    }

    /// Whether a person gave it to an alert.
    pub fn is_on_an_alert(&self) -> bool {
        match self {
            Self::Acknowledge { .. } | Self::Assess { .. } => true,
            Self::Once { order, .. } => order.is_on_an_alert(),
            _ => false,
        }
    }

    /// Whether the service gives it to itself.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Raise { .. } | Self::Rectify { .. } | Self::Forget { .. })
    }
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Done(Arc<Alert>),
    /// It had been done before; nothing changed.
    Unchanged(Arc<Alert>),
    /// The shelf was put up, or taken away, now or by the same order before.
    Shelf(Shelf),
    /// The row is entered.
    Entered,
    /// What was to be forgotten is.
    Forgotten,
    /// There is no such alert that is not closed, or no such shelf.
    Unknown,
    /// There are as many shelves as there may be.
    NoRoom,
    /// Rules and zones are of this version now.
    Version(u32),
    /// Rules and zones are of this version already, and the order is a change of another.
    Stale(u32),
    /// What rules and zones were to be has mistakes.
    Refused,
    /// The key belongs to another request.
    KeyTaken,
}

/// What an order given under a key was answered with, as far as it is needed to answer again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Done {
    /// Id of the alert.
    Alert(Arc<str>),
    Shelf(Shelf),
    /// The version that came of it.
    Version(u32),
}

impl Done {
    /// What to keep of an answer, if anything was done.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Done(alert) | Answer::Unchanged(alert) => Some(Self::Alert(alert.id.clone())),
            Answer::Shelf(shelf) => Some(Self::Shelf(shelf.clone())),
            Answer::Version(version) => Some(Self::Version(*version)),
            Answer::Entered
            | Answer::Forgotten
            | Answer::Unknown
            | Answer::NoRoom
            | Answer::KeyTaken
            | Answer::Stale(_)
            | Answer::Refused => None,
        }
    }
}
