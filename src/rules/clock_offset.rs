//! `clock_offset`: the clock of a live station is wrong, by the times it tells.

use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::time::Span;

const LIMIT_S: Parameter = Parameter::number("limit_s", 0.1, 86_400.0)
    .means(
        "與接收時間之差超過此值",
        "how far its time is off that of the receipt, at ten sentences in a row",
    )
    .unit("s")
    .default_number(10.0);

pub(super) static KIND: Kind = Kind {
    name: "clock_offset",
    message: Words {
        zh: "接收站時鐘偏差",
        en: "Clock of the station is wrong",
    },
    subject: Subject::Station,
    zones: ZoneUse::None,
    evaluation: Evaluation::on(&[]),
    default_classes: &[],
    unit: Some("s"),
    parameters: &[LIMIT_S],
    read: |reader| {
        Box::new(ClockOffset {
            limit: reader.span(&LIMIT_S),
        })
    },
};

#[derive(Debug)]
struct ClockOffset {
    /// Farther off, to either side, is wrong.
    limit: Span,
}

impl Judge for ClockOffset {
    /// The value is the last offset, negative if the station's clock is behind.
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let ahead = &scene.station().record.ahead;
        let Some(last) = ahead.last() else {
            return Judgement::NO;
        };
        let holds = ahead.is_full() && ahead.iter().all(|ahead| ahead.0.abs() > self.limit.0);
        Judgement::measured(holds, last.as_s(), self.limit.as_s())
    }
}
