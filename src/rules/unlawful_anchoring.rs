//! `unlawful_anchoring`: a vessel is at anchor, or lies still and not moored, where it may not.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;
use crate::track::{AT_ANCHOR, MOORED};

const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("航速低於此值視為停泊", "slower than this is lying still")
    .unit("kn")
    .default_number(0.5);

pub(super) static KIND: Kind = Kind {
    name: "unlawful_anchoring",
    message: Words {
        zh: "船舶違規錨泊",
        en: "Vessel anchored where it may not",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::InsideGiven,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[MAX_KN],
    read: |reader| {
        Box::new(UnlawfulAnchoring {
            max: Knots(reader.number(&MAX_KN)),
        })
    },
};

#[derive(Debug)]
struct UnlawfulAnchoring {
    max: Knots,
}

impl Judge for UnlawfulAnchoring {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (status, sog) = (scene.vessel().nav_status(), scene.sog());
        let still = sog.is_some_and(|sog| sog < self.max) && status != Some(MOORED);
        Judgement {
            holds: status == Some(AT_ANCHOR) || still,
            value: sog.map(|sog| sog.0),
            limit: Some(self.max.0),
            ..Judgement::NO
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("nav_status", scene.vessel().nav_status());
        account.need("sog_kn", scene.sog());
        account.ask("nav_status", scene.vessel().nav_status() != Some(MOORED));
    }
}
