//! A watch: a version of rules and zones, what the rules remember, and the alerts, standing over a picture.

mod agenda;
mod conditions;
mod court;
mod ears;
mod edition;
mod explain;
mod meeting;
mod memories;
mod orders;
mod pairs;
mod sparse;
mod standing;
mod succession;

pub use edition::{Edition, Editions, FILE, Ground, MAX_EDITIONS, Minutes, Misread, Part, Statute, Text};
pub use orders::{Desk, Orders};

use std::collections::BTreeMap;
use std::sync::Arc;

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use crate::alerts::{
    Acknowledged, Acknowledgement, Alert, AlertChange, AlertKey, Finding, Ledger, Priority, Shelf, Shelving, Transition,
};
use crate::picture::{Picture, Reach, Slot, StationKey};
use crate::register::{Entered, Papers};
use crate::report::{Content, FeedId, Reading, Report};
use crate::rules::{Occasion, On};
use crate::time::{Span, TimerId, Timestamp, Wheel};
use crate::track::{Fate, Track, TrackChange};
use crate::zone::{Crossing, ZoneIx};

use agenda::Agenda;
use court::{Court, Moment, Room};
use ears::EarStanding;
use meeting::Meeting;
use memories::Memories;
use pairs::{PairIx, Pairs};
use sparse::{Room as _, Sparse};
use standing::{Standing, ZoneSets};

pub use explain::Explanation;

/// A list of ids that is copied without allocating.
pub type Ids = Arc<[Arc<str>]>;

/// A watch over a picture.
#[derive(Debug)]
pub struct Watch {
    orders: Orders,
    state: State,
    agenda: Agenda,
    zone_sets: ZoneSets,
    passage: Passage,
    room: Room,
    due: Vec<Due>,
    meeting: Meeting,
}

/// All that a watch remembers; plain data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub papers: Papers,
    standings: Sparse<Standing>,
    memories: Memories,
    pairs: Pairs,
    feeds: Vec<EarStanding>,
    /// Those of which a rule has something to remember or to expect.
    stations: BTreeMap<StationKey, EarStanding>,
    timers: Wheel<Due>,
    ledger: Ledger,
    /// For the shelf that ends first.
    shelf_timer: Option<TimerId>,
}

/// What a timer of a watch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Due {
    Vessel(Slot),
    /// All pairs of a vessel, those not remembered too.
    Around(Slot),
    Pair(PairIx),
    Feed(FeedId),
    Station(StationKey),
    Escalation(AlertKey),
    /// The shelf that ends first.
    Shelf,
}

/// What is around a vessel that reported, found once for all watches.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The areas that hold its accepted position, in order; none if they are those that held the one before, and it has
    /// crossed no edge of any area or line since.
    pub here: Option<&'a [ZoneIx]>,
    /// Whom the vicinity finds around it by what reaches as far as [`Watch::reach`], or farther.
    pub near: &'a [Slot],
}

/// What a vessel did between its last two accepted reports.
#[derive(Debug, Default)]
struct Passage {
    /// Areas it was in and is no longer.
    left: Vec<ZoneIx>,
    /// Areas that its way touched, and that it was in at neither end.
    passed: Vec<ZoneIx>,
    /// Lines it crossed.
    crossed: Vec<(ZoneIx, Crossing)>,
}

impl Watch {
    /// A watch that begins at `start` and remembers nothing.
    pub fn new(orders: Orders, papers: Papers, start: Timestamp) -> Self {
        let mut timers = Wheel::new(start.floor_s());
        let feeds = EarStanding::all(orders.feeds.len(), &mut timers);
        let state = State {
            papers,
            standings: Sparse::default(),
            memories: Memories::default(),
            pairs: Pairs::default(),
            feeds,
            stations: BTreeMap::new(),
            timers,
            ledger: Ledger::default(),
            shelf_timer: None,
        };
        Self::resume(orders, state)
    }

    /// A watch that goes on from what was remembered under the same orders.
    pub fn resume(orders: Orders, state: State) -> Self {
        Self {
            agenda: Agenda::of(&orders.rules, &orders.zones),
            orders,
            state,
            zone_sets: ZoneSets::default(),
            passage: Passage::default(),
            room: Room::default(),
            due: Vec::new(),
            meeting: Meeting::default(),
        }
    }

    /// Raises an alert of the service about itself, unless one of its kind still holds.
    pub fn report(
        &mut self,
        kind: &Arc<str>,
        priority: Priority,
        reason: &Arc<str>,
        now: Timestamp,
    ) -> Option<Arc<Alert>> {
        let ledger = &mut self.state.ledger;
        if let Some(alert) = ledger.of_rule(kind).and_then(|key| ledger.get(key)) {
            return Some(Arc::new(alert.clone()));
        }
        let alert = Alert::of_service(kind, priority, reason, now, self.orders.version);
        let key = ledger.raise(kind, alert)?;
        ledger.get(key).cloned().map(Arc::new)
    }

    /// Ends the service's own alert of a kind.
    pub fn settle(&mut self, kind: &str, now: Timestamp) -> Option<Arc<Alert>> {
        let key = self.state.ledger.of_rule(kind)?;
        let alert = self.state.ledger.get(key).cloned().map(Arc::new);
        self.state.ledger.rectify(key, now, None);
        alert
    }

    /// Forgets the alerts that were closed before a time; their ids.
    pub fn forget_closed(&mut self, before: Timestamp) -> impl Iterator<Item = Arc<str>> {
        self.state.ledger.forget(before)
    }

    /// What it remembers.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What it judges by.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The alerts that are not closed.
    pub fn ledger(&self) -> &Ledger {
        &self.state.ledger
    }

    /// Which pairs of a vessel that has a position it judges, if any.
    pub fn reach(&self, picture: &Picture, slot: Slot) -> Option<Reach> {
        let vicinity = picture.vicinity();
        self.agenda.reach(vicinity, vicinity.mover(slot)?)
    }

    /// Touches what is kept of vessels that will be heard.
    pub fn look_ahead(&self, slots: &[Slot]) {
        let State {
            standings, memories, ..
        } = &self.state;
        let standings = slots.iter().filter_map(|slot| standings.get(*slot));
        let standings = standings.fold(0, |seen, standing| seen ^ standing.zones.len());
        let memories = slots.iter().fold(0, |seen, slot| seen ^ memories.glance(*slot));
        std::hint::black_box((standings, memories));
    }

    /// Judges what a report changed.
    pub fn observe(
        &mut self,
        picture: &Picture,
        slot: Slot,
        change: &TrackChange<'_>,
        around: Surroundings<'_>,
        now: Timestamp,
    ) {
        let Surroundings { here, near } = around;
        if here.is_none() && !self.agenda.everywhere && self.state.standings.get(slot).is_none() {
            // It is in none of the zones, was in none, and has crossed no edge of any.
            return self.observe_pairs(picture, slot, change, near, now);
        }
        let mut standing = self.state.standings.take(slot);
        if change.fate == Some(Fate::Accepted) {
            self.move_vessel(picture.track(slot), here, &mut standing);
        }
        let occasions = occasions(change);
        let concerns = |occasion: &Occasion<'_>| occasion.on().is_some_and(|on| self.agenda.has(on));
        let is_judged = occasions.iter().any(concerns);
        if is_judged {
            let (mut court, passage) = self.court(picture, now);
            for occasion in occasions {
                court.vessel(slot, &mut standing, occasion, passage);
            }
        }
        // Whatever it said may let other rules' filters pass or end, or take it out of their zones.
        let may_change = if change.fate == Some(Fate::Accepted) {
            let judged_at_others = |rule| !self.agenda.is_on(On::Report, rule);
            standing.conditions.has_alert_of(judged_at_others)
        } else {
            self.may_change_at_ticks(&standing)
        };
        if may_change {
            standing.wake_by(now.floor_s() + 1, slot, &mut self.state.timers);
        }
        self.state.standings.keep(slot, standing);
        self.observe_pairs(picture, slot, change, near, now);
    }

    /// A feed has brought a valid sentence, received then.
    pub fn hear_feed(&mut self, picture: &Picture, feed: FeedId, received: Timestamp, now: Timestamp) {
        let waiting = self
            .state
            .feeds
            .get(usize::from(feed.0))
            .is_some_and(EarStanding::is_waiting);
        if waiting {
            self.court(picture, now).0.feed(feed, received, true);
        }
    }

    /// A station has brought a valid sentence, which the picture has taken in.
    pub fn hear_station(&mut self, picture: &Picture, report: &Report, now: Timestamp) {
        if self.agenda.stations.is_empty() {
            return;
        }
        let receiver = StationKey::Receiver(report.station);
        let next_s = now.floor_s() + 1;
        let is_new = || {
            picture
                .stations
                .station(report.station)
                .is_some_and(|record| record.sentences == 1)
        };
        if matches!(report.own.as_deref(), Some(Reading::Measured(_))) || is_new() {
            self.wake_station(receiver, next_s);
        }
        if let Some(said) = &report.said
            && matches!(said.content, Content::Weather(_))
        {
            self.wake_station(StationKey::Sender(said.mmsi), next_s);
        }
        if report.clock.is_some() && self.agenda.clocks {
            self.court(picture, now).0.station(receiver, Moment::TimeTold);
        }
    }

    fn wake_station(&mut self, station: StationKey, second: i64) {
        let State { stations, timers, .. } = &mut self.state;
        let standing = stations.entry(station).or_default();
        standing.wake_by(second, Due::Station(station), timers);
    }

    /// Judges what is due at a second that has come, at the clock's time `now`.
    pub fn tick(&mut self, picture: &Picture, second: i64, now: Timestamp) {
        let mut due = std::mem::take(&mut self.due);
        while self.state.timers.pass(second, &mut due).is_some() {
            // All of these timers have passed before any is acted on, which may set another's anew.
            for &what in &due {
                self.forget_timer(what);
            }
            for &what in &due {
                self.wake_up(picture, what, second, now);
            }
        }
        self.due = due;
    }

    /// Has everything judged at the next second, as after a change that may touch anything.
    pub fn judge_anew(&mut self, picture: &Picture) {
        for slot in picture.slots() {
            self.wake(slot, i64::MIN);
            self.state.timers.set(i64::MIN, Due::Around(slot));
        }
        let State { feeds, timers, .. } = &mut self.state;
        for (feed, standing) in (0..).map(FeedId).zip(feeds) {
            standing.wake_at(Some(i64::MIN), Due::Feed(feed), timers);
        }
        let known = self.state.stations.keys().copied();
        let stations: Vec<StationKey> = known.chain(picture.stations.keys()).collect();
        for station in stations {
            self.wake_station(station, i64::MIN);
        }
    }

    /// Has a vessel judged at a second to come.
    fn wake(&mut self, slot: Slot, second: i64) {
        let mut standing = self.state.standings.take(slot);
        if self.may_change_at_ticks(&standing) {
            standing.wake_by(second, slot, &mut self.state.timers);
        }
        self.state.standings.keep(slot, standing);
    }

    /// Whether any rule has something to say at a tick of a vessel that stands so: one that looks everywhere, or one of
    /// a zone that it is in, or one of which a condition is open.
    fn may_change_at_ticks(&self, standing: &Standing) -> bool {
        self.agenda.ticks_everywhere || !standing.is_empty()
    }

    /// A row is entered, which may be about this vessel.
    pub fn enter(&mut self, row: &Entered, about: Option<Slot>) {
        let Papers {
            declarations,
            inspections,
        } = &mut self.state.papers;
        match row {
            Entered::Vessel(_) => {}
            Entered::Declaration(declaration) => declarations.enter(declaration.clone()),
            Entered::Inspection(inspection) => inspections.enter(inspection.clone()),
        }
        if let Some(slot) = about {
            self.wake(slot, i64::MIN);
        }
    }

    /// The clock was set forward by so much: what is remembered is no older than it was. Timers pass at their old times,
    /// and are set anew.
    pub fn shift(&mut self, by: Span) {
        let State {
            standings,
            memories,
            pairs,
            feeds,
            stations,
            ..
        } = &mut self.state;
        for standing in standings.iter_mut() {
            standing.shift(by);
        }
        memories.shift(by);
        pairs.shift(by);
        for ear in feeds.iter_mut().chain(stations.values_mut()) {
            ear.conditions.shift(by);
        }
    }

    /// No later than this second is anything due.
    pub fn quiet_until(&self) -> Option<i64> {
        self.state.timers.earliest()
    }

    fn forget_timer(&mut self, what: Due) {
        match what {
            Due::Vessel(slot) => {
                let standing = self.state.standings.get_mut(slot);
                standing.expect("a timer is kept of its vessel").forget_timer();
            }
            Due::Pair(pair) => self.state.pairs.forget_timer(pair),
            Due::Feed(feed) => self.state.feeds[usize::from(feed.0)].forget_timer(),
            Due::Shelf => self.state.shelf_timer = None,
            Due::Station(station) => {
                if let Some(standing) = self.state.stations.get_mut(&station) {
                    standing.forget_timer();
                }
            }
            Due::Around(_) | Due::Escalation(_) => {}
        }
    }

    fn wake_up(&mut self, picture: &Picture, what: Due, second: i64, now: Timestamp) {
        match what {
            Due::Vessel(slot) => {
                let mut standing = self.state.standings.take(slot);
                let (mut court, passage) = self.court(picture, now);
                court.vessel(slot, &mut standing, Occasion::Tick, passage);
                self.state.standings.keep(slot, standing);
            }
            Due::Around(slot) => self.meet_around(picture, slot, now),
            Due::Pair(pair) => self.meet_again(picture, pair, now),
            Due::Feed(feed) => self.court(picture, now).0.feed(feed, Timestamp::from_s(second), false),
            Due::Station(station) => self.court(picture, now).0.station(station, Moment::Tick),
            Due::Escalation(alert) => self.court(picture, now).0.escalate(alert),
            Due::Shelf => {
                self.state.ledger.expire_shelves(now);
                self.time_shelves();
            }
        }
    }

    /// A hearing over this picture, and what the vessel did that last reported.
    fn court<'a>(&'a mut self, picture: &'a Picture, now: Timestamp) -> (Court<'a>, &'a Passage) {
        let court = Court::over(
            picture,
            &self.orders,
            &self.agenda,
            &mut self.state,
            &mut self.room,
            now,
        );
        (court, &self.passage)
    }

    /// A vessel leaves the picture: its alerts end, and all that was remembered of it goes.
    pub fn forget(&mut self, slot: Slot, now: Timestamp) {
        let State {
            standings,
            memories,
            pairs,
            timers,
            ledger,
            ..
        } = &mut self.state;
        pairs.forget_vessel(slot, timers, |pair| {
            for alert in pair.conditions.alerts() {
                ledger.rectify(alert, now, Some("removed"));
            }
        });
        let mut standing = standings.take(slot);
        standing.cancel_timer(timers);
        for alert in standing.conditions.alerts() {
            ledger.rectify(alert, now, Some("removed"));
        }
        memories.forget(slot);
        standing.clear();
        standings.keep(slot, standing);
    }

    /// Somebody has seen an alert.
    pub fn acknowledge(&mut self, id: &str, acknowledgement: Acknowledgement) -> Acknowledged {
        self.state.ledger.acknowledge(id, acknowledgement)
    }

    /// Somebody says what an alert was.
    pub fn assess(&mut self, id: &str, finding: Finding) -> Option<Arc<Alert>> {
        self.state.ledger.assess(id, finding)
    }

    /// Puts alerts aside; none if there are too many shelves.
    pub fn shelve(&mut self, shelving: &Shelving, now: Timestamp) -> Option<Shelf> {
        let shelf = self.state.ledger.shelve(shelving, now)?;
        self.time_shelves();
        Some(shelf)
    }

    /// Takes a shelf away.
    pub fn unshelve(&mut self, shelf: u64, now: Timestamp) -> Option<Shelf> {
        let shelf = self.state.ledger.unshelve(shelf, now)?;
        self.time_shelves();
        Some(shelf)
    }

    /// Has the shelf that ends first taken away in time.
    fn time_shelves(&mut self) {
        let State {
            timers,
            ledger,
            shelf_timer,
            ..
        } = &mut self.state;
        if let Some(timer) = shelf_timer.take() {
            timers.cancel(timer);
        }
        *shelf_timer = ledger.shelf_ends().map(|ends| timers.set(ends.ceil_s(), Due::Shelf));
    }

    /// Hands over the transitions of this line or tick, in order; `touched` gets the vessels whose alerts changed.
    pub fn tell(&mut self, picture: &Picture, touched: &mut Vec<Slot>, mut tell: impl FnMut(AlertChange)) {
        let standings = &mut self.state.standings;
        self.state.ledger.tell_all(|change| {
            if matches!(change.transition, Transition::Raised | Transition::Closed) {
                for mmsi in [change.alert.mmsi, change.alert.other_mmsi].into_iter().flatten() {
                    let Some(slot) = picture.find(mmsi) else { continue };
                    touched.push(slot);
                    let mut standing = standings.take(slot);
                    standing.note_alert(&change);
                    standings.keep(slot, standing);
                }
            }
            tell(change);
        });
    }

    /// Ids of the zones a vessel is in, and of its alerts.
    pub fn shown(&self, slot: Slot) -> Option<(Ids, Ids)> {
        self.state.standings.get(slot).map(Standing::shown)
    }

    /// Notes which areas the vessel is in now, which it left or passed, and which lines it crossed.
    fn move_vessel(&mut self, track: &Track, here: Option<&[ZoneIx]>, standing: &mut Standing) {
        let zones = &self.orders.zones;
        let Passage { left, passed, crossed } = &mut self.passage;
        left.clear();
        passed.clear();
        crossed.clear();
        let (Some(fix), Some(here)) = (&track.fix, here) else {
            return;
        };
        if let Some(previous) = track.previous {
            if self.agenda.passages {
                zones.areas_touched(previous.position, fix.position, passed);
                passed.retain(|zone| !here.contains(zone) && !standing.is_in(*zone));
            }
            if self.agenda.crossings {
                zones.lines_crossed(previous.position, fix.position, crossed);
            }
        }
        let left = track.previous.is_some().then_some(left);
        standing.move_into(here, fix.time, zones, &mut self.zone_sets, left);
    }
}

impl Passage {
    /// The zones it tells of; one may come twice.
    fn zones(&self) -> impl Iterator<Item = ZoneIx> + '_ {
        let crossed = self.crossed.iter().map(|(zone, _)| zone);
        self.left.iter().chain(&self.passed).chain(crossed).copied()
    }
}

/// What a report gives rules to judge, in the order of [`On::ALL`].
fn occasions<'r>(change: &TrackChange<'r>) -> ArrayVec<Occasion<'r>, 4> {
    let moved = match change.fate {
        Some(Fate::Accepted) => Some(Occasion::Report),
        Some(Fate::Held { after_accepted }) => Some(Occasion::Held { after_accepted }),
        Some(Fate::Late | Fate::NoPosition) | None => None,
    };
    let others = [
        moved,
        change.status_sent.map(Occasion::Status),
        change.statics.map(Occasion::Statics),
        change.text.map(Occasion::Text),
    ];
    others.into_iter().flatten().collect()
}
