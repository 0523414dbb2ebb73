//! Sand carriers' declarations of entry: who may be where, when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::{self, Fault, Row};
use crate::ais::Mmsi;
use crate::time::{Span, Timestamp};

const COLUMNS: [&str; 11] = [
    "id",
    "mmsi",
    "port_zone",
    "berth_zone",
    "window_start",
    "window_end",
    "max_draught_m",
    "cargo_t",
    "night",
    "inspection",
    "status",
];

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Submitted,
    Approved,
    Rejected,
    Arrived,
    Departed,
    Cancelled,
}

const STATUSES: [(&str, Status); 7] = [
    ("draft", Status::Draft),
    ("submitted", Status::Submitted),
    ("approved", Status::Approved),
    ("rejected", Status::Rejected),
    ("arrived", Status::Arrived),
    ("departed", Status::Departed),
    ("cancelled", Status::Cancelled),
];

/// A declaration: one vessel, one voyage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    pub id: String,
    pub mmsi: Mmsi,
    /// Id of the zone it is for; none: any.
    pub port_zone: Option<String>,
    /// Id of the berth it is for.
    pub berth_zone: Option<String>,
    pub window_start: Timestamp,
    pub window_end: Timestamp,
    /// Deepest draught declared, in metres.
    pub max_draught_m: Option<f64>,
    pub cargo_t: Option<f64>,
    /// May move at night.
    pub night: bool,
    /// Must be inspected before it leaves.
    pub inspection: bool,
    pub status: Status,
}

impl Declaration {
    /// Whether it is for this zone; rules without zones ask with `None`, for which any will do.
    pub fn is_for(&self, zone: Option<&str>) -> bool {
        zone.is_none() || self.port_zone.is_none() || self.port_zone.as_deref() == zone
    }

    /// Whether the vessel may rely on it.
    pub fn is_granted(&self) -> bool {
        matches!(self.status, Status::Approved | Status::Arrived)
    }

    /// Whether its window, widened by `grace` at both ends, holds at `now`; both ends belong to it.
    pub fn is_open(&self, now: Timestamp, grace: Span) -> bool {
        let (start, end) = self.window(grace);
        start <= now && now <= end
    }

    /// Whether it covers its vessel at `now` in this zone; rules without zones ask with `None`.
    pub fn covers(&self, now: Timestamp, zone: Option<&str>) -> bool {
        self.is_granted() && self.is_for(zone) && self.is_open(now, Span(0))
    }

    /// The next second at which its window, widened by `grace`, begins or has ended.
    pub fn next_turn_s(&self, now: Timestamp, grace: Span) -> Option<i64> {
        let (start, end) = self.window(grace);
        [start.ceil_s(), end.floor_s() + 1]
            .into_iter()
            .find(|second| *second > now.floor_s())
    }

    /// Its window, widened at both ends.
    pub fn window(&self, grace: Span) -> (Timestamp, Timestamp) {
        (self.window_start.plus(Span(-grace.0)), self.window_end.plus(grace))
    }
}

/// All declarations, by vessel and in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Declarations {
    by_mmsi: BTreeMap<Mmsi, Vec<Declaration>>,
}

impl Declarations {
    /// Reads the columns of CONTRACT.md; `zones` tells whether an id is that of a zone.
    pub fn from_csv(text: &str, zones: impl Fn(&str) -> bool) -> Result<Self, Vec<Fault>> {
        let mut lines = BTreeMap::new();
        let rows = table::read(text, &COLUMNS, |row| {
            let before = row.faults();
            let declaration = declaration(row, &zones);
            if let Some(first) = row.text("id").and_then(|id| lines.insert(id, row.line())) {
                row.fault("id", format!("stands already in line {first}"), "each id once");
            }
            declaration.filter(|_| row.faults() == before)
        })?;
        let mut declarations = Self::default();
        for row in rows {
            declarations.enter(row);
        }
        Ok(declarations)
    }

    /// Enters a declaration, in place of its vessel's of the same id.
    pub fn enter(&mut self, declaration: Declaration) {
        let own = self.by_mmsi.entry(declaration.mmsi).or_default();
        match own.binary_search_by(|other| other.id.cmp(&declaration.id)) {
            Ok(at) => own[at] = declaration,
            Err(at) => own.insert(at, declaration),
        }
    }

    /// All of them, by vessel and in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Declaration> {
        self.by_mmsi.values().flatten()
    }

    /// A vessel's declarations, in the order of their ids.
    pub fn of(&self, mmsi: Mmsi) -> &[Declaration] {
        self.by_mmsi.get(&mmsi).map_or(&[], Vec::as_slice)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_mmsi.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_mmsi.is_empty()
    }
}

fn declaration(row: &mut Row<'_>, zones: impl Fn(&str) -> bool) -> Option<Declaration> {
    let zone = |text: &str| zones(text).then(|| text.to_owned());
    let statuses: Vec<&str> = STATUSES.iter().map(|(name, _)| *name).collect();
    let status = |text: &str| {
        STATUSES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, status)| *status)
    };
    let id = row.must("id", "an id of its own", |text| Some(text.to_owned()));
    let mmsi = row.must("mmsi", table::MMSI, table::mmsi);
    let port_zone = row.maybe("port_zone", "the id of a zone", zone);
    let berth_zone = row.maybe("berth_zone", "the id of a zone", zone);
    let window_start = row.must("window_start", table::TIME, table::time);
    let window_end = row.must("window_end", table::TIME, table::time);
    let max_draught_m = row.maybe("max_draught_m", "metres, as in 4.5", table::amount);
    let cargo_t = row.maybe("cargo_t", "tonnes, as in 3000", table::amount);
    let night = row.maybe("night", "true or false", table::flag);
    let inspection = row.maybe("inspection", "true or false", table::flag);
    let status = row.must("status", &format!("one of {}", statuses.join(", ")), status);
    if window_start.zip(window_end).is_some_and(|(start, end)| end < start) {
        row.fault("window_end", "is before window_start", "a time after window_start");
    }
    Some(Declaration {
        id: id?,
        mmsi: mmsi?,
        port_zone,
        berth_zone,
        window_start: window_start?,
        window_end: window_end?,
        max_draught_m,
        cargo_t,
        night: night.unwrap_or(false),
        inspection: inspection.unwrap_or(false),
        status: status?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n";

    fn read(rows: &str) -> Result<Declarations, Vec<Fault>> {
        Declarations::from_csv(&format!("\u{feff}{HEADER}{rows}"), |zone| zone == "bay")
    }

    #[test]
    fn reads_rows_and_leaves_empty_fields_out() {
        let read =
            read("D1,412900002,bay,,2026-03-01T00:00:00Z,2026-03-01T08:00:00+08:00,4.5,,true,,approved\n").unwrap();
        let [declaration] = read.of(Mmsi(412_900_002)) else {
            panic!("one declaration")
        };
        assert_eq!(declaration.max_draught_m, Some(4.5));
        assert_eq!(
            (declaration.night, declaration.inspection, declaration.cargo_t),
            (true, false, None)
        );
        assert_eq!(declaration.window_start, declaration.window_end);
        assert!(declaration.is_open(declaration.window_start, Span(0)) && declaration.is_granted());
        assert!(declaration.is_for(Some("bay")) && declaration.is_for(None) && !declaration.is_for(Some("other")));
    }

    #[test]
    fn names_every_fault_with_its_line() {
        let faults = read(
            "D1,x,reef,,2026-03-01,2026-03-01T00:00:00Z,,,yes,,aproved\n\
             D2,412900002,,,2026-03-01T02:00:00Z,2026-03-01T00:00:00Z,,,,,draft\n\
             D2,412900002,,,2026-03-01T00:00:00Z,2026-03-01T02:00:00Z,,,,,draft\nD4,1\n",
        )
        .unwrap_err();
        let told: Vec<String> = faults
            .iter()
            .map(|fault| format!("{} {}", fault.line, fault.what))
            .collect();
        assert_eq!(
            told,
            [
                "2 mmsi is x",
                "2 port_zone is reef",
                "2 window_start is 2026-03-01",
                "2 night is yes",
                "2 status is aproved",
                "3 window_end is before window_start",
                "4 id stands already in line 3",
                "5 has 2 fields",
            ]
        );
        assert_eq!(Declarations::from_csv("id,mmsi\n", |_| true).unwrap_err()[0].line, 1);
    }
}
