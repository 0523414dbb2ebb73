//! What the accepted positions of a window say: how long they span, how fast the vessel was, where it kept to.

use super::{Track, TrailPoint};
use crate::geo::{Decimal, Knots, Metres, Plane, Position, distance, wrap_lon};
use crate::time::{Span, Timestamp};

/// The accepted positions of the last `window`, oldest first, if they span at least 90 % of it.
pub fn full(vessel: &Track, now: Timestamp, window: Span) -> Option<Vec<TrailPoint>> {
    let mut points = vessel.trail.since(now.plus(Span(-window.0)));
    let (first, last) = (points.next()?, points.next_back()?);
    if last.time.since(first.time).0 * 10 < window.0 * 9 {
        return None;
    }
    Some(
        std::iter::once(first)
            .chain(points)
            .chain(std::iter::once(last))
            .collect(),
    )
}

/// Whether the mean of the speeds that were given is one of these or between.
pub fn is_mean_sog_between(points: &[TrailPoint], min: Knots, max: Knots) -> bool {
    let mut count: i64 = 0;
    let mut sum = Decimal::of(0.0);
    for sog in points.iter().filter_map(|point| point.sog) {
        sum = sum + Decimal::of(sog.0);
        count += 1;
    }
    count > 0 && Decimal::of(min.0).times(count) <= sum && sum <= Decimal::of(max.0).times(count)
}

/// The greatest distance of any of the points from their mean.
pub fn spread(points: &[TrailPoint]) -> Metres {
    let Some(first) = points.first() else {
        return Metres(0.0);
    };
    let count = points.len() as f64;
    let east: f64 = points
        .iter()
        .map(|point| wrap_lon(point.position.lon - first.position.lon))
        .sum();
    let north: f64 = points.iter().map(|point| point.position.lat - first.position.lat).sum();
    let mean = Position {
        lon: wrap_lon(first.position.lon + east / count),
        lat: first.position.lat + north / count,
    };
    let from_mean = points.iter().map(|point| distance(mean, point.position));
    from_mean.fold(Metres(0.0), |most, metres| if metres > most { metres } else { most })
}

/// The length of the way through the points over the greatest distance between two of them; 0 if the vessel never moved.
pub fn sinuosity(points: &[TrailPoint]) -> f64 {
    let legs = points
        .windows(2)
        .map(|pair| distance(pair[0].position, pair[1].position).0);
    let (way, widest) = (legs.sum::<f64>(), width(points));
    if widest > 0.0 { way / widest } else { 0.0 }
}

/// The greatest distance between two of the points, in metres. A plane finds the pairs that may be it, the sphere tells.
fn width(points: &[TrailPoint]) -> f64 {
    /// Over the way a slow vessel goes in a window a plane is truer than this.
    const NEARLY: f64 = 0.99;
    let Some(first) = points.first() else { return 0.0 };
    let plane = Plane::around(first.position);
    let flat: Vec<_> = points.iter().map(|point| plane.point(point.position)).collect();
    let pairs = || (1..flat.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
    let square = |(from, to): (usize, usize)| {
        let way = flat[from].to(flat[to]);
        way.dot(way)
    };
    let most = pairs().map(square).fold(0.0, f64::max);
    let far = pairs().filter(|pair| square(*pair) >= most * NEARLY * NEARLY);
    far.map(|(from, to)| distance(points[from].position, points[to].position).0)
        .fold(0.0, f64::max)
}
