//! What the accepted positions of a window say: how long they span, how fast the vessel was, where it kept to.

use arrayvec::ArrayVec;

use super::{Points, TrailPoint};
use crate::geo::{Decimal, Knots, Metres, Plane, Position, distance, wrap_lon};
use crate::time::Span;

/// Most points that the width is found of; of more, the newest. An hour and more at 2 s, the shortest interval of AIS.
const MAX_POINTS: usize = 2_048;

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

/// The greatest distance between two of the points, in metres. A plane finds the pairs that may be it, the sphere tells.
fn width(points: &Points<'_>) -> f64 {
    /// Over the way a slow vessel goes in a window a plane is truer than this.
    const NEARLY: f64 = 0.99;
    let Some(first) = points.clone().next() else { return 0.0 };
    let plane = Plane::around(first.position);
    let too_many = points.clone().count().saturating_sub(MAX_POINTS);
    let positions = points.clone().skip(too_many).map(|point| point.position);
    let flat: ArrayVec<_, MAX_POINTS> = positions.map(|position| (position, plane.point(position))).collect();
    let pairs = || (1..flat.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
    let square = |(from, to): (usize, usize)| {
        let way = flat[from].1.to(flat[to].1);
        way.dot(way)
    };
    let most = pairs().map(square).fold(0.0, f64::max);
    let far = pairs().filter(|pair| square(*pair) >= most * NEARLY * NEARLY);
    far.map(|(from, to)| distance(flat[from].0, flat[to].0).0)
        .fold(0.0, f64::max)
}
