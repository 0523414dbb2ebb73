//! `wrong_berth`: a sand carrier lies at another berth than its declaration names.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;
use crate::register::{Class, Declaration};
use crate::time::Span;
use crate::zone::ZoneKind;

const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("航速低於此值視為停靠", "slower than this is lying at the berth")
    .unit("kn")
    .default_number(0.5);

pub(super) static KIND: Kind = Kind {
    name: "wrong_berth",
    message: Words {
        zh: "砂石船停靠非申報船席",
        en: "Sand carrier at another berth than declared",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Unnamed,
    evaluation: Evaluation::R,
    default_classes: &[Class::SandCarrier],
    unit: Some("kn"),
    parameters: &[MAX_KN],
    read: |reader| {
        Box::new(WrongBerth {
            max: Knots(reader.number(&MAX_KN)),
        })
    },
};

#[derive(Debug)]
struct WrongBerth {
    max: Knots,
}

impl Judge for WrongBerth {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.max.0);
        };
        let declarations = scene.papers.declarations.of(scene.vessel().mmsi);
        let astray = |own: &&Declaration| own.covers(scene.now, None) && is_astray(own, scene);
        let selected = scene.selected.is_none() || scene.is_in_selected();
        let holds = sog < self.max && selected && declarations.iter().any(|own| astray(&own));
        let turns = declarations.iter().filter(|own| own.is_granted());
        Judgement {
            next_s: turns.filter_map(|own| own.next_turn_s(scene.now, Span(0))).min(),
            ..Judgement::measured(holds, sog.0, self.max.0)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        let declarations = scene.papers.declarations.of(scene.vessel().mmsi);
        let covering = || declarations.iter().filter(|own| own.covers(scene.now, None));
        account.need("declaration", covering().find(|own| own.berth_zone.is_some()));
        account.ask("berth", covering().any(|own| is_astray(own, scene)));
    }
}

/// Whether the vessel is in the declared port at some berth, and not at the declared one.
fn is_astray(own: &Declaration, scene: &Scene<'_>) -> bool {
    let Some(berth) = own.berth_zone.as_deref() else {
        return false;
    };
    let here = || scene.inside.iter().map(|inside| scene.zones.get(inside.zone));
    let in_port = own
        .port_zone
        .as_deref()
        .is_none_or(|port| here().any(|zone| *zone.id == *port));
    in_port && here().any(|zone| zone.kind == ZoneKind::Berth) && !here().any(|zone| *zone.id == *berth)
}
