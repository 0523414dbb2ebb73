//! A passage: the line a ship sails with its corners rounded, and how fast it is where.

use crate::geo::{Point, sweep, wrap_deg};

/// How a ship handles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handling {
    /// Speed wanted, m/s.
    pub(super) speed: f64,
    /// Gain and loss of speed, m/s².
    pub(super) gain: f64,
    /// Radius of its turns, m, where there is room.
    pub(super) radius: f64,
}

/// Fastest turn, rad/s: a ship slows down for a corner that leaves no room for its radius.
const FASTEST_TURN: f64 = 0.035;
/// No ship goes slower than this in a corner, m/s.
const CREEP: f64 = 1.0;
/// Lines through slow waters are cut to this length, m, so that a limit begins near its border.
const CUT: f64 = 60.0;
/// Waypoints nearer to each other than this, m, are one.
const SAME: f64 = 2.0;

/// Waters in which ships go slowly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slow {
    pub(super) south_west: Point,
    pub(super) north_east: Point,
    /// m/s
    pub(super) limit: f64,
}

/// Where a ship is and how it moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Motion {
    pub(super) at: Point,
    pub(super) course_deg: f64,
    /// m/s
    pub(super) speed: f64,
    /// Degrees a minute, starboard positive.
    pub(super) turn_deg_min: f64,
}

/// A straight piece, or an arc about a centre.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Straight {
        from: Point,
        direction: Point,
    },
    Arc {
        centre: Point,
        radius: f64,
        from_deg: f64,
        starboard: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    shape: Shape,
    begins: f64,
    length: f64,
    limit: f64,
}

/// A stretch of constant gain: from the second it begins, at a distance and a speed.
#[derive(Clone, Copy, Debug)]
struct Pace {
    second: f64,
    distance: f64,
    speed: f64,
    gain: f64,
}

/// A passage from rest to rest.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    pieces: Vec<Piece>,
    paces: Vec<Pace>,
    /// s
    pub(super) duration: f64,
    /// Where it ends.
    pub(super) end: Point,
}

impl Passage {
    /// The passage along `points`, of which there is at least one.
    pub(super) fn along(points: &[Point], handling: Handling, slow: &[Slow]) -> Self {
        let mut way: Vec<Point> = Vec::with_capacity(points.len());
        for point in points {
            if way.last().is_none_or(|last| last.distance(*point) > SAME) {
                way.push(*point);
            }
        }
        let mut passage = Self {
            pieces: Vec::new(),
            paces: Vec::new(),
            duration: 0.0,
            end: way[way.len() - 1],
        };
        passage.lay(&way, handling, slow);
        passage.pace(handling.gain);
        passage
    }

    /// Lays the pieces: each corner becomes an arc that touches both its lines no farther off than their middles.
    fn lay(&mut self, way: &[Point], handling: Handling, slow: &[Slow]) {
        let mut from = way[0];
        for corner in way.windows(3) {
            let (ahead, after) = (corner[0].to(corner[1]), corner[1].to(corner[2]));
            let (into, out) = (ahead.direction(), after.direction());
            let side = into.starboard().dot(out);
            let half_tangent = side.abs() / (1.0 + into.dot(out)).max(1e-6);
            let room = ahead.length().min(after.length()) / 2.0;
            let reach = (handling.radius * half_tangent).min(room);
            if half_tangent < 1e-4 {
                continue;
            }
            let radius = reach / half_tangent;
            let begin = corner[1].along(into, -reach);
            self.straight(from, begin, handling.speed, slow);
            self.arc(begin, into, radius, side > 0.0, half_tangent, handling.speed, slow);
            from = corner[1].along(out, reach);
        }
        self.straight(from, self.end, handling.speed, slow);
    }

    fn straight(&mut self, from: Point, to: Point, speed: f64, slow: &[Slow]) {
        let (length, direction) = (from.distance(to), from.to(to).direction());
        let near = slow.iter().any(|waters| waters.touches(from, to));
        let cuts = if near { (length / CUT).ceil().max(1.0) } else { 1.0 };
        let step = length / cuts;
        for cut in 0..cuts as usize {
            let from = from.along(direction, step * cut as f64);
            let limit = limit_at(from.along(direction, step / 2.0), slow).min(speed);
            self.push(Shape::Straight { from, direction }, step, limit);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "an arc's geometry, used once")]
    fn arc(&mut self, begin: Point, into: Point, radius: f64, starboard: bool, half: f64, speed: f64, slow: &[Slow]) {
        let inward = if starboard {
            into.starboard()
        } else {
            into.starboard().back()
        };
        let centre = begin.along(inward, radius);
        let shape = Shape::Arc {
            centre,
            radius,
            from_deg: inward.back().bearing_deg(),
            starboard,
        };
        let length = sweep(half) * radius;
        let arc = Piece {
            shape,
            begins: 0.0,
            length,
            limit: 0.0,
        };
        let spots = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| limit_at(arc.motion(part * length, 0.0).at, slow));
        let limit = spots.into_iter().fold(speed, f64::min);
        self.push(shape, length, limit.min((FASTEST_TURN * radius).max(CREEP)));
    }

    fn push(&mut self, shape: Shape, length: f64, limit: f64) {
        if length > 0.0 {
            let begins = self.pieces.last().map_or(0.0, |last| last.begins + last.length);
            self.pieces.push(Piece {
                shape,
                begins,
                length,
                limit,
            });
        }
    }

    /// Fits the speeds: at rest at both ends, no faster than each piece allows, never gaining or losing more than `gain`.
    fn pace(&mut self, gain: f64) {
        let count = self.pieces.len();
        let mut speeds = vec![0.0_f64; count + 1];
        for joint in 1..count {
            let reached = speeds[joint - 1] * speeds[joint - 1] + 2.0 * gain * self.pieces[joint - 1].length;
            let allowed = self.pieces[joint - 1].limit.min(self.pieces[joint].limit);
            speeds[joint] = f64::sqrt(reached).min(allowed);
        }
        for joint in (1..count).rev() {
            let stoppable = speeds[joint + 1] * speeds[joint + 1] + 2.0 * gain * self.pieces[joint].length;
            speeds[joint] = speeds[joint].min(f64::sqrt(stoppable));
        }
        for (piece, ends) in self.pieces.iter().zip(speeds.windows(2)) {
            let (v0, v1) = (ends[0], ends[1]);
            let peak = f64::sqrt((2.0 * gain * piece.length + v0 * v0 + v1 * v1) / 2.0).min(piece.limit);
            let faster = (peak * peak - v0 * v0).max(0.0) / (2.0 * gain);
            let slower = (peak * peak - v1 * v1).max(0.0) / (2.0 * gain);
            let steady = (piece.length - faster - slower).max(0.0);
            let mut distance = piece.begins;
            for (length, speed, rate, takes) in [
                (faster, v0, gain, (peak - v0).max(0.0) / gain),
                (steady, peak, 0.0, if peak > 0.0 { steady / peak } else { 0.0 }),
                (slower, peak, -gain, (peak - v1).max(0.0) / gain),
            ] {
                if takes > 0.0 {
                    self.paces.push(Pace {
                        second: self.duration,
                        distance,
                        speed,
                        gain: rate,
                    });
                    self.duration += takes;
                    distance += length;
                }
            }
        }
    }

    /// The motion `second` seconds after the start; at rest at the end from then on.
    pub(super) fn at(&self, second: f64) -> Motion {
        let after = self.paces.partition_point(|pace| pace.second <= second);
        let Some(pace) = after.checked_sub(1).map(|at| self.paces[at]) else {
            return Motion {
                at: self.end,
                course_deg: 0.0,
                speed: 0.0,
                turn_deg_min: 0.0,
            };
        };
        let seconds = second.min(self.duration) - pace.second;
        let speed = if second < self.duration {
            (pace.speed + pace.gain * seconds).max(0.0)
        } else {
            0.0
        };
        let distance = pace.distance + (pace.speed + pace.gain * seconds / 2.0) * seconds;
        let after = self.pieces.partition_point(|piece| piece.begins <= distance).max(1);
        self.pieces[after - 1].motion(distance, speed)
    }
}

impl Piece {
    fn motion(&self, distance: f64, speed: f64) -> Motion {
        let along = (distance - self.begins).clamp(0.0, self.length);
        match self.shape {
            Shape::Straight { from, direction } => Motion {
                at: from.along(direction, along),
                course_deg: direction.bearing_deg(),
                speed,
                turn_deg_min: 0.0,
            },
            Shape::Arc {
                centre,
                radius,
                from_deg,
                starboard,
            } => {
                let side = if starboard { 1.0 } else { -1.0 };
                let bearing = from_deg + side * (along / radius).to_degrees();
                Motion {
                    at: centre.along(Point::heading(bearing), radius),
                    course_deg: wrap_deg(bearing + side * 90.0),
                    speed,
                    turn_deg_min: side * (speed / radius).to_degrees() * 60.0,
                }
            }
        }
    }
}

impl Slow {
    fn holds(&self, at: Point) -> bool {
        (self.south_west.x..=self.north_east.x).contains(&at.x)
            && (self.south_west.y..=self.north_east.y).contains(&at.y)
    }

    /// Whether the box around a line meets these waters.
    fn touches(&self, a: Point, b: Point) -> bool {
        a.x.min(b.x) <= self.north_east.x
            && a.x.max(b.x) >= self.south_west.x
            && a.y.min(b.y) <= self.north_east.y
            && a.y.max(b.y) >= self.south_west.y
    }
}

fn limit_at(at: Point, slow: &[Slow]) -> f64 {
    let limits = slow.iter().filter(|waters| waters.holds(at)).map(|waters| waters.limit);
    limits.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_smooth_stays_within_its_limits_and_arrives() {
        let points = [
            (0.0, 0.0),
            (0.0, 3000.0),
            (2000.0, 3000.0),
            (2000.0, 2900.0),
            (0.0, 500.0),
            (10.0, 4000.0),
        ];
        let points: Vec<Point> = points.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let handling = Handling {
            speed: 8.0,
            gain: 0.1,
            radius: 250.0,
        };
        let slow = [Slow {
            south_west: Point::new(-100.0, 1000.0),
            north_east: Point::new(100.0, 1500.0),
            limit: 3.0,
        }];
        let passage = Passage::along(&points, handling, &slow);
        let mut last = passage.at(0.0);
        assert_eq!((last.at, last.speed), (points[0], 0.0));
        let step = 0.5;
        for tick in 1..=(passage.duration / step) as u32 + 4 {
            let now = passage.at(f64::from(tick) * step);
            let moved = last.at.distance(now.at);
            assert!(moved <= 8.0 * step + 1e-6, "{moved} m at {tick}");
            assert!((now.speed - last.speed).abs() <= 0.1 * step + 1e-6, "{last:?} {now:?}");
            if slow[0].holds(now.at) && slow[0].holds(last.at) && now.at.y > 1050.0 && now.at.y < 1450.0 {
                assert!(now.speed <= 3.0 + 1e-9);
            }
            let turned = wrap_deg(now.course_deg - last.course_deg + 180.0) - 180.0;
            assert!(turned.abs() < 60.0 * step, "{turned}");
            last = now;
        }
        assert!(last.at.distance(points[5]) < 1e-3 && last.speed == 0.0, "{last:?}");
        assert!(Passage::along(&points[..1], handling, &slow).at(5.0).at == points[0]);
    }
}
