//! `status_mismatch`: a vessel says it is at anchor or moored, and moves.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Knots;

const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.2)
    .means("航速高於此值即與狀態不符", "faster than this does not fit the status")
    .unit("kn")
    .default_number(3.0)
    .source("class A reports as under way above 3 kn (ITU-R M.1371-5 table 1)");

pub(super) static KIND: Kind = Kind {
    name: "status_mismatch",
    message: Words {
        zh: "航行狀態與航速不符",
        en: "Status and speed do not fit",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("kn"),
    parameters: &[MAX_KN],
    read: |reader| {
        Box::new(StatusMismatch {
            max: Knots(reader.number(&MAX_KN)),
        })
    },
};

#[derive(Debug)]
struct StatusMismatch {
    max: Knots,
}

impl Judge for StatusMismatch {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(sog) = scene.sog() else {
            return Judgement::unmeasured(self.max.0);
        };
        Judgement::measured(scene.vessel().is_moored() && sog > self.max, sog.0, self.max.0)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("sog_kn", scene.sog());
        account.need("nav_status", scene.vessel().nav_status());
        account.ask("nav_status", scene.vessel().is_moored());
    }
}
