//! What a station is used to: the reports it brings, second by second lately, and by hour of day over days.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

const HOUR_S: i64 = 3600;
pub(super) const HOURS: usize = 24;
/// Farthest back that reports are counted by the second: what is learned is learned of hours.
pub const LONGEST_WINDOW: Span = Span::s(HOUR_S);
/// Seconds are kept for so long: the longest window, and the hour that is not yet over.
const KEPT_S: i64 = 2 * HOUR_S;
/// Days of which an hour is kept. At the bound the oldest goes.
const MAX_DAYS: usize = 28;
/// Days of which an hour, or a sector of the range, must be known before it tells what is usual.
pub(super) const LEAST_DAYS: usize = 7;

/// The accepted position reports that one station brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Habit {
    /// The first hour, counted from 1970, of which it can be known what it brought.
    first_hour: i64,
    /// Seconds in which there were any, oldest first, with how many: the last of [`KEPT_S`].
    lately: VecDeque<(i64, u32)>,
    /// How many there were in each hour of the day, UTC, on the last [`MAX_DAYS`] days, oldest first.
    hours: [VecDeque<u32>; HOURS],
}

impl Habit {
    /// That of a station first heard now.
    pub(super) fn from(time: Timestamp) -> Self {
        Self {
            first_hour: first_whole_hour(time),
            ..Self::default()
        }
    }

    /// Counts a report; one older than the newest counts with that.
    pub(super) fn count(&mut self, time: Timestamp) {
        let newest = self.lately.back().map(|(second, _)| *second);
        let second = newest.map_or(time.floor_s(), |newest| newest.max(time.floor_s()));
        match self.lately.back_mut() {
            Some((newest, reports)) if *newest == second => *reports += 1,
            _ => self.lately.push_back((second, 1)),
        }
        while self.lately.front().is_some_and(|(old, _)| *old < second - KEPT_S) {
            self.lately.pop_front();
        }
    }

    /// The hours from `hour` up to `now`, which is not over, are: whoever was away until `whole_from` knows nothing of
    /// those before.
    pub(super) fn close(&mut self, hour: i64, now: i64, whole_from: Timestamp) {
        let known = first_whole_hour(whole_from).max(self.first_hour);
        let kept = now - (MAX_DAYS * HOURS) as i64;
        for hour in hour.max(known).max(kept)..now {
            let reports = self.reports(hour * HOUR_S, (hour + 1) * HOUR_S);
            let days = &mut self.hours[hour_of_day(hour)];
            if days.len() == MAX_DAYS {
                days.pop_front();
            }
            days.push_back(reports);
        }
    }

    /// Reports from a second on, before another; of the last [`LONGEST_WINDOW`].
    pub fn reports(&self, from_s: i64, to_s: i64) -> u32 {
        let within = self.lately.iter().filter(|(second, _)| (from_s..to_s).contains(second));
        within.map(|(_, reports)| reports).sum()
    }

    /// The median over the days known of the reports in the hour of the day that a second lies in; none before there are
    /// `LEAST_DAYS`.
    pub fn usual(&self, second: i64) -> Option<f64> {
        let days = &self.hours[hour_of_day(hour_of(second))];
        if days.len() < LEAST_DAYS {
            return None;
        }
        let mut days: Vec<f64> = days.iter().map(|reports| f64::from(*reports)).collect();
        days.sort_unstable_by(f64::total_cmp);
        super::median(&days)
    }

    /// The first second at which fewer than so many lie in the window before it, if no more come.
    pub fn fewer_at(&self, limit: f64, window_s: i64) -> Option<i64> {
        let mut left = 0;
        for (second, reports) in self.lately.iter().rev() {
            left += reports;
            if f64::from(left) >= limit {
                return Some(second + window_s + 1);
            }
        }
        None
    }
}

/// The first second after `now_s` at which another hour of the day is the one that counts.
pub fn next_hour(now_s: i64) -> i64 {
    (hour_of(now_s) + 1) * HOUR_S
}

/// The first hour, counted from 1970, that does not begin before a moment.
fn first_whole_hour(time: Timestamp) -> i64 {
    -(-time.ceil_s()).div_euclid(HOUR_S)
}

/// The hour that a second lies in, counted from 1970.
pub(super) fn hour_of(second: i64) -> i64 {
    second.div_euclid(HOUR_S)
}

fn hour_of_day(hour: i64) -> usize {
    usize::try_from(hour.rem_euclid(HOURS as i64)).expect("an hour of the day is from 0 to 23")
}
