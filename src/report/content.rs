//! Messages to reports: what the picture is to know of each.

use arrayvec::ArrayString;

use super::{AisClass, Content, PositionReport, Said, StaticReport, WeatherReport};
use crate::ais::{Application, Coordinates, Dimensions, Hull, Message};
use crate::geo::{Degrees, Knots};

impl Said {
    /// What a message says.
    pub fn of(message: &Message) -> Self {
        Self {
            mmsi: message.mmsi(),
            message_type: message.message_type(),
            content: content(message),
        }
    }

    /// That a message which counted already was heard again.
    pub fn again(message: &Message) -> Self {
        Self {
            mmsi: message.mmsi(),
            message_type: message.message_type(),
            content: Content::Again,
        }
    }
}

fn content(message: &Message) -> Content {
    if let Some(report) = position(message) {
        return match statics(message) {
            Some(statics) => Content::PositionAndStatic(report, statics),
            None => Content::Position(report),
        };
    }
    if let Some(statics) = statics(message) {
        return Content::Static(statics);
    }
    let text = match message {
        Message::BaseStation(report) => return Content::Place(report.place.position()),
        Message::AddressedSafety(safety) => safety.text.map(|text| widened(&text)),
        Message::BroadcastSafety(safety) => safety.text,
        Message::BroadcastBinary(_) | Message::SlotBinary(_) => return weather(message),
        _ => None,
    };
    text.map_or(Content::Other, Content::SafetyText)
}

/// The weather in a binary message, if it is that.
fn weather(message: &Message) -> Content {
    match message.application() {
        Some(Application::MetHydro(said)) => Content::Weather(Box::new(WeatherReport::of(&said))),
        _ => Content::Other,
    }
}

/// The position report in a message, if it holds one.
fn position(message: &Message) -> Option<PositionReport> {
    let report = match message {
        Message::PositionA(report) => PositionReport {
            heading: report.heading,
            rot_deg_min: report.rot.deg_min().map(|rot| rot as f32),
            nav_status: Some(report.nav_status),
            ais_class: Some(AisClass::A),
            ..moving(report.place, report.sog, report.cog)
        },
        Message::PositionB(report) => PositionReport {
            heading: report.heading,
            ais_class: Some(AisClass::B),
            ..moving(report.place, report.sog, report.cog)
        },
        Message::ExtendedB(report) => PositionReport {
            heading: report.heading,
            ais_class: Some(AisClass::B),
            ..moving(report.place, report.sog, report.cog)
        },
        Message::LongRange(report) => PositionReport {
            nav_status: Some(report.nav_status),
            ..moving(report.place, report.sog, report.cog)
        },
        Message::SarAircraft(report) => moving(report.place, report.sog, report.cog),
        Message::Aid(report) => moving(report.body.place, None, None),
        _ => return None,
    };
    Some(report)
}

/// A position report of which no more is known.
fn moving(place: Coordinates, sog: Option<Knots>, cog: Option<Degrees>) -> PositionReport {
    PositionReport {
        position: place.position(),
        sog,
        cog,
        heading: None,
        rot_deg_min: None,
        nav_status: None,
        ais_class: None,
    }
}

/// The static data in a message, if it holds any.
fn statics(message: &Message) -> Option<StaticReport> {
    let report = match message {
        Message::StaticA(report) => StaticReport {
            name: Some(name(report.name)),
            call_sign: Some(report.call_sign),
            imo: Some(report.imo),
            ship_type: Some(Some(report.ship_type)),
            dimensions: Some(known(report.dimensions)),
            draught: Some(report.draught),
            destination: Some(report.destination),
            eta: Some(Some(report.eta).filter(|eta| *eta != Default::default())),
        },
        Message::ExtendedB(report) => StaticReport {
            name: Some(name(report.name)),
            ship_type: Some(Some(report.ship_type)),
            dimensions: Some(known(report.dimensions)),
            ..StaticReport::default()
        },
        Message::Aid(report) => StaticReport {
            name: Some(report.name),
            dimensions: Some(known(report.body.dimensions)),
            ..StaticReport::default()
        },
        Message::StaticBPartA(report) => StaticReport {
            name: Some(name(report.name)),
            ..StaticReport::default()
        },
        Message::StaticBPartB(report) => StaticReport {
            call_sign: Some(report.call_sign),
            ship_type: Some(Some(report.ship_type)),
            dimensions: match report.hull {
                Hull::Dimensions(dimensions) => Some(known(dimensions)),
                Hull::MotherShip(_) => None,
            },
            ..StaticReport::default()
        },
        _ => return None,
    };
    Some(report)
}

/// Dimensions, unless all are "not given".
fn known(dimensions: Dimensions) -> Option<Dimensions> {
    Some(dimensions).filter(|dimensions| *dimensions != Dimensions::default())
}

/// A ship's name in the room of the longest name, that of an aid to navigation.
fn name(name: Option<ArrayString<20>>) -> Option<ArrayString<34>> {
    name.map(|name| widened(&name))
}

/// A text in the room of a longer one.
fn widened<const N: usize>(text: &str) -> ArrayString<N> {
    ArrayString::from(text).expect("the room is the longer one's")
}
