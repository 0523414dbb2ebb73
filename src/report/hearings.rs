//! Duplicates: one transmission heard by several stations counts once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::HashKey;
use crate::time::{Span, Timestamp};

/// Event times of hearings of one transmission are at most this far apart.
const SAME_WITHIN: Span = Span::s(10);
/// Hearings remembered. At the bound the oldest is forgotten: 20 s of 6 000 messages a second.
const MAX_HEARINGS: usize = 1 << 17;

/// The payloads that counted lately, by a keyed 128-bit hash of payload and fill bits.
#[derive(Clone, Debug)]
pub struct Hearings {
    key: HashKey,
    counted: HashMap<u128, Timestamp, BuildHasherDefault<Keyed>>,
    order: VecDeque<Hearing>,
}

/// Takes a hash that a key went into as it is.
#[derive(Clone, Copy, Debug, Default)]
struct Keyed(u64);

impl Hasher for Keyed {
    fn write(&mut self, bytes: &[u8]) {
        let (word, _) = bytes.split_first_chunk().expect("a hash has sixteen bytes");
        self.0 = u64::from_ne_bytes(*word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A hearing that counted, as it is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    hash: u128,
    time: Timestamp,
}

impl Hearings {
    /// No hearings yet.
    pub fn new(key: HashKey) -> Self {
        Self {
            key,
            counted: HashMap::default(),
            order: VecDeque::new(),
        }
    }

    /// Whether a payload heard at `time` is new, and so counts; if it is the same as one that counted at most 10 s
    /// before or after, it is a duplicate, and does not extend those 10 s.
    pub fn counts(&mut self, time: Timestamp, payload: &[u8], fill_bits: u8) -> bool {
        let hash = self.hash(payload, fill_bits);
        match self.counted.entry(hash) {
            Entry::Occupied(counted) if time.since(*counted.get()).0.abs() <= SAME_WITHIN.0 => return false,
            Entry::Occupied(mut counted) => *counted.get_mut() = time,
            Entry::Vacant(vacant) => {
                vacant.insert(time);
            }
        }
        self.order.push_back(Hearing { hash, time });
        if self.order.len() > MAX_HEARINGS {
            self.forget_oldest();
        }
        true
    }

    fn forget_oldest(&mut self) {
        let Some(oldest) = self.order.pop_front() else { return };
        if self.counted.get(&oldest.hash) == Some(&oldest.time) {
            self.counted.remove(&oldest.hash);
        }
    }

    fn hash(&self, payload: &[u8], fill_bits: u8) -> u128 {
        let mut hasher = SipHasher13::new_with_keys(self.key.0, self.key.1);
        hasher.write(payload);
        hasher.write_u8(fill_bits);
        hasher.finish128().as_u128()
    }

    /// What is remembered, oldest first.
    pub fn to_parts(&self) -> Vec<Hearing> {
        self.order.iter().copied().collect()
    }

    /// Remembers again what was written out under the same key.
    pub fn from_parts(key: HashKey, hearings: Vec<Hearing>) -> Self {
        let mut counted = HashMap::default();
        counted.extend(hearings.iter().map(|hearing| (hearing.hash, hearing.time)));
        Self {
            key,
            counted,
            order: hearings.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_once_within_ten_seconds() {
        let mut hearings = Hearings::new(HashKey(1, 2));
        for (ms, payload, fill, counts) in [
            (0, "A", 0, true),
            (10_000, "A", 0, false),
            (10_001, "A", 0, true),
            (10_001, "A", 2, true),
            (12_000, "B", 0, true),
            (2_000, "B", 0, false),
            (1_999, "B", 0, true),
            (20_001, "A", 0, false),
            (20_002, "A", 0, true),
        ] {
            assert_eq!(
                hearings.counts(Timestamp(ms), payload.as_bytes(), fill),
                counts,
                "{payload} at {ms}"
            );
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut hearings = Hearings::new(HashKey(1, 2));
        for n in 0..MAX_HEARINGS as u64 + 1000 {
            assert!(hearings.counts(Timestamp(0), &n.to_le_bytes(), 0));
        }
        assert_eq!(
            (hearings.order.len(), hearings.counted.len()),
            (MAX_HEARINGS, MAX_HEARINGS)
        );
    }
}
