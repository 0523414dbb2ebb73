//! `anchor_drag`: a vessel at anchor is too far from where it anchored.

use serde::{Deserialize, Serialize};

use super::{Account, Evaluation, Judge, Judgement, Kind, Memory, Occasion, Parameter, Scene, Subject, Words, ZoneUse};
use crate::geo::{Metres, Position, distance, wrap_lon};
use crate::time::{Span, Timestamp};
use crate::track::AT_ANCHOR;

const RADIUS_M: Parameter = Parameter::number("radius_m", 0.1, 100_000.0)
    .means("距錨位的最大距離", "how far from the anchor point it may swing")
    .unit("m");

/// The anchor point is the mean of the positions of so long.
const SETTLING: Span = Span::s(300);

pub(super) static KIND: Kind = Kind {
    name: "anchor_drag",
    message: Words {
        zh: "船舶疑似走錨",
        en: "Vessel may be dragging its anchor",
    },
    subject: Subject::Vessel,
    zones: ZoneUse::Inside,
    evaluation: Evaluation::R,
    default_classes: &[],
    unit: Some("m"),
    parameters: &[RADIUS_M],
    read: |reader| {
        Box::new(AnchorDrag {
            radius: Metres(reader.number(&RADIUS_M)),
        })
    },
};

#[derive(Debug)]
struct AnchorDrag {
    /// Farther than this from the anchor point is dragging.
    radius: Metres,
}

/// Where a vessel anchored: the mean of its accepted positions up to [`SETTLING`] after its first report at anchor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    since: Timestamp,
    first: Position,
    /// Sums of the positions' distances from the first, in degrees.
    east: f64,
    north: f64,
    count: u32,
}

impl Judge for AnchorDrag {
    fn judge(&self, scene: &Scene<'_>) -> Judgement {
        let (Memory::Anchor(anchor), Some(fix)) = (scene.memory, scene.fix()) else {
            return Judgement::unmeasured(self.radius.0);
        };
        let metres = distance(anchor.point(), fix.position).0;
        let holds = anchor.is_settled(fix.time) && fix.nav_status == Some(AT_ANCHOR) && metres > self.radius.0;
        Judgement::measured(holds, metres, self.radius.0)
    }

    fn account(&self, scene: &Scene<'_>, account: &mut Account) {
        account.need("position", scene.fix());
        account.ask("nav_status", scene.vessel().nav_status() == Some(AT_ANCHOR));
        if let (Memory::Anchor(anchor), Some(fix)) = (scene.memory, scene.fix()) {
            account.ask("settling", anchor.is_settled(fix.time));
        }
    }

    fn remembers(&self) -> bool {
        true
    }

    fn remember(&self, scene: &Scene<'_>, memory: &mut Memory) {
        let (Occasion::Report, Some(fix)) = (scene.occasion, scene.fix()) else {
            return;
        };
        match (&mut *memory, fix.nav_status) {
            (Memory::Anchor(anchor), Some(AT_ANCHOR) | None) => anchor.take_in(fix.time, fix.position),
            (_, Some(AT_ANCHOR)) => *memory = Memory::Anchor(Anchor::at(fix.time, fix.position)),
            _ => *memory = Memory::Nothing,
        }
    }
}

impl Anchor {
    pub(super) fn shift(&mut self, by: Span) {
        self.since = self.since.plus(by);
    }

    fn at(since: Timestamp, first: Position) -> Self {
        Self {
            since,
            first,
            east: 0.0,
            north: 0.0,
            count: 1,
        }
    }

    fn take_in(&mut self, time: Timestamp, position: Position) {
        if !self.is_settled(time) {
            self.east += wrap_lon(position.lon - self.first.lon);
            self.north += position.lat - self.first.lat;
            self.count += 1;
        }
    }

    /// Whether a report of this time is judged, and no longer taken in.
    fn is_settled(&self, time: Timestamp) -> bool {
        time > self.since.plus(SETTLING)
    }

    fn point(&self) -> Position {
        let count = f64::from(self.count);
        Position {
            lon: wrap_lon(self.first.lon + self.east / count),
            lat: self.first.lat + self.north / count,
        }
    }
}
