//! The core: one picture of the traffic and the watches that stand over it.

mod event;
mod order;

pub use event::{Event, VesselRow};
pub use order::{Answer, Order};
