//! What rules remember of all vessels, in one pool: what one vessel gives up another takes over, so that a rule that
//! begins to remember asks for no memory.

use serde::{Deserialize, Serialize};

use super::succession::Succession;
use crate::picture::Slot;
use crate::rules::Memory;
use crate::time::Span;

/// "No more" of a vessel's memories, and of those that are not used.
const NONE: u32 = u32::MAX;

/// The memories of all vessels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Memories {
    /// The first of each vessel's, by slot.
    first: Vec<u32>,
    kept: Vec<Kept>,
    /// First of those that are not used.
    free: u32,
}

/// What one rule remembers of one vessel.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    memory: Memory,
    rule: u16,
    next: u32,
}

impl Default for Memories {
    fn default() -> Self {
        Self {
            first: Vec::new(),
            kept: Vec::new(),
            free: NONE,
        }
    }
}

impl Memories {
    /// Touches the first of a vessel's.
    pub(super) fn glance(&self, slot: Slot) -> u32 {
        self.kept.get(self.first(slot) as usize).map_or(0, |kept| kept.next)
    }

    /// What a rule remembers of a vessel.
    pub(super) fn get(&self, slot: Slot, rule: u16) -> &Memory {
        let at = self.find(slot, rule);
        at.map_or(&Memory::Nothing, |at| &self.kept[at as usize].memory)
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        for kept in &mut self.kept {
            kept.memory.shift(by);
        }
    }

    /// Hands out what a rule remembers of a vessel, to be given back by [`Self::keep`].
    pub(super) fn take(&mut self, slot: Slot, rule: u16) -> Memory {
        match self.find(slot, rule) {
            Some(at) => std::mem::take(&mut self.kept[at as usize].memory),
            None => Memory::Nothing,
        }
    }

    /// Keeps what a rule remembers of a vessel, if it is anything.
    pub(super) fn keep(&mut self, slot: Slot, rule: u16, memory: Memory) {
        match self.find(slot, rule) {
            Some(at) if memory == Memory::Nothing => self.let_go(slot, at),
            Some(at) => self.kept[at as usize].memory = memory,
            None if memory == Memory::Nothing => {}
            None => {
                let next = self.first(slot);
                let new = self.put(Kept { memory, rule, next });
                self.set_first(slot, new);
            }
        }
    }

    /// Lets go of all of a vessel's.
    pub(super) fn forget(&mut self, slot: Slot) {
        while self.first(slot) != NONE {
            self.let_go(slot, self.first(slot));
        }
    }

    /// Goes on under other orders: what is remembered of a vessel by rules that no longer do goes.
    pub(super) fn succeed(&mut self, slot: Slot, succession: &Succession) {
        let mut at = self.first(slot);
        while at != NONE {
            let kept = &mut self.kept[at as usize];
            let next = kept.next;
            match succession.heir(kept.rule).filter(|heir| heir.remembers) {
                Some(heir) => kept.rule = heir.rule,
                None => self.let_go(slot, at),
            }
            at = next;
        }
    }

    fn first(&self, slot: Slot) -> u32 {
        self.first.get(slot.0 as usize).copied().unwrap_or(NONE)
    }

    fn set_first(&mut self, slot: Slot, at: u32) {
        let slot = slot.0 as usize;
        if self.first.len() <= slot {
            self.first.resize(slot + 1, NONE);
        }
        self.first[slot] = at;
    }

    fn find(&self, slot: Slot, rule: u16) -> Option<u32> {
        let mut at = self.first(slot);
        while at != NONE {
            let kept = &self.kept[at as usize];
            if kept.rule == rule {
                return Some(at);
            }
            at = kept.next;
        }
        None
    }

    fn put(&mut self, new: Kept) -> u32 {
        match self.free {
            NONE => {
                self.kept.push(new);
                u32::try_from(self.kept.len() - 1).expect("vessels and rules are bounded")
            }
            free => {
                self.free = std::mem::replace(&mut self.kept[free as usize], new).next;
                free
            }
        }
    }

    fn let_go(&mut self, slot: Slot, at: u32) {
        let kept = &mut self.kept[at as usize];
        kept.memory = Memory::Nothing;
        let next = std::mem::replace(&mut kept.next, self.free);
        self.free = at;
        if self.first(slot) == at {
            self.set_first(slot, next);
            return;
        }
        let mut before = self.first(slot);
        while self.kept[before as usize].next != at {
            before = self.kept[before as usize].next;
        }
        self.kept[before as usize].next = next;
    }
}
