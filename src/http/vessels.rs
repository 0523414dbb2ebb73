//! Vessels: the picture, what is near, one vessel's track.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::{self, Ask, LIMIT};
use super::problem::{Document, Problem, Wrong};
use super::reply::{self, Frame, GEO_JSON, Item, List, Wish};
use super::shape::{self, Time, Vessel};
use super::{App, Setting, whole};
use crate::ais::Mmsi;
use crate::geo::{Metres, Position};
use crate::register::Class;
use crate::report::FeedId;
use crate::time::{Span, Timestamp};
use crate::traffic::VesselRow;
use crate::view::{Area, Point, Shown};

/// The farthest that `near` looks, in nautical miles: half round the Earth.
const FARTHEST_NM: f64 = 10_800.0;
/// `gap_s` unless the query says otherwise.
pub const GAP_S: f64 = 300.0;

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(near))
        .routes(routes!(track))
}

/// A row's JSON, made once however many read it.
pub fn fragment<'a>(shown: &'a Shown, setting: &Setting) -> &'a [u8] {
    let encode = || reply::to_json(&Vessel::of(&shown.row, setting)).into();
    shown.encoded.get_or_init(encode)
}

/// The picture: all vessels, or those that fit the query, by MMSI.
#[utoipa::path(
    get, path = "/api/v1/vessels", tag = "vessels",
    params(
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees"),
        ("class" = Option<String>, Query, description = "classes, with commas between"),
        ("q" = Option<String>, Query, description = "any part of name, call sign, MMSI or IMO number"),
        ("zone" = Option<String>, Query, description = "id of a zone it is in"),
        ("state" = Option<String>, Query, description = "live, lost"),
        ("limit" = Option<u32>, Query, description = "at most 1000; all without it"),
        ("cursor" = Option<String>, Query, description = "next_cursor of the answer before"),
    ),
    responses((status = 200, body = List<Vessel>), (status = 304), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let wish = Wish::of(&headers);
    let names = Class::ALL.map(Class::name);
    let area = ask.area("bbox");
    let classes = ask.list("class", &names);
    let text = ask.text("q").map(|text| text.to_lowercase());
    let zone = ask.text("zone");
    let states = ask.list("state", &["live", "lost"]);
    let limit = ask.take("limit", "a number from 1 to 1000", |text| {
        text.parse().ok().filter(|limit| (1..=ask::MOST).contains(limit))
    });
    let after = ask.take("cursor", "next_cursor of the answer before", ask::mmsi);
    ask.done()?;
    let all = area.is_none() && classes.is_none() && text.is_none() && zone.is_none() && states.is_none();
    if all && limit.is_none() && after.is_none() {
        return whole::picture(&app, &wish).await;
    }
    let setting = app.setting();
    let fits = |shown: &Arc<Shown>| {
        let row = &shown.row;
        let state = if row.lost { "lost" } else { "live" };
        classes
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == row.class.name()))
            && zone
                .as_ref()
                .is_none_or(|zone| row.zones.iter().any(|id| **id == **zone))
            && states
                .as_ref()
                .is_none_or(|states| states.iter().any(|name| name == state))
            && text.as_ref().is_none_or(|text| mentions(row, text, &setting))
    };
    let around = match &zone {
        Some(zone) if area.is_none() => Some(box_around(zone, &setting)),
        _ => area.map(Some),
    };
    let (now, mut found) = app.view.read(|picture| {
        let found = match around {
            Some(around) => around.map_or_else(Vec::new, |area| picture.in_box(area)),
            None => picture.all().cloned().collect(),
        };
        (picture.clock, found)
    });
    found.retain(fits);
    let total = found.len();
    let from = after.map_or(0, |after| found.partition_point(|shown| shown.row.mmsi <= after));
    let rest = &found[from..];
    let page = &rest[..limit.unwrap_or(rest.len()).min(rest.len())];
    let frame = Frame {
        now,
        total,
        next_cursor: (page.len() < rest.len())
            .then(|| page.last().map(|shown| shown.row.mmsi.to_string()))
            .flatten(),
    };
    let items = page.iter().map(|shown| Item {
        place: shown.row.position,
        json: Cow::Borrowed(fragment(shown, &setting)),
    });
    let versions = page.iter().map(|shown| shown.version);
    Ok(reply::versioned(&wish, &frame, app.view.epoch(), versions, items))
}

/// The box around a zone: who is in the zone is in its box. None for what is no area, and holds nobody.
fn box_around(zone: &str, setting: &Setting) -> Option<Area> {
    let zone = setting.zones.find(zone)?;
    let (south_west, north_east) = setting.zones.get(zone).corners()?;
    Some(Area {
        west: south_west.lon,
        south: south_west.lat,
        east: north_east.lon,
        north: north_east.lat,
    })
}

fn mentions(row: &VesselRow, text: &str, setting: &Setting) -> bool {
    let holds = |own: &str| own.to_lowercase().contains(text);
    let registered = || setting.register.find(row.mmsi, row.imo);
    row.name.as_deref().is_some_and(holds)
        || row.call_sign.as_deref().is_some_and(holds)
        // Those of base stations begin with zeros, as people write them.
        || holds(&format!("{:09}", row.mmsi.0))
        || row.imo.is_some_and(|imo| holds(&imo.to_string()))
        || registered().is_some_and(|vessel| vessel.name_zh.as_deref().is_some_and(holds))
}

/// Where a near vessel is.
#[derive(Debug, Serialize, ToSchema)]
struct Whereabouts {
    distance_nm: f64,
    /// True, from the place asked for.
    bearing_deg: f64,
}

/// The vessels nearest to a place, or those within a distance of it, nearest first.
#[utoipa::path(
    get, path = "/api/v1/vessels/near", tag = "vessels",
    params(
        ("lat" = f64, Query), ("lon" = f64, Query),
        ("radius_nm" = Option<f64>, Query, description = "however far without it"),
        ("limit" = Option<u32>, Query, description = "100 without it, at most 1000"), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, description = "vessels with `distance_nm` and `bearing_deg`", body = List<Vessel>),
        (status = 400, body = Document)),
)]
async fn near(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let lat = ask.needed_number("lat", -90.0, 90.0);
    let lon = ask.needed_number("lon", -180.0, 180.0);
    let within = ask.number("radius_nm", 0.0, FARTHEST_NM).map(Metres::from_nm);
    let limit = ask.limit(LIMIT);
    let from: Option<usize> = ask.take("cursor", "next_cursor of the answer before", |text| text.parse().ok());
    ask.done()?;
    let place = Position {
        lon: lon.unwrap_or_default(),
        lat: lat.unwrap_or_default(),
    };
    let from = from.unwrap_or_default();
    let to = from.saturating_add(limit);
    let (now, (found, total)) = app
        .view
        .read(|picture| (picture.clock, picture.near(place, within, to)));
    let found = &found[from.min(found.len())..];
    let frame = Frame {
        now,
        total,
        next_cursor: (to < total).then(|| to.to_string()),
    };
    let setting = app.setting();
    let items = found.iter().map(|near| {
        let more = Whereabouts {
            distance_nm: shape::thousandths(near.distance.nm()),
            bearing_deg: shape::tenths(near.bearing.0) % 360.0,
        };
        Item {
            place: near.shown.row.position,
            json: reply::with_members(fragment(&near.shown, &setting), &reply::to_json(&more)).into(),
        }
    });
    let versions = found.iter().map(|near| near.shown.version);
    Ok(reply::versioned(
        &Wish::of(&headers),
        &frame,
        app.view.epoch(),
        versions,
        items,
    ))
}

/// A vessel's track.
#[derive(Debug, Serialize, ToSchema)]
pub struct Track<'a> {
    mmsi: u32,
    #[schema(value_type = Option<String>)]
    from: Option<Time>,
    #[schema(value_type = Option<String>)]
    to: Option<Time>,
    gap_s: f64,
    points: Vec<TrackPoint<'a>>,
    gaps: Vec<Gap>,
    /// There may be further points: earlier ones no longer kept, or those between.
    truncated: bool,
}

/// One accepted position.
#[derive(Debug, Serialize, ToSchema)]
struct TrackPoint<'a> {
    #[schema(value_type = String)]
    time: Time,
    position: [f64; 2],
    sog_kn: Option<f64>,
    cog_deg: Option<f64>,
    heading_deg: Option<u16>,
    nav_status: Option<u8>,
    feed: &'a str,
}

/// A time without positions, or without anything kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gap {
    #[schema(value_type = String)]
    pub from: Time,
    #[schema(value_type = String)]
    pub to: Time,
}

/// Where a vessel was, from the trail kept in memory.
#[utoipa::path(
    get, path = "/api/v1/vessels/{mmsi}/track", tag = "vessels",
    params(
        ("mmsi" = u32, Path),
        ("from" = Option<String>, Query, description = "RFC 3339; the earliest kept without it"),
        ("to" = Option<String>, Query, description = "RFC 3339; now without it"),
        ("gap_s" = Option<f64>, Query, description = "a longer time without positions is a gap; 300 without it"),
    ),
    responses((status = 200, description = "as GeoJSON: a MultiLineString cut at the gaps, `times` beside", body = Track),
        (status = 404, body = Document)),
)]
async fn track(
    State(app): State<App>,
    Path(mmsi): Path<String>,
    headers: HeaderMap,
    mut ask: Ask,
) -> Result<Response, Problem> {
    let wish = Wish::of(&headers);
    let from = ask.moment("from");
    let to = ask.moment("to");
    let gap_s = ask.number("gap_s", 1.0, 86_400.0).unwrap_or(GAP_S);
    ask.done()?;
    let mmsi = identity(&mmsi)?;
    let ends = (from.unwrap_or(Timestamp::MIN), to.unwrap_or(Timestamp::MAX));
    if ends.0 > ends.1 {
        return Err(Problem::wrong(vec![Wrong::new(
            "from",
            "is after `to`",
            "from before to",
        )]));
    }
    let (now, points) = app
        .view
        .read(|picture| (picture.clock, picture.trail(mmsi, ends.0, ends.1)));
    let points = points.ok_or_else(|| unknown(mmsi))?;
    let setting = app.setting();
    let ends = (from.or(points.first().map(|point| point.time)), Some(to.unwrap_or(now)));
    let track = Track::of(mmsi, ends, gap_s, &points, |feed| setting.feed_name(feed), true);
    if wish.geo {
        let body = reply::to_json(&as_geojson(&track, &runs(&points, Span::from_s(gap_s))));
        return Ok(reply::encoded(&wish, GEO_JSON, body.into()));
    }
    Ok(reply::json(&wish, &track))
}

/// The points, cut where they are farther apart than the gap.
fn runs(points: &[Point], gap: Span) -> Vec<&[Point]> {
    points.chunk_by(|a, b| b.time.since(a.time) <= gap).collect()
}

impl<'a> Track<'a> {
    /// A vessel's points as shown; a longer time than `gap_s` between two is a gap.
    pub fn of(
        mmsi: Mmsi,
        (from, to): (Option<Timestamp>, Option<Timestamp>),
        gap_s: f64,
        points: &[Point],
        feed: impl Fn(FeedId) -> &'a str,
        truncated: bool,
    ) -> Self {
        let runs = runs(points, Span::from_s(gap_s));
        let gaps = runs.windows(2).filter_map(|pair| {
            let (from, to) = (pair[0].last()?.time, pair[1].first()?.time);
            Some(Gap {
                from: Time(from),
                to: Time(to),
            })
        });
        let shown = |point: &Point| TrackPoint {
            time: Time(point.time),
            position: shape::lon_lat(point.position),
            sog_kn: point.sog.map(|sog| shape::tenths(sog.0)),
            cog_deg: point.cog.map(|cog| shape::tenths(cog.0)),
            heading_deg: point.heading,
            nav_status: point.nav_status,
            feed: feed(point.feed),
        };
        Self {
            mmsi: mmsi.0,
            from: from.map(Time),
            to: to.map(Time),
            gap_s,
            gaps: gaps.collect(),
            points: points.iter().map(shown).collect(),
            truncated,
        }
    }
}

fn as_geojson(track: &Track<'_>, runs: &[&[Point]]) -> Value {
    // A line has at least two positions (RFC 7946): a lone one stands twice.
    let twice = |run: &&[Point]| -> Vec<Point> {
        if run.len() == 1 {
            vec![run[0], run[0]]
        } else {
            run.to_vec()
        }
    };
    let lines: Vec<Vec<Point>> = runs.iter().map(twice).collect();
    let each = |write: fn(&Point) -> Value| -> Vec<Vec<Value>> {
        lines.iter().map(|line| line.iter().map(write).collect()).collect()
    };
    json!({
        "type": "Feature",
        "geometry": {"type": "MultiLineString", "coordinates": each(|point| json!(shape::lon_lat(point.position)))},
        "properties": {
            "mmsi": track.mmsi, "from": track.from, "to": track.to, "gap_s": track.gap_s, "gaps": track.gaps,
            "truncated": track.truncated, "times": each(|point| json!(Time(point.time))),
        },
    })
}

/// The MMSI in a path.
pub(super) fn identity(text: &str) -> Result<Mmsi, Problem> {
    let wrong = || Wrong::new("mmsi", format!("is {text:?}"), "a number of up to nine digits");
    ask::mmsi(text).ok_or_else(|| Problem::wrong(vec![wrong()]))
}

/// That there is no such vessel.
pub(super) fn unknown(mmsi: Mmsi) -> Problem {
    Problem::not_found(format!("no vessel {mmsi} is in the picture"))
}
