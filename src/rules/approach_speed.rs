//! `approach_speed`: a vessel that comes nearer to a line is too fast for its distance.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};
use crate::zone::{Line, ZoneIx};

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
        let limit = self.step(metres);
        let (Some(limit), Some(sog)) = (limit, fix.sog) else {
            let value = fix.sog.map(|sog| sog.0);
            return Judgement {
                value,
                limit,
                ..Judgement::NO
            };
        };
        let holds = sog.0 > limit && is_nearer(scene, line, metres);
        Judgement::measured(holds, sog.0, limit)
    }

    /// Beyond the steps by that of the farthest.
    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        let judgement = self.judge(scene);
        Judgement {
            limit: judgement.limit.or_else(|| self.steps.last().map(|[_, limit]| *limit)),
            ..judgement
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let fix = account.need("position", scene.fix());
        account.need("sog_kn", scene.sog());
        account.need("previous_position", scene.vessel().previous);
        if let Some(line) = scene.zones.line(self.to)
            && let Some(fix) = fix
        {
            let metres = line.distance(fix.position).0;
            account.ask("steps", self.step(metres).is_some());
            account.ask("approaching", is_nearer(scene, line, metres));
        }
    }
}

impl ApproachSpeed {
    /// The limit at this distance, if there is one.
    fn step(&self, metres: f64) -> Option<f64> {
        let step = self.steps.iter().find(|[distance, _]| *distance >= metres);
        step.map(|[_, limit]| *limit)
    }
}

/// Whether the vessel was farther away at its previous accepted report.
fn is_nearer(scene: &Scene<'_>, line: &Line, metres: f64) -> bool {
    let previous = scene.vessel().previous;
    previous.is_some_and(|previous| line.distance(previous.position).0 > metres)
}
