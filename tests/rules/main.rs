//! Every kind of rule, its parameters and its edges: reports in, transitions out, to the second.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod anchor;
mod clock;
mod edges;
mod editions;
mod explain;
mod identity;
mod life;
mod motion;
mod pairs;
mod sand;
mod shelves;
mod silence;
mod stations;
mod story;
mod succession;
mod windows;
mod zones;
