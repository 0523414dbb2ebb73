//! `watch_list`: a vessel that somebody looks for is in the zone.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};
use crate::ais::Mmsi;

const MMSI: Parameter = Parameter::must("mmsi", Value::Mmsis).means("所注意的船舶", "the vessels looked for");
const NOTE: Parameter = Parameter::text("note").means("為何注意、該做什麼", "why, and what to do");

pub(super) static KIND: Kind = Kind {
    name: "watch_list",
    message: Words {
        zh: "注意名單船舶出現",
        en: "A vessel of the watch list is here",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: None,
    parameters: &[MMSI, NOTE],
    read: |reader| {
        // The note is for people, who find it with the rule.
        reader.text(&NOTE);
        let mut listed = reader.mmsis(&MMSI);
        listed.sort_unstable();
        Box::new(WatchList { listed })
    },
};

#[derive(Debug)]
struct WatchList {
    /// In order.
    listed: Vec<Mmsi>,
}

impl Judge for WatchList {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        Judgement::of(self.listed.binary_search(&scene.vessel().mmsi).is_ok())
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.ask("mmsi", self.judge(scene).holds);
    }
}
