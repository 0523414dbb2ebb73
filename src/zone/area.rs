//! Areas: polygons with holes, one or several.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{BoundingRect, Intersects, LineString, MultiPolygon};
use rstar::{AABB, RTree, RTreeObject, primitives};

use super::ON_EDGE_DEG;
use crate::geo::Position;

/// An area; a position on its boundary, or on a hole's edge, is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    polygons: MultiPolygon<f64>,
}

impl Area {
    pub(super) fn new(polygons: MultiPolygon<f64>) -> Self {
        Self { polygons }
    }

    /// Whether the position is inside.
    pub fn contains(&self, position: Position) -> bool {
        let coord = geo::Coord {
            x: position.lon,
            y: position.lat,
        };
        self.polygons.coordinate_position(&coord) != CoordPos::Outside
            || self.lines().any(|line| is_on(coord, line.start, line.end))
    }

    /// Whether the way between two positions touches it or lies in it.
    pub fn touches(&self, from: Position, to: Position) -> bool {
        let coord = |at: Position| geo::Coord { x: at.lon, y: at.lat };
        let way = geo::Line::new(coord(from), coord(to));
        // A corner may be on the way, or an end of the way on an edge, though not as binary fractions.
        let is_near = |line: geo::Line<f64>| {
            is_on(line.start, way.start, way.end)
                || is_on(way.start, line.start, line.end)
                || is_on(way.end, line.start, line.end)
        };
        self.polygons.intersects(&way) || self.lines().any(is_near)
    }

    fn lines(&self) -> impl Iterator<Item = geo::Line<f64>> {
        let rings = self.polygons.iter().flat_map(|polygon| {
            let holes = polygon.interiors().iter();
            std::iter::once(polygon.exterior()).chain(holes)
        });
        rings.flat_map(|ring| ring.lines())
    }

    /// The edges of its rings.
    pub(super) fn edges(&self) -> impl Iterator<Item = primitives::Line<[f64; 2]>> {
        self.lines()
            .filter(|line| line.start != line.end)
            .map(|line| primitives::Line::new(line.start.into(), line.end.into()))
    }

    pub(super) fn extent(&self) -> AABB<[f64; 2]> {
        match self.polygons.bounding_rect() {
            Some(rect) => AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]),
            None => AABB::from_point([f64::MAX, f64::MAX]),
        }
    }
}

/// Whether a place is on the straight way between two others.
fn is_on(at: geo::Coord<f64>, from: geo::Coord<f64>, to: geo::Coord<f64>) -> bool {
    let beside = |at: f64, from: f64, to: f64| at < from.min(to) - ON_EDGE_DEG || at > from.max(to) + ON_EDGE_DEG;
    if beside(at.x, from.x, to.x) || beside(at.y, from.y, to.y) {
        return false;
    }
    let (way, off) = (to - from, at - from);
    let across = off.y * way.x - off.x * way.y;
    across * across <= ON_EDGE_DEG * ON_EDGE_DEG * (way.x * way.x + way.y * way.y)
}

/// An edge of a ring, for finding those that meet.
struct Edge {
    number: usize,
    line: geo::Line<f64>,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(
            [self.line.start.x, self.line.start.y],
            [self.line.end.x, self.line.end.y],
        )
    }
}

/// A place where a closed ring crosses or touches itself, if there is one.
pub(super) fn self_crossing(ring: &LineString<f64>) -> Option<Position> {
    let lines: Vec<geo::Line<f64>> = ring.lines().filter(|line| line.start != line.end).collect();
    let count = lines.len();
    let edges = lines
        .iter()
        .enumerate()
        .map(|(number, line)| Edge { number, line: *line });
    let tree = RTree::bulk_load(edges.collect());
    lines.iter().enumerate().find_map(|(number, line)| {
        let envelope = AABB::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
        tree.locate_in_envelope_intersecting(envelope)
            .filter(|other| other.number > number)
            .find_map(|other| meeting(line, &other.line, other.number - number, count))
    })
}

/// Where two edges of a ring meet, but for the vertex that neighbours share.
fn meeting(a: &geo::Line<f64>, b: &geo::Line<f64>, apart: usize, count: usize) -> Option<Position> {
    use geo::line_intersection::{LineIntersection, line_intersection};
    let at = |coord: geo::Coord<f64>| {
        Some(Position {
            lon: coord.x,
            lat: coord.y,
        })
    };
    match line_intersection(*a, *b)? {
        LineIntersection::Collinear { intersection } => {
            let shared = intersection.start == intersection.end && (apart == 1 || apart == count - 1);
            if shared { None } else { at(intersection.start) }
        }
        LineIntersection::SinglePoint { intersection, .. } => {
            if apart == 1 || apart == count - 1 {
                None
            } else {
                at(intersection)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> LineString<f64> {
        points.iter().copied().collect()
    }

    #[test]
    fn boundary_and_holes_edge_are_inside() {
        let outer = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
        let hole = ring(&[(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]);
        let area = Area::new(MultiPolygon(vec![geo::Polygon::new(outer, vec![hole])]));
        for (lon, lat, inside) in [
            (1.0, 1.0, true),
            (0.0, 0.0, true),
            (10.0, 5.0, true),
            (10.000_001, 5.0, false),
            (5.0, 5.0, false),
            (4.0, 5.0, true),
            (6.0, 6.0, true),
            (4.000_001, 5.0, false),
        ] {
            assert_eq!(area.contains(Position { lon, lat }), inside, "{lon} {lat}");
        }
    }

    #[test]
    fn decimals_on_a_slanting_edge_are_on_it() {
        let outer = ring(&[(118.40, 24.40), (118.42, 24.40), (118.40, 24.42), (118.40, 24.40)]);
        let area = Area::new(MultiPolygon(vec![geo::Polygon::new(outer, Vec::new())]));
        for thousandths in 1..20 {
            let at = |off: f64| Position {
                lon: (118_400.0 + f64::from(thousandths)) / 1000.0 + off,
                lat: (24_420.0 - f64::from(thousandths)) / 1000.0,
            };
            assert!(area.contains(at(0.0)), "{thousandths}");
            // The least that a report of AIS is beside it.
            assert!(!area.contains(at(1.0 / 600_000.0)), "{thousandths}");
            let (east, north) = (
                at(0.01),
                Position {
                    lat: at(0.0).lat + 0.01,
                    ..at(0.0)
                },
            );
            let corner = Position {
                lon: 118.42,
                lat: 24.40,
            };
            let way = |off: f64| Position {
                lon: corner.lon + off,
                lat: corner.lat + off,
            };
            assert!(area.touches(at(0.0), east) && area.touches(north, at(0.0)));
            assert!(!area.touches(at(1e-6), east));
            assert!(area.touches(
                Position {
                    lon: way(-0.001).lon,
                    lat: way(-0.001).lat
                },
                Position {
                    lon: way(0.001).lon,
                    lat: way(0.001).lat
                }
            ));
        }
    }

    #[test]
    fn a_way_touches_by_a_corner_and_not_within_a_hole() {
        let outer = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
        let hole = ring(&[(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]);
        let area = Area::new(MultiPolygon(vec![geo::Polygon::new(outer, vec![hole])]));
        let at = |(lon, lat): (f64, f64)| Position { lon, lat };
        for (from, to, touches) in [
            ((-1.0, 5.0), (11.0, 5.0), true),
            ((-1.0, 9.0), (1.0, 11.0), true),
            ((-1.0, 9.1), (1.0, 11.1), false),
            ((-2.0, 8.0), (0.0, 10.0), true),
            ((4.5, 5.0), (5.5, 5.0), false),
            ((4.0, 5.0), (5.5, 5.0), true),
            ((5.0, 5.0), (5.0, 5.0), false),
            ((1.0, 1.0), (2.0, 2.0), true),
        ] {
            assert_eq!(area.touches(at(from), at(to)), touches, "{from:?} {to:?}");
        }
    }

    #[test]
    fn finds_rings_that_cross_or_touch_themselves() {
        for (points, crosses) in [
            (&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)][..], false),
            (&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)][..], true),
            (
                &[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.0), (0.0, 2.0), (0.0, 0.0)][..],
                true,
            ),
            (&[(0.0, 0.0), (2.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], true),
            (&[(0.0, 0.0), (2.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], false),
            (&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 0.0)][..], false),
        ] {
            assert_eq!(self_crossing(&ring(points)).is_some(), crosses, "{points:?}");
        }
    }
}
