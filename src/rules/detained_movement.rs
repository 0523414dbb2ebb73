//! `detained_movement`: a sand carrier that was detained moves.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;
use crate::register::{Class, Outcome};

const MIN_SOG_KN: Parameter = Parameter::number("min_sog_kn", 0.0, 102.2)
    .means("航速至少", "only vessels at this speed or more")
    .unit("kn")
    .default_number(1.0);

pub(super) static KIND: Kind = Kind {
    name: "detained_movement",
    message: Words {
        zh: "遭留置之砂石船移動",
        en: "Detained sand carrier moves",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[Class::SandCarrier],
    unit: Some("kn"),
    parameters: &[MIN_SOG_KN],
    read: |reader| {
        Box::new(DetainedMovement {
            min_sog: Knots(reader.number(&MIN_SOG_KN)),
        })
    },
};

#[derive(Debug)]
struct DetainedMovement {
    min_sog: Knots,
}

impl Judge for DetainedMovement {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.min_sog.0);
        };
        let (mmsi, inspections) = (scene.vessel().mmsi, &scene.papers.inspections);
        Judgement {
            next_s: inspections.next_of(mmsi, scene.now).map(|next| next.time.ceil_s()),
            ..Judgement::measured(sog >= self.min_sog && is_detained(scene), sog.0, self.min_sog.0)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        account.ask("inspection", is_detained(scene));
    }
}

fn is_detained(scene: &Scene<'_>) -> bool {
    let latest = scene.papers.inspections.latest_of(scene.vessel().mmsi, scene.now);
    latest.is_some_and(|inspection| inspection.result == Outcome::Detained)
}
