//! The orthographic projection: the sphere seen from straight above a place.

use super::{Point, Position, wrap_lon};

/// Around one place, and near it as true as the sphere: a mile off, by one part in ten million.
#[derive(Clone, Copy, Debug)]
pub struct Orthographic {
    lon: f64,
    sin_lat: f64,
    cos_lat: f64,
}

impl Orthographic {
    /// The one around a place.
    pub fn around(middle: Position) -> Self {
        let lat = middle.lat.to_radians();
        Self {
            lon: middle.lon,
            sin_lat: libm::sin(lat),
            cos_lat: libm::cos(lat),
        }
    }

    /// East and north of the place, in radii of the sphere.
    pub fn point(&self, at: Position) -> Point {
        let (lat, east) = (at.lat.to_radians(), wrap_lon(at.lon - self.lon).to_radians());
        let (sin_lat, cos_lat) = (libm::sin(lat), libm::cos(lat));
        Point::new(
            cos_lat * libm::sin(east),
            self.cos_lat * sin_lat - self.sin_lat * cos_lat * libm::cos(east),
        )
    }
}
