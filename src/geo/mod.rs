//! Distances, bearings and planes on the sphere of 6 371 008.8 m, and the units measured on it.
//!
//! Sine, cosine and arcs go through `libm`, so that every machine computes the same last bit.

mod units;

pub use units::{Degrees, Knots, METRES_PER_NM, Metres};

use serde::{Deserialize, Serialize};

/// A place in degrees, WGS 84: longitude −180..=180, latitude −90..=90.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}
