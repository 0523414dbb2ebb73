//! `encounter`: two vessels lie or drift together at sea.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Party, Scene, Subject, Words, ZoneUse};
use crate::geo::{Knots, Metres, distance};
use crate::picture::{Mover, Reach};
use crate::register::Class;
use crate::time::{Span, Timestamp};
use crate::zone::ZoneSet;

const DISTANCE_M: Parameter = Parameter::number("distance_m", 0.1, 10_000.0)
    .means("兩船距離不超過", "no farther apart than this")
    .unit("m")
    .default_number(150.0);
const MAX_KN: Parameter = Parameter::number("max_kn", 0.0, 102.3)
    .means("兩船航速均低於", "both slower than this")
    .unit("kn")
    .default_number(2.0);
const EXCEPT_ZONES: Parameter =
    Parameter::areas("except_zones").means("不在此列的區域", "areas where vessels may lie together");

/// A position older than this says nothing of where a vessel is.
const MAX_AGE: Span = Span::s(360);
/// A first look measures on a plane: 10 km are no more than this off.
const SLACK_M: f64 = 20.0;

pub(super) static KIND: Kind = Kind {
    name: "encounter",
    message: Words {
        zh: "兩船在海上會合",
        en: "Two vessels meet at sea",
    },
    subject: Subject::Pair,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::T,
    default_classes: &[],
    unit: Some("m"),
    parameters: &[DISTANCE_M, MAX_KN, EXCEPT_ZONES],
    read: |reader| {
        Box::new(Encounter {
            distance: Metres(reader.number(&DISTANCE_M)),
            max: Knots(reader.number(&MAX_KN)),
            except: reader.areas(&EXCEPT_ZONES),
        })
    },
};

#[derive(Debug)]
struct Encounter {
    /// No farther apart than this by their last reports, ...
    distance: Metres,
    /// ... both slower than this, ...
    max: Knots,
    /// ... neither in one of these.
    except: ZoneSet,
}

impl Judge for Encounter {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (one, other) = scene.pair();
        if !self.may_pair(one) || !self.may_pair(other) {
            return Judgement::NO;
        }
        let (at, there) = (&one.mover.motion, &other.mover.motion);
        let apart = distance(at.position, there.position);
        if apart > self.distance {
            return Judgement::NO;
        }
        Judgement {
            value: Some(apart.0),
            limit: Some(self.distance.0),
            ..Judgement::between(scene.now, Timestamp::MIN, at.time.min(there.time).plus(MAX_AGE))
        }
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        let (one, other) = scene.pair();
        for party in [one, other] {
            account.need("sog_kn", party.mover.sog());
            account.ask("max_kn", self.is_slow(party.mover));
            account.ask("class", !matches!(party.track.class, Class::Tug | Class::Pilot));
            account.ask("except_zones", !self.is_excepted(party));
            account.ask("max_age_s", scene.now.since(party.mover.motion.time) <= MAX_AGE);
        }
    }

    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        let (one, other) = scene.pair();
        let apart = distance(one.mover.motion.position, other.mover.motion.position);
        Judgement {
            value: Some(apart.0),
            limit: Some(self.distance.0),
            ..self.judge(scene)
        }
    }

    fn reach(&self) -> Option<Reach> {
        Some(Reach {
            passing: Metres(0.0),
            within_s: 0.0,
            range: Metres(0.0),
            ahead_s: 0.0,
            min_sog: Knots(f64::MAX),
            close: Metres(self.distance.0 + SLACK_M),
        })
    }

    fn may_pair(&self, party: &Party<'_>) -> bool {
        self.is_slow(party.mover) && !matches!(party.track.class, Class::Tug | Class::Pilot) && !self.is_excepted(party)
    }

    fn may_meet(&self, one: &Mover, other: &Mover) -> bool {
        self.is_slow(one) && self.is_slow(other) && one.apart_at_a_glance(other).0 <= self.distance.0 + SLACK_M
    }
}

impl Encounter {
    /// Whether it is where vessels may lie together.
    fn is_excepted(&self, party: &Party<'_>) -> bool {
        let mut inside = party.inside.iter();
        inside.any(|inside| self.except.contains(inside.zone))
    }

    fn is_slow(&self, mover: &Mover) -> bool {
        mover.sog().is_some_and(|sog| sog < self.max)
    }
}
