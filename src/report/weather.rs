//! Met/hydro messages to what a station measures.

use super::{Quantity, WeatherReport};
use crate::ais::MetHydro;
use crate::geo::METRES_PER_NM;

const SECONDS_PER_HOUR: f64 = 3600.0;

impl WeatherReport {
    /// What a message says; what it has as "not available" is left out.
    pub(super) fn of(said: &MetHydro) -> Self {
        let speed = |kn: Option<u8>| kn.map(|kn| f64::from(kn) * METRES_PER_NM / SECONDS_PER_HOUR);
        let whole = |number: Option<u16>| number.map(f64::from);
        let small = |number: Option<u8>| number.map(f64::from);
        let tenths = |number: Option<crate::ais::Tenths>| number.map(crate::ais::Tenths::value);
        let all = [
            (Quantity::Wind, speed(said.wind_kn)),
            (Quantity::Gust, speed(said.gust_kn)),
            (Quantity::WindDirection, whole(said.wind_deg)),
            (Quantity::GustDirection, whole(said.gust_deg)),
            (Quantity::AirTemperature, tenths(said.air_temperature_c)),
            (Quantity::Humidity, small(said.humidity_percent)),
            (Quantity::DewPoint, tenths(said.dew_point_c)),
            (Quantity::Pressure, whole(said.pressure_hpa)),
            (Quantity::Visibility, tenths(said.visibility_nm)),
            (Quantity::WaterLevel, said.water_level_m.map(|level| level.value())),
            (Quantity::Current, tenths(said.current_kn)),
            (Quantity::CurrentDirection, whole(said.current_deg)),
            (Quantity::WaveHeight, tenths(said.wave_height_m)),
            (Quantity::WavePeriod, small(said.wave_period_s)),
            (Quantity::WaveDirection, whole(said.wave_deg)),
            (Quantity::SwellHeight, tenths(said.swell_height_m)),
            (Quantity::SwellPeriod, small(said.swell_period_s)),
            (Quantity::SwellDirection, whole(said.swell_deg)),
            (Quantity::WaterTemperature, tenths(said.water_temperature_c)),
        ];
        let available = all.into_iter().filter_map(|(quantity, value)| Some((quantity, value?)));
        Self {
            position: said.place.position(),
            measures: available.collect(),
        }
    }
}
