//! Pairs of vessels of which a watch remembers something: a condition is open, or one may come to hold.

use serde::{Deserialize, Serialize};

use super::Due;
use super::conditions::Conditions;
use super::sparse::{Room, Sparse};
use super::succession::Succession;
use crate::alerts::Ledger;
use crate::picture::Slot;
use crate::time::{Span, TimerId, Wheel};

/// Most pairs remembered at once. Beyond it a pair that is not yet remembered is not judged; `refused` counts the times.
const MAX_PAIRS: usize = 1 << 21;

/// Pairs of one vessel that there is room for from the first on.
const USUAL_PARTNERS: usize = 8;

/// A pair's place among those remembered; places are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct PairIx(u32);

/// What a watch keeps of one pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pair {
    /// The vessel of the lower MMSI first.
    pub(super) slots: [Slot; 2],
    pub(super) conditions: Conditions,
    timer: Option<(i64, TimerId)>,
}

/// The other vessels of one vessel's pairs, in order, and the pair with each.
type Around = Vec<(Slot, PairIx)>;

/// All pairs remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Pairs {
    pairs: Vec<Option<Pair>>,
    free: Vec<PairIx>,
    around: Sparse<Around>,
    refused: u64,
}

impl Room for Around {
    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }
}

impl Pairs {
    /// The other vessels of all remembered pairs of a vessel, in order.
    pub(super) fn partners(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        self.around_of(slot).iter().map(|(other, _)| *other)
    }

    /// The remembered pair of two vessels.
    pub(super) fn find(&self, one: Slot, other: Slot) -> Option<PairIx> {
        let around = self.around_of(one);
        let at = around.binary_search_by_key(&other, |(other, _)| *other).ok()?;
        Some(around[at].1)
    }

    /// A remembered pair.
    pub(super) fn get(&self, pair: PairIx) -> Option<&Pair> {
        self.pairs.get(pair.0 as usize)?.as_ref()
    }

    /// Hands out a pair, to be given back by [`Self::keep`]; none if it has been forgotten.
    pub(super) fn take(&mut self, pair: PairIx) -> Option<Pair> {
        self.pairs.get_mut(pair.0 as usize)?.take()
    }

    /// Takes back what was handed out, or takes in what is new, and has it judged at `due_s` at the latest; forgets it if
    /// there is nothing to remember.
    pub(super) fn keep(&mut self, known: Option<PairIx>, mut pair: Pair, due_s: Option<i64>, timers: &mut Wheel<Due>) {
        if pair.conditions.is_empty() && due_s.is_none() {
            self.forget(known, &mut pair, timers);
            return;
        }
        let Some(ix) = known.or_else(|| self.make_room(pair.slots)) else {
            self.refused += 1;
            return;
        };
        // A timer that is due sooner may stand: each report of either moves the second, and it is asked for then.
        let stands = due_s.is_some_and(|second| pair.timer.is_some_and(|(set, _)| set <= second));
        if !stands {
            pair.cancel_timer(timers);
            pair.timer = due_s.map(|second| (second, timers.set(second, Due::Pair(ix))));
        }
        self.pairs[ix.0 as usize] = Some(pair);
    }

    /// Forgets all pairs of a vessel, and hands each out.
    pub(super) fn forget_vessel(&mut self, slot: Slot, timers: &mut Wheel<Due>, mut each: impl FnMut(&Pair)) {
        let mut around = self.around.take(slot);
        for &(_, ix) in &around {
            if let Some(mut pair) = self.take(ix) {
                each(&pair);
                self.forget(Some(ix), &mut pair, timers);
            }
        }
        // Whoever takes the place next has met nobody.
        around.clear();
        self.around.keep(slot, around);
    }

    /// Goes on under other orders.
    pub(super) fn succeed(&mut self, succession: &Succession, ledger: &mut Ledger) {
        for pair in self.pairs.iter_mut().flatten() {
            pair.conditions.succeed(succession, ledger);
        }
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        for pair in self.pairs.iter_mut().flatten() {
            pair.conditions.shift(by);
        }
    }

    /// Its timer has passed.
    pub(super) fn forget_timer(&mut self, pair: PairIx) {
        if let Some(pair) = self.pairs.get_mut(pair.0 as usize).and_then(Option::as_mut) {
            pair.timer = None;
        }
    }

    fn around_of(&self, slot: Slot) -> &[(Slot, PairIx)] {
        self.around.get(slot).map_or(&[], Vec::as_slice)
    }

    fn forget(&mut self, known: Option<PairIx>, pair: &mut Pair, timers: &mut Wheel<Due>) {
        pair.cancel_timer(timers);
        let Some(ix) = known else { return };
        for slot in pair.slots {
            let mut around = self.around.take(slot);
            around.retain(|(_, other)| *other != ix);
            self.around.keep(slot, around);
        }
        self.free.push(ix);
    }

    /// A place for a new pair, noted with both vessels; none at the bound.
    fn make_room(&mut self, slots: [Slot; 2]) -> Option<PairIx> {
        let ix = match self.free.pop() {
            Some(ix) => ix,
            None if self.pairs.len() < MAX_PAIRS => {
                self.pairs.push(None);
                PairIx(u32::try_from(self.pairs.len() - 1).expect("pairs are bounded"))
            }
            None => return None,
        };
        let [one, other] = slots;
        for (slot, partner) in [(one, other), (other, one)] {
            let mut around = self.around.take(slot);
            if around.capacity() == 0 {
                around.reserve_exact(USUAL_PARTNERS);
            }
            let at = around.partition_point(|(known, _)| *known < partner);
            around.insert(at, (partner, ix));
            self.around.keep(slot, around);
        }
        Some(ix)
    }
}

impl Pair {
    /// A pair of which nothing is remembered, the vessel of the lower MMSI first.
    pub(super) fn of(slots: [Slot; 2]) -> Self {
        Self {
            slots,
            conditions: Conditions::default(),
            timer: None,
        }
    }

    fn cancel_timer(&mut self, timers: &mut Wheel<Due>) {
        if let Some((_, timer)) = self.timer.take() {
            timers.cancel(timer);
        }
    }
}
