//! How one vessel stands with a watch: its zones and its conditions. Most vessels are in none and have none, and then
//! nothing is kept of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::sparse::Room;
use super::succession::Succession;
use super::{Due, Ids, Passage};
use crate::alerts::{AlertChange, Ledger, Transition};
use crate::picture::Slot;
use crate::rules::{Inside, Place, Rule, ZoneUse};
use crate::time::{Span, TimerId, Timestamp, Wheel};
use crate::zone::{ZoneIx, Zones};

/// Most sets of areas whose ids are kept. Those of one more are made anew each time.
const MAX_ZONE_SETS: usize = 4096;

/// Areas that there is room for from the first on; few vessels are in more at once.
const USUAL_ZONES: usize = 6;

/// What a watch keeps of one vessel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// Areas it is in by its last accepted position, in order.
    pub(super) zones: Vec<Inside>,
    /// Conditions that hold or have an alert, by rule and zone.
    pub(super) conditions: Conditions,
    timer: Option<(i64, TimerId)>,
    /// Ids of its zones, if it is in any. An empty list would count all that hold it.
    zone_ids: Option<Ids>,
    /// Ids of its alerts that are not closed, oldest first.
    alert_ids: Option<Ids>,
}

/// The ids of sets of areas, made once a set, so that a vessel that moves into one that another was in asks for no
/// memory. Follows from the zones, and is not written out.
#[derive(Debug, Default)]
pub(super) struct ZoneSets {
    made: BTreeMap<Vec<ZoneIx>, Ids>,
}

impl ZoneSets {
    fn ids_of(&mut self, here: &[ZoneIx], zones: &Zones) -> Option<Ids> {
        if here.is_empty() {
            return None;
        }
        if let Some(ids) = self.made.get(here) {
            return Some(ids.clone());
        }
        let ids: Ids = here.iter().map(|&zone| zones.get(zone).id.clone()).collect();
        if self.made.len() < MAX_ZONE_SETS {
            self.made.insert(here.to_vec(), ids.clone());
        }
        Some(ids)
    }
}

impl Room for Standing {
    fn is_empty(&self) -> bool {
        self.zones.is_empty() && self.conditions.is_empty() && self.timer.is_none() && self.alert_ids.is_none()
    }

    /// Its timer must have been cancelled.
    fn clear(&mut self) {
        self.zones.clear();
        self.conditions.clear();
        self.zone_ids = None;
        self.alert_ids = None;
    }
}

impl Standing {
    /// Takes in which areas the vessel is in now, in order; those it was in and is no longer go to `left`.
    pub(super) fn move_into(
        &mut self,
        here: &[ZoneIx],
        time: Timestamp,
        zones: &Zones,
        sets: &mut ZoneSets,
        left: Option<&mut Vec<ZoneIx>>,
    ) {
        if self.zones.iter().map(|inside| inside.zone).eq(here.iter().copied()) {
            return;
        }
        if let Some(left) = left {
            left.extend(
                self.zones
                    .iter()
                    .map(|inside| inside.zone)
                    .filter(|zone| !here.contains(zone)),
            );
        }
        self.zones.retain(|inside| here.contains(&inside.zone));
        if self.zones.capacity() < here.len() {
            self.zones.reserve_exact(here.len().max(USUAL_ZONES) - self.zones.len());
        }
        for (at, &zone) in here.iter().enumerate() {
            if self.zones.get(at).is_none_or(|inside| inside.zone != zone) {
                self.zones.insert(at, Inside { zone, since: time });
            }
        }
        self.zone_ids = sets.ids_of(here, zones);
    }

    /// Goes on under other orders, by which it is in these areas, in order, as of its last accepted position.
    pub(super) fn succeed(
        &mut self,
        succession: &Succession,
        (here, time): (&[ZoneIx], Timestamp),
        zones: &Zones,
        sets: &mut ZoneSets,
        ledger: &mut Ledger,
    ) {
        self.conditions.succeed(succession, ledger);
        let before = std::mem::take(&mut self.zones);
        let since = |zone: ZoneIx| {
            let same = |inside: &&Inside| succession.unchanged(inside.zone) == Some(zone);
            before.iter().find(same).map_or(time, |inside| inside.since)
        };
        self.zones = here
            .iter()
            .map(|&zone| Inside {
                zone,
                since: since(zone),
            })
            .collect();
        self.zone_ids = sets.ids_of(here, zones);
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        self.conditions.shift(by);
        for inside in &mut self.zones {
            inside.since = inside.since.plus(by);
        }
    }

    /// Whether it is in this area by its last accepted position.
    pub(super) fn is_in(&self, zone: ZoneIx) -> bool {
        self.zones.iter().any(|inside| inside.zone == zone)
    }

    /// Everywhere a rule has something to say of it: where the rule reaches it, if the filter lets it pass, and where a
    /// condition is still open. Most rules reach it nowhere, so the filter is asked last.
    pub(super) fn places_of(
        &self,
        ix: u16,
        rule: &Rule,
        passes: impl FnOnce() -> bool,
        passage: &Passage,
        places: &mut Vec<Place>,
    ) {
        places.clear();
        self.reach(rule, passage, places);
        if !places.is_empty() && !passes() {
            places.clear();
        }
        self.conditions.add_unreached(ix, places);
    }

    /// Where a rule reaches it.
    fn reach(&self, rule: &Rule, passage: &Passage, places: &mut Vec<Place>) {
        let selected = |zone: &ZoneIx| rule.selects(*zone);
        let simple = |zone: ZoneIx| Place::in_zone(Some(zone));
        match rule.kind.zones {
            ZoneUse::Unnamed | ZoneUse::None => places.push(Place::in_zone(None)),
            ZoneUse::Inside if rule.zones.is_none() => places.push(Place::in_zone(None)),
            ZoneUse::Inside | ZoneUse::InsideGiven | ZoneUse::InsideDirected | ZoneUse::InsideSounded => {
                let inside = self.zones.iter().filter(|inside| rule.selects(inside.zone));
                places.extend(inside.map(|inside| Place {
                    since: Some(inside.since),
                    ..simple(inside.zone)
                }));
            }
            ZoneUse::Left => places.extend(passage.left.iter().copied().filter(selected).map(simple)),
            ZoneUse::Passed => places.extend(passage.passed.iter().copied().filter(selected).map(simple)),
            ZoneUse::Gates => {
                let crossed = passage.crossed.iter().filter(|(zone, _)| rule.selects(*zone));
                places.extend(crossed.map(|(zone, crossing)| Place {
                    crossing: Some(*crossing),
                    ..simple(*zone)
                }));
            }
        }
    }

    /// Ids of its zones, and of its alerts.
    pub(super) fn shown(&self) -> (Ids, Ids) {
        let ids = |ids: &Option<Ids>| ids.clone().unwrap_or_default();
        (ids(&self.zone_ids), ids(&self.alert_ids))
    }

    /// Keeps the list of its alerts that are not closed.
    pub(super) fn note_alert(&mut self, change: &AlertChange) {
        let id = &change.alert.id;
        let known = self.alert_ids.iter().flat_map(|ids| ids.iter());
        let others = known.filter(|other| *other != id).cloned();
        let this = (change.transition == Transition::Raised).then(|| id.clone());
        let ids: Ids = others.chain(this).collect();
        self.alert_ids = Some(ids).filter(|ids| !ids.is_empty());
    }

    /// Has it judged at `second` at the latest.
    pub(super) fn wake_by(&mut self, second: i64, slot: Slot, timers: &mut Wheel<Due>) {
        if self.timer.is_some_and(|(due, _)| due <= second) {
            return;
        }
        self.cancel_timer(timers);
        self.timer = Some((second, timers.set(second, Due::Vessel(slot))));
    }

    pub(super) fn cancel_timer(&mut self, timers: &mut Wheel<Due>) {
        if let Some((_, timer)) = self.timer.take() {
            timers.cancel(timer);
        }
    }

    /// Its timer has passed.
    pub(super) fn forget_timer(&mut self) {
        self.timer = None;
    }
}
