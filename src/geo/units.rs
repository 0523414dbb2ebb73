//! Newtypes of what is measured: knots, metres, degrees.

use serde::{Deserialize, Serialize};

/// Metres in one nautical mile.
pub const METRES_PER_NM: f64 = 1852.0;

/// A speed in knots. One read in tenths is the double nearest to its decimal, so it compares as a decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Knots(pub f64);

/// A length in metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(pub f64);

/// An angle or a bearing in degrees; bearings are true, 0..360.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Degrees(pub f64);

impl Metres {
    /// The length given in nautical miles.
    pub fn from_nm(nm: f64) -> Self {
        Self(nm * METRES_PER_NM)
    }

    /// The length in nautical miles.
    pub fn nm(self) -> f64 {
        self.0 / METRES_PER_NM
    }
}
