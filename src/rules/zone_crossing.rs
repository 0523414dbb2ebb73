//! `zone_crossing`: a vessel went through a zone between two reports, outside at both.

use super::{Evaluation, Judge, Judgement, Kind, On, Scene, Subject, Words, ZoneUse};

pub(super) static KIND: Kind = Kind {
    name: "zone_crossing",
    message: Words {
        zh: "船舶於兩次回報間穿越區域",
        en: "Vessel went through the zone between two reports",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Passed,
    evaluation: Evaluation::momentary(&[On::Report]),
    default_classes: &[],
    unit: None,
    parameters: &[],
    read: |_| Box::new(ZoneCrossing),
};

#[derive(Debug)]
struct ZoneCrossing;

impl Judge for ZoneCrossing {
    fn judge(&self, _scene: &Scene<'_>) -> Judgement {
        Judgement::of(true)
    }
}
