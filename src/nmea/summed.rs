//! Text with its checksum: the exclusive or of the bytes before a `*`, in two hexadecimal digits behind it.

use super::Fault;

/// Bytes looked at together.
const EIGHT: usize = 8;

/// Text up to a `*`.
pub(super) struct Summed<'a> {
    pub text: &'a [u8],
    pub is_ascii: bool,
    /// Exclusive or of its bytes.
    sum: u8,
    /// What stands behind the `*`.
    behind: &'a [u8],
}

impl<'a> Summed<'a> {
    /// The text before the first `*`; none if there is no `*`. Found, added up and checked in one go, for every line
    /// passes here.
    #[inline]
    pub(super) fn of(text: &'a [u8]) -> Option<Self> {
        let (eights, rest) = text.as_chunks::<EIGHT>();
        let (mut sum, mut all) = (0, 0);
        let mut look = |at: usize, eight: u64| {
            let stars = zeros(eight ^ each(b'*'));
            if stars == 0 {
                sum ^= eight;
                all |= eight;
                return None;
            }
            let before = stars.trailing_zeros() / 8;
            let eight = eight & !(u64::MAX << (8 * before));
            Some(Self::new(text, at + before as usize, sum ^ eight, all | eight))
        };
        for (index, eight) in eights.iter().enumerate() {
            if let Some(found) = look(EIGHT * index, u64::from_le_bytes(*eight)) {
                return Some(found);
            }
        }
        look(EIGHT * eights.len(), last(text, rest))
    }

    fn new(text: &'a [u8], star: usize, sum: u64, all: u64) -> Self {
        let four = sum ^ sum >> 32;
        let two = four ^ four >> 16;
        Self {
            text: &text[..star],
            is_ascii: all & each(0x80) == 0,
            sum: (two ^ two >> 8) as u8,
            behind: &text[star + 1..],
        }
    }

    /// What stands behind the checksum, if that is right.
    #[inline]
    pub(super) fn checked(&self) -> Result<&'a [u8], Fault> {
        let high = self
            .behind
            .first()
            .and_then(|digit| value(*digit))
            .ok_or(Fault::NoChecksum)?;
        let low = self
            .behind
            .get(1)
            .and_then(|digit| value(*digit))
            .ok_or(Fault::BadChecksum)?;
        if self.sum == high << 4 | low {
            Ok(&self.behind[2..])
        } else {
            Err(Fault::BadChecksum)
        }
    }
}

/// The bytes that are left at the end, first in the lowest place, and zeros.
#[inline]
fn last(text: &[u8], rest: &[u8]) -> u64 {
    match text.last_chunk() {
        _ if rest.is_empty() => 0,
        // Those before them are shifted out.
        Some(eight) => u64::from_le_bytes(*eight) >> (8 * (EIGHT - rest.len())),
        None => rest.iter().rev().fold(0, |last, byte| last << 8 | u64::from(*byte)),
    }
}

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; EIGHT])
}

/// The highest bit of each byte that is zero, up to the first from the low end; of those above it the answer may be
/// wrong.
fn zeros(eight: u64) -> u64 {
    eight.wrapping_sub(each(1)) & !eight & each(0x80)
}

/// The value of a hexadecimal digit in either case.
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn says_what_byte_by_byte_is_said(text in prop::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b'*'), 1 => Just(b'+')], 0..40)) {
            let wanted = text.iter().position(|byte| *byte == b'*').map(|star| {
                let (text, behind) = (&text[..star], &text[star + 1..]);
                let sum = text.iter().fold(0, |sum, byte| sum ^ byte);
                let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                let is_right = digits.is_some_and(|digits| {
                    digits.bytes().all(|digit| digit.is_ascii_hexdigit()) && u8::from_str_radix(digits, 16) == Ok(sum)
                });
                (text, text.is_ascii(), is_right)
            });
            let told = Summed::of(&text).map(|summed| (summed.text, summed.is_ascii, summed.checked().is_ok()));
            prop_assert_eq!(told, wanted);
        }

        #[test]
        fn a_right_checksum_is_right(text in "[^*]{0,40}", lower in any::<bool>(), after in "[ -~]{0,5}") {
            let sum = text.bytes().fold(0, |sum, byte| sum ^ byte);
            let sum = if lower { format!("{sum:02x}") } else { format!("{sum:02X}") };
            let whole = format!("{text}*{sum}{after}");
            let summed = Summed::of(whole.as_bytes()).unwrap();
            prop_assert_eq!(summed.checked(), Ok(after.as_bytes()));
        }
    }
}
