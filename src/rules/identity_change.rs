//! `identity_change`: a name, call sign or IMO number that had been said twice in a row is now another.

use super::{Evaluation, Judge, Judgement, Kind, Occasion, On, Parameter, Scene, Subject, Words, ZoneUse};
use crate::track::Renamed;

const FIELDS: Parameter =
    Parameter::choices("fields", &["name", "call_sign", "imo"]).means("所監看的識別欄位", "the names that are watched");

pub(super) static KIND: Kind = Kind {
    name: "identity_change",
    message: Words {
        zh: "船舶更改識別資料",
        en: "Vessel has changed its identity",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::momentary(&[On::Statics]),
    default_classes: &[],
    unit: None,
    parameters: &[FIELDS],
    read: |reader| {
        // The first that changed is the reason, in the order in which they are configured.
        Box::new(IdentityChange {
            fields: reader.choices(&FIELDS),
        })
    },
};

#[derive(Debug)]
struct IdentityChange {
    fields: Vec<&'static str>,
}

impl Judge for IdentityChange {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Occasion::Statics(told) = scene.occasion else {
            return Judgement::NO;
        };
        let changed = self.fields.iter().find(|field| is_changed(field, told.renamed));
        Judgement {
            reason: changed.copied(),
            ..Judgement::of(changed.is_some())
        }
    }
}

fn is_changed(field: &str, renamed: Renamed) -> bool {
    match field {
        "name" => renamed.name,
        "call_sign" => renamed.call_sign,
        _ => renamed.imo,
    }
}
