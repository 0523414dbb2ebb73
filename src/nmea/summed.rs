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
        Self::of_whole(text).or_else(|| Self::search(text))
    }

    /// The same if nothing stands behind the checksum, as mostly: then the `*` need not be searched for.
    #[inline]
    fn of_whole(text: &'a [u8]) -> Option<Self> {
        let (before, [b'*', _, _]) = text.split_last_chunk()? else {
            return None;
        };
        let (eights, rest) = before.as_chunks::<EIGHT>();
        // Of bytes below 128, 127 more sets the highest bit unless they are zero.
        let add = |(sum, all, others): (u64, u64, u64), eight: u64| {
            let other = (eight ^ each(b'*')).wrapping_add(each(0x7F));
            (sum ^ eight, all | eight, others & other)
        };
        let each_eight = eights.iter().map(|eight| u64::from_le_bytes(*eight));
        let (sum, all, others) = add(each_eight.fold((0, 0, u64::MAX), add), last(before, rest));
        ((!others | all) & each(0x80) == 0).then(|| Self::new(text, before.len(), sum, all))
    }

    /// The text before the first `*`, wherever that is.
    #[cold]
    fn search(text: &'a [u8]) -> Option<Self> {
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

    /// The same where more follows; none, too, if before the `*` there is a `\`, or any byte up to `$`.
    #[inline]
    pub(super) fn of_block(text: &'a [u8]) -> Option<Self> {
        let (mut sum, mut all, mut ends) = (0, 0, 0);
        let ends_in =
            |eight: u64| zeros(eight ^ each(b'\\')) | eight.wrapping_sub(each(b'$' + 1)) & !eight & each(0x80);
        for (index, eight) in text.as_chunks::<EIGHT>().0.iter().enumerate() {
            let eight = u64::from_le_bytes(*eight);
            let stars = zeros(eight ^ each(b'*'));
            if stars != 0 {
                let before = stars.trailing_zeros() / 8;
                let behind = u64::MAX << (8 * before);
                ends |= ends_in(eight | behind);
                let eight = eight & !behind;
                return (ends == 0).then(|| Self::new(text, EIGHT * index + before as usize, sum ^ eight, all | eight));
            }
            sum ^= eight;
            all |= eight;
            ends |= ends_in(eight);
        }
        None
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
        let digit = |at: usize| {
            self.behind
                .get(at)
                .map_or(NO_DIGIT, |digit| VALUES[usize::from(*digit)])
        };
        let (high, low) = (digit(0), digit(1));
        if high << 4 | low == u16::from(self.sum) {
            Ok(&self.behind[2..])
        } else if high == NO_DIGIT {
            Err(Fault::NoChecksum)
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

/// The number that eight decimal digits stand for; none if any is no digit.
#[inline]
pub(super) fn eight_digits(text: [u8; EIGHT]) -> Option<u64> {
    let eight = u64::from_le_bytes(text);
    // Only from `0` on is the upper half of a byte 3, and only up to `9` six more leave it so.
    let are_digits = |eight: u64| eight & each(0xF0) == each(0x30);
    if !are_digits(eight) || !are_digits(eight.wrapping_add(each(6))) {
        return None;
    }
    // Neighbours joined: digits to pairs, pairs to fours, fours to eight.
    let digits = eight & each(0x0F);
    let pairs = (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    Some((fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF)
}

/// The same of ten.
#[inline]
pub(super) fn ten_digits(text: [u8; EIGHT + 2]) -> Option<u64> {
    let [tens, ones] = [text[EIGHT], text[EIGHT + 1]].map(|digit| u64::from(digit.wrapping_sub(b'0')));
    let eight = eight_digits(*text.first_chunk()?)?;
    (tens < 10 && ones < 10).then_some(eight * 100 + tens * 10 + ones)
}

/// More than any two digits say.
const NO_DIGIT: u16 = 0x100;

/// The value of each hexadecimal digit in either case. Looked up, for whether it is a letter no processor foresees.
static VALUES: [u16; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789ABCDEF"[value] as usize] = value as u16;
        values[b"0123456789abcdef"[value] as usize] = value as u16;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn says_what_byte_by_byte_is_said(text in prop::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b'*'), 1 => Just(b'+')], 0..40), end in prop_oneof![Just(""), Just("*4A")]) {
            let text = [&text, end.as_bytes()].concat();
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
