//! Names of stations in tag blocks and suffixes, numbered in the order first heard.

use std::collections::BTreeMap;

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::SourceId;
use crate::nmea::{Assembly, MAX_SOURCE, Sentence};

/// Most names kept. A sentence of one more counts as one that names no source; `refused` counts them.
const MAX_SOURCES: usize = 4096;
/// A feed names few stations: so many are looked through before the table is asked.
const FIRST: usize = 4;
/// A source so named is a simulator, not a station.
const SIMULATED: &str = "SIM.";

/// The names of all sources heard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    names: Vec<ArrayString<MAX_SOURCE>>,
    numbers: BTreeMap<ArrayString<MAX_SOURCE>, SourceId>,
    refused: u64,
}

impl Sources {
    /// Which source a sentence is of. Of a group of lines the first names it, and the others are of it too.
    pub fn of(&mut self, sentence: &Sentence<'_>, open: &Assembly) -> SourceId {
        match (sentence.source(), sentence.tag.group) {
            (Some(name), _) => self.number(name),
            (None, Some(group)) => SourceId(open.station_of(group).unwrap_or(0)),
            (None, None) => SourceId(0),
        }
    }

    /// The number of a name, a new one if it was never heard.
    pub fn number(&mut self, name: &[u8]) -> SourceId {
        let first = self.names.iter().take(FIRST).zip(1..);
        for (known, number) in first {
            if known.as_bytes() == name {
                return SourceId(number);
            }
        }
        let Some(name) = std::str::from_utf8(name)
            .ok()
            .and_then(|name| ArrayString::from(name).ok())
        else {
            self.refused += 1;
            return SourceId(0);
        };
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        if self.names.len() >= MAX_SOURCES {
            self.refused += 1;
            return SourceId(0);
        }
        self.names.push(name);
        let number = SourceId(u16::try_from(self.names.len()).expect("sources are bounded"));
        self.numbers.insert(name, number);
        number
    }

    /// The name of a number; none for "no source named".
    pub fn name(&self, source: SourceId) -> Option<ArrayString<MAX_SOURCE>> {
        self.names.get(usize::from(source.0).checked_sub(1)?).copied()
    }

    /// Whether a source is a simulator by its name.
    pub fn is_simulated(&self, source: SourceId) -> bool {
        self.name(source).is_some_and(|name| name.starts_with(SIMULATED))
    }
}
