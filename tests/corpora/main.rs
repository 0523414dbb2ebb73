//! The lines of all corpora: scored, decoded beside nmea-parser, mutated, and counted by what the oracles say.

// Tests, and what they share.
#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod conformance;
mod differential;
mod lines;
mod mutant;
mod mutations;
mod table;
