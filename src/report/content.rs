//! Messages to reports: what the picture is to know of each.

use arrayvec::ArrayString;

use super::{AisClass, Content, PositionReport, Said, StaticReport};
use crate::ais::{Dimensions, Hull, Message};

impl Said {
    /// What a message says.
    pub fn of(message: &Message) -> Self {
        Self {
            mmsi: message.mmsi(),
            message_type: message.message_type(),
            content: content(message),
        }
    }
}

fn content(message: &Message) -> Content {
    match message {
        Message::PositionA(report) => Content::Position(PositionReport {
            position: report.place.position(),
            sog: report.sog,
            cog: report.cog,
            heading: report.heading,
            rot_deg_min: report.rot.deg_min().map(|rot| rot as f32),
            nav_status: Some(report.nav_status),
            ais_class: Some(AisClass::A),
        }),
        Message::PositionB(report) => Content::Position(PositionReport {
            position: report.place.position(),
            sog: report.sog,
            cog: report.cog,
            heading: report.heading,
            rot_deg_min: None,
            nav_status: None,
            ais_class: Some(AisClass::B),
        }),
        Message::StaticA(report) => Content::Static(StaticReport {
            name: Some(report.name.map(widened)),
            call_sign: Some(report.call_sign),
            imo: Some(report.imo),
            ship_type: Some(Some(report.ship_type)),
            dimensions: Some(known(report.dimensions)),
            draught: Some(report.draught),
            destination: Some(report.destination),
            eta: Some(Some(report.eta).filter(|eta| *eta != Default::default())),
        }),
        Message::StaticBPartA(report) => Content::Static(StaticReport {
            name: Some(report.name.map(widened)),
            ..StaticReport::default()
        }),
        Message::StaticBPartB(report) => Content::Static(StaticReport {
            call_sign: Some(report.call_sign),
            ship_type: Some(Some(report.ship_type)),
            dimensions: match report.hull {
                Hull::Dimensions(dimensions) => Some(known(dimensions)),
                Hull::MotherShip(_) => None,
            },
            ..StaticReport::default()
        }),
    }
}

/// Dimensions, unless all are "not given".
fn known(dimensions: Dimensions) -> Option<Dimensions> {
    Some(dimensions).filter(|dimensions| *dimensions != Dimensions::default())
}

/// A name of twenty characters in the room of the longest, that of an aid to navigation.
fn widened(name: ArrayString<20>) -> ArrayString<34> {
    ArrayString::from(&name).expect("thirty-four characters hold twenty")
}
