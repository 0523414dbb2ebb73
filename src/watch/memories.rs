//! What rules remember of all vessels, in one pool: what one vessel gives up another takes over, so that a rule that
//! begins to remember asks for no memory.

use serde::{Deserialize, Serialize};

use super::succession::Succession;
use crate::rules::Memory;
use crate::time::Span;

/// "No more" of a vessel's memories, and of those that are not used.
const NONE: u32 = u32::MAX;

/// The memories of all vessels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Memories {
    kept: Vec<Kept>,
    /// First of those that are not used.
    free: u32,
}

/// One vessel's: the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Own(u32);

/// What one rule remembers of one vessel.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    memory: Memory,
    rule: u16,
    next: u32,
}

impl Default for Own {
    fn default() -> Self {
        Self(NONE)
    }
}

impl Default for Memories {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            free: NONE,
        }
    }
}

impl Own {
    /// Whether no rule remembers anything of the vessel.
    pub(super) fn is_empty(self) -> bool {
        self.0 == NONE
    }
}

impl Memories {
    /// Touches the first of a vessel's.
    pub(super) fn glance(&self, own: Own) -> u32 {
        self.kept.get(own.0 as usize).map_or(0, |kept| kept.next)
    }

    /// What a rule remembers.
    pub(super) fn get(&self, own: Own, rule: u16) -> &Memory {
        let at = self.find(own, rule);
        at.map_or(&Memory::Nothing, |at| &self.kept[at as usize].memory)
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        for kept in &mut self.kept {
            kept.memory.shift(by);
        }
    }

    /// Hands out what a rule remembers, to be given back by [`Self::keep`].
    pub(super) fn take(&mut self, own: Own, rule: u16) -> Memory {
        match self.find(own, rule) {
            Some(at) => std::mem::take(&mut self.kept[at as usize].memory),
            None => Memory::Nothing,
        }
    }

    /// Keeps what a rule remembers, if it is anything.
    pub(super) fn keep(&mut self, own: &mut Own, rule: u16, memory: Memory) {
        match self.find(*own, rule) {
            Some(at) if memory == Memory::Nothing => self.let_go(own, at),
            Some(at) => self.kept[at as usize].memory = memory,
            None if memory == Memory::Nothing => {}
            None => {
                let next = own.0;
                own.0 = self.put(Kept { memory, rule, next });
            }
        }
    }

    /// Lets go of all of a vessel's.
    pub(super) fn forget(&mut self, own: &mut Own) {
        while !own.is_empty() {
            self.let_go(own, own.0);
        }
    }

    /// Goes on under other orders: what is remembered by rules that no longer do goes.
    pub(super) fn succeed(&mut self, own: &mut Own, succession: &Succession) {
        let mut at = own.0;
        while at != NONE {
            let kept = &mut self.kept[at as usize];
            let next = kept.next;
            match succession.heir(kept.rule).filter(|heir| heir.remembers) {
                Some(heir) => kept.rule = heir.rule,
                None => self.let_go(own, at),
            }
            at = next;
        }
    }

    fn find(&self, own: Own, rule: u16) -> Option<u32> {
        let mut at = own.0;
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

    fn let_go(&mut self, own: &mut Own, at: u32) {
        let kept = &mut self.kept[at as usize];
        kept.memory = Memory::Nothing;
        let next = std::mem::replace(&mut kept.next, self.free);
        self.free = at;
        if own.0 == at {
            own.0 = next;
            return;
        }
        let mut before = own.0;
        while self.kept[before as usize].next != at {
            before = self.kept[before as usize].next;
        }
        self.kept[before as usize].next = next;
    }
}
