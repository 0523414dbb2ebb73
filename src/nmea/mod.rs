//! NMEA 0183 / IEC 61162-1 lines: framing, tag blocks, checksums, fragments joined, and what `$` sentences say.

mod assembly;
mod framer;
pub mod instruments;
mod outgoing;
mod sentence;
mod stamp;
mod suffix;
mod summed;
mod tag;
mod timed;

pub use assembly::{Assembly, GroupCounts, Message, Origin};
pub use framer::{Framed, Framer, MAX_LINE};
pub use outgoing::{Outgoing, Part, write_tag};
pub use sentence::{Encapsulated, Fault, Sentence, Words};
pub use stamp::Stamper;
pub use tag::{MAX_SOURCE, Tag, TagOutcome};
pub use timed::write_timed;

/// What became of a line; every line has exactly one (CONTRACT.md, "Lines").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It completed a message.
    Ok,
    /// A fragment, stored until the rest comes.
    Part,
    Duplicate,
    BadChecksum,
    NoChecksum,
    Malformed,
    TooLong,
    Unsupported,
    /// A fragment that fits no group.
    Orphan,
    /// Refused by the feed's `talkers` or `sources`.
    Filtered,
}

impl Outcome {
    /// All outcomes with their names, in the order of CONTRACT.md.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Ok, "ok"),
        (Self::Part, "part"),
        (Self::Duplicate, "duplicate"),
        (Self::BadChecksum, "bad_checksum"),
        (Self::NoChecksum, "no_checksum"),
        (Self::Malformed, "malformed"),
        (Self::TooLong, "too_long"),
        (Self::Unsupported, "unsupported"),
        (Self::Orphan, "orphan"),
        (Self::Filtered, "filtered"),
    ];
}
