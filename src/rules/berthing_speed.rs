//! `berthing_speed`: a vessel's hull comes on to the quay too fast.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};
use crate::geo::{Plane, Point, Position};
use crate::report::Dimensions;
use crate::time::Span;
use crate::zone::{Line, ZoneIx};

const TO: Parameter = Parameter::must("to", Value::Line).means("碼頭線", "the quay line");
const WITHIN_M: Parameter = Parameter::number("within_m", 1.0, 10_000.0)
    .means("距碼頭此距離之內", "only so near to the quay")
    .unit("m")
    .default_number(200.0);
const LIMIT_MS: Parameter = Parameter::number("limit_ms", 0.0, 50.0)
    .means("靠泊速度上限", "how fast the distance may shrink")
    .unit("m/s");

/// Reports farther apart than this say nothing of a speed.
const LONGEST: Span = Span::s(60);

pub(super) static KIND: Kind = Kind {
    name: "berthing_speed",
    message: Words {
        zh: "靠泊速度過快",
        en: "Berthing too fast",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("m/s"),
    parameters: &[TO, WITHIN_M, LIMIT_MS],
    read: |reader| {
        Box::new(BerthingSpeed {
            to: reader.line(&TO),
            within_m: reader.number(&WITHIN_M),
            limit_ms: reader.number(&LIMIT_MS),
        })
    },
};

#[derive(Debug)]
struct BerthingSpeed {
    to: ZoneIx,
    within_m: f64,
    limit_ms: f64,
}

impl Judge for BerthingSpeed {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let vessel = scene.vessel();
        let unmeasured = Judgement::unmeasured(self.limit_ms);
        let (Some(fix), Some(previous), Some(quay)) = (&vessel.fix, vessel.previous, scene.zones.line(self.to)) else {
            return unmeasured;
        };
        let dimensions = vessel.statics.dimensions.value;
        let metres = hull_distance(quay, fix.position, fix.heading, dimensions);
        let passed = fix.time.since(previous.time);
        if metres > self.within_m || passed > LONGEST || passed <= Span(0) {
            return unmeasured;
        }
        let before = hull_distance(quay, previous.position, previous.heading, dimensions);
        let rate = (before - metres) / passed.as_s();
        Judgement::measured(rate > self.limit_ms, rate, self.limit_ms)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let vessel = scene.vessel();
        account.need("dims_m", vessel.statics.dimensions.value);
        account.need("heading_deg", vessel.fix.as_ref().and_then(|fix| fix.heading));
        let (fix, previous) = (account.need("position", scene.fix()), vessel.previous);
        if let (Some(fix), Some(previous)) = (fix, account.need("previous_position", previous)) {
            let passed = fix.time.since(previous.time);
            account.ask("interval", passed <= LONGEST && passed > Span(0));
        }
        account.ask(
            "within_m",
            self.hull_at(scene).is_some_and(|metres| metres <= self.within_m),
        );
    }
}

impl BerthingSpeed {
    /// Metres from the quay to the hull at the last accepted report.
    fn hull_at(&self, scene: &Scene<'_>) -> Option<f64> {
        let (fix, quay) = (scene.fix()?, scene.zones.line(self.to)?);
        let dimensions = scene.vessel().statics.dimensions.value;
        Some(hull_distance(quay, fix.position, fix.heading, dimensions))
    }
}

/// Metres from the quay to the hull's nearest point; to the position where length, beam or heading is missing.
fn hull_distance(quay: &Line, position: Position, heading: Option<u16>, dimensions: Option<Dimensions>) -> f64 {
    let sized = dimensions.filter(|sides| sides.bow + sides.stern > 0 && sides.port + sides.starboard > 0);
    let Some((sides, heading)) = sized.zip(heading) else {
        return quay.distance(position).0;
    };
    let ahead = Point::heading(f64::from(heading));
    let corner = |along: f64, starboard: f64| Point::default().along(ahead, along).along(ahead.starboard(), starboard);
    let [bow, stern] = [f64::from(sides.bow), -f64::from(sides.stern)];
    let [port, starboard] = [-f64::from(sides.port), f64::from(sides.starboard)];
    let hull = [
        corner(bow, port),
        corner(bow, starboard),
        corner(stern, starboard),
        corner(stern, port),
    ];
    quay.distance_to_outline(&Plane::around(position), &hull).0
}
