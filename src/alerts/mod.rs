//! Alerts: the ledger that settles judgements into raised, acknowledged, rectified and closed.

mod alert;

pub use alert::{Acknowledgement, Alert, AlertChange, Priority, State, Transition};
