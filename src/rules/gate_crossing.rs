//! `gate_crossing`: a vessel crosses a line between two reports, inwards, outwards or either way.

use super::{Account, Evaluation, Judge, Judgement, Kind, On, Parameter, Scene, Subject, Words, ZoneUse};

const DIRECTION: Parameter = Parameter::choice("direction", &["both", "in", "out"])
    .means(
        "方向：入、出或雙向；入為由左至右",
        "inwards is from left to right, looking from the first to the last vertex",
    )
    .default_choice("both");

pub(super) static KIND: Kind = Kind {
    name: "gate_crossing",
    message: Words {
        zh: "船舶通過門線",
        en: "Vessel crossed the gate",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Gates,
    evaluation: Evaluation::momentary(&[On::Report]),
    default_classes: &[],
    unit: None,
    parameters: &[DIRECTION],
    read: |reader| {
        let direction = reader.choice(&DIRECTION);
        Box::new(GateCrossing {
            inwards: direction != "out",
            outwards: direction != "in",
        })
    },
};

/// `in` is from left to right, looking from the line's first to its last vertex.
#[derive(Debug)]
struct GateCrossing {
    inwards: bool,
    outwards: bool,
}

impl Judge for GateCrossing {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(crossing) = scene.crossing else {
            return Judgement::NO;
        };
        Judgement::of((self.inwards && crossing.inwards) || (self.outwards && crossing.outwards))
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("previous_position", scene.vessel().previous);
        account.ask("crossing", scene.crossing.is_some());
        account.ask("direction", scene.crossing.is_none() || self.judge(scene).holds);
    }
}
