//! The register of known vessels, sand carriers' declarations and inspections, the tide: state that orders change.

mod class;
mod declarations;
mod inspections;
mod table;
mod tide;
mod vessels;

pub use class::Class;
pub use declarations::{Declaration, Declarations, Status};
pub use inspections::{Inspection, Inspections, Outcome};
pub use table::Fault;
pub use tide::{MAX_TIDE_M, Tide};
pub use vessels::{Register, Registered};

use serde::{Deserialize, Serialize};

use crate::ais::Mmsi;

/// A row of the register or of the papers, as an order enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entered {
    Vessel(Registered),
    Declaration(Declaration),
    Inspection(Inspection),
}

/// What the harbour office has of vessels' calls on paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Papers {
    pub declarations: Declarations,
    pub inspections: Inspections,
}

impl Entered {
    /// The vessel it is about, if it names one by its MMSI.
    pub fn mmsi(&self) -> Option<Mmsi> {
        match self {
            Self::Vessel(vessel) => vessel.mmsi,
            Self::Declaration(declaration) => Some(declaration.mmsi),
            Self::Inspection(inspection) => Some(inspection.mmsi),
        }
    }
}
