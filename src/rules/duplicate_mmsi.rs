//! `duplicate_mmsi`: one identity is sent from two places in turn.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{
    Evaluation, Judge, Judgement, Kind, Memory, Occasion, On, Parameter, Scene, Subject, Words, ZoneUse, second_beyond,
};
use crate::time::{Span, Timestamp};

const WITHIN_S: Parameter = Parameter::number("within_s", 1.0, 86_400.0)
    .means("計算切換次數的時間範圍", "the time within which switches are counted")
    .unit("s")
    .default_number(600.0);

/// So many switches are no chance.
const SWITCHES: usize = 3;
/// Switches kept of one vessel. At the bound the oldest goes, and the count stays there.
const MAX_SWITCHES: usize = 64;

pub(super) static KIND: Kind = Kind {
    name: "duplicate_mmsi",
    message: Words {
        zh: "同一 MMSI 於兩處發射",
        en: "One MMSI sent from two places",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::on(&[On::Report, On::Held]),
    default_classes: &[],
    unit: None,
    parameters: &[WITHIN_S],
    read: |reader| {
        Box::new(DuplicateMmsi {
            within: reader.span(&WITHIN_S),
        })
    },
};

#[derive(Debug)]
struct DuplicateMmsi {
    within: Span,
}

/// When a vessel was last seen to go from one place to the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Switches {
    /// Those of the window, oldest first.
    times: VecDeque<Timestamp>,
    /// There were enough within the window, and never none since.
    is_double: bool,
}

impl Judge for DuplicateMmsi {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let Memory::Switches(switches) = scene.memory else {
            return Judgement::measured(false, 0.0, SWITCHES as f64);
        };
        let recent = |time: &&Timestamp| scene.now.since(**time) <= self.within;
        let count = switches.times.iter().filter(recent).count();
        let holds = switches.is_double && count > 0;
        let last = switches.times.back().filter(|_| holds);
        Judgement {
            next_s: last.map(|last| second_beyond(*last, self.within)),
            ..Judgement::measured(holds, count as f64, SWITCHES as f64)
        }
    }

    fn remembers(&self) -> bool {
        true
    }

    fn remember(&self, scene: &Scene<'_>, memory: &mut Memory) {
        let seen = matches!(scene.occasion, Occasion::Report | Occasion::Held { .. });
        if seen && scene.vessel().has_switched() && *memory == Memory::Nothing {
            *memory = Memory::Switches(Box::default());
        }
        if let Memory::Switches(switches) = memory {
            switches.forget(scene.now, self.within);
            if seen && scene.vessel().has_switched() {
                switches.note(scene.now);
            }
            if switches.times.is_empty() {
                *memory = Memory::Nothing;
            }
        }
    }
}

impl Switches {
    pub(super) fn shift(&mut self, by: Span) {
        for time in &mut self.times {
            *time = time.plus(by);
        }
    }

    /// What is out of the window no longer counts, though nobody may have looked since it went out.
    fn forget(&mut self, now: Timestamp, within: Span) {
        let old = |first: &Timestamp| now.since(*first) > within;
        while self.times.front().is_some_and(old) {
            self.times.pop_front();
        }
        self.is_double &= !self.times.is_empty();
    }

    fn note(&mut self, now: Timestamp) {
        if self.times.len() == MAX_SWITCHES {
            self.times.pop_front();
        }
        self.times.push_back(now);
        self.is_double |= self.times.len() >= SWITCHES;
    }
}
