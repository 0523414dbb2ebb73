//! How a watch goes on under other orders: open alerts and memories are kept by the ids of their rules and zones.

use std::sync::Arc;

use serde_json::Value as Json;

use super::ears::EarStanding;
use super::{Due, Orders, State, Watch};
use crate::alerts::{AlertKey, Ledger};
use crate::picture::Picture;
use crate::register::Papers;
use crate::rules::Rule;
use crate::time::Timestamp;
use crate::zone::{Zone, ZoneIx, Zones};

/// Why an alert ended whose rule is no longer there.
const REMOVED_RULE: &str = "rule_removed";
/// Parameters that say how far back a rule's memory reaches.
const WINDOWS: [&str; 2] = ["window_s", "within_s"];

/// What has become of rules and zones, by the places they had.
#[derive(Debug)]
pub(super) struct Succession {
    rules: Vec<Option<Heir>>,
    zones: Vec<Option<Successor>>,
    zones_now: Arc<Zones>,
    now: Timestamp,
}

/// The rule that has this one's id and kind now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heir {
    pub(super) rule: u16,
    /// Neither its window nor its zones changed: what it remembers still counts.
    pub(super) remembers: bool,
}

/// The zone that has this one's id now.
#[derive(Clone, Copy, Debug)]
struct Successor {
    zone: ZoneIx,
    same_shape: bool,
}

impl Watch {
    /// A watch that begins now, over a picture that is already there.
    pub fn over(orders: Orders, papers: Papers, picture: &Picture, now: Timestamp) -> Self {
        let mut watch = Self::new(orders, papers, now);
        let succession = Succession::of(&watch.orders, &watch.orders, now);
        watch.settle_in(&succession, picture, now);
        watch.judge_anew(picture);
        watch
    }

    /// A watch under other orders that begins at `start` and has judged nothing, with the declarations, the inspections and
    /// the shelves of this one.
    pub fn anew(&self, orders: Orders, start: Timestamp) -> Self {
        let mut next = Self::new(orders, self.state.papers.clone(), start);
        next.state.ledger = self.state.ledger.anew();
        next.time_shelves();
        next
    }

    /// The watch under other orders, over the same picture. A rule keeps its open alerts and its memory by its id: memory
    /// goes if its window or its zones changed, and the alerts of a rule that is no longer there, or is of another kind,
    /// end as removed. All is to be judged anew at the next tick.
    pub fn succeed(self, orders: Orders, picture: &Picture, now: Timestamp) -> Self {
        let succession = Succession::of(&self.orders, &orders, now);
        let Self {
            orders: before, state, ..
        } = self;
        let mut next = Self::resume(orders, state);
        let (feeds_before, feeds_now) = (&before.feeds, &next.orders.feeds);
        let State {
            pairs,
            feeds,
            stations,
            timers,
            ledger,
            ..
        } = &mut next.state;
        let gone = |alert| ledger.rectify(alert, now, Some("removed"));
        *feeds = EarStanding::succeed(std::mem::take(feeds), feeds_before, feeds_now, timers, gone);
        for ear in feeds.iter_mut().chain(stations.values_mut()) {
            ear.conditions.succeed(&succession, ledger);
        }
        pairs.succeed(&succession, ledger);
        next.settle_in(&succession, picture, now);
        next.set_escalations(&before);
        next.judge_anew(picture);
        next
    }

    /// Ends every alert, for the watch will stand no more.
    pub fn dissolve(&mut self, now: Timestamp) {
        self.state.ledger.rectify_all(now, REMOVED_RULE);
    }

    /// Finds which areas every vessel of a picture is in, and lets go what is remembered of it no longer.
    fn settle_in(&mut self, succession: &Succession, picture: &Picture, now: Timestamp) {
        let zones = self.orders.zones.clone();
        let mut here = Vec::new();
        for slot in picture.slots() {
            here.clear();
            let fix = picture.track(slot).fix.as_ref();
            if let Some(fix) = fix {
                zones.areas_at(fix.position, &mut here);
            }
            let mut standing = self.state.standings.take(slot);
            let place = (&*here, fix.map_or(now, |fix| fix.time));
            let (sets, ledger) = (&mut self.zone_sets, &mut self.state.ledger);
            standing.succeed(succession, place, &zones, sets, ledger);
            self.state.memories.succeed(slot, succession);
            self.state.standings.keep(slot, standing);
        }
    }

    /// Alerts that stand unacknowledged become alarms when their rules say so now.
    fn set_escalations(&mut self, before: &Orders) {
        let State { timers, ledger, .. } = &mut self.state;
        for rule in &self.orders.rules {
            let known = before.rules.iter().find(|other| other.id == rule.id);
            let Some(after) = rule
                .escalate_s
                .filter(|after| known.and_then(|rule| rule.escalate_s) != Some(*after))
            else {
                continue;
            };
            for (key, alert) in ledger.holding().filter(|(_, alert)| alert.rule == rule.id) {
                timers.set(alert.raised.plus(after).ceil_s(), Due::Escalation(key));
            }
        }
    }
}

impl Succession {
    pub(super) fn of(before: &Orders, after: &Orders, now: Timestamp) -> Self {
        let successor = |zone: &Zone| {
            let ix = after.zones.find(&zone.id)?;
            let same_shape = shape(zone) == shape(after.zones.get(ix));
            Some(Successor { zone: ix, same_shape })
        };
        let mut succession = Self {
            rules: Vec::new(),
            zones: before.zones.iter().map(|(_, zone)| successor(zone)).collect(),
            zones_now: after.zones.clone(),
            now,
        };
        succession.rules = before
            .rules
            .iter()
            .map(|rule| succession.heir_among(rule, &after.rules))
            .collect();
        succession
    }

    /// What has become of a rule; none if it was removed.
    pub(super) fn heir(&self, rule: u16) -> Option<Heir> {
        self.rules.get(usize::from(rule)).copied().flatten()
    }

    /// Where the zone of a condition stands now, by its alert's zone if it has one. One that was removed gets a place of
    /// its own behind all others, where nothing reaches it: what is open there is no longer true.
    pub(super) fn place(&self, zone: ZoneIx, alert: Option<AlertKey>, ledger: &Ledger) -> ZoneIx {
        let id = alert.and_then(|alert| ledger.get(alert)?.zone.as_deref());
        let successor = || Some(self.zones.get(zone.0 as usize).copied().flatten()?.zone);
        id.and_then(|id| self.zones_now.find(id))
            .or_else(successor)
            .unwrap_or_else(|| {
                let behind = u32::try_from(self.zones_now.len()).unwrap_or(u32::MAX);
                ZoneIx(behind.saturating_add(zone.0))
            })
    }

    /// The rule of this alert was removed.
    pub(super) fn end(&self, alert: AlertKey, ledger: &mut Ledger) {
        ledger.rectify(alert, self.now, Some(REMOVED_RULE));
    }

    /// The zone of the same id and shape as this one had.
    pub(super) fn unchanged(&self, zone: ZoneIx) -> Option<ZoneIx> {
        let successor = self.zones.get(zone.0 as usize).copied().flatten()?;
        successor.same_shape.then_some(successor.zone)
    }

    fn heir_among(&self, rule: &Rule, rules: &[Rule]) -> Option<Heir> {
        let at = rules.iter().position(|other| other.id == rule.id)?;
        let heir = &rules[at];
        (heir.kind.name == rule.kind.name).then(|| Heir {
            rule: u16::try_from(at).expect("rules are numbered in 16 bits"),
            remembers: windows(heir) == windows(rule) && self.selects_the_same(rule, heir),
        })
    }

    fn selects_the_same(&self, rule: &Rule, heir: &Rule) -> bool {
        match (&rule.zones, &heir.zones) {
            (None, None) => true,
            (Some(before), Some(now)) => {
                let unchanged = before.iter().map(|zone| self.unchanged(*zone));
                unchanged.eq(now.iter().copied().map(Some))
            }
            _ => false,
        }
    }
}

fn shape(zone: &Zone) -> Option<&Json> {
    zone.feature.get("geometry")
}

fn windows(rule: &Rule) -> [Option<f64>; WINDOWS.len()] {
    let parameters = rule.parameters();
    WINDOWS.map(|window| parameters.get(window)?.as_f64())
}
