//! The console in Debian's Chromium, before the real binary and a radio of the test's own. Asserts on the document and on
//! counters, waits for conditions in the page, never for time. Without Chromium the tests are skipped, unless CI is set.
//! Screenshots go to `target/screens/`.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod access;
mod alerts;
mod browser;
mod keys;
mod past;
mod radio;
mod restart;
mod rules;
#[path = "../served/mod.rs"]
mod served;
mod stage;
mod words;
