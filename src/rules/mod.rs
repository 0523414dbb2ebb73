//! Rules: what is judged of a vessel, a pair, a feed or a station, one kind a file, one row a kind.

mod anchor_drag;
mod approach_speed;
mod berthing_speed;
mod clock_offset;
mod collision_risk;
mod detained_movement;
mod distress;
mod dredging_pattern;
mod drifting;
mod duplicate_mmsi;
mod encounter;
mod feed_flood;
mod feed_silence;
mod filter;
mod gate_crossing;
mod identity_change;
mod invalid_mmsi;
mod kind;
mod loading_at_sea;
mod loitering;
mod nav_status;
mod night_movement;
mod overdraught;
mod parameters;
mod position_jump;
mod reading;
mod reception;
mod route_deviation;
mod safety_text;
mod scene;
mod silence;
mod slow_traffic;
mod speed_limit;
mod status_mismatch;
mod sudden_stop;
mod undeclared_entry;
mod under_keel;
mod uninspected_departure;
mod unlawful_anchoring;
mod visibility_limit;
mod watch_list;
mod wind_limit;
mod wrong_berth;
mod wrong_way;
mod zone_crossing;
mod zone_dwell;
mod zone_entry;
mod zone_exit;

pub use filter::Filter;
pub use kind::{AtOnce, Evaluation, Kind, On, Subject, Words, ZoneUse};
pub use parameters::{ASSUMED, Default, Fault, Named, Parameter, Reader, Value};
pub use reading::{COMMON_KEYS, COMMON_NUMBERS, Mode, Priority, Rule};
pub use scene::{Account, Inside, Judgement, Occasion, Party, Place, Scene, Seen, SeenStation, second_beyond};

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::picture::{Mover, Reach};
use crate::time::{Span, Timestamp};

/// One row a kind.
pub static KINDS: [&Kind; 43] = [
    &anchor_drag::KIND,
    &approach_speed::KIND,
    &berthing_speed::KIND,
    &clock_offset::KIND,
    &collision_risk::KIND,
    &detained_movement::KIND,
    &distress::KIND,
    &dredging_pattern::KIND,
    &drifting::KIND,
    &duplicate_mmsi::KIND,
    &encounter::KIND,
    &feed_flood::KIND,
    &feed_silence::KIND,
    &gate_crossing::KIND,
    &identity_change::KIND,
    &invalid_mmsi::KIND,
    &loading_at_sea::KIND,
    &loitering::KIND,
    &nav_status::KIND,
    &night_movement::KIND,
    &overdraught::KIND,
    &position_jump::KIND,
    &reception::KIND,
    &route_deviation::KIND,
    &safety_text::KIND,
    &silence::KIND,
    &slow_traffic::KIND,
    &speed_limit::KIND,
    &status_mismatch::KIND,
    &sudden_stop::KIND,
    &undeclared_entry::KIND,
    &under_keel::KIND,
    &uninspected_departure::KIND,
    &unlawful_anchoring::KIND,
    &visibility_limit::KIND,
    &watch_list::KIND,
    &wind_limit::KIND,
    &wrong_berth::KIND,
    &wrong_way::KIND,
    &zone_crossing::KIND,
    &zone_dwell::KIND,
    &zone_entry::KIND,
    &zone_exit::KIND,
];

/// All kinds as a table in Markdown, Chinese and English; parameters without a value must be given.
pub fn table() -> String {
    let head = "| kind | 說明 · what | parameters |\n|---|---|---|\n";
    std::iter::once(head.to_owned())
        .chain(KINDS.iter().map(|kind| kind.row()))
        .collect()
}

/// A rule of some kind with its parameters.
pub trait Judge: std::fmt::Debug + Send + Sync {
    /// What holds now in one of its zones, or everywhere. The zone and the filter have been looked at.
    fn judge(&self, scene: &Scene<'_>) -> Judgement;

    /// The same, and measured even where that is plain without: for explaining.
    fn measure(&self, scene: &Scene<'_>) -> Judgement {
        self.judge(scene)
    }

    /// What is missing or not met beside what is measured: for explaining.
    fn account(&self, _scene: &Scene<'_>, _account: &mut Account) {}

    /// How far back it looks over the vessel's trail.
    fn window(&self) -> Span {
        Span(0)
    }

    /// Whether [`Self::remember`] does anything; only then is it called, and that wherever the vessel is.
    fn remembers(&self) -> bool {
        false
    }

    /// Notes what is to be remembered before judging, whether the filter lets the vessel pass or not: it may pass later.
    fn remember(&self, _scene: &Scene<'_>, _memory: &mut Memory) {}

    /// Which pairs it judges, for kinds that judge pairs.
    fn reach(&self) -> Option<Reach> {
        None
    }

    /// Whether a vessel may be one of a pair by what it is, and where.
    fn may_pair(&self, _party: &Party<'_>) -> bool {
        true
    }

    /// Whether it may hold of a pair, now or later, if nothing new is heard: a first look, which is wrong only when it
    /// says yes.
    fn may_meet(&self, _one: &Mover, _other: &Mover) -> bool {
        false
    }

    /// Notes that an event has just been told, in however many zones.
    fn note_told(&self, _scene: &Scene<'_>, _memory: &mut Memory) {}
}

/// What one rule keeps of one vessel: plain, bounded, made when first needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Memory {
    #[default]
    Nothing,
    /// `distress`: when it was last sent.
    Sent(Timestamp),
    /// `position_jump`: when it was last told.
    Told(Timestamp),
    /// `safety_text`: what was told when, oldest first.
    Texts(VecDeque<(String, Timestamp)>),
    /// `duplicate_mmsi`.
    Switches(Box<duplicate_mmsi::Switches>),
    /// `loading_at_sea`.
    Laden(loading_at_sea::Laden),
    /// `anchor_drag`.
    Anchor(anchor_drag::Anchor),
}

impl Memory {
    /// The clock was set forward by so much: nothing is longer ago than it was.
    pub fn shift(&mut self, by: Span) {
        match self {
            Self::Nothing => {}
            Self::Sent(time) | Self::Told(time) => *time = time.plus(by),
            Self::Texts(texts) => texts.iter_mut().for_each(|(_, time)| *time = time.plus(by)),
            Self::Switches(switches) => switches.shift(by),
            Self::Laden(laden) => laden.shift(by),
            Self::Anchor(anchor) => anchor.shift(by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_look_at_the_way_are_judged_at_reports_alone() {
        let ways = [ZoneUse::Left, ZoneUse::Passed, ZoneUse::Gates];
        for kind in KINDS.iter().filter(|kind| ways.contains(&kind.zones)) {
            assert_eq!(kind.evaluation, Evaluation::momentary(&[On::Report]), "{}", kind.name);
        }
    }

    #[test]
    fn every_parameter_says_what_it_is_for_in_both_languages() {
        for kind in KINDS {
            for parameter in kind.parameters {
                let Words { zh, en } = parameter.meaning;
                assert!(!zh.is_empty() && !en.is_empty(), "{} {}", kind.name, parameter.name);
            }
        }
    }

    #[test]
    fn the_readme_has_every_kind_as_the_code_has_it() {
        let readme = include_str!("../../README.md");
        assert!(
            readme.contains(&table()),
            "`harborwatch rules --markdown` gives the table"
        );
    }

    #[test]
    fn kinds_stand_in_the_order_of_their_names() {
        assert!(KINDS.is_sorted_by_key(|kind| kind.name));
    }
}
