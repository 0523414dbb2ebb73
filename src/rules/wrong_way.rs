//! `wrong_way`: a vessel goes against the direction of the zone's traffic.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::{Decimal, Degrees, Knots};

const TOLERANCE_DEG: Parameter = Parameter::number("tolerance_deg", 0.0, 180.0)
    .means(
        "容許偏離航道方向的角度",
        "how far off the zone's direction a course may be",
    )
    .unit("deg")
    .default_number(90.0);
const MIN_SOG_KN: Parameter = Parameter::number("min_sog_kn", 0.0, 102.2)
    .means("航速至少", "only vessels at this speed or more")
    .unit("kn")
    .default_number(3.0);

pub(super) static KIND: Kind = Kind {
    name: "wrong_way",
    message: Words {
        zh: "船舶逆向航行",
        en: "Vessel against the traffic",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::InsideDirected,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("deg"),
    parameters: &[TOLERANCE_DEG, MIN_SOG_KN],
    read: |reader| {
        Box::new(WrongWay {
            tolerance: Decimal::of(reader.number(&TOLERANCE_DEG)),
            min_sog: Knots(reader.number(&MIN_SOG_KN)),
        })
    },
};

#[derive(Debug)]
struct WrongWay {
    tolerance: Decimal,
    min_sog: Knots,
}

impl Judge for WrongWay {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let direction = scene.zone.and_then(|zone| zone.direction_deg).map(Degrees);
        let course = scene.fix().and_then(|fix| fix.cog);
        let Some((direction, course)) = direction.zip(course) else {
            return Judgement::unmeasured(self.tolerance.as_f64());
        };
        let angle = course.apart(direction);
        let fast = scene.sog().is_some_and(|sog| sog >= self.min_sog);
        Judgement::measured(fast && angle > self.tolerance, angle.as_f64(), self.tolerance.as_f64())
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("cog_deg", scene.fix().and_then(|fix| fix.cog));
        if let Some(sog) = account.need("sog_kn", scene.sog()) {
            account.ask("min_sog_kn", sog >= self.min_sog);
        }
    }
}
