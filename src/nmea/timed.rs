//! Lines with the time at which they were received, as a recording keeps them.

use super::summed::Summed;
use super::{MAX_LINE, Sentence};
use crate::time::Timestamp;

/// Appends a line with `c:` of its receipt in its tag block: in the one it has, beside what else that says, or in a
/// new one in front. A line that says its time in a tag block, or that would become too long, is left as it is.
pub fn write_timed(line: &[u8], received: Timestamp, out: &mut Vec<u8>) {
    let start = out.len();
    let tag = Sentence::parse(line, false).tag;
    let (content, rest) = first_block(line).unwrap_or((&[], line));
    if tag.time.is_none() {
        out.push(b'\\');
        let block = out.len();
        out.extend_from_slice(content);
        let comma = if content.is_empty() { "" } else { "," };
        out.extend_from_slice(format!("{comma}c:{}", received.0).as_bytes());
        let sum = out[block..].iter().fold(0, |sum, byte| sum ^ byte);
        out.extend_from_slice(format!("*{sum:02X}\\").as_bytes());
        out.extend_from_slice(rest);
    }
    if tag.time.is_some() || out.len() - start > MAX_LINE {
        out.truncate(start);
        out.extend_from_slice(line);
    }
}

/// What the block says that a line begins with, if its checksum is right, and what follows it.
fn first_block(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = line.strip_prefix(b"\\")?;
    let end = memchr::memchr3(b'\\', b'!', b'$', text).filter(|end| text[*end] == b'\\')?;
    let summed = Summed::of(&text[..end])?;
    summed.checked().ok()?;
    Some((summed.text, &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AT: Timestamp = Timestamp(1_772_323_200_123);

    fn timed(line: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_timed(line, AT, &mut out);
        out
    }

    #[test]
    fn the_time_joins_what_the_tag_block_says() {
        for (line, wanted) in [
            ("!AIVDM,x", "\\c:1772323200123*6A\\!AIVDM,x"),
            ("\\s:rx1*72\\!AIVDM,x", "\\s:rx1,c:1772323200123*34\\!AIVDM,x"),
            ("\\s:rx1,c:1772323200*04\\!AIVDM,x", "\\s:rx1,c:1772323200*04\\!AIVDM,x"),
            (
                "\\s:rx1,c:1772323200*05\\!x",
                "\\c:1772323200123*6A\\\\s:rx1,c:1772323200*05\\!x",
            ),
            ("1772323201 !AIVDM", "\\c:1772323200123*6A\\1772323201 !AIVDM"),
            ("\\s:rx1", "\\c:1772323200123*6A\\\\s:rx1"),
        ] {
            let line = timed(line.as_bytes());
            assert_eq!(String::from_utf8(line).unwrap(), wanted);
        }
        let long = [b'x'; MAX_LINE];
        assert_eq!(timed(&long), long);
    }

    proptest! {
        /// A recorded line says what it said, and when.
        #[test]
        fn nothing_is_lost(line in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\\'), Just(b'!'), Just(b'*'), Just(b',')], 1..200)) {
            let kept = timed(&line);
            let (before, after) = (Sentence::parse(&line, false), Sentence::parse(&kept, false));
            prop_assert_eq!(before.words, after.words);
            prop_assert_eq!((before.tag.source, before.tag.group), (after.tag.source, after.tag.group));
            prop_assert_eq!(after.tag.time, Some(before.tag.time.unwrap_or(AT)));
        }
    }
}
