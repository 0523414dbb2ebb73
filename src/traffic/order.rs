//! Orders: what a person decided, and what became of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::alerts::{Alert, Priority};

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
    /// The service has something to say of itself; an alert of this kind that still holds is not raised again.
    Raise {
        kind: Arc<str>,
        priority: Priority,
        reason: Arc<str>,
    },
    /// What the service said of itself is over.
    Rectify { kind: Arc<str> },
}

impl Order {
    /// Whether the service gives it to itself.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Raise { .. } | Self::Rectify { .. })
    }
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Done(Arc<Alert>),
    /// It had been done before; nothing changed.
    Unchanged(Arc<Alert>),
    /// There is no such alert that is not closed.
    Unknown,
}
