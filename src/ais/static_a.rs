//! Type 5: static and voyage data of class A.

use arrayvec::ArrayString;

use super::bits::{Bits, BitsOut};
use super::fields::{Dimensions, Eta};
use crate::geo::Metres;

/// ITU-R M.1371-5 table 48.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticA {
    pub repeat: u8,
    pub mmsi: u32,
    /// Edition of the recommendation the station follows.
    pub ais_version: u8,
    pub imo: Option<u32>,
    pub call_sign: Option<ArrayString<7>>,
    pub name: Option<ArrayString<20>>,
    /// As sent; 0 is "not available".
    pub ship_type: u8,
    pub dimensions: Dimensions,
    /// Type of position fixing device.
    pub epfd: u8,
    pub eta: Eta,
    pub draught: Option<Metres>,
    pub destination: Option<ArrayString<20>>,
    /// Data terminal not ready.
    pub dte: bool,
}

impl StaticA {
    /// Fields in bit order; `repeat` and `mmsi` are taken by whoever took the type.
    pub(super) fn take(repeat: u8, mmsi: u32, bits: &mut Bits) -> Self {
        let ais_version = bits.u8(2);
        let imo = Some(bits.u32(30)).filter(|imo| *imo != 0);
        let call_sign = bits.text(7);
        let name = bits.text(20);
        let ship_type = bits.u8(8);
        let dimensions = bits.dimensions();
        let epfd = bits.u8(4);
        let eta = bits.eta();
        let draught = bits.draught();
        let destination = bits.text(20);
        let dte = bits.flag();
        Self {
            repeat,
            mmsi,
            ais_version,
            imo,
            call_sign,
            name,
            ship_type,
            dimensions,
            epfd,
            eta,
            draught,
            destination,
            dte,
        }
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        out.put(2, self.ais_version.into());
        out.put(30, self.imo.unwrap_or(0).into());
        out.put_text(7, self.call_sign.as_deref());
        out.put_text(20, self.name.as_deref());
        out.put(8, self.ship_type.into());
        out.put_dimensions(self.dimensions);
        out.put(4, self.epfd.into());
        out.put_eta(self.eta);
        out.put_draught(self.draught);
        out.put_text(20, self.destination.as_deref());
        out.put(1, self.dte.into());
        out.put(1, 0);
    }
}
