//! The HTTP interface on a real socket, fed with batches made by hand.

// Tests, and what they share.
#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod accept;
mod answers;
#[path = "../simulation/chance.rs"]
mod chance;
mod events;
mod page;
mod places;
mod refusals;
mod rules;
mod service;
mod statistics;
