//! Seeded chance: the same numbers from the same seed on every machine.

use rand_core::RngCore;
use rand_pcg::Pcg64;

/// A stream of random numbers.
pub(super) struct Chance(Pcg64);

impl Chance {
    /// The `stream`th stream of a seed: streams of one seed are independent, so that one more vessel changes no other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let state = u128::from(scatter(seed)) << 64 | u128::from(scatter(seed ^ scatter(stream)));
        Self(Pcg64::new(state, u128::from(stream)))
    }

    /// A number in 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number between two bounds.
    pub(super) fn between(&mut self, (low, high): (f64, f64)) -> f64 {
        low + (high - low) * self.unit()
    }

    /// An error in −1..=1, mostly small: the mean of three.
    pub(super) fn error(&mut self) -> f64 {
        (self.unit() + self.unit() + self.unit()) * (2.0 / 3.0) - 1.0
    }
}

/// SplitMix64's finisher: neighbouring seeds share no bits.
fn scatter(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_every_time_and_unlike_its_neighbours() {
        let draw = |seed, stream| {
            let mut chance = Chance::new(seed, stream);
            (0..8).map(|_| chance.unit()).collect::<Vec<f64>>()
        };
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }
}
