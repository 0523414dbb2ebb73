//! A vessel's row and its particulars, copied out of the picture and the live watch; a row without allocating.

use super::{Particulars, Traffic, VesselRow};
use crate::picture::Slot;
use crate::report::Sources;
use crate::watch::Ids;

impl Traffic {
    /// The row of the vessel in a slot, if there is one.
    pub fn row(&self, slot: Slot, sources: &Sources) -> Option<VesselRow> {
        let track = self.picture.get(slot)?;
        let fix = track.fix.as_ref();
        let station = fix.map_or(track.last_station, |fix| fix.station);
        let (zones, alerts) = self.shown(slot);
        let statics = &track.statics;
        Some(VesselRow {
            mmsi: track.mmsi,
            kind: track.kind,
            class: track.class,
            ais_class: track.ais_class,
            name: statics.name.value,
            call_sign: statics.call_sign.value,
            imo: statics.imo.value,
            ship_type: statics.ship_type.value,
            dimensions: statics.dimensions.value,
            position: track.shown_at(),
            sog: fix.and_then(|fix| fix.sog),
            cog: fix.and_then(|fix| fix.cog),
            heading: fix.and_then(|fix| fix.heading),
            rot_deg_min: fix.and_then(|fix| fix.rot_deg_min),
            nav_status: fix.and_then(|fix| fix.nav_status),
            status_since: track.status_since(),
            draught: statics.draught.value,
            destination: statics.destination.value,
            eta: statics.eta.value,
            zones,
            lost: track.lost,
            position_time: fix.map(|fix| fix.time),
            static_time: statics.time(),
            first_heard: track.first_heard,
            feed: station.feed,
            source: sources.name(station.source),
            heard_by: track.hearers.clone(),
            alerts,
            simulated: track.simulated,
        })
    }

    /// The particulars of the vessel in a slot, if there is one.
    pub fn particulars(&self, slot: Slot) -> Option<Particulars> {
        let track = self.picture.get(slot)?;
        Some(Particulars {
            mmsi: track.mmsi,
            statics: track.statics.clone(),
            formers: track.formers.clone(),
        })
    }

    fn shown(&self, slot: Slot) -> (Ids, Ids) {
        self.watches
            .first()
            .and_then(|watch| watch.shown(slot))
            .unwrap_or_default()
    }
}
