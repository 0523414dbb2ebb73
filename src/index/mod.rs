//! Where vessels are: an R-tree of the places they were last indexed at.
//!
//! A vessel's entry moves only when it has gone farther than ε from there; queries reach ε farther, and whoever asks
//! checks the live position. That keeps a report cheap and misses nothing (LIBRARIES.md measures it).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rstar::{AABB, ParentNode, RTree, RTreeNode, RTreeObject};

use crate::geo::{Metres, Position, distance, distance_to_box};

/// ε in degrees: how far a vessel may be from its indexed place.
pub const EPSILON_DEG: f64 = 0.005;

/// Vessels by place. `K` tells a vessel apart.
#[derive(Clone, Debug)]
pub struct Index<K: Copy + PartialEq> {
    tree: RTree<Entry<K>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry<K> {
    point: [f64; 2],
    key: K,
}

impl<K: Copy + PartialEq> RTreeObject for Entry<K> {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.point)
    }
}

impl<K: Copy + PartialEq> rstar::PointDistance for Entry<K> {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let (dx, dy) = (self.point[0] - point[0], self.point[1] - point[1]);
        dx * dx + dy * dy
    }
}

impl<K: Copy + PartialEq> Default for Index<K> {
    fn default() -> Self {
        Self { tree: RTree::new() }
    }
}

impl<K: Copy + PartialEq> Index<K> {
    /// An index of vessels at these places.
    pub fn of(places: impl Iterator<Item = (K, Position)>) -> Self {
        let entries = places
            .map(|(key, place)| Entry {
                point: [place.lon, place.lat],
                key,
            })
            .collect();
        Self {
            tree: RTree::bulk_load(entries),
        }
    }

    /// Tells that the vessel, indexed at `indexed` so far, is now at `position`; returns where it is indexed from now.
    pub fn place(&mut self, key: K, indexed: Option<Position>, position: Position) -> Position {
        if let Some(old) = indexed {
            if (old.lon - position.lon).abs() <= EPSILON_DEG && (old.lat - position.lat).abs() <= EPSILON_DEG {
                return old;
            }
            self.remove(key, old);
        }
        self.tree.insert(Entry {
            point: [position.lon, position.lat],
            key,
        });
        position
    }

    /// Forgets a vessel indexed at `indexed`.
    pub fn remove(&mut self, key: K, indexed: Position) {
        self.tree.remove(&Entry {
            point: [indexed.lon, indexed.lat],
            key,
        });
    }

    /// How many vessels are indexed.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether no vessel is indexed.
    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }

    /// The `most` vessels nearest to a place, nearest first, with their distances; `live` gives a vessel's position now.
    /// It looks only at parts of the tree that are no farther than the last one found.
    pub fn nearest(&self, place: Position, most: usize, live: impl Fn(K) -> Option<Position>) -> Vec<(Metres, K)>
    where
        K: Ord,
    {
        let mut found = Vec::new();
        let mut ahead = BinaryHeap::from([Ahead(0.0, What::Part(self.tree.root()))]);
        while found.len() < most
            && let Some(Ahead(metres, what)) = ahead.pop()
        {
            match what {
                What::Part(part) => ahead.extend(part.children().iter().filter_map(|node| match node {
                    RTreeNode::Leaf(Entry { key, .. }) => {
                        Some(Ahead(distance(place, live(*key)?).0, What::Vessel(*key)))
                    }
                    RTreeNode::Parent(part) => Some(Ahead(at_least(place, &part.envelope()), What::Part(part))),
                })),
                What::Vessel(key) => found.push((Metres(metres), key)),
            }
        }
        found
    }

    /// All vessels that may be within the box, in no order; some may be up to ε outside. A box whose west is east of
    /// its east goes over the antimeridian.
    pub fn in_box(&self, south_west: Position, north_east: Position) -> impl Iterator<Item = K> + '_ {
        let (west, east) = (south_west.lon, north_east.lon);
        let spans = if west <= east {
            [Some((west, east)), None]
        } else {
            [Some((west, 180.0)), Some((-180.0, east))]
        };
        spans.into_iter().flatten().flat_map(move |(west, east)| {
            let envelope = AABB::from_corners(
                [west - EPSILON_DEG, south_west.lat - EPSILON_DEG],
                [east + EPSILON_DEG, north_east.lat + EPSILON_DEG],
            );
            self.tree
                .locate_in_envelope_intersecting(envelope)
                .map(|entry| entry.key)
        })
    }
}

/// What a search has still to look at, and how many metres away it is at least.
struct Ahead<'t, K: Copy + PartialEq>(f64, What<'t, K>);

enum What<'t, K: Copy + PartialEq> {
    Part(&'t ParentNode<Entry<K>>),
    /// As far away as it says.
    Vessel(K),
}

impl<K: Copy + Ord> Ord for Ahead<'_, K> {
    /// Greatest is what is to be looked at next: the nearest; where equally near, parts of the tree before vessels, and
    /// these by key.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |what: &What<'_, K>| match what {
            What::Part(_) => None,
            What::Vessel(key) => Some(*key),
        };
        let nearer = other.0.total_cmp(&self.0);
        nearer.then_with(|| key(&other.1).cmp(&key(&self.1)))
    }
}

impl<K: Copy + Ord> PartialOrd for Ahead<'_, K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Copy + Ord> PartialEq for Ahead<'_, K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<K: Copy + Ord> Eq for Ahead<'_, K> {}

/// The least distance in metres at which a vessel may be that is indexed within the envelope.
fn at_least(place: Position, envelope: &AABB<[f64; 2]>) -> f64 {
    /// What rounding may make of a distance half round the Earth.
    const SLACK_M: f64 = 1.0;
    let corner = |[lon, lat]: [f64; 2], by: f64| Position {
        lon: (lon + by).clamp(-180.0, 180.0),
        lat: (lat + by).clamp(-90.0, 90.0),
    };
    let south_west = corner(envelope.lower(), -EPSILON_DEG);
    let north_east = corner(envelope.upper(), EPSILON_DEG);
    distance_to_box(place, south_west, north_east).0 - SLACK_M
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position { lon, lat }
    }

    proptest! {
        #[test]
        fn finds_what_brute_force_finds(
            moves in prop::collection::vec((0usize..20, -180.0..180.0f64, -90.0..90.0f64), 1..200),
            near in prop::collection::vec((0usize..20, -0.02..0.02f64, -0.02..0.02f64), 0..200),
            west in -180.0..180.0f64, south in -90.0..90.0f64, width in 0.0..300.0f64, height in 0.0..90.0f64,
        ) {
            let mut index = Index::default();
            let mut live = [None::<Position>; 20];
            let mut indexed = [None; 20];
            let steps = moves.into_iter().map(|(k, lon, lat)| (k, at(lon, lat), false))
                .chain(near.into_iter().map(|(k, lon, lat)| (k, at(lon, lat), true)));
            for (key, place, relative) in steps {
                let old = live[key].unwrap_or(at(0.0, 0.0));
                let moved = at((old.lon + place.lon).clamp(-180.0, 180.0), (old.lat + place.lat).clamp(-90.0, 90.0));
                let now = if relative { moved } else { place };
                live[key] = Some(now);
                indexed[key] = Some(index.place(key, indexed[key], now));
            }
            let east = if west + width > 180.0 { west + width - 360.0 } else { west + width };
            let north = (south + height).min(90.0);
            let inside = |p: Position| {
                let within = if west <= east { p.lon >= west && p.lon <= east } else { p.lon >= west || p.lon <= east };
                within && p.lat >= south && p.lat <= north
            };
            let mut found: Vec<usize> = index.in_box(at(west, south), at(east, north))
                .filter(|key| live[*key].is_some_and(inside)).collect();
            found.sort_unstable();
            let wanted: Vec<usize> = (0..20).filter(|k| live[*k].is_some_and(inside)).collect();
            prop_assert_eq!(found, wanted);
            prop_assert_eq!(index.len(), live.iter().flatten().count());
        }

        #[test]
        fn the_nearest_are_those_that_brute_force_finds(
            places in prop::collection::vec((-180.0..=180.0f64, -90.0..=90.0f64, -0.005..=0.005f64), 0..60),
            lon in -180.0..=180.0f64, lat in -90.0..=90.0f64, most in 0usize..12,
        ) {
            let mut index = Index::default();
            let live: Vec<Position> = places.iter().enumerate().map(|(key, &(lon, lat, off))| {
                index.place(key, None, at(lon, lat));
                at((lon + off).clamp(-180.0, 180.0), (lat - off).clamp(-90.0, 90.0))
            }).collect();
            let here = at(lon, lat);
            let mut wanted: Vec<_> = live.iter().enumerate().map(|(key, place)| (distance(here, *place), key)).collect();
            wanted.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
            wanted.truncate(most);
            prop_assert_eq!(index.nearest(here, most, |key| Some(live[key])), wanted);
        }
    }
}
