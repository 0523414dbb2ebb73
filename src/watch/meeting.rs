//! Which pairs are brought before the court: at a report all that a first look does not rule out, and all remembered.

use super::pairs::Pair;
use super::sparse::Sparse;
use super::standing::Standing;
use super::{Due, PairIx, State, Watch};
use crate::picture::{Picture, Slot};
use crate::rules::{Occasion, Party, Rule};
use crate::time::Timestamp;
use crate::track::{Fate, TrackChange};

/// Room for the pairs of one vessel, used again.
#[derive(Debug, Default)]
pub(super) struct Meeting {
    near: Vec<Slot>,
    others: Vec<Slot>,
}

impl Watch {
    /// Judges the pairs of a vessel that a report changed. `near`: whom the vicinity finds around it.
    pub(super) fn observe_pairs(
        &mut self,
        picture: &Picture,
        slot: Slot,
        change: &TrackChange<'_>,
        near: &[Slot],
        now: Timestamp,
    ) {
        if self.agenda.pairs.is_empty() || picture.vicinity().mover(slot).is_none() {
            return;
        }
        if change.fate == Some(Fate::Accepted) {
            self.meet(picture, slot, near, Occasion::Report, now);
        } else {
            // Whatever it said may let other rules' filters pass or end.
            self.state.timers.set(now.floor_s() + 1, Due::Around(slot));
        }
    }

    /// Judges all pairs of a vessel at a second.
    pub(super) fn meet_around(&mut self, picture: &Picture, slot: Slot, now: Timestamp) {
        let mut near = std::mem::take(&mut self.meeting.near);
        near.clear();
        if let Some(reach) = self.reach(picture, slot) {
            picture.vicinity().near(slot, &reach, &mut near);
        }
        self.meet(picture, slot, &near, Occasion::Tick, now);
        self.meeting.near = near;
    }

    /// Judges a remembered pair at a second at which it was due.
    pub(super) fn meet_again(&mut self, picture: &Picture, ix: PairIx, now: Timestamp) {
        if let Some(pair) = self.state.pairs.take(ix) {
            self.judge_pair(picture, Some(ix), pair, Occasion::Tick, now);
        }
    }

    fn meet(&mut self, picture: &Picture, slot: Slot, near: &[Slot], occasion: Occasion<'_>, now: Timestamp) {
        let mut others = std::mem::take(&mut self.meeting.others);
        others.clear();
        self.look_around(picture, slot, near, &mut others);
        others.extend(self.state.pairs.partners(slot));
        others.sort_unstable();
        others.dedup();
        for &other in &others {
            let known = self.state.pairs.find(slot, other);
            let remembered = known.and_then(|ix| self.state.pairs.take(ix));
            let pair = remembered.unwrap_or_else(|| {
                let lower_first = picture.track(slot).mmsi < picture.track(other).mmsi;
                let slots = if lower_first { [slot, other] } else { [other, slot] };
                Pair::of(slots)
            });
            self.judge_pair(picture, known, pair, occasion, now);
        }
        self.meeting.others = others;
    }

    /// Those near whom a first look does not rule out.
    fn look_around(&self, picture: &Picture, slot: Slot, near: &[Slot], others: &mut Vec<Slot>) {
        let Some(own) = party(picture, &self.state.standings, slot) else {
            return;
        };
        for &ix in &self.agenda.pairs {
            let Rule { judge, .. } = &self.orders.rules[usize::from(ix)];
            if judge.may_pair(&own) {
                let meets = |other: &Slot| {
                    let mover = picture.vicinity().mover(*other);
                    mover.is_some_and(|mover| judge.may_meet(own.mover, mover))
                };
                others.extend(near.iter().copied().filter(meets));
            }
        }
    }

    fn judge_pair(
        &mut self,
        picture: &Picture,
        known: Option<PairIx>,
        mut pair: Pair,
        occasion: Occasion<'_>,
        now: Timestamp,
    ) {
        // A court writes into what is kept of pairs here, and only reads how their vessels stand.
        let standings = std::mem::take(&mut self.state.standings);
        let [Some(one), Some(other)] = pair.slots.map(|slot| party(picture, &standings, slot)) else {
            unreachable!("a pair is forgotten with either of its vessels");
        };
        let due_s = self.court(picture, now).0.pair(&mut pair, [one, other], occasion);
        self.state.standings = standings;
        let State { pairs, timers, .. } = &mut self.state;
        pairs.keep(known, pair, due_s, timers);
    }
}

/// A vessel as a party to pairs, if it has a position.
pub(super) fn party<'a>(picture: &'a Picture, standings: &'a Sparse<Standing>, slot: Slot) -> Option<Party<'a>> {
    let standing = standings.get(slot);
    Some(Party {
        track: picture.get(slot)?,
        mover: picture.vicinity().mover(slot)?,
        inside: standing.map_or(&[], |standing| &standing.zones),
    })
}
