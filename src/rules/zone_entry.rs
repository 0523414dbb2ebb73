//! `zone_entry`: a vessel is inside a zone; one first heard inside counts.

use super::{Evaluation, Judge, Judgement, Kind, Scene, Subject, Words, ZoneUse};

pub(super) static KIND: Kind = Kind {
    name: "zone_entry",
    message: Words {
        zh: "船舶進入區域",
        en: "Vessel inside the zone",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::InsideGiven,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: None,
    parameters: &[],
    read: |_| Box::new(ZoneEntry),
};

#[derive(Debug)]
struct ZoneEntry;

impl Judge for ZoneEntry {
    fn judge(&self, _scene: &Scene<'_>) -> Judgement {
        Judgement::of(true)
    }
}
