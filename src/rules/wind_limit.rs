//! `wind_limit`: a station measures more wind, in the mean or in gusts, than is allowed.

use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::report::Quantity;
use crate::time::Span;

const MEAN_MS: Parameter = Parameter::number("mean_ms", 0.0, 150.0)
    .means("平均風速上限", "the mean wind allowed; it or gust_ms must be given")
    .unit("m/s")
    .default_unlimited();
const GUST_MS: Parameter = Parameter::number("gust_ms", 0.0, 150.0)
    .means("陣風上限", "the gusts allowed")
    .unit("m/s")
    .default_unlimited();
pub(super) const STATION: Parameter = Parameter::text("station").means(
    "測站（接收來源、接收來源/測站名或 MMSI）；空白為全部",
    "the station, as FEED, FEED/SOURCE or MMSI; each if none is named",
);
pub(super) const MAX_AGE_S: Parameter = Parameter::number("max_age_s", 1.0, 86_400.0)
    .means("資料有效時間", "how old a value may be")
    .unit("s")
    .default_number(1200.0);

pub(super) static KIND: Kind = Kind {
    name: "wind_limit",
    message: Words {
        zh: "風速超過限制",
        en: "Wind over the limit",
    },
    subject: Subject::Station,
    zones: ZoneUse::None,
    evaluation: Evaluation::TICKS,
    default_classes: &[],
    unit: Some("m/s"),
    parameters: &[MEAN_MS, GUST_MS, STATION, MAX_AGE_S],
    read: |reader| {
        let limits = [(Quantity::Wind, MEAN_MS), (Quantity::Gust, GUST_MS)];
        let limits = limits.map(|(quantity, parameter)| Some((quantity, reader.limit(&parameter)?)));
        if limits.iter().all(Option::is_none) {
            reader.fault(MEAN_MS.name, "is missing, and so is gust_ms", "one of them, or both");
        }
        Box::new(WindLimit {
            limits: limits.into_iter().flatten().collect(),
            station: reader.text(&STATION),
            max_age: reader.span(&MAX_AGE_S),
        })
    },
};

#[derive(Debug)]
struct WindLimit {
    /// More of any of these is too much; the first that is tells its value.
    limits: Vec<(Quantity, f64)>,
    /// Of this station alone; empty: of each.
    station: String,
    max_age: Span,
}

impl Judge for WindLimit {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let station = scene.station();
        if !station.is_meant_by(&self.station) {
            return Judgement::NO;
        }
        let judgement = |(quantity, limit): &(Quantity, f64)| {
            let (value, next_s) = station.measured(*quantity, scene.now, self.max_age)?;
            Some(Judgement {
                next_s: Some(next_s),
                ..Judgement::measured(value > *limit, value, *limit)
            })
        };
        let all = || self.limits.iter().filter_map(judgement);
        let telling = all().find(|judgement| judgement.holds).or_else(|| all().next());
        telling.unwrap_or(Judgement::NO)
    }
}
