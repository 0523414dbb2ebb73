//! `reception`: a station brings far fewer reports than it is used to at this hour, or did not hear nearly as far as it is
//! used to on the day before.

use super::{Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::Decimal;
use crate::picture::{Coverage, Habit, LONGEST_WINDOW, Learned, StationKey, next_hour};
use crate::time::{Span, Timestamp};

const DROP: Parameter = Parameter::number("drop", 0.01, 1.0)
    .means(
        "低於平常的此比例：報告數與同一小時之中位數相比；前一日各方位之收訊距離與平常距離相比",
        "less than this share of the usual: reports, of the median for that hour of the day, UTC, over at least 7 days; or the \
         range on the day before, the median over the bearings of the farthest against the usual",
    )
    .default_number(0.5);
const WINDOW_S: Parameter = Parameter::number("window_s", 60.0, LONGEST_WINDOW.as_s())
    .means("統計時間長度", "over which reports are counted")
    .unit("s")
    .default_number(3600.0);

const DAY_S: i64 = 86_400;

pub(super) static KIND: Kind = Kind {
    name: "reception",
    message: Words {
        zh: "接收站收訊量異常減少",
        en: "Station hears far less than usual",
    },
    subject: Subject::Station,
    zones: ZoneUse::None,
    evaluation: Evaluation::TICKS,
    default_classes: &[],
    unit: None,
    parameters: &[DROP, WINDOW_S],
    read: |reader| {
        Box::new(Reception {
            drop: reader.number(&DROP),
            window: reader.span(&WINDOW_S),
        })
    },
};

#[derive(Debug)]
struct Reception {
    /// Less than this share of the usual is too little.
    drop: f64,
    /// Over which accepted reports are counted.
    window: Span,
}

impl Judge for Reception {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let stations = &scene.picture.stations;
        let learned = match scene.station().key {
            StationKey::Receiver(station) => stations.learned(station),
            StationKey::Sender(_) => None,
        };
        let Some(Learned { habit, coverage }) = learned else {
            return Judgement::NO;
        };
        let reports = self.judge_reports(scene, habit);
        match self.range(scene, coverage) {
            Some(share) if share < self.drop && !reports.holds => Judgement {
                next_s: reports.next_s,
                ..Judgement::measured(true, share, self.drop)
            },
            _ => reports,
        }
    }
}

impl Reception {
    /// Fewer reports than usual.
    fn judge_reports(&self, scene: &Scene<'_>, habit: &Habit) -> Judgement {
        let present_since = scene.picture.stations.present_since();
        let second = scene.now.floor_s();
        let hour_s = next_hour(second);
        let whole_from = present_since.plus(self.window);
        let usual = habit.usual(second).filter(|_| scene.now >= whole_from);
        let Some(usual) = usual else {
            let next_s = whole_from.ceil_s().max(second + 1).min(hour_s);
            return Judgement {
                next_s: Some(next_s),
                ..Judgement::NO
            };
        };
        let share = self.window.as_s() / LONGEST_WINDOW.as_s();
        let limit = Decimal::of(self.drop * usual * share).as_f64();
        let from_s = Timestamp::from_s(second).plus(Span(-self.window.0)).ceil_s();
        let reports = f64::from(habit.reports(from_s, second));
        let holds = reports < limit;
        // More may come in any second; fewer are left at one that is known.
        let change = if holds {
            Some(second + 1)
        } else {
            habit.fewer_at(limit, second - from_s)
        };
        Judgement {
            next_s: Some(change.unwrap_or(hour_s).min(hour_s)),
            ..Judgement::measured(holds, reports, limit)
        }
    }

    /// The share of its usual range that the station reached on the day before, if the service was there all day.
    fn range(&self, scene: &Scene<'_>, coverage: &Coverage) -> Option<f64> {
        let day = scene.now.floor_s().div_euclid(DAY_S) - 1;
        let whole = scene.picture.stations.present_since().floor_s() <= day * DAY_S;
        coverage.share(day).filter(|_| whole)
    }
}
