//! Orders: what people decide, and what came of it.

use std::sync::Arc;

use crate::alerts::Alert;

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Acknowledge {
        /// Id of the alert.
        alert: Arc<str>,
        by: Option<Arc<str>>,
        comment: Option<Arc<str>>,
    },
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Carried out; the alert as it stands now.
    Done(Arc<Alert>),
    /// It was so already; the alert as it stands.
    Unchanged(Arc<Alert>),
    /// The alert is closed.
    Closed,
    /// There is no such alert.
    Unknown,
}
