//! A timer wheel: keys that become due at whole seconds, found without scanning those that are not.

use serde::{Deserialize, Serialize};

/// Slots a level; each level's slot spans all slots of the level below.
const SLOTS: usize = 256;
/// Levels: 256⁵ seconds, about 34 000 years, are told apart.
const LEVELS: usize = 5;
/// "No entry" in the links.
const NONE: u32 = u32::MAX;
/// Timers farther ahead are due here at the latest; who wakes asks again.
const FARTHEST_S: i64 = 1 << 38;

/// A timer in its wheel, until it is due or cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimerId(u32);

/// Keys by the second at which they are due. Plain data; setting, cancelling and finding cost the same however many
/// there are, and allocate only while the number of timers grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wheel<K> {
    /// First second not yet passed.
    next_s: i64,
    entries: Vec<Entry<K>>,
    free: Vec<u32>,
    /// First entry of each slot, level by level.
    heads: Vec<u32>,
    /// Which slots have entries, a bit each.
    occupied: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry<K> {
    second: i64,
    key: K,
    slot: u16,
    before: u32,
    after: u32,
}

impl<K: Copy + Ord> Wheel<K> {
    /// An empty wheel; timers set before `next_s` are due then.
    pub fn new(next_s: i64) -> Self {
        Self {
            next_s,
            entries: Vec::new(),
            free: Vec::new(),
            heads: vec![NONE; SLOTS * LEVELS],
            occupied: vec![0; SLOTS * LEVELS / 64],
        }
    }

    /// Makes `key` due at `second`, at the earliest at the first second not yet passed.
    pub fn set(&mut self, second: i64, key: K) -> TimerId {
        let second = second.clamp(self.next_s, self.next_s + FARTHEST_S);
        let entry = Entry {
            second,
            key,
            slot: 0,
            before: NONE,
            after: NONE,
        };
        let id = match self.free.pop() {
            Some(id) => {
                self.entries[id as usize] = entry;
                id
            }
            None => {
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).expect("timers are bounded by vessels, pairs and alerts")
            }
        };
        self.link(id);
        TimerId(id)
    }

    /// Takes back a timer that is not yet due.
    pub fn cancel(&mut self, timer: TimerId) {
        self.unlink(timer.0);
        self.free.push(timer.0);
    }

    /// The first second, at most `now_s`, at which keys are due: it returns that second and leaves its keys in `keys`,
    /// in order; `None` when all seconds up to `now_s` have passed.
    pub fn pass(&mut self, now_s: i64, keys: &mut Vec<K>) -> Option<i64> {
        keys.clear();
        while let Some((level, slot, start)) = self.first_occupied() {
            let due_by = if level == 0 { now_s } else { now_s + 1 };
            if start > due_by {
                break;
            }
            self.next_s = self.next_s.max(start);
            if level > 0 {
                self.spread(level, slot);
                continue;
            }
            self.next_s = start + 1;
            self.take_all(slot, keys);
            self.settle_block();
            return Some(start);
        }
        self.next_s = self.next_s.max(now_s + 1);
        self.settle_block();
        None
    }

    /// A second before which nothing is due; `None` if there are no timers.
    pub fn earliest(&self) -> Option<i64> {
        self.first_occupied().map(|(_, _, start)| start)
    }

    /// The level, slot and first second of the earliest occupied slot.
    fn first_occupied(&self) -> Option<(usize, usize, i64)> {
        (0..LEVELS).find_map(|level| {
            let shift = 8 * level as u32;
            let from = ((self.next_s >> shift) & 255) as usize;
            let slot = self.next_occupied(level, from)?;
            let block = self.next_s >> (shift + 8) << (shift + 8);
            Some((level, slot, block + ((slot as i64) << shift)))
        })
    }

    fn next_occupied(&self, level: usize, from: usize) -> Option<usize> {
        let words = &self.occupied[level * SLOTS / 64..(level + 1) * SLOTS / 64];
        let mut word = from / 64;
        let mut bits = words[word] & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *words.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    /// Moves what the slots above hold for the block now begun down to finer slots.
    fn settle_block(&mut self) {
        for level in (1..LEVELS).rev() {
            let slot = ((self.next_s >> (8 * level as u32)) & 255) as usize;
            if self.heads[level * SLOTS + slot] != NONE {
                self.spread(level, slot);
            }
        }
    }

    fn spread(&mut self, level: usize, slot: usize) {
        let mut id = self.heads[level * SLOTS + slot];
        while id != NONE {
            let after = self.entries[id as usize].after;
            self.unlink(id);
            self.link(id);
            id = after;
        }
    }

    fn take_all(&mut self, slot: usize, keys: &mut Vec<K>) {
        while self.heads[slot] != NONE {
            let id = self.heads[slot];
            keys.push(self.entries[id as usize].key);
            self.unlink(id);
            self.free.push(id);
        }
        keys.sort_unstable();
    }

    fn link(&mut self, id: u32) {
        let second = self.entries[id as usize].second;
        let level = (0..LEVELS - 1)
            .find(|level| second >> (8 * (level + 1)) == self.next_s >> (8 * (level + 1)))
            .unwrap_or(LEVELS - 1);
        let slot = level * SLOTS + ((second >> (8 * level)) & 255) as usize;
        let head = self.heads[slot];
        let entry = &mut self.entries[id as usize];
        entry.slot = slot as u16;
        entry.before = NONE;
        entry.after = head;
        if head != NONE {
            self.entries[head as usize].before = id;
        }
        self.heads[slot] = id;
        self.occupied[slot / 64] |= 1 << (slot % 64);
    }

    fn unlink(&mut self, id: u32) {
        let Entry {
            slot, before, after, ..
        } = self.entries[id as usize];
        let slot = usize::from(slot);
        match before {
            NONE => self.heads[slot] = after,
            _ => self.entries[before as usize].after = after,
        }
        if after != NONE {
            self.entries[after as usize].before = before;
        }
        if self.heads[slot] == NONE {
            self.occupied[slot / 64] &= !(1 << (slot % 64));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Sets, cancels and passes as told, beside a sorted set that is searched from the front.
    fn check(start: i64, steps: &[(u8, i64)]) {
        let mut wheel = Wheel::new(start);
        let mut naive = BTreeSet::new();
        let mut timers = Vec::new();
        let mut now = start - 1;
        let mut keys = Vec::new();
        for (n, &(what, seconds)) in steps.iter().enumerate() {
            match what {
                0 | 1 => {
                    let due = (now + seconds).max(now + 1);
                    timers.push((due, n, wheel.set(now + seconds, n)));
                    naive.insert((due, n));
                }
                2 if !timers.is_empty() => {
                    let (due, key, timer) = timers.swap_remove(seconds as usize % timers.len());
                    wheel.cancel(timer);
                    naive.remove(&(due, key));
                }
                _ => {
                    now += seconds;
                    while let Some(second) = wheel.pass(now, &mut keys) {
                        let first = naive.first().expect("the wheel found one").0;
                        assert_eq!(second, first);
                        let due: Vec<_> = naive.iter().take_while(|(s, _)| *s == first).map(|(_, k)| *k).collect();
                        assert_eq!(keys, due);
                        naive.retain(|(s, _)| *s != first);
                        timers.retain(|(s, _, _)| *s != first);
                    }
                    assert!(naive.first().is_none_or(|(s, _)| *s > now));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn finds_what_a_sorted_set_finds(
            start in -100_000i64..2_000_000_000,
            steps in prop::collection::vec((0u8..4, prop_oneof![0i64..20, 0i64..1000, 0i64..200_000]), 0..200),
        ) {
            check(start, &steps);
        }
    }

    #[test]
    fn slots_are_used_again() {
        let mut wheel = Wheel::new(0);
        let mut keys = Vec::new();
        for second in 0..100_000 {
            wheel.set(second + 300, 7u32);
            wheel.pass(second, &mut keys);
        }
        assert!(wheel.entries.len() < 310);
    }
}
