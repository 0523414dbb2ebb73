//! What nmea-parser and we both decode, side by side: types 1 to 3, 4, 5 and 9.
//!
//! Left out, for nmea-parser has them wrong or as names of its own: the rate of turn (31.6 times too large), the
//! special manoeuvre 3 and the UTC second's reserved values. Known and allowed for: of courses, headings and places
//! it takes only the standard's "not available" for none, and tells what lies beyond as if it were one; a base
//! station without a whole date is an error to it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use harborwatch::ais::{Coordinates, Message};
use harborwatch::time::Timestamp;
use nmea_parser::{NmeaParser, ParsedMessage, ais};

use crate::lines::{Ears, Heard, lines};

/// The payload as one sentence, so that joining is no part of the comparison.
fn sentence(payload: &[u8], fill_bits: u8) -> String {
    let text = format!("AIVDM,1,1,,A,{},{fill_bits}", String::from_utf8_lossy(payload));
    let sum = text.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("!{text}*{sum:02X}")
}

fn near(what: &str, ours: Option<f64>, theirs: Option<f64>) {
    let agree = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-6,
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    };
    assert!(agree, "{what}: {ours:?} is not {theirs:?}");
}

/// The same, but what they tell beyond `most` is none.
fn within(what: &str, most: f64, ours: Option<f64>, theirs: Option<f64>) {
    near(what, ours, theirs.filter(|theirs| theirs.abs() <= most));
}

fn same<T: PartialEq + Debug>(what: &str, ours: T, theirs: T) {
    assert!(ours == theirs, "{what}: {ours:?} is not {theirs:?}");
}

fn same_place(ours: Coordinates, lon: Option<f64>, lat: Option<f64>) {
    within("lon", 180.0, ours.lon, lon);
    within("lat", 90.0, ours.lat, lat);
}

fn same_text(what: &str, ours: Option<&str>, theirs: Option<String>) {
    let theirs = theirs
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    same(what, ours.map(str::to_owned), theirs);
}

/// Compares where both know the type; tells which it was.
fn compare(ours: &Message, theirs: ParsedMessage) -> Option<u8> {
    match (ours, theirs) {
        (Message::PositionA(ours), ParsedMessage::VesselDynamicData(theirs)) => {
            same("mmsi", ours.mmsi, theirs.mmsi);
            same("status", ais::NavigationStatus::new(ours.nav_status), theirs.nav_status);
            near("sog", ours.sog.map(|sog| sog.0), theirs.sog_knots);
            same("accuracy", ours.accuracy, theirs.high_position_accuracy);
            same_place(ours.place, theirs.longitude, theirs.latitude);
            within("cog", 359.95, ours.cog.map(|cog| cog.0), theirs.cog);
            within("heading", 359.5, ours.heading.map(f64::from), theirs.heading_true);
            same("second", ours.utc_second, theirs.timestamp_seconds);
            same("raim", ours.raim, theirs.raim_flag);
        }
        (Message::BaseStation(ours), ParsedMessage::BaseStationReport(theirs)) => {
            same("mmsi", ours.mmsi, theirs.mmsi);
            same_place(ours.place, theirs.longitude, theirs.latitude);
            same("accuracy", ours.accuracy, theirs.high_position_accuracy);
            same("raim", ours.raim, theirs.raim_flag);
        }
        (Message::SarAircraft(ours), ParsedMessage::StandardSarAircraftPositionReport(theirs)) => {
            same("mmsi", ours.mmsi, theirs.mmsi);
            same("altitude", ours.altitude, theirs.altitude);
            near("sog", ours.sog.map(|sog| sog.0), theirs.sog_knots.map(f64::from));
            same_place(ours.place, theirs.longitude, theirs.latitude);
            within("cog", 359.95, ours.cog.map(|cog| cog.0), theirs.cog);
        }
        (Message::StaticA(ours), ParsedMessage::VesselStaticData(theirs)) => {
            same("mmsi", ours.mmsi, theirs.mmsi);
            same("version", ours.ais_version, theirs.ais_version_indicator);
            same("imo", ours.imo, theirs.imo_number);
            same_text("call sign", ours.call_sign.as_deref(), theirs.call_sign);
            same_text("name", ours.name.as_deref(), theirs.name);
            same_text("destination", ours.destination.as_deref(), theirs.destination);
            same("ship type", ais::ShipType::new(ours.ship_type), theirs.ship_type);
            let hull = ours.dimensions;
            same("bow", Some(hull.bow), theirs.dimension_to_bow);
            same("stern", Some(hull.stern), theirs.dimension_to_stern);
            same("port", Some(hull.port.into()), theirs.dimension_to_port);
            same("starboard", Some(hull.starboard.into()), theirs.dimension_to_starboard);
            let draught = theirs.draught10.filter(|tenths| *tenths > 0);
            near(
                "draught",
                ours.draught.map(|draught| draught.0),
                draught.map(|tenths| f64::from(tenths) / 10.0),
            );
        }
        _ => return None,
    }
    Some(ours.message_type())
}

#[test]
fn nmea_parser_says_the_same() {
    let mut ears = Ears::default();
    let mut compared: BTreeMap<u8, usize> = BTreeMap::new();
    for line in lines() {
        let Heard::Message(message, payload, fill_bits) = ears.hear(Timestamp(0), &line) else {
            continue;
        };
        // Of other types it makes nothing that is compared, and of some short ones it panics.
        if !matches!(message.message_type(), 1..=5 | 9) {
            continue;
        }
        let sentence = sentence(&payload, fill_bits);
        println!("{sentence}");
        let Ok(theirs) = NmeaParser::new().parse_sentence(&sentence) else {
            continue;
        };
        if let Some(message_type) = compare(&message, theirs) {
            *compared.entry(message_type).or_default() += 1;
        }
    }
    println!("{compared:?}");
    let kinds: Vec<u8> = compared.keys().copied().collect();
    assert_eq!(kinds, [1, 2, 3, 4, 5, 9]);
}
