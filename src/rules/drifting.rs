//! `drifting`: a vessel goes another way than it heads, at a speed at which it may be adrift.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::{Decimal, Degrees, Knots};

const MIN_KN: Parameter = Parameter::number("min_kn", 0.0, 102.2)
    .means("航速至少", "only vessels at this speed or more")
    .unit("kn")
    .default_number(1.0);
const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("航速至多", "only vessels at this speed or less")
    .unit("kn")
    .default_number(5.0);
const MIN_DEG: Parameter = Parameter::number("min_deg", 0.0, 180.0)
    .means("艏向與航向至少相差", "how far apart heading and course are at least")
    .unit("deg")
    .default_number(45.0);

pub(super) static KIND: Kind = Kind {
    name: "drifting",
    message: Words {
        zh: "船舶疑似漂流",
        en: "Vessel may be adrift",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("deg"),
    parameters: &[MIN_KN, MAX_KN, MIN_DEG],
    read: |reader| {
        let [min, max] = reader.range(&MIN_KN, &MAX_KN);
        Box::new(Drifting {
            min: Knots(min),
            max: Knots(max),
            apart: Decimal::of(reader.number(&MIN_DEG)),
        })
    },
};

#[derive(Debug)]
struct Drifting {
    min: Knots,
    max: Knots,
    /// Heading and course at least so far apart.
    apart: Decimal,
}

impl Judge for Drifting {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let limit = self.apart.as_f64();
        let Some(fix) = scene.fix() else {
            return Judgement::unmeasured(limit);
        };
        let heading = fix.heading.map(|heading| Degrees(f64::from(heading)));
        let Some((heading, course)) = heading.zip(fix.cog) else {
            return Judgement::unmeasured(limit);
        };
        let angle = heading.apart(course);
        let between = fix.sog.is_some_and(|sog| self.min <= sog && sog <= self.max);
        let holds = between && angle >= self.apart && !scene.vessel().is_moored();
        Judgement::measured(holds, angle.as_f64(), limit)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let fix = scene.fix();
        account.need("heading_deg", fix.and_then(|fix| fix.heading));
        account.need("cog_deg", fix.and_then(|fix| fix.cog));
        if let Some(sog) = account.need("sog_kn", scene.sog()) {
            account.ask("min_kn", self.min <= sog);
            account.ask("max_kn", sog <= self.max);
        }
        account.ask("nav_status", !scene.vessel().is_moored());
    }
}
