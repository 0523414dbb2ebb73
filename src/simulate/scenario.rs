//! Scenarios: receivers, waters, and fleets with their plans, as plain data, out of a file or of this program.

use serde::Deserialize;

use super::kinmen;
use super::truth::{Deed, Does};
use crate::ais::{Kind, Mmsi};
use crate::geo::Position;
use crate::report::{AisClass, Dimensions};
use crate::time::Timestamp;

/// A piece of sea with its traffic.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    /// When it begins, unless asked for another time, RFC 3339.
    #[serde(default)]
    pub start: Option<String>,
    /// How many vessels there are about, unless asked for another number.
    #[serde(default)]
    pub vessels: usize,
    pub antennas: Vec<Antenna>,
    /// Base stations and aids to navigation.
    #[serde(default)]
    pub stations: Vec<Fixed>,
    #[serde(default)]
    pub routes: Vec<Route>,
    #[serde(default)]
    pub grounds: Vec<Ground>,
    #[serde(default)]
    pub slow: Vec<SlowWaters>,
    pub fleets: Vec<Fleet>,
    /// What is done that rules look for, beside what the steps of its plans say.
    #[serde(default)]
    pub truth: Vec<Deed>,
}

/// A receiver: each is a feed of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Antenna {
    /// Lower case; the source in its tag blocks is this in upper case after `SIM.`.
    pub name: String,
    pub position: Position,
    /// Half of the transmissions from here are lost, none is heard from a fifth farther, NM.
    pub range_nm: f64,
    /// When it hears nothing at all: the first time, how often, how long, in seconds from the start.
    pub falters: Option<Falters>,
    #[serde(default)]
    pub noise: Noise,
}

/// What is wrong with a receiver; times are seconds from the start.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Noise {
    /// Part of what is in its range, 0..1, that it does not hear, beside what distance costs.
    pub lost: f64,
    /// Part of its lines, 0..1, in which a bit is wrong.
    pub garbled: f64,
    /// Part of its lines, 0..1, that it puts out twice.
    pub repeated: f64,
    /// When its clock is set wrong.
    pub clock: Vec<ClockStep>,
    /// When its range becomes another.
    pub range: Vec<RangeStep>,
    /// When it puts out every line many times over.
    pub floods: Vec<Flood>,
}

/// A step of a receiver's clock.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockStep {
    pub at_s: f64,
    pub ahead_s: f64,
    /// How much it runs fast from then on, in seconds a day.
    #[serde(default)]
    pub gains_s_a_day: f64,
}

/// From then on a receiver hears so far.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeStep {
    pub at_s: f64,
    pub range_nm: f64,
}

/// A while in which a receiver puts out every line so many times.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    pub from_s: f64,
    pub to_s: f64,
    pub times: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Falters {
    pub first_s: u32,
    pub every_s: u32,
    pub for_s: u32,
}

/// A station that stays where it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// Its form says whether it is a base station or an aid to navigation.
    pub mmsi: u32,
    pub name: String,
    pub position: Position,
    /// The weather that a base station measures, where it is not what comes by itself.
    #[serde(default)]
    pub weather: Vec<Spell>,
}

/// A spell of weather, in seconds from the start.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spell {
    pub from_s: f64,
    pub to_s: f64,
    pub wind_kn: u8,
    pub gust_kn: u8,
    pub visibility_nm: f64,
}

impl Fixed {
    /// Whether it is a base station; else it is an aid.
    pub(super) fn is_base(&self) -> bool {
        Mmsi(self.mmsi).kind() == Kind::BaseStation
    }
}

/// A way over water.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub name: String,
    pub points: Vec<Waypoint>,
}

/// A point of a route and how far to either side ships may pass it, in metres; in a file `[lon, lat, room]`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(from = "[f64; 3]")]
pub struct Waypoint {
    pub position: Position,
    pub room_m: f64,
}

impl From<[f64; 3]> for Waypoint {
    fn from([lon, lat, room_m]: [f64; 3]) -> Self {
        let position = Position { lon, lat };
        Self { position, room_m }
    }
}

/// Open water to work or lie in: a box.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    pub name: String,
    pub south_west: Position,
    pub north_east: Position,
}

/// A box in which ships keep to a speed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowWaters {
    pub south_west: Position,
    pub north_east: Position,
    pub limit_kn: f64,
}

/// Ships of one kind with one plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    pub count: Count,
    pub hull: Hull,
    pub home: Home,
    /// Done over and over.
    pub plan: Vec<Step>,
    /// How long before the start the plan began, in seconds: at the start all are in the midst of it.
    #[serde(default)]
    pub lead_s: (f64, f64),
}

/// How many ships a fleet has.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Always so many.
    Exactly(usize),
    /// So many parts, of the sum of all fleets' parts, of the ships that no fleet has exactly.
    Share(f64),
}

/// What a fleet's ships are like; pairs are bounds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hull {
    /// Their name, to which their number is added.
    pub name: String,
    /// MMSI and number in the name of the first; the others count on, from the hundredth on in a range of their own.
    pub first_mmsi: u32,
    pub first_number: u32,
    pub ais_class: AisClass,
    pub ship_type: u8,
    pub length_m: (f64, f64),
    /// Draught light and laden.
    pub draught_m: (f64, f64),
    pub speed_kn: (f64, f64),
    pub destinations: Vec<String>,
    /// Radius of turns, m.
    pub radius_m: f64,
    /// Ignores slow waters.
    pub reckless: bool,
}

impl Default for Hull {
    /// A coaster.
    fn default() -> Self {
        Self {
            name: "TEST".into(),
            first_mmsi: 416_999_001,
            first_number: 1,
            ais_class: AisClass::A,
            ship_type: 70,
            length_m: (80.0, 80.0),
            draught_m: (4.0, 4.0),
            speed_kn: (8.0, 8.0),
            destinations: Vec::new(),
            radius_m: 100.0,
            reckless: false,
        }
    }
}

/// Where a plan begins.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// At the first point of a route.
    Route(String),
    /// At its last.
    RouteEnd(String),
    /// Somewhere in a ground.
    Ground(String),
}

/// One part of a plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub act: Act,
    /// The navigational status sent.
    #[serde(default)]
    pub status: u8,
    /// Speed while at it, in place of the ship's own.
    pub speed_kn: Option<(f64, f64)>,
    /// Whether the transponder is on, and in range of anybody at all.
    #[serde(default = "on")]
    pub radio: bool,
    /// Seconds into it after which the transponder is switched off.
    pub quiet_after_s: Option<f64>,
    /// Whether it sends its laden draught.
    #[serde(default)]
    pub laden: bool,
    /// The name it sends, in place of its own.
    pub name: Option<String>,
    /// A safety-related text that it sends after its static data.
    pub text: Option<String>,
    /// How far its heading is to starboard of its course, in degrees.
    #[serde(default)]
    pub skew_deg: f64,
    /// What rules look for in it.
    #[serde(default)]
    pub does: Vec<Does>,
}

fn on() -> bool {
    true
}

/// What a ship does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Follows a route, and then on to somewhere in a ground.
    Sail {
        route: String,
        #[serde(default)]
        back: bool,
        into: Option<String>,
    },
    /// Stays where it is, so many seconds.
    Lie { s: (f64, f64) },
    /// Goes to and fro in a ground, so many seconds.
    Work { ground: String, s: (f64, f64) },
}

impl Scenario {
    /// Reads a scenario from TOML; what is wrong with it otherwise.
    pub fn read(text: &str) -> Result<Self, String> {
        let scenario: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let faults = scenario.faults();
        if faults.is_empty() {
            Ok(scenario)
        } else {
            Err(faults.join("; "))
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let routes: Vec<&str> = self.routes.iter().map(|route| route.name.as_str()).collect();
        let grounds: Vec<&str> = self.grounds.iter().map(|ground| ground.name.as_str()).collect();
        let mut ask = |is_right: bool, fault: String| {
            if !is_right {
                faults.push(fault);
            }
        };
        let start = self.start.as_deref();
        ask(
            start.is_none_or(|start| Timestamp::parse(start).is_some()),
            format!("start is {start:?}, which is no time"),
        );
        ask(!self.antennas.is_empty(), "there is no receiver in antennas".into());
        ask(!self.fleets.is_empty(), "there is no ship in fleets".into());
        for route in &self.routes {
            ask(
                route.points.len() > 1,
                format!("the route {} has fewer than two points", route.name),
            );
        }
        for fleet in &self.fleets {
            let whose = &fleet.hull.name;
            let mut names = |known: &[&str], name: &str| {
                ask(
                    known.contains(&name),
                    format!("{whose} names {name}, which is not known"),
                );
            };
            match &fleet.home {
                Home::Route(route) | Home::RouteEnd(route) => names(&routes, route),
                Home::Ground(ground) => names(&grounds, ground),
            }
            for step in &fleet.plan {
                match &step.act {
                    Act::Sail { route, into, .. } => {
                        names(&routes, route);
                        into.iter().for_each(|ground| names(&grounds, ground));
                    }
                    Act::Work { ground, .. } => names(&grounds, ground),
                    Act::Lie { .. } => {}
                }
            }
            ask(!fleet.plan.is_empty(), format!("{whose} has no plan"));
        }
        faults
    }

    /// The scenario of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "kinmen" => Some(kinmen::scenario()),
            _ => None,
        }
    }

    /// The names that `named` knows.
    pub const NAMES: [&str; 1] = ["kinmen"];

    pub(super) fn route(&self, name: &str) -> &Route {
        let route = self.routes.iter().find(|route| route.name == name);
        route.expect("a plan names routes of its scenario")
    }

    pub(super) fn ground(&self, name: &str) -> &Ground {
        let ground = self.grounds.iter().find(|ground| ground.name == name);
        ground.expect("a plan names grounds of its scenario")
    }

    /// How many ships each fleet has if there are about `vessels`.
    pub(super) fn counts(&self, vessels: usize) -> Vec<usize> {
        let always = |fleet: &Fleet| {
            if let Count::Exactly(count) = fleet.count {
                count
            } else {
                0
            }
        };
        let rest = vessels.saturating_sub(self.fleets.iter().map(always).sum());
        let part = |fleet: &Fleet| {
            if let Count::Share(part) = fleet.count {
                part
            } else {
                0.0
            }
        };
        let whole: f64 = self.fleets.iter().map(part).sum();
        let share = |fleet: &Fleet| match fleet.count {
            Count::Exactly(count) => count,
            Count::Share(part) => (rest as f64 * part / whole).round() as usize,
        };
        self.fleets.iter().map(share).collect()
    }
}

impl Hull {
    /// Where the antenna stands on a ship of that length: a fifth from the stern, a sixth as broad as long.
    pub(super) fn dimensions(length_m: f64) -> Dimensions {
        let length = length_m.clamp(2.0, 500.0);
        let stern = (length / 5.0).round();
        let beam = (length / 6.0).round().max(2.0);
        let port = (beam / 2.0).round();
        Dimensions {
            bow: (length.round() - stern) as u16,
            stern: stern as u16,
            port: port as u8,
            starboard: (beam - port) as u8,
        }
    }
}
