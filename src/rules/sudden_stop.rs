//! `sudden_stop`: a vessel that ran fast a moment ago lies still.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse, second_beyond};
use crate::geo::Knots;
use crate::time::{Span, Timestamp};

const FROM_KN: Parameter = Parameter::number("from_kn", 0.0, 102.2)
    .means("先前航速高於此值", "faster than this before")
    .unit("kn")
    .default_number(7.0);
const TO_KN: Parameter = Parameter::number("to_kn", 0.0, 102.2)
    .means("目前航速低於此值", "slower than this now")
    .unit("kn")
    .default_number(1.0);
const WITHIN_S: Parameter = Parameter::number("within_s", 1.0, 86_400.0)
    .means("在此時間之內", "within so long")
    .unit("s")
    .default_number(30.0);

pub(super) static KIND: Kind = Kind {
    name: "sudden_stop",
    message: Words {
        zh: "船舶突然停止",
        en: "Vessel has stopped suddenly",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[FROM_KN, TO_KN, WITHIN_S],
    read: |reader| {
        let (from, to) = (Knots(reader.number(&FROM_KN)), Knots(reader.number(&TO_KN)));
        let within = reader.span(&WITHIN_S);
        if from < to {
            reader.fault("to_kn", "is over from_kn", "at most from_kn");
        }
        if reader.for_s() > within {
            reader.fault(
                "for_s",
                "is over within_s, after which it is no longer so",
                "at most within_s",
            );
        }
        Box::new(SuddenStop { from, to, within })
    },
};

#[derive(Debug)]
struct SuddenStop {
    from: Knots,
    to: Knots,
    within: Span,
}

impl Judge for SuddenStop {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.to.0);
        };
        let was_fast = if sog < self.to { self.last_fast(scene) } else { None };
        Judgement {
            next_s: was_fast.map(|last| second_beyond(last, self.within)),
            ..Judgement::measured(was_fast.is_some(), sog.0, self.to.0)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        account.ask("from_kn", self.last_fast(scene).is_some());
    }

    fn window(&self) -> Span {
        self.within
    }
}

impl SuddenStop {
    /// When it was last fast, if it was of late.
    fn last_fast(&self, scene: &Scene<'_>) -> Option<Timestamp> {
        let points = scene.trail_over(self.within);
        let fast = points.filter(|point| point.sog.is_some_and(|sog| sog > self.from));
        fast.map(|point| point.time).last()
    }
}
