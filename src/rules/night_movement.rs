//! `night_movement`: a sand carrier moves at night without a declaration that allows it.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;
use crate::register::{Class, Declaration};
use crate::time::Span;

const FROM: Parameter =
    Parameter::time_of_day("from", "18:00").means("夜間開始（當地時間）", "when the night begins, local time");
const TO: Parameter = Parameter::time_of_day("to", "06:00").means("夜間結束（當地時間）", "when it ends");
const MIN_SOG_KN: Parameter = Parameter::number("min_sog_kn", 0.0, 102.2)
    .means("航速至少", "only vessels at this speed or more")
    .unit("kn")
    .default_number(2.0);

pub(super) static KIND: Kind = Kind {
    name: "night_movement",
    message: Words {
        zh: "砂石船未經核准夜間航行",
        en: "Sand carrier moves at night without leave",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[Class::SandCarrier],
    unit: Some("kn"),
    parameters: &[FROM, TO, MIN_SOG_KN],
    read: |reader| {
        let before = reader.faults();
        let (from, to) = (reader.time_of_day(&FROM), reader.time_of_day(&TO));
        if from == to && reader.faults() == before {
            reader.fault("to", "is from, so that there is no night", "another time than from");
        }
        Box::new(NightMovement {
            from,
            to,
            min_sog: Knots(reader.number(&MIN_SOG_KN)),
        })
    },
};

#[derive(Debug)]
struct NightMovement {
    /// Since midnight; the night goes over midnight where `from` is after `to`.
    from: Span,
    to: Span,
    min_sog: Knots,
}

impl Judge for NightMovement {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.min_sog.0);
        };
        let allowed = is_allowed(scene);
        let turn = allowing(scene)
            .filter_map(|own| own.next_turn_s(scene.now, Span(0)))
            .min();
        let clock = scene.local.next_s(scene.now, [self.from, self.to]);
        Judgement {
            next_s: Some(turn.map_or(clock, |turn| turn.min(clock))),
            ..Judgement::measured(
                self.is_night(scene) && !allowed && sog >= self.min_sog,
                sog.0,
                self.min_sog.0,
            )
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        account.ask("night", self.is_night(scene));
        account.ask("declaration", !is_allowed(scene));
    }
}

impl NightMovement {
    fn is_night(&self, scene: &Scene<'_>) -> bool {
        scene.local.is_between(scene.now, self.from, self.to)
    }
}

/// The vessel's declarations that allow it to move at night, at some time.
fn allowing<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Declaration> {
    let zone = scene.zone_id();
    let declarations = scene.papers.declarations.of(scene.vessel().mmsi);
    declarations
        .iter()
        .filter(move |own| own.night && own.is_granted() && own.is_for(zone))
}

fn is_allowed(scene: &Scene<'_>) -> bool {
    allowing(scene).any(|own| own.covers(scene.now, scene.zone_id()))
}
