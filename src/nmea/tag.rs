//! Tag blocks: `\s:SOURCE,c:SECONDS,g:1-2-34*hh\` (IEC 61162-450 clause 7.2.3; NMEA 0183 section 7).

use super::summed::Summed;
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

impl<'a> Tag<'a> {
    /// Takes in one block, without its backslashes.
    pub(super) fn take(&mut self, block: &'a [u8], trust: bool) {
        let summed = Summed::of(block);
        let content = summed.as_ref().map_or(block, |summed| summed.text);
        let right = summed.is_some_and(|summed| summed.checked().is_ok());
        if self.outcome != Some(TagOutcome::BadChecksum) {
            self.outcome = Some(if right { TagOutcome::Ok } else { TagOutcome::BadChecksum });
        }
        if !right && !trust {
            return;
        }
        for field in content.split(|byte| *byte == b',') {
            match field {
                [b's', b':', source @ ..] if !source.is_empty() && source.len() <= MAX_SOURCE => {
                    self.source = Some(source);
                }
                [b'c', b':', time @ ..] => self.time = time_of(time).or(self.time),
                [b'g', b':', group @ ..] => self.group = group_of(group).or(self.group),
                other => self.group = old_group_of(other).or(self.group),
            }
        }
    }
}

/// Seconds, or milliseconds if there are so many; a fraction of a second is taken to the millisecond.
fn time_of(text: &[u8]) -> Option<Timestamp> {
    let (whole, ms) = decimal(text)?;
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
fn whole(text: &[u8]) -> Option<(i64, &[u8])> {
    /// So many overflow nothing.
    const MOST_DIGITS: usize = 19;
    let (mut value, mut digits) = (0u64, 0);
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
}
