//! The system clock: the only place where the time of day is read, and where it is kept from running back.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::time::{Span, Timestamp};

/// Farther than this at once is a clock that was set, not one that is being kept right.
const STEP: Duration = Duration::from_secs(10);
/// Ahead of the system's clock, time runs slower by one part in so many until that has caught up.
const SLOWER_BY: u32 = 10;

/// The time of day now: that of the system's clock, but never less than it was. Where that is set back, time goes on,
/// a tenth slower until it is right again.
pub fn now() -> Timestamp {
    let (steady, mut clock) = lock();
    timestamp(clock.read(since_epoch(SystemTime::now()), steady))
}

/// From now on it is no earlier than this, as the times that a journal holds.
pub fn begin_no_earlier(than: Timestamp) {
    let (_, mut clock) = lock();
    let least = Duration::from_millis(u64::try_from(than.0).unwrap_or_default());
    clock.now = clock.now.max(least);
}

/// How far the system's clock has been set forward since this was last asked, at once and by more than ten seconds.
pub fn take_step() -> Option<Span> {
    lock().1.step.take().map(span)
}

/// How far it is ahead of the system's clock, which has been set back.
pub fn lead() -> Span {
    span(lock().1.lead)
}

/// A file's time as event time; one before 1970 is taken as 1970.
pub fn of(time: SystemTime) -> Timestamp {
    timestamp(since_epoch(time))
}

/// A moment from which to measure how long work takes.
pub fn stopwatch() -> Instant {
    Instant::now()
}

/// The time since the program first asked, and the one clock all of it goes by.
fn lock() -> (Duration, MutexGuard<'static, Clock>) {
    static CLOCK: OnceLock<(Instant, Mutex<Clock>)> = OnceLock::new();
    let (began, clock) = CLOCK.get_or_init(|| (Instant::now(), Mutex::default()));
    let clock = clock.lock().unwrap_or_else(PoisonError::into_inner);
    (began.elapsed(), clock)
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn timestamp(since_epoch: Duration) -> Timestamp {
    Timestamp(
        i64::try_from(since_epoch.as_millis())
            .unwrap_or(Timestamp::MAX.0)
            .min(Timestamp::MAX.0),
    )
}

fn span(duration: Duration) -> Span {
    Span(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// A clock made of one that may be set, which says what time it is, and one that only runs on.
#[derive(Debug, Default)]
struct Clock {
    now: Duration,
    /// What the steady clock said then.
    steady: Duration,
    /// How far it was ahead of the clock that may be set.
    lead: Duration,
    /// How far that has been set forward, in all steps that nobody has asked for.
    step: Option<Duration>,
}

impl Clock {
    /// The time now, by what both clocks say.
    fn read(&mut self, set: Duration, steady: Duration) -> Duration {
        let passed = steady.saturating_sub(self.steady);
        let runs_on = self.now + passed;
        let is_first = self.now.is_zero();
        if set >= runs_on {
            let step = set - runs_on;
            if step > STEP && !is_first {
                *self.step.get_or_insert_default() += step;
            }
            self.now = set;
        } else {
            self.now = runs_on - (runs_on - set).min(passed / SLOWER_BY);
        }
        self.steady = steady;
        self.lead = self.now - set;
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: f64 = 86_400.0;

    /// What the clock that may be set says at seconds of the steady one, and what time it must be then; the steps that
    /// must have been noticed.
    fn check(readings: &[(f64, f64, f64)], step: Option<f64>) {
        let mut clock = Clock::default();
        for &(steady, set, wanted) in readings {
            let now = clock.read(Duration::from_secs_f64(set), Duration::from_secs_f64(steady));
            let off = now.as_secs_f64() - wanted;
            assert!(off.abs() < 1e-6, "{readings:?} at {steady}: off by {off}");
            assert_eq!(clock.lead, now.saturating_sub(Duration::from_secs_f64(set)));
        }
        assert_eq!(clock.step.map(|step| step.as_secs_f64()), step, "{readings:?}");
    }

    #[test]
    fn it_goes_by_the_clock_that_is_kept_right() {
        check(
            &[
                (0.0, DAY, DAY),
                (1.0, DAY + 1.0, DAY + 1.0),
                (2.0, DAY + 2.01, DAY + 2.01),
            ],
            None,
        );
        check(&[(0.0, DAY, DAY), (1.0, DAY + 11.0, DAY + 11.0)], None);
    }

    #[test]
    fn set_back_it_runs_on_a_tenth_slower() {
        let back = [
            (0.0, 9.0 * DAY, 9.0 * DAY),
            (10.0, 8.0 * DAY + 10.0, 9.0 * DAY + 9.0),
            (20.0, 8.0 * DAY + 20.0, 9.0 * DAY + 18.0),
        ];
        check(&back, None);
        let caught_up = [
            (0.0, DAY, DAY),
            (10.0, DAY + 9.5, DAY + 9.5),
            (20.0, DAY + 17.0, DAY + 18.5),
            (30.0, DAY + 27.0, DAY + 27.5),
            (40.0, DAY + 37.0, DAY + 37.0),
        ];
        check(&caught_up, None);
    }

    #[test]
    fn set_back_a_little_at_a_time_it_never_stands_still() {
        let mut clock = Clock::default();
        let mut before = clock.read(Duration::from_secs(1000), Duration::ZERO);
        for microsecond in 1..10_000 {
            let now = clock.read(Duration::from_secs(900), Duration::from_micros(microsecond));
            assert!(now > before);
            before = now;
        }
    }

    #[test]
    fn set_forward_it_follows_and_tells_how_far() {
        check(&[(0.0, DAY, DAY), (1.0, 2.0 * DAY + 1.0, 2.0 * DAY + 1.0)], Some(DAY));
        let twice = [
            (0.0, DAY, DAY),
            (1.0, DAY + 31.0, DAY + 31.0),
            (2.0, DAY + 92.0, DAY + 92.0),
        ];
        check(&twice, Some(90.0));
        // Back a day, and right again: no step, for time had gone on.
        let back_and_forth = [
            (0.0, 2.0 * DAY, 2.0 * DAY),
            (10.0, DAY, 2.0 * DAY + 9.0),
            (20.0, 2.0 * DAY + 20.0, 2.0 * DAY + 20.0),
        ];
        check(&back_and_forth, None);
    }
}
