//! What base stations and search-and-rescue aircraft say of themselves, and asking for the time: types 4, 9, 10, 11.

use super::fields::{Altitude, Clock, Cog, Coordinates, Flag, Place, Radio, Uint, Utc, WholeSog};
use super::layout::layout;
use crate::geo::{Degrees, Knots};

layout! {
    /// Type 4, base station report, and 11, UTC and date response (ITU-R M.1371-5, annex 8, 3.2 and 3.9).
    BaseStation [message_type] {
        utc: Utc = Clock;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        /// Type of position fixing device.
        epfd: u8 = Uint<4>, spare 10;
        raim: bool = Flag;
        /// Communication state.
        radio: Radio = Uint<19>;
    }

    /// Type 9, standard search and rescue aircraft position report (ITU-R M.1371-5, annex 8, 3.7).
    SarAircraft {
        /// Metres above the ground, 4094 or more being 4094.
        altitude: Option<u16> = Altitude, as "alt_m";
        /// Whole knots, 0..=1022.
        sog: Option<Knots> = WholeSog<10>;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        place: Coordinates = Place;
        cog: Option<Degrees> = Cog;
        /// UTC second of the fix, 0..=59; 60..=63 say why there is none.
        utc_second: u8 = Uint<6>, spare 8;
        /// Data terminal: 0 ready, 1 not.
        dte: u8 = Uint<1>, spare 3;
        /// Works in assigned mode.
        assigned: bool = Flag;
        raim: bool = Flag;
        /// Communication state with its selector.
        radio: Radio = Uint<20>;
    }

    /// Type 10, UTC and date inquiry (ITU-R M.1371-5, annex 8, 3.8).
    UtcInquiry, spare 2 {
        dest_mmsi: u32 = Uint<30>, spare 2;
    }
}
