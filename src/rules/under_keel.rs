//! `under_keel`: the water is not deep enough for a vessel's reported draught and a margin.

use super::{Account, Evaluation, Judge, Judgement, Kind, On, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Decimal;

const MARGIN_M: Parameter = Parameter::number("margin_m", 0.0, 50.0)
    .means("龍骨下應有的餘裕水深", "how much water there must be under the keel")
    .unit("m");

pub(super) static KIND: Kind = Kind {
    name: "under_keel",
    message: Words {
        zh: "龍骨下水深不足",
        en: "Not enough water under the keel",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::InsideSounded,
    evaluation: Evaluation::on(&[On::Report, On::Statics]),
    default_classes: &[],
    unit: Some("m"),
    parameters: &[MARGIN_M],
    read: |reader| {
        Box::new(UnderKeel {
            margin: Decimal::of(reader.number(&MARGIN_M)),
        })
    },
};

#[derive(Debug)]
struct UnderKeel {
    margin: Decimal,
}

impl Judge for UnderKeel {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let depth = scene.zone.and_then(|zone| zone.depth_m);
        let Some((depth, draught)) = depth.zip(scene.vessel().statics.draught.value) else {
            let water = depth.map(|depth| Decimal::of(depth) + Decimal::of(scene.tide.height_m(scene.now)));
            return Judgement {
                limit: water.map(Decimal::as_f64),
                ..Judgement::NO
            };
        };
        let needed = Decimal::of(draught.0) + self.margin;
        let water = Decimal::of(depth) + Decimal::of(scene.tide.height_m(scene.now));
        let tide_needed = (needed - Decimal::of(depth)).as_f64();
        Judgement {
            next_s: scene.tide.next_crossing_s(scene.now, tide_needed),
            ..Judgement::measured(needed > water, needed.as_f64(), water.as_f64())
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("draught_m", scene.vessel().statics.draught.value);
    }
}
