//! How all vessels stand with a watch: those of whom it keeps nothing take no room.

use serde::{Deserialize, Serialize};

use super::standing::Standing;
use crate::picture::Slot;

/// "Nothing is kept" of a vessel.
const NONE: u32 = u32::MAX;

/// What a watch keeps of each vessel, by its slot. What one vessel gives up another takes over with the room in it, so
/// that vessels that come into zones and leave them ask for no memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Standings {
    /// Whose is which of those kept.
    by_slot: Vec<u32>,
    kept: Vec<Standing>,
    free: Vec<u32>,
    /// Handed out for a vessel of whom nothing is kept.
    #[serde(skip)]
    spare: Standing,
}

impl Standings {
    /// How a vessel stands, if anything is kept of it.
    pub(super) fn get(&self, slot: Slot) -> Option<&Standing> {
        let at = self.by_slot.get(slot.0 as usize).filter(|at| **at != NONE)?;
        self.kept.get(*at as usize)
    }

    /// The same, to be changed in no way that leaves nothing to keep.
    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Standing> {
        let at = self.by_slot.get(slot.0 as usize).filter(|at| **at != NONE)?;
        self.kept.get_mut(*at as usize)
    }

    /// How every vessel stands of whom anything is kept.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Standing> {
        self.kept.iter_mut()
    }

    /// Hands out how a vessel stands, to be given back by [`Self::keep`].
    pub(super) fn take(&mut self, slot: Slot) -> Standing {
        let standing = match self.by_slot.get(slot.0 as usize) {
            Some(&at) if at != NONE => &mut self.kept[at as usize],
            _ => &mut self.spare,
        };
        std::mem::take(standing)
    }

    /// Takes back what was handed out, and keeps it if there is anything in it.
    pub(super) fn keep(&mut self, slot: Slot, mut standing: Standing) {
        let slot = slot.0 as usize;
        if self.by_slot.len() <= slot {
            self.by_slot.resize(slot + 1, NONE);
        }
        let at = &mut self.by_slot[slot];
        if standing.is_empty() {
            // Its room stays where it was, for whoever comes next.
            let emptied = match std::mem::replace(at, NONE) {
                NONE => &mut self.spare,
                known => {
                    self.free.push(known);
                    &mut self.kept[known as usize]
                }
            };
            standing.clear();
            *emptied = standing;
            return;
        }
        if *at != NONE {
            self.kept[*at as usize] = standing;
        } else if let Some(free) = self.free.pop() {
            *at = free;
            self.spare = std::mem::replace(&mut self.kept[free as usize], standing);
        } else {
            *at = u32::try_from(self.kept.len()).expect("vessels are bounded");
            self.kept.push(standing);
        }
    }
}
