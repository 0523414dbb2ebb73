//! Types 1, 2 and 3: position reports of class A.

use super::bits::{Bits, BitsOut};
use super::fields::{Coordinates, RateOfTurn};
use crate::geo::{Degrees, Knots};

/// ITU-R M.1371-5 table 45.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionA {
    /// 1, 2 or 3.
    pub message_type: u8,
    pub repeat: u8,
    pub mmsi: u32,
    /// Navigational status, 0..=15.
    pub nav_status: u8,
    pub rot: RateOfTurn,
    pub sog: Option<Knots>,
    /// Position better than 10 m.
    pub accuracy: bool,
    pub place: Coordinates,
    pub cog: Option<Degrees>,
    /// True heading, 0..=359 degrees.
    pub heading: Option<u16>,
    /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
    pub utc_second: u8,
    /// Special manoeuvre: 0 not available, 1 no, 2 yes.
    pub maneuver: u8,
    pub raim: bool,
    /// Communication state, if it was sent whole.
    pub radio: Option<u32>,
}

impl PositionA {
    /// Fields in bit order; `repeat` and `mmsi` are taken by whoever took the type.
    pub(super) fn take(message_type: u8, repeat: u8, mmsi: u32, bits: &mut Bits) -> Self {
        let nav_status = bits.u8(4);
        let rot = RateOfTurn(bits.signed(8) as i8);
        let sog = bits.sog();
        let accuracy = bits.flag();
        let place = bits.coordinates();
        let cog = bits.cog();
        let heading = bits.heading();
        let utc_second = bits.u8(6);
        let maneuver = bits.u8(2);
        let _spare = bits.take(3);
        let raim = bits.flag();
        let radio = (bits.left() >= 19).then(|| bits.u32(19));
        Self {
            message_type,
            repeat,
            mmsi,
            nav_status,
            rot,
            sog,
            accuracy,
            place,
            cog,
            heading,
            utc_second,
            maneuver,
            raim,
            radio,
        }
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(4, self.nav_status.into());
        out.put_signed(8, self.rot.0.into());
        out.put_sog(self.sog);
        out.put(1, self.accuracy.into());
        out.put_coordinates(self.place);
        out.put_cog(self.cog);
        out.put_heading(self.heading);
        out.put(6, self.utc_second.into());
        out.put(2, self.maneuver.into());
        out.put(3, 0);
        out.put(1, self.raim.into());
        out.put(19, self.radio.unwrap_or(0).into());
    }
}
