//! Alerts: judgements over time settle into raised, acknowledged, rectified and closed.

mod alert;
mod condition;
mod ledger;
mod shelf;

pub use alert::{Acknowledgement, Alert, AlertChange, Finding, State, Transition, rounded};
pub use condition::{Condition, Patience, Verdict};
pub use ledger::{Acknowledged, AlertKey, Ledger, MAX_CLOSED, MAX_STANDING};
pub use shelf::{MAX_SHELVES, Shelf, Shelving};

pub use crate::rules::Priority;
