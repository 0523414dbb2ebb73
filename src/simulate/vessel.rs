//! A simulated ship: what it is, where its plan has brought it, when it speaks next.

use super::chance::Chance;
use super::passage::{Handling, Motion, Passage, Slow};
use super::scenario::{Act, Fleet, Ground, Home, Hull, Scenario, SlowWaters, Step, Waypoint};
use super::truth::Deeds;
use crate::ais::{Kind, Mmsi};
use crate::geo::METRES_PER_NM;
use crate::geo::{Plane, Point, wrap_deg};
use crate::report::{AisClass, Dimensions};

/// Knots in a metre a second.
pub(super) const KN: f64 = 3600.0 / METRES_PER_NM;
/// Legs of one stretch of work in a ground.
const LEGS: usize = 6;
/// Radius in which a ship's berth varies, and in which it swings at anchor, m.
const BERTH_M: f64 = 20.0;
const SWING_M: f64 = 30.0;
/// A tide turns anchored ships once about in this time, s.
const TIDE_S: f64 = 44_700.0;

/// A ship under way looks this often, s, whether its speed asks for another interval.
const LOOK_S: f64 = 10.0;
/// A report is not put off for less than this, s.
const SLOT_S: f64 = 0.03;
/// Static data are sent this often, s (ITU-R M.1371-5, annex 1, 4.2.1).
const STATIC_S: f64 = 360.0;
/// A beacon sends bursts of eight, two seconds apart, once a minute (ITU-R M.1371-5, annex 9).
const BURST: u32 = 8;
const BURST_S: f64 = 2.0;
const BURSTS_S: f64 = 60.0;

/// The scenario in metres, shared by all its ships.
pub(super) struct Waters {
    pub(super) scenario: Scenario,
    pub(super) plane: Plane,
    pub(super) slow: Vec<Slow>,
}

/// What a ship is for as long as it is simulated.
#[derive(Clone, Debug)]
pub(super) struct Traits {
    pub(super) mmsi: u32,
    pub(super) name: String,
    pub(super) call_sign: String,
    pub(super) ais_class: AisClass,
    pub(super) ship_type: u8,
    pub(super) dimensions: Dimensions,
    pub(super) draught_m: (f64, f64),
    pub(super) destination: String,
    handling: Handling,
    reckless: bool,
    /// How far to starboard of the middle of its lane it keeps, 0..1 of the room.
    keeps: f64,
    /// Where at a berth it lies.
    berth: Point,
    lies_deg: f64,
}

/// A ship at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) motion: Motion,
    pub(super) heading_deg: f64,
    pub(super) status: u8,
    pub(super) radio: bool,
    pub(super) laden: bool,
    /// Seconds from the start at which its plan goes on.
    pub(super) until_s: f64,
}

/// The part of the plan under way.
enum Doing {
    Sailing(Passage),
    Lying(Point),
}

pub(super) struct Vessel {
    pub(super) traits: Traits,
    pub(super) chance: Chance,
    fleet: usize,
    step: usize,
    doing: Doing,
    /// Seconds from the start; before it for what was already under way.
    began_s: f64,
    until_s: f64,
    step_began_s: f64,
    /// Until when the stretches of a `Work` step go on.
    work_until_s: f64,
    /// When it last sent its position.
    sent_s: f64,
    /// Its static data were sent.
    introduced: bool,
    /// Positions sent.
    sent: u32,
    /// What it has begun to do.
    pub(super) deeds: Deeds,
}

impl Waters {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let middle = scenario.antennas.first().map(|antenna| antenna.position);
        let plane = Plane::around(middle.expect("a scenario has receivers"));
        let slow = |waters: &SlowWaters| Slow {
            south_west: plane.point(waters.south_west),
            north_east: plane.point(waters.north_east),
            limit: waters.limit_kn / KN,
        };
        Self {
            scenario: scenario.clone(),
            plane,
            slow: scenario.slow.iter().map(slow).collect(),
        }
    }

    fn fleet(&self, fleet: usize) -> &Fleet {
        &self.scenario.fleets[fleet]
    }

    fn somewhere(&self, ground: &Ground, chance: &mut Chance) -> Point {
        let (low, high) = (self.plane.point(ground.south_west), self.plane.point(ground.north_east));
        Point::new(chance.between((low.x, high.x)), chance.between((low.y, high.y)))
    }
}

impl Traits {
    fn new(hull: &Hull, number: usize, mmsi: u32, chance: &mut Chance) -> Self {
        let n = number as u32;
        let length = chance.between(hull.length_m);
        let speed = chance.between(hull.speed_kn) / KN;
        let name = if hull.name.is_empty() {
            String::new()
        } else {
            format!("{} {}", hull.name, hull.first_number + n)
        };
        Self {
            mmsi,
            name,
            call_sign: format!("TST{:04}", mmsi % 10_000),
            ais_class: hull.ais_class,
            ship_type: hull.ship_type,
            dimensions: Hull::dimensions(length),
            draught_m: hull.draught_m,
            destination: hull
                .destinations
                .get(number % hull.destinations.len().max(1))
                .cloned()
                .unwrap_or_default(),
            handling: Handling {
                speed,
                gain: (8.0 / length).clamp(0.03, 0.3),
                radius: hull.radius_m,
            },
            reckless: hull.reckless,
            keeps: chance.between((0.1, 0.95)),
            berth: Point::new(BERTH_M * chance.error(), BERTH_M * chance.error()),
            lies_deg: chance.between((0.0, 360.0)),
        }
    }
}

impl Vessel {
    /// The `number`th ship of a fleet, brought from the beginning of its plan to the start.
    pub(super) fn new(waters: &Waters, fleet: usize, number: usize, mmsi: u32, mut chance: Chance) -> Self {
        let own = waters.fleet(fleet);
        let traits = Traits::new(&own.hull, number, mmsi, &mut chance);
        let end = |point: Option<&Waypoint>| {
            let point = point.expect("a route has points");
            let at = waters.plane.point(point.position);
            Point::new(at.x + traits.berth.x, at.y + traits.berth.y)
        };
        let home = match &own.home {
            Home::Route(route) => end(waters.scenario.route(route).points.first()),
            Home::RouteEnd(route) => end(waters.scenario.route(route).points.last()),
            Home::Ground(ground) => waters.somewhere(waters.scenario.ground(ground), &mut chance),
        };
        let began_s = -chance.between(own.lead_s);
        let mut vessel = Self {
            traits,
            chance,
            fleet,
            step: own.plan.len() - 1,
            doing: Doing::Lying(home),
            began_s,
            until_s: began_s,
            step_began_s: began_s,
            work_until_s: began_s,
            sent_s: f64::NEG_INFINITY,
            introduced: false,
            sent: 0,
            deeds: Deeds::default(),
        };
        vessel.advance(waters, 0.0);
        vessel
    }

    /// Follows the plan up to a moment no earlier than any before, and tells how the ship is then.
    pub(super) fn advance(&mut self, waters: &Waters, now_s: f64) -> Moment {
        while now_s >= self.until_s {
            self.next(waters);
        }
        let step = self.current(waters);
        let (motion, heading_deg) = match &self.doing {
            Doing::Sailing(passage) => {
                let motion = passage.at(now_s - self.began_s);
                (motion, wrap_deg(motion.course_deg + step.skew_deg))
            }
            Doing::Lying(at) => self.lie(*at, step.status, now_s),
        };
        Moment {
            motion,
            heading_deg,
            status: step.status,
            radio: step.radio && step.quiet_after_s.is_none_or(|after| now_s < self.step_began_s + after),
            laden: step.laden,
            until_s: self.until_s,
        }
    }

    /// Whether its position is due, and when it is to be asked again.
    pub(super) fn turn(&mut self, moment: &Moment, now_s: f64) -> (bool, f64) {
        if !moment.radio {
            return (false, moment.until_s);
        }
        if self.is_beacon() {
            self.sent = self.sent.wrapping_add(1);
            let slot = self.sent % BURST;
            let next = if slot != 0 {
                BURST_S
            } else {
                BURSTS_S - f64::from(BURST - 1) * BURST_S
            };
            return (true, now_s + next);
        }
        let interval = interval_s(self.traits.ais_class, moment);
        let due = self.sent_s + interval <= now_s + SLOT_S;
        if due {
            self.sent = self.sent.wrapping_add(1);
            self.sent_s = now_s;
        }
        let again = (self.sent_s + interval).min(moment.until_s);
        let sails = matches!(self.doing, Doing::Sailing(_));
        (due, if sails { again.min(now_s + LOOK_S) } else { again })
    }

    /// Whether its turn is to send the text of a beacon: twice in every fourth burst.
    pub(super) fn sends_text(&self) -> bool {
        self.is_beacon() && (self.sent / BURST).is_multiple_of(4) && (4..6).contains(&(self.sent % BURST))
    }

    /// Seconds to its next static data. The second come early, for the first are sent as soon as someone listens.
    pub(super) fn statics_wait_s(&mut self) -> f64 {
        let part = if self.introduced { 1.0 } else { self.chance.unit() };
        self.introduced = true;
        STATIC_S * part
    }

    /// The channel it is on: A and B in turn.
    pub(super) fn channel(&self) -> u8 {
        if self.sent % 2 == 1 { b'A' } else { b'B' }
    }

    fn is_beacon(&self) -> bool {
        matches!(Mmsi(self.traits.mmsi).kind(), Kind::Sart | Kind::Mob | Kind::Epirb)
    }

    /// The step of its plan that it is at.
    pub(super) fn current<'a>(&self, waters: &'a Waters) -> &'a Step {
        &waters.fleet(self.fleet).plan[self.step]
    }

    /// At anchor a ship swings with the tide, about the place where it stopped; moored it does not.
    fn lie(&self, at: Point, status: u8, now_s: f64) -> (Motion, f64) {
        let tide = |second: f64| Point::heading(second / TIDE_S * 360.0).x;
        let swing = if status == 1 {
            tide(now_s) - tide(self.began_s)
        } else {
            0.0
        };
        let side = Point::heading(self.traits.lies_deg);
        let motion = Motion {
            at: at.along(side, SWING_M * swing / 2.0),
            course_deg: self.traits.lies_deg,
            speed: 0.0,
            turn_deg_min: 0.0,
        };
        (motion, wrap_deg(self.traits.lies_deg + 60.0 * swing))
    }

    /// Where it is when what it does ends.
    fn ends_at(&self, waters: &Waters) -> Point {
        match &self.doing {
            Doing::Sailing(passage) => passage.end,
            Doing::Lying(at) => self.lie(*at, self.current(waters).status, self.until_s).0.at,
        }
    }

    /// Goes on to the next stretch of work, or to the next step.
    fn next(&mut self, waters: &Waters) {
        let from = self.ends_at(waters);
        if let Doing::Sailing(passage) = &self.doing {
            self.traits.lies_deg = passage.at(passage.duration).course_deg;
        }
        self.began_s = self.until_s;
        let plan = &waters.fleet(self.fleet).plan;
        if let Act::Work { ground, .. } = &plan[self.step].act
            && self.began_s < self.work_until_s
        {
            return self.work(waters, waters.scenario.ground(ground), from);
        }
        self.step = (self.step + 1) % plan.len();
        self.step_began_s = self.began_s;
        let step = &plan[self.step];
        let ends_s = self.begin(waters, &step.act, from);
        self.deeds.note(self.traits.mmsi, &step.does, [self.began_s, ends_s]);
    }

    /// Begins a step; returns about when it ends.
    fn begin(&mut self, waters: &Waters, act: &Act, from: Point) -> f64 {
        match act {
            Act::Lie { s } => {
                self.doing = Doing::Lying(from);
                self.until_s = self.began_s + self.chance.between(*s).max(1.0);
            }
            Act::Work { ground, s } => {
                self.work_until_s = self.began_s + self.chance.between(*s);
                self.work(waters, waters.scenario.ground(ground), from);
                return self.work_until_s.max(self.until_s);
            }
            Act::Sail { route, back, into } => {
                let mut points = vec![from];
                points.extend(self.lane(waters, route, *back));
                if let Some(ground) = into {
                    points.push(waters.somewhere(waters.scenario.ground(ground), &mut self.chance));
                }
                self.sail(waters, &points);
            }
        }
        self.until_s
    }

    fn work(&mut self, waters: &Waters, ground: &Ground, from: Point) {
        let mut points = vec![from];
        points.extend((0..LEGS).map(|_| waters.somewhere(ground, &mut self.chance)));
        self.sail(waters, &points);
    }

    fn sail(&mut self, waters: &Waters, points: &[Point]) {
        let mut handling = self.traits.handling;
        if let Some(bounds) = self.current(waters).speed_kn {
            handling.speed = self.chance.between(bounds) / KN;
        }
        let slow = if self.traits.reckless { &[][..] } else { &waters.slow };
        let passage = Passage::along(points, handling, slow);
        self.until_s = self.began_s + passage.duration.max(1.0);
        self.doing = Doing::Sailing(passage);
    }

    /// The ship's own line along a route: to starboard of its middle, from berth to berth.
    fn lane(&self, waters: &Waters, route: &str, back: bool) -> Vec<Point> {
        let points = &waters.scenario.route(route).points;
        let middle: Vec<Point> = points.iter().map(|point| waters.plane.point(point.position)).collect();
        let last = middle.len() - 1;
        let offset = |at: usize| {
            if at == 0 || at == last {
                let (berth, point) = (self.traits.berth, middle[at]);
                return Point::new(point.x + berth.x, point.y + berth.y);
            }
            let ahead = middle[at - 1].to(middle[at]).direction();
            let after = middle[at].to(middle[at + 1]).direction();
            let across = Point::new(ahead.x + after.x, ahead.y + after.y).direction().starboard();
            let side = if back { -1.0 } else { 1.0 };
            middle[at].along(across, side * self.traits.keeps * points[at].room_m)
        };
        let mut lane: Vec<Point> = (0..=last).map(offset).collect();
        if back {
            lane.reverse();
        }
        lane
    }
}

/// Seconds from one position report to the next (ITU-R M.1371-5, annex 1, tables 1 and 2), for a moment of a ship.
pub(super) fn interval_s(ais_class: AisClass, moment: &Moment) -> f64 {
    let sog = moment.motion.speed * KN;
    let turning = moment.motion.turn_deg_min.abs() > TURNING_DEG_MIN;
    match (ais_class, moment.status) {
        (AisClass::B, _) if sog < 2.0 => 180.0,
        (AisClass::B, _) => 30.0,
        (AisClass::A, 1 | 5) if sog <= 3.0 => 180.0,
        (AisClass::A, _) if sog > 23.0 => 2.0,
        (AisClass::A, _) if sog > 14.0 => {
            if turning {
                2.0
            } else {
                6.0
            }
        }
        (AisClass::A, _) => {
            if turning {
                10.0 / 3.0
            } else {
                10.0
            }
        }
    }
}

/// A ship that turns faster than this is changing course: 5° against the mean of 30 s.
const TURNING_DEG_MIN: f64 = 20.0;
