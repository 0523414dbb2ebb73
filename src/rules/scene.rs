//! What a rule sees when it is asked, and what it answers.

use serde::{Deserialize, Serialize};

use super::{Memory, On};
use crate::geo::Knots;
use crate::picture::{Mover, Picture, StationKey, StationRecord};
use crate::register::{Papers, Tide};
use crate::report::{FeedId, Quantity};
use crate::time::{LocalTime, Span, Timestamp};
use crate::track::{Fix, Points, Told, Track, window};
use crate::zone::{Crossing, Zone, ZoneIx, ZoneSet, Zones};

/// No SOG is greater (that of a search and rescue aircraft, ITU-R M.1371-5 table 48).
const FASTEST_KN: f64 = 1022.0;

/// Why a rule is asked now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occasion<'a> {
    /// A position report was accepted.
    Report,
    /// A position report was held back. `after_accepted`: the one before it was accepted.
    Held { after_accepted: bool },
    /// A position report of type 1, 2 or 3 came with this navigational status.
    Status(u8),
    /// Static data came, and told this.
    Statics(Told),
    /// A safety-related text came.
    Text(&'a str),
    /// A second passed.
    Tick,
}

impl Occasion<'_> {
    /// What the vessel did; nothing at a tick.
    pub fn on(self) -> Option<On> {
        match self {
            Self::Report => Some(On::Report),
            Self::Held { .. } => Some(On::Held),
            Self::Status(_) => Some(On::Status),
            Self::Statics(_) => Some(On::Statics),
            Self::Text(_) => Some(On::Text),
            Self::Tick => None,
        }
    }
}

/// What a rule sees.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub now: Timestamp,
    pub occasion: Occasion<'a>,
    pub picture: &'a Picture,
    pub subject: Seen<'a>,
    /// The zone it is asked about; none: everywhere.
    pub zone: Option<&'a Zone>,
    /// The first of the accepted reports since which the vessel has been inside that zone.
    pub inside_since: Option<Timestamp>,
    /// How the vessel crossed the zone, for gates.
    pub crossing: Option<Crossing>,
    /// Areas the vessel is in by its last accepted position, in order.
    pub inside: &'a [Inside],
    /// The zones the rule selects; none: everywhere.
    pub selected: Option<&'a ZoneSet>,
    pub zones: &'a Zones,
    pub papers: &'a Papers,
    pub tide: &'a Tide,
    pub local: &'a LocalTime,
    /// Most sentences a second of the feed it is asked about.
    pub max_sentences_s: Option<u32>,
    pub memory: &'a Memory,
}

/// An area a vessel is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    pub zone: ZoneIx,
    /// The first of the accepted reports since which it has been inside.
    pub since: Timestamp,
}

/// Whom a rule looks at.
#[derive(Clone, Copy)]
pub enum Seen<'a> {
    Vessel(&'a Track),
    /// The one of the lower MMSI first.
    Pair(Party<'a>, Party<'a>),
    Feed(FeedId),
    Station(SeenStation<'a>),
}

/// A receiver, or a weather station.
#[derive(Clone, Copy)]
pub struct SeenStation<'a> {
    pub key: StationKey,
    pub record: &'a StationRecord,
    /// Name of the feed that heard it last.
    pub feed: &'a str,
}

impl SeenStation<'_> {
    /// As it is named in alerts and rules.
    pub fn name(&self) -> String {
        self.key.name(self.feed, self.record.source.as_deref())
    }

    /// Whether a rule that names this station, or none, is about it; an MMSI may have its zeros in front.
    pub fn is_meant_by(&self, named: &str) -> bool {
        named.is_empty()
            || match self.key {
                StationKey::Sender(mmsi) => named.parse() == Ok(mmsi.0),
                StationKey::Receiver(_) => *named == self.name(),
            }
    }

    /// The last value of a quantity, if it is no older than this, and the second from which on it is.
    pub fn measured(&self, quantity: Quantity, now: Timestamp, max_age: Span) -> Option<(f64, i64)> {
        let datum = self.record.weather.get(quantity)?;
        (now.since(datum.time) <= max_age).then(|| (datum.value, second_beyond(datum.time, max_age)))
    }
}

/// One vessel of a pair.
#[derive(Clone, Copy)]
pub struct Party<'a> {
    pub track: &'a Track,
    pub mover: &'a Mover,
    /// Areas it is in by its last accepted position, in order.
    pub inside: &'a [Inside],
}

/// A zone, or everywhere, where a rule has something to say of a vessel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub zone: Option<ZoneIx>,
    /// The rule reaches the vessel there now; else it did, and a condition is still open.
    pub reached: bool,
    /// Since when the vessel has been inside.
    pub since: Option<Timestamp>,
    /// How the vessel crossed it.
    pub crossing: Option<Crossing>,
}

impl Place {
    /// In a zone, or everywhere.
    pub fn in_zone(zone: Option<ZoneIx>) -> Self {
        Self {
            zone,
            reached: true,
            since: None,
            crossing: None,
        }
    }
}

/// What a rule says of one subject, in one zone, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judgement {
    pub holds: bool,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub reason: Option<&'static str>,
    /// The next second at which this may change though nothing new is heard.
    pub next_s: Option<i64>,
}

/// Why a rule does not hold, beside its value and limit. For explaining; nothing is judged by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// What the rule looks at and nobody has sent or registered, as the API names it.
    pub missing: Vec<&'static str>,
    /// Its other conditions that are not met, by the parameter or the datum that they are about.
    pub unmet: Vec<&'static str>,
    /// Why it is not told though it might be: `deaf`, or `repeat_s` for events told a moment ago.
    pub kept_by: Option<&'static str>,
}

impl Account {
    /// Notes a datum that is looked at, if it is missing.
    pub fn need<T>(&mut self, name: &'static str, datum: Option<T>) -> Option<T> {
        if datum.is_none() && !self.missing.contains(&name) {
            self.missing.push(name);
        }
        datum
    }

    /// Notes what is not met by the accepted positions of a window: it is full, the mean speed is between, and the vessel
    /// neither at anchor nor moored.
    pub fn ask_window(&mut self, scene: &Scene<'_>, length: Span, [min, max]: [Knots; 2]) {
        let points = scene.trail_over(length);
        let is_full = window::is_full(&points, length);
        self.ask("window_s", is_full);
        if is_full {
            self.ask("min_kn", window::is_mean_sog_between(&points, min, Knots(FASTEST_KN)));
            self.ask("max_kn", window::is_mean_sog_between(&points, Knots(0.0), max));
        }
        self.ask("nav_status", !scene.vessel().is_moored());
    }

    /// Notes a condition, if it is not met.
    pub fn ask(&mut self, name: &'static str, is_met: bool) {
        if !is_met && !self.unmet.contains(&name) {
            self.unmet.push(name);
        }
    }
}

impl Judgement {
    /// Nothing holds, and time alone will not change that.
    pub const NO: Self = Self {
        holds: false,
        value: None,
        limit: None,
        reason: None,
        next_s: None,
    };

    /// Whether it holds, with nothing measured.
    pub fn of(holds: bool) -> Self {
        Self { holds, ..Self::NO }
    }

    /// Whether now is between two moments, both included, if nothing new is heard before.
    pub fn between(now: Timestamp, from: Timestamp, until: Timestamp) -> Self {
        let holds = from <= now && now <= until;
        let next_s = if holds {
            Some(until.floor_s() + 1)
        } else {
            Some(from.ceil_s()).filter(|second| now < from && *second <= until.floor_s())
        };
        Self {
            next_s,
            ..Self::of(holds)
        }
    }

    /// It does not hold, for what is measured against the limit is missing.
    pub fn unmeasured(limit: f64) -> Self {
        Self {
            limit: Some(limit),
            ..Self::NO
        }
    }

    /// Whether it holds, by a value measured against a limit.
    pub fn measured(holds: bool, value: f64, limit: f64) -> Self {
        Self {
            holds,
            value: Some(value),
            limit: Some(limit),
            ..Self::NO
        }
    }
}

impl<'a> Scene<'a> {
    /// The same scene, with the areas that the vessel is in.
    pub fn among(self, inside: &'a [Inside]) -> Self {
        Self { inside, ..self }
    }

    /// The same scene, asked about one place.
    pub fn at(self, place: &Place) -> Self {
        Self {
            zone: place.zone.map(|zone| self.zones.get(zone)),
            inside_since: place.since,
            crossing: place.crossing,
            ..self
        }
    }

    /// The vessel, for rules that judge vessels.
    pub fn vessel(&self) -> &'a Track {
        match self.subject {
            Seen::Vessel(track) => track,
            _ => unreachable!("a vessel's rule is asked about vessels"),
        }
    }

    /// Both vessels, for rules that judge pairs; the one of the lower MMSI first.
    pub fn pair(&self) -> (&Party<'a>, &Party<'a>) {
        match &self.subject {
            Seen::Pair(one, other) => (one, other),
            _ => unreachable!("a pair's rule is asked about pairs"),
        }
    }

    /// The station, for rules that judge stations.
    pub fn station(&self) -> &SeenStation<'a> {
        match &self.subject {
            Seen::Station(station) => station,
            _ => unreachable!("a station's rule is asked about stations"),
        }
    }

    /// Id of the zone it is asked about.
    pub fn zone_id(&self) -> Option<&'a str> {
        self.zone.map(|zone| &*zone.id)
    }

    /// Whether the vessel is in one of the zones that the rule selects.
    pub fn is_in_selected(&self) -> bool {
        let is_selected = |inside: &Inside| self.selected.is_some_and(|selected| selected.contains(inside.zone));
        self.inside.iter().any(is_selected)
    }

    /// The vessel's speed over ground at its last accepted report.
    pub fn sog(&self) -> Option<Knots> {
        self.fix()?.sog
    }

    /// The vessel's accepted positions of the last `window`, oldest first.
    pub fn trail_over(&self, window: Span) -> Points<'a> {
        let from = self.now.plus(Span(-window.0));
        self.picture.trails().since(&self.vessel().trail, from)
    }

    /// The vessel's last accepted position report.
    pub fn fix(&self) -> Option<&'a Fix> {
        self.vessel().fix.as_ref()
    }
}

/// The first whole second later than `after` past `from`.
pub fn second_beyond(from: Timestamp, after: Span) -> i64 {
    from.plus(after).floor_s() + 1
}
