//! Armoured payloads to bits, taken in order by width, and back.

use arrayvec::{ArrayString, ArrayVec};

use super::{Payload, Reject};

/// Characters looked at together: 48 bits.
const EIGHT: usize = 8;

/// Characters that fill three words: 192 bits.
const BLOCK: usize = 4 * EIGHT;

/// Most characters of a payload; five slots (ITU-R M.1371-5, annex 2, 3.1.3) need 178. A longer one is refused.
const MAX_CHARACTERS: usize = 192;

/// Most bits of a payload.
const MAX_BITS: usize = MAX_CHARACTERS * 6;

/// Whole words of the longest payload, and one that is always zero.
const WORDS: usize = MAX_BITS / 64 + 1;

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
    /// No bits.
    #[inline]
    pub(super) fn empty() -> Self {
        Self {
            words: [0; WORDS],
            end: 0,
        }
    }

    /// The bits of a payload.
    pub(super) fn of(payload: &Payload<'_>) -> Result<Self, Reject> {
        let mut held = Self::empty();
        held.hold(payload).map(|()| held)
    }

    /// Makes an empty one hold the bits of a payload without its fill bits.
    pub(super) fn hold(&mut self, payload: &Payload<'_>) -> Result<(), Reject> {
        debug_assert_eq!(self.end, 0);
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
        let (threes, _) = self.words.as_chunks_mut();
        let mut wrong = 0;
        for (three, block) in threes.iter_mut().zip(armoured.chunks(BLOCK)) {
            let eights = match block.as_array() {
                Some(block) => eights(block),
                None => last_eights(armoured, block),
            };
            *three = three_words(eights, &mut wrong);
        }
        if wrong != 0 {
            return Err(Reject::Alphabet);
        }
        if end % 64 != 0 {
            self.words[end / 64] &= !(u64::MAX >> (end % 64));
        }
        self.end = end;
        Ok(())
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
    #[inline]
    pub(super) fn bits(&self) -> Bits<'_> {
        Bits {
            words: &self.words,
            at: 0,
            end: self.end,
        }
    }
}

/// A block's characters, eight by eight.
#[inline]
fn eights(block: &[u8; BLOCK]) -> [u64; 4] {
    let (eights, _) = block.as_chunks::<EIGHT>();
    std::array::from_fn(|at| u64::from_be_bytes(eights[at]))
}

/// What is left of a text behind its last whole block, eight by eight, filled up with characters that stand for zeros.
#[inline]
fn last_eights(text: &[u8], rest: &[u8]) -> [u64; 4] {
    let (eights, over) = rest.as_chunks::<EIGHT>();
    let mut four = [each(b'0'); 4];
    for (to, eight) in four.iter_mut().zip(eights) {
        *to = u64::from_be_bytes(*eight);
    }
    if let Some(to) = four.get_mut(eights.len()).filter(|_| !over.is_empty()) {
        *to = last_eight(text) << (8 * (EIGHT - over.len())) | each(b'0') >> (8 * over.len());
    }
    four
}

/// The words that a block's characters stand for; `wrong` is no longer zero if any stands for no six bits.
#[inline]
fn three_words(eights: [u64; 4], wrong: &mut u64) -> [u64; 3] {
    *wrong |= eights.iter().fold(0, |wrong, eight| wrong | outside(*eight));
    let [first, second, third, fourth] = eights.map(joined);
    [
        first << 16 | second >> 32,
        second << 32 | third >> 16,
        third << 48 | fourth,
    ]
}

/// The last eight characters; where there are fewer, zeros are in front.
#[inline]
fn last_eight(armoured: &[u8]) -> u64 {
    match armoured.last_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => armoured
            .iter()
            .fold(each(b'0'), |eight, character| eight << 8 | u64::from(*character)),
    }
}

/// Whether all characters stand for six bits each.
pub fn is_armoured(text: &[u8]) -> bool {
    let (eights, _) = text.as_chunks::<EIGHT>();
    let wrong = outside(last_eight(text));
    let add = |wrong, eight: &[u8; EIGHT]| wrong | outside(u64::from_be_bytes(*eight));
    eights.iter().fold(wrong, add) == 0
}

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; EIGHT])
}

/// Not zero if any of eight characters stands for no six bits; those that do are `0` to `W` and `` ` `` to `w` (IEC 61162-1
/// table 10).
#[inline]
fn outside(eight: u64) -> u64 {
    // Bits 5, 4 and 3 of each character where its bit 6 is. The alphabet ends where 6, 4 and 3 are set, and begins where
    // 6 is, or 5 and 4 are.
    let (five, four, three) = (eight << 1, eight << 2, eight << 3);
    let is_over = eight & four & three | !(eight | five & four);
    is_over & each(0x40) | eight & each(0x80)
}

/// The 48 bits that eight characters stand for.
#[inline]
fn joined(eight: u64) -> u64 {
    // From `` ` `` on, where bits 6 and 5 are set, eight more are left out.
    let eights = (eight & eight << 1) >> 3 & each(8);
    let values = eight.wrapping_sub(each(48)).wrapping_sub(eights);
    let twelves = closed_up(values, 0x3F00_3F00_3F00_3F00, 2);
    let halves = closed_up(twelves, 0x0FFF_0000_0FFF_0000, 4);
    closed_up(halves, 0x00FF_FFFF_0000_0000, 8)
}

/// Bits with those in `upper` moved down by a gap of so many.
#[inline]
fn closed_up(bits: u64, upper: u64, gap: u32) -> u64 {
    let moved = bits & upper;
    (bits ^ moved) + (moved >> gap)
}

/// The eight characters of six-bit text that 48 bits stand for (ITU-R M.1371-5 table 47).
#[inline]
fn characters(bits: u64) -> u64 {
    let halves = bits & 0x00FF_FFFF | (bits & 0xFFFF_FF00_0000) << 8;
    let twelves = halves & 0x0000_0FFF_0000_0FFF | (halves & 0x00FF_F000_00FF_F000) << 4;
    let values = twelves & 0x003F_003F_003F_003F | (twelves & 0x0FC0_0FC0_0FC0_0FC0) << 2;
    values | (!values & each(0x20)) << 1
}

impl Bits<'_> {
    /// Bits not yet taken.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    /// The next `width` bits, 1 to 64, as an unsigned number.
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

/// Why a text is one.
const SIX_BITS: &str = "six-bit characters are ASCII";

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
    #[inline]
    pub(super) fn add(&mut self, bits: &mut Bits<'_>, characters: usize) {
        let mut left = characters.min(bits.left() / 6).min(N - self.count);
        let mut ahead = bits.clone();
        bits.skip(6 * characters);
        while left > 0 && !self.ended {
            let eight = self::characters(ahead.take(48));
            // The highest bit of each byte of the sum says whether its character is another.
            let ends = !((eight ^ each(b'@')) + each(0x7F)) & each(0x80);
            let before_end = ends.leading_zeros() as usize / 8;
            for (to, character) in self.bytes[self.count..].iter_mut().zip(eight.to_be_bytes()) {
                *to = character;
            }
            self.ended = before_end < left.min(EIGHT);
            self.count += before_end.min(left);
            left -= left.min(EIGHT);
        }
    }

    /// The text without blanks at its ends; none if nothing is left.
    #[inline]
    pub(super) fn trimmed(&self) -> Option<ArrayString<N>> {
        let text = &self.bytes[..self.count];
        let end = text.iter().rposition(|byte| *byte != b' ')? + 1;
        if text[0] == b' ' {
            let text = std::str::from_utf8(text[..end].trim_ascii_start()).expect(SIX_BITS);
            return Some(ArrayString::from(text).expect("no longer than the field"));
        }
        let mut text = ArrayString::from_byte_string(&self.bytes).expect(SIX_BITS);
        text.truncate(end);
        Some(text)
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
        let mut left = count;
        while left > 0 {
            let width = left.min(64);
            let eight = (bits.take(width) << (64 - width)).to_be_bytes();
            let whole = taken.bytes.try_extend_from_slice(&eight[..width.div_ceil(8)]);
            whole.expect("a message holds no more");
            left -= width;
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
        fn numbers_put_are_taken(values in prop::collection::vec((1usize..=64, any::<u64>()), 1..18)) {
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

    /// Every byte at every place among eight, and in a text too short for eight.
    #[test]
    fn the_alphabet() {
        for byte in 0..=255 {
            let value = (0..64).find(|value| armoured(*value) == byte);
            for (length, at) in (1..20).flat_map(|length| (0..length).map(move |at| (length, at))) {
                let mut text = vec![b'w'; length];
                text[at] = byte;
                assert_eq!(is_armoured(&text), value.is_some(), "{byte} at {at} of {length}");
                match (of(&text, 0), value) {
                    (Ok(unarmoured), Some(value)) => {
                        let mut bits = unarmoured.bits();
                        for place in 0..length {
                            assert_eq!(bits.u8(6), if place == at { value } else { 63 });
                        }
                        assert_eq!(bits.take(57), 0);
                    }
                    (told, _) => assert_eq!((told.err(), value), (Some(Reject::Alphabet), None), "{byte}"),
                }
            }
        }
    }
}
