//! The core's state as bytes: the same state, the same bytes; the same bytes, the same future.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::order::Done;
use super::{Clock, Key, Traffic};
use crate::picture::{Memory, Picture};
use crate::report::HashKey;
use crate::track::TrackLimits;
use crate::watch::{Editions, Orders, State, Watch};

/// Version of the encoding; another version's bytes are refused.
const VERSION: u16 = 9;

/// All of a core's state, in the order in which it is written (postcard's wire format).
#[derive(Serialize, Deserialize)]
struct Whole {
    version: u16,
    clock: Clock,
    picture: Memory,
    watches: Vec<State>,
    done: VecDeque<(Key, Done)>,
    editions: Editions,
}

/// Why bytes are not a core's state.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the state is of encoding version {0}, this build reads version {VERSION}")]
    Version(u16),
    #[error("the state is damaged: {0}")]
    Damaged(#[from] postcard::Error),
    #[error("the state is of {0} watches, the configuration has {1}")]
    Watches(usize, usize),
}

impl Traffic {
    /// The state as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let whole = Whole {
            version: VERSION,
            clock: self.clock,
            picture: self.picture.memory(),
            watches: self.watches.iter().map(|watch| watch.state().clone()).collect(),
            done: self.done.clone(),
            editions: self.editions.clone(),
        };
        postcard::to_stdvec(&whole).expect("plain data can always be written to memory")
    }

    /// The core that these bytes were written from, under the same limits, orders and hash key.
    pub fn from_bytes(
        bytes: &[u8],
        limits: TrackLimits,
        orders: Vec<Orders>,
        key: HashKey,
    ) -> Result<Self, Unreadable> {
        let (version, _) = postcard::take_from_bytes::<u16>(bytes)?;
        if version != VERSION {
            return Err(Unreadable::Version(version));
        }
        let whole: Whole = postcard::from_bytes(bytes)?;
        let orders = Self::orders_in_force(&whole.editions, orders);
        if whole.watches.len() != orders.len() {
            return Err(Unreadable::Watches(whole.watches.len(), orders.len()));
        }
        let watches = orders
            .into_iter()
            .zip(whole.watches)
            .map(|(orders, state)| Watch::resume(orders, state));
        let picture = Picture::resume(limits, whole.picture, key);
        let mut traffic = Self::of(whole.clock, picture, watches.collect());
        traffic.done = whole.done;
        traffic.editions = whole.editions;
        Ok(traffic)
    }
}
