//! Position reports of class B: types 18 and 19.

use arrayvec::ArrayString;

use super::fields::{Cog, Coordinates, Dimensions, Flag, Heading, Hull, Place, Radio, Sog, Text, Uint};
use super::layout::layout;
use crate::geo::{Degrees, Knots};

layout! {
    /// Type 18, standard position report of class B (ITU-R M.1371-5, annex 8, 3.16).
    PositionB, spare 8 {
        sog: Option<Knots> = Sog;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        cog: Option<Degrees> = Cog;
        /// True heading, 0..=359 degrees.
        heading: Option<u16> = Heading, as "heading_deg";
        /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>, spare 2;
        /// Carrier sense unit, not SOTDMA.
        cs: bool = Flag;
        /// Has a display for messages 12 and 14.
        display: bool = Flag;
        dsc: bool = Flag;
        /// Can use the whole marine band.
        band: bool = Flag;
        /// Can be told its channels by message 22.
        msg22: bool = Flag;
        /// Works in assigned mode.
        assigned: bool = Flag;
        raim: bool = Flag;
        /// Communication state with its selector.
        radio: Radio = Uint<20>;
    }

    /// Type 19, extended position report of class B (ITU-R M.1371-5, annex 8, 3.17).
    ExtendedB, spare 8 {
        sog: Option<Knots> = Sog;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        cog: Option<Degrees> = Cog;
        /// True heading, 0..=359 degrees.
        heading: Option<u16> = Heading, as "heading_deg";
        /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>, spare 4;
        name: Option<ArrayString<20>> = Text<20>;
        /// As sent; 0 is "not available".
        ship_type: u8 = Uint<8>;
        dimensions: Dimensions = Hull;
        /// Type of position fixing device.
        epfd: u8 = Uint<4>;
        raim: bool = Flag;
        /// Data terminal: 0 ready, 1 not.
        dte: u8 = Uint<1>;
        /// Works in assigned mode.
        assigned: bool = Flag, spare 4;
    }
}
