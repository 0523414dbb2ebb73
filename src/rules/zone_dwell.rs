//! `zone_dwell`: a vessel has stayed inside a zone for too long.

use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse, second_beyond};
use crate::time::Span;

const MAX_S: Parameter = Parameter::number("max_s", 0.0, 31_536_000.0)
    .means("可停留的最長時間", "the longest stay allowed")
    .unit("s");

pub(super) static KIND: Kind = Kind {
    name: "zone_dwell",
    message: Words {
        zh: "船舶在區域內停留過久",
        en: "Vessel has stayed in the zone too long",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::InsideGiven,
    evaluation: Evaluation::T,
    default_classes: &[],
    unit: Some("s"),
    parameters: &[MAX_S],
    read: |reader| {
        Box::new(ZoneDwell {
            max: reader.span(&MAX_S),
        })
    },
};

#[derive(Debug)]
struct ZoneDwell {
    /// Longer inside at every accepted report is too long.
    max: Span,
}

impl Judge for ZoneDwell {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Some(since) = scene.inside_since else {
            return Judgement::unmeasured(self.max.as_s());
        };
        let stay = scene.now.since(since);
        let holds = stay > self.max;
        Judgement {
            next_s: (!holds).then(|| second_beyond(since, self.max)),
            ..Judgement::measured(holds, stay.as_s(), self.max.as_s())
        }
    }
}
