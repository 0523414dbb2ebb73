//! `invalid_mmsi`: a vessel's identity is of no form that ITU-R M.585 knows.

use super::{Evaluation, Judge, Judgement, Kind, Scene, Subject, Words, ZoneUse};

pub(super) static KIND: Kind = Kind {
    name: "invalid_mmsi",
    message: Words {
        zh: "MMSI 格式不符規定",
        en: "MMSI of no valid form",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: None,
    parameters: &[],
    read: |_| Box::new(InvalidMmsi),
};

#[derive(Debug)]
struct InvalidMmsi;

impl Judge for InvalidMmsi {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        Judgement::of(scene.vessel().mmsi.form().is_none())
    }
}
