//! Reviews: recordings, or the journal of a data folder, played once under all cases.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::ahead::hear_ahead;
use super::recover::{Standing, journal_folder, start_in_force};
use super::reel::nearest;
use super::start::Start;
use super::{orders_of, papers_of, reception};
use crate::config::Config;
use crate::engine::Done;
use crate::feeds::FeedSettings;
use crate::feeds::recording::{Merged, Timed};
use crate::journal::{Entry, Folder, Reader, Record, Segments, Verify};
use crate::picture::Picture;
use crate::report::HashKey;
use crate::review::{Capacity, Case, Outcome, Review, Side};
use crate::time::{LocalTime, Span, Timestamp};
use crate::traffic::{Changes, Order, Traffic};

/// So long before what counts the picture begins to fill, where no snapshot has it.
const WARM_UP: Span = Span::s(3600);
/// Lines or records between two tellings of how far it has come.
const GLANCE: u64 = 4096;

/// What is reviewed: from and to when, and how.
#[derive(Debug)]
pub struct Reviewing {
    pub cases: Vec<Case>,
    pub local: LocalTime,
    pub capacity: Capacity,
    /// Alerts count from then on.
    pub from: Option<Timestamp>,
    /// What was heard at or after this is left out.
    pub to: Option<Timestamp>,
    /// Of the service that goes on: its journal is played from the nearest snapshot before `from` on, and not from its
    /// beginning, and all cases have the declarations and inspections that it holds.
    pub is_rehearsal: bool,
}

/// One side of a review, of a site that hears these feeds. Takes the rules out of the configuration.
pub fn side(config: &mut Config, feeds: &[Arc<FeedSettings>]) -> Side {
    let rules = std::mem::take(&mut config.rules);
    Side {
        orders: orders_of(config, feeds, rules, false),
        papers: papers_of(config),
    }
}

/// What those who answer a site's alerts can take: an operator a desk.
pub fn capacity(config: &Config) -> Capacity {
    Capacity {
        alerts_per_hour: config.review.alerts_per_hour,
        operators: config.desks.len().max(1),
    }
}

/// The feeds that a data folder's journal begins with.
pub fn feeds_of_journal(data: &Path) -> anyhow::Result<Vec<Arc<FeedSettings>>> {
    Ok(start_of(&Folder(journal_folder(data)))?.shared_feeds())
}

/// The newest segment that begins before a time, or the oldest: under which start, and after which record.
fn beginning(folder: &Folder, before: Timestamp) -> anyhow::Result<(Start, u64)> {
    for number in folder.list()?.into_iter().rev() {
        let Some(head) = folder.head(number)? else { continue };
        if head.time <= before && !head.start.is_empty() {
            return Ok((Start::from_bytes(&head.start)?, head.records));
        }
    }
    Ok((start_of(folder)?, 0))
}

fn start_of(folder: &Folder) -> anyhow::Result<Start> {
    let in_force = start_in_force(folder)?;
    let mut reader = Reader::new(Box::new(folder.clone()), 0, Verify::Frames)?;
    loop {
        match reader.next_record() {
            Ok(Some((_, record))) => {
                // A segment may be begun by a start; its head tells the one before.
                let own = match record.entry {
                    Entry::Start(bytes) => Some(bytes),
                    _ => in_force.as_deref(),
                };
                if let Some(start) = own {
                    return Start::from_bytes(start);
                }
            }
            Ok(None) => anyhow::bail!("the journal holds no start"),
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl Reviewing {
    /// Reviews recordings; `told` hears how far it has come.
    pub fn of_recordings(
        self,
        merged: &mut Merged,
        config: &Config,
        feeds: &[Arc<FeedSettings>],
        key: HashKey,
        mut told: impl FnMut(Timestamp),
    ) -> anyhow::Result<Outcome> {
        let (from, to) = (self.from, self.to);
        let chosen = move |line: &Timed<'_>| match to {
            Some(to) if line.time >= to => ControlFlow::Break(()),
            _ => ControlFlow::Continue(from.is_none_or(|from| line.time >= from)),
        };
        let mut set_up = Some(self);
        let mut at_work: Option<(Traffic, Review)> = None;
        let mut changes = Changes::default();
        hear_ahead(merged, reception(feeds, key), chosen, |batch| {
            if let Some(this) = set_up.take() {
                let start = batch.from;
                let picture = Picture::new(config.track.clone(), config.register.clone(), feeds.len(), start, key);
                let mut traffic = Traffic::new(picture, Vec::new(), start);
                let review = this.begin(&mut traffic);
                at_work = Some((traffic, review));
            }
            let Some((traffic, review)) = &mut at_work else {
                return Ok(());
            };
            for heard in &batch.heard {
                if let Some(report) = &heard.report {
                    traffic.tick(report.time.floor_s(), &mut changes);
                }
                Done::by(heard, traffic, &mut changes);
                review.take(&changes, traffic);
                changes.clear();
            }
            told(traffic.now());
            Ok(())
        })?;
        let (traffic, review) = at_work.context("nothing was heard in that time")?;
        Ok(review.finish(&traffic))
    }

    /// Reviews the journal of a data folder, whose recorded alerts' verdicts count. The picture is that of all it holds;
    /// `told` hears how far it has come, and may end it.
    pub fn of_journal(
        self,
        data: &Path,
        mut told: impl FnMut(Timestamp) -> ControlFlow<()>,
    ) -> anyhow::Result<Option<Outcome>> {
        let (from, to) = (self.from, self.to);
        let (mut reader, mut standing, mut first) = self.open(data)?;
        let mut set_up = Some(self);
        let mut review: Option<Review> = None;
        loop {
            let (number, record) = match reader.next_record() {
                Ok(Some(read)) => read,
                Ok(None) => break,
                Err(error) if error.is_damage() => {
                    tracing::warn!(%error, "what is damaged is left out of the review");
                    if let Some(standing) = &mut standing {
                        standing.player.forgive();
                    }
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if to.is_some_and(|to| record.time >= to) {
                break;
            }
            if number % GLANCE == 0 && told(record.time).is_break() {
                return Ok(None);
            }
            let begins = first.is_some() && matches!(record.entry, Entry::Start(_));
            if let Some(start) = first.take() {
                let start = match record.entry {
                    Entry::Start(bytes) => Start::from_bytes(bytes)?,
                    _ => start,
                };
                standing = Some(Standing::before(start, number, &record)?);
            }
            let Some(standing) = &mut standing else { continue };
            // What seeds the journal is not the review's: each case has the declarations of its own configuration.
            if !(begins || is_entry(&record))
                && from.is_none_or(|from| record.time >= from)
                && let Some(this) = set_up.take()
            {
                review = Some(this.begin(standing.player.core.traffic_mut()));
            }
            if !begins {
                standing.play(number, &record)?;
            }
            if let Some(review) = &mut review {
                review.take(standing.changes(), standing.player.core.traffic());
            }
        }
        let standing = standing.context("the journal holds nothing")?;
        let review = review.context("the journal holds nothing of that time")?;
        Ok(Some(review.finish(standing.player.core.traffic())))
    }

    /// A journal from where it is to be played, with the core that stands there, or else the start it begins with.
    fn open(&self, data: &Path) -> anyhow::Result<(Reader, Option<Standing>, Option<Start>)> {
        let folder = Folder(journal_folder(data));
        let read = |after| Reader::new(Box::new(folder.clone()), after, Verify::Frames);
        let Some(from) = self.from.filter(|_| self.is_rehearsal) else {
            return Ok((read(0)?, None, Some(start_of(&folder)?)));
        };
        if let Some((record, standing)) = nearest(data, from)? {
            return Ok((read(record)?, Some(standing), None));
        }
        let (start, after) = beginning(&folder, from.plus(Span(-WARM_UP.0)))?;
        Ok((read(after)?, None, Some(start)))
    }

    fn begin(mut self, traffic: &mut Traffic) -> Review {
        if let Some(live) = traffic.watches().first().filter(|_| self.is_rehearsal) {
            for case in &mut self.cases {
                case.papers = live.state().papers.clone();
            }
        }
        Review::begin(self.cases, traffic, self.local, self.capacity)
    }
}

/// Whether it enters a row of the register, or of declarations or inspections.
fn is_entry(record: &Record<'_>) -> bool {
    let Entry::Order(bytes) = record.entry else {
        return false;
    };
    matches!(serde_json::from_slice(bytes), Ok(Order::Enter(_)))
}
