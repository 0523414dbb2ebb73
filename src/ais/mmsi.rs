//! Maritime identities and their forms (ITU-R M.585-9, annex 1).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A maritime mobile service identity as sent: 30 bits, not necessarily of a valid form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mmsi(pub u32);

/// What kind of station an identity belongs to, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Ship,
    BaseStation,
    Aton,
    SarAircraft,
    Craft,
    Sart,
    Mob,
    Epirb,
}

impl Mmsi {
    /// The kind and, where the form has one, the country digits (MID) of an identity of a valid form.
    pub fn form(self) -> Option<(Kind, Option<u16>)> {
        let n = self.0;
        let mid = |digits: u32| u16::try_from(digits).ok().filter(|mid| (201..=775).contains(mid));
        let with = |kind, digits| mid(digits).map(|mid| (kind, Some(mid)));
        match n {
            970_000_000..=970_999_999 => Some((Kind::Sart, None)),
            972_000_000..=972_999_999 => Some((Kind::Mob, None)),
            974_000_000..=974_999_999 => Some((Kind::Epirb, None)),
            990_000_000..=999_999_999 => with(Kind::Aton, n / 10_000 % 1000),
            980_000_000..=989_999_999 => with(Kind::Craft, n / 10_000 % 1000),
            111_000_000..=111_999_999 => with(Kind::SarAircraft, n / 1000 % 1000),
            2_000_000..=9_999_999 => with(Kind::BaseStation, n / 10_000),
            200_000_000..=799_999_999 => with(Kind::Ship, n / 1_000_000),
            // A handheld VHF of a person on board, a group of ships, a buoy of a net (AMRD group B).
            800_000_000..=899_999_999 => with(Kind::Ship, n / 100_000 % 1000),
            20_000_000..=79_999_999 => with(Kind::Ship, n / 100_000),
            979_000_000..=979_999_999 => Some((Kind::Ship, None)),
            _ => None,
        }
    }

    /// The kind by form; an identity of no valid form is shown as a ship.
    pub fn kind(self) -> Kind {
        self.form().map_or(Kind::Ship, |(kind, _)| kind)
    }
}

impl fmt::Display for Mmsi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_m_585() {
        for (mmsi, form) in [
            (416_000_001, Some((Kind::Ship, Some(416)))),
            (200_123_456, None),
            (201_000_000, Some((Kind::Ship, Some(201)))),
            (775_999_999, Some((Kind::Ship, Some(775)))),
            (776_000_000, None),
            (841_600_001, Some((Kind::Ship, Some(416)))),
            (812_345_678, None),
            (41_600_001, Some((Kind::Ship, Some(416)))),
            (12_345_678, None),
            (77_600_001, None),
            (979_123_456, Some((Kind::Ship, None))),
            (978_123_456, None),
            (123_456, None),
            (900_000_001, None),
            (970_123_456, Some((Kind::Sart, None))),
            (971_123_456, None),
            (972_000_000, Some((Kind::Mob, None))),
            (974_999_999, Some((Kind::Epirb, None))),
            (994_160_001, Some((Kind::Aton, Some(416)))),
            (991_000_001, None),
            (984_160_001, Some((Kind::Craft, Some(416)))),
            (4_160_001, Some((Kind::BaseStation, Some(416)))),
            (1_000_001, None),
            (111_416_001, Some((Kind::SarAircraft, Some(416)))),
            (111_100_001, None),
        ] {
            assert_eq!(Mmsi(mmsi).form(), form, "{mmsi}");
        }
    }
}
