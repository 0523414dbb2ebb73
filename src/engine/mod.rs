//! The engine: the one task that writes the core's state, and the batches in which it tells what changed.

mod batch;
mod core;
mod desk;
mod live;
mod orders;
mod roll;

pub use batch::{Batch, FeedRow, FeedState, OUTCOMES, StationKey, StationRow};
pub use core::{Core, Done};
pub use live::Engine;
pub use orders::{Given, OrderQueue, Orders, Refused};
