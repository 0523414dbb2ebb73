//! The engine: the one task that writes the core's state, and the batches in which it tells what changed.

mod batch;
mod orders;

pub use batch::{Batch, FeedRow, FeedState, OUTCOMES};
pub use orders::{Given, OrderQueue, Orders, Refused};
