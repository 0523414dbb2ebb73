//! How a watch goes on under other orders: open alerts and memories are kept by the ids of their rules and zones.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Orders;
use crate::alerts::{AlertKey, Ledger};
use crate::rules::Rule;
use crate::time::Timestamp;
use crate::zone::{Zone, ZoneIx, Zones};

/// Why an alert ended whose rule is no longer there.
pub(super) const REMOVED_RULE: &str = "rule_removed";
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
