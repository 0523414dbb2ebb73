//! Static data as last believed, each datum with its time and its station.

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use crate::geo::Metres;
use crate::report::{Dimensions, Eta, StaticReport, Station};
use crate::time::Timestamp;

/// The last word on one datum: "not available" is a word too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief<T> {
    pub value: Option<T>,
    /// When it was last said, and who heard it; `None` while nothing was said.
    pub said: Option<(Timestamp, Station)>,
}

/// What a vessel says of itself in types 5, 19, 21 and 24.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statics {
    pub name: Belief<ArrayString<34>>,
    pub call_sign: Belief<ArrayString<7>>,
    pub imo: Belief<u32>,
    pub ship_type: Belief<u8>,
    pub dimensions: Belief<Dimensions>,
    pub draught: Belief<Metres>,
    pub destination: Belief<ArrayString<20>>,
    pub eta: Belief<Eta>,
    /// The newest static report of any kind.
    pub time: Option<Timestamp>,
}

impl<T> Default for Belief<T> {
    fn default() -> Self {
        Self {
            value: None,
            said: None,
        }
    }
}

impl<T: Copy> Belief<T> {
    fn hear(&mut self, said: Option<Option<T>>, time: Timestamp, station: Station) {
        let newer = self.said.is_none_or(|(newest, _)| time >= newest);
        if let Some(value) = said.filter(|_| newer) {
            *self = Self {
                value,
                said: Some((time, station)),
            };
        }
    }
}

impl Statics {
    /// Takes over what the report carries, where nothing newer was said.
    pub(super) fn apply(&mut self, report: &StaticReport, time: Timestamp, station: Station) {
        self.time = self.time.max(Some(time));
        self.name.hear(report.name, time, station);
        self.call_sign.hear(report.call_sign, time, station);
        self.imo.hear(report.imo, time, station);
        self.ship_type.hear(report.ship_type, time, station);
        self.dimensions.hear(report.dimensions, time, station);
        self.draught.hear(report.draught, time, station);
        self.destination.hear(report.destination, time, station);
        self.eta.hear(report.eta, time, station);
    }
}
