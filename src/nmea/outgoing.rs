//! Whole messages as lines again: sentences with their checksums, tag blocks in front.

use crate::time::Timestamp;

/// Characters of payload in a sentence: with them it is no longer than the 82 characters of IEC 61162-1.
const PAYLOAD: usize = 60;
/// Sentences of a message: what is longer has more characters in each.
const MOST_PARTS: usize = 9;
/// Messages of several sentences are numbered up to here, as groups and, in one digit, as sequences.
const GROUPS: u32 = 1000;

/// A message as it goes out.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The station that heard it.
    pub source: &'a str,
    /// When; told in whole seconds.
    pub time: Timestamp,
    /// Of its sentences, as in `AI`.
    pub talker: [u8; 2],
    /// Radio channel as sent, or 0 for none.
    pub channel: u8,
    /// Armoured.
    pub payload: &'a [u8],
    pub fill_bits: u8,
}

/// One sentence of a message.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Talker and formatter, as in `AIVDM`.
    pub address: &'a [u8],
    pub total: usize,
    /// From 1.
    pub number: usize,
    /// Of its message; told if that has several sentences.
    pub sequence: u32,
    /// 0 for none.
    pub channel: u8,
    pub payload: &'a [u8],
    pub fill_bits: u8,
}

impl Outgoing<'_> {
    /// Appends its lines as VDM, whatever they were: those of another's own ship are not the reader's. `group` numbers
    /// the messages of several sentences.
    pub fn write(&self, group: &mut u32, out: &mut Vec<u8>) {
        let Self {
            source,
            channel,
            payload,
            fill_bits,
            ..
        } = *self;
        let address = [self.talker[0], self.talker[1], b'V', b'D', b'M'];
        let chunk = PAYLOAD.max(payload.len().div_ceil(MOST_PARTS));
        let total = payload.len().div_ceil(chunk);
        if total > 1 {
            *group = (*group + 1) % GROUPS;
        }
        let second = self.time.floor_s();
        for (number, payload) in (1..).zip(payload.chunks(chunk)) {
            match (total, number) {
                (1, _) => write_tag(out, format_args!("s:{source},c:{second}")),
                (_, 1) => write_tag(out, format_args!("g:1-{total}-{group},s:{source},c:{second}")),
                _ => write_tag(out, format_args!("g:{number}-{total}-{group}")),
            }
            let part = Part {
                address: &address,
                total,
                number,
                sequence: *group % 10,
                channel,
                payload,
                fill_bits: if number == total { fill_bits } else { 0 },
            };
            part.write(out);
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl Part<'_> {
    /// Appends the sentence with its checksum, without a line's end.
    pub fn write(&self, out: &mut Vec<u8>) {
        let begin = out.len() + 1;
        out.push(b'!');
        out.extend_from_slice(self.address);
        append(out, format_args!(",{},{},", self.total, self.number));
        if self.total > 1 {
            append(out, format_args!("{}", self.sequence));
        }
        out.push(b',');
        out.extend((self.channel != 0).then_some(self.channel));
        out.push(b',');
        out.extend_from_slice(self.payload);
        append(out, format_args!(",{}", self.fill_bits));
        close(out, begin);
    }
}

/// Appends a tag block that says this.
pub fn write_tag(out: &mut Vec<u8>, content: std::fmt::Arguments<'_>) {
    out.push(b'\\');
    let begin = out.len();
    append(out, content);
    close(out, begin);
    out.push(b'\\');
}

/// Appends the checksum of what stands from `begin` on.
fn close(out: &mut Vec<u8>, begin: usize) {
    let sum = out[begin..].iter().fold(0, |sum, byte| sum ^ byte);
    append(out, format_args!("*{sum:02X}"));
}

fn append(out: &mut Vec<u8>, words: std::fmt::Arguments<'_>) {
    out.extend_from_slice(words.to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nmea::{Assembly, Origin, Sentence};

    /// What a payload's lines are, and that they join to it again.
    fn check(payload: &str, fill_bits: u8, lines: &[&str]) {
        let message = Outgoing {
            source: "r1",
            time: Timestamp(1_772_323_200_999),
            talker: *b"AB",
            channel: b'B',
            payload: payload.as_bytes(),
            fill_bits,
        };
        let mut out = Vec::new();
        message.write(&mut 6, &mut out);
        let text = String::from_utf8(out).unwrap();
        let told: Vec<&str> = text.split_terminator("\r\n").collect();
        if !lines.is_empty() {
            assert_eq!(told, lines);
        }
        assert!(told.len() <= MOST_PARTS);
        let mut assembly = Assembly::default();
        let mut joined = Vec::new();
        for line in told {
            let sentence = Sentence::parse(line.as_bytes(), false);
            let part = sentence.words.unwrap().encapsulated.unwrap().unwrap();
            assembly.count_line();
            if let Ok(message) = assembly.join(message.time, Origin::new(&sentence.tag, 1), &part) {
                joined.push((message.payload.to_vec(), message.fill_bits));
            }
        }
        assert_eq!(joined, [(payload.as_bytes().to_vec(), fill_bits)]);
    }

    #[test]
    fn messages_become_lines_that_join_again() {
        check(
            "168rOKiP018N5G0=u<400?v00000",
            0,
            &["\\s:r1,c:1772323200*7C\\!ABVDM,1,1,,B,168rOKiP018N5G0=u<400?v00000,0*52"],
        );
        let two = format!("{}{}", "5".repeat(60), "08888888880");
        check(
            &two,
            2,
            &[
                "\\g:1-2-7,s:r1,c:1772323200*39\\!ABVDM,2,1,7,B,555555555555555555555555555555555555555555555555555555555555,0*1A",
                "\\g:2-2-7*6A\\!ABVDM,2,2,7,B,08888888880,2*23",
            ],
        );
        check(&"w".repeat(541), 4, &[]);
    }
}
