//! Explaining: what each rule measures of one vessel now, why it does not hold, and what keeps it from being told.
//! Nothing is changed by it.

use std::sync::Arc;

use super::conditions::Conditions;
use super::court::{Evidence, reach_pair};
use super::meeting::party;
use super::standing::Standing;
use super::{Passage, Watch};
use crate::ais::Mmsi;
use crate::alerts::{Alert, State, rounded};
use crate::geo::Metres;
use crate::picture::{Picture, Reach, Slot, StationKey};
use crate::rules::{Account, Inside, Memory, Occasion, On, Place, Rule, Scene, Seen, SeenStation, Subject, Words};
use crate::time::Timestamp;
use crate::track::Track;

/// Most zones of a rule that are told of though the vessel is not in them; the first in order are.
const MAX_OUTSIDE: usize = 32;
/// Most other vessels with which pairs are told of; those of the lowest places in the picture are.
const MAX_OTHERS: usize = 32;
/// Most explanations of one vessel; those of the last rules are left out.
const MAX_EXPLANATIONS: usize = 1_000;
/// Pairs with vessels within so many metres are told of in any case.
const NEARBY_M: f64 = 1852.0;
/// A value this near to its limit, as a part of it, misses it nearly.
const NEAR: f64 = 0.2;

/// What one rule has to say of a vessel in one zone, whether it holds or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The rule's sentence.
    pub message: Words<String>,
    pub kind: &'static str,
    /// Id of the zone; none: everywhere, or the rule names none.
    pub zone: Option<Arc<str>>,
    /// The other vessel of a pair.
    pub other_mmsi: Option<Mmsi>,
    /// The rule's condition holds in this zone now.
    pub holds: bool,
    /// Rounded, as alerts show it.
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub unit: Option<&'static str>,
    /// The rule's own reason, if it holds; the name of the feed or the station that is judged.
    pub reason: Option<Arc<str>>,
    pub account: Account,
    /// Since when it has held on every evaluation.
    pub since: Option<Timestamp>,
    /// What keeps it from being told, or from being judged: `shadow`, `filter`, `outside`, `deaf`, `repeat_s`, `for_s`,
    /// `shelf`, `acknowledged`, `lost`, `held_back`, or `next_report` where it is judged at the next one.
    pub suppressed_by: Option<&'static str>,
    /// How far the value is from the limit, as a part of the limit.
    pub margin: Option<f64>,
    /// It does not hold, and only because the value misses the limit, by no more than a fifth of it.
    pub near_miss: bool,
    /// Id of the newest alert of it that is not closed.
    pub alert: Option<Arc<str>>,
}

/// One vessel that is explained, and by which rules.
struct Case<'a> {
    watch: &'a Watch,
    evidence: Evidence<'a>,
    slot: Slot,
    track: &'a Track,
    /// The alerts of the vessel, and of feeds and stations, that are not closed.
    alerts: Vec<&'a Alert>,
    told: Vec<Explanation>,
}

/// Where, of whom and by what a rule is explained.
struct Question<'a, 'q> {
    ix: u16,
    rule: &'a Rule,
    place: &'q Place,
    passes: bool,
    other: Option<&'a Track>,
    /// The feed or the station that is judged.
    ear: Option<Arc<str>>,
    conditions: Option<&'q Conditions>,
}

impl Watch {
    /// Explains a vessel by all rules, or by one of them; by those that judge feeds or stations, what brought its last
    /// message is explained.
    pub fn explain(&self, picture: &Picture, slot: Slot, only: Option<&str>, now: Timestamp) -> Vec<Explanation> {
        let track = picture.track(slot);
        let of_ear = |alert: &Alert| alert.mmsi.is_none();
        let concerns =
            |alert: &&Alert| alert.mmsi == Some(track.mmsi) || alert.other_mmsi == Some(track.mmsi) || of_ear(alert);
        let mut case = Case {
            watch: self,
            evidence: Evidence {
                picture,
                orders: &self.orders,
                papers: &self.state.papers,
                now,
            },
            slot,
            track,
            alerts: self.state.ledger.standing().filter(concerns).collect(),
            told: Vec::new(),
        };
        let wanted = |rule: &Rule| only.is_none_or(|only| *rule.id == *only);
        for (ix, rule) in (0u16..).zip(&self.orders.rules).filter(|(_, rule)| wanted(rule)) {
            match rule.kind.subject {
                Subject::Vessel => case.explain_vessel(ix, rule),
                Subject::Pair => case.explain_pairs(ix, rule),
                Subject::Feed => case.explain_feed(ix, rule),
                Subject::Station => case.explain_station(ix, rule),
            }
            if case.told.len() >= MAX_EXPLANATIONS {
                break;
            }
        }
        case.told.truncate(MAX_EXPLANATIONS);
        case.told
    }

    /// What a vessel did between its last two accepted reports, found anew.
    fn passage_of(&self, track: &Track, inside: &[Inside]) -> Passage {
        let mut passage = Passage::default();
        let (Some(fix), Some(previous)) = (&track.fix, track.previous) else {
            return passage;
        };
        let is_here = |zone| inside.iter().any(|inside| inside.zone == zone);
        let zones = &self.orders.zones;
        zones.areas_at(previous.position, &mut passage.left);
        if self.agenda.passages {
            zones.areas_touched(previous.position, fix.position, &mut passage.passed);
            passage
                .passed
                .retain(|zone| !is_here(*zone) && !passage.left.contains(zone));
        }
        if self.agenda.crossings {
            zones.lines_crossed(previous.position, fix.position, &mut passage.crossed);
        }
        passage.left.retain(|zone| !is_here(*zone));
        passage
    }
}

impl<'a> Case<'a> {
    fn explain_vessel(&mut self, ix: u16, rule: &'a Rule) {
        let none = Standing::default();
        let standing = self.watch.state.standings.get(self.slot).unwrap_or(&none);
        let passage = self.watch.passage_of(self.track, &standing.zones);
        let mut places = Vec::new();
        standing.places_of(ix, rule, || true, &passage, &mut places);
        add_outside(rule, &mut places);
        let evaluation = &rule.kind.evaluation;
        let reported = evaluation.on.contains(&On::Report) && !evaluation.on_ticks;
        let occasion = if reported { Occasion::Report } else { Occasion::Tick };
        let memory = self.watch.state.memories.get(self.slot, ix);
        let scene = self.evidence.scene(rule, Seen::Vessel(self.track), occasion, memory);
        for place in &places {
            let question = Question {
                ix,
                rule,
                place,
                passes: rule.filter.passes(self.track),
                other: None,
                ear: None,
                conditions: Some(&standing.conditions),
            };
            let told = self.explain(&question, &scene.among(&standing.zones).at(place));
            self.told.push(told);
        }
    }

    fn explain_pairs(&mut self, ix: u16, rule: &'a Rule) {
        let Watch { state, .. } = self.watch;
        let picture = self.evidence.picture;
        let Some(own) = party(picture, &state.standings, self.slot) else {
            return;
        };
        let mut others = Vec::new();
        if let Some(reach) = rule.judge.reach() {
            let wider = Reach {
                passing: Metres(reach.passing.0 * (1.0 + NEAR)),
                close: Metres((reach.close.0 * (1.0 + NEAR)).max(NEARBY_M)),
                ..reach
            };
            picture.vicinity().near(self.slot, &wider, &mut others);
        }
        others.extend(state.pairs.partners(self.slot));
        others.sort_unstable();
        others.dedup();
        let others = others.into_iter().filter(|other| *other != self.slot).take(MAX_OTHERS);
        for other in others.filter_map(|other| party(picture, &state.standings, other)) {
            let (one, two) = if own.track.mmsi < other.track.mmsi {
                (own, other)
            } else {
                (other, own)
            };
            let known = picture
                .find(other.track.mmsi)
                .and_then(|slot| state.pairs.find(self.slot, slot));
            let pair = known.and_then(|pair| state.pairs.get(pair));
            let mut places = Vec::new();
            reach_pair(rule, [one, two], &mut places);
            if let Some(pair) = pair {
                pair.conditions.add_unreached(ix, &mut places);
            }
            let scene = self
                .evidence
                .scene(rule, Seen::Pair(one, two), Occasion::Tick, &Memory::Nothing);
            for place in &places {
                let question = Question {
                    ix,
                    rule,
                    place,
                    passes: rule.filter.passes(one.track) || rule.filter.passes(two.track),
                    other: Some(other.track),
                    ear: None,
                    conditions: pair.map(|pair| &pair.conditions),
                };
                let told = self.explain(&question, &scene.at(place));
                self.told.push(told);
            }
        }
    }

    /// The feed that brought the vessel's last message.
    fn explain_feed(&mut self, ix: u16, rule: &'a Rule) {
        let feed = self.track.last_station.feed;
        let Some(name) = self.evidence.orders.feeds.get(usize::from(feed.0)).cloned() else {
            return;
        };
        let passes = rule.feeds.is_empty() || rule.feeds.iter().any(|named| **named == *name);
        let standing = self.watch.state.feeds.get(usize::from(feed.0));
        let conditions = standing.map(|standing| &standing.conditions);
        self.explain_ear(ix, rule, Seen::Feed(feed), (name, passes), conditions);
    }

    /// The station that heard the vessel's last message.
    fn explain_station(&mut self, ix: u16, rule: &'a Rule) {
        let Evidence { picture, orders, .. } = self.evidence;
        let key = StationKey::Receiver(self.track.last_station);
        let Some((record, feed)) = picture.stations.find(key) else {
            return;
        };
        let Some(feed) = orders.feeds.get(usize::from(feed.0)) else {
            return;
        };
        let seen = SeenStation { key, record, feed };
        let named = rule.source.get("station").and_then(|named| named.as_str());
        let passes = seen.is_meant_by(named.unwrap_or_default());
        let standing = self.watch.state.stations.get(&key);
        let conditions = standing.map(|standing| &standing.conditions);
        self.explain_ear(ix, rule, Seen::Station(seen), (seen.name().into(), passes), conditions);
    }

    fn explain_ear(
        &mut self,
        ix: u16,
        rule: &'a Rule,
        seen: Seen<'_>,
        (name, passes): (Arc<str>, bool),
        conditions: Option<&Conditions>,
    ) {
        let place = Place::in_zone(None);
        let question = Question {
            ix,
            rule,
            place: &place,
            passes,
            other: None,
            ear: Some(name),
            conditions,
        };
        let scene = self.evidence.scene(rule, seen, Occasion::Tick, &Memory::Nothing);
        let told = self.explain(&question, &scene);
        self.told.push(told);
    }

    fn explain(&self, question: &Question<'a, '_>, scene: &Scene<'_>) -> Explanation {
        let Question { rule, place, .. } = question;
        let judgement = rule.judge.measure(scene);
        let mut account = Account::default();
        rule.judge.account(scene, &mut account);
        let holds = judgement.holds && place.reached;
        if rule.kind.evaluation.momentary && !holds && account.unmet.is_empty() {
            account.unmet.push("event");
        }
        let condition = question.conditions.and_then(|all| all.get(question.ix, place.zone));
        let held_since = match condition {
            Some(condition) => condition.held_since,
            None if rule.kind.evaluation.momentary => self.track.fix.as_ref().map(|fix| fix.time),
            None => None,
        };
        let zone = place.zone.map(|zone| &self.evidence.orders.zones.get(zone).id);
        let alert = self.alert_of(question, zone);
        let (value, limit) = (judgement.value, judgement.limit);
        let margin = value.zip(limit).filter(|(_, limit)| *limit != 0.0);
        let margin = margin.map(|(value, limit)| ((value - limit) / limit).abs());
        let since = held_since.filter(|_| holds);
        let open = question.passes && place.reached && account.unmet.is_empty();
        Explanation {
            rule: rule.id.clone(),
            message: rule.message.clone(),
            kind: rule.kind.name,
            zone: zone.cloned(),
            other_mmsi: question.other.map(|other| other.mmsi),
            holds,
            value: value.map(|value| rounded(value, rule.kind.unit)),
            limit: limit.map(|limit| rounded(limit, rule.kind.unit)),
            unit: rule.kind.unit,
            reason: judgement
                .reason
                .filter(|_| holds)
                .map(Arc::from)
                .or(question.ear.clone()),
            suppressed_by: self.suppressed_by(question, holds, account.kept_by, since, alert),
            account,
            since,
            margin: margin.map(|margin| rounded(margin, None)),
            near_miss: !holds && open && margin.is_some_and(|margin| margin <= NEAR),
            alert: alert.map(|alert| alert.id.clone()),
        }
    }

    /// The newest alert that is not closed of what is asked about, in a zone.
    fn alert_of(&self, question: &Question<'a, '_>, zone: Option<&Arc<str>>) -> Option<&'a Alert> {
        let Question { rule, other, ear, .. } = question;
        let of_whom = |alert: &Alert| match (other, ear) {
            (_, Some(ear)) => alert.mmsi.is_none() && alert.reason.as_ref() == Some(ear),
            (Some(other), None) => alert.mmsi == Some(other.mmsi) || alert.other_mmsi == Some(other.mmsi),
            (None, None) => alert.mmsi.is_some(),
        };
        let its = |alert: &&Alert| alert.rule == rule.id && alert.zone.as_ref() == zone && of_whom(alert);
        let its = self.alerts.iter().copied().filter(its);
        its.max_by_key(|alert| alert.raised)
    }

    fn suppressed_by(
        &self,
        question: &Question<'_, '_>,
        holds: bool,
        kept_by: Option<&'static str>,
        since: Option<Timestamp>,
        alert: Option<&Alert>,
    ) -> Option<&'static str> {
        let Question { rule, place, .. } = question;
        let stands = alert.filter(|alert| matches!(alert.state, State::Active | State::Acknowledged));
        let at_reports = !rule.kind.evaluation.on_ticks && question.ear.is_none();
        let unjudged = at_reports.then(|| self.unjudged()).flatten();
        let is_new = since.is_some_and(|since| self.evidence.now < since.plus(rule.for_s));
        match stands {
            _ if !question.passes => Some("filter"),
            _ if !place.reached => Some("outside"),
            _ if !holds => kept_by.or(unjudged),
            _ if self.evidence.orders.shadow => Some("shadow"),
            Some(alert) if alert.shelved_until.is_some() => Some("shelf"),
            Some(alert) => (alert.state == State::Acknowledged).then_some("acknowledged"),
            None if rule.kind.evaluation.momentary => None,
            None if is_new => Some("for_s"),
            None => unjudged.or(Some("next_report")),
        }
    }

    /// Why the vessel's last accepted report is not what it does now.
    fn unjudged(&self) -> Option<&'static str> {
        match self.track {
            track if track.is_held() => Some("held_back"),
            track => track.lost.then_some("lost"),
        }
    }
}

/// Adds zones that the rule selects and the vessel is not in.
fn add_outside(rule: &Rule, places: &mut Vec<Place>) {
    if places.iter().any(|place| place.zone.is_none()) {
        return;
    }
    let known = places.len();
    let selected = rule.zones.iter().flat_map(|zones| zones.iter()).copied();
    let others = selected.filter(|zone| !places[..known].iter().any(|place| place.zone == Some(*zone)));
    let outside: Vec<Place> = others
        .take(MAX_OUTSIDE)
        .map(|zone| Place {
            reached: false,
            ..Place::in_zone(Some(zone))
        })
        .collect();
    places.extend(outside);
    places.sort_by_key(|place| place.zone);
}
