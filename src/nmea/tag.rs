//! Tag blocks: `\s:SOURCE,c:SECONDS,g:1-2-34*hh\` (IEC 61162-450 clause 7.2.3; NMEA 0183 section 7).

use memchr::memchr3;

use super::summed::{Summed, eight_digits, ten_digits};
use crate::time::Timestamp;

/// Longest name of a source; IEC 61162-450 allows 15 characters. A longer one is not used.
pub const MAX_SOURCE: usize = 32;

/// Times of `c:` above this are milliseconds.
const MILLISECONDS_ABOVE: i64 = 100_000_000_000;

/// What the tag blocks of a line say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The station, of at most [`MAX_SOURCE`] bytes.
    pub source: Option<&'a [u8]>,
    pub time: Option<Timestamp>,
    /// Number of the group of lines it belongs to.
    pub group: Option<u32>,
    /// Whether there was a tag block, and whether its checksum was right.
    pub outcome: Option<TagOutcome>,
}

/// What became of a line's tag blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagOutcome {
    Ok,
    /// The checksum is wrong or missing; ignored unless the feed is told to trust it.
    BadChecksum,
}

/// One tag block, without its backslashes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    /// What it says.
    pub content: &'a [u8],
    /// Whether its checksum is right.
    pub is_right: bool,
    /// Bytes up to its closing backslash, and with it.
    pub len: usize,
}

impl<'a> Block<'a> {
    /// The tag block whose opening backslash stands before `rest`; a sentence stands in none.
    pub(super) fn of(rest: &'a [u8]) -> Option<Self> {
        // As nearly all are: its end found while it is summed.
        if let Some(summed) = Summed::of_block(rest)
            && let Ok([b'\\', ..]) = summed.checked()
        {
            return Some(Self {
                content: summed.text,
                is_right: true,
                len: summed.text.len() + b"*hh\\".len(),
            });
        }
        let end = memchr3(b'\\', b'!', b'$', rest).filter(|end| rest[*end] == b'\\')?;
        let summed = Summed::of(&rest[..end]);
        Some(Self {
            content: summed.as_ref().map_or(&rest[..end], |summed| summed.text),
            is_right: summed.is_some_and(|summed| summed.checked().is_ok()),
            len: end + 1,
        })
    }
}

impl<'a> Tag<'a> {
    /// Takes in one block; `trust` takes in what it says though its checksum is wrong.
    pub(super) fn take(&mut self, block: &Block<'a>, trust: bool) {
        let Block { content, is_right, .. } = *block;
        if self.outcome != Some(TagOutcome::BadChecksum) {
            self.outcome = Some(if is_right {
                TagOutcome::Ok
            } else {
                TagOutcome::BadChecksum
            });
        }
        if !is_right && !trust {
            return;
        }
        let mut fields = Some(content);
        while let Some(rest) = fields {
            fields = self.take_field(rest);
        }
    }

    /// Takes in the first field, and gives what stands behind its comma, if one does.
    #[inline]
    fn take_field(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        // Nearly every line says its time, in ten digits.
        if let [b'c', b':', time @ ..] = rest
            && let Some((ten, behind @ ([] | [b',', ..]))) = time.split_first_chunk()
            && let Some(seconds) = ten_digits(*ten)
        {
            self.time = Some(Timestamp(seconds as i64 * 1000));
            return behind.get(1..);
        }
        let end = rest.iter().position(|byte| *byte == b',');
        match &rest[..end.unwrap_or(rest.len())] {
            [b's', b':', source @ ..] if !source.is_empty() && source.len() <= MAX_SOURCE => {
                self.source = Some(source);
            }
            [b'c', b':', time @ ..] => self.time = time_of(time).or(self.time),
            [b'g', b':', group @ ..] => self.group = group_of(group).or(self.group),
            other => self.group = old_group_of(other).or(self.group),
        }
        end.map(|end| &rest[end + 1..])
    }
}

/// Seconds, or milliseconds if there are so many; a fraction of a second is taken to the millisecond.
fn time_of(text: &[u8]) -> Option<Timestamp> {
    let (whole, ms) = decimal(text)?;
    time_from(whole, ms)
}

/// Of so many seconds and milliseconds, or only milliseconds if there are so many.
#[inline]
fn time_from(whole: i64, ms: i64) -> Option<Timestamp> {
    let time = if whole > MILLISECONDS_ABOVE {
        whole
    } else {
        whole * 1000 + ms
    };
    Some(Timestamp(time)).filter(|time| *time <= Timestamp::MAX)
}

/// The whole part, of at most 19 digits, and the thousandths of a number like `12.345`.
pub(super) fn decimal(text: &[u8]) -> Option<(i64, i64)> {
    let (whole, rest) = whole(text)?;
    match rest {
        [] => Some((whole, 0)),
        [b'.', fraction @ ..] if fraction.iter().all(u8::is_ascii_digit) => {
            let place = |at: usize| i64::from(fraction.get(at).map_or(0, |digit| digit - b'0'));
            Some((whole, place(0) * 100 + place(1) * 10 + place(2)))
        }
        _ => None,
    }
}

/// The number that a text begins with, and what stands behind it.
#[inline]
fn whole(text: &[u8]) -> Option<(i64, &[u8])> {
    /// So many overflow nothing.
    const MOST_DIGITS: usize = 19;
    let (mut value, mut digits) = match text.first_chunk().and_then(|eight| eight_digits(*eight)) {
        Some(value) => (value, 8),
        None => (0, 0),
    };
    while let Some(byte @ b'0'..=b'9') = text.get(digits) {
        if digits == MOST_DIGITS {
            return None;
        }
        value = value * 10 + u64::from(byte - b'0');
        digits += 1;
    }
    let value = i64::try_from(value).ok().filter(|_| digits > 0)?;
    Some((value, &text[digits..]))
}

/// The group's number in `1-2-34`.
fn group_of(text: &[u8]) -> Option<u32> {
    let mut parts = text.split(|byte| *byte == b'-').map(number);
    let (_, _, group) = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(group)
}

/// The group's number in `1G2:34`, as NMEA 0183 version 4.00 writes it.
fn old_group_of(text: &[u8]) -> Option<u32> {
    match text {
        [b'1'..=b'9', b'G', b'1'..=b'9', b':', group @ ..] => number(group),
        _ => None,
    }
}

fn number(text: &[u8]) -> Option<u32> {
    let (whole, _) = decimal(text).filter(|_| !text.contains(&b'.'))?;
    u32::try_from(whole).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_and_groups() {
        for (text, ms) in [
            ("1772323200", Some(1_772_323_200_000)),
            ("1772323200123", Some(1_772_323_200_123)),
            ("100000000000", Some(100_000_000_000_000)),
            ("100000000001", Some(100_000_000_001)),
            ("1772323200.5", Some(1_772_323_200_500)),
            ("1772323200.1239", Some(1_772_323_200_123)),
            ("", None),
            ("-5", None),
            ("12x", None),
            ("9999999999999999", None),
            ("99999999999999999999", None),
            ("12345678", Some(12_345_678_000)),
            ("1234567", Some(1_234_567_000)),
            ("1234567:", None),
            ("1234567/9", None),
            ("123456781234567812345678", None),
            ("1772323200.", Some(1_772_323_200_000)),
            (".5", None),
        ] {
            assert_eq!(time_of(text.as_bytes()).map(|time| time.0), ms, "{text}");
        }
        assert_eq!(group_of(b"1-2-34"), Some(34));
        assert_eq!(
            (group_of(b"1-2"), group_of(b"1-2-x"), group_of(b"1-2-3-4")),
            (None, None, None)
        );
        assert_eq!((group_of(b"1-2-3.5"), group_of(b"1-2-4294967296")), (None, None));
        assert_eq!((old_group_of(b"1G2:34"), old_group_of(b"d:34")), (Some(34), None));
    }

    proptest! {
        #[test]
        fn a_block_is_what_byte_by_byte_it_is(
            text in prop::collection::vec(prop_oneof![8 => b'0'..=b'z', 1 => any::<u8>(), 1 => Just(b','), 1 => Just(b'!')], 0..30),
            wrong in prop_oneof![3 => Just(0u8), 1 => any::<u8>()],
            behind in "[!-~]{0,20}",
        ) {
            let before = text.split(|byte| *byte == b'*').next().unwrap();
            let sum = before.iter().fold(wrong, |sum, byte| sum ^ byte);
            let rest = [&text, format!("*{sum:02X}\\{behind}").as_bytes()].concat();
            let end = rest.iter().position(|byte| b"\\!$".contains(byte)).filter(|end| rest[*end] == b'\\');
            let wanted = end.map(|end| {
                let content = rest[..end].split(|byte| *byte == b'*').next().unwrap();
                let digits = &rest[content.len()..end];
                let sum = content.iter().fold(0, |sum, byte| sum ^ byte);
                let is_right = digits.get(1..3).is_some_and(|two| two.eq_ignore_ascii_case(format!("{sum:02x}").as_bytes()));
                (content, is_right, end + 1)
            });
            let told = Block::of(&rest).map(|block| (block.content, block.is_right, block.len));
            prop_assert_eq!(told, wanted);
        }
    }
}
