//! What the engine tells the view: everything that changed within at most 20 ms.

use std::sync::Arc;

use crate::alerts::{Alert, Shelf};
use crate::picture::{Sector, StationKey, StationRecord};
use crate::report::{FeedId, Station};
use crate::time::Timestamp;
use crate::traffic;
use crate::watch::Editions;

/// Everything that changed since the batch before.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Counts from 1, without gaps.
    pub number: u64,
    /// The core's clock after it.
    pub clock: Timestamp,
    /// In the order in which they happened.
    pub events: Vec<traffic::Event>,
    /// Alerts as they stand, without a transition: those known from before the start, those with a new finding.
    pub known: Vec<Arc<Alert>>,
    /// All shelves that stand.
    pub shelves: Arc<[Shelf]>,
    /// The feeds of which anything changed, as they stand.
    pub feeds: Vec<FeedRow>,
    /// The stations heard since they were last told of, as they stand; once a second.
    pub stations: Vec<StationRow>,
    /// Those that are no longer known.
    pub stations_gone: Vec<StationKey>,
    /// The versions of rules and zones, if another stands than before.
    pub editions: Option<Arc<Editions>>,
    /// The engine has taken up all it had to (recovery, seeds) and judges the present.
    pub ready: bool,
}

/// A feed as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRow {
    pub feed: FeedId,
    pub state: FeedState,
    /// When it came into this state.
    pub since: Timestamp,
    /// Event time of its last valid sentence.
    pub last_sentence: Option<Timestamp>,
    pub sentences_per_s: f64,
    /// Lines by outcome since the start, in the order of [`OUTCOMES`].
    pub outcomes: [u64; OUTCOMES.len()],
    /// Vessels whose last accepted position it brought.
    pub vessels: u32,
    pub reconnects: u64,
    /// Lines dropped because the engine did not keep up; a lost datagram, of which nobody saw the lines, counts as one.
    pub dropped: u64,
    /// Datagrams of those that the system had no room for.
    pub datagrams_lost: u64,
    /// How far its own time stamps are ahead of the time of receipt.
    pub clock_offset_s: Option<f64>,
    /// Why it is down.
    pub error: Option<Arc<str>>,
}

/// A station as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StationRow {
    pub key: StationKey,
    /// Itself, or the receiver that heard it last.
    pub station: Station,
    pub record: StationRecord,
    /// Of a receiver: accepted reports in the last hour, and the usual number in this hour of the day.
    pub reports_h: Option<(u32, Option<f64>)>,
    /// How far a receiver hears, by bearing.
    pub coverage: Vec<Sector>,
}

/// How a feed is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedState {
    Up,
    /// Connected, but without a valid sentence for longer than `silent_after_s`.
    Silent,
    Down,
    /// A file or pipe read to its end.
    Ended,
}

/// The outcomes of a line, by name; every line has exactly one.
pub const OUTCOMES: [&str; 10] = [
    "ok",
    "part",
    "duplicate",
    "bad_checksum",
    "no_checksum",
    "malformed",
    "too_long",
    "unsupported",
    "orphan",
    "filtered",
];

impl FeedState {
    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Silent => "silent",
            Self::Down => "down",
            Self::Ended => "ended",
        }
    }
}
