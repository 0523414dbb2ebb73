//! Inland navigation: DAC 200.
//!
//! Laid out by the Vessel Tracking and Tracing Standard for Inland Navigation of the Central Commission for the
//! Navigation of the Rhine, edition 1.2, which is Regulation (EC) 415/2007's annex; called the standard here.

use arrayvec::{ArrayString, ArrayVec};

use super::content::{Count, Day, Hour, Hundredths, Minute, Month, Rest, Steps, Tenths, Whether, content};
use crate::ais::bits::{Bits, BitsOut};
use crate::ais::fields::{Coordinates, Eta, EtaParts, Flag, Place, Text};
use crate::ais::json::{self, Tell};
use crate::ais::layout::Wire;

/// Gauges of a message of water levels.
const GAUGES: usize = 4;

content! {
    /// Inland ship static and voyage related data, DAC 200, FI 10 (the standard; 168 bits in all).
    InlandShip {
        /// European vessel identification number.
        eni: Option<ArrayString<8>> = Text<8>;
        length_m: Option<Tenths> = Count<13, 1, 8000, 0>;
        beam_m: Option<Tenths> = Count<10, 1, 1000, 0>;
        /// ERI classification of ship or convoy.
        eri_type: Option<u16> = Count<14, 1, 16_383, 0>;
        /// Blue cones or lights 0..=3; 4 is the B flag.
        hazard: Option<u8> = Count<3, 0, 4, 5>;
        /// To a centimetre.
        draught_m: Option<Hundredths> = Count<11, 1, 2000, 0>;
        /// Loaded 1, unloaded 2.
        loaded: Option<bool> = Whether<2, 2, 1>;
        /// SOG from a sensor of high quality.
        sog_quality: bool = Flag;
        cog_quality: bool = Flag;
        heading_quality: bool = Flag, spare 8;
    }

    /// Estimated time of arrival at a lock, bridge or terminal, DAC 200, FI 21 (the standard; 248 bits in all).
    ArrivalRequest {
        /// UN country code.
        country: Option<ArrayString<2>> = Text<2>;
        /// UN location code.
        location: Option<ArrayString<3>> = Text<3>;
        fairway_section: Option<ArrayString<5>> = Text<5>;
        terminal: Option<ArrayString<5>> = Text<5>;
        fairway_hectometre: Option<ArrayString<5>> = Text<5>;
        /// UTC.
        eta: Eta = EtaParts;
        /// Tugs that assist.
        tugs: Option<u8> = Count<3, 0, 6, 7>;
        air_draught_m: Option<Hundredths> = Count<12, 1, 4000, 0>, spare 5;
    }

    /// Recommended time of arrival, DAC 200, FI 22 (the standard; 232 bits in all).
    ArrivalAnswer {
        /// UN country code.
        country: Option<ArrayString<2>> = Text<2>;
        /// UN location code.
        location: Option<ArrayString<3>> = Text<3>;
        fairway_section: Option<ArrayString<5>> = Text<5>;
        terminal: Option<ArrayString<5>> = Text<5>;
        fairway_hectometre: Option<ArrayString<5>> = Text<5>;
        /// UTC.
        rta: Eta = EtaParts;
        /// Operational 0, limited 1, out of order 2.
        status: Option<u8> = Count<2, 0, 2, 3>, spare 2;
    }

    /// EMMA warning of heavy weather, DAC 200, FI 23 (the standard; 256 bits in all).
    WeatherWarning {
        /// Begin of validity, UTC.
        start_year: Option<u16> = Count<8, 1, 255, 0, 2000>;
        start_month: Option<u8> = Month;
        start_day: Option<u8> = Day;
        end_year: Option<u16> = Count<8, 1, 255, 0, 2000>;
        end_month: Option<u8> = Month;
        end_day: Option<u8> = Day;
        start_hour: Option<u8> = Hour;
        start_minute: Option<u8> = Minute;
        end_hour: Option<u8> = Hour;
        end_minute: Option<u8> = Minute;
        stretch: Stretch = Stretch;
        /// Wind 1, rain 2, snow and ice 3, thunderstorm 4, fog 5, low temperature 6, high temperature 7, flood 8,
        /// forest fire 9.
        weather: Option<u8> = Count<4, 1, 9, 0>;
        /// In the unit of the kind of weather; ±254 means so much or more.
        least: Option<i16> = SignLast<9, 0, 254, 255, 1>;
        greatest: Option<i16> = SignLast<9, 0, 254, 255, 1>;
        /// Slight 1, medium 2, strong 3.
        strength: Option<u8> = Count<2, 1, 3, 0>;
        /// Where the wind comes from: north 1, north-east 2, and so on to north-west 8.
        wind: Option<u8> = Count<4, 1, 8, 0>, spare 6;
    }

    /// Water levels, DAC 200, FI 24 (the standard; 168 bits in all).
    WaterLevels {
        /// UN country code.
        country: Option<ArrayString<2>> = Text<2>;
        gauges: ArrayVec<Gauge, GAUGES> = Rest<25>;
    }

    /// The water at a gauge.
    Gauge {
        /// The country's number of it.
        gauge: Option<u16> = Count<11, 1, 2047, 0>;
        /// Above the country's reference level.
        level_m: Option<Hundredths> = SignLast<14, 1, 8191, 0, 0>;
    }

    /// Number of persons on board, DAC 200, FI 55 (the standard; 168 bits in all).
    InlandPersons {
        crew: Option<u8> = Count<8, 0, 254, 255>;
        passengers: Option<u16> = Count<13, 0, 8190, 8191>;
        /// Shipboard personnel beside the crew.
        personnel: Option<u8> = Count<8, 0, 254, 255>, spare 51;
    }
}

/// A stretch of fairway from place to place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub start: Coordinates,
    pub end: Coordinates,
}

impl Wire<Stretch> for Stretch {
    fn take(bits: &mut Bits<'_>) -> Stretch {
        let (start, end) = (Place::take(bits), Place::take(bits));
        Stretch { start, end }
    }

    fn put(value: &Stretch, out: &mut BitsOut) {
        Place::put(&value.start, out);
        Place::put(&value.end, out);
    }
}

impl Tell for Stretch {
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        json::tell_place(["start_lon", "start_lat"], self.start, out);
        json::tell_place(["end_lon", "end_lat"], self.end, out);
    }
}

/// A number of `W` bits whose last is its sign, negative if it is `NEGATIVE`, and whose size says something from
/// `LEAST` to `MOST`; all others are none, and `NONE` is sent for none.
///
/// The standard numbers bits from the last, and gives bit 0 to the sign: no two's complement.
struct SignLast<const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32, const NEGATIVE: u64>;

impl<T: Steps, const W: usize, const LEAST: i32, const MOST: i32, const NONE: i32, const NEGATIVE: u64> Wire<Option<T>>
    for SignLast<W, LEAST, MOST, NONE, NEGATIVE>
{
    fn take(bits: &mut Bits<'_>) -> Option<T> {
        let (size, sign) = (bits.take(W - 1) as i32, bits.take(1));
        let number = if sign == NEGATIVE { -size } else { size };
        (LEAST..=MOST).contains(&size).then(|| T::of(number))
    }

    fn put(value: &Option<T>, out: &mut BitsOut) {
        let number = value.map_or(0, Steps::steps);
        let size = if value.is_some() {
            number.abs().clamp(LEAST, MOST)
        } else {
            NONE
        };
        out.put_signed(W - 1, size);
        out.put(1, if number < 0 { NEGATIVE } else { 1 - NEGATIVE });
    }
}
