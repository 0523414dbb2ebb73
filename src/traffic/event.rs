//! Events: what changed, as whoever watches from outside is told it.

use std::sync::Arc;

use arrayvec::ArrayString;

use crate::ais::{Kind, Mmsi};
use crate::alerts::AlertChange;
use crate::geo::{Degrees, Knots, Metres, Position};
use crate::register::Class;
use crate::report::{AisClass, Dimensions, Eta, FeedId};
use crate::time::Timestamp;
use crate::track::{Formers, Hearers, Statics};
use crate::watch::Ids;

/// Something that changed in the picture or in an alert's life.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every event is a row; a box would be an allocation for each"
)]
pub enum Event {
    /// A vessel is new, or some of its row changed.
    Vessel(VesselRow),
    /// Static data came of a vessel whose row was told.
    Particulars(Box<Particulars>),
    /// A vessel has left the picture.
    Removed(Mmsi),
    Alert(AlertChange),
    /// The alert of this id is no longer known.
    Forgotten(Arc<str>),
}

/// What is seldom new of a vessel, with when and by whom it was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Particulars {
    pub mmsi: Mmsi,
    pub statics: Statics,
    pub formers: Formers,
}

/// A vessel as the picture and the live watch know it. Copying one allocates nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct VesselRow {
    pub mmsi: Mmsi,
    pub kind: Kind,
    pub class: Class,
    pub ais_class: Option<AisClass>,
    pub name: Option<ArrayString<34>>,
    pub call_sign: Option<ArrayString<7>>,
    pub imo: Option<u32>,
    pub ship_type: Option<u8>,
    pub dimensions: Option<Dimensions>,
    /// Last accepted position; for a base station the place it says it stands.
    pub position: Option<Position>,
    pub sog: Option<Knots>,
    pub cog: Option<Degrees>,
    pub heading: Option<u16>,
    pub rot_deg_min: Option<f32>,
    pub nav_status: Option<u8>,
    /// When it first sent that status, and no other since.
    pub status_since: Option<Timestamp>,
    pub draught: Option<Metres>,
    pub destination: Option<ArrayString<20>>,
    pub eta: Option<Eta>,
    /// Ids of the zones it is in by its last accepted position, in byte order.
    pub zones: Ids,
    pub lost: bool,
    pub position_time: Option<Timestamp>,
    pub static_time: Option<Timestamp>,
    pub first_heard: Timestamp,
    /// Who brought the last accepted position, or before the first the last message.
    pub feed: FeedId,
    pub source: Option<ArrayString<32>>,
    pub heard_by: Hearers,
    /// Ids of its alerts that are not closed, oldest first.
    pub alerts: Ids,
    /// Its last message came from a simulated feed.
    pub simulated: bool,
}
