//! Inspections: what inspectors found aboard, and when.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::{self, Fault, Row};
use crate::ais::Mmsi;
use crate::time::Timestamp;

const COLUMNS: [&str; 5] = ["id", "declaration", "mmsi", "time", "result"];

/// How an inspection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
    Detained,
}

const OUTCOMES: [(&str, Outcome); 3] = [
    ("pass", Outcome::Pass),
    ("fail", Outcome::Fail),
    ("detained", Outcome::Detained),
];

/// An inspection of one vessel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    pub id: String,
    /// Id of the declaration it was made for.
    pub declaration: Option<String>,
    pub mmsi: Mmsi,
    pub time: Timestamp,
    pub result: Outcome,
}

/// All inspections, by time and then by id, and by whom and what they were made for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inspections {
    rows: Vec<Inspection>,
    by_mmsi: BTreeMap<Mmsi, Vec<usize>>,
    by_declaration: BTreeMap<String, Vec<usize>>,
}

impl Inspections {
    /// Reads `id,declaration,mmsi,time,result`.
    pub fn from_csv(text: &str) -> Result<Self, Vec<Fault>> {
        let mut lines = BTreeMap::new();
        let rows = table::read(text, &COLUMNS, |row| {
            let inspection = inspection(row);
            if let Some(first) = row.text("id").and_then(|id| lines.insert(id, row.line())) {
                row.fault("id", format!("stands already in line {first}"), "each id once");
            }
            inspection
        })?;
        Ok(Self::of(rows))
    }

    fn of(mut rows: Vec<Inspection>) -> Self {
        rows.sort_by(in_order);
        let mut inspections = Self::default();
        for row in rows {
            inspections.add_last(row);
        }
        inspections
    }

    /// Enters an inspection, in place of the one of the same id.
    pub fn enter(&mut self, inspection: Inspection) {
        let known = self.rows.iter().any(|other| other.id == inspection.id);
        let is_last = self.rows.last().is_none_or(|last| in_order(last, &inspection).is_lt());
        if is_last && !known {
            self.add_last(inspection);
            return;
        }
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|other| other.id != inspection.id);
        rows.push(inspection);
        *self = Self::of(rows);
    }

    fn add_last(&mut self, row: Inspection) {
        let at = self.rows.len();
        self.by_mmsi.entry(row.mmsi).or_default().push(at);
        if let Some(declaration) = &row.declaration {
            self.by_declaration.entry(declaration.clone()).or_default().push(at);
        }
        self.rows.push(row);
    }

    /// A vessel's latest inspection by now.
    pub fn latest_of(&self, mmsi: Mmsi, now: Timestamp) -> Option<&Inspection> {
        self.latest(self.by_mmsi.get(&mmsi)?, now)
    }

    /// The latest inspection by now that was made for a declaration.
    pub fn latest_for(&self, declaration: &str, now: Timestamp) -> Option<&Inspection> {
        self.latest(self.by_declaration.get(declaration)?, now)
    }

    /// A vessel's next inspection.
    pub fn next_of(&self, mmsi: Mmsi, now: Timestamp) -> Option<&Inspection> {
        let own = self.by_mmsi.get(&mmsi)?.iter().map(|at| &self.rows[*at]);
        own.into_iter().find(|inspection| inspection.time > now)
    }

    fn latest(&self, among: &[usize], now: Timestamp) -> Option<&Inspection> {
        let all = among.iter().rev().map(|at| &self.rows[*at]);
        all.into_iter().find(|inspection| inspection.time <= now)
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Inspection> {
        self.rows.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Before each other by time, and then by id.
fn in_order(one: &Inspection, other: &Inspection) -> Ordering {
    (one.time, &one.id).cmp(&(other.time, &other.id))
}

fn inspection(row: &mut Row<'_>) -> Option<Inspection> {
    let result = |text: &str| {
        OUTCOMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, result)| *result)
    };
    let id = row.must("id", "an id of its own", |text| Some(text.to_owned()));
    let mmsi = row.must("mmsi", table::MMSI, table::mmsi);
    let time = row.must("time", table::TIME, table::time);
    let result = row.must("result", "one of pass, fail, detained", result);
    Some(Inspection {
        id: id?,
        declaration: row.text("declaration"),
        mmsi: mmsi?,
        time: time?,
        result: result?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rows_in_order_of_time_and_names_faults() {
        let text = "id,declaration,mmsi,time,result\n\
                    I2,,412900002,2026-03-01T02:00:00Z,detained\n\
                    I1,D1,412900002,2026-03-01T01:00:00Z,pass\n";
        let inspections = Inspections::from_csv(text).unwrap();
        let ids: Vec<&str> = inspections.iter().map(|inspection| inspection.id.as_str()).collect();
        assert_eq!(ids, ["I1", "I2"]);
        let text = "id,declaration,mmsi,time,result\nI1,,,noon,good\nI1,,1,2026-03-01T01:00:00Z,pass\n";
        let told: Vec<String> = Inspections::from_csv(text)
            .unwrap_err()
            .iter()
            .map(|fault| format!("{} {}", fault.line, fault.what))
            .collect();
        let want = [
            "2 mmsi is empty",
            "2 time is noon",
            "2 result is good",
            "3 id stands already in line 2",
        ];
        assert_eq!(told, want);
    }
}
