//! One vessel: the age of every datum, who hears it, what it called itself before, what it has declared.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::Ask;
use super::problem::{Document, Problem};
use super::reply::{self, Wish};
use super::shape::{Time, Vessel};
use super::vessels::{fragment, identity, unknown};
use super::{App, Setting};
use crate::ais::Mmsi;
use crate::register::Declaration;
use crate::report::Station;
use crate::time::{Span, Timestamp};
use crate::track::{Former, Identity, Statics, Word};
use crate::traffic::Particulars;
use crate::view::{Reflection, Shown};

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one))
}

/// All that is known of one vessel.
struct Known {
    now: Timestamp,
    shown: Arc<Shown>,
    particulars: Option<Arc<Particulars>>,
    /// The names of the stations that heard any of it.
    sources: BTreeMap<Station, String>,
}

/// One vessel, with the age of every datum, who hears it, what it called itself before, and its declaration.
#[utoipa::path(
    get, path = "/api/v1/vessels/{mmsi}", tag = "vessels", params(("mmsi" = u32, Path)),
    responses((status = 200, description = "a vessel with `data`, `heard_by`, `identities` and `declaration`", body = Vessel),
        (status = 404, body = Document)),
)]
async fn one(
    State(app): State<App>,
    Path(mmsi): Path<String>,
    headers: HeaderMap,
    ask: Ask,
) -> Result<Response, Problem> {
    ask.done()?;
    let mmsi = identity(&mmsi)?;
    let known = app.view.read(|picture| look_up(picture, mmsi));
    let known = known.ok_or_else(|| unknown(mmsi))?;
    let vessel = fragment(&known.shown, &app.setting());
    let formers = known
        .particulars
        .iter()
        .flat_map(|particulars| particulars.formers.iter());
    let more = json!({
        "data": data(&known, vessel, &app.setting()),
        "heard_by": heard_by(&known, &app.setting()),
        "identities": formers.map(former).collect::<Vec<_>>(),
        "declaration": nearest(app.setting().declarations.of(mmsi), known.now),
    });
    let body = reply::with_members(vessel, &reply::to_json(&more));
    Ok(reply::encoded(&Wish::of(&headers), "application/json", body.into()))
}

fn look_up(picture: &Reflection, mmsi: Mmsi) -> Option<Known> {
    let shown = picture.vessel(mmsi)?.clone();
    let particulars = picture.particulars(mmsi).cloned();
    let hearers = shown.row.heard_by.iter().map(|hearer| hearer.station);
    let statics = particulars.iter().flat_map(|particulars| words(&particulars.statics));
    let stations = hearers.chain(statics.filter_map(|(_, word)| Some(word?.station)));
    let sources = stations.filter_map(|station| Some((station, picture.source(station)?.to_owned())));
    Some(Known {
        now: picture.clock,
        sources: sources.collect(),
        shown,
        particulars,
    })
}

/// Every datum that was said, with its time and who heard it; of one that stays the same, since when it does.
fn data(known: &Known, vessel: &[u8], setting: &Setting) -> Map<String, Value> {
    const MOVING: [&str; 6] = [
        "position",
        "sog_kn",
        "cog_deg",
        "heading_deg",
        "rot_deg_min",
        "nav_status",
    ];
    let own: Value = serde_json::from_slice(vessel).unwrap_or_default();
    let row = &known.shown.row;
    let age_s = |time| (known.now.since(time).as_s() + 0.5).floor();
    let moving = MOVING.iter().filter_map(|&field| {
        let value = own.get(field).filter(|value| !value.is_null())?;
        let mut datum = json!({
            "value": value, "time": row.position_time.map(Time), "age_s": row.position_time.map(age_s),
            "feed": own["feed"], "source": own["source"],
        });
        if let Some(since) = row.status_since.filter(|_| field == "nav_status") {
            datum["since"] = json!(Time(since));
        }
        Some((field.to_owned(), datum))
    });
    let statics = known
        .particulars
        .iter()
        .flat_map(|particulars| words(&particulars.statics));
    let fixed = statics.filter_map(|(field, word)| {
        let Word { since, time, station } = word?;
        let datum = json!({
            "value": own.get(field), "time": Time(time), "age_s": age_s(time),
            "feed": setting.feed_name(station.feed), "source": known.sources.get(&station), "since": Time(since),
        });
        Some((field.to_owned(), datum))
    });
    moving.chain(fixed).collect()
}

/// The stations that hear it, the one that did last first.
fn heard_by(known: &Known, setting: &Setting) -> Vec<Value> {
    let mut hearers: Vec<_> = known.shown.row.heard_by.iter().collect();
    hearers.sort_by_key(|hearer| (Reverse(hearer.last), hearer.station));
    let shown = hearers.into_iter().map(|hearer| {
        json!({
            "feed": setting.feed_name(hearer.station.feed), "source": known.sources.get(&hearer.station),
            "reports": hearer.reports, "last": Time(hearer.last),
        })
    });
    shown.collect()
}

/// How each static datum was said, by the name it has in a vessel.
fn words(statics: &Statics) -> [(&'static str, Option<Word>); 8] {
    [
        ("name", statics.name.said()),
        ("call_sign", statics.call_sign.said()),
        ("imo", statics.imo.said()),
        ("ship_type", statics.ship_type.said()),
        ("dims_m", statics.dimensions.said()),
        ("draught_m", statics.draught.said()),
        ("destination", statics.destination.said()),
        ("eta", statics.eta.said()),
    ]
}

fn former(former: &Former) -> Value {
    let (field, value) = match former.identity {
        Identity::Name(name) => ("name", json!(name)),
        Identity::CallSign(call_sign) => ("call_sign", json!(call_sign)),
        Identity::Imo(imo) => ("imo", json!(imo)),
        Identity::ShipType(ship_type) => ("ship_type", json!(ship_type)),
    };
    json!({ "field": field, "value": value, "first": Time(former.first), "last": Time(former.last) })
}

/// Of a vessel's declarations the one that covers it now, else the one whose window is nearest.
fn nearest(own: &[Declaration], now: Timestamp) -> Option<Value> {
    let covers = |declaration: &Declaration| declaration.is_granted() && declaration.is_open(now, Span(0));
    let away = |declaration: &Declaration| {
        let before = declaration.window_start.since(now).max(Span(0));
        before.max(now.since(declaration.window_end))
    };
    let nearest = own
        .iter()
        .min_by_key(|declaration| (!covers(declaration), away(declaration), !declaration.is_granted()))?;
    Some(json!({
        "id": nearest.id, "port_zone": nearest.port_zone, "berth_zone": nearest.berth_zone,
        "window_start": Time(nearest.window_start), "window_end": Time(nearest.window_end),
        "max_draught_m": nearest.max_draught_m, "cargo_t": nearest.cargo_t, "night": nearest.night,
        "inspection": nearest.inspection, "status": nearest.status, "covers": covers(nearest),
    }))
}
