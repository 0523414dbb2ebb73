//! Type 18: the standard position report of class B.

use super::bits::{Bits, BitsOut};
use super::fields::Coordinates;
use crate::geo::{Degrees, Knots};

/// ITU-R M.1371-5 table 64.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionB {
    pub repeat: u8,
    pub mmsi: u32,
    pub sog: Option<Knots>,
    /// Position better than 10 m.
    pub accuracy: bool,
    pub place: Coordinates,
    pub cog: Option<Degrees>,
    /// True heading, 0..=359 degrees.
    pub heading: Option<u16>,
    /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
    pub utc_second: u8,
    /// Carrier sense unit, not SOTDMA.
    pub cs: bool,
    /// Has a display for messages 12 and 14.
    pub display: bool,
    pub dsc: bool,
    /// Can use the whole marine band.
    pub band: bool,
    /// Can be told its channels by message 22.
    pub msg22: bool,
    /// Works in assigned mode.
    pub assigned: bool,
    pub raim: bool,
    /// Communication state with its selector.
    pub radio: u32,
}

impl PositionB {
    /// Fields in bit order; `repeat` and `mmsi` are taken by whoever took the type.
    pub(super) fn take(repeat: u8, mmsi: u32, bits: &mut Bits) -> Self {
        let _reserved = bits.take(8);
        let sog = bits.sog();
        let accuracy = bits.flag();
        let place = bits.coordinates();
        let cog = bits.cog();
        let heading = bits.heading();
        let utc_second = bits.u8(6);
        let _reserved = bits.take(2);
        let cs = bits.flag();
        let display = bits.flag();
        let dsc = bits.flag();
        let band = bits.flag();
        let msg22 = bits.flag();
        let assigned = bits.flag();
        let raim = bits.flag();
        let radio = bits.u32(20);
        Self {
            repeat,
            mmsi,
            sog,
            accuracy,
            place,
            cog,
            heading,
            utc_second,
            cs,
            display,
            dsc,
            band,
            msg22,
            assigned,
            raim,
            radio,
        }
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(8, 0);
        out.put_sog(self.sog);
        out.put(1, self.accuracy.into());
        out.put_coordinates(self.place);
        out.put_cog(self.cog);
        out.put_heading(self.heading);
        out.put(6, self.utc_second.into());
        out.put(2, 0);
        for flag in [
            self.cs,
            self.display,
            self.dsc,
            self.band,
            self.msg22,
            self.assigned,
            self.raim,
        ] {
            out.put(1, flag.into());
        }
        out.put(20, self.radio.into());
    }
}
