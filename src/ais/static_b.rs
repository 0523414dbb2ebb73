//! Type 24: static data of class B, in two parts that stand alone.

use arrayvec::ArrayString;

use super::Reject;
use super::bits::{Bits, BitsOut};
use super::fields::{self, Dimensions, Text, Uint};
use super::json::Tell;
use super::layout::{Head, Wire, layout};

layout! {
    /// Part A of type 24, static data report (ITU-R M.1371-5, annex 8, 3.22).
    StaticBPartA {
        name: Option<ArrayString<20>> = Text<20>;
    }
}

/// Part B of type 24, static data report (ITU-R M.1371-5, annex 8, 3.22).
///
/// Written out, for the sender's identity says what thirty of its bits mean.
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
    /// Type of position fixing device; 0 where the sender ended before it.
    pub epfd: u8,
}

/// What thirty bits of part B hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hull {
    Dimensions(Dimensions),
    /// Of a craft associated with a ship (MMSI 98…): the ship's MMSI.
    MotherShip(u32),
}

/// Fewest bits of a part B: those before its last field.
const PART_B_BITS: usize = 162;

/// Bits of type, repeat, MMSI and part number.
const BEFORE_PARTS: usize = 40;

/// Takes either part.
pub(super) fn take(head: Head, bits: &mut Bits<'_>) -> Result<super::Message, Reject> {
    match bits.u8(2) {
        0 => Ok(super::Message::StaticBPartA(StaticBPartA::take(head, bits))),
        1 if bits.left() + BEFORE_PARTS < PART_B_BITS => Err(Reject::TooShort),
        1 => Ok(super::Message::StaticBPartB(StaticBPartB::take(head, bits))),
        _ => Err(Reject::Unsupported),
    }
}

impl StaticBPartB {
    fn take(head: Head, bits: &mut Bits<'_>) -> Self {
        let ship_type = bits.u8(8);
        let vendor = Text::<3>::take(bits);
        let unit_model = bits.u8(4);
        let serial = bits.u32(20);
        let call_sign = Text::<7>::take(bits);
        let is_craft = head.mmsi / 10_000_000 == 98;
        let hull = if is_craft {
            Hull::MotherShip(bits.u32(30))
        } else {
            Hull::Dimensions(fields::Hull::take(bits))
        };
        let epfd = Uint::<4>::take(bits);
        Self {
            repeat: head.repeat,
            mmsi: head.mmsi,
            ship_type,
            vendor,
            unit_model,
            serial,
            call_sign,
            hull,
            epfd,
        }
    }

    pub(super) fn sender(&self) -> (u8, u32) {
        (self.repeat, self.mmsi)
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(8, self.ship_type.into());
        Text::<3>::put(&self.vendor, out);
        out.put(4, self.unit_model.into());
        out.put(20, self.serial.into());
        Text::<7>::put(&self.call_sign, out);
        match &self.hull {
            Hull::Dimensions(dimensions) => fields::Hull::put(dimensions, out),
            Hull::MotherShip(mmsi) => out.put(30, u64::from(*mmsi)),
        }
        out.put(4, self.epfd.into());
        out.put(2, 0);
    }

    pub(super) fn tell(&self, out: &mut Vec<u8>) {
        self.ship_type.tell("ship_type", out);
        self.vendor.tell("vendor_id", out);
        self.unit_model.tell("model", out);
        self.serial.tell("serial", out);
        self.call_sign.tell("callsign", out);
        match &self.hull {
            Hull::Dimensions(dimensions) => dimensions.tell("", out),
            Hull::MotherShip(mmsi) => mmsi.tell("mothership_mmsi", out),
        }
        self.epfd.tell("epfd", out);
    }
}
