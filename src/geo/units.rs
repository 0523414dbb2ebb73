//! Newtypes of what is measured: knots, metres, degrees.

use serde::{Deserialize, Serialize};

/// Metres in one nautical mile.
pub const METRES_PER_NM: f64 = 1852.0;

/// A speed in knots. One read in tenths is the double nearest to its decimal, so it compares as a decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Knots(pub f64);

/// A length in metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(pub f64);

/// An angle or a bearing in degrees; bearings are true, 0..360.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Degrees(pub f64);

/// A number as the decimal it was written as, in billionths: sums of these, and what they are compared with, are exact
/// (1.1 + 0.1 is 1.2). For numbers under 10⁹.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i64);

impl Decimal {
    /// The decimal of at most nine places that is nearest.
    pub fn of(number: f64) -> Self {
        Self((number * 1e9).round() as i64)
    }

    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Decimal {
    /// So many times the number; for products under 10⁹.
    pub fn times(self, count: i64) -> Self {
        Self(self.0 * count)
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Degrees {
    /// How far two directions are apart, 0..=180; exact for decimals.
    pub fn apart(self, other: Self) -> Decimal {
        const TURN: i64 = 360_000_000_000;
        let turned = (Decimal::of(self.0) - Decimal::of(other.0)).0.rem_euclid(TURN);
        Decimal(turned.min(TURN - turned))
    }
}

impl Metres {
    /// The length given in nautical miles.
    pub fn from_nm(nm: f64) -> Self {
        Self(nm * METRES_PER_NM)
    }

    /// The length in nautical miles.
    pub fn nm(self) -> f64 {
        self.0 / METRES_PER_NM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_decimals() {
        assert_eq!(Decimal::of(1.1) + Decimal::of(0.1), Decimal::of(1.2));
        assert!(Decimal::of(1.21) > Decimal::of(1.1) + Decimal::of(0.1));
        assert_eq!((Decimal::of(5.3) - Decimal::of(4.8)).as_f64(), 0.5);
    }

    #[test]
    fn directions_are_apart_the_shorter_way() {
        for (a, b, apart) in [
            (0.0, 0.0, 0.0),
            (350.0, 10.0, 20.0),
            (10.1, 350.0, 20.1),
            (90.0, 270.0, 180.0),
            (0.0, 180.1, 179.9),
            (359.9, 0.0, 0.1),
        ] {
            assert_eq!(Degrees(a).apart(Degrees(b)), Decimal::of(apart), "{a} {b}");
        }
    }
}
