//! Bytes, however cut, to lines.

use memchr::memchr;

/// Longest line in bytes, without its end. A longer one is told as too long, once, and its bytes are let go.
pub const MAX_LINE: usize = 1024;

/// Collects bytes until a line is whole.
#[derive(Clone, Debug, Default)]
pub struct Framer {
    begun: Vec<u8>,
    too_long: bool,
}

/// A whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framed<'a> {
    /// Without its end: LF, or CR LF.
    Line(&'a [u8]),
    TooLong,
}

impl Framer {
    /// Takes bytes and gives every line they complete, empty ones too.
    pub fn push(&mut self, mut bytes: &[u8], mut give: impl FnMut(Framed<'_>)) {
        while let Some(end) = memchr(b'\n', bytes) {
            let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
            if self.begun.is_empty() && !self.too_long {
                offer(head, &mut give);
            } else {
                self.keep(head);
                self.end_line(&mut give);
            }
            bytes = rest;
        }
        self.keep(bytes);
    }

    /// The input is over: a last line without an end counts.
    pub fn finish(&mut self, mut give: impl FnMut(Framed<'_>)) {
        if self.too_long || !self.begun.is_empty() {
            self.end_line(&mut give);
        }
    }

    fn end_line(&mut self, give: &mut impl FnMut(Framed<'_>)) {
        if std::mem::take(&mut self.too_long) {
            give(Framed::TooLong);
        } else {
            offer(&self.begun, give);
        }
        self.begun.clear();
    }

    fn keep(&mut self, bytes: &[u8]) {
        // One byte more may be the CR of the line's end.
        if self.too_long || self.begun.len() + bytes.len() > MAX_LINE + 1 {
            self.too_long = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }
}

fn offer(line: &[u8], give: &mut impl FnMut(Framed<'_>)) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() > MAX_LINE {
        give(Framed::TooLong);
    } else {
        give(Framed::Line(line));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(chunks: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
        let mut framer = Framer::default();
        let mut lines: Vec<Option<Vec<u8>>> = Vec::new();
        let mut give = |framed: Framed<'_>| {
            lines.push(match framed {
                Framed::Line(line) => Some(line.to_vec()),
                Framed::TooLong => None,
            });
        };
        for chunk in chunks {
            framer.push(chunk, &mut give);
        }
        framer.finish(&mut give);
        lines
    }

    #[test]
    fn lines_end_with_lf_or_cr_lf() {
        let some = |line: &str| Some(line.as_bytes().to_vec());
        assert_eq!(
            framed(&[b"a\r\nb\n\n\r\nc"]),
            [some("a"), some("b"), some(""), some(""), some("c")]
        );
        let long = vec![b'x'; MAX_LINE];
        assert_eq!(framed(&[&long, b"\r\n", &long, b"x\n", &long, b"xx\nd\n"]).len(), 4);
        assert_eq!(framed(&[&long, b"x\nd\n"]), [None, some("d")]);
        assert_eq!(framed(&[&vec![b'x'; 1 << 20]]), [None]);
    }

    proptest! {
        #[test]
        fn cutting_changes_nothing(
            bytes in prop::collection::vec(prop_oneof![4 => Just(b'x'), 1 => Just(b'\n'), 1 => Just(b'\r'), 1 => any::<u8>()], 0..4000),
            cuts in prop::collection::vec(0usize..4000, 0..40),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(framed(&chunks), framed(&[&bytes]));
        }
    }
}
