//! Stations: who hears the vessels, how well, and the weather they measure.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::{Ask, LIMIT};
use super::problem::{Document, Problem};
use super::reply::{self, Frame, Item, List, Wish};
use super::shape::{Time, hundredths, lon_lat};
use super::{App, Setting};
use crate::alerts::rounded;
use crate::engine::StationRow;
use crate::geo::Metres;
use crate::picture::{self, Datum, StationKey};
use crate::report;
use crate::time::{Span, Timestamp};

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A receiver, that is a feed and the source named in its tag blocks, or a weather station that sends AIS messages.
#[derive(Debug, Serialize, ToSchema)]
struct Station<'a> {
    /// `FEED/SOURCE`, without a source `FEED`; of a weather station its MMSI.
    station: String,
    /// Of a weather station that sends AIS messages; its feed and source are those that heard it last.
    mmsi: Option<u32>,
    feed: &'a str,
    source: Option<&'a str>,
    /// Where it says it stands.
    position: Option<[f64; 2]>,
    #[schema(value_type = Option<String>)]
    position_time: Option<Time>,
    #[schema(value_type = String)]
    last_heard: Time,
    /// All its gaps of over 120 s between valid sentences.
    deaf_s: f64,
    /// Valid sentences.
    sentences: u64,
    /// Messages that it was the first to bring.
    messages: u64,
    /// Vessels whose last accepted position it brought.
    vessels: u32,
    /// Accepted position reports that it brought first in the last hour; null of a weather station.
    reports_last_h: Option<u32>,
    /// The median of these for this hour of the day, UTC, over the last 28 days; null before seven are known.
    reports_usual_h: Option<f64>,
    /// How far it hears, in sectors of 10° from north on clockwise; those in which nothing was heard are left out, and
    /// all where it is not known where its antenna stands (`antenna` of the feed, else where it says).
    coverage: Vec<Sector>,
    /// How far its own clock was ahead when it last said the time.
    clock_offset_s: Option<f64>,
    /// What it measures, unit last.
    #[schema(value_type = std::collections::BTreeMap<String, Aged<f64>>)]
    weather: BTreeMap<&'static str, Aged<f64>>,
    /// Alarms of the receiver that hold.
    alarms: Vec<Alarm<'a>>,
    /// Its last text.
    text: Option<Aged<String>>,
    /// How it heard the last message of which it said so.
    signal: Option<Signal>,
}

/// How far is heard in a sector.
#[derive(Debug, Serialize, ToSchema)]
struct Sector {
    /// True bearings from the antenna.
    from_deg: f64,
    to_deg: f64,
    /// The median of the farthest position of each day, over the last 28 days; null on the first.
    usual_nm: Option<f64>,
    /// The farthest position in the last 28 days and today.
    farthest_nm: f64,
    /// Days, today not counted, on which anything was heard.
    days: usize,
}

/// A value with its time and its age.
#[derive(Debug, Serialize, ToSchema)]
struct Aged<T> {
    value: T,
    #[schema(value_type = String)]
    time: Time,
    age_s: f64,
}

/// An alarm of a receiver.
#[derive(Debug, Serialize, ToSchema)]
struct Alarm<'a> {
    id: u32,
    instance: Option<u32>,
    acknowledged: bool,
    text: &'a str,
    #[schema(value_type = String)]
    time: Time,
    age_s: f64,
}

/// Signal of a message.
#[derive(Debug, Serialize, ToSchema)]
struct Signal {
    slot: Option<u16>,
    strength_dbm: Option<f64>,
    snr_db: Option<f64>,
    #[schema(value_type = String)]
    time: Time,
    age_s: f64,
}

/// The stations that have been heard, by feed and source.
#[utoipa::path(
    get, path = "/api/v1/stations", tag = "feeds",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<Station>), (status = 304), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let from = ask
        .take("cursor", "next_cursor of the answer before", |text| text.parse().ok())
        .unwrap_or(0_usize);
    ask.done()?;
    let (now, rows, total) = app.view.read(|picture| {
        let counted = |row: &StationRow| match row.key {
            StationKey::Receiver(station) => picture.placed_by(station.feed, row.record.source),
            StationKey::Sender(_) => 0,
        };
        let listed = picture.stations().skip(from).take(limit);
        let rows: Vec<(StationRow, u32)> = listed.map(|row| (row.clone(), counted(row))).collect();
        (picture.clock, rows, picture.stations().count())
    });
    let to = from.saturating_add(limit);
    let frame = Frame {
        now,
        total,
        next_cursor: (to < total).then(|| to.to_string()),
    };
    let items = rows.iter().map(|(row, vessels)| Item {
        place: row.record.position.map(|position| position.value),
        json: reply::to_json(&Station::of(row, *vessels, now, &app.setting())).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}

impl<'a> Station<'a> {
    /// A row as shown.
    fn of(row: &'a StationRow, vessels: u32, now: Timestamp, setting: &'a Setting) -> Self {
        let feed = setting.feed_name(row.station.feed);
        let record = &row.record;
        let source = record.source.as_deref();
        let sender = match row.key {
            StationKey::Sender(mmsi) => Some(mmsi),
            StationKey::Receiver(_) => None,
        };
        Self {
            station: row.key.name(feed, source),
            mmsi: sender.map(|mmsi| mmsi.0),
            feed,
            source,
            position: record.position.map(|position| lon_lat(position.value)),
            position_time: record.position.map(|position| Time(position.time)),
            last_heard: Time(record.last_valid),
            deaf_s: seconds(record.deaf),
            sentences: record.sentences,
            messages: record.messages,
            vessels,
            reports_last_h: row.reports_h.map(|(reports, _)| reports),
            reports_usual_h: row.reports_h.and_then(|(_, usual)| usual),
            coverage: row.coverage.iter().map(Sector::of).collect(),
            clock_offset_s: record.offset().map(|ahead| hundredths(ahead.as_s())),
            weather: weather(&record.weather, now),
            alarms: record.alarms.iter().map(|alarm| Alarm::of(alarm, now)).collect(),
            text: record
                .text
                .as_ref()
                .map(|text| Aged::of(text.value.to_string(), text.time, now)),
            signal: record.signal.map(|signal| Signal::of(&signal, now)),
        }
    }
}

fn weather(weather: &picture::Weather, now: Timestamp) -> BTreeMap<&'static str, Aged<f64>> {
    weather
        .iter()
        .map(|(quantity, datum)| (quantity.name(), Aged::of(hundredths(datum.value), datum.time, now)))
        .collect()
}

/// The age of what was said at a time.
fn age_s(time: Timestamp, now: Timestamp) -> f64 {
    seconds(now.since(time)).max(0.0)
}

/// Whole seconds, rounded half up.
fn seconds(span: Span) -> f64 {
    rounded(span.as_s(), Some("s"))
}

impl<T> Aged<T> {
    fn of(value: T, time: Timestamp, now: Timestamp) -> Self {
        Self {
            value,
            time: Time(time),
            age_s: age_s(time, now),
        }
    }
}

impl<'a> Alarm<'a> {
    fn of(alarm: &'a Datum<report::Alarm>, now: Timestamp) -> Self {
        Self {
            id: alarm.value.id,
            instance: alarm.value.instance,
            acknowledged: alarm.value.acknowledged,
            text: &alarm.value.text,
            time: Time(alarm.time),
            age_s: age_s(alarm.time, now),
        }
    }
}

impl Sector {
    fn of(sector: &picture::Sector) -> Self {
        let nm = |range: Metres| rounded(range.nm(), Some("NM"));
        Self {
            from_deg: sector.from_deg,
            to_deg: sector.from_deg + 360.0 / picture::SECTORS as f64,
            usual_nm: sector.usual.map(nm),
            farthest_nm: nm(sector.farthest),
            days: sector.days,
        }
    }
}

impl Signal {
    fn of(signal: &Datum<report::Signal>, now: Timestamp) -> Self {
        Self {
            slot: signal.value.slot,
            strength_dbm: signal.value.strength_dbm,
            snr_db: signal.value.snr_db,
            time: Time(signal.time),
            age_s: age_s(signal.time, now),
        }
    }
}
