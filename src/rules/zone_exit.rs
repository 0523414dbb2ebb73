//! `zone_exit`: a vessel is outside a zone that it was in at its previous accepted report.

use super::{Evaluation, Judge, Judgement, Kind, On, Scene, Subject, Words, ZoneUse};

pub(super) static KIND: Kind = Kind {
    name: "zone_exit",
    message: Words {
        zh: "船舶離開區域",
        en: "Vessel has left the zone",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Left,
    evaluation: Evaluation::momentary(&[On::Report]),
    default_classes: &[],
    unit: None,
    parameters: &[],
    read: |_| Box::new(ZoneExit),
};

#[derive(Debug)]
struct ZoneExit;

impl Judge for ZoneExit {
    fn judge(&self, _scene: &Scene<'_>) -> Judgement {
        Judgement::of(true)
    }
}
