//! Type 24: static data of class B, in two parts that stand alone.

use arrayvec::ArrayString;

use super::bits::{Bits, BitsOut};
use super::fields::Dimensions;

/// ITU-R M.1371-5 table 67: part A.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticBPartA {
    pub repeat: u8,
    pub mmsi: u32,
    pub name: Option<ArrayString<20>>,
}

/// ITU-R M.1371-5 table 68: part B.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticBPartB {
    pub repeat: u8,
    pub mmsi: u32,
    /// As sent; 0 is "not available".
    pub ship_type: u8,
    /// Three letters of the maker.
    pub vendor: Option<ArrayString<3>>,
    pub unit_model: u8,
    pub serial: u32,
    pub call_sign: Option<ArrayString<7>>,
    pub hull: Hull,
    /// Type of position fixing device.
    pub epfd: u8,
}

/// What thirty bits of part B hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hull {
    Dimensions(Dimensions),
    /// Of a craft associated with a ship (MMSI 98…): the ship's MMSI.
    MotherShip(u32),
}

impl StaticBPartA {
    pub(super) fn take(repeat: u8, mmsi: u32, bits: &mut Bits) -> Self {
        Self {
            repeat,
            mmsi,
            name: bits.text(20),
        }
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(2, 0);
        out.put_text(20, self.name.as_deref());
    }
}

impl StaticBPartB {
    /// Fields in bit order; `repeat`, `mmsi` and the part's number are taken by whoever took the type.
    pub(super) fn take(repeat: u8, mmsi: u32, bits: &mut Bits) -> Self {
        let ship_type = bits.u8(8);
        let vendor = bits.text(3);
        let unit_model = bits.u8(4);
        let serial = bits.u32(20);
        let call_sign = bits.text(7);
        let is_craft = mmsi / 10_000_000 == 98;
        let hull = if is_craft {
            Hull::MotherShip(bits.u32(30))
        } else {
            Hull::Dimensions(bits.dimensions())
        };
        let epfd = bits.u8(4);
        Self {
            repeat,
            mmsi,
            ship_type,
            vendor,
            unit_model,
            serial,
            call_sign,
            hull,
            epfd,
        }
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(2, 1);
        out.put(8, self.ship_type.into());
        out.put_text(3, self.vendor.as_deref());
        out.put(4, self.unit_model.into());
        out.put(20, self.serial.into());
        out.put_text(7, self.call_sign.as_deref());
        match self.hull {
            Hull::Dimensions(dimensions) => out.put_dimensions(dimensions),
            Hull::MotherShip(mmsi) => out.put(30, mmsi.into()),
        }
        out.put(4, self.epfd.into());
        out.put(2, 0);
    }
}
