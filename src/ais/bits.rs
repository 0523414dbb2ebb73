//! Armoured payloads to bits, taken in order by width, and back.

use arrayvec::{ArrayString, ArrayVec};

use super::{Payload, Reject};

/// Characters turned into bits at once: 192 bits are three whole words.
const STRIDE: usize = 32;

/// Most characters of a payload; five slots (ITU-R M.1371-5, annex 2, 3.1.3) need 178. A longer one is refused.
const MAX_CHARACTERS: usize = 6 * STRIDE;

/// Most bits of a payload.
const MAX_BITS: usize = MAX_CHARACTERS * 6;

/// Whole words of the longest payload, and one that is always zero.
const WORDS: usize = MAX_BITS / 64 + 1;

/// Values of armoured characters (IEC 61162-1 table 10); 255: none.
const VALUES: [u8; 256] = values();

/// Bits that no value has.
const NOT_A_VALUE: u8 = 0xC0;

const fn values() -> [u8; 256] {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 64 {
        values[armoured(value) as usize] = value;
        value += 1;
    }
    values
}

/// The character that stands for six bits.
const fn armoured(value: u8) -> u8 {
    if value < 40 { value + 48 } else { value + 56 }
}

/// The bits of a payload.
#[derive(Clone, Debug)]
pub(super) struct Unarmoured {
    words: [u64; WORDS],
    end: usize,
}

/// The bits of a message not yet taken; those past its end are zero.
#[derive(Clone, Debug)]
pub(super) struct Bits<'a> {
    words: &'a [u64; WORDS],
    at: usize,
    end: usize,
}

impl Unarmoured {
    /// The bits of a payload without its fill bits.
    pub(super) fn of(payload: &Payload<'_>) -> Result<Self, Reject> {
        let Payload { armoured, fill_bits } = *payload;
        if armoured.len() > MAX_CHARACTERS {
            return Err(Reject::TooLong);
        }
        if fill_bits > 5 {
            return Err(Reject::FillBits);
        }
        let end = (armoured.len() * 6)
            .checked_sub(usize::from(fill_bits))
            .ok_or(Reject::Empty)?;
        let mut words = [0; WORDS];
        let mut wrong = 0;
        for (characters, three) in armoured.chunks(STRIDE).zip(words.chunks_exact_mut(3)) {
            let mut stride = [b'0'; STRIDE];
            stride[..characters.len()].copy_from_slice(characters);
            let values = stride.map(|character| VALUES[usize::from(character)]);
            wrong |= values.iter().fold(0, |wrong, value| wrong | value);
            three.copy_from_slice(&joined(&values.map(u64::from)));
        }
        if wrong & NOT_A_VALUE != 0 {
            return Err(Reject::Alphabet);
        }
        if end % 64 != 0 {
            words[end / 64] &= !(u64::MAX >> (end % 64));
        }
        Ok(Self { words, end })
    }

    /// An application's bits, to be taken again field by field.
    pub(super) fn of_content(content: &AppBits) -> Self {
        let mut words = [0; WORDS];
        for (word, bytes) in words.iter_mut().zip(content.bytes().chunks(8)) {
            let mut eight = [0; 8];
            eight[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_be_bytes(eight);
        }
        Self {
            words,
            end: content.count(),
        }
    }

    /// All of them, none taken yet.
    pub(super) fn bits(&self) -> Bits<'_> {
        Bits {
            words: &self.words,
            at: 0,
            end: self.end,
        }
    }
}

/// Thirty-two values of six bits as three words.
fn joined(values: &[u64; STRIDE]) -> [u64; 3] {
    let ten = |from: usize| values[from..from + 10].iter().fold(0, |ten, value| ten << 6 | value);
    [
        ten(0) << 4 | values[10] >> 2,
        values[10] << 62 | ten(11) << 2 | values[21] >> 4,
        values[21] << 60 | ten(22),
    ]
}

impl Bits<'_> {
    /// Bits not yet taken.
    pub(super) fn left(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    /// The next `width` bits, 1 to 57, as an unsigned number.
    #[inline]
    pub(super) fn take(&mut self, width: usize) -> u64 {
        let (word, bit) = (self.at / 64, self.at % 64);
        let high = self.words.get(word).copied().unwrap_or(0) << bit;
        let low = self.words.get(word + 1).copied().unwrap_or(0) >> 1 >> (63 - bit);
        self.at += width;
        (high | low) >> (64 - width)
    }

    /// Leaves `width` bits out.
    #[inline]
    pub(super) fn skip(&mut self, width: usize) {
        self.at += width;
    }

    #[inline]
    pub(super) fn u32(&mut self, width: usize) -> u32 {
        self.take(width) as u32
    }

    #[inline]
    pub(super) fn u16(&mut self, width: usize) -> u16 {
        self.take(width) as u16
    }

    #[inline]
    pub(super) fn u8(&mut self, width: usize) -> u8 {
        self.take(width) as u8
    }

    #[inline]
    pub(super) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }

    /// The next `width` bits as a number in two's complement.
    #[inline]
    pub(super) fn signed(&mut self, width: usize) -> i32 {
        let shift = 64 - width;
        ((self.take(width) << shift) as i64 >> shift) as i32
    }
}

/// Six-bit text on its way to a string of at most `N` characters (ITU-R M.1371-5 table 47).
#[derive(Clone, Debug)]
pub(super) struct Characters<const N: usize> {
    bytes: [u8; N],
    count: usize,
    ended: bool,
}

impl<const N: usize> Characters<N> {
    /// No text yet.
    pub(super) fn new() -> Self {
        Self {
            bytes: [0; N],
            count: 0,
            ended: false,
        }
    }

    /// Appends the next `characters`, or as many as are left whole, up to the first `@`. What does not fit is left out.
    pub(super) fn add(&mut self, bits: &mut Bits<'_>, characters: usize) {
        for _ in 0..characters.min(bits.left() / 6) {
            let value = bits.u8(6);
            self.ended |= value == 0;
            if !self.ended && self.count < N {
                self.bytes[self.count] = if value < 32 { value + 64 } else { value };
                self.count += 1;
            }
        }
    }

    /// The text without blanks at its ends; none if nothing is left.
    pub(super) fn trimmed(&self) -> Option<ArrayString<N>> {
        let text = std::str::from_utf8(&self.bytes[..self.count]).expect("six-bit characters are ASCII");
        let text = text.trim_matches(' ');
        (!text.is_empty()).then(|| ArrayString::from(text).expect("no longer than the field"))
    }
}

/// An application's bits: most significant first, the last byte filled up with zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppBits {
    bytes: ArrayVec<u8, { MAX_BITS / 8 }>,
    count: u16,
}

impl AppBits {
    /// The first `count` bits of `bytes`; none if there are not so many, or more than a message holds.
    pub fn new(bytes: &[u8], count: usize) -> Option<Self> {
        let whole = bytes.get(..count.div_ceil(8))?;
        let mut bytes: ArrayVec<u8, { MAX_BITS / 8 }> = whole.try_into().ok()?;
        if let (Some(last), over @ 1..) = (bytes.last_mut(), count % 8) {
            *last &= !(0xFF >> over);
        }
        Some(Self {
            bytes,
            count: count as u16,
        })
    }

    /// How many bits.
    pub fn count(&self) -> usize {
        self.count.into()
    }

    /// The bits, eight a byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the next `count` bits.
    pub(super) fn take(count: usize, bits: &mut Bits<'_>) -> Self {
        let mut taken = Self {
            bytes: ArrayVec::new(),
            count: count as u16,
        };
        for from in (0..count).step_by(8) {
            let width = (count - from).min(8);
            taken.bytes.push(bits.u8(width) << (8 - width));
        }
        taken
    }

    pub(super) fn put(&self, out: &mut BitsOut) {
        for (index, byte) in self.bytes.iter().enumerate() {
            let width = (self.count() - index * 8).min(8);
            out.put(width, u64::from(byte >> (8 - width)));
        }
    }
}

/// Bits being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct BitsOut {
    armoured: String,
    /// Bits that fill no character yet, and how many.
    open: u8,
    count: usize,
}

impl BitsOut {
    /// Appends the lowest `width` bits of a number.
    pub(super) fn put(&mut self, width: usize, value: u64) {
        for bit in (0..width).rev() {
            self.open = self.open << 1 | (value >> bit & 1) as u8;
            self.count += 1;
            if self.count == 6 {
                self.armoured.push(char::from(armoured(self.open)));
                (self.open, self.count) = (0, 0);
            }
        }
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
                Some(byte @ 65..=95) => byte - 64,
                Some(byte @ 32..=63) => byte,
                Some(_) => 32,
            };
            self.put(6, u64::from(value));
        }
    }

    /// As an application's bits; there are no more of them than a message holds.
    pub(super) fn content(self) -> AppBits {
        let (armoured, fill_bits) = self.armour();
        let armoured = armoured.as_bytes();
        let unarmoured = Unarmoured::of(&Payload { armoured, fill_bits }).expect("what was put is sound");
        let mut bits = unarmoured.bits();
        AppBits::take(bits.left(), &mut bits)
    }

    /// The armoured payload and how many bits at its end are fill.
    pub(super) fn armour(mut self) -> (String, u8) {
        let fill = (6 - self.count) % 6;
        self.put(fill, 0);
        (self.armoured, fill as u8)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(armoured: &[u8], fill_bits: u8) -> Result<Unarmoured, Reject> {
        Unarmoured::of(&Payload { armoured, fill_bits })
    }

    proptest! {
        #[test]
        fn numbers_put_are_taken(values in prop::collection::vec((1usize..=57, any::<u64>()), 1..18)) {
            let mut out = BitsOut::default();
            for (width, value) in &values {
                out.put(*width, *value);
            }
            let (armoured, fill) = out.armour();
            let unarmoured = of(armoured.as_bytes(), fill).unwrap();
            let mut bits = unarmoured.bits();
            for (width, value) in &values {
                prop_assert_eq!(bits.take(*width), value & (u64::MAX >> (64 - width)));
            }
            prop_assert_eq!(bits.left(), 0);
            prop_assert_eq!(bits.take(57), 0);
        }

        #[test]
        fn application_bits_come_back(bytes in prop::collection::vec(any::<u8>(), 0..130), cut in 0usize..8) {
            let count = (bytes.len() * 8).saturating_sub(cut);
            let put = AppBits::new(&bytes, count).unwrap();
            let mut out = BitsOut::default();
            put.put(&mut out);
            let (armoured, fill) = out.armour();
            let unarmoured = of(armoured.as_bytes(), fill).unwrap();
            let mut bits = unarmoured.bits();
            prop_assert_eq!(AppBits::take(bits.left(), &mut bits), put);
        }
    }

    #[test]
    fn fill_bits_are_never_taken() {
        let unarmoured = of(b"ww", 5).unwrap();
        let mut bits = unarmoured.bits();
        assert_eq!((bits.left(), bits.take(12), bits.left()), (7, 0b1111_1110_0000, 0));
    }

    #[test]
    fn text_ends_at_the_first_at_sign() {
        for (put, taken) in [
            ("TEST SHA 1", Some("TEST SHA 1")),
            ("  A B  ", Some("A B")),
            ("AB@CD", Some("AB CD")),
            ("", None),
            ("   ", None),
            ("<SCRIPT>", Some("<SCRIPT>")),
            ("\"QUOTED\\\"", Some("\"QUOTED\\\"")),
        ] {
            let mut out = BitsOut::default();
            out.put_text(20, Some(put));
            let (armoured, fill) = out.armour();
            let unarmoured = of(armoured.as_bytes(), fill).unwrap();
            let mut text = Characters::<20>::new();
            text.add(&mut unarmoured.bits(), 20);
            assert_eq!(text.trimmed().as_deref(), taken, "{put}");
        }
    }

    #[test]
    fn what_no_payload_looks_like_is_refused() {
        for (armoured, fill, reject) in [
            (&b"1X"[..], 0, Reject::Alphabet),
            (b"1 ", 0, Reject::Alphabet),
            ("1é".as_bytes(), 0, Reject::Alphabet),
            (&[b'0'; MAX_CHARACTERS + 1], 0, Reject::TooLong),
            (b"", 2, Reject::Empty),
            (b"15", 6, Reject::FillBits),
        ] {
            assert_eq!(of(armoured, fill).unwrap_err(), reject);
        }
    }
}
