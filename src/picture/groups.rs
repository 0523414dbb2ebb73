//! The vessels of the vicinity's cells, a few together, in one pool.

use arrayvec::ArrayVec;

use super::Slot;

/// Vessels of a group: as many of like speed as stand in most cells.
const GROUP: usize = 3;
/// "No group", or no more of a cell.
pub(super) const NO_GROUP: u32 = u32::MAX;

/// The vessels of all cells, a few together. What one cell lets go of another takes, so that vessels on the move ask for
/// no memory.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// First of those that are not used.
    free: u32,
}

/// Some of the vessels of a cell.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Group {
    next: u32,
    pub(super) entries: ArrayVec<Entry, GROUP>,
}

/// A group, and a place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct At(u32);

/// What a first look needs, two to a line of the processor's cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) lon: f32,
    pub(super) lat: f32,
    /// Metres a second.
    pub(super) east_ms: f32,
    pub(super) north_ms: f32,
    pub(super) sog_kn: f32,
    /// In sixteenths of a second, counted anew every eight years.
    pub(super) heard: u32,
    pub(super) slot: Slot,
    pub(super) carries_on: bool,
    pub(super) moored: bool,
}

impl Default for Groups {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            free: NO_GROUP,
        }
    }
}

impl Groups {
    /// The groups of a cell, by its first.
    pub(super) fn from(&self, first: u32) -> impl Iterator<Item = &Group> {
        let group = |at: u32| self.groups.get(at as usize);
        std::iter::successors(group(first), move |before| group(before.next))
    }

    pub(super) fn get(&self, At(at): At) -> &Entry {
        &self.groups[at as usize / (GROUP + 1)].entries[at as usize % (GROUP + 1)]
    }

    pub(super) fn entry_mut(&mut self, At(at): At) -> &mut Entry {
        let (group, place) = (at as usize / (GROUP + 1), at as usize % (GROUP + 1));
        &mut self.groups[group].entries[place]
    }

    /// Puts an entry into a cell, whose first group may become another.
    pub(super) fn push(&mut self, first: &mut u32, entry: Entry) -> At {
        let is_full = |group: &Group| group.entries.is_full();
        if self.groups.get(*first as usize).is_none_or(is_full) {
            let new = Group {
                entries: ArrayVec::new(),
                next: *first,
            };
            *first = match self.free {
                NO_GROUP => {
                    self.groups.push(new);
                    u32::try_from(self.groups.len() - 1).expect("vessels are bounded")
                }
                free => {
                    self.free = std::mem::replace(&mut self.groups[free as usize], new).next;
                    free
                }
            };
        }
        let entries = &mut self.groups[*first as usize].entries;
        entries.push(entry);
        At(*first * (GROUP as u32 + 1) + entries.len() as u32 - 1)
    }

    /// Takes an entry out of a cell. Its place goes to the last of the cell's first group, whose slot is returned; that
    /// may be the one taken out.
    pub(super) fn remove(&mut self, first: &mut u32, at: At) -> Slot {
        let group = &mut self.groups[*first as usize];
        let moved = group.entries.pop().expect("a cell's first group has a vessel");
        if group.entries.is_empty() {
            let next = std::mem::replace(&mut group.next, self.free);
            self.free = std::mem::replace(first, next);
        }
        let group = &mut self.groups[at.0 as usize / (GROUP + 1)];
        if let Some(gap) = group.entries.get_mut(at.0 as usize % (GROUP + 1)) {
            *gap = moved;
        }
        moved.slot
    }
}
