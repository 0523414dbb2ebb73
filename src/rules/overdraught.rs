//! `overdraught`: a sand carrier reports to lie deeper than its load line, or than was declared. A cue to inspect: the
//! draught is typed in by hand.

use super::{Account, Evaluation, Judge, Judgement, Kind, On, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Decimal;
use crate::register::{Class, Declaration};
use crate::time::Span;

const TOLERANCE_M: Parameter = Parameter::number("tolerance_m", 0.0, 10.0)
    .means("容許的超過量", "how much deeper is tolerated")
    .unit("m")
    .default_number(0.1)
    .source("one step of the draught in type 5 (ITU-R M.1371-5)");

pub(super) static KIND: Kind = Kind {
    name: "overdraught",
    message: Words {
        zh: "砂石船吃水超過載重線或申報值",
        en: "Sand carrier deeper than its load line or declaration",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::on(&[On::Report, On::Statics]),
    default_classes: &[Class::SandCarrier],
    unit: Some("m"),
    parameters: &[TOLERANCE_M],
    read: |reader| {
        Box::new(Overdraught {
            tolerance: Decimal::of(reader.number(&TOLERANCE_M)),
        })
    },
};

#[derive(Debug)]
struct Overdraught {
    tolerance: Decimal,
}

impl Judge for Overdraught {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let vessel = scene.vessel();
        let declarations = scene.papers.declarations.of(vessel.mmsi);
        let zone = scene.zone_id();
        let turns = |own: &Declaration| {
            own.next_turn_s(scene.now, Span(0))
                .filter(|_| own.is_granted() && own.is_for(zone))
        };
        let next_s = declarations.iter().filter_map(turns).min();
        let first = limits(scene).next();
        let Some(draught) = vessel.statics.draught.value else {
            return Judgement {
                limit: first.map(|(limit, _)| limit),
                next_s,
                ..Judgement::NO
            };
        };
        let over = limits(scene).find(|(limit, _)| Decimal::of(draught.0) > Decimal::of(*limit) + self.tolerance);
        let measured = over.or(first).map_or(Judgement::NO, |(limit, _)| {
            Judgement::measured(over.is_some(), draught.0, limit)
        });
        Judgement {
            reason: over.map(|(_, reason)| reason),
            next_s,
            ..measured
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("draught_m", scene.vessel().statics.draught.value);
        account.need("load_line_m", limits(scene).next());
    }
}

/// How deep the vessel may lie, and by what: its load line, and what is declared of it now.
fn limits<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (f64, &'static str)> + 'a {
    let (vessel, now, zone) = (scene.vessel(), scene.now, scene.zone_id());
    let load_line = scene
        .picture
        .register
        .load_line_m(vessel.mmsi, vessel.statics.imo.value);
    let declarations = scene.papers.declarations.of(vessel.mmsi).iter();
    let covering = declarations.filter(move |own| own.covers(now, zone));
    let declared = covering.filter_map(|own| Some((own.max_draught_m?, "declared")));
    load_line.map(|limit| (limit, "load_line")).into_iter().chain(declared)
}
