//! `approach_speed`: a vessel that comes nearer to a line is too fast for its distance.

use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};
use crate::zone::ZoneIx;

const TO: Parameter = Parameter::must("to", Value::Line).means(
    "接近的碼頭、防波堤或其他線",
    "the quay, breakwater or other line approached",
);
const STEPS: Parameter = Parameter::must("steps", Value::Steps).means(
    "各距離（公尺）內的航速上限（節）",
    "within which distance in metres which speed in knots is allowed",
);

pub(super) static KIND: Kind = Kind {
    name: "approach_speed",
    message: Words {
        zh: "接近速度過快",
        en: "Approaching too fast",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[TO, STEPS],
    read: |reader| {
        Box::new(ApproachSpeed {
            to: reader.line(&TO),
            steps: reader.steps(&STEPS),
        })
    },
};

#[derive(Debug)]
struct ApproachSpeed {
    to: ZoneIx,
    /// Distance in metres and limit in knots, the nearest first.
    steps: Vec<[f64; 2]>,
}

impl Judge for ApproachSpeed {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (Some(fix), Some(line)) = (scene.fix(), scene.zones.line(self.to)) else {
            return Judgement::NO;
        };
        let metres = line.distance(fix.position).0;
        let step = self.steps.iter().find(|[distance, _]| *distance >= metres);
        let (Some([_, limit]), Some(sog)) = (step, fix.sog) else {
            return Judgement::NO;
        };
        let previous = scene.vessel().previous;
        let nearer = previous.is_some_and(|previous| line.distance(previous.position).0 > metres);
        Judgement::measured(nearer && sog.0 > *limit, sog.0, *limit)
    }
}
