//! `loading_at_sea`: a sand carrier's draught has grown and it has been nowhere where loading is allowed.

use serde::{Deserialize, Serialize};

use super::{
    Account, Evaluation, Judge, Judgement, Kind, Memory, Occasion, On, Parameter, Scene, Subject, Words, ZoneUse,
};
use crate::geo::Decimal;
use crate::register::Class;
use crate::time::{Span, Timestamp};

const DELTA_M: Parameter = Parameter::number("delta_m", 0.01, 20.0)
    .means("吃水至少增加", "how much the draught grew at least")
    .unit("m")
    .default_number(0.5);
const MAX_GAP_S: Parameter = Parameter::number("max_gap_s", 1.0, 604_800.0)
    .means(
        "兩次吃水回報的最長間隔",
        "how long ago the draught before was told at most",
    )
    .unit("s")
    .default_number(21_600.0);

pub(super) static KIND: Kind = Kind {
    name: "loading_at_sea",
    message: Words {
        zh: "砂石船疑似於海上裝載",
        en: "Sand carrier may have loaded at sea",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Unnamed,
    // Told at static data; reports are looked at for where the vessel calls.
    evaluation: Evaluation::momentary(&[On::Report, On::Statics]),
    default_classes: &[Class::SandCarrier],
    unit: Some("m"),
    parameters: &[DELTA_M, MAX_GAP_S],
    read: |reader| {
        Box::new(LoadingAtSea {
            delta: Decimal::of(reader.number(&DELTA_M)),
            max_gap: reader.span(&MAX_GAP_S),
        })
    },
};

#[derive(Debug)]
struct LoadingAtSea {
    delta: Decimal,
    max_gap: Span,
}

/// The last draught a vessel gave, and how it had grown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Laden {
    draught_m: f64,
    time: Timestamp,
    /// Since then the vessel was where loading is allowed.
    has_called: bool,
    /// How much deeper than the draught before, and how long after it; none if loading was allowed between.
    growth: Option<(f64, Span)>,
}

impl Judge for LoadingAtSea {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (Occasion::Statics(told), Memory::Laden(laden)) = (scene.occasion, scene.memory) else {
            return Judgement::unmeasured(self.delta.as_f64());
        };
        let (Some(_), Some((growth, gap))) = (told.draught, laden.growth) else {
            return Judgement::unmeasured(self.delta.as_f64());
        };
        let holds = Decimal::of(growth) >= self.delta && gap <= self.max_gap;
        Judgement::measured(holds, growth, self.delta.as_f64())
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("draught_m", scene.vessel().statics.draught.value);
    }

    fn remembers(&self) -> bool {
        true
    }

    fn remember(&self, scene: &Scene<'_>, memory: &mut Memory) {
        match scene.occasion {
            Occasion::Report => {
                if let Memory::Laden(laden) = memory {
                    laden.has_called |= scene.is_in_selected();
                }
            }
            Occasion::Statics(told) => {
                if let Some(draught) = told.draught {
                    *memory = Memory::Laden(Laden::after(memory, draught.0, scene.now));
                }
            }
            _ => {}
        }
    }
}

impl Laden {
    pub(super) fn shift(&mut self, by: Span) {
        self.time = self.time.plus(by);
    }

    fn after(before: &Memory, draught_m: f64, time: Timestamp) -> Self {
        let growth = match before {
            Memory::Laden(last) if !last.has_called => {
                let grown = Decimal::of(draught_m) - Decimal::of(last.draught_m);
                Some((grown.as_f64(), time.since(last.time)))
            }
            _ => None,
        };
        Self {
            draught_m,
            time,
            has_called: false,
            growth,
        }
    }
}
