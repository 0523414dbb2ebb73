//! The vessels of the vicinity's cells, a few together, in one pool.

use super::Slot;

/// Vessels of a group: as many as the processor looks at together, and no fewer than of like speed stand in most cells.
pub(super) const GROUP: usize = 4;
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

/// Some of the vessels of a cell, datum by datum, in two lines of the processor's cache: so that four are computed at
/// once. Where there is no vessel, the longitude is not a number, and no look sees anything.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Group {
    pub(super) lon: [f32; GROUP],
    pub(super) lat: [f32; GROUP],
    /// Metres a second.
    pub(super) east_ms: [f32; GROUP],
    pub(super) north_ms: [f32; GROUP],
    pub(super) sog_kn: [f32; GROUP],
    /// In sixteenths of a second, counted anew every eight years.
    pub(super) heard: [u32; GROUP],
    pub(super) slots: [Slot; GROUP],
    pub(super) carries_on: [bool; GROUP],
    pub(super) moored: [bool; GROUP],
    next: u32,
    vessels: u8,
}

/// A group, and a place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct At(u32);

/// What a first look needs of one vessel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) lon: f32,
    pub(super) lat: f32,
    pub(super) east_ms: f32,
    pub(super) north_ms: f32,
    pub(super) sog_kn: f32,
    pub(super) heard: u32,
    pub(super) slot: Slot,
    pub(super) carries_on: bool,
    pub(super) moored: bool,
}

impl Group {
    /// One without vessels, ahead of others of its cell.
    fn ahead_of(next: u32) -> Self {
        Self {
            lon: [f32::NAN; GROUP],
            lat: [0.0; GROUP],
            east_ms: [0.0; GROUP],
            north_ms: [0.0; GROUP],
            sog_kn: [0.0; GROUP],
            heard: [0; GROUP],
            slots: [Slot(0); GROUP],
            carries_on: [false; GROUP],
            moored: [false; GROUP],
            next,
            vessels: 0,
        }
    }

    fn is_full(&self) -> bool {
        usize::from(self.vessels) == GROUP
    }

    fn set(&mut self, place: usize, entry: &Entry) {
        self.lon[place] = entry.lon;
        self.lat[place] = entry.lat;
        self.east_ms[place] = entry.east_ms;
        self.north_ms[place] = entry.north_ms;
        self.sog_kn[place] = entry.sog_kn;
        self.heard[place] = entry.heard;
        self.slots[place] = entry.slot;
        self.carries_on[place] = entry.carries_on;
        self.moored[place] = entry.moored;
    }

    /// Takes the last one out.
    fn pop(&mut self) -> Entry {
        self.vessels -= 1;
        let last = usize::from(self.vessels);
        Entry {
            lon: std::mem::replace(&mut self.lon[last], f32::NAN),
            lat: self.lat[last],
            east_ms: self.east_ms[last],
            north_ms: self.north_ms[last],
            sog_kn: self.sog_kn[last],
            heard: self.heard[last],
            slot: self.slots[last],
            carries_on: self.carries_on[last],
            moored: self.moored[last],
        }
    }
}

impl At {
    fn group(self) -> usize {
        self.0 as usize / GROUP
    }

    fn place(self) -> usize {
        self.0 as usize % GROUP
    }
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

    /// Touches a vessel's.
    pub(super) fn glance(&self, at: At) -> u32 {
        self.groups[at.group()].heard[at.place()]
    }

    /// Replaces an entry.
    pub(super) fn set(&mut self, at: At, entry: &Entry) {
        self.groups[at.group()].set(at.place(), entry);
    }

    /// Puts an entry into a cell, whose first group may become another.
    pub(super) fn push(&mut self, first: &mut u32, entry: &Entry) -> At {
        if self.groups.get(*first as usize).is_none_or(Group::is_full) {
            let new = Group::ahead_of(*first);
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
        let group = &mut self.groups[*first as usize];
        let at = At(*first * GROUP as u32 + u32::from(group.vessels));
        group.vessels += 1;
        group.set(at.place(), entry);
        at
    }

    /// Takes an entry out of a cell. Its place goes to the last of the cell's first group, whose slot is returned; that
    /// may be the one taken out.
    pub(super) fn remove(&mut self, first: &mut u32, at: At) -> Slot {
        let group = &mut self.groups[*first as usize];
        let moved = group.pop();
        let was_it = at.group() == *first as usize && at.place() == usize::from(group.vessels);
        if group.vessels == 0 {
            let next = std::mem::replace(&mut group.next, self.free);
            self.free = std::mem::replace(first, next);
        }
        if !was_it {
            self.groups[at.group()].set(at.place(), &moved);
        }
        moved.slot
    }
}
