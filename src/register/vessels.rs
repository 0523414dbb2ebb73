//! The register: vessels known by name, their class, load line and owner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Class;
use super::table::{self, Fault, Row};
use crate::ais::Mmsi;

const COLUMNS: [&str; 8] = [
    "mmsi",
    "imo",
    "name",
    "name_zh",
    "class",
    "load_line_m",
    "loa_m",
    "owner",
];

/// A vessel of the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    pub mmsi: Option<Mmsi>,
    pub imo: Option<u32>,
    pub name: Option<String>,
    pub name_zh: Option<String>,
    pub class: Option<Class>,
    /// Deepest draught by its certificate, in metres.
    pub load_line_m: Option<f64>,
    /// Length over all in metres.
    pub loa_m: Option<f64>,
    pub owner: Option<String>,
}

/// Vessels by MMSI, and by IMO number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Register {
    vessels: Vec<Registered>,
    by_mmsi: BTreeMap<Mmsi, usize>,
    by_imo: BTreeMap<u32, usize>,
}

impl Register {
    /// Reads `mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner`.
    pub fn from_csv(text: &str) -> Result<Self, Vec<Fault>> {
        let (mut lines_mmsi, mut lines_imo) = (BTreeMap::new(), BTreeMap::new());
        let vessels = table::read(text, &COLUMNS, |row| {
            let before = row.faults();
            let vessel = registered(row);
            if let Some(first) = vessel.mmsi.and_then(|mmsi| lines_mmsi.insert(mmsi, row.line())) {
                row.fault("mmsi", format!("stands already in line {first}"), "each MMSI once");
            }
            if let Some(first) = vessel.imo.and_then(|imo| lines_imo.insert(imo, row.line())) {
                row.fault("imo", format!("stands already in line {first}"), "each IMO number once");
            }
            (row.faults() == before).then_some(vessel)
        })?;
        Ok(Self::of(vessels))
    }

    fn of(vessels: Vec<Registered>) -> Self {
        let by_mmsi = vessels
            .iter()
            .enumerate()
            .filter_map(|(at, vessel)| Some((vessel.mmsi?, at)))
            .collect();
        let by_imo = vessels
            .iter()
            .enumerate()
            .filter_map(|(at, vessel)| Some((vessel.imo?, at)))
            .collect();
        Self {
            vessels,
            by_mmsi,
            by_imo,
        }
    }

    /// Enters a vessel, in place of the one that has its MMSI, else of the one that has its IMO number.
    pub fn enter(&mut self, vessel: Registered) {
        let known = vessel.mmsi.and_then(|mmsi| self.by_mmsi.get(&mmsi));
        let known = known.or_else(|| self.by_imo.get(&vessel.imo?)).copied();
        if let Some(at) = known {
            self.by_mmsi.retain(|_, other| *other != at);
            self.by_imo.retain(|_, other| *other != at);
        }
        let at = known.unwrap_or(self.vessels.len());
        self.by_mmsi.extend(vessel.mmsi.map(|mmsi| (mmsi, at)));
        self.by_imo.extend(vessel.imo.map(|imo| (imo, at)));
        match known {
            Some(at) => self.vessels[at] = vessel,
            None => self.vessels.push(vessel),
        }
    }

    /// A vessel by its MMSI, else by its IMO number.
    pub fn find(&self, mmsi: Mmsi, imo: Option<u32>) -> Option<&Registered> {
        let at = self.by_mmsi.get(&mmsi).or_else(|| self.by_imo.get(&imo?))?;
        self.vessels.get(*at)
    }

    /// The class that the register gives a vessel, by its MMSI, else by its IMO number.
    pub fn class(&self, mmsi: Mmsi, imo: Option<u32>) -> Option<Class> {
        self.told(mmsi, imo, |vessel| vessel.class)
    }

    /// The deepest draught that the register gives a vessel, by its MMSI, else by its IMO number.
    pub fn load_line_m(&self, mmsi: Mmsi, imo: Option<u32>) -> Option<f64> {
        self.told(mmsi, imo, |vessel| vessel.load_line_m)
    }

    /// What the row of its MMSI tells, else that of its IMO number.
    fn told<T>(&self, mmsi: Mmsi, imo: Option<u32>, of: impl Fn(&Registered) -> Option<T>) -> Option<T> {
        let at = |at: &usize| self.vessels.get(*at).and_then(&of);
        let by_imo = || at(self.by_imo.get(&imo?)?);
        self.by_mmsi.get(&mmsi).and_then(at).or_else(by_imo)
    }

    /// All vessels, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Registered> {
        self.vessels.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.vessels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.vessels.is_empty()
    }
}

fn registered(row: &mut Row<'_>) -> Registered {
    let classes: Vec<&str> = Class::ALL.iter().map(|class| class.name()).collect();
    let class = |text: &str| Class::ALL.into_iter().find(|class| class.name() == text);
    let imo = |text: &str| text.parse().ok().filter(|imo| (1_000_000..10_000_000).contains(imo));
    let vessel = Registered {
        mmsi: row.maybe("mmsi", table::MMSI, table::mmsi),
        imo: row.maybe("imo", "an IMO number of seven digits", imo),
        name: row.text("name"),
        name_zh: row.text("name_zh"),
        class: row.maybe("class", &format!("one of {}", classes.join(", ")), class),
        load_line_m: row.maybe("load_line_m", "metres, as in 5.0", table::amount),
        loa_m: row.maybe("loa_m", "metres, as in 97", table::amount),
        owner: row.text("owner"),
    };
    if row.text("mmsi").is_none() && row.text("imo").is_none() {
        row.fault("mmsi", "is empty, and so is imo", "at least one of them");
    }
    vessel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_row_of_an_mmsi_leaves_open_that_of_its_imo_number_tells() {
        let register = Register::from_csv(
            "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n\
             412000001,,A,,sand_carrier,,97,\n\
             ,9000001,B,,ferry,4.0,,\n\
             412000002,,C,,,5.0,,\n",
        )
        .unwrap();
        for (mmsi, imo, class, load_line_m) in [
            (412_000_001, Some(9_000_001), Some(Class::SandCarrier), Some(4.0)),
            (412_000_001, None, Some(Class::SandCarrier), None),
            (412_000_002, Some(9_000_001), Some(Class::Ferry), Some(5.0)),
            (412_000_003, Some(9_000_001), Some(Class::Ferry), Some(4.0)),
            (412_000_003, None, None, None),
        ] {
            let told = (register.class(Mmsi(mmsi), imo), register.load_line_m(Mmsi(mmsi), imo));
            assert_eq!(told, (class, load_line_m), "{mmsi} {imo:?}");
        }
    }
}
