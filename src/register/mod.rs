//! The register of known vessels, sand carriers' declarations and inspections: state that orders change.

mod class;

pub use class::Class;
