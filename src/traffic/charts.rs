//! The areas that a vessel has come into, found once for all watches that judge by the same zones.

use std::sync::Arc;

use crate::geo::Position;
use crate::watch::Watch;
use crate::zone::{ZoneIx, Zones};

/// The zones that watches judge by, and where the vessel that reported last is by each of them.
#[derive(Debug, Default)]
pub(super) struct Charts {
    charts: Vec<(Arc<Zones>, Vec<ZoneIx>)>,
    /// The chart of each watch.
    of_watch: Vec<usize>,
}

impl Charts {
    pub(super) fn of<'w>(watches: impl Iterator<Item = &'w Watch>) -> Self {
        let mut all = Self::default();
        for zones in watches.map(|watch| &watch.orders().zones) {
            let known = all.charts.iter().position(|(other, _)| Arc::ptr_eq(other, zones));
            all.of_watch.push(known.unwrap_or(all.charts.len()));
            if known.is_none() {
                all.charts.push((zones.clone(), Vec::new()));
            }
        }
        all
    }

    /// Finds which areas hold a position.
    pub(super) fn locate(&mut self, position: Position) {
        for (zones, here) in &mut self.charts {
            zones.areas_at(position, here);
        }
    }

    /// The areas found last, in the order of the zones of this watch.
    pub(super) fn here(&self, watch: usize) -> &[ZoneIx] {
        &self.charts[self.of_watch[watch]].1
    }
}
