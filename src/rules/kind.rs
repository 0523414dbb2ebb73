//! A kind of rule: how it is configured, where and when it is judged.

use super::{Judge, Occasion, Parameter, Reader};
use crate::register::Class;
use serde::{Deserialize, Serialize};

/// A kind of rule: how it is configured, when it is judged, and what it says.
#[derive(Debug)]
pub struct Kind {
    /// As in `kind = "speed_limit"`.
    pub name: &'static str,
    /// What it watches for, in one sentence, Chinese and English; an alert's text unless the rule has its own.
    pub message: Words,
    pub subject: Subject,
    pub zones: ZoneUse,
    pub evaluation: Evaluation,
    /// The classes it looks at unless the rule has a filter of its own.
    pub default_classes: &'static [Class],
    /// Unit of value and limit.
    pub unit: Option<&'static str>,
    pub parameters: &'static [Parameter],
    /// Reads the kind's parameters.
    pub read: fn(&mut Reader<'_>) -> Box<dyn Judge>,
}

impl Kind {
    /// Its row in the table of [`table`](super::table).
    pub(super) fn row(&self) -> String {
        let parameter = |parameter: &Parameter| match parameter.default {
            Some(_) => format!("`{} = {}`", parameter.name, parameter.default_text()),
            None => format!("`{}`", parameter.name),
        };
        let parameters: Vec<String> = self.parameters.iter().map(parameter).collect();
        let (Words { zh, en }, parameters) = (&self.message, parameters.join(" "));
        format!("| `{}` | {zh} · {en} | {parameters} |\n", self.name)
    }
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
    Pair,
    Feed,
    /// A receiver or a weather station.
    Station,
}

/// Which zones a rule takes, and which of them are judged for a vessel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneUse {
    /// Areas; judged where the vessel is, or everywhere if none are given.
    Inside,
    /// Areas, at least one; judged where the vessel is.
    InsideGiven,
    /// Areas with `direction_deg`, at least one; judged where the vessel is.
    InsideDirected,
    /// Areas with `depth_m`, at least one; judged where the vessel is.
    InsideSounded,
    /// Areas, at least one; judged where the vessel was at its previous report and is no longer.
    Left,
    /// Areas, at least one; judged where the way from the previous report touched, outside at both ends.
    Passed,
    /// Gates, at least one; judged where the vessel has crossed since its previous report.
    Gates,
    /// Areas; judged once, without naming one: the rule looks at them itself.
    Unnamed,
    /// None.
    None,
}

/// When a kind is judged (RULES.md, "Evaluations").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// What makes a vessel's judgement due, beside ticks; nothing for kinds that judge feeds or stations.
    pub on: &'static [On],
    /// Judged at every tick too (*T*); other kinds only while an alert is active. Those of stations are then judged at
    /// each sentence by which a live station tells its time.
    pub on_ticks: bool,
    /// An event: raised and rectified in one instant (*M*).
    pub momentary: bool,
    /// Which evaluations that find it false end the alert, whatever its `clear_s`.
    pub at_once: AtOnce,
}

/// Evaluations that end an alert at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    Never,
    /// Those at the vessel's accepted position reports.
    AtReports,
    Always,
}

impl Evaluation {
    /// *R*: at the vessel's accepted position reports.
    pub const R: Self = Self::on(&[On::Report]);
    /// *T*: at its accepted position reports and at every tick.
    pub const T: Self = Self {
        on_ticks: true,
        ..Self::R
    };

    /// *T* of what is no vessel: at every tick, and at what its own feed or station tells.
    pub const TICKS: Self = Self {
        on_ticks: true,
        ..Self::on(&[])
    };

    /// When a vessel does one of these.
    pub const fn on(on: &'static [On]) -> Self {
        Self {
            on,
            on_ticks: false,
            momentary: false,
            at_once: AtOnce::Never,
        }
    }

    /// *M*: an event at one of these.
    pub const fn momentary(on: &'static [On]) -> Self {
        Self {
            momentary: true,
            ..Self::on(on)
        }
    }

    /// Whether an evaluation at this occasion that finds it false ends the alert, whatever `clear_s`.
    pub fn ends_at_once(&self, occasion: Occasion<'_>) -> bool {
        match self.at_once {
            AtOnce::Never => false,
            AtOnce::AtReports => occasion == Occasion::Report,
            AtOnce::Always => true,
        }
    }

    /// Ended by some evaluations that find it false, whatever `clear_s`.
    pub const fn ending(self, at_once: AtOnce) -> Self {
        Self { at_once, ..self }
    }
}

/// What a vessel must do for a rule to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Send a position report that is accepted (RULES.md evaluation *R*).
    Report,
    /// Send a position report that is held back by the gate.
    Held,
    /// Send a position report of type 1, 2 or 3 that is not late, with or without a position.
    Status,
    /// Send static data (RULES.md evaluation *S*).
    Statics,
    /// Send a safety-related text (types 12 and 14).
    Text,
}

impl On {
    /// All of them, in the order in which one message is judged.
    pub const ALL: [Self; 5] = [Self::Report, Self::Held, Self::Status, Self::Statics, Self::Text];
}
