//! The truth of a scenario: what is done that rules look for, by whom, where and when.

use std::collections::VecDeque;

use serde::Deserialize;

/// Deeds of one ship's plan that are kept until somebody takes them. At the bound the oldest goes.
const MAX_DEEDS: usize = 64;

/// Something that is done by intent, for a while.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// The kind of rule that looks for it.
    pub kind: String,
    /// The ship; none where a feed or a station is meant.
    pub mmsi: Option<u32>,
    pub other_mmsi: Option<u32>,
    /// Id of the zone.
    pub zone: Option<String>,
    /// The reason that is told, where there are several; the name of a feed or a station.
    pub reason: Option<String>,
    /// From when to when, in seconds from the start.
    pub from_s: f64,
    pub to_s: f64,
}

/// What rules look for in a step of a plan, from its beginning, or a while after that, to its end.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Does {
    pub kind: String,
    pub zone: Option<String>,
    #[serde(default)]
    pub after_s: f64,
}

/// What one ship has done, not yet taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Deeds(VecDeque<Deed>);

impl Deeds {
    /// A ship has begun a step of its plan that takes from then to then. What was over before the start is not noted.
    pub(super) fn note(&mut self, mmsi: u32, does: &[Does], [from_s, to_s]: [f64; 2]) {
        for does in does.iter().filter(|_| to_s > 0.0) {
            if self.0.len() == MAX_DEEDS {
                self.0.pop_front();
            }
            self.0.push_back(Deed {
                kind: does.kind.clone(),
                mmsi: Some(mmsi),
                other_mmsi: None,
                zone: does.zone.clone(),
                reason: None,
                from_s: (from_s + does.after_s).max(0.0),
                to_s,
            });
        }
    }

    pub(super) fn take(&mut self) -> impl Iterator<Item = Deed> + '_ {
        self.0.drain(..)
    }
}
