//! Scenarios: receivers, waters, and fleets with their plans, as plain data that a file can hold as well.

use serde::{Deserialize, Serialize};

use super::kinmen;
use crate::ais::{Kind, Mmsi};
use crate::geo::Position;
use crate::report::{AisClass, Dimensions};

/// A piece of sea with its traffic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    /// How many vessels there are about, unless asked for another number.
    pub vessels: usize,
    pub antennas: Vec<Antenna>,
    /// Base stations and aids to navigation.
    pub stations: Vec<Fixed>,
    pub routes: Vec<Route>,
    pub grounds: Vec<Ground>,
    pub slow: Vec<SlowWaters>,
    pub fleets: Vec<Fleet>,
}

/// A receiver: each is a feed of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Antenna {
    /// Lower case; the source in its tag blocks is this in upper case after `SIM.`.
    pub name: String,
    pub position: Position,
    /// Half of the transmissions from here are lost, none is heard from a fifth farther, NM.
    pub range_nm: f64,
    /// When it hears nothing at all: the first time, how often, how long, in seconds from the start.
    pub falters: Option<Falters>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Falters {
    pub first_s: u32,
    pub every_s: u32,
    pub for_s: u32,
}

/// A station that stays where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// Its form says whether it is a base station or an aid to navigation.
    pub mmsi: u32,
    pub name: String,
    pub position: Position,
}

impl Fixed {
    /// Whether it is a base station; else it is an aid.
    pub(super) fn is_base(&self) -> bool {
        Mmsi(self.mmsi).kind() == Kind::BaseStation
    }
}

/// A way over water.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub name: String,
    pub points: Vec<Waypoint>,
}

/// A point of a route and how far to either side ships may pass it, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waypoint {
    pub position: Position,
    pub room_m: f64,
}

/// Open water to work or lie in: a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    pub name: String,
    pub south_west: Position,
    pub north_east: Position,
}

/// A box in which ships keep to a speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlowWaters {
    pub south_west: Position,
    pub north_east: Position,
    pub limit_kn: f64,
}

/// Ships of one kind with one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    pub count: Count,
    pub hull: Hull,
    pub home: Home,
    /// Done over and over.
    pub plan: Vec<Step>,
    /// How long before the start the plan began, in seconds: at the start all are in the midst of it.
    pub lead_s: (f64, f64),
}

/// How many ships a fleet has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Always so many.
    Exactly(usize),
    /// So many parts, of the sum of all fleets' parts, of the ships that no fleet has exactly.
    Share(f64),
}

/// What a fleet's ships are like; pairs are bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// Where a plan begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub act: Act,
    /// The navigational status sent.
    pub status: u8,
    /// Speed while at it, in place of the ship's own.
    pub speed_kn: Option<(f64, f64)>,
    /// Whether the transponder is on, and in range of anybody at all.
    pub radio: bool,
    /// Seconds into it after which the transponder is switched off.
    pub quiet_after_s: Option<f64>,
    /// Whether it sends its laden draught.
    pub laden: bool,
}

/// What a ship does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Follows a route, and then on to somewhere in a ground.
    Sail {
        route: String,
        back: bool,
        into: Option<String>,
    },
    /// Stays where it is, so many seconds.
    Lie { s: (f64, f64) },
    /// Goes to and fro in a ground, so many seconds.
    Work { ground: String, s: (f64, f64) },
}

impl Scenario {
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
