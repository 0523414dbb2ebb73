//! Alerts: judgements over time settle into raised, acknowledged, rectified and closed.

mod alert;
mod condition;
mod ledger;

pub use alert::{Acknowledgement, Alert, AlertChange, Finding, State, Transition, rounded};
pub use condition::{Condition, Patience, Verdict};
pub use ledger::{Acknowledged, AlertKey, Ledger, MAX_CLOSED, MAX_STANDING};

pub use crate::rules::Priority;
