//! The running service, from outside: the merged feed given to plotters, floods, faults without end.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod counts;
mod curve;
mod cuts;
mod flood;
mod plotters;
#[path = "../pty/mod.rs"]
mod pty;
#[path = "../served/mod.rs"]
mod served;
mod service;
mod soak;
mod wires;
