//! Who hears a vessel, and how often.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use crate::report::Station;
use crate::time::Timestamp;

/// Stations remembered of one vessel; at the bound a new one takes the place of the one that heard it longest ago.
pub const MAX_HEARERS: usize = 4;

/// The stations that hear a vessel, in the order in which they took their places. Copying them allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hearers(ArrayVec<Hearer, MAX_HEARERS>);

/// A station that hears a vessel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearer {
    pub station: Station,
    /// Messages of the vessel that it brought, those that another had brought before it too.
    pub reports: u32,
    /// Event time of the newest.
    pub last: Timestamp,
}

impl Hearers {
    /// A station has brought a message, be it the first to do so or another.
    pub fn hear(&mut self, station: Station, time: Timestamp) {
        if let Some(hearer) = self.0.iter_mut().find(|hearer| hearer.station == station) {
            hearer.reports = hearer.reports.saturating_add(1);
            hearer.last = hearer.last.max(time);
            return;
        }
        let hearer = Hearer {
            station,
            reports: 1,
            last: time,
        };
        if let Err(full) = self.0.try_push(hearer)
            && let Some(longest_ago) = self.0.iter_mut().min_by_key(|hearer| hearer.last)
        {
            *longest_ago = full.element();
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Hearer> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{FeedId, SourceId};

    fn station(source: u16) -> Station {
        Station {
            feed: FeedId(0),
            source: SourceId(source),
        }
    }

    #[test]
    fn the_one_that_heard_it_longest_ago_makes_room() {
        let mut hearers = Hearers::default();
        for (time, source) in [(5, 1), (9, 1), (7, 1)] {
            hearers.hear(station(source), Timestamp(time));
        }
        for source in 2..=4 {
            hearers.hear(station(source), Timestamp(i64::from(source)));
        }
        hearers.hear(station(9), Timestamp(10));
        let told: Vec<_> = hearers
            .iter()
            .map(|hearer| (hearer.station.source.0, hearer.reports, hearer.last.0))
            .collect();
        assert_eq!(told[..3], [(1, 3, 9), (9, 1, 10), (3, 1, 3)]);
        assert_eq!(told.len(), MAX_HEARERS);
    }
}
