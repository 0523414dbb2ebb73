//! Type 5: static and voyage data of class A.

use arrayvec::ArrayString;

use super::fields::{Dimensions, Draught, Dte, Eta, EtaParts, Hull, Imo, Text, Uint};
use super::layout::layout;
use crate::geo::Metres;

layout! {
    /// Type 5, ship static and voyage related data (ITU-R M.1371-5, annex 8, 3.3).
    StaticA {
        /// Edition of the recommendation the station follows.
        ais_version: u8 = Uint<2>;
        imo: Option<u32> = Imo;
        call_sign: Option<ArrayString<7>> = Text<7>, as "callsign";
        name: Option<ArrayString<20>> = Text<20>;
        /// As sent; 0 is "not available".
        ship_type: u8 = Uint<8>;
        dimensions: Dimensions = Hull;
        /// Type of position fixing device.
        epfd: u8 = Uint<4>;
        eta: Eta = EtaParts;
        draught: Option<Metres> = Draught, as "draught_m";
        destination: Option<ArrayString<20>> = Text<20>;
        /// Data terminal: 0 ready, 1 not (also where a sender left the last two bits out).
        dte: u8 = Dte, spare 1;
    }
}
