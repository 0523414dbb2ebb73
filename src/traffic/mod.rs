//! The core: one picture of the traffic and the watches that stand over it.

mod event;

pub use event::{Event, VesselRow};
