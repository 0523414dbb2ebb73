//! Lines, seconds and orders into the core, in the one order that live, replay and test have in common.

use crate::nmea::{Outcome, Sentence};
use crate::report::{FeedId, Heard, Reading, Reception};
use crate::time::Timestamp;
use crate::track::Fate;
use crate::traffic::{Answer, Changes, Order, Traffic};

/// Reception and traffic: all state that is a function of what was heard and ordered.
#[derive(Debug)]
pub struct Core {
    reception: Reception,
    traffic: Traffic,
}

/// What a line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub outcome: Outcome,
    /// Type of the message it completed.
    pub message_type: Option<u8>,
    /// What became of its position report.
    pub fate: Option<Fate>,
    /// The time on the clock of the station that said it.
    pub clock: Option<Timestamp>,
    /// A parser failed over it.
    pub panicked: bool,
}

impl Done {
    /// What becomes of a line once it is heard; ticks of the seconds up to its time come before it.
    pub fn by(heard: &Heard, traffic: &mut Traffic, changes: &mut Changes) -> Self {
        let report = heard.report.as_ref();
        let change = report.and_then(|report| traffic.observe(report, changes));
        Self {
            outcome: heard.outcome,
            message_type: report.and_then(|report| Some(report.news()?.message_type)),
            fate: change.and_then(|change| change.fate),
            clock: report.and_then(|report| match report.own.as_deref()? {
                Reading::Fix { clock, .. } => *clock,
                _ => None,
            }),
            panicked: heard.panicked,
        }
    }
}

impl Core {
    pub fn new(reception: Reception, traffic: Traffic) -> Self {
        Self { reception, traffic }
    }

    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    pub fn reception(&self) -> &Reception {
        &self.reception
    }

    /// Reads a line as its feed is to be listened to.
    pub fn read<'a>(&self, feed: FeedId, line: &'a [u8]) -> Sentence<'a> {
        self.reception.read(feed, line)
    }

    /// Hears a sentence; ticks of the seconds up to its time come before it.
    pub fn hear(&mut self, feed: FeedId, time: Timestamp, sentence: &Sentence<'_>, changes: &mut Changes) -> Done {
        let heard = self.reception.hear(feed, time, sentence);
        self.observe(&heard, changes)
    }

    /// A line too long to be read.
    pub fn skip(&mut self, feed: FeedId, changes: &mut Changes) -> Done {
        let heard = self.reception.skip(feed);
        self.observe(&heard, changes)
    }

    fn observe(&mut self, heard: &Heard, changes: &mut Changes) -> Done {
        Done::by(heard, &mut self.traffic, changes)
    }

    /// All seconds up to `second` have passed.
    pub fn tick(&mut self, second: i64, changes: &mut Changes) {
        self.traffic.tick(second, changes);
    }

    /// A person decided something.
    pub fn order(&mut self, order: &Order, now: Timestamp, changes: &mut Changes) -> Answer {
        self.traffic.order(order, now, changes)
    }
}
