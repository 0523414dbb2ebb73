//! Records: what the core was told, in the order in which it was told, and their bytes.

use serde::{Deserialize, Serialize};

use super::varint::{Cursor, put, put_signed};
use crate::report::{FeedId, StreamId};
use crate::time::Timestamp;

/// One thing the core was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The event time the core was given; a tick's is its whole second.
    pub time: Timestamp,
    pub entry: Entry<'a>,
}

/// What it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The service began; how, is written as whoever begins it likes.
    Start(&'a [u8]),
    /// A line of a feed; none: it was too long to be read.
    Line { feed: FeedId, line: Option<&'a [u8]> },
    /// The lines of a feed to come are of this stream.
    Turn { feed: FeedId, stream: StreamId },
    /// A second passed. What had been judged before, where that changed since the last tick.
    Tick { judged: Option<Judged> },
    /// A decision, as whoever took it writes it.
    Order(&'a [u8]),
    /// Nothing could be kept from then until this record's time; so many records were lost. None were: the clock was set
    /// forward.
    Gap { from: Timestamp, lost: u64 },
    /// The service ended in order.
    Stop { judged: Judged },
    /// The segments up to this one were deleted; the core is not told.
    Cut { last: u64 },
}

/// A sum over all transitions told so far, so that a replay can be held against what was told at the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Transitions of all watches.
    pub count: u64,
    /// Each one's hash over the hash before it.
    pub digest: u64,
}

/// Bytes that are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes that are no record")]
pub struct NoRecord;

/// The kinds of a record, in the low three bits of its first byte.
mod kind {
    pub const START: u8 = 0;
    pub const LINE: u8 = 1;
    pub const TOO_LONG: u8 = 2;
    pub const TICK: u8 = 3;
    pub const ORDER: u8 = 4;
    pub const GAP: u8 = 5;
    pub const STOP: u8 = 6;
    pub const CUT: u8 = 7;
    /// Of a cut's kind, with this in the upper bits.
    pub const TURN: u8 = CUT | 1 << 3;
}

/// The upper five bits of a line's first byte are its feed's number; this one: the number follows.
const FEED_FOLLOWS: u8 = 31;

impl<'a> Record<'a> {
    /// Whether it tells of a gap in which records were lost: what came of them stands in the snapshot that follows it.
    pub fn tells_of_loss(&self) -> bool {
        matches!(self.entry, Entry::Gap { lost: 1.., .. })
    }

    /// Appends the record's bytes, all but its time.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self.entry {
            Entry::Start(how) => bytes(kind::START, how, out),
            Entry::Order(order) => bytes(kind::ORDER, order, out),
            Entry::Line { feed, line } => line_of(feed, line, out),
            Entry::Turn { feed, stream } => {
                out.push(kind::TURN);
                put(feed.0.into(), out);
                put(stream.0.into(), out);
            }
            Entry::Tick { judged: None } => out.push(kind::TICK),
            Entry::Tick { judged: Some(judged) } => {
                out.push(kind::TICK | 1 << 3);
                judged.encode(out);
            }
            Entry::Gap { from, lost } => {
                out.push(kind::GAP);
                put_signed(self.time.since(from).0, out);
                put(lost, out);
            }
            Entry::Stop { judged } => {
                out.push(kind::STOP);
                judged.encode(out);
            }
            Entry::Cut { last } => {
                out.push(kind::CUT);
                put(last, out);
            }
        }
    }

    /// Reads a record of this time from the front of the bytes.
    pub fn decode(time: Timestamp, from: &mut Cursor<'a>) -> Result<Self, NoRecord> {
        let head = from.byte()?;
        let upper = head >> 3;
        let entry = match head & 7 {
            kind::START if upper == 0 => Entry::Start(from.counted()?),
            kind::LINE => Entry::Line {
                feed: feed(upper, from)?,
                line: Some(from.counted()?),
            },
            kind::TOO_LONG => Entry::Line {
                feed: feed(upper, from)?,
                line: None,
            },
            kind::TICK if upper == 0 => Entry::Tick { judged: None },
            kind::TICK if upper == 1 => Entry::Tick {
                judged: Some(Judged::decode(from)?),
            },
            kind::ORDER if upper == 0 => Entry::Order(from.counted()?),
            kind::GAP if upper == 0 => Entry::Gap {
                from: Timestamp(time.0.checked_sub(from.signed()?).ok_or(NoRecord)?),
                lost: from.varint()?,
            },
            kind::STOP if upper == 0 => Entry::Stop {
                judged: Judged::decode(from)?,
            },
            kind::CUT if upper == 0 => Entry::Cut { last: from.varint()? },
            kind::CUT if upper == 1 => Entry::Turn {
                feed: FeedId(number(from)?),
                stream: StreamId(number(from)?),
            },
            _ => return Err(NoRecord),
        };
        Ok(Self { time, entry })
    }
}

impl Judged {
    /// Takes in one more transition, by its bytes.
    pub fn add(&mut self, transition: &[u8]) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.digest.to_le_bytes()).update(transition);
        let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
        self.digest = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        self.count += 1;
    }

    fn encode(self, out: &mut Vec<u8>) {
        put(self.count, out);
        out.extend_from_slice(&self.digest.to_le_bytes());
    }

    fn decode(from: &mut Cursor<'_>) -> Result<Self, NoRecord> {
        let count = from.varint()?;
        let digest = u64::from_le_bytes(*from.array()?);
        Ok(Self { count, digest })
    }
}

fn line_of(feed: FeedId, line: Option<&[u8]>, out: &mut Vec<u8>) {
    let kind = if line.is_some() { kind::LINE } else { kind::TOO_LONG };
    match u8::try_from(feed.0) {
        Ok(number) if number < FEED_FOLLOWS => out.push(kind | number << 3),
        _ => {
            out.push(kind | FEED_FOLLOWS << 3);
            put(feed.0.into(), out);
        }
    }
    if let Some(line) = line {
        put(line.len() as u64, out);
        out.extend_from_slice(line);
    }
}

fn bytes(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    put(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn feed(upper: u8, from: &mut Cursor<'_>) -> Result<FeedId, NoRecord> {
    if upper < FEED_FOLLOWS {
        return Ok(FeedId(upper.into()));
    }
    number(from).map(FeedId)
}

fn number(from: &mut Cursor<'_>) -> Result<u16, NoRecord> {
    u16::try_from(from.varint()?).map_err(|_| NoRecord)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(record: &Record<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        bytes
    }

    fn check(time: i64, entry: Entry<'_>, length: usize) {
        let record = Record {
            time: Timestamp(time),
            entry,
        };
        let bytes = encoded(&record);
        assert_eq!(bytes.len(), length, "{entry:?}");
        let mut cursor = Cursor(&bytes);
        assert_eq!(Record::decode(Timestamp(time), &mut cursor), Ok(record));
        assert!(cursor.0.is_empty());
        for cut in 0..bytes.len() {
            assert_eq!(
                Record::decode(Timestamp(time), &mut Cursor(&bytes[..cut])),
                Err(NoRecord)
            );
        }
    }

    #[test]
    fn every_kind_comes_back_and_no_part_of_one_does() {
        let line = |feed, line| Entry::Line {
            feed: FeedId(feed),
            line,
        };
        let judged = Judged {
            count: 300,
            digest: u64::MAX,
        };
        check(5, Entry::Start(b"{}"), 4);
        check(5, line(0, Some(b"\xff\x00!")), 5);
        check(5, line(30, Some(&[b'x'; 200])), 203);
        check(5, line(31, Some(b"")), 3);
        check(5, line(u16::MAX, None), 4);
        check(1000, Entry::Tick { judged: None }, 1);
        check(1000, Entry::Tick { judged: Some(judged) }, 11);
        check(-7, Entry::Order(b"x"), 3);
        let from = Timestamp(-70_000);
        check(-7, Entry::Gap { from, lost: 128 }, 6);
        check(7, Entry::Stop { judged }, 11);
        check(7, Entry::Cut { last: 1 }, 2);
        let (feed, stream) = (FeedId(2), StreamId(300));
        check(7, Entry::Turn { feed, stream }, 4);
    }

    proptest! {
        #[test]
        fn whatever_is_read_as_a_record_is_written_the_same(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut cursor = Cursor(&bytes);
            if let Ok(record) = Record::decode(Timestamp(0), &mut cursor) {
                let again = encoded(&record);
                prop_assert_eq!(Record::decode(Timestamp(0), &mut Cursor(&again)), Ok(record));
            }
        }
    }
}
