//! `undeclared_entry`: a sand carrier is inside a zone that no approved declaration covers it in now.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::register::{Class, Declaration};
use crate::time::Span;

const GRACE_S: Parameter = Parameter::number("grace_s", 0.0, 604_800.0)
    .means(
        "申報時段前後的寬限",
        "how much earlier and later than declared is tolerated",
    )
    .unit("s")
    .default_number(0.0);

/// A declaration whose window is no farther than this from now makes the reason `outside_window`.
const NEAR_WINDOW: Span = Span::s(86_400);

pub(super) static KIND: Kind = Kind {
    name: "undeclared_entry",
    message: Words {
        zh: "砂石船未經核准進入",
        en: "Sand carrier inside without an approved declaration",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::T,
    default_classes: &[Class::SandCarrier],
    unit: None,
    parameters: &[GRACE_S],
    read: |reader| {
        Box::new(UndeclaredEntry {
            grace: Span::from_s(reader.number(&GRACE_S)),
        })
    },
};

#[derive(Debug)]
struct UndeclaredEntry {
    /// Widens a declaration's window at both ends.
    grace: Span,
}

impl Judge for UndeclaredEntry {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        if scene.fix().is_none() {
            return Judgement::NO;
        }
        let zone = scene.zone_id();
        let own = || {
            scene
                .papers
                .declarations
                .of(scene.vessel().mmsi)
                .iter()
                .filter(|declaration| declaration.is_for(zone))
        };
        let covered = own().any(|declaration| declaration.is_granted() && declaration.is_open(scene.now, self.grace));
        let near = |declaration: &Declaration| {
            declaration.is_granted() && declaration.is_open(scene.now, Span(NEAR_WINDOW.0.max(self.grace.0)))
        };
        let reason = if own().any(near) {
            "outside_window"
        } else if own().any(|declaration| !declaration.is_granted() && declaration.is_open(scene.now, self.grace)) {
            "not_approved"
        } else {
            "none"
        };
        let next_s = own()
            .filter(|declaration| declaration.is_granted())
            .filter_map(|own| own.next_turn_s(scene.now, self.grace))
            .min();
        Judgement {
            reason: (!covered).then_some(reason),
            next_s,
            ..Judgement::of(!covered)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("position", scene.fix());
        account.ask("declaration", self.judge(scene).holds);
    }
}
