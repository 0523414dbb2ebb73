//! `visibility_limit`: a station sees less far than is allowed.

use super::wind_limit::{MAX_AGE_S, STATION};
use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::report::Quantity;
use crate::time::Span;

const BELOW_NM: Parameter = Parameter::number("below_nm", 0.0, 50.0)
    .means("能見度下限", "the least visibility allowed")
    .unit("NM");

pub(super) static KIND: Kind = Kind {
    name: "visibility_limit",
    message: Words {
        zh: "能見度低於限制",
        en: "Visibility under the limit",
    },
    subject: Subject::Station,
    zones: ZoneUse::None,
    evaluation: Evaluation::TICKS,
    default_classes: &[],
    unit: Some("NM"),
    parameters: &[BELOW_NM, STATION, MAX_AGE_S],
    read: |reader| {
        Box::new(VisibilityLimit {
            below_nm: reader.number(&BELOW_NM),
            station: reader.text(&STATION),
            max_age: reader.span(&MAX_AGE_S),
        })
    },
};

#[derive(Debug)]
struct VisibilityLimit {
    /// Less is too little.
    below_nm: f64,
    /// Of this station alone; empty: of each.
    station: String,
    max_age: Span,
}

impl Judge for VisibilityLimit {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let station = scene.station();
        let measured = station
            .measured(Quantity::Visibility, scene.now, self.max_age)
            .filter(|_| station.is_meant_by(&self.station));
        let Some((visibility, next_s)) = measured else {
            return Judgement::NO;
        };
        Judgement {
            next_s: Some(next_s),
            ..Judgement::measured(visibility < self.below_nm, visibility, self.below_nm)
        }
    }
}
