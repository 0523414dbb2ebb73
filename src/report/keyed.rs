//! A hasher for tables keyed by what a sender chooses: keyed, so that nobody outside can make entries collide, and the
//! same in a replay, because the key is given.

use std::hash::BuildHasher;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

/// The core's hash key, drawn once a start by the shell and kept with what is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashKey(pub u64, pub u64);

/// Makes SipHash-1-3 hashers with the core's key.
#[derive(Clone, Copy, Debug)]
pub struct KeyedState(HashKey);

impl KeyedState {
    /// Hashers with this key.
    pub fn new(key: HashKey) -> Self {
        Self(key)
    }
}

impl BuildHasher for KeyedState {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> SipHasher13 {
        SipHasher13::new_with_keys(self.0.0, self.0.1)
    }
}
