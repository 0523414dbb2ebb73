//! What instruments measure, each by its name and unit.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

/// Most values of one sentence.
const MAX_MEASURES: usize = 2;

/// Values of one sentence, in its order.
pub type Measures = ArrayVec<(Quantity, f64), MAX_MEASURES>;

macro_rules! quantities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A quantity that a station measures, in the unit of its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Quantity {
            $($(#[$doc])* $variant,)*
        }

        impl Quantity {
            /// Its name in the API, unit last.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

quantities! {
    /// Mean wind speed.
    Wind = "wind_ms";
    /// Greatest wind speed of the last ten minutes.
    Gust = "gust_ms";
    /// Where the wind comes from, true.
    WindDirection = "wind_direction_deg";
    /// Where the greatest wind came from, true.
    GustDirection = "gust_direction_deg";
    /// MWV, reference T: angle of the wind as if the instrument stood still, from its bow mark clockwise.
    WindAngleTrue = "wind_angle_true_deg";
    /// MWV, reference R: angle of the wind as felt, from the instrument's bow mark clockwise.
    WindAngleRelative = "wind_angle_relative_deg";
    /// Below the surface.
    Depth = "depth_m";
    /// Below the transducer.
    DepthBelowTransducer = "depth_below_transducer_m";
    WaterTemperature = "water_temperature_c";
    AirTemperature = "air_temperature_c";
    /// Relative.
    Humidity = "humidity_percent";
    DewPoint = "dew_point_c";
    Pressure = "pressure_hpa";
    /// Horizontal; it may be that the instrument sees no farther.
    Visibility = "visibility_nm";
    /// Above the local chart datum, with the tide.
    WaterLevel = "water_level_m";
    /// At the surface.
    Current = "current_kn";
    /// Where the current sets to, true.
    CurrentDirection = "current_deg";
    /// Significant height.
    WaveHeight = "wave_height_m";
    WavePeriod = "wave_period_s";
    /// Where the waves come from, true.
    WaveDirection = "wave_deg";
    SwellHeight = "swell_height_m";
    SwellPeriod = "swell_period_s";
    /// Where the swell comes from, true.
    SwellDirection = "swell_deg";
    /// True.
    Heading = "heading_deg";
}
