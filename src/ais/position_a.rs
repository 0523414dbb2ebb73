//! Position reports of class A, and the long-range one: types 1, 2, 3 and 27.

use super::fields::{
    CoarsePlace, Cog, Coordinates, Flag, Heading, Place, Radio, RateOfTurn, Sog, Turn, Uint, WholeCog, WholeSog,
};
use super::layout::layout;
use crate::geo::{Degrees, Knots};

layout! {
    /// Types 1, 2 and 3, scheduled, assigned and polled position reports (ITU-R M.1371-5, annex 8, 3.1).
    PositionA [message_type] {
        /// Navigational status, 0..=15.
        nav_status: u8 = Uint<4>;
        rot: RateOfTurn = Turn;
        sog: Option<Knots> = Sog;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        cog: Option<Degrees> = Cog;
        /// True heading, 0..=359 degrees.
        heading: Option<u16> = Heading, as "heading_deg";
        /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>;
        /// Special manoeuvre: 0 not available, 1 no, 2 yes.
        maneuver: u8 = Uint<2>, spare 3;
        raim: bool = Flag;
        /// Communication state, if it was sent whole.
        radio: Option<Radio> = Uint<19>;
    }

    /// Type 27, long-range position report (ITU-R M.1371-5, annex 8, 3.25).
    LongRange {
        /// Position better than 10 m.
        accuracy: bool = Flag;
        raim: bool = Flag;
        /// Navigational status, 0..=15.
        nav_status: u8 = Uint<4>;
        /// To a tenth of a minute.
        place: Coordinates = CoarsePlace;
        /// Whole knots, 0..=62.
        sog: Option<Knots> = WholeSog<6>;
        /// Whole degrees.
        cog: Option<Degrees> = WholeCog;
        /// As sent: true says that the position is *not* the current one.
        gnss: bool = Flag, spare 1;
    }
}
