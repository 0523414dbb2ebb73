//! The core: one picture of the traffic and the watches that stand over it.
//!
//! It is told what was heard, that a second passed, and what a person decided, each with the event time; it tells what
//! changed. It reads no clock, and its state is a function of what it was told.

mod change;
mod charts;
mod event;
mod order;
mod row;
mod state;

pub use event::{Event, Particulars, VesselRow};
pub use order::{Answer, Change, Key, Order};
pub use state::Unreadable;

use order::Done;

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ais::Mmsi;
use crate::alerts::{Acknowledged, Acknowledgement, Alert, AlertChange, Finding, Shelving};
use crate::picture::{Faded, Picture, Reach, Slot};
use crate::register::{Entered, Papers};
use crate::report::Report;
use crate::time::{Span, Timestamp};
use crate::track::{Fate, TrackChange, TrackLimits};
use crate::watch::{Editions, Explanation, Orders, Surroundings, Watch};

use charts::Charts;

/// Orders remembered by their keys. At the bound the oldest is forgotten: given again, it would happen again.
const MAX_KEYS: usize = 1_000;

/// The core.
#[derive(Debug)]
pub struct Traffic {
    clock: Clock,
    picture: Picture,
    /// The live watch first.
    watches: Vec<Watch>,
    /// Watches that stand for a review alone; no part of the state.
    trials: Vec<Watch>,
    /// Of the watches, then of the trials.
    charts: Charts,
    editions: Editions,
    /// The orders given under a key, oldest first, and what each was answered with.
    done: VecDeque<(Key, Done)>,
    near: Vec<Slot>,
    due: Vec<Slot>,
    faded: Vec<Faded>,
}

/// How far event time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Clock {
    /// Greatest time told.
    now: Timestamp,
    /// The last second that passed.
    ticked_s: i64,
}

impl Clock {
    /// When a live line of this event time was received: within the second that passed last. The event time tells when
    /// in it, unless it is another's.
    fn receipt_of(&self, time: Timestamp) -> Timestamp {
        let second = Timestamp::from_s(self.ticked_s);
        time.clamp(second, second.plus(Span(999)))
    }
}

/// What one call changed. Kept by the caller and used again.
#[derive(Debug, Default)]
pub struct Changes {
    /// Vessels whose rows changed; some may be named twice.
    pub vessels: Vec<Slot>,
    /// Vessels whose particulars changed; some may be named twice.
    pub described: Vec<Slot>,
    /// Vessels that left the picture.
    pub removed: Vec<Mmsi>,
    /// Transitions, in the order they are told; the number tells the watch.
    pub alerts: Vec<(usize, AlertChange)>,
    /// Transitions that the trials told, in order; the number tells the trial.
    pub trials: Vec<(usize, AlertChange)>,
    /// Alerts that changed without a transition.
    pub amended: Vec<Arc<Alert>>,
    /// Ids of alerts that are no longer known.
    pub forgotten: Vec<Arc<str>>,
}

impl Changes {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.vessels.clear();
        self.described.clear();
        self.removed.clear();
        self.alerts.clear();
        self.trials.clear();
        self.amended.clear();
        self.forgotten.clear();
    }
}

impl Traffic {
    /// A core that begins at `start`, whose second is the first tick.
    pub fn new(picture: Picture, watches: Vec<Watch>, start: Timestamp) -> Self {
        let clock = Clock {
            now: Timestamp::from_s(start.floor_s()),
            ticked_s: start.floor_s() - 1,
        };
        Self::of(clock, picture, watches)
    }

    fn of(clock: Clock, picture: Picture, watches: Vec<Watch>) -> Self {
        let mut traffic = Self {
            clock,
            picture,
            watches,
            trials: Vec::new(),
            charts: Charts::default(),
            editions: Editions::default(),
            done: VecDeque::new(),
            near: Vec::new(),
            due: Vec::new(),
            faded: Vec::new(),
        };
        traffic.look_at_watches();
        traffic
    }

    /// Has a watch stand for a review, from now on over what is already there. It tells of itself in
    /// [`Changes::trials`], by its place in the order in which they came.
    pub fn try_out(&mut self, orders: Orders, papers: Papers) {
        self.trials
            .push(Watch::over(orders, papers, &self.picture, self.clock.now));
        self.look_at_watches();
    }

    /// Finds the charts that the watches judge by, and keeps trails as long as the longest window of all of them.
    fn look_at_watches(&mut self) {
        let all = || self.watches.iter().chain(&self.trials);
        self.charts = Charts::of(all());
        let windows = all().flat_map(|watch| &watch.orders().rules);
        if let Some(longest) = windows.map(|rule| rule.judge.window()).max() {
            let trail = &mut self.picture.limits.trail;
            *trail = longest.max(*trail);
        }
    }

    /// The picture as it is now.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Explains a vessel by the rules of all watches, or by one of them; none if it is not in the picture.
    pub fn explain(&self, mmsi: Mmsi, rule: Option<&str>) -> Option<Vec<Explanation>> {
        let slot = self.picture.find(mmsi)?;
        let of_watch = |watch: &Watch| watch.explain(&self.picture, slot, rule, self.clock.now);
        Some(self.watches.iter().flat_map(of_watch).collect())
    }

    /// Sets other limits for the tracks, and hears so many feeds: those there were, and new ones behind them.
    pub fn set_up(&mut self, limits: TrackLimits, feeds: usize) {
        self.picture.limits = limits;
        self.picture.stations.hear_feeds(feeds, self.clock.now);
    }

    /// The watches, the live one first.
    pub fn watches(&self) -> &[Watch] {
        &self.watches
    }

    /// The watches that stand for a review, in the order in which they came.
    pub fn trials(&self) -> &[Watch] {
        &self.trials
    }

    /// Greatest event time told so far.
    pub fn now(&self) -> Timestamp {
        self.clock.now
    }

    /// Looks for what the reports to come will change, a few dozen at a time, so that the memory of one need not be waited
    /// for after that of the other. It changes nothing.
    pub fn look_ahead<'r>(&mut self, reports: impl Iterator<Item = &'r Report>) {
        self.picture.look_ahead(reports, &mut self.due);
        self.charts.glance(&self.due);
        for watch in &self.watches {
            watch.look_ahead(&self.due);
        }
    }

    /// Something was heard. Ticks of the seconds up to its time come before it.
    pub fn observe<'r>(&mut self, report: &'r Report, changes: &mut Changes) -> Option<TrackChange<'r>> {
        self.clock.now = self.clock.now.max(report.time);
        let now = self.clock.now;
        let received = self.clock.receipt_of(report.time);
        let applied = self.picture.apply(report, received);
        self.near.clear();
        if let Some((slot, change)) = &applied
            && change.fate == Some(Fate::Accepted)
            && let reaches = self
                .watches
                .iter()
                .chain(&self.trials)
                .filter_map(|watch| watch.reach(&self.picture, *slot))
            && let Some(reach) = reaches.reduce(Reach::or)
        {
            self.picture.vicinity().near(*slot, &reach, &mut self.near);
        }
        if let Some((slot, change)) = &applied
            && change.fate == Some(Fate::Accepted)
            && let Some(fix) = &self.picture.track(*slot).fix
        {
            self.charts.locate(*slot, fix.position);
        }
        for (n, watch) in self.watches.iter_mut().chain(&mut self.trials).enumerate() {
            watch.hear_feed(&self.picture, report.station.feed, received, now);
            watch.hear_station(&self.picture, report, now);
            if let Some((slot, change)) = &applied {
                let around = Surroundings {
                    here: self.charts.here(n),
                    near: &self.near,
                };
                watch.observe(&self.picture, *slot, change, around, now);
            }
        }
        if let Some((slot, change)) = &applied {
            changes.vessels.push(*slot);
            if change.statics.is_some() {
                changes.described.push(*slot);
            }
        }
        self.tell(changes);
        applied.map(|(_, change)| change)
    }

    /// All seconds up to `now_s` have passed. Where lines were stamped ahead of them, what is due is judged at the
    /// clock's time, which never runs back.
    pub fn tick(&mut self, now_s: i64, changes: &mut Changes) {
        while self.clock.ticked_s < now_s {
            let quiet = self
                .watches
                .iter()
                .chain(&self.trials)
                .filter_map(Watch::quiet_until)
                .chain(self.picture.quiet_until())
                .min();
            let second = quiet.map_or(now_s, |quiet| quiet.clamp(self.clock.ticked_s + 1, now_s));
            self.clock.ticked_s = second;
            self.clock.now = self.clock.now.max(Timestamp::from_s(second));
            self.picture.pass(second);
            self.fade(second, changes);
            for watch in self.watches.iter_mut().chain(&mut self.trials) {
                watch.tick(&self.picture, second, self.clock.now);
            }
            self.tell(changes);
        }
    }

    /// Has every vessel, pair and feed judged at the next second, whether anything of it is due or not.
    pub fn judge_anew(&mut self) {
        for watch in self.watches.iter_mut().chain(&mut self.trials) {
            watch.judge_anew(&self.picture);
        }
    }

    /// The service, or its journal, was away until now.
    pub fn away(&mut self, until: Timestamp, changes: &mut Changes) {
        self.picture.miss(self.clock.now, until);
        self.tick(until.floor_s(), changes);
    }

    /// The clock was set forward by so much, to a time: whatever is remembered as recent stays as old as it was, so that nobody has
    /// been silent, and nothing has lasted, for as long as that.
    pub fn set_clock(&mut self, by: Span, to: Timestamp, changes: &mut Changes) {
        self.clock.now = self.clock.now.max(to);
        self.picture.shift(by);
        for watch in &mut self.watches {
            watch.shift(by);
        }
        changes.vessels.extend(self.picture.slots());
        self.tick(to.floor_s(), changes);
    }

    /// Goes on under other orders (see [`Watch::succeed`]), and over another picture where one is given: then the alerts
    /// of its vessels end as those of vessels that leave do.
    pub fn adopt(&mut self, picture: Option<Picture>, orders: Vec<Orders>, changes: &mut Changes) {
        let now = self.clock.now;
        if let Some(picture) = picture {
            for slot in self.picture.slots() {
                for watch in self.watches.iter_mut().chain(&mut self.trials) {
                    watch.forget(slot, now);
                }
                changes.removed.push(self.picture.track(slot).mmsi);
            }
            self.picture = picture;
        }
        changes.vessels.extend(self.picture.slots());
        let mut before = std::mem::take(&mut self.watches);
        let mut next = Vec::new();
        for orders in orders {
            let same = before.iter().position(|watch| watch.orders().shadow == orders.shadow);
            next.push(match same {
                Some(at) => before.remove(at).succeed(orders, &self.picture, now),
                None => {
                    let papers = before
                        .first()
                        .or(next.first())
                        .map(|watch| watch.state().papers.clone());
                    Watch::over(orders, papers.unwrap_or_default(), &self.picture, now)
                }
            });
        }
        self.watches = next;
        self.look_at_watches();
        self.tell(changes);
        for (n, mut gone) in (self.watches.len()..).zip(before) {
            gone.dissolve(now);
            gone.tell(&self.picture, &mut changes.vessels, |change| {
                changes.alerts.push((n, change))
            });
        }
    }

    /// Carries out a decision.
    pub fn order(&mut self, order: &Order, now: Timestamp, changes: &mut Changes) -> Answer {
        self.clock.now = self.clock.now.max(now);
        let answer = self.carry_out(order, changes);
        self.tell(changes);
        answer
    }

    fn carry_out(&mut self, order: &Order, changes: &mut Changes) -> Answer {
        match order {
            Order::Once { key, order } => self.once(key, order, changes),
            Order::Assess { alert, finding } => self.assess(alert, *finding, changes),
            Order::Acknowledge { alert, by, comment } => self.acknowledge(alert, by, comment),
            Order::Shelve(shelving) => self.shelve(shelving),
            Order::Unshelve { shelf } => self.unshelve(*shelf),
            Order::Enter(row) => self.enter(row, changes),
            Order::Raise { kind, priority, reason } => {
                self.live(|watch, now| watch.report(kind, *priority, reason, now))
            }
            Order::Change(change) => self.change(change, changes),
            Order::Rectify { kind } => self.live(|watch, now| watch.settle(kind, now)),
            Order::Forget { closed_before } => {
                for watch in &mut self.watches {
                    changes.forgotten.extend(watch.forget_closed(*closed_before));
                }
                Answer::Forgotten
            }
        }
    }

    fn once(&mut self, key: &Key, order: &Order, changes: &mut Changes) -> Answer {
        if let Some((before, done)) = self.done.iter().find(|(before, _)| before.name == key.name) {
            let known = |alert: &str| self.watches.iter().find_map(|watch| watch.ledger().find(alert));
            return match done {
                _ if before.request != key.request => Answer::KeyTaken,
                Done::Alert(alert) => known(alert).map_or(Answer::Unknown, Answer::Unchanged),
                Done::Shelf(shelf) => Answer::Shelf(shelf.clone()),
                Done::Version(version) => Answer::Version(*version),
            };
        }
        let answer = self.carry_out(order, changes);
        if let Some(done) = Done::of(&answer) {
            if self.done.len() == MAX_KEYS {
                self.done.pop_front();
            }
            self.done.push_back((key.clone(), done));
        }
        answer
    }

    /// Shelves are the live watch's: alerts of the others are told to nobody.
    fn shelve(&mut self, shelving: &Shelving) -> Answer {
        let now = self.clock.now;
        let shelf = self.watches.first_mut().and_then(|watch| watch.shelve(shelving, now));
        shelf.map_or(Answer::NoRoom, Answer::Shelf)
    }

    fn enter(&mut self, row: &Entered, changes: &mut Changes) -> Answer {
        if let Entered::Vessel(vessel) = row {
            self.picture.register(vessel.clone(), &mut changes.vessels);
        }
        let about = row.mmsi().and_then(|mmsi| self.picture.find(mmsi));
        for watch in &mut self.watches {
            watch.enter(row, about);
        }
        Answer::Entered
    }

    fn unshelve(&mut self, shelf: u64) -> Answer {
        let now = self.clock.now;
        let shelf = self.watches.first_mut().and_then(|watch| watch.unshelve(shelf, now));
        shelf.map_or(Answer::Unknown, Answer::Shelf)
    }

    fn assess(&mut self, alert: &str, finding: Finding, changes: &mut Changes) -> Answer {
        let found = self.watches.iter_mut().find_map(|watch| watch.assess(alert, finding));
        changes.amended.extend(found.clone());
        found.map_or(Answer::Unknown, Answer::Done)
    }

    /// Has the live watch do something with the service's own alerts.
    fn live(&mut self, work: impl FnOnce(&mut Watch, Timestamp) -> Option<Arc<Alert>>) -> Answer {
        let now = self.clock.now;
        let done = self.watches.first_mut().and_then(|watch| work(watch, now));
        done.map_or(Answer::Unknown, Answer::Done)
    }

    fn acknowledge(&mut self, alert: &str, by: &Option<Arc<str>>, comment: &Option<Arc<str>>) -> Answer {
        let acknowledgement = Acknowledgement {
            time: self.clock.now,
            by: by.clone(),
            comment: comment.clone(),
        };
        for watch in &mut self.watches {
            match watch.acknowledge(alert, acknowledgement.clone()) {
                Acknowledged::Done(alert) => return Answer::Done(alert),
                Acknowledged::Unchanged(alert) => return Answer::Unchanged(alert),
                Acknowledged::Unknown => {}
            }
        }
        Answer::Unknown
    }

    /// Vessels not heard of for too long are lost, or leave.
    fn fade(&mut self, second: i64, changes: &mut Changes) {
        let now = self.clock.now;
        while self.picture.fade(second, &mut self.due, &mut self.faded).is_some() {
            for &faded in &self.faded {
                match faded {
                    Faded::Lost(slot) => changes.vessels.push(slot),
                    Faded::Due(slot) => {
                        for watch in self.watches.iter_mut().chain(&mut self.trials) {
                            watch.forget(slot, now);
                        }
                        self.charts.forget(slot);
                        changes.removed.push(self.picture.remove(slot).mmsi);
                    }
                }
            }
        }
    }

    fn tell(&mut self, changes: &mut Changes) {
        for (n, watch) in self.watches.iter_mut().enumerate() {
            watch.tell(&self.picture, &mut changes.vessels, |change| {
                changes.alerts.push((n, change))
            });
        }
        for (n, trial) in self.trials.iter_mut().enumerate() {
            // Nobody is shown the alerts of a trial.
            trial.tell(&self.picture, &mut Vec::new(), |change| {
                changes.trials.push((n, change))
            });
        }
    }
}
