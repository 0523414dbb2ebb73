//! `distress`: a SART, MOB device or EPIRB, or any ship with status 14, sends.

use super::{
    Account, AtOnce, Evaluation, Judge, Judgement, Kind, Memory, Occasion, On, Parameter, Scene, Subject, Words,
    ZoneUse,
};
use crate::ais;
use crate::time::Span;

const TESTS: Parameter = Parameter::flag("tests", false).means("測試信號亦警報", "beacons under test count too");

/// How long after the last such report the alert lasts.
const LASTS: Span = Span::s(600);
/// Navigational status "AIS-SART active" (ITU-R M.1371-5 table 45).
const ACTIVE: u8 = 14;
/// Status sent by a SART, MOB device or EPIRB under test.
const TEST: u8 = 15;

pub(super) static KIND: Kind = Kind {
    name: "distress",
    message: Words {
        zh: "遇險信號",
        en: "Distress signal",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::on(&[On::Status]).ending(AtOnce::Always),
    default_classes: &[],
    unit: None,
    parameters: &[TESTS],
    read: |reader| {
        Box::new(Distress {
            tests: reader.flag(&TESTS),
        })
    },
};

#[derive(Debug)]
struct Distress {
    /// Whether devices under test count too.
    tests: bool,
}

impl Judge for Distress {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Memory::Sent(last) = scene.memory else {
            return Judgement::NO;
        };
        let end = last.plus(LASTS);
        let holds = scene.now < end;
        Judgement {
            next_s: holds.then(|| end.ceil_s()),
            ..Judgement::of(holds)
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.ask("nav_status", matches!(scene.memory, Memory::Sent(_)));
    }

    fn remembers(&self) -> bool {
        true
    }

    fn remember(&self, scene: &Scene<'_>, memory: &mut Memory) {
        let Occasion::Status(status) = scene.occasion else {
            return;
        };
        let beacon = matches!(scene.vessel().kind, ais::Kind::Sart | ais::Kind::Mob | ais::Kind::Epirb);
        if status == ACTIVE || (beacon && (status != TEST || self.tests)) {
            *memory = Memory::Sent(scene.now);
        }
    }
}
