//! Stations and feeds: when each was last heard to work, and how long each has been deaf.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{FeedId, Station};
use crate::time::{Span, Timestamp};

/// A gap between two valid sentences of a station longer than this is deafness, all of it.
pub const DEAF_AFTER: Span = Span::s(120);

/// What is known of who hears the vessels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stations {
    stations: BTreeMap<Station, StationRecord>,
    feeds: Vec<FeedRecord>,
}

/// One station: a feed and the source named in its tag blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Event time of its newest valid sentence.
    pub last_valid: Timestamp,
    /// All its gaps of over [`DEAF_AFTER`], added up.
    pub deaf: Span,
}

/// One feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRecord {
    /// Event time of its newest valid sentence; before the first, the start.
    pub last_valid: Timestamp,
}

impl Stations {
    pub(super) fn new(feeds: usize, start: Timestamp) -> Self {
        Self {
            stations: BTreeMap::new(),
            feeds: vec![FeedRecord { last_valid: start }; feeds],
        }
    }

    /// Notes a valid sentence; returns how long the station has been deaf in all by now.
    pub(super) fn hear(&mut self, station: Station, time: Timestamp) -> Span {
        if let Some(feed) = self.feeds.get_mut(usize::from(station.feed.0)) {
            feed.last_valid = feed.last_valid.max(time);
        }
        let first = StationRecord {
            last_valid: time,
            deaf: Span::default(),
        };
        let record = self.stations.entry(station).or_insert(first);
        let gap = time.since(record.last_valid);
        if gap > DEAF_AFTER {
            record.deaf.0 += gap.0;
        }
        record.last_valid = record.last_valid.max(time);
        record.deaf
    }

    /// A station that has been heard.
    pub fn station(&self, station: Station) -> Option<&StationRecord> {
        self.stations.get(&station)
    }

    /// Every feed, in the order of the configuration.
    pub fn feeds(&self) -> impl Iterator<Item = (FeedId, &FeedRecord)> {
        (0u16..).map(FeedId).zip(&self.feeds)
    }

    /// One feed.
    pub fn feed(&self, feed: FeedId) -> Option<&FeedRecord> {
        self.feeds.get(usize::from(feed.0))
    }
}
