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

/// What the harbour office has of vessels' calls on paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Papers {
    pub declarations: Declarations,
    pub inspections: Inspections,
}
