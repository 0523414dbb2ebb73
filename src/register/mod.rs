//! The register of known vessels, sand carriers' declarations and inspections: state that orders change.

mod class;
mod declarations;
mod table;
mod vessels;

pub use class::Class;
pub use declarations::{Declaration, Declarations, Status};
pub use table::Fault;
pub use vessels::{Register, Registered};
