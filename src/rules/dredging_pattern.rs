//! `dredging_pattern`: a sand carrier goes to and fro over one ground, slowly, as those do that dredge.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse, second_beyond};
use crate::geo::Knots;
use crate::register::Class;
use crate::time::Span;
use crate::track::{Points, window};

const WINDOW_S: Parameter = Parameter::number("window_s", 1.0, 86_400.0)
    .means("觀察時間", "over so long")
    .unit("s")
    .default_number(1800.0);
const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("平均航速至多", "mean speed at most")
    .unit("kn")
    .default_number(3.0);
const MIN_KN: Parameter = Parameter::number("min_kn", 0.0, 102.2)
    .means("平均航速至少", "mean speed at least")
    .unit("kn")
    .default_number(0.3);
const MIN_SINUOSITY: Parameter = Parameter::number("min_sinuosity", 0.0, 1000.0)
    .means(
        "航跡長與最大距離之比至少",
        "length of the way over its greatest width, at least",
    )
    .default_number(2.0);

pub(super) static KIND: Kind = Kind {
    name: "dredging_pattern",
    message: Words {
        zh: "砂石船疑似抽砂",
        en: "Sand carrier moves as if dredging",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[Class::SandCarrier],
    unit: None,
    parameters: &[WINDOW_S, MAX_KN, MIN_KN, MIN_SINUOSITY],
    read: |reader| {
        let [min, max] = reader.range(&MIN_KN, &MAX_KN);
        Box::new(DredgingPattern {
            window: reader.span(&WINDOW_S),
            min: Knots(min),
            max: Knots(max),
            min_sinuosity: reader.number(&MIN_SINUOSITY),
        })
    },
};

#[derive(Debug)]
struct DredgingPattern {
    window: Span,
    min: Knots,
    max: Knots,
    min_sinuosity: f64,
}

impl Judge for DredgingPattern {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let points = scene.trail_over(self.window);
        let Some(oldest) = points.clone().next().filter(|_| !scene.vessel().is_moored()) else {
            return Judgement::NO;
        };
        let inside = scene.inside_since.is_none_or(|since| since <= oldest.time);
        Judgement {
            next_s: Some(second_beyond(oldest.time, self.window)),
            ..if inside {
                self.judge_window(&points)
            } else {
                Judgement::NO
            }
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.ask_window(scene, self.window, [self.min, self.max]);
        if let Some(oldest) = scene.trail_over(self.window).next() {
            account.ask("zones", scene.inside_since.is_none_or(|since| since <= oldest.time));
        }
    }

    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        let points = scene.trail_over(self.window);
        Judgement {
            value: window::is_full(&points, self.window).then(|| window::sinuosity(&points)),
            limit: Some(self.min_sinuosity),
            ..self.judge(scene)
        }
    }

    fn window(&self) -> Span {
        self.window
    }
}

impl DredgingPattern {
    fn judge_window(&self, points: &Points<'_>) -> Judgement {
        if !window::is_full(points, self.window) || !window::is_mean_sog_between(points, self.min, self.max) {
            return Judgement::NO;
        }
        let sinuosity = window::sinuosity(points);
        let holds = sinuosity > 0.0 && sinuosity >= self.min_sinuosity;
        Judgement::measured(holds, sinuosity, self.min_sinuosity)
    }
}
