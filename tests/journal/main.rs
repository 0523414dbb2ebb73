//! The journal: what every kind of it promises, and what becomes of one on a disk that is torn, damaged or cut.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod accident;
mod behind;
mod carried;
mod changes;
mod damage;
mod faults;
mod files;
mod gone;
mod history;
mod kill;
mod past;
mod recovery;
mod replayed;
mod retention;
#[path = "../served/mod.rs"]
mod served;
mod stepped;
mod upkeep;
