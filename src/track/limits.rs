//! Limits of a track: how far a vessel may jump, how long it may be silent, how long its trail is.

use serde::{Deserialize, Serialize};

use crate::geo::Position;
use crate::time::Span;

/// `[track]` of the configuration, and what the rules ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackLimits {
    /// No accepted position for so long: lost.
    pub lost_after: Span,
    /// The same for a vessel at anchor or moored.
    pub moored_lost_after: Span,
    /// No accepted position for so long: out of the picture.
    pub remove_after: Span,
    /// Fastest believable way between two positions, in knots.
    pub max_speed_kn: f64,
    /// Positions this near, in nautical miles, are believed at any speed.
    pub max_jump_nm: f64,
    /// How far back the trail goes from the last accepted position: as far as the longest window of any rule. None: no
    /// trail is kept.
    pub trail: Span,
    /// Where the antennas of the feeds stand, feed by feed, as far as the configuration says: what is heard how far is
    /// learned from there.
    pub antennas: Vec<Option<Position>>,
}

impl Default for TrackLimits {
    fn default() -> Self {
        Self {
            lost_after: Span::s(600),
            moored_lost_after: Span::s(1200),
            remove_after: Span::s(86_400),
            max_speed_kn: 60.0,
            max_jump_nm: 0.5,
            trail: Span(0),
            antennas: Vec::new(),
        }
    }
}
