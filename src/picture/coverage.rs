//! How far a receiver hears, by the bearing from its antenna, over days.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::habit::LEAST_DAYS;
use crate::geo::{Metres, Plane, Position};

/// Sectors of bearing, the first from north on clockwise.
pub const SECTORS: usize = 36;
/// Days of which the range is kept. At the bound the oldest goes.
const MAX_DAYS: usize = 28;

/// The farthest accepted position in each sector, day by day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage(Vec<Ranges>);

/// Metres, of one sector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Ranges {
    today: Option<f32>,
    /// Those days of the last on which anything was heard there, oldest first.
    days: VecDeque<(i64, f32)>,
}

/// What is known of one sector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sector {
    /// True bearings from the antenna, in degrees: from this one on, up to the next sector's.
    pub from_deg: f64,
    /// The median of the farthest of each day on which anything was heard there; none before a day is over.
    pub usual: Option<Metres>,
    /// The farthest of all days known, today's too.
    pub farthest: Metres,
    /// Days that are over on which anything was heard there.
    pub days: usize,
}

impl Coverage {
    /// A position was accepted that came by this antenna.
    pub(super) fn note(&mut self, antenna: Position, place: Position) {
        let way = Plane::around(antenna).point(place);
        let sector = (way.bearing_deg() / 360.0 * SECTORS as f64) as usize;
        self.0.resize_with(SECTORS, Ranges::default);
        let ranges = &mut self.0[sector.min(SECTORS - 1)];
        let metres = way.length() as f32;
        ranges.today = Some(ranges.today.map_or(metres, |farthest| farthest.max(metres)));
    }

    /// A day, counted from 1970, is over, and maybe others after it: today is `now`.
    pub(super) fn close(&mut self, day: i64, now: i64) {
        for ranges in &mut self.0 {
            if let Some(farthest) = ranges.today.take() {
                ranges.days.push_back((day, farthest));
            }
            while ranges.days.front().is_some_and(|(old, _)| *old < now - MAX_DAYS as i64) {
                ranges.days.pop_front();
            }
        }
    }

    /// What share of its usual range it reached on a day that is over: the median over those sectors in which it heard
    /// anything on at least `LEAST_DAYS` of the days before. None if there is no such sector, or if it heard nothing all
    /// day, which is no matter of range.
    pub fn share(&self, day: i64) -> Option<f64> {
        let mut heard = false;
        let share = |ranges: &Ranges| {
            let of_day = ranges.days.iter().rfind(|(known, _)| *known == day);
            heard |= of_day.is_some();
            let before = ranges.days.iter().filter(|(known, _)| *known < day);
            let mut before: Vec<f64> = before.map(|(_, metres)| f64::from(*metres)).collect();
            before.sort_unstable_by(f64::total_cmp);
            let usual = super::median(&before).filter(|usual| before.len() >= LEAST_DAYS && *usual > 0.0)?;
            Some(of_day.map_or(0.0, |(_, metres)| f64::from(*metres)) / usual)
        };
        let mut shares: Vec<f64> = self.0.iter().filter_map(share).collect();
        shares.sort_unstable_by(f64::total_cmp);
        super::median(&shares).filter(|_| heard)
    }

    /// The sectors in which anything was heard, from north on clockwise.
    pub fn sectors(&self) -> impl Iterator<Item = Sector> + '_ {
        let each = |(number, ranges): (usize, &Ranges)| {
            let mut days: Vec<f64> = ranges.days.iter().map(|(_, metres)| f64::from(*metres)).collect();
            days.sort_unstable_by(f64::total_cmp);
            let all = days.last().copied().into_iter().chain(ranges.today.map(f64::from));
            Some(Sector {
                from_deg: number as f64 * 360.0 / SECTORS as f64,
                usual: super::median(&days).map(Metres),
                farthest: Metres(all.reduce(f64::max)?),
                days: days.len(),
            })
        };
        self.0.iter().enumerate().filter_map(each)
    }
}
