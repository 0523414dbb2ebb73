//! `silence`: a vessel that was heard in a zone is no longer, though the station that heard it still hears others.

use super::{
    Account, AtOnce, Evaluation, Judge, Judgement, Kind, Occasion, Parameter, Scene, Subject, Words, ZoneUse,
    second_beyond,
};
use crate::geo::Knots;
use crate::picture::DEAF_AFTER;
use crate::time::{Span, Timestamp};

const AFTER_S: Parameter = Parameter::number("after_s", 1.0, 86_400.0)
    .means(
        "無訊號超過此時間",
        "how long without a position, its station hearing others",
    )
    .unit("s");
const MIN_SOG_KN: Parameter = Parameter::number("min_sog_kn", 0.0, 102.2)
    .means("最後航速至少", "only vessels last heard at this speed or more")
    .unit("kn")
    .default_number(0.0);

pub(super) static KIND: Kind = Kind {
    name: "silence",
    message: Words {
        zh: "船舶失去訊號",
        en: "Vessel has gone silent",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::T.ending(AtOnce::AtReports),
    default_classes: &[],
    unit: Some("s"),
    parameters: &[AFTER_S, MIN_SOG_KN],
    read: |reader| {
        let after = Span::from_s(reader.number(&AFTER_S));
        Box::new(Silence {
            after,
            min_sog: Knots(reader.number(&MIN_SOG_KN)),
        })
    },
};

#[derive(Debug)]
struct Silence {
    /// Longer without an accepted position, the station's deafness not counted, is silence.
    after: Span,
    /// Only vessels that made at least this speed when last heard.
    min_sog: Knots,
}

impl Judge for Silence {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let unmeasured = Judgement::unmeasured(self.after.as_s());
        let Some(fix) = scene.fix() else { return unmeasured };
        if fix.sog.is_none_or(|sog| sog < self.min_sog) {
            return unmeasured;
        }
        let Some(station) = scene.picture.stations.station(fix.station) else {
            return unmeasured;
        };
        let deaf_since = station.deaf.0 - fix.deaf.0;
        let gap = Span(station.last_valid.since(fix.time).0 - deaf_since);
        // A report ends it, however old it tells that it is.
        let holds = gap > self.after && scene.occasion != Occasion::Report;
        Judgement {
            next_s: (!holds).then(|| self.next_second(scene.now, station.last_valid, gap)),
            ..Judgement::measured(holds, gap.as_s(), self.after.as_s())
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let Some(fix) = account.need("position", scene.fix()) else {
            return;
        };
        if let Some(sog) = account.need("sog_kn", fix.sog) {
            account.ask("min_sog_kn", sog >= self.min_sog);
        }
        let heard_s_ago = scene.now.since(fix.time);
        account.kept_by = (heard_s_ago > self.after && !self.judge(scene).holds).then_some("deaf");
    }
}

impl Silence {
    /// The gap grows only as the station's sentences come: a second a second while it is not deaf. It cannot have grown
    /// enough before this second.
    fn next_second(&self, now: Timestamp, last_valid: Timestamp, gap: Span) -> i64 {
        let missing = Span(self.after.0 - gap.0);
        let grows_from = if now.since(last_valid) > DEAF_AFTER {
            now
        } else {
            last_valid
        };
        second_beyond(grows_from, missing).max(now.floor_s() + 1)
    }
}
