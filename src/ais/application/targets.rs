//! Targets that a vessel traffic service makes from other sensors: DAC 1, FI 16 and 17.

use arrayvec::{ArrayString, ArrayVec};

use super::content::{Bearing, Count, MilliPlaceLatFirst, Rest, content};
use crate::ais::bits::{Bits, BitsOut};
use crate::ais::fields::{Coordinates, Text};
use crate::ais::json::Tell;
use crate::ais::layout::Wire;

/// Most targets of a message: seven by ITU-R M.1371-1, four by the circular.
const TARGETS: usize = 7;

content! {
    /// VTS-generated or synthetic targets, DAC 1, FI 17 (IMO SN.1/Circ.289, annex, 6), and as laid out in the same
    /// way under FI 16 before (ITU-R M.1371-1, annex 5).
    Targets {
        targets: ArrayVec<Target, TARGETS> = Rest<120>;
    }

    /// One of them.
    Target {
        id: TargetId = TargetId, spare 4;
        place: Coordinates = MilliPlaceLatFirst;
        /// True.
        cog_deg: Option<u16> = Bearing;
        /// UTC second of the report.
        utc_second: Option<u8> = Count<6, 0, 59, 60>;
        sog_kn: Option<u8> = Count<8, 0, 254, 255>;
    }
}

/// What a target is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetId {
    Mmsi(Option<u32>),
    Imo(Option<u32>),
    CallSign(Option<ArrayString<7>>),
    /// Of another kind; none where the target is unknown.
    Other(Option<ArrayString<7>>),
}

/// The greatest number of nine digits, as many as an MMSI has.
const NINE_DIGITS: u64 = 999_999_999;

impl Wire<TargetId> for TargetId {
    fn take(bits: &mut Bits<'_>) -> TargetId {
        let number = |bits: &mut Bits<'_>| {
            let sent = bits.take(42);
            (1..=NINE_DIGITS).contains(&sent).then_some(sent as u32)
        };
        match bits.u8(2) {
            0 => TargetId::Mmsi(number(bits)),
            1 => TargetId::Imo(number(bits)),
            2 => TargetId::CallSign(Text::take(bits)),
            _ => TargetId::Other(Text::take(bits)),
        }
    }

    fn put(value: &TargetId, out: &mut BitsOut) {
        let kind = match value {
            TargetId::Mmsi(_) => 0,
            TargetId::Imo(_) => 1,
            TargetId::CallSign(_) => 2,
            TargetId::Other(_) => 3,
        };
        out.put(2, kind);
        match value {
            TargetId::Mmsi(number) | TargetId::Imo(number) => out.put(42, number.unwrap_or(0).into()),
            TargetId::CallSign(text) | TargetId::Other(text) => Text::put(text, out),
        }
    }
}

impl Tell for TargetId {
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        match self {
            Self::Mmsi(number) => number.tell("mmsi", out),
            Self::Imo(number) => number.tell("imo", out),
            Self::CallSign(text) => text.tell("callsign", out),
            Self::Other(text) => text.tell(word, out),
        }
    }
}
