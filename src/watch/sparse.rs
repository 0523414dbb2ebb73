//! What is kept of some vessels only, by slot: those of whom there is nothing to keep take no room.

use serde::{Deserialize, Serialize};

use crate::picture::Slot;

/// "Nothing is kept" of a vessel.
const NONE: u32 = u32::MAX;

/// What is kept of each vessel. What one gives up another takes over with the room in it, so that vessels of whom there
/// is now something to keep and now nothing ask for no memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Sparse<T: Room> {
    /// Whose is which of those kept.
    by_slot: Vec<u32>,
    kept: Vec<T>,
    free: Vec<u32>,
    /// Handed out for a vessel of whom nothing is kept.
    #[serde(skip)]
    spare: T,
}

/// What may be empty, and keep its room.
pub(super) trait Room: Default {
    /// Whether there is nothing in it to keep.
    fn is_empty(&self) -> bool;

    /// Forgets all, and keeps its room.
    fn clear(&mut self);
}

impl<T: Room> Sparse<T> {
    /// What is kept of a vessel, if anything.
    pub(super) fn get(&self, slot: Slot) -> Option<&T> {
        let at = self.by_slot.get(slot.0 as usize).filter(|at| **at != NONE)?;
        self.kept.get(*at as usize)
    }

    /// The same, to be changed in no way that leaves nothing to keep.
    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        let at = self.by_slot.get(slot.0 as usize).filter(|at| **at != NONE)?;
        self.kept.get_mut(*at as usize)
    }

    /// All that is kept.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.kept.iter_mut()
    }

    /// Hands out what is kept of a vessel, to be given back by [`Self::keep`].
    pub(super) fn take(&mut self, slot: Slot) -> T {
        let kept = match self.by_slot.get(slot.0 as usize) {
            Some(&at) if at != NONE => &mut self.kept[at as usize],
            _ => &mut self.spare,
        };
        std::mem::take(kept)
    }

    /// Takes back what was handed out, and keeps it if there is anything in it.
    pub(super) fn keep(&mut self, slot: Slot, mut given: T) {
        let slot = slot.0 as usize;
        if given.is_empty() {
            // Its room stays where it was, for whoever comes next.
            let emptied = match self.by_slot.get_mut(slot).map(|at| std::mem::replace(at, NONE)) {
                None | Some(NONE) => &mut self.spare,
                Some(known) => {
                    self.free.push(known);
                    &mut self.kept[known as usize]
                }
            };
            given.clear();
            *emptied = given;
            return;
        }
        if self.by_slot.len() <= slot {
            self.by_slot.resize(slot + 1, NONE);
        }
        let at = &mut self.by_slot[slot];
        if *at != NONE {
            self.kept[*at as usize] = given;
        } else if let Some(free) = self.free.pop() {
            *at = free;
            self.spare = std::mem::replace(&mut self.kept[free as usize], given);
        } else {
            *at = u32::try_from(self.kept.len()).expect("vessels are bounded");
            self.kept.push(given);
        }
    }
}
