//! The weather that a simulated base station measures: invented, slow, the same at the same time.

use super::scenario::Fixed;
use crate::ais::{Application, BroadcastBinary, Coordinates, Hundredths, Message, MetHydro, Tenths};
use crate::time::Timestamp;

/// How often it is sent, s.
pub(super) const INTERVAL_S: f64 = 180.0;
const HOUR_S: i64 = 3600;
/// From one high water to the next, s.
const TIDE_S: i64 = 44_714;

/// What a base station has measured by now, so many seconds from the start, as met/hydro data (DAC 1, FI 31).
pub(super) fn measured(station: &Fixed, now_s: f64, now: Timestamp) -> Message {
    let second = now.floor_s();
    let between = |least: i64, most: i64, period_s: i64| least + swing(second, period_s, most - least);
    let small = |value: i64| u8::try_from(value).ok();
    let spell = station
        .weather
        .iter()
        .find(|spell| (spell.from_s..spell.to_s).contains(&now_s));
    let (wind_kn, gust_kn, visibility) = match spell {
        Some(spell) => (
            i64::from(spell.wind_kn),
            i64::from(spell.gust_kn),
            (spell.visibility_nm * 10.0).round() as i64,
        ),
        None => {
            let wind_kn = between(8, 22, 3 * HOUR_S);
            (wind_kn, wind_kn + 6, between(40, 100, 7 * HOUR_S))
        }
    };
    let wind_deg = u16::try_from(between(30, 60, 5 * HOUR_S)).ok();
    let [_, _, day, hour, minute, _] = now.civil();
    let weather = MetHydro {
        place: Coordinates {
            lon: Some(station.position.lon),
            lat: Some(station.position.lat),
        },
        accuracy: true,
        day: small(day),
        hour: small(hour),
        minute: small(minute),
        wind_kn: small(wind_kn),
        gust_kn: small(gust_kn),
        wind_deg,
        gust_deg: wind_deg,
        air_temperature_c: Some(Tenths(between(190, 250, 24 * HOUR_S) as i32)),
        visibility_nm: Some(Tenths(visibility as i32)),
        water_level_m: Some(Hundredths(between(60, 520, TIDE_S) as i32)),
        ..MetHydro::default()
    };
    Message::BroadcastBinary(BroadcastBinary {
        repeat: 0,
        mmsi: station.mmsi,
        dac: 1,
        fi: 31,
        content: Application::MetHydro(weather).content(),
    })
}

/// From 0 up to `height` and down again in a period, in even steps.
fn swing(second: i64, period_s: i64, height: i64) -> i64 {
    let half = period_s / 2;
    let at = second.rem_euclid(period_s);
    let up = if at <= half { at } else { period_s - at };
    up * height / half
}
