//! A core that is told what a journal holds: recovery, the follower that takes snapshots, and a replay are this.

use super::{Core, Done, Setup};
use crate::alerts::AlertChange;
use crate::journal::{Entry, Judged, Record};
use crate::report::{FeedId, Heard};
use crate::time::Timestamp;
use crate::traffic::{Answer, Changes, Order};

/// A core with the sum over what it has told.
#[derive(Debug)]
pub struct Player {
    pub core: Core,
    pub judged: Judged,
    /// What became of the record played last, if it was a line.
    pub done: Option<Done>,
    /// The sum that was not the recorded one, if the record played last held one; whoever takes note of it takes it.
    pub difference: Option<Difference>,
    /// The last transition told since the sum was the recorded one.
    told: Option<AlertChange>,
    /// An order that found nothing to be done to, behind a loss; whoever takes note of it takes it.
    pub vain: Option<Vain>,
    forgiven: bool,
}

/// An order that finds no such alert: maybe for what raised it is lost.
#[derive(Clone, Debug)]
pub struct Vain {
    pub record: u64,
    pub time: Timestamp,
}

/// A sum over transitions that is not the recorded one.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "record {record} of {time} holds that {} transitions had been told; now they are {}{}",
    recorded.count, now.count, last.as_ref().map_or_else(String::new, last_of_them)
)]
pub struct Difference {
    pub record: u64,
    pub time: Timestamp,
    pub recorded: Judged,
    pub now: Judged,
    /// The last transition told since the sum was the recorded one.
    pub last: Option<AlertChange>,
}

/// Why a record cannot be played, though it is whole.
#[derive(Debug, thiserror::Error)]
pub enum Unplayable {
    #[error("record {0} holds an order that this build does not know: {1}")]
    Order(u64, serde_json::Error),
    #[error("record {0} is of feed {feed}, which no start names", feed = .1.0)]
    Feed(u64, FeedId),
}

impl Player {
    /// Goes on from a core, and the sum over what it had told.
    pub fn new(core: Core, judged: Judged) -> Self {
        Self {
            core,
            judged,
            done: None,
            difference: None,
            told: None,
            vain: None,
            forgiven: false,
        }
    }

    /// Plays the record of this number; what changed stands in `changes` alone. A start is an absence here: what it
    /// changes in the setup is its reader's to do.
    pub fn play(&mut self, number: u64, record: &Record<'_>, changes: &mut Changes) -> Result<(), Unplayable> {
        changes.clear();
        self.done = None;
        match record.entry {
            Entry::Line { feed, line } => {
                if !self.core.has_feed(feed) {
                    return self.unheard(number, feed);
                }
                self.done = Some(match line {
                    Some(line) => {
                        let sentence = self.core.read(feed, line);
                        self.core.hear(feed, record.time, &sentence, changes)
                    }
                    None => self.core.skip(feed, changes),
                });
            }
            Entry::Turn { feed, stream } => {
                if !self.core.has_feed(feed) {
                    return self.unheard(number, feed);
                }
                self.core.turn_to(feed, stream);
            }
            Entry::Tick { judged } => {
                if let Some(judged) = judged {
                    self.compare(number, record.time, judged);
                }
                self.core.tick(record.time.floor_s(), changes);
            }
            Entry::Order(bytes) => {
                let order: Order = serde_json::from_slice(bytes).map_err(|error| Unplayable::Order(number, error))?;
                let answer = self.core.order(&order, record.time, changes);
                if self.forgiven && order.is_on_an_alert() && matches!(answer, Answer::Unknown) {
                    let time = record.time;
                    self.vain = Some(Vain { record: number, time });
                }
            }
            Entry::Gap { from, lost: 0 } => self.core.set_clock(record.time.since(from), record.time, changes),
            Entry::Gap { .. } => {
                self.forgive();
                self.core.away(record.time, changes);
            }
            Entry::Start(_) => self.core.away(record.time, changes),
            Entry::Stop { judged } => self.compare(number, record.time, judged),
            Entry::Cut { .. } => {}
        }
        self.note(changes);
        Ok(())
    }

    /// A record is of a feed that no start names: behind a loss it may be that of a start that is lost, and is left out.
    fn unheard(&self, number: u64, feed: FeedId) -> Result<(), Unplayable> {
        match self.forgiven {
            true => Ok(()),
            false => Err(Unplayable::Feed(number, feed)),
        }
    }

    /// Plays a line that was heard ahead; what changed stands in `changes` alone.
    pub fn hear(&mut self, heard: &Heard, changes: &mut Changes) {
        changes.clear();
        self.done = Some(Done::by(heard, self.core.traffic_mut(), changes));
        self.note(changes);
    }

    fn note(&mut self, changes: &Changes) {
        add(&mut self.judged, changes);
        if let Some((_, change)) = changes.alerts.last() {
            self.told = Some(change.clone());
        }
    }

    /// Goes on under another setup; see [`Core::adopt`].
    pub fn adopt(&mut self, setup: Setup, keeps_feeds: bool, changes: &mut Changes) {
        let mut more = Changes::default();
        self.core.adopt(setup, keeps_feeds, &mut more);
        add(&mut self.judged, &more);
        changes.alerts.append(&mut more.alerts);
        changes.removed.append(&mut more.removed);
    }

    /// Part of the journal is lost: what is told from here on may not be what was, by whichever build.
    pub fn forgive(&mut self) {
        self.forgiven = true;
    }

    /// What was told at the time stands; that it would be told otherwise now is noted.
    fn compare(&mut self, record: u64, time: Timestamp, recorded: Judged) {
        let last = self.told.take();
        let now = std::mem::replace(&mut self.judged, recorded);
        if recorded != now && !self.forgiven {
            self.difference = Some(Difference {
                record,
                time,
                recorded,
                now,
                last,
            });
        }
    }
}

fn last_of_them(change: &AlertChange) -> String {
    format!(", the last of them: {:?}, {}", change.transition, change.alert.id).to_lowercase()
}

/// Adds the transitions that changed to the sum.
pub(super) fn add(judged: &mut Judged, changes: &Changes) {
    for told in &changes.alerts {
        judged.add(&postcard::to_stdvec(told).expect("plain data can always be written to memory"));
    }
}
