//! `uninspected_departure`: a sand carrier leaves through a gate before the inspection that its declaration asks for.

use super::{Account, Evaluation, Judge, Judgement, Kind, On, Scene, Subject, Words, ZoneUse};
use crate::register::{Class, Outcome};

pub(super) static KIND: Kind = Kind {
    name: "uninspected_departure",
    message: Words {
        zh: "砂石船未經查驗離港",
        en: "Sand carrier left without its inspection",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Gates,
    evaluation: Evaluation::momentary(&[On::Report]),
    default_classes: &[Class::SandCarrier],
    unit: None,
    parameters: &[],
    read: |_| Box::new(UninspectedDeparture),
};

#[derive(Debug)]
struct UninspectedDeparture;

impl Judge for UninspectedDeparture {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let outwards = scene.crossing.is_some_and(|crossing| crossing.outwards);
        Judgement::of(outwards && is_owing(scene))
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("previous_position", scene.vessel().previous);
        account.ask("crossing", scene.crossing.is_some_and(|crossing| crossing.outwards));
        account.ask("inspection", is_owing(scene));
    }
}

/// Whether a covering declaration asks for an inspection that the vessel has not passed.
fn is_owing(scene: &Scene<'_>) -> bool {
    let papers = scene.papers;
    let passed = |id: &str| {
        let latest = papers.inspections.latest_for(id, scene.now);
        latest.is_some_and(|inspection| inspection.result == Outcome::Pass)
    };
    let own = papers.declarations.of(scene.vessel().mmsi).iter();
    let mut covering = own.filter(|own| own.covers(scene.now, None));
    covering.any(|own| own.inspection && !passed(&own.id))
}
