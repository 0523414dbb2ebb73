//! An alert and its transitions (after IEC 62923 alert management).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ais::Mmsi;
use crate::geo::Position;
use crate::rules::Priority;
use crate::time::Timestamp;

/// Where an alert stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The condition holds and nobody has acknowledged it.
    Active,
    /// The condition holds and somebody knows.
    Acknowledged,
    /// The condition ended before anybody acknowledged it.
    Rectified,
    Closed,
}

/// A step in an alert's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Raised,
    Acknowledged,
    Escalated,
    Shelved,
    Unshelved,
    Rectified,
    Closed,
}

/// What a person found an alert to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    True,
    Nuisance,
    Unsure,
}

impl Finding {
    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Nuisance => "nuisance",
            Self::Unsure => "unsure",
        }
    }
}

/// Who acknowledged, when and with what words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acknowledgement {
    pub time: Timestamp,
    pub by: Option<Arc<str>>,
    pub comment: Option<Arc<str>>,
}

/// An alert as it stands. `value`, `limit`, `position` and `reason` are those at its raising, rounded as CONTRACT.md
/// shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Rule, subject, zone if the rule selects more than one, and the second it was raised.
    pub id: Arc<str>,
    /// Id of the rule.
    pub rule: Arc<str>,
    /// The rule's kind, as in `speed_limit`.
    pub kind: Arc<str>,
    pub priority: Priority,
    pub state: State,
    pub mmsi: Option<Mmsi>,
    pub other_mmsi: Option<Mmsi>,
    /// Id of the zone.
    pub zone: Option<Arc<str>>,
    pub reason: Option<Arc<str>>,
    pub position: Option<Position>,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    /// `kn`, `s`, `deg`, `NM`, `m`, `m/s`, or none.
    pub unit: Option<Arc<str>>,
    pub raised: Timestamp,
    pub rectified: Option<Timestamp>,
    pub closed: Option<Timestamp>,
    pub acknowledged: Option<Acknowledgement>,
    pub finding: Option<Finding>,
    /// A shelf holds it until then: its transitions are recorded and not sounded.
    pub shelved_until: Option<Timestamp>,
    /// Version of rules and zones it was raised under.
    pub rule_version: u32,
    /// Raised by a rule in `shadow` mode: recorded, told to nobody.
    pub shadow: bool,
    /// The zone's boundary is not a published one.
    pub indicative: bool,
    /// Rests on simulated traffic.
    pub simulated: bool,
    /// The desk that watches its zone.
    pub desk: Option<Arc<str>>,
}

impl Alert {
    /// What the service has to say of itself; its rule is its kind.
    pub fn of_service(kind: &Arc<str>, priority: Priority, reason: &Arc<str>, raised: Timestamp, version: u32) -> Self {
        Self {
            id: kind.clone(),
            rule: kind.clone(),
            kind: kind.clone(),
            priority,
            state: State::Active,
            mmsi: None,
            other_mmsi: None,
            zone: None,
            reason: Some(reason.clone()),
            position: None,
            value: None,
            limit: None,
            unit: None,
            raised,
            rectified: None,
            closed: None,
            acknowledged: None,
            finding: None,
            shelved_until: None,
            rule_version: version,
            shadow: false,
            indicative: false,
            simulated: false,
            desk: None,
        }
    }
}

/// One transition of one alert; the alert stands as it is after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertChange {
    /// Counts from 1 within a watch.
    pub seq: u64,
    /// Event time of the transition.
    pub time: Timestamp,
    pub transition: Transition,
    pub alert: Arc<Alert>,
}

/// A value as alerts show it, rounded half up: knots, degrees and metres to 0.1, nautical miles to 0.001, seconds to 1,
/// all else to 0.01.
pub fn rounded(value: f64, unit: Option<&str>) -> f64 {
    let parts = match unit {
        Some("kn" | "deg" | "m") => 10.0,
        Some("NM") => 1000.0,
        Some("s") => 1.0,
        _ => 100.0,
    };
    (value * parts + 0.5).floor() / parts
}
