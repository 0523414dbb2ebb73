//! Rules: what is judged of a vessel, a pair or a feed, one kind a file, one row a kind.

mod distress;
mod feed_silence;
mod filter;
mod gate_crossing;
mod parameters;
mod reading;
mod silence;
mod speed_limit;
mod undeclared_entry;
mod zone_entry;
mod zone_exit;

pub use filter::Filter;
pub use parameters::{Fault, Parameter, Reader, Value};
pub use reading::{COMMON_KEYS, Mode, Priority, Rule};

use serde::{Deserialize, Serialize};

use crate::picture::Picture;
use crate::register::{Class, Declarations};
use crate::report::FeedId;
use crate::time::{Span, Timestamp};
use crate::track::{Fix, Track};
use crate::zone::{Crossing, Zone};

/// One row a kind.
pub static KINDS: [&Kind; 8] = [
    &distress::KIND,
    &feed_silence::KIND,
    &gate_crossing::KIND,
    &silence::KIND,
    &speed_limit::KIND,
    &undeclared_entry::KIND,
    &zone_entry::KIND,
    &zone_exit::KIND,
];

/// A kind of rule: how it is configured, when it is judged, and what it says.
#[derive(Debug)]
pub struct Kind {
    /// As in `kind = "speed_limit"`.
    pub name: &'static str,
    /// What it watches for, in one sentence, Chinese and English; an alert's text unless the rule has its own.
    pub message: Words,
    pub subject: Subject,
    pub zones: ZoneUse,
    /// What makes a vessel's judgement due, beside ticks; `None` for kinds that judge feeds.
    pub on: Option<On>,
    /// Judged at every tick too (RULES.md evaluation *T*); other kinds only while an alert is active.
    pub on_ticks: bool,
    /// An event: raised and rectified in one instant (RULES.md evaluation *M*).
    pub momentary: bool,
    /// An evaluation that finds it false ends the alert, whatever its `clear_s`.
    pub ends_at_once: bool,
    /// The classes it looks at unless the rule has a filter of its own.
    pub default_classes: &'static [Class],
    /// Unit of value and limit.
    pub unit: Option<&'static str>,
    pub parameters: &'static [Parameter],
    /// Reads the kind's parameters.
    pub read: fn(&mut Reader<'_>) -> Box<dyn Judge>,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words<T = &'static str> {
    pub zh: T,
    pub en: T,
}

/// What a rule judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Vessel,
    Feed,
}

/// Which zones a rule takes, and which of them are judged for a vessel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneUse {
    /// Areas; judged where the vessel is, or everywhere if none are given.
    Inside,
    /// Areas, at least one; judged where the vessel is.
    InsideGiven,
    /// Areas, at least one; judged where the vessel was at its previous report and is no longer.
    Left,
    /// Gates, at least one; judged where the vessel has crossed since its previous report.
    Gates,
    /// None.
    None,
}

/// What a vessel must do for a rule to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Send a position report that is accepted (RULES.md evaluation *R*).
    Report,
    /// Send a position report of type 1, 2 or 3 that is not late, with or without a position.
    Status,
}

/// Why a rule is asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A position report was accepted.
    Report,
    /// A position report of type 1, 2 or 3 came with this navigational status.
    Status(u8),
    /// A second passed.
    Tick,
}

/// A rule of some kind with its parameters.
pub trait Judge: std::fmt::Debug + Send + Sync {
    /// What holds now in one of its zones, or everywhere. The zone and the filter have been looked at.
    fn judge(&self, scene: &Scene<'_>) -> Judgement;

    /// Notes what is to be remembered before judging.
    fn remember(&self, _scene: &Scene<'_>, _memory: &mut Memory) {}
}

/// What one rule keeps of one vessel: plain, bounded, made when first needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Memory {
    #[default]
    Nothing,
    /// `distress`: when it was last sent.
    Sent(Timestamp),
}

/// What a rule sees.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub now: Timestamp,
    pub occasion: Occasion,
    pub picture: &'a Picture,
    pub subject: Seen<'a>,
    pub zone: Option<&'a Zone>,
    /// How the vessel crossed the zone, for gates.
    pub crossing: Option<Crossing>,
    pub declarations: &'a Declarations,
    pub memory: &'a Memory,
}

/// Whom a rule looks at.
#[derive(Clone, Copy)]
pub enum Seen<'a> {
    Vessel(&'a Track),
    Feed(FeedId),
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
    /// The vessel, for rules that judge vessels.
    pub fn vessel(&self) -> &'a Track {
        match self.subject {
            Seen::Vessel(track) => track,
            Seen::Feed(_) => unreachable!("a vessel's rule is asked about vessels"),
        }
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
