//! Weather and water at a place: DAC 1, FI 31.

use super::content::{Bearing, Count, Day, Hour, Hundredths, MilliPlace, Minute, Signed, Tenths, Whether, content};
use crate::ais::fields::{Coordinates, Flag};

/// A speed of wind, seven bits: the greatest number means so much or more.
type Wind = Count<7, 0, 126, 127>;
/// Tenths in eight bits: 25.1 means so much or more.
type UpTo25 = Count<8, 0, 251, 255>;
/// Metres below the surface, five bits.
type Level = Count<5, 0, 30, 31>;
/// Seconds, six bits.
type Period = Count<6, 0, 60, 63>;
/// Steady 0, decreasing 1, increasing 2.
type Tendency = Count<2, 0, 2, 3>;

content! {
    #[derive(Default)]
    /// Meteorological and hydrographic data, DAC 1, FI 31 (IMO SN.1/Circ.289, annex, 1; 360 bits in all).
    MetHydro {
        place: Coordinates = MilliPlace;
        /// Position better than 10 m.
        accuracy: bool = Flag;
        /// Of the measurement, UTC.
        day: Option<u8> = Day;
        hour: Option<u8> = Hour;
        minute: Option<u8> = Minute;
        /// Mean of ten minutes; 126 means so much or more.
        wind_kn: Option<u8> = Wind;
        /// Greatest of ten minutes; 126 means so much or more.
        gust_kn: Option<u8> = Wind;
        /// Mean direction of ten minutes, true.
        wind_deg: Option<u16> = Bearing;
        gust_deg: Option<u16> = Bearing;
        /// Dry bulb, -60.0..=60.0.
        air_temperature_c: Option<Tenths> = Signed<11, -600, 600, -1024>;
        /// Relative.
        humidity_percent: Option<u8> = Count<7, 0, 100, 101>;
        /// -20.0..=50.0.
        dew_point_c: Option<Tenths> = Signed<10, -200, 500, 501>;
        /// 799 means so much or less, 1201 so much or more.
        pressure_hpa: Option<u16> = Count<9, 0, 402, 511, 799>;
        /// Steady 0, decreasing 1, increasing 2.
        pressure_tendency: Option<u8> = Tendency;
        /// The instrument sees no farther: it is so much or more.
        visibility_or_more: bool = Flag;
        /// Horizontal, 0.0..=12.6.
        visibility_nm: Option<Tenths> = Count<7, 0, 126, 127>;
        /// With the tide, above the local chart datum, -10.00..=30.00.
        water_level_m: Option<Hundredths> = Count<12, 0, 4000, 4001, -1000>;
        /// Steady 0, decreasing 1, increasing 2.
        water_tendency: Option<u8> = Tendency;
        /// At the surface, with the tide; 25.1 means so much or more.
        current_kn: Option<Tenths> = UpTo25;
        current_deg: Option<u16> = Bearing;
        current_2_kn: Option<Tenths> = UpTo25;
        current_2_deg: Option<u16> = Bearing;
        /// How far below the surface it was measured.
        current_2_depth_m: Option<u8> = Level;
        current_3_kn: Option<Tenths> = UpTo25;
        current_3_deg: Option<u16> = Bearing;
        current_3_depth_m: Option<u8> = Level;
        /// Significant height; 25.1 means so much or more.
        wave_height_m: Option<Tenths> = UpTo25;
        wave_period_s: Option<u8> = Period;
        wave_deg: Option<u16> = Bearing;
        swell_height_m: Option<Tenths> = UpTo25;
        swell_period_s: Option<u8> = Period;
        swell_deg: Option<u16> = Bearing;
        /// Beaufort force, 0..=12.
        sea_state: Option<u8> = Count<4, 0, 12, 13>;
        /// -10.0..=50.0.
        water_temperature_c: Option<Tenths> = Signed<10, -100, 500, 501>;
        /// Rain 1, thunderstorm 2, freezing rain 3, mixed or ice 4, snow 5; 0 and 6 are reserved.
        precipitation: Option<u8> = Count<3, 0, 6, 7>;
        /// 0.0..=50.0; 50.1 means so much or more.
        salinity_permille: Option<Tenths> = Count<9, 0, 501, 510>;
        ice: Option<bool> = Whether<2, 0, 1, 3>, spare 10;
    }
}
