//! Fields that several messages share: "not available" ends here.

use serde::{Deserialize, Serialize};

use super::bits::{Bits, BitsOut};
use crate::geo::{Degrees, Knots, Metres, Position};

/// Distances from the reference point to the hull's ends in metres (ITU-R M.1371-5 figure 41); 0 is "not given".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    pub bow: u16,
    pub stern: u16,
    pub port: u8,
    pub starboard: u8,
}

/// Estimated time of arrival, UTC, without a year; absent parts are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eta {
    pub month: Option<u8>,
    pub day: Option<u8>,
    pub hour: Option<u8>,
    pub minute: Option<u8>,
}

/// Longitude and latitude in degrees; each is `None` where what was sent is off the globe.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coordinates {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

impl Coordinates {
    /// Both together, if both were given.
    pub fn position(self) -> Option<Position> {
        Some(Position {
            lon: self.lon?,
            lat: self.lat?,
        })
    }
}

impl From<Option<Position>> for Coordinates {
    fn from(position: Option<Position>) -> Self {
        Self {
            lon: position.map(|at| at.lon),
            lat: position.map(|at| at.lat),
        }
    }
}

/// Rate of turn as sent, −128..=127 (ITU-R M.1371-5 table 45).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateOfTurn(pub i8);

/// Sent for "not available".
const ROT_NONE: i8 = -128;
const SOG_NONE: u64 = 1023;
const COG_NONE: u64 = 3600;
const HEADING_NONE: u64 = 511;
const LON_NONE: i32 = 181 * 600_000;
const LAT_NONE: i32 = 91 * 600_000;

impl RateOfTurn {
    /// Nothing sent.
    pub const NONE: Self = Self(ROT_NONE);

    /// Degrees a minute, starboard positive; `None` if there is no turn indicator.
    pub fn deg_min(self) -> Option<f64> {
        let raw = f64::from(self.0);
        let root = raw / 4.733;
        (self.0.unsigned_abs() < 127).then_some(root * root * raw.signum() * f64::from(u8::from(self.0 != 0)))
    }
}

impl Bits {
    /// Speed over ground in tenths of a knot, ten bits.
    pub(super) fn sog(&mut self) -> Option<Knots> {
        let raw = self.take(10);
        (raw != SOG_NONE).then(|| Knots(raw as f64 / 10.0))
    }

    /// Longitude and latitude in 1/10 000 minutes, 28 and 27 bits.
    pub(super) fn coordinates(&mut self) -> Coordinates {
        let (lon, lat) = (self.signed(28), self.signed(27));
        let degrees = |raw: i32, most: i32| (raw.abs() <= most * 600_000).then(|| f64::from(raw) / 600_000.0);
        Coordinates {
            lon: degrees(lon, 180),
            lat: degrees(lat, 90),
        }
    }

    /// Course over ground in tenths of a degree, twelve bits.
    pub(super) fn cog(&mut self) -> Option<Degrees> {
        let raw = self.take(12);
        (raw < COG_NONE).then(|| Degrees(raw as f64 / 10.0))
    }

    /// True heading in degrees, nine bits.
    pub(super) fn heading(&mut self) -> Option<u16> {
        Some(self.u16(9)).filter(|degrees| *degrees < 360)
    }

    /// Nine, nine, six and six bits.
    pub(super) fn dimensions(&mut self) -> Dimensions {
        Dimensions {
            bow: self.u16(9),
            stern: self.u16(9),
            port: self.u8(6),
            starboard: self.u8(6),
        }
    }

    /// Four, five, five and six bits.
    pub(super) fn eta(&mut self) -> Eta {
        let month = Some(self.u8(4)).filter(|month| *month != 0);
        let day = Some(self.u8(5)).filter(|day| *day != 0);
        let hour = Some(self.u8(5)).filter(|hour| *hour != 24);
        let minute = Some(self.u8(6)).filter(|minute| *minute != 60);
        Eta {
            month,
            day,
            hour,
            minute,
        }
    }

    /// Draught in tenths of a metre, eight bits; 0 is none.
    pub(super) fn draught(&mut self) -> Option<Metres> {
        Some(self.take(8))
            .filter(|raw| *raw != 0)
            .map(|raw| Metres(raw as f64 / 10.0))
    }
}

impl BitsOut {
    pub(super) fn put_sog(&mut self, sog: Option<Knots>) {
        self.put(
            10,
            sog.map_or(SOG_NONE, |sog| ((sog.0 * 10.0).round() as u64).min(1022)),
        );
    }

    pub(super) fn put_coordinates(&mut self, place: Coordinates) {
        let raw = |degrees: f64| (degrees * 600_000.0).round() as i32;
        self.put_signed(28, place.lon.map_or(LON_NONE, raw));
        self.put_signed(27, place.lat.map_or(LAT_NONE, raw));
    }

    pub(super) fn put_cog(&mut self, cog: Option<Degrees>) {
        self.put(12, cog.map_or(COG_NONE, |cog| (cog.0 * 10.0).round() as u64 % 3600));
    }

    pub(super) fn put_heading(&mut self, heading: Option<u16>) {
        self.put(9, heading.map_or(HEADING_NONE, u64::from));
    }

    pub(super) fn put_dimensions(&mut self, dimensions: Dimensions) {
        self.put(9, dimensions.bow.into());
        self.put(9, dimensions.stern.into());
        self.put(6, dimensions.port.into());
        self.put(6, dimensions.starboard.into());
    }

    pub(super) fn put_eta(&mut self, eta: Eta) {
        self.put(4, eta.month.unwrap_or(0).into());
        self.put(5, eta.day.unwrap_or(0).into());
        self.put(5, eta.hour.unwrap_or(24).into());
        self.put(6, eta.minute.unwrap_or(60).into());
    }

    pub(super) fn put_draught(&mut self, draught: Option<Metres>) {
        self.put(
            8,
            draught.map_or(0, |draught| ((draught.0 * 10.0).round() as u64).min(255)),
        );
    }
}
