//! Lines, seconds and orders into the core, in the one order that live, replay and test have in common.

use crate::nmea::{Outcome, Sentence};
use crate::picture::Picture;
use crate::report::{FeedId, HashKey, Heard, Listening, Reading, Reception, SourceId, StreamId};
use crate::time::{Span, Timestamp};
use crate::track::Fate;
use crate::track::TrackLimits;
use crate::traffic::{Answer, Changes, Order, Traffic, Unreadable};
use crate::watch;

/// Reception and traffic: all state that is a function of what was heard and ordered.
#[derive(Debug)]
pub struct Core {
    reception: Reception,
    traffic: Traffic,
}

/// What a core is set up with: everything that is configured and no state.
#[derive(Debug)]
pub struct Setup {
    pub listening: Vec<Listening>,
    pub limits: TrackLimits,
    /// Of the watches, the live one first.
    pub orders: Vec<watch::Orders>,
    /// Rules and zones as the files have them.
    pub text: watch::Text,
    pub key: HashKey,
}

/// What a line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub outcome: Outcome,
    /// Its checksum is right.
    pub is_sentence: bool,
    /// Type of the message it completed.
    pub message_type: Option<u8>,
    /// What became of its position report.
    pub fate: Option<Fate>,
    /// Which station brought it, if it is valid.
    pub source: Option<SourceId>,
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
            is_sentence: report.is_some(),
            message_type: report.and_then(|report| Some(report.news()?.message_type)),
            fate: change.and_then(|change| change.fate),
            source: report.map(|report| report.station.source),
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

    /// The traffic, for a review to have its watches stand over it.
    pub fn traffic_mut(&mut self) -> &mut Traffic {
        &mut self.traffic
    }

    pub fn reception(&self) -> &Reception {
        &self.reception
    }

    /// Its ears, for lines to be heard ahead of the traffic. Until they are given back it hears nothing.
    pub fn lend_reception(&mut self) -> Reception {
        std::mem::replace(&mut self.reception, Reception::new(Vec::new(), HashKey(0, 0)))
    }

    /// Its ears are back, and have heard what the traffic has been told.
    pub fn take_back(&mut self, reception: Reception) {
        self.reception = reception;
    }

    /// Whether there is such a feed.
    pub fn has_feed(&self, feed: FeedId) -> bool {
        self.traffic.picture().stations.feed(feed).is_some()
    }

    /// Reads a line as its feed is to be listened to.
    pub fn read<'a>(&self, feed: FeedId, line: &'a [u8]) -> Sentence<'a> {
        self.reception.read(feed, line)
    }

    /// The lines of a feed to come are of this stream of it: fragments join within one.
    pub fn turn_to(&mut self, feed: FeedId, stream: StreamId) {
        self.reception.turn_to(feed, stream);
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

    /// The service, or its journal, was away until now.
    pub fn away(&mut self, until: Timestamp, changes: &mut Changes) {
        self.traffic.away(until, changes);
    }

    /// The clock was set forward by so much, to a time.
    pub fn set_clock(&mut self, by: Span, to: Timestamp, changes: &mut Changes) {
        self.traffic.set_clock(by, to, changes);
    }

    /// All its state as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let reception =
            postcard::to_stdvec(&self.reception.memory()).expect("plain data can always be written to memory");
        let mut bytes = (reception.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(&reception);
        bytes.extend_from_slice(&self.traffic.to_bytes());
        bytes
    }

    /// The core that these bytes were written from, set up in the same way.
    pub fn from_bytes(bytes: &[u8], setup: Setup) -> Result<Self, Unreadable> {
        let short = || Unreadable::Damaged(postcard::Error::DeserializeUnexpectedEnd);
        let (length, rest) = bytes.split_first_chunk().ok_or_else(short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| short())?;
        let (reception, traffic) = rest.split_at_checked(length).ok_or_else(short)?;
        let memory = postcard::from_bytes(reception)?;
        Ok(Self {
            reception: Reception::resume(setup.listening, memory, setup.key),
            traffic: Traffic::from_bytes(traffic, setup.limits, setup.orders, setup.key)?,
        })
    }

    /// Goes on under another setup, from what was known until now. Unless it `keeps_feeds`, each under its number, the
    /// picture begins anew: who was heard by which is no longer known.
    pub fn adopt(&mut self, setup: Setup, keeps_feeds: bool, changes: &mut Changes) {
        let Setup {
            listening,
            limits,
            orders,
            text,
            key,
        } = setup;
        if keeps_feeds {
            self.traffic.set_up(limits, listening.len());
            self.traffic.restart(None, orders, text, changes);
            self.reception = Reception::resume(listening, self.reception.memory(), key);
            return;
        }
        let register = self.traffic.picture().register.clone();
        let picture = Picture::new(limits, register, listening.len(), self.traffic.now(), key);
        self.traffic.restart(Some(picture), orders, text, changes);
        self.reception = Reception::new(listening, key);
    }

    /// One set up anew that has heard and told nothing until `time`, under what people had decided here: the register,
    /// declarations, inspections, shelves; and rules and zones, unless those of the setup are to stand instead.
    pub fn anew(&self, setup: Setup, keeps_rules: bool, time: Timestamp) -> Self {
        let Setup {
            listening,
            limits,
            orders,
            text,
            key,
        } = setup;
        let register = self.traffic.picture().register.clone();
        let picture = Picture::new(limits, register, listening.len(), time, key);
        let instead = (!keeps_rules).then_some(text);
        Self {
            reception: Reception::new(listening, key),
            traffic: self.traffic.anew(picture, orders, instead, time),
        }
    }

    /// A person decided something.
    pub fn order(&mut self, order: &Order, now: Timestamp, changes: &mut Changes) -> Answer {
        self.traffic.order(order, now, changes)
    }
}
