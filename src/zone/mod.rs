//! Zones: areas, lines and marks of the chart, and what a position or a way between two positions has to do with them.
//!
//! Edges are straight in longitude and latitude; a boundary belongs to its area, a hole's edge too.

mod area;
mod id;
mod line;
mod reading;
mod set;

pub use area::Area;
pub use id::{ID, is_id};
pub use line::{Crossing, Line};
pub use reading::Fault;
pub use set::ZoneSet;

use std::collections::BTreeMap;
use std::sync::Arc;

use rstar::primitives::Line as Edge;
use rstar::{AABB, Envelope as _, PointDistance, RTree, RTreeObject};
use serde::{Deserialize, Serialize};

use crate::geo::Position;

/// How far around a position edges are looked for, in degrees: what a fast ship goes in two minutes.
const CLEARANCE_DEG: f64 = 0.02;

/// A position this near to an edge, in degrees, is on it: a tenth of a millimetre, less than any coordinate says. A place
/// that in decimals is on a slanting edge seldom is as binary fractions.
const ON_EDGE_DEG: f64 = 1e-9;

/// A zone's place in the order of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneIx(pub u32);

/// What a zone is (CONTRACT.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneKind {
    Harbour,
    Fairway,
    Anchorage,
    NoAnchoring,
    Prohibited,
    Restricted,
    Berth,
    Coverage,
    Watch,
    Hotspot,
    Grounding,
    AreaNotice,
    Gate,
    Route,
    Quay,
    Breakwater,
    Bridge,
    Mark,
}

/// What geometry a kind of zone has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Area,
    Line,
    Point,
}

impl ZoneKind {
    /// Every kind with its name in files, in the order of CONTRACT.md.
    pub const ALL: [(Self, &'static str); 18] = [
        (Self::Harbour, "harbour"),
        (Self::Fairway, "fairway"),
        (Self::Anchorage, "anchorage"),
        (Self::NoAnchoring, "no_anchoring"),
        (Self::Prohibited, "prohibited"),
        (Self::Restricted, "restricted"),
        (Self::Berth, "berth"),
        (Self::Coverage, "coverage"),
        (Self::Watch, "watch"),
        (Self::Hotspot, "hotspot"),
        (Self::Grounding, "grounding"),
        (Self::AreaNotice, "area_notice"),
        (Self::Gate, "gate"),
        (Self::Route, "route"),
        (Self::Quay, "quay"),
        (Self::Breakwater, "breakwater"),
        (Self::Bridge, "bridge"),
        (Self::Mark, "mark"),
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(kind, _)| *kind)
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// As in `an anchorage`.
    pub fn with_article(self) -> String {
        let name = self.name();
        let article = if name.starts_with('a') { "an" } else { "a" };
        format!("{article} {name}")
    }

    /// The geometry it has.
    pub fn form(self) -> Form {
        match self {
            Self::Gate | Self::Route | Self::Quay | Self::Breakwater | Self::Bridge => Form::Line,
            Self::Mark => Form::Point,
            _ => Form::Area,
        }
    }
}

/// How sure the boundary is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// By an authority.
    Published,
    Approximate,
    #[default]
    Assumed,
}

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    pub id: Arc<str>,
    pub kind: ZoneKind,
    pub name_zh: String,
    pub name_en: String,
    pub confidence: Confidence,
    /// Direction of traffic in degrees true.
    pub direction_deg: Option<f64>,
    /// Depth below chart datum in metres.
    pub depth_m: Option<f64>,
    pub shape: Shape,
    /// The feature as it stood in the file.
    pub feature: serde_json::Map<String, serde_json::Value>,
}

/// A zone's geometry.
#[derive(Clone, Debug)]
pub enum Shape {
    Area(Area),
    Line(Line),
    Mark(Position),
}

impl Zone {
    /// Whether its boundary is one that an authority published.
    pub fn is_published(&self) -> bool {
        self.confidence == Confidence::Published
    }

    /// South-west and north-east corners of the box around it, if it is an area.
    pub fn corners(&self) -> Option<(Position, Position)> {
        let Shape::Area(area) = &self.shape else { return None };
        let extent = area.extent();
        let corner = |[lon, lat]: [f64; 2]| Position { lon, lat };
        Some((corner(extent.lower()), corner(extent.upper())))
    }
}

/// All zones of a site, in the order of their ids. They do not change: a new version is a new value.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    zones: Vec<Zone>,
    by_id: BTreeMap<Arc<str>, ZoneIx>,
    areas: RTree<Envelope>,
    lines: RTree<Envelope>,
    /// Of areas and lines.
    edges: RTree<Edge<[f64; 2]>>,
    /// Members of the collection beside its features, kept.
    pub members: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug)]
struct Envelope {
    zone: ZoneIx,
    extent: AABB<[f64; 2]>,
}

impl RTreeObject for Envelope {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.extent
    }
}

impl Zones {
    /// Zones with ids of their own, in any order.
    fn of(mut zones: Vec<Zone>, members: serde_json::Map<String, serde_json::Value>) -> Self {
        zones.sort_by(|a, b| a.id.cmp(&b.id));
        let by_id = (0..)
            .zip(&zones)
            .map(|(ix, zone)| (zone.id.clone(), ZoneIx(ix)))
            .collect();
        let (mut areas, mut lines, mut edges) = (Vec::new(), Vec::new(), Vec::new());
        for (ix, zone) in (0..).map(ZoneIx).zip(&zones) {
            match &zone.shape {
                Shape::Area(area) => {
                    areas.push(Envelope {
                        zone: ix,
                        extent: area.extent(),
                    });
                    edges.extend(area.edges());
                }
                Shape::Line(line) => {
                    lines.push(Envelope {
                        zone: ix,
                        extent: line.extent(),
                    });
                    edges.extend(line.edges());
                }
                Shape::Mark(_) => {}
            }
        }
        Self {
            zones,
            by_id,
            areas: RTree::bulk_load(areas),
            lines: RTree::bulk_load(lines),
            edges: RTree::bulk_load(edges),
            members,
        }
    }

    /// A zone.
    pub fn get(&self, zone: ZoneIx) -> &Zone {
        &self.zones[zone.0 as usize]
    }

    /// A zone's line, if it is one.
    pub fn line(&self, zone: ZoneIx) -> Option<&Line> {
        match &self.zones.get(zone.0 as usize)?.shape {
            Shape::Line(line) => Some(line),
            Shape::Area(_) | Shape::Mark(_) => None,
        }
    }

    /// The zone of this id.
    pub fn find(&self, id: &str) -> Option<ZoneIx> {
        self.by_id.get(id).copied()
    }

    /// All zones in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ZoneIx, &Zone)> {
        (0..).map(ZoneIx).zip(&self.zones)
    }

    /// How many zones there are.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// The smallest box that holds all of these areas: its south-west and north-east corners; none without areas.
    pub fn extent(&self, zones: impl Iterator<Item = ZoneIx>) -> Option<(Position, Position)> {
        let extents = zones.filter_map(|zone| match &self.get(zone).shape {
            Shape::Area(area) => Some(area.extent()),
            Shape::Line(_) | Shape::Mark(_) => None,
        });
        let all = extents.reduce(|all, its| all.merged(&its))?;
        let corner = |[lon, lat]: [f64; 2]| Position { lon, lat };
        Some((corner(all.lower()), corner(all.upper())))
    }

    /// The areas that hold a position, in order.
    pub fn areas_at(&self, position: Position, found: &mut Vec<ZoneIx>) {
        found.clear();
        let point = AABB::from_point([position.lon, position.lat]);
        let near = self.areas.locate_in_envelope_intersecting(point);
        found.extend(near.map(|near| near.zone).filter(|zone| match &self.get(*zone).shape {
            Shape::Area(area) => area.contains(position),
            _ => false,
        }));
        found.sort_unstable();
    }

    /// The areas that the way between two positions touches or lies in, in order.
    pub fn areas_touched(&self, from: Position, to: Position, found: &mut Vec<ZoneIx>) {
        found.clear();
        for (from, to) in ways(from, to) {
            let near = self.areas.locate_in_envelope_intersecting(envelope(from, to));
            found.extend(near.map(|near| near.zone).filter(|zone| match &self.get(*zone).shape {
                Shape::Area(area) => area.touches(from, to),
                _ => false,
            }));
        }
        found.sort_unstable();
        found.dedup();
    }

    /// The lines that the way between two positions crosses, in order.
    pub fn lines_crossed(&self, from: Position, to: Position, found: &mut Vec<(ZoneIx, Crossing)>) {
        found.clear();
        if self.lines.size() == 0 {
            return;
        }
        for (from, to) in ways(from, to) {
            for near in self.lines.locate_in_envelope_intersecting(envelope(from, to)) {
                if let Shape::Line(line) = &self.get(near.zone).shape
                    && let Some(crossing) = line.crossed_by(from, to)
                {
                    found.push((near.zone, crossing));
                }
            }
        }
        found.sort_unstable_by_key(|(zone, _)| *zone);
    }

    /// How far around a position there is no edge of any area or line, in degrees as on a plane, up to
    /// `CLEARANCE_DEG`.
    pub fn clearance_deg(&self, position: Position) -> f64 {
        let point = [position.lon, position.lat];
        let corner = |by: f64| point.map(|degrees| degrees + by);
        let around = AABB::from_corners(corner(-CLEARANCE_DEG), corner(CLEARANCE_DEG));
        let near = self.edges.locate_in_envelope_intersecting(around);
        let nearest = near.map(|edge| edge.distance_2(&point)).fold(f64::INFINITY, f64::min);
        nearest.sqrt().min(CLEARANCE_DEG)
    }

    /// The zones that a list of ids and of `kind:NAME` selects, and the selectors that name nothing known.
    pub fn select<'s>(&self, selectors: &'s [String]) -> (ZoneSet, Vec<&'s str>) {
        let (mut selected, mut unknown) = (Vec::new(), Vec::new());
        for selector in selectors {
            let found: Option<Vec<ZoneIx>> = match selector.strip_prefix("kind:") {
                None => self.find(selector).map(|zone| vec![zone]),
                Some(name) => ZoneKind::named(name).map(|kind| {
                    let of_kind = self.iter().filter(|(_, zone)| zone.kind == kind);
                    of_kind.map(|(ix, _)| ix).collect()
                }),
            };
            match found {
                Some(found) => selected.extend(found),
                None => unknown.push(selector.as_str()),
            }
        }
        (selected.into(), unknown)
    }
}

/// The way between two positions; over the antimeridian, which zones do not cross, it is seen from either side.
fn ways(from: Position, to: Position) -> impl Iterator<Item = (Position, Position)> {
    let east = |at: Position, degrees: f64| Position {
        lon: at.lon + degrees,
        ..at
    };
    let (first, second) = if to.lon - from.lon > 180.0 {
        ((from, east(to, -360.0)), Some((east(from, 360.0), to)))
    } else if to.lon - from.lon < -180.0 {
        ((from, east(to, 360.0)), Some((east(from, -360.0), to)))
    } else {
        ((from, to), None)
    };
    std::iter::once(first).chain(second)
}

fn envelope(from: Position, to: Position) -> AABB<[f64; 2]> {
    AABB::from_corners([from.lon, from.lat], [to.lon, to.lat])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zones(features: &[serde_json::Value]) -> Zones {
        let all = serde_json::json!({"type": "FeatureCollection", "features": features});
        Zones::from_geojson(&all.to_string()).unwrap()
    }

    proptest! {
        #[test]
        fn nothing_is_come_to_within_the_clearance(
            lon in -0.04..0.04f64, lat in -0.04..0.04f64, angle in 0.0..6.3f64, part in 0.0..0.999f64,
        ) {
            let feature = |id: &str, kind: &str, geometry: serde_json::Value| serde_json::json!({"type": "Feature",
                "properties": {"id": id, "kind": kind, "name": {"zh": id, "en": id}}, "geometry": geometry});
            let ring = |by: f64| serde_json::json!([[-by, -by], [by, -by], [by, by], [-by, by], [-by, -by]]);
            let zones = zones(&[
                feature("ring", "watch", serde_json::json!({"type": "Polygon", "coordinates": [ring(0.02), ring(0.01)]})),
                feature("core", "watch", serde_json::json!({"type": "Polygon", "coordinates": [ring(0.004)]})),
                feature("gate", "gate", serde_json::json!({"type": "LineString", "coordinates": [[-0.03, 0.0], [0.0, 0.03]]})),
            ]);
            let from = Position { lon, lat };
            let clear = zones.clearance_deg(from);
            prop_assert!(clear <= CLEARANCE_DEG);
            let to = Position { lon: lon + clear * part * angle.cos(), lat: lat + clear * part * angle.sin() };
            let (mut here, mut there, mut touched, mut crossed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            zones.areas_at(from, &mut here);
            zones.areas_at(to, &mut there);
            zones.areas_touched(from, to, &mut touched);
            zones.lines_crossed(from, to, &mut crossed);
            prop_assert_eq!(&here, &there);
            prop_assert_eq!(&here, &touched);
            prop_assert!(crossed.is_empty());
        }
    }

    #[test]
    fn the_clearance_is_the_way_to_the_nearest_edge_and_no_more_than_is_looked_for() {
        let line = serde_json::json!({"type": "Feature", "properties": {"id": "g", "kind": "gate", "name": {"zh": "g", "en": "g"}},
            "geometry": {"type": "LineString", "coordinates": [[1.0, 0.0], [1.0, 1.0]]}});
        let zones = zones(&[line]);
        for (lon, lat, clear) in [
            (1.003, 0.5, 0.003),
            (1.003, 1.004, 0.005),
            (1.1, 0.5, CLEARANCE_DEG),
            (1.0, 0.2, 0.0),
        ] {
            let found = zones.clearance_deg(Position { lon, lat });
            assert!((found - clear).abs() < 1e-12, "{lon} {lat}: {found}");
        }
    }

    #[test]
    fn a_way_over_the_antimeridian_is_the_short_one() {
        let feature = |id: &str, west: f64, east: f64| {
            serde_json::json!({"type": "Feature",
                "properties": {"id": id, "kind": "watch", "name": {"zh": id, "en": id}},
                "geometry": {"type": "Polygon", "coordinates":
                    [[[west, -1.0], [east, -1.0], [east, 1.0], [west, 1.0], [west, -1.0]]]}})
        };
        let features = [
            feature("east", -180.0, -179.8),
            feature("far", 0.0, 1.0),
            feature("west", 179.8, 180.0),
        ];
        let zones = zones(&features);
        let mut found = Vec::new();
        for (from, to, ids) in [
            (179.7, -179.7, &["east", "west"][..]),
            (-179.7, 179.7, &["east", "west"]),
            (179.7, 179.9, &["west"]),
            (-0.5, 1.5, &["far"]),
        ] {
            let at = |lon| Position { lon, lat: 0.0 };
            zones.areas_touched(at(from), at(to), &mut found);
            let told: Vec<&str> = found.iter().map(|zone| &*zones.get(*zone).id).collect();
            assert_eq!(told, ids, "{from} {to}");
        }
    }
}
