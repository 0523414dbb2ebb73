//! What the accepted positions of a window say: how long they span, how fast the vessel was, where it kept to.

use arrayvec::ArrayVec;

use super::{Points, TrailPoint};
use crate::geo::{Decimal, Knots, Metres, Orthographic, Point, Position, distance, wrap_lon};
use crate::time::Span;

/// Most corners of half a hull: a track kept in steps of AIS that had so many would be a circle, true to the step, of miles.
const MAX_CORNERS: usize = 1_024;

/// Whether the points span at least 90 % of the window that they are all within.
pub fn is_full(points: &Points<'_>, window: Span) -> bool {
    let first = points.clone().next();
    first.is_some_and(|first| points.newest().since(first.time).0 * 10 >= window.0 * 9)
}

/// Whether the mean of the speeds that were given is one of these or between.
pub fn is_mean_sog_between(points: &Points<'_>, min: Knots, max: Knots) -> bool {
    let mut count: i64 = 0;
    let mut sum = Decimal::of(0.0);
    for sog in points.clone().filter_map(|point| point.sog) {
        sum = sum + Decimal::of(sog.0);
        count += 1;
    }
    count > 0 && Decimal::of(min.0).times(count) <= sum && sum <= Decimal::of(max.0).times(count)
}

/// The greatest distance of any of the points from their mean.
pub fn spread(points: &Points<'_>) -> Metres {
    let Some(first) = points.clone().next() else {
        return Metres(0.0);
    };
    let (mut count, mut east, mut north) = (0.0, 0.0, 0.0);
    for TrailPoint { position, .. } in points.clone() {
        count += 1.0;
        east += wrap_lon(position.lon - first.position.lon);
        north += position.lat - first.position.lat;
    }
    let mean = Position {
        lon: wrap_lon(first.position.lon + east / count),
        lat: first.position.lat + north / count,
    };
    let from_mean = points.clone().map(|point| distance(mean, point.position));
    from_mean.fold(Metres(0.0), |most, metres| if metres > most { metres } else { most })
}

/// The length of the way through the points over the greatest distance between two of them; 0 if the vessel never moved.
pub fn sinuosity(points: &Points<'_>) -> f64 {
    let legs = points.clone().zip(points.clone().skip(1));
    let way: f64 = legs.map(|(from, to)| distance(from.position, to.position).0).sum();
    let widest = width(points);
    if widest > 0.0 { way / widest } else { 0.0 }
}

/// The greatest distance between two of the points, in metres: it is between two corners of their hull. A plane finds the
/// pairs that may be it, the sphere tells.
fn width(points: &Points<'_>) -> f64 {
    /// Of a hundred miles, the most a slow vessel goes in a window, the plane shows more than this.
    const NEARLY: f64 = 0.999;
    let Some(first) = points.clone().next() else { return 0.0 };
    let flat = Orthographic::around(first.position);
    let (mut north, mut south) = (Chain::new(1.0), Chain::new(-1.0));
    for TrailPoint { position, .. } in points.clone() {
        let at = flat.point(position);
        north.take(Corner { at, position });
        south.take(Corner { at, position });
    }
    let corners = || north.corners.iter().chain(&south.corners);
    let pairs = || corners().flat_map(|one| corners().map(move |other| (one, other)));
    let square = |(one, other): (&Corner, &Corner)| {
        let way = one.at.to(other.at);
        way.dot(way)
    };
    let most = pairs().map(square).fold(0.0, f64::max);
    let far = pairs().filter(|pair| square(*pair) >= most * NEARLY * NEARLY);
    far.map(|(one, other)| distance(one.position, other.position).0)
        .fold(0.0, f64::max)
}

/// A point that may be a corner of the hull.
#[derive(Clone, Copy, Debug)]
struct Corner {
    at: Point,
    position: Position,
}

/// The northern or the southern half of a hull, from west to east.
struct Chain {
    corners: ArrayVec<Corner, MAX_CORNERS>,
    /// 1 of the northern, −1 of the southern.
    side: f64,
}

impl Chain {
    fn new(side: f64) -> Self {
        Self {
            corners: ArrayVec::new(),
            side,
        }
    }

    /// Takes a point in if it is outside, and lets go of corners that are none any more.
    fn take(&mut self, new: Corner) {
        let mut at = self.corners.partition_point(|corner| corner.at.x < new.at.x);
        match self.corners.get(at) {
            Some(same) if same.at.x == new.at.x => {
                if (new.at.y - same.at.y) * self.side <= 0.0 {
                    return;
                }
                self.corners.remove(at);
            }
            Some(next) if at > 0 && !self.is_outside(&self.corners[at - 1], &new, next) => return,
            _ => {}
        }
        if self.corners.try_insert(at, new).is_err() {
            return;
        }
        while at + 2 < self.corners.len() && !self.is_corner(at + 1) {
            self.corners.remove(at + 1);
        }
        while at >= 2 && !self.is_corner(at - 1) {
            self.corners.remove(at - 1);
            at -= 1;
        }
    }

    fn is_corner(&self, at: usize) -> bool {
        self.is_outside(&self.corners[at - 1], &self.corners[at], &self.corners[at + 1])
    }

    /// Whether the way from west to east over this point is outside the straight one.
    fn is_outside(&self, west: &Corner, at: &Corner, east: &Corner) -> bool {
        let (to, on) = (west.at.to(at.at), at.at.to(east.at));
        (to.x * on.y - to.y * on.x) * self.side < 0.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Trail, Trails};
    use super::*;
    use crate::time::Timestamp;

    fn check(places: &[(f64, f64)]) -> Result<(), TestCaseError> {
        let (mut trails, mut trail) = (Trails::default(), Trail::default());
        for (n, &(lon, lat)) in places.iter().enumerate() {
            let point = TrailPoint {
                time: Timestamp::from_s(n as i64),
                position: Position { lon, lat },
                sog: None,
            };
            trails.add(&mut trail, &point, Span::s(100_000));
        }
        let points = trails.since(&trail, Timestamp::MIN);
        let kept: Vec<_> = points.clone().map(|point| point.position).collect();
        let pairs = kept
            .iter()
            .flat_map(|one| kept.iter().map(|other| distance(*one, *other).0));
        let brute = pairs.fold(0.0, f64::max);
        prop_assert!(
            (width(&points) - brute).abs() <= brute * 1e-7,
            "{} is not {brute}",
            width(&points)
        );
        Ok(())
    }

    proptest! {
        #[test]
        fn the_width_is_that_of_all_pairs(
            steps in prop::collection::vec((-40..=40i32, -40..=40i32), 1..300), coarse in 1..60i32, lat in -80..80i32,
        ) {
            let mut at = (0, 0);
            let places: Vec<_> = steps.iter().map(|(east, north)| {
                at = (at.0 + east * coarse, at.1 + north * coarse);
                (179.99 + f64::from(at.0) / 600_000.0, f64::from(lat) + f64::from(at.1) / 600_000.0)
            }).map(|(lon, lat)| (wrap_lon(lon), lat)).collect();
            check(&places)?;
        }
    }

    #[test]
    fn of_lines_circles_and_many_points() {
        let circle = |n: u32, size: f64| {
            let angle = f64::from(n) * 0.01;
            (118.4 + size * libm::cos(angle), 24.4 + size * libm::sin(angle))
        };
        for places in [
            vec![(118.4, 24.4)],
            vec![(118.4, 24.4); 5],
            (0..50).map(|n| (118.4, 24.4 + f64::from(n) * 1e-4)).collect(),
            (0..50).map(|n| (118.4 + f64::from(n) * 1e-4, 24.4)).collect(),
            (0..50)
                .map(|n| (118.4 - f64::from(n) * 1e-4, 24.4 + f64::from(n) * 1e-4))
                .collect(),
            (0..3000).map(|n| circle(n, 0.002)).collect(),
            // Wide at first, and then for more than an hour at 2 s in one place.
            (0..40)
                .map(|n| circle(n * 15, 0.02))
                .chain((0..2500).map(|n| circle(n, 1e-5)))
                .collect(),
        ] {
            check(&places).unwrap();
        }
    }
}
