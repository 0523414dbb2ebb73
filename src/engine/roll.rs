//! Which stations were heard since they were last told of.

use std::collections::BTreeMap;

use super::{Core, StationRow};
use crate::report::Station;

/// What was told of the stations: they are as few as the names in tag blocks are, so all are looked at, once a second.
#[derive(Debug, Default)]
pub(super) struct Roll {
    /// Sentences of each when it was last told of.
    told: BTreeMap<Station, u64>,
    /// A second has passed since.
    due: bool,
}

impl Roll {
    /// A second has passed.
    pub(super) fn second(&mut self) {
        self.due = true;
    }

    /// The stations heard since, if a second has passed.
    pub(super) fn changed(&mut self, core: &Core) -> Vec<StationRow> {
        if !std::mem::take(&mut self.due) {
            return Vec::new();
        }
        let mut changed = Vec::new();
        for (station, record) in core.traffic().picture().stations.all() {
            if self.told.insert(station, record.sentences) != Some(record.sentences) {
                changed.push(StationRow {
                    station,
                    source: core.reception().sources().name(station.source),
                    record: record.clone(),
                });
            }
        }
        changed
    }
}
