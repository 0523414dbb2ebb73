//! `slow_traffic`: a vessel under way is so slow that it is in the way.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;

const BELOW_KN: Parameter = Parameter::number("below_kn", 0.0, 102.2)
    .means("航速低於此值", "slower than this")
    .unit("kn");

pub(super) static KIND: Kind = Kind {
    name: "slow_traffic",
    message: Words {
        zh: "船舶航速過慢",
        en: "Vessel too slow here",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[BELOW_KN],
    read: |reader| {
        Box::new(SlowTraffic {
            below: Knots(reader.number(&BELOW_KN)),
        })
    },
};

#[derive(Debug)]
struct SlowTraffic {
    below: Knots,
}

impl Judge for SlowTraffic {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.below.0);
        };
        let holds = sog < self.below && !scene.vessel().is_moored();
        Judgement::measured(holds, sog.0, self.below.0)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        account.ask("nav_status", !scene.vessel().is_moored());
    }
}
