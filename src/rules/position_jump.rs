//! `position_jump`: a position is too far from the last for the time between them, and is held back.

use super::{
    Account, Evaluation, Judge, Judgement, Kind, Memory, Occasion, On, Parameter, Scene, Subject, Words, ZoneUse,
};
use crate::time::Span;

const REPEAT_S: Parameter = Parameter::number("repeat_s", 0.0, 86_400.0)
    .means(
        "同一船舶再次警報的最短間隔",
        "the same vessel is not told of again before",
    )
    .unit("s")
    .default_number(600.0);

pub(super) static KIND: Kind = Kind {
    name: "position_jump",
    message: Words {
        zh: "船位異常跳動",
        en: "Position jumped",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::momentary(&[On::Held]),
    default_classes: &[],
    unit: None,
    parameters: &[REPEAT_S],
    read: |reader| {
        Box::new(PositionJump {
            repeat: reader.span(&REPEAT_S),
        })
    },
};

#[derive(Debug)]
struct PositionJump {
    /// Shortest time between two alerts of one vessel.
    repeat: Span,
}

impl Judge for PositionJump {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let first = scene.occasion == Occasion::Held { after_accepted: true };
        Judgement::of(first && self.may_tell(scene))
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.kept_by = (!self.may_tell(scene)).then_some("repeat_s");
    }

    fn note_told(&self, scene: &Scene<'_>, memory: &mut Memory) {
        *memory = Memory::Told(scene.now);
    }
}

impl PositionJump {
    /// Whether the vessel was not told of a moment ago.
    fn may_tell(&self, scene: &Scene<'_>) -> bool {
        match scene.memory {
            Memory::Told(last) => scene.now >= last.plus(self.repeat),
            _ => true,
        }
    }
}
