//! Clocks, places and instruments, their fields read by the crate nmea-parser behind a guard.
//!
//! The crate is given only the eight kinds below, in ASCII, of at most a line, checked by us. GSV, whose count of
//! sentences can hold it for seconds, and fragments, which it keeps, never reach it; a parser made anew for each
//! sentence keeps nothing. A panic inside it is caught, and told as one.

use std::panic::catch_unwind;

use nmea_parser::{LatLon, NmeaParser, ParsedMessage, chrono};

use super::super::tag::decimal;
use super::{Fields, Measures, Quantity, Reading, Unread};
use crate::geo::Position;
use crate::time::{Span, Timestamp};

/// Kinds that are read, and the fields that say nothing if one of them is empty.
const KINDS: [(&[u8; 3], &[usize]); 8] = [
    (b"ZDA", &[1, 2, 3, 4]),
    (b"RMC", &[2]),
    (b"GGA", &[6]),
    (b"MWV", &[3, 4, 5]),
    (b"DPT", &[1]),
    (b"DBS", &[3]),
    (b"MTW", &[1]),
    (b"HDT", &[1]),
];

/// A day, in which a time of day is found.
const DAY_MS: i64 = 86_400_000;
/// Fastest wind believed, in m/s.
const MAX_WIND_MS: f64 = 150.0;
/// Deepest water believed, in metres.
const MAX_DEPTH_M: f64 = 12_000.0;
/// Coldest and warmest water believed, in °C.
const WATER_C: [f64; 2] = [-10.0, 60.0];

pub(super) fn read(formatter: &[u8], fields: &Fields<'_>, near: Timestamp) -> Result<Reading, Unread> {
    let kind = KINDS.iter().find(|(kind, _)| *kind == formatter);
    let (_, needed) = kind.ok_or(Unread::Unsupported)?;
    for &field in *needed {
        if fields.need(field)?.is_empty() {
            return Ok(Reading::Nothing);
        }
    }
    let text = fields.text;
    let parsed = catch_unwind(|| NmeaParser::new().parse_sentence(text)).map_err(|_| Unread::Panicked)?;
    match parsed.map_err(|_| Unread::Malformed)? {
        ParsedMessage::Zda(zda) => {
            let clock = zda.timestamp_utc.map(moment).ok_or(Unread::Malformed)?;
            fix(Some(clock), None)
        }
        ParsedMessage::Rmc(rmc) if rmc.status_active == Some(true) => {
            // The crate leaves the fraction of the second out.
            let fraction = decimal(fields.need(1)?.as_bytes()).map_or(0, |(_, ms)| ms);
            let clock = rmc.timestamp.map(|time| moment(time).plus(Span(fraction)));
            fix(clock, place(&rmc, fields, [4, 6])?)
        }
        ParsedMessage::Gga(gga) if fields.need(6)? != "0" => {
            let clock = gga.timestamp.map(|time| on_day_of(near, moment(time)));
            fix(clock, place(&gga, fields, [3, 5])?)
        }
        ParsedMessage::Mwv(mwv) if fields.need(5)? == "A" => wind(&mwv),
        ParsedMessage::Dpt(dpt) => depth(&dpt),
        ParsedMessage::Dbs(dbs) => one(Quantity::Depth, dbs.depth_meters, 0.0, MAX_DEPTH_M),
        ParsedMessage::Mtw(mtw) => one(Quantity::WaterTemperature, mtw.temperature, WATER_C[0], WATER_C[1]),
        ParsedMessage::Hdt(hdt) => one(Quantity::Heading, hdt.heading_true, 0.0, 360.0),
        _ => Ok(Reading::Nothing),
    }
}

fn fix(clock: Option<Timestamp>, position: Option<Position>) -> Result<Reading, Unread> {
    Ok(Reading::Fix { clock, position })
}

fn moment(time: chrono::DateTime<chrono::Utc>) -> Timestamp {
    Timestamp(time.timestamp_millis())
}

/// The time of day of `time` on the day that brings it nearest to `near`.
fn on_day_of(near: Timestamp, time: Timestamp) -> Timestamp {
    let ahead = (time.0 - near.0 + DAY_MS / 2).rem_euclid(DAY_MS) - DAY_MS / 2;
    near.plus(Span(ahead))
}

/// The place in a sentence whose hemispheres stand in two of its fields: the crate takes any for north or east.
fn place(parsed: &impl LatLon, fields: &Fields<'_>, [north, east]: [usize; 2]) -> Result<Option<Position>, Unread> {
    let (Some(lat), Some(lon)) = (parsed.latitude(), parsed.longitude()) else {
        return Ok(None);
    };
    let named = matches!(fields.need(north)?, "N" | "S") && matches!(fields.need(east)?, "E" | "W");
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    if named && on_earth {
        Ok(Some(Position { lon, lat }))
    } else {
        Err(Unread::Malformed)
    }
}

fn within(value: f64, least: f64, most: f64) -> Result<f64, Unread> {
    let fits = (least..=most).contains(&value);
    fits.then_some(value).ok_or(Unread::Malformed)
}

fn one(quantity: Quantity, value: Option<f64>, least: f64, most: f64) -> Result<Reading, Unread> {
    let Some(value) = value else {
        return Ok(Reading::Nothing);
    };
    let mut measures = Measures::new();
    measures.push((quantity, within(value, least, most)?));
    Ok(Reading::Measured(measures))
}

/// Speed and angle; the crate gives km/h exactly as the standard's units convert.
fn wind(mwv: &nmea_parser::gnss::MwvData) -> Result<Reading, Unread> {
    let mut measures = Measures::new();
    if let Some(speed) = mwv.wind_speed_kmh {
        measures.push((Quantity::Wind, within(speed / 3.6, 0.0, MAX_WIND_MS)?));
    }
    let angle = match mwv.relative {
        Some(true) => Some(Quantity::WindAngleRelative),
        Some(false) => Some(Quantity::WindAngleTrue),
        None => None,
    };
    if let (Some(quantity), Some(angle)) = (angle, mwv.wind_angle) {
        measures.push((quantity, within(angle, 0.0, 360.0)?));
    }
    Ok(Reading::Measured(measures))
}

/// A positive offset is that of the surface above the transducer; a negative one, of the keel, does not tell it.
fn depth(dpt: &nmea_parser::gnss::DptData) -> Result<Reading, Unread> {
    let Some(below) = dpt.depth_relative_to_transducer else {
        return Ok(Reading::Nothing);
    };
    let mut measures = Measures::new();
    let below = within(below, 0.0, MAX_DEPTH_M)?;
    measures.push((Quantity::DepthBelowTransducer, below));
    if let Some(offset) = dpt.transducer_offset.filter(|offset| *offset > 0.0) {
        measures.push((Quantity::Depth, within(below + offset, 0.0, MAX_DEPTH_M)?));
    }
    Ok(Reading::Measured(measures))
}
