//! `loitering`: a vessel has kept around one spot for a while, slowly, without anchoring.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse, second_beyond};
use crate::geo::{Knots, Metres, Position, distance};
use crate::time::Span;
use crate::track::{Fix, Points, window};

const WINDOW_S: Parameter = Parameter::number("window_s", 1.0, 86_400.0)
    .means("觀察時間", "over so long")
    .unit("s")
    .default_number(3600.0);
const RADIUS_NM: Parameter = Parameter::number("radius_nm", 0.001, 60.0)
    .means("距平均位置不超過", "no farther than this from the mean position")
    .unit("NM")
    .default_number(0.5);
const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("平均航速至多", "mean speed at most")
    .unit("kn")
    .default_number(3.0);
const MIN_KN: Parameter = Parameter::number("min_kn", 0.0, 102.2)
    .means("平均航速至少", "mean speed at least")
    .unit("kn")
    .default_number(0.3);

pub(super) static KIND: Kind = Kind {
    name: "loitering",
    message: Words {
        zh: "船舶徘徊",
        en: "Vessel loiters",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("NM"),
    parameters: &[WINDOW_S, RADIUS_NM, MAX_KN, MIN_KN],
    read: |reader| {
        let [min, max] = reader.range(&MIN_KN, &MAX_KN);
        Box::new(Loitering {
            window: reader.span(&WINDOW_S),
            radius: Metres::from_nm(reader.number(&RADIUS_NM)),
            min: Knots(min),
            max: Knots(max),
        })
    },
};

#[derive(Debug)]
struct Loitering {
    window: Span,
    radius: Metres,
    min: Knots,
    max: Knots,
}

impl Judge for Loitering {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let points = scene.trail_over(self.window);
        let Some(oldest) = points.clone().next().filter(|_| !scene.vessel().is_moored()) else {
            return Judgement::unmeasured(self.radius.nm());
        };
        Judgement {
            next_s: Some(second_beyond(oldest.time, self.window)),
            ..self.judge_window(scene, &points, oldest.position)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.ask_window(scene, self.window, [self.min, self.max]);
    }

    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        let points = scene.trail_over(self.window);
        Judgement {
            value: window::is_full(&points, self.window).then(|| window::spread(&points).nm()),
            limit: Some(self.radius.nm()),
            ..self.judge(scene)
        }
    }

    fn window(&self) -> Span {
        self.window
    }
}

impl Loitering {
    fn judge_window(&self, scene: &Scene<'_>, points: &Points<'_>, oldest: Position) -> Judgement {
        // Two positions that are both within the radius of a mean are within twice of each other.
        let near = |fix: &Fix| distance(oldest, fix.position).0 <= 2.0 * self.radius.0;
        if !scene.fix().is_some_and(near) || !window::is_full(points, self.window) {
            return Judgement::unmeasured(self.radius.nm());
        }
        let spread = window::spread(points);
        let holds = spread <= self.radius && window::is_mean_sog_between(points, self.min, self.max);
        Judgement::measured(holds, spread.nm(), self.radius.nm())
    }
}
