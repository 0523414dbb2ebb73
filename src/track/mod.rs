//! Tracks: what one vessel's reports add up to, after gate and lateness.

mod former;
mod gate;
mod hearers;
mod limits;
mod statics;
mod trail;
pub mod window;

pub use former::{Former, Formers, Identity, MAX_FORMER};
pub use hearers::{Hearer, Hearers, MAX_HEARERS};
pub use limits::TrackLimits;
pub use statics::{Belief, Renamed, Statics, Told, Word};
pub use trail::{MAX_LENGTH, Points, Trail, TrailPoint, Trails};

use statics::Names;

use serde::{Deserialize, Serialize};

use crate::ais::{Kind, Mmsi};
use crate::geo::{Degrees, Knots, Position};
use crate::register::Class;
use crate::report::{AisClass, KeyedState, PositionReport, StaticReport, Station};
use crate::time::{Span, Timestamp};

use gate::{Held, Passage, Sight};

/// Navigational statuses "at anchor" and "moored" (ITU-R M.1371-5 table 45).
pub const AT_ANCHOR: u8 = 1;
pub const MOORED: u8 = 5;

/// The message type that passes the gate freely.
const SAR_AIRCRAFT_REPORT: u8 = 9;

/// A vessel as heard so far. Facts only: nothing here depends on a rule. In this order what a position report touches
/// stands together, in five lines of the processor's cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct Track {
    pub mmsi: Mmsi,
    /// Who brought its last message.
    pub last_station: Station,
    pub kind: Kind,
    pub class: Class,
    pub ais_class: Option<AisClass>,
    pub lost: bool,
    /// Its last message came from a simulated feed.
    pub simulated: bool,
    switched: bool,
    held: Option<Held>,
    pub last_heard: Timestamp,
    /// The last accepted position report.
    pub fix: Option<Fix>,
    status_since: Option<Timestamp>,
    /// The accepted positions lately, the last one too, as far back as [`TrackLimits::trail`]; they stand in [`Trails`].
    pub trail: Trail,
    /// The accepted report before it; none after a new anchor.
    pub previous: Option<Previous>,
    /// Who hears it.
    pub hearers: Hearers,
    /// Where it was last seen away from its track: another of the same identity may be there.
    other_place: Option<Sight>,
    pub first_heard: Timestamp,
    /// Where a base station says it stands.
    pub place: Option<Box<Position>>,
    /// What it called itself before.
    pub formers: Formers,
    names: Names,
    pub statics: Statics,
}

/// How a message was heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hearing {
    /// Event time of the line that completed it.
    pub time: Timestamp,
    pub station: Station,
    /// How long the station had been deaf in all by then.
    pub deaf: Span,
    /// ITU-R M.1371-5 message type.
    pub message_type: u8,
}

/// An accepted position report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    pub time: Timestamp,
    pub position: Position,
    pub sog: Option<Knots>,
    pub cog: Option<Degrees>,
    /// True heading, 0..=359 degrees.
    pub heading: Option<u16>,
    pub rot_deg_min: Option<f32>,
    pub nav_status: Option<u8>,
    /// The station that heard it.
    pub station: Station,
    /// How long that station had been deaf in all when it heard it.
    pub deaf: Span,
}

impl Fix {
    fn of(report: &PositionReport, position: Position, hearing: &Hearing) -> Self {
        Self {
            time: hearing.time,
            position,
            sog: report.sog,
            cog: report.cog,
            heading: report.heading,
            rot_deg_min: report.rot_deg_min,
            nav_status: report.nav_status,
            station: hearing.station,
            deaf: hearing.deaf,
        }
    }
}

/// What is kept of the accepted report before the last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Previous {
    pub time: Timestamp,
    pub position: Position,
    /// True heading, 0..=359 degrees.
    pub heading: Option<u16>,
}

impl Previous {
    fn of(fix: &Fix) -> Self {
        Self {
            time: fix.time,
            position: fix.position,
            heading: fix.heading,
        }
    }
}

/// What became of a position report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Accepted,
    /// Too far from the last accepted position for its speed. `after_accepted`: the position before it was accepted.
    Held {
        after_accepted: bool,
    },
    /// Not newer than the last accepted or held position: never judged.
    Late,
    /// The report carried no position.
    NoPosition,
}

/// What one report changed of a track, or brought of its vessel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrackChange<'r> {
    /// What became of its position report, if it was one.
    pub fate: Option<Fate>,
    /// Navigational status of a position report of type 1, 2 or 3 that was not late: they alone carry distress.
    pub status_sent: Option<u8>,
    /// Static data came, and told this.
    pub statics: Option<Told>,
    /// A safety-related text (types 12 and 14).
    pub text: Option<&'r str>,
}

impl Track {
    /// A track of a sender first heard now.
    pub fn new(mmsi: Mmsi, time: Timestamp, station: Station) -> Self {
        let kind = mmsi.kind();
        Self {
            mmsi,
            kind,
            class: Class::of_kind(kind).unwrap_or_default(),
            ais_class: None,
            first_heard: time,
            last_heard: time,
            last_station: station,
            fix: None,
            previous: None,
            trail: Trail::default(),
            status_since: None,
            held: None,
            other_place: None,
            switched: false,
            statics: Statics::default(),
            names: Names::default(),
            formers: Formers::default(),
            hearers: Hearers::default(),
            place: None,
            lost: false,
            simulated: false,
        }
    }

    /// The clock was set forward by so much: it was heard no longer ago than before.
    pub fn shift(&mut self, by: Span) {
        let fix = self.fix.as_mut().map(|fix| &mut fix.time);
        let previous = self.previous.as_mut().map(|previous| &mut previous.time);
        let other = self.other_place.as_mut().map(|other| &mut other.0);
        let status = self.status_since.as_mut();
        for time in [Some(&mut self.last_heard), fix, previous, other, status]
            .into_iter()
            .flatten()
        {
            *time = time.plus(by);
        }
    }

    /// Judges a position report by lateness and gate, and moves the track if it is accepted. `trails` hold its trail.
    pub fn move_to(
        &mut self,
        report: &PositionReport,
        hearing: &Hearing,
        limits: &TrackLimits,
        trails: &mut Trails,
    ) -> Fate {
        let Some(position) = report.position else {
            self.ais_class = report.ais_class.or(self.ais_class);
            return Fate::NoPosition;
        };
        let held = self.held.and(self.other_place.as_ref()).map(|other| other.0);
        let newest = held.max(self.fix.as_ref().map(|fix| fix.time));
        if newest.is_some_and(|newest| hearing.time <= newest) {
            return Fate::Late;
        }
        self.ais_class = report.ais_class.or(self.ais_class);
        let fix = Fix::of(report, position, hearing);
        match self.gate(&fix, hearing.message_type == SAR_AIRCRAFT_REPORT, limits) {
            Passage::Held { after_accepted } => Fate::Held { after_accepted },
            Passage::Free => {
                self.previous = self.fix.as_ref().map(Previous::of);
                self.accept(fix, limits, trails);
                Fate::Accepted
            }
            Passage::ReAnchored => {
                self.previous = None;
                self.accept(fix, limits, trails);
                Fate::Accepted
            }
        }
    }

    fn accept(&mut self, fix: Fix, limits: &TrackLimits, trails: &mut Trails) {
        if self.nav_status() != fix.nav_status {
            self.status_since = fix.nav_status.map(|_| fix.time);
        }
        let point = TrailPoint {
            time: fix.time,
            position: fix.position,
            sog: fix.sog,
        };
        trails.add(&mut self.trail, &point, limits.trail);
        self.fix = Some(fix);
        self.lost = false;
    }

    /// Touches what a position report will.
    pub fn glance(&self) -> i64 {
        let fix = self.fix.as_ref().map_or(0, |fix| fix.time.0 ^ fix.deaf.0);
        let previous = self.previous.map_or(0, |previous| previous.time.0);
        let heard = self.hearers.iter().next_back().map_or(0, |hearer| hearer.last.0);
        self.last_heard.0 ^ fix ^ previous ^ heard
    }

    /// Takes static data over, field by field; what of it is news. The hashers are the same for all its life.
    pub fn describe(&mut self, report: &StaticReport, hearing: &Hearing, keyed: &KeyedState) -> Told {
        let Hearing { time, station, .. } = *hearing;
        let names = (&mut self.names, keyed);
        self.statics.describe(report, (time, station), names, &mut self.formers)
    }

    /// Takes over where a base station says it stands.
    pub fn stand_at(&mut self, place: Option<Position>) {
        match (&mut self.place, place) {
            (Some(stands), Some(place)) => **stands = place,
            (stands, place) => *stands = place.map(Box::new),
        }
    }

    /// Navigational status of the last accepted report.
    pub fn nav_status(&self) -> Option<u8> {
        self.fix.as_ref()?.nav_status
    }

    /// Time of the first accepted report of the navigational status it has sent ever since; none if it sends none.
    pub fn status_since(&self) -> Option<Timestamp> {
        self.status_since
    }

    /// Whether its last report that was accepted or held was a switch between two places, as two vessels of one identity
    /// make (RULES.md, `duplicate_mmsi`).
    pub fn has_switched(&self) -> bool {
        self.switched
    }

    /// Whether its newest position is held back by the gate.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// At anchor (1) or moored (5) by its last status.
    pub fn is_moored(&self) -> bool {
        matches!(self.nav_status(), Some(AT_ANCHOR | MOORED))
    }

    /// Length over all in metres, where one was given.
    pub fn length_m(&self) -> Option<u16> {
        let dimensions = self.statics.dimensions.value?;
        Some(dimensions.bow + dimensions.stern).filter(|length| *length > 0)
    }

    /// Where it is shown: the last accepted position, for a base station the place it gives.
    pub fn shown_at(&self) -> Option<Position> {
        self.fix
            .as_ref()
            .map(|fix| fix.position)
            .or(self.place.as_deref().copied())
    }

    /// When it is lost if nothing more is heard; `None` before its first position.
    pub fn lost_at(&self, limits: &TrackLimits) -> Option<Timestamp> {
        let after = if self.is_moored() {
            limits.moored_lost_after
        } else {
            limits.lost_after
        };
        Some(self.fix.as_ref()?.time.plus(after))
    }

    /// When it leaves the picture if nothing more is heard.
    pub fn removed_at(&self, limits: &TrackLimits) -> Timestamp {
        self.fix
            .as_ref()
            .map_or(self.last_heard, |fix| fix.time)
            .plus(limits.remove_after)
    }
}
