//! `speed_limit`: a vessel's speed over ground is over a limit.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;

const LIMIT_KN: Parameter = Parameter::number("limit_kn", 0.0, 102.2)
    .means("航速上限", "the speed limit")
    .unit("kn");

pub(super) static KIND: Kind = Kind {
    name: "speed_limit",
    message: Words {
        zh: "船速超過限制",
        en: "Speed over the limit",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[LIMIT_KN],
    read: |reader| {
        Box::new(SpeedLimit {
            limit: Knots(reader.number(&LIMIT_KN)),
        })
    },
};

#[derive(Debug)]
struct SpeedLimit {
    /// SOG above this is too fast.
    limit: Knots,
}

impl Judge for SpeedLimit {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.limit.0);
        };
        Judgement::measured(sog > self.limit, sog.0, self.limit.0)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
    }
}
