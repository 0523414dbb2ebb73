//! One line as a sentence: what stands before it, its checksum, and an encapsulated message's fields.

use memchr::memchr3;

use super::instruments::Signal;
use super::summed::Summed;
use super::tag::Block;
use super::{Tag, TagOutcome, suffix};
use crate::ais::is_armoured;
use crate::time::Timestamp;

/// A line, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// What stands before the tag block and the sentence.
    pub before: &'a [u8],
    pub tag: Tag<'a>,
    pub words: Result<Words<'a>, Fault>,
}

/// Why a line holds no valid sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    BadChecksum,
    NoChecksum,
    Malformed,
}

/// A sentence whose checksum is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    /// From `!` or `$` to before the `*`.
    pub text: &'a [u8],
    /// What stands after the checksum.
    pub after: &'a [u8],
    /// The fragment of a VDM or VDO message; `None` for any other sentence, an error if its fields are not right.
    pub encapsulated: Option<Result<Encapsulated<'a>, Fault>>,
}

/// The fields of a VDM or VDO sentence (IEC 61162-1, clauses 8.3.102 and 8.3.103).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encapsulated<'a> {
    /// Talker and formatter, as in `AIVDM`.
    pub address: [u8; 5],
    /// Number of fragments, 1..=9.
    pub total: u8,
    /// Number of this one, 1..=total.
    pub number: u8,
    /// Sequence number as sent, 0..=9 or none.
    pub sequence: Option<u8>,
    /// Radio channel as sent, or 0 for none.
    pub channel: u8,
    /// Armoured payload, not empty. In a fragment, its characters are those of six bits; a whole one may hold others,
    /// which make it no message.
    pub payload: &'a [u8],
    /// Bits to leave out at the end, 0..=5.
    pub fill_bits: u8,
}

impl<'a> Sentence<'a> {
    /// Reads a line. `trust_tags` uses tag blocks whose checksum is wrong, too.
    ///
    /// A line whose beginning was lost may hold the end of another sentence first: the first sentence with a right
    /// checksum counts, and if there is none the first fault, behind a tag block if there is one.
    pub fn parse(line: &'a [u8], trust_tags: bool) -> Self {
        let mut before = line;
        let mut tag = Tag::default();
        let (mut first, mut is_tagged) = (None, false);
        let mut rest = line;
        loop {
            // As nearly all lines begin: with tag blocks and a sentence, or with that at once.
            let begins = rest;
            while let [b'\\', inside @ ..] = rest
                && let Some(block) = Block::of(inside)
            {
                tag.take(&block, trust_tags);
                is_tagged = true;
                rest = &inside[block.len..];
            }
            let is_sentence = matches!(rest, [b'!' | b'$', ..]);
            if before.len() == line.len() && (is_sentence || rest.len() < begins.len()) {
                before = &line[..line.len() - begins.len()];
            }
            if is_sentence {
                let words = words(rest);
                let Err(fault) = words else {
                    return Self { before, tag, words };
                };
                if first.is_none() || is_tagged {
                    first = Some((tag, fault));
                }
                is_tagged = false;
            }
            let Some(next) = next_start(rest) else { break };
            rest = next;
        }
        let (tag, fault) = first.unwrap_or((tag, Fault::Malformed));
        Self {
            before,
            tag,
            words: Err(fault),
        }
    }

    /// Whether the sentence has a right checksum.
    pub fn is_valid(&self) -> bool {
        self.words.is_ok()
    }

    /// The time in its tag block.
    pub fn tag_time(&self) -> Option<Timestamp> {
        self.tag.time
    }

    /// The station that heard it: its tag block's, else that of the suffix behind its checksum.
    pub fn source(&self) -> Option<&'a [u8]> {
        self.tag
            .source
            .or_else(|| suffix::station(self.words.as_ref().ok()?.after))
    }

    /// What became of its tag blocks, if it had any.
    pub fn tag_outcome(&self) -> Option<TagOutcome> {
        self.tag.outcome
    }
}

impl Words<'_> {
    /// How its station heard it, if a suffix says it.
    pub fn signal(&self) -> Option<Signal> {
        suffix::signal(self.after)
    }

    /// The two letters of the talker; one for a proprietary sentence.
    pub fn talker(&self) -> &[u8] {
        let address = &self.text[1..];
        if address.first() == Some(&b'P') {
            &address[..1]
        } else {
            address.get(..2).unwrap_or(address)
        }
    }
}

/// From where, behind the first byte, the next tag block or sentence may begin.
#[cold]
fn next_start(rest: &[u8]) -> Option<&[u8]> {
    let behind = rest.get(1..)?;
    memchr3(b'\\', b'!', b'$', behind).map(|at| &behind[at..])
}

/// Reads from the `!` or `$` on; what follows the checksum does not matter.
fn words(text: &[u8]) -> Result<Words<'_>, Fault> {
    let summed = Summed::of(&text[1..]).ok_or(Fault::NoChecksum)?;
    let after = summed.checked()?;
    if summed.text.is_empty() || !summed.is_ascii {
        return Err(Fault::Malformed);
    }
    let text = &text[..=summed.text.len()];
    let is_encapsulated = text[0] == b'!' && matches!(text.get(3..6), Some([b'V', b'D', b'M' | b'O']));
    Ok(Words {
        text,
        after,
        encapsulated: is_encapsulated.then(|| encapsulated(text).ok_or(Fault::Malformed)),
    })
}

/// Fields of `!AIVDM,total,number,sequence,channel,payload,fill`.
fn encapsulated(text: &[u8]) -> Option<Encapsulated<'_>> {
    let address = text[1..6].try_into().ok()?;
    let &[
        b',',
        total @ b'1'..=b'9',
        b',',
        number @ b'1'..=b'9',
        b',',
        ref rest @ ..,
    ] = &text[6..]
    else {
        return None;
    };
    let (sequence, rest) = match rest {
        [b',', rest @ ..] => (None, rest),
        [digit @ b'0'..=b'9', b',', rest @ ..] => (Some(digit - b'0'), rest),
        _ => return None,
    };
    let (channel, rest) = match rest {
        [b',', rest @ ..] => (0, rest),
        [channel, b',', rest @ ..] => (*channel, rest),
        _ => return None,
    };
    // A field too many puts a comma into the payload, where none may stand.
    let [payload @ .., b',', fill_bits @ b'0'..=b'5'] = rest else {
        return None;
    };
    let fits = number <= total && (*fill_bits == b'0' || number == total) && !payload.is_empty();
    // A whole payload is decoded at once, and its characters are looked at there.
    let is_readable = total == b'1' || is_armoured(payload);
    (fits && is_readable).then_some(Encapsulated {
        address,
        total: total - b'0',
        number: number - b'0',
        sequence,
        channel,
        payload,
        fill_bits: fill_bits - b'0',
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nmea::Stamper;

    const BODY: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";

    fn check(line: &str, fault: Option<Fault>) {
        assert_eq!(Sentence::parse(line.as_bytes(), false).words.err(), fault, "{line}");
    }

    #[test]
    fn checksums_and_what_stands_around() {
        check(BODY, None);
        check(&BODY.replace("5A", "5a"), None);
        check(&format!("2026-03-01 {BODY},rSTATION,1772323200"), None);
        check(&format!("{BODY} 文"), None);
        check(&BODY.replace("5A", "5B"), Some(Fault::BadChecksum));
        check(&BODY.replace("5A", "5"), Some(Fault::BadChecksum));
        check(&BODY.replace("*5A", ""), Some(Fault::NoChecksum));
        check(&BODY.replace("*5A", "*"), Some(Fault::NoChecksum));
        check("hello", Some(Fault::Malformed));
        check("\0\0\0", Some(Fault::Malformed));
        check("$GPZDA*48", None);
        check(&format!("$GPRMC,1235{BODY}"), None);
        check(&format!("!AIVDM,1,1,,A,168rO{BODY}"), None);
        check(&format!("\\{BODY}\\"), None);
        check(
            &format!("$GPRMC*00{}", BODY.replace("5A", "5B")),
            Some(Fault::BadChecksum),
        );
    }

    #[test]
    fn tag_blocks_are_checked_and_may_be_trusted() {
        let parse = |text: &'static str, trust| Sentence::parse(text.as_bytes(), trust).tag;
        let right = parse("x\\s:rx1,c:1772323200*04\\!AIVDM", false);
        assert_eq!(
            (right.source, right.time),
            (Some(&b"rx1"[..]), Some(Timestamp(1_772_323_200_000)))
        );
        assert_eq!(right.outcome, Some(TagOutcome::Ok));
        let wrong = parse("\\s:rx1,c:1772323200*05\\!AIVDM", false);
        assert_eq!((wrong.source, wrong.outcome), (None, Some(TagOutcome::BadChecksum)));
        assert_eq!(parse("\\s:rx1,c:1772323200*05\\!AIVDM", true).source, Some(&b"rx1"[..]));
        let both = parse("\\s:a*28\\\\s:b,g:2-2-7*6D\\!AIVDM", false);
        assert_eq!((both.source, both.group), (Some(&b"b"[..]), Some(7)));
        assert_eq!(parse("\\s:rx1!AIVDM", false), Tag::default());
        assert_eq!(parse("!AIVDM\\s:rx1*00\\", false), Tag::default());
        let late = "$GPRMC,12\\s:a*28\\!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
        assert_eq!(Sentence::parse(late.as_bytes(), false).tag.source, Some(&b"a"[..]));
        // A line's own tag block counts even if its sentence does not, whatever stands before.
        for before in ["", "junk ", "$x ", "! "] {
            let line = format!("{before}\\s:a*28\\!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5B !x");
            let sentence = Sentence::parse(line.as_bytes(), false);
            assert_eq!(sentence.tag.source, Some(&b"a"[..]), "{line}");
            assert_eq!(sentence.words, Err(Fault::BadChecksum), "{line}");
        }
    }

    #[test]
    fn fields_of_an_encapsulated_message() {
        let parse = |fields: &str| {
            let text = format!("!AIVDM,{fields}");
            let sum = text.bytes().skip(1).fold(0, |sum, byte| sum ^ byte);
            let line = format!("{text}*{sum:02X}");
            let words = Sentence::parse(line.as_bytes(), false).words.unwrap();
            words
                .encapsulated
                .unwrap()
                .ok()
                .map(|part| (part.total, part.number, part.sequence, part.channel))
        };
        assert_eq!(parse("2,1,3,B,abc,0"), Some((2, 1, Some(3), b'B')));
        assert_eq!(parse("1,1,,,abc,5"), Some((1, 1, None, 0)));
        for bad in [
            "0,0,,A,abc,0",
            "2,3,1,A,abc,0",
            "1,1,,A,,0",
            "1,1,,A,abc,6",
            "1,1,,A,abc,",
            "1,1,,A,abc",
            "1,1,,AB,abc,0",
            "1,1,x,A,abc,0",
            "2,1,1,A,abc,2",
            "1,1,,A,abc,0,x",
            "2,1,1,A,aXc,0",
            "2,1,1,A,axc,0",
            "2,1,1,A,a c,0",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn garbage_is_survived(line in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\\'), Just(b'!'), Just(b'*'), Just(b',')], 0..200)) {
            let sentence = Sentence::parse(&line, true);
            let _ = Stamper::default().stamp(&sentence);
        }
    }
}
