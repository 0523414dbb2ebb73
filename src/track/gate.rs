//! The plausibility gate: a position too far for its speed is held, and three that agree move the track there.

use serde::{Deserialize, Serialize};

use super::{Fix, Track, TrackLimits};
use crate::geo::{METRES_PER_NM, Position, distance};
use crate::register::Class;
use crate::time::Timestamp;

/// Held positions in a row that re-anchor a track.
const RE_ANCHOR_AFTER: u8 = 3;

/// A row of held positions, the last of which is where the vessel was last seen away from its track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    /// How many in a row have passed the gate from the one before.
    run: u8,
    /// The row began with a switch to the other place.
    switched: bool,
}

/// How a position came through the gate.
pub(super) enum Passage {
    Free,
    /// It is the last of a row that agrees on another place.
    ReAnchored,
    Held {
        after_accepted: bool,
    },
}

impl Track {
    /// Tries a newer position; a held one is remembered as the row's latest.
    pub(super) fn gate(&mut self, fix: &Fix, aircraft: bool, limits: &TrackLimits) -> Passage {
        let here = (fix.time, fix.position);
        let free = aircraft || self.class == Class::SarAircraft;
        let last = self.fix.as_ref().map(|fix| (fix.time, fix.position));
        let Some(last) = last.filter(|last| !free && !passes(*last, here, limits)) else {
            // A return from the other place is a switch if the way there was one.
            self.switched = self.held.take().is_some_and(|held| held.switched);
            return Passage::Free;
        };
        let was_there = self
            .other_place
            .as_ref()
            .is_some_and(|other| passes(*other, here, limits));
        let run = match self.held {
            Some(held) if was_there => held.run + 1,
            _ => 1,
        };
        if run == RE_ANCHOR_AFTER {
            self.switched = false;
            self.held = None;
            self.other_place = Some(last);
            return Passage::ReAnchored;
        }
        let after_accepted = self.held.is_none();
        self.switched = after_accepted && was_there;
        self.other_place = Some(here);
        self.held = Some(Held {
            run,
            switched: self.held.map_or(was_there, |held| held.switched),
        });
        Passage::Held { after_accepted }
    }
}

/// When and where a vessel was seen.
pub(super) type Sight = (Timestamp, Position);

/// Whether a vessel may have gone from one place to the other in that time.
fn passes(from: Sight, to: Sight, limits: &TrackLimits) -> bool {
    let metres = distance(from.1, to.1).0;
    let seconds = to.0.since(from.0).as_s();
    metres <= limits.max_jump_nm * METRES_PER_NM
        || (seconds > 0.0 && metres / METRES_PER_NM * 3600.0 / seconds <= limits.max_speed_kn)
}
