//! Which stations were heard since they were last told of.

use std::collections::BTreeMap;

use super::{Core, StationRow};
use crate::picture::{LONGEST_WINDOW, Learned, StationKey, StationRecord};
use crate::report::Station;
use crate::time::Span;

/// What was told of the stations: there are few of them, for the picture bounds them, so all are looked at, once a
/// second.
#[derive(Debug, Default)]
pub(super) struct Roll {
    /// Sentences of each when it was last told of.
    told: BTreeMap<StationKey, u64>,
    /// A second has passed since.
    due: bool,
}

impl Roll {
    /// A second has passed.
    pub(super) fn second(&mut self) {
        self.due = true;
    }

    /// The stations heard since, and those that are no longer known, if a second has passed.
    pub(super) fn changed(&mut self, core: &Core) -> (Vec<StationRow>, Vec<StationKey>) {
        if !std::mem::take(&mut self.due) {
            return Default::default();
        }
        let mut before = std::mem::take(&mut self.told);
        let mut changed = Vec::new();
        for (key, station, record) in all(core) {
            self.told.insert(key, record.sentences);
            if before.remove(&key) != Some(record.sentences) {
                changed.push(row(core, key, station, record));
            }
        }
        (changed, before.into_keys().collect())
    }
}

fn row(core: &Core, key: StationKey, station: Station, record: &StationRecord) -> StationRow {
    let traffic = core.traffic();
    let learned = match key {
        StationKey::Receiver(_) => traffic.picture().stations.learned(station),
        StationKey::Sender(_) => None,
    };
    let now = traffic.now();
    let second = now.floor_s();
    let from_s = now.plus(Span(-LONGEST_WINDOW.0)).floor_s();
    let reports = |learned: &Learned| (learned.habit.reports(from_s, second), learned.habit.usual(second));
    StationRow {
        key,
        station,
        record: record.clone(),
        reports_h: learned.map(reports),
        coverage: learned.map_or(Vec::new(), |learned| learned.coverage.sectors().collect()),
    }
}

fn all(core: &Core) -> impl Iterator<Item = (StationKey, Station, &StationRecord)> {
    let stations = &core.traffic().picture().stations;
    let receivers = stations
        .all()
        .map(|(station, record)| (StationKey::Receiver(station), station, record));
    let senders = stations
        .senders()
        .map(|(mmsi, sender)| (StationKey::Sender(mmsi), sender.heard_by, &sender.record));
    receivers.chain(senders)
}
