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
    /// Where the wind comes from, true.
    WindDirection = "wind_direction_deg";
    /// MWV, reference T: angle of the wind as if the instrument stood still, from its bow mark clockwise.
    WindAngleTrue = "wind_angle_true_deg";
    /// MWV, reference R: angle of the wind as felt, from the instrument's bow mark clockwise.
    WindAngleRelative = "wind_angle_relative_deg";
    /// Below the surface.
    Depth = "depth_m";
    /// Below the transducer.
    DepthBelowTransducer = "depth_below_transducer_m";
    WaterTemperature = "water_temperature_c";
    /// True.
    Heading = "heading_deg";
}
