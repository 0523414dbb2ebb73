//! Which alert of one side is which of the other: those of one key (rule, vessel, other vessel, zone; a feed or station
//! by its name), raised at one moment; else whose times overlap; else the nearest within a bound.

use std::collections::{BTreeMap, BTreeSet};

use super::Seen;
use crate::ais::Mmsi;
use crate::time::{Span, Timestamp};

/// Alerts of one key are one and the same, moved, if no more than this lies between the end of one and the raising of
/// the other.
pub const MOVED_WITHIN: Span = Span::s(600);

type Key<'a> = (&'a str, Option<Mmsi>, Option<Mmsi>, Option<&'a str>, Option<&'a str>);

/// The pairs of places of the same alert in both lists, in the order of the first.
pub(super) fn pair_up(one: &[&Seen], other: &[&Seen]) -> Vec<(usize, usize)> {
    let mut groups: BTreeMap<Key<'_>, [Vec<usize>; 2]> = BTreeMap::new();
    for (side, list) in [one, other].into_iter().enumerate() {
        for (at, seen) in list.iter().enumerate() {
            groups.entry(key(seen)).or_default()[side].push(at);
        }
    }
    let mut pairs = Vec::new();
    for [mut a, mut b] in groups.into_values() {
        a.sort_by_key(|at| one[*at].alert.raised);
        b.sort_by_key(|at| other[*at].alert.raised);
        pair_group((one, &a), (other, &b), &mut pairs);
    }
    pairs.sort_unstable();
    pairs
}

fn key(seen: &Seen) -> Key<'_> {
    let alert = &*seen.alert;
    let name = alert.reason.as_deref().filter(|_| alert.mmsi.is_none());
    (&alert.rule, alert.mmsi, alert.other_mmsi, alert.zone.as_deref(), name)
}

/// Pairs those of one key; the alerts of one side do not overlap, so few of the other are near any.
fn pair_group((one, a): (&[&Seen], &[usize]), (other, b): (&[&Seen], &[usize]), pairs: &mut Vec<(usize, usize)>) {
    let mut candidates = Vec::new();
    let mut first = 0;
    for &at in a {
        let (from, to) = times(one[at]);
        let is_past = |at: &usize| times(other[*at]).1.plus(MOVED_WITHIN) < from;
        first += b[first..].iter().take_while(|at| is_past(at)).count();
        let near = b[first..]
            .iter()
            .take_while(|at| times(other[**at]).0 <= to.plus(MOVED_WITHIN));
        candidates.extend(near.map(|&near| {
            let (begins, ends) = times(other[near]);
            let gap = begins.since(to).0.max(from.since(ends).0).max(0);
            let shift = begins.since(from).0.abs();
            // Raised at one moment, they are the same; else the nearest are.
            (shift > 0, gap, shift, at, near)
        }));
    }
    candidates.sort_unstable();
    let (mut paired_a, mut paired_b) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, _, a, b) in candidates {
        if !paired_a.contains(&a) && !paired_b.contains(&b) {
            paired_a.insert(a);
            paired_b.insert(b);
            pairs.push((a, b));
        }
    }
}

/// From its raising to its end; one that still holds has none.
fn times(seen: &Seen) -> (Timestamp, Timestamp) {
    (seen.alert.raised, seen.ended.unwrap_or(Timestamp::MAX))
}
