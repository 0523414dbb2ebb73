//! The engine: the one task that writes the core's state, and the batches in which it tells what changed.

mod batch;
mod book;
mod core;
mod desk;
mod live;
mod orders;
mod own;
mod player;
mod rehearsal;
mod relay;
mod roll;

pub use batch::{Batch, FeedRow, FeedState, OUTCOMES, StationRow};
pub use book::{FromKeeper, Kept, Reply, ToKeeper};
pub use core::{Core, Done, Setup};
pub use live::Engine;
pub use orders::{Asked, Explained, Given, OrderQueue, Orders, Question, QuestionQueue, Questions, Refused};
pub use own::{SYSTEM_DISK, SYSTEM_RECOVERY, SYSTEM_RETENTION};
pub use player::{Difference, Player, Unplayable, Vain};
pub use rehearsal::{Progress, Rehearsal, Rehearsals, Unrehearsed};
pub use relay::{Block, Relay};
