//! What feeds tell the engine.

use crate::nmea::Framed;
use crate::report::{FeedId, StreamId};
use crate::time::Timestamp;

/// Something a feed tells.
#[derive(Debug)]
pub struct Arrival {
    pub feed: FeedId,
    pub what: What,
}

/// What it tells.
#[derive(Debug)]
pub enum What {
    /// Lines that became whole together.
    Lines {
        stream: StreamId,
        received: Timestamp,
        lines: Lines,
    },
    /// The device, the connection or the file is open.
    Connected,
    /// It is not, and will be tried again.
    Disconnected { error: String },
    /// It works, but not wholly.
    Trouble { error: String },
    /// So many lines were dropped because the engine was behind, and so many datagrams were lost before anybody could
    /// look into them, because the system had no more room.
    Dropped { lines: u64, datagrams: u64 },
    /// A file or a pipe has been read to its end.
    Ended,
}

/// Lines in one buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    bytes: Vec<u8>,
    /// End of each line; `None` marks one that was too long.
    ends: Vec<Option<u32>>,
}

impl Lines {
    /// Adds a line; an empty one is none.
    pub fn push(&mut self, framed: Framed<'_>) {
        match framed {
            Framed::Line([]) => {}
            Framed::TooLong => self.ends.push(None),
            Framed::Line(line) => {
                self.bytes.extend_from_slice(line);
                let end = u32::try_from(self.bytes.len()).expect("a block of lines is far below 4 GiB");
                self.ends.push(Some(end));
            }
        }
    }

    /// Adds lines behind these.
    pub fn append(&mut self, others: &Self) {
        let start = u32::try_from(self.bytes.len()).expect("a block of lines is far below 4 GiB");
        self.bytes.extend_from_slice(&others.bytes);
        self.ends
            .extend(others.ends.iter().map(|end| end.map(|end| start + end)));
    }

    /// The lines in order; `None` for one that was too long.
    pub fn iter(&self) -> impl Iterator<Item = Option<&[u8]>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let end = (*end)? as usize;
            let line = &self.bytes[start..end];
            start = end;
            Some(line)
        })
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
