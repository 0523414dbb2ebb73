//! `collision_risk`: two vessels will pass too near each other, and soon, if both hold course and speed.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::{Approach, Knots, Metres};
use crate::picture::{Mover, Reach};
use crate::time::Span;

const CPA_NM: Parameter = Parameter::number("cpa_nm", 0.0, 24.0)
    .means("最近會遇距離不超過", "passing at this distance or nearer")
    .unit("NM");
const TCPA_MIN: Parameter = Parameter::number("tcpa_min", 0.0, 180.0)
    .means("多久之內到達最近會遇點", "within this time")
    .unit("min");
const RANGE_NM: Parameter = Parameter::number("range_nm", 0.0, 50.0)
    .means("兩船目前距離不超過", "no farther apart than this now")
    .unit("NM")
    .default_number(6.0);
const MIN_SOG_KN: Parameter = Parameter::number("min_sog_kn", 0.0, 102.2)
    .means("至少一船的航速", "the speed that at least one of them makes")
    .unit("kn")
    .default_number(1.0);
const MAX_AGE_S: Parameter = Parameter::number("max_age_s", 1.0, 3600.0)
    .means("船位最久可沿用的時間", "how old a position may be")
    .unit("s")
    .default_number(180.0);

/// Below or at this relative speed two keep company, and do not approach. Speeds are sent in tenths: the difference of
/// two may be off in its last digits, and 10 less 9.5 knots is half a knot.
const COMPANY: Knots = Knots(0.5 + 1e-9);
/// A first look takes the mean of two cosines of latitude for the cosine of the middle one; over 200 km that is no more
/// than 30 m off.
const SLACK_M: f64 = 50.0;

pub(super) static KIND: Kind = Kind {
    name: "collision_risk",
    message: Words {
        zh: "兩船有碰撞危險",
        en: "Risk of collision between two vessels",
    },
    subject: Subject::Pair,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::T,
    default_classes: &[],
    unit: Some("NM"),
    parameters: &[CPA_NM, TCPA_MIN, RANGE_NM, MIN_SOG_KN, MAX_AGE_S],
    read: |reader| {
        Box::new(CollisionRisk {
            cpa: Metres::from_nm(reader.number(&CPA_NM)),
            cpa_nm: reader.number(&CPA_NM),
            tcpa_s: reader.number(&TCPA_MIN) * 60.0,
            range: Metres::from_nm(reader.number(&RANGE_NM)),
            min_sog: Knots(reader.number(&MIN_SOG_KN)),
            max_age: reader.span(&MAX_AGE_S),
        })
    },
};

#[derive(Debug)]
struct CollisionRisk {
    /// Passing at this distance or nearer is a risk, ...
    cpa: Metres,
    cpa_nm: f64,
    /// ... so many seconds ahead or fewer, ...
    tcpa_s: f64,
    /// ... of two that are no farther apart now, ...
    range: Metres,
    /// ... of whom at least one makes this speed, ...
    min_sog: Knots,
    /// ... by positions no older than this.
    max_age: Span,
}

impl Judge for CollisionRisk {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (one, other) = scene.pair();
        if !self.is_pair(one.mover, other.mover) {
            return Judgement::NO;
        }
        let approach = Approach::of(&one.mover.motion, &other.mover.motion);
        if approach.speed() <= COMPANY || approach.cpa() > self.cpa {
            return Judgement::NO;
        }
        let Some(in_range_s) = approach.within_s(self.range) else {
            return Judgement::NO;
        };
        let closest_s = approach.tcpa_s();
        let from = approach
            .time
            .plus(Span::at_least_s(closest_s - in_range_s.min(self.tcpa_s)));
        let until = approach.time.plus(Span::at_most_s(closest_s));
        let aged = one.mover.motion.time.min(other.mover.motion.time).plus(self.max_age);
        Judgement {
            value: Some(approach.cpa().nm()),
            limit: Some(self.cpa_nm),
            ..Judgement::between(scene.now, from, until.min(aged))
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let (one, other) = scene.pair();
        for party in [one, other] {
            let fix = party.track.fix.as_ref();
            let sog = account.need("sog_kn", fix.and_then(|fix| fix.sog));
            if sog.is_some_and(|sog| sog > Knots(0.0)) {
                account.need("cog_deg", fix.and_then(|fix| fix.cog));
            }
        }
        let approach = Approach::of(&one.mover.motion, &other.mover.motion);
        account.ask("min_sog_kn", self.is_fast(one.mover) || self.is_fast(other.mover));
        account.ask("nav_status", !(one.mover.moored && other.mover.moored));
        account.ask("relative_speed", approach.speed() > COMPANY);
        let passed_s = scene.now.since(approach.time).as_s();
        let tcpa_s = approach.tcpa_s() - passed_s;
        account.ask("tcpa_min", (0.0..=self.tcpa_s).contains(&tcpa_s));
        let in_range = approach
            .within_s(self.range)
            .is_some_and(|range_s| tcpa_s.abs() <= range_s);
        account.ask("range_nm", in_range);
        let oldest = one.mover.motion.time.min(other.mover.motion.time);
        account.ask("max_age_s", scene.now.since(oldest) <= self.max_age);
    }

    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        let (one, other) = scene.pair();
        let measurable = one.mover.carries_on && other.mover.carries_on;
        let cpa = measurable.then(|| Approach::of(&one.mover.motion, &other.mover.motion).cpa().nm());
        Judgement {
            value: cpa,
            limit: Some(self.cpa_nm),
            ..self.judge(scene)
        }
    }

    fn reach(&self) -> Option<Reach> {
        Some(Reach {
            passing: self.cpa,
            within_s: self.tcpa_s,
            range: self.range,
            ahead_s: self.max_age.as_s(),
            min_sog: self.min_sog,
            close: Metres(0.0),
        })
    }

    fn may_meet(&self, one: &Mover, other: &Mover) -> bool {
        if !self.is_pair(one, other) {
            return false;
        }
        let approach = one.approach_at_a_glance(other);
        let speed_ms = approach.speed_ms();
        let slack_s = SLACK_M / speed_ms;
        let aged = one.motion.time.min(other.motion.time).plus(self.max_age);
        let soonest_s = approach.tcpa_s() - slack_s - self.tcpa_s;
        approach.across() <= (self.cpa.0 + SLACK_M) * speed_ms
            && approach.tcpa_s() + slack_s >= 0.0
            && soonest_s <= aged.since(approach.time).as_s()
    }
}

impl CollisionRisk {
    /// Whether it can be a risk by all but their ways.
    fn is_pair(&self, one: &Mover, other: &Mover) -> bool {
        one.carries_on
            && other.carries_on
            && (self.is_fast(one) || self.is_fast(other))
            && !(one.moored && other.moored)
    }

    fn is_fast(&self, mover: &Mover) -> bool {
        mover.sog().is_some_and(|sog| sog >= self.min_sog)
    }
}
