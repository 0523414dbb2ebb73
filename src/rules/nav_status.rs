//! `nav_status`: a vessel sends one of certain navigational statuses, as "not under command".

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};

const STATUSES: Parameter = Parameter::must("statuses", Value::Statuses).means(
    "航行狀態代碼 0–15",
    "navigational statuses, 0 to 15 (ITU-R M.1371-5 table 45)",
);

pub(super) static KIND: Kind = Kind {
    name: "nav_status",
    message: Words {
        zh: "船舶回報特定航行狀態",
        en: "Vessel reports a status that is watched for",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: None,
    parameters: &[STATUSES],
    read: |reader| {
        Box::new(NavStatus {
            statuses: reader.statuses(&STATUSES),
        })
    },
};

#[derive(Debug)]
struct NavStatus {
    statuses: Vec<u8>,
}

impl Judge for NavStatus {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let status = scene.vessel().nav_status();
        Judgement::of(status.is_some_and(|status| self.statuses.contains(&status)))
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        if let Some(status) = account.need("nav_status", scene.vessel().nav_status()) {
            account.ask("statuses", self.statuses.contains(&status));
        }
    }
}
