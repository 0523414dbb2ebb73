//! Some of a site's zones, in order, of which one is found as fast among ten thousand as among ten.

use super::ZoneIx;

/// Zones of a rule or the like, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneSet {
    /// In order.
    zones: Vec<ZoneIx>,
    /// A bit for each zone of the site up to the last of these.
    bits: Vec<u64>,
}

impl ZoneSet {
    /// Whether it holds this zone.
    pub fn contains(&self, zone: ZoneIx) -> bool {
        let word = self.bits.get(zone.0 as usize / 64).copied().unwrap_or(0);
        word >> (zone.0 % 64) & 1 == 1
    }
}

impl From<Vec<ZoneIx>> for ZoneSet {
    fn from(mut zones: Vec<ZoneIx>) -> Self {
        zones.sort_unstable();
        zones.dedup();
        let mut bits = vec![0; zones.last().map_or(0, |last| last.0 as usize / 64 + 1)];
        for zone in &zones {
            bits[zone.0 as usize / 64] |= 1 << (zone.0 % 64);
        }
        Self { zones, bits }
    }
}

impl std::ops::Deref for ZoneSet {
    type Target = [ZoneIx];

    fn deref(&self) -> &[ZoneIx] {
        &self.zones
    }
}
