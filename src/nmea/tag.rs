//! Tag blocks: `\s:SOURCE,c:SECONDS,g:1-2-34*hh\` (IEC 61162-450 clause 7.2.3; NMEA 0183 section 7).

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
        let star = memchr::memrchr(b'*', block);
        let content = &block[..star.unwrap_or(block.len())];
        let right = star.is_some_and(|star| super::sentence::checksum_is(content, &block[star + 1..]));
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
                _ => {}
            }
        }
    }
}

/// Seconds, or milliseconds if there are so many; a fraction of a second is taken to the millisecond.
fn time_of(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 15 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let ms = if whole > MILLISECONDS_ABOVE {
        whole
    } else {
        whole * 1000 + format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?
    };
    Some(Timestamp(ms)).filter(|time| *time <= Timestamp::MAX)
}

/// The group's number in `1-2-34`.
fn group_of(text: &[u8]) -> Option<u32> {
    let mut parts = std::str::from_utf8(text).ok()?.split('-');
    let number = (
        parts.next()?.parse::<u8>().ok()?,
        parts.next()?.parse::<u8>().ok()?,
        parts.next()?.parse().ok()?,
    );
    Some(number.2).filter(|_| parts.next().is_none())
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
        ] {
            assert_eq!(time_of(text.as_bytes()).map(|time| time.0), ms, "{text}");
        }
        assert_eq!(group_of(b"1-2-34"), Some(34));
        assert_eq!(
            (group_of(b"1-2"), group_of(b"1-2-x"), group_of(b"1-2-3-4")),
            (None, None, None)
        );
    }
}
