//! Where rules are heard: each condition is judged, settled, and raises or ends its alert.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::Agenda;
use super::conditions::Conditions;
use super::ears::EarStanding;
use super::memories::Memories;
use super::pairs::Pair;
use super::standing::Standing;
use super::{Due, Orders, Passage, State};
use crate::ais::Mmsi;
use crate::alerts::{Alert, AlertKey, Condition, Ledger, Patience, Verdict, rounded};
use crate::geo::Position;
use crate::picture::{Picture, Slot, StationKey};
use crate::register::Papers;
use crate::report::FeedId;
use crate::rules::{Judgement, Memory, Occasion, Party, Place, Rule, Scene, Seen, SeenStation};
use crate::time::{Timestamp, Wheel};
use crate::track::Track;
use crate::zone::ZoneIx;

/// What the rules may look at.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub(super) picture: &'a Picture,
    pub(super) orders: &'a Orders,
    pub(super) papers: &'a Papers,
    pub(super) now: Timestamp,
}

/// One hearing: what the rules may look at, and the books they are entered in.
pub(super) struct Court<'a> {
    picture: &'a Picture,
    orders: &'a Orders,
    agenda: &'a Agenda,
    papers: &'a Papers,
    memories: &'a mut Memories,
    feeds: &'a mut Vec<EarStanding>,
    stations: &'a mut BTreeMap<StationKey, EarStanding>,
    timers: &'a mut Wheel<Due>,
    ledger: &'a mut Ledger,
    room: &'a mut Room,
    now: Timestamp,
}

/// Room to work in, used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    places: Vec<Place>,
    rules: Vec<u16>,
    /// Of vessels and pairs that have no condition open.
    conditions: Vec<Conditions>,
}

/// Whom an alert is about.
struct Subject {
    mmsi: Option<Mmsi>,
    position: Option<Position>,
    simulated: bool,
    /// Stands in the alert's id.
    name: String,
    /// The other vessel of a pair.
    other_mmsi: Option<Mmsi>,
    /// A feed's or a station's name.
    reason: Option<Arc<str>>,
}

impl<'a> Evidence<'a> {
    pub(super) fn scene<'s>(
        &self,
        rule: &'s Rule,
        subject: Seen<'s>,
        occasion: Occasion<'s>,
        memory: &'s Memory,
    ) -> Scene<'s>
    where
        'a: 's,
    {
        Scene {
            now: self.now,
            occasion,
            picture: self.picture,
            subject,
            zone: None,
            inside_since: None,
            crossing: None,
            inside: &[],
            selected: rule.zones.as_ref(),
            zones: &self.orders.zones,
            papers: self.papers,
            tide: &self.orders.tide,
            local: &self.orders.local,
            max_sentences_s: match subject {
                Seen::Feed(feed) => self.orders.max_sentences_s[usize::from(feed.0)],
                Seen::Vessel(_) | Seen::Pair(..) | Seen::Station(_) => None,
            },
            memory,
        }
    }
}

/// When a station is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// It told the time.
    TimeTold,
    /// A second at which it was due.
    Tick,
}

impl<'a> Court<'a> {
    pub(super) fn over(
        picture: &'a Picture,
        orders: &'a Orders,
        agenda: &'a Agenda,
        state: &'a mut State,
        room: &'a mut Room,
        now: Timestamp,
    ) -> Self {
        let State {
            papers,
            memories,
            feeds,
            stations,
            timers,
            ledger,
            ..
        } = state;
        Self {
            picture,
            orders,
            agenda,
            papers,
            memories,
            feeds,
            stations,
            timers,
            ledger,
            room,
            now,
        }
    }

    /// What a vessel did, or a second at which it was due: then what ticks can change is judged, and no more.
    pub(super) fn vessel(&mut self, slot: Slot, standing: &mut Standing, occasion: Occasion<'_>, passage: &Passage) {
        let orders = self.orders;
        let mut rules = std::mem::take(&mut self.room.rules);
        match occasion.on() {
            Some(on) => {
                let class = self.picture.track(slot).class;
                self.agenda.concerned(on, class, standing, passage, &mut rules);
            }
            None => {
                let due = |ix: &u16| {
                    orders.rules[usize::from(*ix)].kind.evaluation.on_ticks
                        || standing.conditions.has_alert_of(|other| other == *ix)
                };
                rules.clear();
                rules.extend(self.agenda.vessels.iter().copied().filter(due));
            }
        }
        standing.conditions.borrow_room(&mut self.room.conditions);
        for &ix in &rules {
            self.judge(ix, &orders.rules[usize::from(ix)], slot, standing, occasion, passage);
        }
        standing.conditions.give_room(&mut self.room.conditions);
        self.room.rules = rules;
    }

    /// A second has come at which the feed was due; or it `has_brought` a valid sentence, which only what ends at once is
    /// judged by. Feeds go by the time of receipt, that second or the sentence's, however far ahead a sentence was stamped.
    pub(super) fn feed(&mut self, feed: FeedId, received: Timestamp, has_brought: bool) {
        let name = self.orders.feeds[usize::from(feed.0)].clone();
        let mut standing = std::mem::take(&mut self.feeds[usize::from(feed.0)]);
        let mut due = None;
        for &ix in &self.agenda.feeds {
            let rule = &self.orders.rules[usize::from(ix)];
            let is_meant = rule.feeds.is_empty() || rule.feeds.iter().any(|named| **named == *name);
            let is_judged = !has_brought || rule.kind.evaluation.ends_at_once(Occasion::Tick);
            if !is_meant || !is_judged {
                continue;
            }
            let scene = Scene {
                now: received,
                ..self.scene(rule, Seen::Feed(feed), Occasion::Tick, &Memory::Nothing)
            };
            let judgement = rule.judge.judge(&scene);
            let next = standing.conditions.work_on(ix, None, |condition| {
                let at = (None, Occasion::Tick);
                self.settle(rule, condition, at, &judgement, || Subject::feed(&name))
            });
            due = earlier(due, next);
        }
        match due {
            Some(second) if has_brought => standing.wake_by(second, Due::Feed(feed), self.timers),
            None if has_brought => {}
            _ => standing.wake_at(due, Due::Feed(feed), self.timers),
        }
        self.feeds[usize::from(feed.0)] = standing;
    }

    /// The station told the time, or a second has come at which it was due.
    pub(super) fn station(&mut self, key: StationKey, moment: Moment) {
        let mut standing = self.stations.remove(&key).unwrap_or_default();
        let Some((record, feed)) = self.picture.stations.find(key) else {
            for alert in standing.conditions.alerts() {
                self.ledger.rectify(alert, self.now, Some("removed"));
            }
            return;
        };
        let orders = self.orders;
        let feed = &*orders.feeds[usize::from(feed.0)];
        let seen = SeenStation { key, record, feed };
        let mut due = None;
        for &ix in &self.agenda.stations {
            let rule = &orders.rules[usize::from(ix)];
            let on_ticks = rule.kind.evaluation.on_ticks;
            let is_judged = match moment {
                Moment::TimeTold => !on_ticks,
                Moment::Tick => on_ticks || standing.conditions.has_alert_of(|other| other == ix),
            };
            if !is_judged {
                continue;
            }
            let scene = self.scene(rule, Seen::Station(seen), Occasion::Tick, &Memory::Nothing);
            let judgement = rule.judge.judge(&scene);
            let next = standing.conditions.work_on(ix, None, |condition| {
                let at = (None, Occasion::Tick);
                self.settle(rule, condition, at, &judgement, || Subject::station(&seen))
            });
            due = earlier(due, next);
        }
        match (moment, due) {
            (Moment::Tick, due) => standing.wake_at(due, Due::Station(key), self.timers),
            (Moment::TimeTold, Some(second)) => standing.wake_by(second, Due::Station(key), self.timers),
            (Moment::TimeTold, None) => {}
        }
        if !standing.is_idle() {
            self.stations.insert(key, standing);
        }
    }

    /// An alert has stood unacknowledged for its rule's `escalate_s`, unless it has ended since.
    pub(super) fn escalate(&mut self, key: AlertKey) {
        let Some(alert) = self.ledger.get(key) else { return };
        let rule = self.orders.rules.iter().find(|rule| rule.id == alert.rule);
        let due = rule
            .and_then(|rule| rule.escalate_s)
            .map(|after| alert.raised.plus(after));
        if due.is_some_and(|due| self.now >= due) {
            self.ledger.escalate(key, self.now);
        }
    }

    /// Judges a rule wherever it reaches this vessel, and ends it where it no longer does.
    fn judge(
        &mut self,
        ix: u16,
        rule: &'a Rule,
        slot: Slot,
        standing: &mut Standing,
        occasion: Occasion<'_>,
        passage: &Passage,
    ) {
        let track = self.picture.track(slot);
        let mut memory = self.memories.take(slot, ix);
        let scene = self.scene(rule, Seen::Vessel(track), occasion, &Memory::Nothing);
        if rule.judge.remembers() {
            rule.judge.remember(&scene.among(&standing.zones), &mut memory);
        }
        let mut places = std::mem::take(&mut self.room.places);
        standing.places_of(ix, rule, || rule.filter.passes(track), passage, &mut places);
        let (mut due, mut told) = (None, false);
        // Ticks judge the others in those places alone where an alert is active.
        let is_open = |zone| {
            standing
                .conditions
                .get(ix, zone)
                .is_some_and(|open| open.alert.is_some())
        };
        if occasion == Occasion::Tick && !rule.kind.evaluation.on_ticks {
            places.retain(|place| is_open(place.zone));
        }
        for place in &places {
            let judgement = if place.reached {
                let scene = self.scene(rule, Seen::Vessel(track), occasion, &memory);
                rule.judge.judge(&scene.among(&standing.zones).at(place))
            } else {
                Judgement::NO
            };
            if rule.kind.evaluation.momentary {
                told |= judgement.holds && self.happen(rule, place.zone, &judgement, track);
                continue;
            }
            let next = standing.conditions.work_on(ix, place.zone, |condition| {
                let at = (place.zone, occasion);
                self.settle(rule, condition, at, &judgement, || Subject::vessel(track))
            });
            due = earlier(due, next);
        }
        self.room.places = places;
        if told {
            rule.judge.note_told(&scene, &mut memory);
        }
        self.memories.keep(slot, ix, memory);
        if let Some(second) = due {
            standing.wake_by(second, slot, self.timers);
        }
    }

    /// Judges a pair by every rule that may have something to say of it; returns the next second at which anything of
    /// it may change though nothing is heard.
    pub(super) fn pair(
        &mut self,
        pair: &mut Pair,
        [one, other]: [Party<'_>; 2],
        occasion: Occasion<'_>,
    ) -> Option<i64> {
        let mut due = None;
        let mut places = std::mem::take(&mut self.room.places);
        pair.conditions.borrow_room(&mut self.room.conditions);
        for &ix in &self.agenda.pairs {
            let rule = &self.orders.rules[usize::from(ix)];
            let may_hold = rule.judge.may_meet(one.mover, other.mover);
            if !may_hold && !pair.conditions.rules().any(|open| open == ix) {
                continue;
            }
            places.clear();
            if may_hold && (rule.filter.passes(one.track) || rule.filter.passes(other.track)) {
                reach_pair(rule, [one, other], &mut places);
            }
            pair.conditions.add_unreached(ix, &mut places);
            let scene = self.scene(rule, Seen::Pair(one, other), occasion, &Memory::Nothing);
            for place in &places {
                let judgement = if place.reached {
                    rule.judge.judge(&scene.at(place))
                } else {
                    Judgement::NO
                };
                let subject = || Subject::pair(one.track, other.track);
                let next = pair.conditions.work_on(ix, place.zone, |condition| {
                    self.settle(rule, condition, (place.zone, Occasion::Tick), &judgement, subject)
                });
                due = earlier(due, next);
            }
        }
        pair.conditions.give_room(&mut self.room.conditions);
        self.room.places = places;
        due
    }

    /// Tells an event: it is raised and rectified in one instant.
    fn happen(&mut self, rule: &Rule, zone: Option<ZoneIx>, judgement: &Judgement, track: &Track) -> bool {
        let alert = self.raise(rule, zone, judgement, Subject::vessel(track));
        if let Some(alert) = alert {
            self.ledger.rectify(alert, self.now, None);
        }
        alert.is_some()
    }

    fn scene<'s>(&self, rule: &'s Rule, subject: Seen<'s>, occasion: Occasion<'s>, memory: &'s Memory) -> Scene<'s>
    where
        'a: 's,
    {
        let evidence = Evidence {
            picture: self.picture,
            orders: self.orders,
            papers: self.papers,
            now: self.now,
        };
        evidence.scene(rule, subject, occasion, memory)
    }

    /// Enters a judgement of a place, at an occasion; returns the next second at which its condition may change though nothing is heard.
    fn settle(
        &mut self,
        rule: &Rule,
        condition: &mut Condition,
        (zone, occasion): (Option<ZoneIx>, Occasion<'_>),
        judgement: &Judgement,
        subject: impl FnOnce() -> Subject,
    ) -> Option<i64> {
        let patience = Patience {
            for_s: rule.for_s,
            clear_s: rule.clear_s,
        };
        let at_once = rule.kind.evaluation.ends_at_once(occasion);
        match condition.settle(judgement.holds, at_once, self.now, patience) {
            Verdict::Nothing => {}
            Verdict::Raise => condition.alert = self.raise(rule, zone, judgement, subject()),
            Verdict::Rectify(alert) => self.ledger.rectify(alert, self.now, None),
        }
        // Ticks judge the others only while an alert is active.
        let ticks = rule.kind.evaluation.on_ticks;
        let next_s = judgement.next_s.filter(|_| ticks || condition.alert.is_some());
        earlier(condition.due_s(patience, ticks), next_s)
    }

    fn raise(
        &mut self,
        rule: &Rule,
        zone: Option<ZoneIx>,
        judgement: &Judgement,
        subject: Subject,
    ) -> Option<AlertKey> {
        let place = zone.map(|zone| self.orders.zones.get(zone));
        let mut name = format!("{}-{}", rule.id, subject.name);
        if let Some(zone) = place.filter(|_| rule.names_zone()) {
            name = format!("{name}-{}", zone.id);
        }
        let alert = Alert {
            id: Arc::default(),
            rule: rule.id.clone(),
            kind: rule.kind.name.into(),
            priority: rule.priority,
            state: crate::alerts::State::Active,
            mmsi: subject.mmsi,
            other_mmsi: subject.other_mmsi,
            zone: place.map(|zone| zone.id.clone()),
            reason: judgement.reason.map(Arc::from).or(subject.reason),
            position: subject.position.map(Position::rounded),
            value: judgement.value.map(|value| rounded(value, rule.kind.unit)),
            limit: judgement.limit.map(|limit| rounded(limit, rule.kind.unit)),
            unit: rule.kind.unit.map(Arc::from),
            raised: self.now,
            rectified: None,
            closed: None,
            acknowledged: None,
            finding: None,
            shelved_until: None,
            rule_version: self.orders.version,
            shadow: self.orders.shadow,
            indicative: place.is_some_and(|zone| !zone.is_published()),
            simulated: subject.simulated,
            desk: zone.and_then(|zone| self.orders.desk(zone)),
        };
        let key = self.ledger.raise(&name, alert)?;
        if let Some(after) = rule.escalate_s {
            self.timers.set(self.now.plus(after).ceil_s(), Due::Escalation(key));
        }
        Some(key)
    }
}

impl Subject {
    fn vessel(track: &Track) -> Self {
        Self {
            mmsi: Some(track.mmsi),
            position: track.fix.as_ref().map(|fix| fix.position),
            simulated: track.simulated,
            name: track.mmsi.to_string(),
            other_mmsi: None,
            reason: None,
        }
    }

    /// A pair, by the vessel of the lower MMSI.
    fn pair(track: &Track, other: &Track) -> Self {
        Self {
            simulated: track.simulated || other.simulated,
            name: format!("{}-{}", track.mmsi, other.mmsi),
            other_mmsi: Some(other.mmsi),
            ..Self::vessel(track)
        }
    }

    fn feed(name: &Arc<str>) -> Self {
        Self {
            mmsi: None,
            position: None,
            simulated: false,
            name: name.to_string(),
            other_mmsi: None,
            reason: Some(name.clone()),
        }
    }

    fn station(station: &SeenStation<'_>) -> Self {
        let name = station.name();
        Self {
            mmsi: None,
            position: station.record.position.map(|position| position.value),
            simulated: station.record.simulated,
            reason: Some(name.as_str().into()),
            name,
            other_mmsi: None,
        }
    }
}

/// Where a rule reaches a pair: in each of its zones that either is in.
pub(super) fn reach_pair(rule: &Rule, parties: [Party<'_>; 2], places: &mut Vec<Place>) {
    if rule.zones.is_none() {
        places.push(Place::in_zone(None));
        return;
    }
    let inside = parties.iter().flat_map(|party| party.inside).map(|inside| inside.zone);
    places.extend(
        inside
            .filter(|zone| rule.selects(*zone))
            .map(|zone| Place::in_zone(Some(zone))),
    );
    places.sort_unstable_by_key(|place| place.zone);
    places.dedup();
}

/// The earlier of two seconds, if any.
fn earlier(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
