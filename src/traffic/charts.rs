//! The areas that a vessel has come into, found once for all watches that judge by the same zones, and only when it has
//! come near an edge of any.

use std::sync::Arc;

use crate::geo::Position;
use crate::picture::Slot;
use crate::watch::Watch;
use crate::zone::{ZoneIx, Zones};

/// The zones that watches judge by, and where the vessel that reported last is by each of them. All of it follows from
/// the tracks and the zones, and is not written out.
#[derive(Debug, Default)]
pub(super) struct Charts {
    charts: Vec<Chart>,
    /// The chart of each watch.
    of_watch: Vec<usize>,
}

#[derive(Debug)]
struct Chart {
    zones: Arc<Zones>,
    /// By slot.
    clear: Vec<Clear>,
    /// The areas that hold the last vessel's position, unless they are those that held the one before.
    here: Vec<ZoneIx>,
    is_same: bool,
}

/// A circle that no zone's edge comes into, in degrees as on a plane, around where a vessel was: while it reports from
/// within it is in the same areas, and has crossed nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Clear {
    lon: f32,
    lat: f32,
    radius_deg: f32,
}

impl Charts {
    pub(super) fn of<'w>(watches: impl Iterator<Item = &'w Watch>) -> Self {
        let mut all = Self::default();
        for zones in watches.map(|watch| &watch.orders().zones) {
            let known = all.charts.iter().position(|other| Arc::ptr_eq(&other.zones, zones));
            all.of_watch.push(known.unwrap_or(all.charts.len()));
            if known.is_none() {
                all.charts.push(Chart {
                    zones: zones.clone(),
                    clear: Vec::new(),
                    here: Vec::new(),
                    is_same: false,
                });
            }
        }
        all
    }

    /// Touches what is kept of vessels that will be heard.
    pub(super) fn glance(&self, slots: &[Slot]) {
        for chart in &self.charts {
            let clear = slots.iter().filter_map(|slot| chart.clear.get(slot.0 as usize));
            std::hint::black_box(clear.fold(0.0, |seen, clear| seen + clear.radius_deg));
        }
    }

    /// Finds which areas hold the position that a vessel has come to.
    pub(super) fn locate(&mut self, slot: Slot, position: Position) {
        for chart in &mut self.charts {
            chart.locate(slot.0 as usize, position);
        }
    }

    /// A vessel has left the picture: whoever takes its slot has been nowhere.
    pub(super) fn forget(&mut self, slot: Slot) {
        for chart in &mut self.charts {
            if let Some(clear) = chart.clear.get_mut(slot.0 as usize) {
                *clear = Clear::default();
            }
        }
    }

    /// The areas found last, in the order of the zones of this watch; none if they are those found before for the same
    /// vessel, and it has crossed no edge of any area or line since.
    pub(super) fn here(&self, watch: usize) -> Option<&[ZoneIx]> {
        let chart = &self.charts[self.of_watch[watch]];
        (!chart.is_same).then_some(&chart.here)
    }
}

impl Chart {
    fn locate(&mut self, slot: usize, position: Position) {
        self.is_same = self.clear.get(slot).is_some_and(|clear| clear.holds(position));
        if self.is_same {
            return;
        }
        self.zones.areas_at(position, &mut self.here);
        if self.clear.len() <= slot {
            self.clear.resize(slot + 1, Clear::default());
        }
        self.clear[slot] = Clear {
            lon: position.lon as f32,
            lat: position.lat as f32,
            radius_deg: self.zones.clearance_deg(position) as f32 - Clear::SLACK_DEG,
        };
    }
}

impl Clear {
    /// By how much more its middle and its radius may be wrong, rounded as they are.
    const SLACK_DEG: f32 = 3e-5;

    fn holds(&self, position: Position) -> bool {
        let (east, north) = (position.lon as f32 - self.lon, position.lat as f32 - self.lat);
        self.radius_deg > 0.0 && east * east + north * north < self.radius_deg * self.radius_deg
    }
}
