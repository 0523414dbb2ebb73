//! What a simulated ship says of itself: moments to messages.

use arrayvec::ArrayString;

use super::scenario::{Fixed, Step};
use super::vessel::{KN, Moment, Traits, Vessel};
use crate::ais::{
    Aid, AidBody, BaseStation, BroadcastSafety, Coordinates, Dimensions, Eta, Hull, Message, PositionA, PositionB,
    Radio, RateOfTurn, StaticA, StaticBPartA, StaticBPartB, Utc,
};
use crate::geo::{Degrees, Knots, Metres};
use crate::geo::{Plane, Point, wrap_deg};
use crate::report::AisClass;
use crate::time::Timestamp;

/// Errors of a ship's fix: metres to each side, knots, degrees under way.
const FIX_M: f64 = 4.0;
const SOG_KN: f64 = 0.15;
const COG_DEG: f64 = 2.0;
/// Slower than this, knots, the course over ground is chance.
const STILL_KN: f64 = 0.4;
/// Carrier-sense units send this communication state (ITU-R M.1371-5, annex 7).
const CARRIER_SENSE: u32 = 0xE_0006;

/// A position report, type 1, 3 or 18: `utc_second` is when.
pub(super) fn position(vessel: &mut Vessel, moment: &Moment, plane: &Plane, utc_second: u8) -> Message {
    let chance = &mut vessel.chance;
    let motion = moment.motion;
    let at = Point::new(
        motion.at.x + FIX_M * chance.error(),
        motion.at.y + FIX_M * chance.error(),
    );
    let fix = plane.position(at);
    let place = Coordinates {
        lon: Some(fix.lon),
        lat: Some(fix.lat),
    };
    let real = motion.speed * KN;
    let sog = Some(tenths((real + SOG_KN * chance.error()).max(0.0)));
    let error = if real < STILL_KN {
        180.0
    } else {
        COG_DEG / real.clamp(1.0, 4.0)
    };
    let cog = Some(Degrees(
        (wrap_deg(motion.course_deg + error * chance.error()) * 10.0).floor() / 10.0,
    ));
    let heading = Some(wrap_deg(moment.heading_deg + chance.error()) as u16);
    let mmsi = vessel.traits.mmsi;
    match vessel.traits.ais_class {
        AisClass::A => Message::PositionA(PositionA {
            message_type: if motion.turn_deg_min == 0.0 { 1 } else { 3 },
            repeat: 0,
            mmsi,
            nav_status: moment.status,
            rot: rate_of_turn(motion.turn_deg_min),
            sog,
            accuracy: true,
            place,
            cog,
            heading,
            utc_second,
            maneuver: 0,
            raim: false,
            radio: Some(Radio(0)),
        }),
        AisClass::B => Message::PositionB(PositionB {
            repeat: 0,
            mmsi,
            sog,
            accuracy: true,
            place,
            cog,
            heading: None,
            utc_second,
            cs: true,
            display: false,
            dsc: false,
            band: true,
            msg22: true,
            assigned: false,
            raim: false,
            radio: Radio(CARRIER_SENSE),
        }),
    }
}

/// Tenths of a knot, as the double nearest to the decimal.
fn tenths(knots: f64) -> Knots {
    Knots((knots * 10.0).round() / 10.0)
}

/// As an indicator sends it: 4.733 √(degrees a minute), at most ±126.
fn rate_of_turn(deg_min: f64) -> RateOfTurn {
    let raw = (4.733 * f64::sqrt(deg_min.abs())).round().min(126.0);
    RateOfTurn(if deg_min < 0.0 { -raw } else { raw } as i8)
}

/// What a beacon says besides its place.
pub(super) fn alarm(traits: &Traits) -> Message {
    safety_text(traits, "SART ACTIVE")
}

fn safety_text(traits: &Traits, said: &str) -> Message {
    Message::BroadcastSafety(BroadcastSafety {
        repeat: 0,
        mmsi: traits.mmsi,
        text: text(said),
    })
}

/// What a station that stays where it is says: type 4 of a base station, type 21 of an aid.
pub(super) fn station(station: &Fixed, now: Timestamp) -> Message {
    let (repeat, mmsi) = (0, station.mmsi);
    let place = Coordinates {
        lon: Some(station.position.lon),
        lat: Some(station.position.lat),
    };
    let [year, month, day, hour, minute, second] = now.civil();
    let part = |part: i64| u8::try_from(part).ok();
    if station.is_base() {
        let utc = Utc {
            year: u16::try_from(year).ok(),
            month: part(month),
            day: part(day),
            hour: part(hour),
            minute: part(minute),
            second: part(second),
        };
        return Message::BaseStation(BaseStation {
            message_type: 4,
            repeat,
            mmsi,
            utc,
            accuracy: true,
            place,
            epfd: SURVEYED,
            raim: false,
            radio: Radio(0),
        });
    }
    let body = AidBody {
        repeat,
        mmsi,
        accuracy: true,
        place,
        dimensions: Dimensions::default(),
        epfd: SURVEYED,
        utc_second: part(second).unwrap_or(60),
        off_position: false,
        raim: false,
        virtual_aid: false,
        assigned: false,
    };
    Message::Aid(Aid {
        aid_type: SAFE_WATER,
        name: text(&station.name),
        body,
    })
}

/// Base stations send every 10 s, aids every 180 s (ITU-R M.1371-5, annex 1, 4.2.1).
pub(super) fn station_interval_s(station: &Fixed) -> f64 {
    if station.is_base() { 10.0 } else { 180.0 }
}

/// Position fixing device: surveyed (ITU-R M.1371-5 table 48).
const SURVEYED: u8 = 7;
/// Type of aid: floating safe-water mark (ITU-R M.1371-5 table 74).
const SAFE_WATER: u8 = 29;

/// What a ship sends of itself at a step of its plan: its static data, and a text if it has one to send.
pub(super) fn statics(traits: &Traits, step: &Step, moment: &Moment) -> Vec<Message> {
    let name = step.name.as_ref().unwrap_or(&traits.name);
    let text = step.text.as_deref().map(|said| safety_text(traits, said));
    static_data(traits, name, moment).into_iter().chain(text).collect()
}

/// Static data: one message of class A, two of class B, none of beacons, which have no name.
fn static_data(traits: &Traits, name: &str, moment: &Moment) -> Vec<Message> {
    if name.is_empty() {
        return Vec::new();
    }
    let mmsi = traits.mmsi;
    let call_sign = text(&traits.call_sign);
    if traits.ais_class == AisClass::B {
        let part_a = StaticBPartA {
            repeat: 0,
            mmsi,
            name: text(name),
        };
        let part_b = StaticBPartB {
            repeat: 0,
            mmsi,
            ship_type: traits.ship_type,
            vendor: text("TST"),
            unit_model: 1,
            serial: mmsi % (1 << 20),
            call_sign,
            hull: Hull::Dimensions(traits.dimensions),
            epfd: 1,
        };
        return vec![Message::StaticBPartA(part_a), Message::StaticBPartB(part_b)];
    }
    let (light, laden) = traits.draught_m;
    let draught = if moment.laden { laden } else { light };
    vec![Message::StaticA(StaticA {
        repeat: 0,
        mmsi,
        ais_version: 2,
        imo: None,
        call_sign,
        name: text(name),
        ship_type: traits.ship_type,
        dimensions: traits.dimensions,
        epfd: 1,
        eta: Eta::default(),
        draught: (draught > 0.0).then_some(Metres(draught)),
        destination: text(&traits.destination),
        dte: 0,
    })]
}

fn text<const N: usize>(given: &str) -> Option<ArrayString<N>> {
    let mut text = ArrayString::new();
    for character in given.chars() {
        // A name longer than its field is cut.
        let _ = text.try_push(character);
    }
    (!text.is_empty()).then_some(text)
}
