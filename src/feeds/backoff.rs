//! Waiting between tries: longer each time, up to a bound, and never in step with others.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// The wait before the second try.
const FIRST: Duration = Duration::from_millis(250);

/// How long to wait before the next try.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    /// Waits that grow to `longest`.
    pub(super) fn up_to(longest: Duration) -> Self {
        Self { next: FIRST, longest }
    }

    /// It worked: the next failure is a first one.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The next wait: half of it fixed, half by chance.
    pub(super) fn wait(&mut self) -> Duration {
        let whole = self.next.min(self.longest);
        self.next = (whole * 2).min(self.longest);
        let chance = RandomState::new().hash_one(0) as f64 / u64::MAX as f64;
        whole / 2 + (whole / 2).mul_f64(chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_bound_and_begin_anew() {
        let mut backoff = Backoff::up_to(Duration::from_secs(30));
        let waits: Vec<Duration> = (0..12).map(|_| backoff.wait()).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits[11] >= Duration::from_secs(15) && waits[11] <= Duration::from_secs(30));
        backoff.reset();
        assert!(backoff.wait() <= FIRST);
    }
}
