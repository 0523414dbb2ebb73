//! The running service, from outside: the merged feed given to plotters, floods, faults without end.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod plotters;
#[path = "../served/mod.rs"]
mod served;
mod service;
mod soak;
