//! The system clock: the only place where the time of day is read.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::time::Timestamp;

/// The time of day now.
pub fn now() -> Timestamp {
    of(SystemTime::now())
}

/// A file's time as event time; one before 1970 is taken as 1970.
pub fn of(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(Timestamp::MAX.0))
}

/// A moment from which to measure how long work takes.
pub fn stopwatch() -> Instant {
    Instant::now()
}
