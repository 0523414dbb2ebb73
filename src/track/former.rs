//! What a vessel called itself before: a history of its identity.

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use super::Word;
use crate::time::Timestamp;

/// Earlier identities kept of one vessel; at the bound the one last said longest ago goes.
pub const MAX_FORMER: usize = 16;

/// A value that a vessel gave of what identifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Identity {
    Name(ArrayString<34>),
    CallSign(ArrayString<7>),
    Imo(u32),
    ShipType(u8),
}

/// A value it gives no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    pub identity: Identity,
    /// When it was first said.
    pub first: Timestamp,
    /// When it was last said.
    pub last: Timestamp,
}

/// Earlier identities, each once, in the order in which they were first given up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Formers(Vec<Former>);

impl Formers {
    /// A value is given no longer.
    pub(super) fn note(&mut self, identity: Identity, word: &Word) {
        if let Some(former) = self.0.iter_mut().find(|former| former.identity == identity) {
            former.last = word.time;
            return;
        }
        if self.0.len() == MAX_FORMER
            && let Some((at, _)) = self.0.iter().enumerate().min_by_key(|(_, former)| former.last)
        {
            self.0.remove(at);
        }
        self.0.push(Former {
            identity,
            first: word.since,
            last: word.time,
        });
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Former> {
        self.0.iter()
    }
}
