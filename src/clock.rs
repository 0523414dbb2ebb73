//! The system clock: the only place where the time of day is read.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::Timestamp;

/// The time of day now.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock stands after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("the clock stands before the year 292 million"))
}
