//! Orders: what a person decided, and what became of it.

use std::sync::Arc;

use crate::alerts::Alert;

/// A decision of a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// An alert was seen; by whom, and with what words.
    Acknowledge {
        alert: Arc<str>,
        by: Option<Arc<str>>,
        comment: Option<Arc<str>>,
    },
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
