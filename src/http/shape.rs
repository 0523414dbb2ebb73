//! JSON shapes of CONTRACT.md: every key always there, values rounded half up as shown.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::Setting;
use super::flag::flag;
use crate::ais::Kind;
use crate::alerts::{self, Acknowledgement, AlertChange, Priority, State, Transition};
use crate::engine::{FeedRow, OUTCOMES};
use crate::geo::Position;
use crate::report::{AisClass, Dimensions};
use crate::rules::Words;
use crate::time::Timestamp;
use crate::traffic::VesselRow;

/// A vessel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vessel<'a> {
    mmsi: u32,
    class: &'static str,
    #[schema(value_type = String)]
    kind: Kind,
    /// `A`, `B` or null.
    #[schema(value_type = Option<String>)]
    ais_class: Option<AisClass>,
    name: Option<&'a str>,
    /// From the register.
    name_zh: Option<&'a str>,
    call_sign: Option<&'a str>,
    imo: Option<u32>,
    /// ISO 3166-1 alpha-2, by the MMSI's country digits.
    flag: Option<&'static str>,
    ship_type: Option<u8>,
    length_m: Option<u16>,
    beam_m: Option<u16>,
    /// Bow, stern, port, starboard from the reference point.
    dims_m: Option<[u16; 4]>,
    position: Option<[f64; 2]>,
    sog_kn: Option<f64>,
    cog_deg: Option<f64>,
    heading_deg: Option<u16>,
    /// Starboard positive.
    rot_deg_min: Option<f64>,
    nav_status: Option<u8>,
    draught_m: Option<f64>,
    destination: Option<&'a str>,
    eta: Option<Arrival>,
    #[schema(value_type = Vec<String>)]
    zones: &'a [std::sync::Arc<str>],
    state: &'static str,
    #[schema(value_type = Option<String>)]
    position_time: Option<Time>,
    #[schema(value_type = Option<String>)]
    static_time: Option<Time>,
    #[schema(value_type = String)]
    first_heard: Time,
    feed: &'a str,
    source: Option<&'a str>,
    #[schema(value_type = Vec<String>)]
    alerts: &'a [std::sync::Arc<str>],
    simulated: bool,
}

/// Estimated time of arrival, UTC.
#[derive(Debug, Serialize, ToSchema)]
pub struct Arrival {
    month: Option<u8>,
    day: Option<u8>,
    hour: Option<u8>,
    minute: Option<u8>,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alert<'a> {
    alert: &'a str,
    rule: &'a str,
    rule_version: u32,
    kind: &'a str,
    #[schema(value_type = String)]
    priority: Priority,
    #[schema(value_type = String)]
    state: State,
    desk: Option<&'a str>,
    mmsi: Option<u32>,
    other_mmsi: Option<u32>,
    zone: Option<&'a str>,
    reason: Option<&'a str>,
    position: Option<[f64; 2]>,
    value: Option<f64>,
    limit: Option<f64>,
    unit: Option<&'a str>,
    message: Message<'a>,
    #[schema(value_type = String)]
    raised: Time,
    #[schema(value_type = Option<String>)]
    rectified: Option<Time>,
    #[schema(value_type = Option<String>)]
    closed: Option<Time>,
    acknowledged: Option<Seen<'a>>,
    verdict: Option<&'a str>,
    #[schema(value_type = Option<String>)]
    shelved_until: Option<Time>,
    shadow: bool,
    indicative: bool,
    simulated: bool,
}

/// A sentence in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message<'a> {
    pub zh: &'a str,
    pub en: &'a str,
}

/// Who acknowledged, when and with what words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seen<'a> {
    #[schema(value_type = String)]
    time: Time,
    by: Option<&'a str>,
    comment: Option<&'a str>,
}

/// A shelf: alerts put aside until a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shelf<'a> {
    id: u64,
    /// Whose alerts; null: every vessel's.
    mmsi: Option<u32>,
    /// Of which rule; null: of every one.
    rule: Option<&'a str>,
    #[schema(value_type = String)]
    until: Time,
    reason: &'a str,
    by: Option<&'a str>,
    /// When it was put up.
    #[schema(value_type = String)]
    since: Time,
}

/// A transition of an alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step<'a> {
    seq: u64,
    #[schema(value_type = String)]
    time: Time,
    alert: &'a str,
    #[schema(value_type = String)]
    transition: Transition,
    rule: &'a str,
    kind: &'a str,
    #[schema(value_type = String)]
    priority: Priority,
    #[schema(value_type = String)]
    state: State,
    mmsi: Option<u32>,
    other_mmsi: Option<u32>,
    zone: Option<&'a str>,
    reason: Option<&'a str>,
    position: Option<[f64; 2]>,
    value: Option<f64>,
    limit: Option<f64>,
    unit: Option<&'a str>,
}

/// A feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed<'a> {
    name: &'a str,
    kind: &'a str,
    state: &'static str,
    #[schema(value_type = String)]
    since: Time,
    #[schema(value_type = Option<String>)]
    last_sentence: Option<Time>,
    sentences_per_s: f64,
    /// Lines by outcome.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    outcomes: Outcomes,
    vessels: u32,
    reconnects: u64,
    /// Lines dropped because the engine was behind; a lost datagram counts as one.
    dropped: u64,
    /// Datagrams that the system had no room for.
    datagrams_lost: u64,
    clock_offset_s: Option<f64>,
    error: Option<&'a str>,
}

/// RFC 3339, UTC, milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Counts under their names, in the order of the contract.
#[derive(Debug)]
struct Outcomes([u64; OUTCOMES.len()]);

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(OUTCOMES.iter().zip(&self.0))
    }
}

impl<'a> Vessel<'a> {
    /// A row as shown.
    pub fn of(row: &'a VesselRow, setting: &'a Setting) -> Self {
        let registered = setting.register.find(row.mmsi, row.imo);
        let size = row.dimensions.unwrap_or_default();
        Self {
            mmsi: row.mmsi.0,
            class: row.class.name(),
            kind: row.kind,
            ais_class: row.ais_class,
            name: row.name.as_deref(),
            name_zh: registered.and_then(|vessel| vessel.name_zh.as_deref()),
            call_sign: row.call_sign.as_deref(),
            imo: row.imo,
            flag: flag(row.mmsi),
            ship_type: row.ship_type,
            length_m: Some(size.bow + size.stern).filter(|length| *length > 0),
            beam_m: Some(u16::from(size.port) + u16::from(size.starboard)).filter(|beam| *beam > 0),
            dims_m: row.dimensions.map(sides),
            position: row.position.map(lon_lat),
            sog_kn: row.sog.map(|sog| tenths(sog.0)),
            cog_deg: row.cog.map(|cog| tenths(cog.0)),
            heading_deg: row.heading,
            rot_deg_min: row.rot_deg_min.map(|rot| tenths(f64::from(rot))),
            nav_status: row.nav_status,
            draught_m: row.draught.map(|draught| tenths(draught.0)),
            destination: row.destination.as_deref(),
            eta: row.eta.map(|eta| Arrival {
                month: eta.month,
                day: eta.day,
                hour: eta.hour,
                minute: eta.minute,
            }),
            zones: &row.zones,
            state: if row.lost { "lost" } else { "live" },
            position_time: row.position_time.map(Time),
            static_time: row.static_time.map(Time),
            first_heard: Time(row.first_heard),
            feed: setting.feed_name(row.feed),
            source: row.source.as_deref(),
            alerts: &row.alerts,
            simulated: row.simulated,
        }
    }

    /// It as of a time when feeds may have been others.
    pub fn of_feed(self, feed: &'a str) -> Self {
        Self { feed, ..self }
    }
}

impl<'a> Alert<'a> {
    /// An alert as shown, with the sentence of its rule.
    pub fn of(alert: &'a alerts::Alert, setting: &'a Setting) -> Self {
        Self {
            alert: &alert.id,
            rule: &alert.rule,
            rule_version: alert.rule_version,
            kind: &alert.kind,
            priority: alert.priority,
            state: alert.state,
            desk: alert.desk.as_deref(),
            mmsi: alert.mmsi.map(|mmsi| mmsi.0),
            other_mmsi: alert.other_mmsi.map(|mmsi| mmsi.0),
            zone: alert.zone.as_deref(),
            reason: alert.reason.as_deref(),
            position: alert.position.map(lon_lat),
            value: alert.value,
            limit: alert.limit,
            unit: alert.unit.as_deref(),
            message: setting.message(alert),
            raised: Time(alert.raised),
            rectified: alert.rectified.map(Time),
            closed: alert.closed.map(Time),
            acknowledged: alert.acknowledged.as_ref().map(Seen::of),
            verdict: alert.finding.map(alerts::Finding::name),
            shelved_until: alert.shelved_until.map(Time),
            shadow: alert.shadow,
            indicative: alert.indicative,
            simulated: alert.simulated,
        }
    }
}

impl<'a> Shelf<'a> {
    /// A shelf as shown.
    pub fn of(shelf: &'a alerts::Shelf) -> Self {
        let shelving = &shelf.shelving;
        Self {
            id: shelf.id,
            mmsi: shelving.mmsi.map(|mmsi| mmsi.0),
            rule: shelving.rule.as_deref(),
            until: Time(shelving.until),
            reason: &shelving.reason,
            by: shelving.by.as_deref(),
            since: Time(shelf.since),
        }
    }
}

impl<'a> Seen<'a> {
    fn of(acknowledged: &'a Acknowledgement) -> Self {
        Self {
            time: Time(acknowledged.time),
            by: acknowledged.by.as_deref(),
            comment: acknowledged.comment.as_deref(),
        }
    }
}

impl<'a> Step<'a> {
    /// A transition as shown, one line in `replay`.
    pub fn of(change: &'a AlertChange) -> Self {
        let alert = &*change.alert;
        Self {
            seq: change.seq,
            time: Time(change.time),
            alert: &alert.id,
            transition: change.transition,
            rule: &alert.rule,
            kind: &alert.kind,
            priority: alert.priority,
            state: alert.state,
            mmsi: alert.mmsi.map(|mmsi| mmsi.0),
            other_mmsi: alert.other_mmsi.map(|mmsi| mmsi.0),
            zone: alert.zone.as_deref(),
            reason: alert.reason.as_deref(),
            position: alert.position.map(lon_lat),
            value: alert.value,
            limit: alert.limit,
            unit: alert.unit.as_deref(),
        }
    }
}

impl<'a> Feed<'a> {
    /// A feed as shown.
    pub fn of(row: &'a FeedRow, setting: &'a Setting) -> Self {
        let feed = setting.feeds.get(usize::from(row.feed.0));
        Self {
            name: setting.feed_name(row.feed),
            kind: feed.map_or("", |feed| &feed.kind),
            state: row.state.name(),
            since: Time(row.since),
            last_sentence: row.last_sentence.map(Time),
            sentences_per_s: hundredths(row.sentences_per_s),
            outcomes: Outcomes(row.outcomes),
            vessels: row.vessels,
            reconnects: row.reconnects,
            dropped: row.dropped,
            datagrams_lost: row.datagrams_lost,
            clock_offset_s: row.clock_offset_s.map(hundredths),
            error: row.error.as_deref(),
        }
    }
}

impl<'a> From<&'a Words<String>> for Message<'a> {
    fn from(words: &'a Words<String>) -> Self {
        Self {
            zh: &words.zh,
            en: &words.en,
        }
    }
}

/// A place as shown.
pub fn lon_lat(place: Position) -> [f64; 2] {
    let place = place.rounded();
    [place.lon, place.lat]
}

/// Rounded half up to 0.1.
pub fn tenths(value: f64) -> f64 {
    alerts::rounded(value, Some("kn"))
}

/// Rounded half up to 0.001.
pub fn thousandths(value: f64) -> f64 {
    alerts::rounded(value, Some("NM"))
}

/// Rounded half up to 0.01.
pub fn hundredths(value: f64) -> f64 {
    alerts::rounded(value, None)
}

/// Bow, stern, port, starboard.
pub fn sides(size: Dimensions) -> [u16; 4] {
    [size.bow, size.stern, size.port.into(), size.starboard.into()]
}
