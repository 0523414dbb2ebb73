//! Armoured payloads to bits, taken in order by width, and back.

use arrayvec::ArrayString;

use super::Reject;

/// Most bits of a message: five slots (ITU-R M.1371-5, annex 2, 3.1.3), rounded up to whole words.
const MAX_BITS: usize = 18 * 64;

/// Values of armoured characters (IEC 61162-1 table 10); 255: none.
const VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 64 {
        let character = if value < 40 { value + 48 } else { value + 56 };
        values[character] = value as u8;
        value += 1;
    }
    values
}

/// The bits of a message not yet taken.
#[derive(Clone, Debug)]
pub(super) struct Bits {
    words: [u64; MAX_BITS / 64 + 1],
    at: usize,
    end: usize,
}

impl Bits {
    /// The bits of an armoured payload without its fill bits.
    pub(super) fn of(armoured: &[u8], fill_bits: u8) -> Result<Self, Reject> {
        let bits = armoured.len() * 6;
        if bits > MAX_BITS {
            return Err(Reject::TooLong);
        }
        let end = bits
            .checked_sub(usize::from(fill_bits))
            .filter(|end| *end > 0)
            .ok_or(Reject::TooShort)?;
        let mut words = [0; MAX_BITS / 64 + 1];
        let (mut gathered, mut count, mut word, mut wrong) = (0u128, 0, 0, 0);
        for character in armoured {
            let value = VALUES[usize::from(*character)];
            wrong |= value;
            gathered = gathered << 6 | u128::from(value);
            count += 6;
            if count >= 64 {
                count -= 64;
                words[word] = (gathered >> count) as u64;
                word += 1;
            }
        }
        if wrong & 0xC0 != 0 {
            return Err(Reject::Alphabet);
        }
        if count > 0 {
            words[word] = (gathered << (64 - count)) as u64;
        }
        Ok(Self { words, at: 0, end })
    }

    /// Bits not yet taken.
    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    /// The next `width` bits, 1 to 57, as an unsigned number; bits past the end are zero.
    pub(super) fn take(&mut self, width: usize) -> u64 {
        let (word, bit) = (self.at / 64, self.at % 64);
        let high = self.words.get(word).copied().unwrap_or(0) << bit;
        let low = self.words.get(word + 1).copied().unwrap_or(0) >> 1 >> (63 - bit);
        let past = (self.at + width).saturating_sub(self.end);
        self.at = (self.at + width).min(self.end);
        let taken = (high | low) >> (64 - width);
        if past == 0 {
            taken
        } else {
            taken >> past.min(63) << past.min(63)
        }
    }

    pub(super) fn u32(&mut self, width: usize) -> u32 {
        self.take(width) as u32
    }

    pub(super) fn u16(&mut self, width: usize) -> u16 {
        self.take(width) as u16
    }

    pub(super) fn u8(&mut self, width: usize) -> u8 {
        self.take(width) as u8
    }

    pub(super) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }

    /// The next `width` bits as a number in two's complement.
    pub(super) fn signed(&mut self, width: usize) -> i32 {
        let shift = 64 - width;
        ((self.take(width) << shift) as i64 >> shift) as i32
    }

    /// The next `characters` of six-bit text, up to the first `@`, trimmed; none if nothing is left.
    pub(super) fn text<const N: usize>(&mut self, characters: usize) -> Option<ArrayString<N>> {
        let mut text = ArrayString::<N>::new();
        let mut ended = false;
        for _ in 0..characters.min(self.left().div_ceil(6)) {
            let value = self.u8(6);
            ended |= value == 0;
            if !ended && (!text.is_empty() || value != 32) {
                let character = if value < 32 { value + 64 } else { value };
                // A text longer than its field has room for does not exist: `characters` is at most N.
                let _ = text.try_push(char::from(character));
            }
        }
        text.truncate(text.trim_end().len());
        (!text.is_empty()).then_some(text)
    }
}

/// Bits being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct BitsOut {
    bits: Vec<bool>,
}

impl BitsOut {
    /// Appends the lowest `width` bits of a number.
    pub(super) fn put(&mut self, width: usize, value: u64) {
        self.bits.extend((0..width).rev().map(|bit| value >> bit & 1 == 1));
    }

    /// Appends a signed number in two's complement.
    pub(super) fn put_signed(&mut self, width: usize, value: i32) {
        self.put(width, i64::from(value) as u64);
    }

    /// Appends six-bit text, filled up with `@`; characters that six bits cannot say become spaces.
    pub(super) fn put_text(&mut self, characters: usize, text: Option<&str>) {
        let mut given = text.unwrap_or_default().bytes();
        for _ in 0..characters {
            let value = match given.next() {
                None => 0,
                Some(byte @ 64..=95) => byte - 64,
                Some(byte @ 32..=63) => byte,
                Some(_) => 32,
            };
            self.put(6, u64::from(value));
        }
    }

    /// The armoured payload and how many bits at its end are fill.
    pub(super) fn armour(mut self) -> (String, u8) {
        let fill = (6 - self.bits.len() % 6) % 6;
        self.put(fill, 0);
        let character = |six: &[bool]| {
            let value = six.iter().fold(0u8, |value, bit| value << 1 | u8::from(*bit));
            char::from(if value < 40 { value + 48 } else { value + 56 })
        };
        (self.bits.chunks(6).map(character).collect(), fill as u8)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_put_are_taken(values in prop::collection::vec((1usize..=57, any::<u64>()), 1..18)) {
            let mut out = BitsOut::default();
            for (width, value) in &values {
                out.put(*width, *value);
            }
            let (armoured, fill) = out.armour();
            let mut bits = Bits::of(armoured.as_bytes(), fill).unwrap();
            for (width, value) in &values {
                prop_assert_eq!(bits.take(*width), value & (u64::MAX >> (64 - width)));
            }
            prop_assert_eq!(bits.left(), 0);
        }
    }

    #[test]
    fn text_ends_at_the_first_at_sign() {
        for (put, taken) in [
            ("TEST SHA 1", Some("TEST SHA 1")),
            ("  A B  ", Some("A B")),
            ("AB@CD", Some("AB")),
            ("", None),
            ("   ", None),
            ("@@@", None),
            ("<script>", Some("<script>")),
        ] {
            let mut out = BitsOut::default();
            out.put_text(20, Some(&put.to_uppercase()));
            let (armoured, fill) = out.armour();
            let text = Bits::of(armoured.as_bytes(), fill).unwrap().text::<20>(20);
            assert_eq!(text.as_deref(), taken.map(str::to_uppercase).as_deref(), "{put}");
        }
    }

    #[test]
    fn what_is_outside_the_alphabet_is_refused() {
        assert_eq!(Bits::of(b"1X", 0).unwrap_err(), Reject::Alphabet);
        assert_eq!(Bits::of(b"1 ", 0).unwrap_err(), Reject::Alphabet);
        assert_eq!(Bits::of(&[b'0'; 193], 0).unwrap_err(), Reject::TooLong);
        assert_eq!(Bits::of(b"", 0).unwrap_err(), Reject::TooShort);
    }
}
