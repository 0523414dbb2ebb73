//! `route_deviation`: a vessel that should keep to a route is too far from it.

use super::{Account, Evaluation, Judge, Judgement, Kind, Parameter, Scene, Subject, Value, Words, ZoneUse};
use crate::geo::Knots;
use crate::zone::ZoneIx;

const ROUTE: Parameter = Parameter::must("route", Value::Line).means("航線", "the route");
const MAX_M: Parameter = Parameter::number("max_m", 0.0, 100_000.0)
    .means("距航線的最大距離", "how far from the route it may be")
    .unit("m");

/// Slower vessels are not on their way.
const MIN_SOG: Knots = Knots(1.0);

pub(super) static KIND: Kind = Kind {
    name: "route_deviation",
    message: Words {
        zh: "船舶偏離航線",
        en: "Vessel is off its route",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("m"),
    parameters: &[ROUTE, MAX_M],
    read: |reader| {
        Box::new(RouteDeviation {
            route: reader.line(&ROUTE),
            max_m: reader.number(&MAX_M),
        })
    },
};

#[derive(Debug)]
struct RouteDeviation {
    route: ZoneIx,
    max_m: f64,
}

impl Judge for RouteDeviation {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (Some(fix), Some(route)) = (scene.fix(), scene.zones.line(self.route)) else {
            return Judgement::unmeasured(self.max_m);
        };
        let metres = route.distance(fix.position).0;
        let holds = metres > self.max_m && fix.sog.is_some_and(|sog| sog >= MIN_SOG);
        Judgement::measured(holds, metres, self.max_m)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("position", scene.fix());
        if let Some(sog) = account.need("sog_kn", scene.sog()) {
            account.ask("under_way", sog >= MIN_SOG);
        }
    }
}
