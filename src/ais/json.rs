//! Messages as JSON, in the words of the conformance corpora.

use serde_json::{Map, Value as Json, json};

use super::{Coordinates, Dimensions, Eta, Hull, Message, PositionA, PositionB, StaticA, StaticBPartA, StaticBPartB};
use crate::geo::{Degrees, Knots, six_decimals};

/// The fields of a message by name; absent values are null.
pub fn fields(message: &Message) -> Map<String, Json> {
    let own = match message {
        Message::PositionA(report) => position_a(report),
        Message::StaticA(report) => static_a(report),
        Message::PositionB(report) => position_b(report),
        Message::StaticBPartA(report) => part_a(report),
        Message::StaticBPartB(report) => part_b(report),
    };
    let mut fields = Map::new();
    fields.insert("type".into(), message.message_type().into());
    fields.insert("mmsi".into(), message.mmsi().0.into());
    fields.insert("repeat".into(), message.repeat().into());
    if let Json::Object(own) = own {
        fields.extend(own);
    }
    fields
}

fn position_a(report: &PositionA) -> Json {
    let (lon, lat) = place(report.place);
    json!({
        "nav_status": report.nav_status,
        "rot_raw": report.rot.0,
        "rot_deg_min": report.rot.deg_min(),
        "sog_kn": sog(report.sog),
        "accuracy": report.accuracy,
        "lon": lon,
        "lat": lat,
        "cog_deg": cog(report.cog),
        "heading_deg": report.heading,
        "utc_second": report.utc_second,
        "maneuver": report.maneuver,
        "raim": report.raim,
    })
}

fn position_b(report: &PositionB) -> Json {
    let (lon, lat) = place(report.place);
    json!({
        "sog_kn": sog(report.sog),
        "accuracy": report.accuracy,
        "lon": lon,
        "lat": lat,
        "cog_deg": cog(report.cog),
        "heading_deg": report.heading,
        "utc_second": report.utc_second,
        "cs": report.cs,
        "display": report.display,
        "dsc": report.dsc,
        "band": report.band,
        "msg22": report.msg22,
        "assigned": report.assigned,
        "raim": report.raim,
    })
}

fn static_a(report: &StaticA) -> Json {
    let mut fields = json!({
        "ais_version": report.ais_version,
        "imo": report.imo,
        "callsign": text(report.call_sign.as_deref()),
        "name": text(report.name.as_deref()),
        "ship_type": report.ship_type,
        "epfd": report.epfd,
        "eta": eta(report.eta),
        "draught_m": report.draught.map(|draught| draught.0),
        "destination": text(report.destination.as_deref()),
        "dte": u8::from(report.dte),
    });
    add_dimensions(&mut fields, report.dimensions);
    fields
}

fn part_a(report: &StaticBPartA) -> Json {
    json!({ "part": "A", "name": text(report.name.as_deref()) })
}

fn part_b(report: &StaticBPartB) -> Json {
    let mut fields = json!({
        "part": "B",
        "ship_type": report.ship_type,
        "vendor_id": text(report.vendor.as_deref()),
        "model": report.unit_model,
        "serial": report.serial,
        "callsign": text(report.call_sign.as_deref()),
    });
    match report.hull {
        Hull::Dimensions(dimensions) => add_dimensions(&mut fields, dimensions),
        Hull::MotherShip(mmsi) => fields["mothership_mmsi"] = mmsi.into(),
    }
    fields
}

fn add_dimensions(fields: &mut Json, dimensions: Dimensions) {
    fields["dim_bow_m"] = dimensions.bow.into();
    fields["dim_stern_m"] = dimensions.stern.into();
    fields["dim_port_m"] = dimensions.port.into();
    fields["dim_starboard_m"] = dimensions.starboard.into();
}

fn place(place: Coordinates) -> (Option<f64>, Option<f64>) {
    (place.lon.map(six_decimals), place.lat.map(six_decimals))
}

fn sog(sog: Option<Knots>) -> Option<f64> {
    sog.map(|sog| sog.0)
}

fn cog(cog: Option<Degrees>) -> Option<f64> {
    cog.map(|cog| cog.0)
}

fn eta(eta: Eta) -> Json {
    json!({ "month": eta.month, "day": eta.day, "hour": eta.hour, "minute": eta.minute })
}

fn text(text: Option<&str>) -> Json {
    text.map_or(Json::Null, Json::from)
}
