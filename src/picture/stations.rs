//! Stations and feeds: when each was last heard to work, how long each has been deaf, and what it says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::geo::Position;
use crate::report::{Alarm, FeedId, Quantity, Reading, Report, Signal, Station, Text};
use crate::time::{Span, Timestamp};

/// A gap between two valid sentences of a station longer than this is deafness, all of it.
pub const DEAF_AFTER: Span = Span::s(120);
/// Alarms kept of one station. At the bound the one told longest ago goes.
const MAX_ALARMS: usize = 32;

/// What is known of who hears the vessels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stations {
    stations: BTreeMap<Station, StationRecord>,
    feeds: Vec<FeedRecord>,
}

/// One station: a feed and the source named in its tag blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Event time of its newest valid sentence.
    pub last_valid: Timestamp,
    /// All its gaps of over [`DEAF_AFTER`], added up.
    pub deaf: Span,
    /// Valid sentences.
    pub sentences: u64,
    /// Messages that counted, heard by it first.
    pub messages: u64,
    /// Where it says it stands.
    pub position: Option<Datum<Position>>,
    /// The time on its own clock.
    pub clock: Option<Datum<Timestamp>>,
    pub weather: Weather,
    /// Alarms that hold, in the order they were last told.
    pub alarms: Vec<Datum<Alarm>>,
    /// Its last text.
    pub text: Option<Datum<Text>>,
    /// How it heard the last message of which it said so.
    pub signal: Option<Datum<Signal>>,
}

/// A value, and the event time of the sentence that said it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum<T> {
    pub value: T,
    pub time: Timestamp,
}

/// The newest value of each quantity that a station measures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weather(BTreeMap<Quantity, Datum<f64>>);

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

    /// Takes what a valid sentence tells of its station; returns how long that has been deaf in all by now.
    pub(super) fn hear(&mut self, report: &Report) -> Span {
        let Report { station, time, .. } = *report;
        if let Some(feed) = self.feeds.get_mut(usize::from(station.feed.0)) {
            feed.last_valid = feed.last_valid.max(time);
        }
        let record = self
            .stations
            .entry(station)
            .or_insert_with(|| StationRecord::heard_first(time));
        let gap = time.since(record.last_valid);
        if gap > DEAF_AFTER {
            record.deaf.0 += gap.0;
        }
        record.last_valid = record.last_valid.max(time);
        record.sentences += 1;
        record.messages += u64::from(report.said.is_some());
        if let Some(own) = &report.own {
            record.note(own, time);
        }
        record.deaf
    }

    /// Every station that has been heard, by feed and source.
    pub fn all(&self) -> impl Iterator<Item = (Station, &StationRecord)> {
        self.stations.iter().map(|(station, record)| (*station, record))
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

impl StationRecord {
    fn heard_first(time: Timestamp) -> Self {
        Self {
            last_valid: time,
            deaf: Span::default(),
            sentences: 0,
            messages: 0,
            position: None,
            clock: None,
            weather: Weather::default(),
            alarms: Vec::new(),
            text: None,
            signal: None,
        }
    }

    /// Takes what it said of itself at an event time.
    fn note(&mut self, own: &Reading, time: Timestamp) {
        match own {
            Reading::Fix { clock, position } => {
                Datum::renew(&mut self.clock, *clock, time);
                Datum::renew(&mut self.position, *position, time);
            }
            Reading::Measured(measures) => self.weather.take(measures.iter().copied(), time),
            Reading::Alarm(alarm) => self.settle(*alarm, time),
            Reading::Text(text) => Datum::renew(&mut self.text, Some(*text), time),
            Reading::Signal(signal) => Datum::renew(&mut self.signal, Some(*signal), time),
            Reading::Nothing => {}
        }
    }

    /// Keeps an alarm while its condition holds.
    fn settle(&mut self, alarm: Alarm, time: Timestamp) {
        let same = |kept: &Datum<Alarm>| (kept.value.id, kept.value.instance) == (alarm.id, alarm.instance);
        self.alarms.retain(|kept| !same(kept));
        if !alarm.active {
            return;
        }
        if self.alarms.len() == MAX_ALARMS {
            self.alarms.remove(0);
        }
        self.alarms.push(Datum { value: alarm, time });
    }
}

impl<T> Datum<T> {
    /// Puts a value in the place of an older one.
    fn renew(kept: &mut Option<Self>, value: Option<T>, time: Timestamp) {
        let newer = kept.as_ref().is_none_or(|kept| time >= kept.time);
        if let Some(value) = value.filter(|_| newer) {
            *kept = Some(Self { value, time });
        }
    }
}

impl Weather {
    /// The newest value of a quantity.
    pub fn get(&self, quantity: Quantity) -> Option<Datum<f64>> {
        self.0.get(&quantity).copied()
    }

    /// Every quantity it measures.
    pub fn iter(&self) -> impl Iterator<Item = (Quantity, Datum<f64>)> {
        self.0.iter().map(|(quantity, datum)| (*quantity, *datum))
    }

    /// Takes values measured at an event time.
    fn take(&mut self, measures: impl Iterator<Item = (Quantity, f64)>, time: Timestamp) {
        for (quantity, value) in measures {
            let kept = self.0.entry(quantity).or_insert(Datum { value, time });
            if time >= kept.time {
                *kept = Datum { value, time };
            }
        }
    }
}
