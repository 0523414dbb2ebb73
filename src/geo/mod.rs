//! Distances, bearings and planes on the sphere of 6 371 008.8 m, and the units measured on it.
//!
//! Sine, cosine and arcs go through `libm`, so that every machine computes the same last bit.

mod approach;
mod orthographic;
mod plane;
mod units;

pub use approach::{Approach, MS_PER_KN, Motion, velocity};
pub use orthographic::Orthographic;
pub use plane::{Plane, Point, segment_distance, sweep, wrap_deg};
pub use units::{Decimal, Degrees, Knots, METRES_PER_NM, Metres};

use serde::{Deserialize, Serialize};

/// A place in degrees, WGS 84: longitude −180..=180, latitude −90..=90.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// Mean radius of the Earth in metres (RULES.md).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Metres in a degree of latitude.
pub const METRES_PER_DEG: f64 = EARTH_RADIUS_M * (std::f64::consts::PI / 180.0);

impl Position {
    /// The place rounded half up to the six decimals that are shown, about 0.1 m.
    pub fn rounded(self) -> Self {
        Self {
            lon: six_decimals(self.lon),
            lat: six_decimals(self.lat),
        }
    }
}

/// Degrees rounded half up to six decimals.
pub fn six_decimals(degrees: f64) -> f64 {
    (degrees * 1e6 + 0.5).floor() / 1e6
}

/// The great-circle distance between two places (haversine).
pub fn distance(a: Position, b: Position) -> Metres {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half_lat = libm::sin((lat_b - lat_a) / 2.0);
    let half_lon = libm::sin((b.lon - a.lon).to_radians() / 2.0);
    let h = half_lat * half_lat + libm::cos(lat_a) * libm::cos(lat_b) * half_lon * half_lon;
    Metres(2.0 * EARTH_RADIUS_M * libm::asin(libm::sqrt(h).min(1.0)))
}

/// The true bearing at which the great circle from `from` to `to` sets out, 0..360.
pub fn bearing(from: Position, to: Position) -> Degrees {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let lon = (to.lon - from.lon).to_radians();
    let east = libm::sin(lon) * libm::cos(lat_b);
    let north = libm::cos(lat_a) * libm::sin(lat_b) - libm::sin(lat_a) * libm::cos(lat_b) * libm::cos(lon);
    let degrees = libm::atan2(east, north).to_degrees();
    Degrees(if degrees < 0.0 { degrees + 360.0 } else { degrees })
}

/// The place `metres` from `from` along the great circle that sets out at `bearing`.
pub fn destination(from: Position, bearing: Degrees, metres: Metres) -> Position {
    let arc = metres.0 / EARTH_RADIUS_M;
    let (lat, course) = (from.lat.to_radians(), bearing.0.to_radians());
    let sin_lat = libm::sin(lat) * libm::cos(arc) + libm::cos(lat) * libm::sin(arc) * libm::cos(course);
    let east = libm::sin(course) * libm::sin(arc) * libm::cos(lat);
    let lon = from.lon + libm::atan2(east, libm::cos(arc) - libm::sin(lat) * sin_lat).to_degrees();
    Position {
        lon: wrap_lon(lon),
        lat: libm::asin(sin_lat.clamp(-1.0, 1.0)).to_degrees(),
    }
}

/// The box that holds every place within `metres` of `centre`, as its south-west and north-east corners; its west is
/// east of its east where it goes over the antimeridian.
pub fn box_around(centre: Position, metres: Metres) -> (Position, Position) {
    let lat = (metres.0 / EARTH_RADIUS_M).to_degrees();
    let (south, north) = ((centre.lat - lat).max(-90.0), (centre.lat + lat).min(90.0));
    let narrowest = libm::cos(south.abs().max(north.abs()).to_radians());
    let lon = if narrowest * 180.0 <= lat {
        180.0
    } else {
        lat / narrowest
    };
    let (west, east) = if lon >= 180.0 {
        (-180.0, 180.0)
    } else {
        (wrap_lon(centre.lon - lon), wrap_lon(centre.lon + lon))
    };
    (Position { lon: west, lat: south }, Position { lon: east, lat: north })
}

/// The distance from a place to the nearest point between two latitudes and two longitudes, west not east of east; zero
/// inside.
pub fn distance_to_box(place: Position, south_west: Position, north_east: Position) -> Metres {
    let nearest_lat = place.lat.clamp(south_west.lat, north_east.lat);
    if south_west.lon <= place.lon && place.lon <= north_east.lon {
        return Metres((place.lat - nearest_lat).abs().to_radians() * EARTH_RADIUS_M);
    }
    let to_side = |lon: f64| {
        // On a meridian the distance is least where a great circle meets it squarely, else at an end of the side.
        let apart = (lon - place.lon).to_radians();
        let (sin, cos) = (libm::sin(place.lat.to_radians()), libm::cos(place.lat.to_radians()));
        let square = libm::atan2(sin, cos * libm::cos(apart)).to_degrees();
        let ends = [
            south_west.lat,
            north_east.lat,
            square.clamp(south_west.lat, north_east.lat),
        ];
        let distances = ends.map(|lat| distance(place, Position { lon, lat }).0);
        distances.into_iter().fold(f64::INFINITY, f64::min)
    };
    Metres(to_side(south_west.lon).min(to_side(north_east.lon)))
}

/// A longitude brought into −180..=180.
pub fn wrap_lon(lon: f64) -> f64 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(lon: f64, lat: f64) -> Position {
        Position { lon, lat }
    }

    #[test]
    fn distances_and_bearings() {
        for (a, b, metres, degrees) in [
            (at(0.0, 0.0), at(1.0, 0.0), 111_195.080, 90.0),
            (at(0.0, 0.0), at(0.0, 1.0), 111_195.080, 0.0),
            (at(118.0, 24.0), at(118.0, 23.0), 111_195.080, 180.0),
            (at(179.5, 0.0), at(-179.5, 0.0), 111_195.080, 90.0),
            (at(0.0, 90.0), at(0.0, -90.0), 20_015_114.442, 180.0),
            (at(5.0, 5.0), at(5.0, 5.0), 0.0, 0.0),
        ] {
            assert!(
                (distance(a, b).0 - metres).abs() < 0.01,
                "{a:?} {b:?} {}",
                distance(a, b).0
            );
            assert!(
                (bearing(a, b).0 - degrees).abs() < 1e-9,
                "{a:?} {b:?} {}",
                bearing(a, b).0
            );
        }
    }

    #[test]
    fn a_destination_lies_at_its_distance_and_bearing() {
        for course in (0..360).step_by(15) {
            let from = at(179.9, 24.4);
            let to = destination(from, Degrees(f64::from(course)), Metres(30_000.0));
            assert!((distance(from, to).0 - 30_000.0).abs() < 0.01);
            let off = (bearing(from, to).0 - f64::from(course)).abs();
            assert!(off.min(360.0 - off) < 1e-6, "{course} {off}");
            let (south_west, north_east) = box_around(from, Metres(30_000.0));
            assert!(to.lat >= south_west.lat && to.lat <= north_east.lat);
            assert!(to.lon >= south_west.lon || to.lon <= north_east.lon);
        }
    }
}
