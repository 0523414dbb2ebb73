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
    counted: HashMap<u128, Counted, BuildHasherDefault<Keyed>>,
    kept: VecDeque<Kept>,
    /// Number of the first that is kept.
    first: u64,
}

/// What is known of one payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    /// Its greatest time.
    newest: Timestamp,
    /// Number of the hearing kept last.
    last: u64,
}

/// A hearing that counted, by its number among all that did, beginning with 1.
#[derive(Clone, Copy, Debug)]
struct Kept {
    hearing: Hearing,
    /// Number of the one before of the same payload; there is none if that is no longer kept.
    before: u64,
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
            kept: VecDeque::new(),
            first: 1,
        }
    }

    /// Whether a payload heard at `time` is new, and so counts; if it is the same as one that counted at most 10 s
    /// before or after, it is a duplicate, and does not extend those 10 s.
    pub fn counts(&mut self, time: Timestamp, payload: &[u8], fill_bits: u8) -> bool {
        let hash = self.hash(payload, fill_bits);
        let is_same = |other: Timestamp| time.since(other).0.abs() <= SAME_WITHIN.0;
        // Only a time out of order can be nearer to an older hearing than to the newest.
        let is_duplicate = self.counted.get(&hash).is_some_and(|counted| {
            is_same(counted.newest) || time < counted.newest && self.times(counted.last).any(is_same)
        });
        if !is_duplicate {
            self.keep(Hearing { hash, time });
            if self.kept.len() > MAX_HEARINGS {
                self.forget_oldest();
            }
        }
        !is_duplicate
    }

    fn keep(&mut self, hearing: Hearing) {
        let last = self.first + self.kept.len() as u64;
        let newest = hearing.time;
        let before = match self.counted.entry(hearing.hash) {
            Entry::Occupied(mut counted) => {
                let counted = counted.get_mut();
                counted.newest = counted.newest.max(newest);
                std::mem::replace(&mut counted.last, last)
            }
            Entry::Vacant(vacant) => {
                vacant.insert(Counted { newest, last });
                0
            }
        };
        self.kept.push_back(Kept { hearing, before });
    }

    fn forget_oldest(&mut self) {
        let Some(Kept { hearing, .. }) = self.kept.pop_front() else {
            return;
        };
        self.first += 1;
        let Some(counted) = self.counted.get(&hearing.hash).copied() else {
            return;
        };
        if counted.newest > hearing.time {
            return;
        }
        match self.times(counted.last).max() {
            Some(newest) => self.counted.insert(hearing.hash, Counted { newest, ..counted }),
            None => self.counted.remove(&hearing.hash),
        };
    }

    /// The times of the kept hearings of one payload, from the one of this number back.
    fn times(&self, last: u64) -> impl Iterator<Item = Timestamp> + '_ {
        let kept = |number: u64| self.kept.get(usize::try_from(number.checked_sub(self.first)?).ok()?);
        std::iter::successors(kept(last), move |later| kept(later.before)).map(|kept| kept.hearing.time)
    }

    fn hash(&self, payload: &[u8], fill_bits: u8) -> u128 {
        let mut hasher = SipHasher13::new_with_keys(self.key.0, self.key.1);
        hasher.write(payload);
        hasher.write_u8(fill_bits);
        hasher.finish128().as_u128()
    }

    /// What is remembered, oldest first.
    pub fn to_parts(&self) -> Vec<Hearing> {
        self.kept.iter().map(|kept| kept.hearing).collect()
    }

    /// Remembers again what was written out under the same key.
    pub fn from_parts(key: HashKey, hearings: Vec<Hearing>) -> Self {
        let mut remembered = Self::new(key);
        for hearing in hearings {
            remembered.keep(hearing);
        }
        remembered
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
            // Out of order: between two that counted, before both, and before that one too.
            (5_000, "A", 0, false),
            (-5_000, "A", 0, false),
            (-10_001, "A", 0, true),
            (-10_002, "A", 0, false),
            (-20_002, "A", 0, true),
            (30_002, "A", 0, false),
        ] {
            // Written out and read again before each, it hears the same.
            hearings = Hearings::from_parts(HashKey(1, 2), hearings.to_parts());
            assert_eq!(
                hearings.counts(Timestamp(ms), payload.as_bytes(), fill),
                counts,
                "{payload} at {ms}"
            );
        }
    }

    #[test]
    fn what_is_forgotten_is_heard_anew() {
        for (heard_s, forgotten, second, counts) in [
            (&[0, -20, 20][..], 0, -5, false),
            (&[0, -20, 20], 1, -5, true),
            (&[20, 0, -20], 1, 20, true),
            (&[20, 0, -20], 1, 10, false),
            (&[20, 0, -20], 1, -10, false),
            (&[20, 0, -20], 2, 0, true),
            (&[20, 0, -20], 3, -20, true),
        ] {
            let mut hearings = Hearings::new(HashKey(1, 2));
            for &heard_s in heard_s {
                assert!(hearings.counts(Timestamp::from_s(heard_s), b"A", 0));
            }
            for _ in 0..forgotten {
                hearings.forget_oldest();
            }
            let told = hearings.counts(Timestamp::from_s(second), b"A", 0);
            assert_eq!(told, counts, "{second} s after {heard_s:?}, {forgotten} forgotten");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut hearings = Hearings::new(HashKey(1, 2));
        for n in 0..MAX_HEARINGS as u64 + 1000 {
            assert!(hearings.counts(Timestamp(0), &n.to_le_bytes(), 0));
        }
        assert_eq!(
            (hearings.kept.len(), hearings.counted.len()),
            (MAX_HEARINGS, MAX_HEARINGS)
        );
    }
}
