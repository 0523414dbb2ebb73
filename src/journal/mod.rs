//! The journal: everything the core was told, in the one order in which it was told, so that its state is a function of
//! it.
//!
//! Records are gathered into frames; a frame is written before anything of it is published. Frames stand in segments,
//! files that are numbered from 1 without gaps. A new one is begun at each start of the service, when one has grown to
//! `segment_mb`, and after a fault: if the folder has gone, that goes on in the numbers of what was lost with it. Those
//! that are closed are compressed by zstd, each MiB by itself. Every record is a leaf of a hash tree, the root of each tree is
//! sealed, and the seals are a chain through all segments: so any part can be proven later against any later seal.
//!
//! # Format, version 1
//! Numbers are little-endian; times are milliseconds since 1970-01-01T00:00:00Z, signed; a *varint* has seven bits a
//! byte, lowest first, the top bit set on all but the last; *signed* varints write 0, −1, 1, −2 … as 0, 1, 2, 3 ….
//! Hashes are BLAKE3 of 32 bytes, keyed by a text of 32 bytes that names their use (`frame.rs`).
//!
//! **Segment**: `NUMBER.hwj`, eight digits or more, or compressed `NUMBER.hwj.zst`.
//!
//! | bytes | |
//! |---|---|
//! | 7 | `89 48 57 4a 0d 0a 1a` |
//! | 1 | version, 1 |
//! | 8 | its number |
//! | 8 | records in all segments before it |
//! | 8 | time at which it was begun |
//! | 32 | chain of the seal before it; zeros in the first |
//! | 4 + n | length and bytes of the start that was in force |
//! | 32 | BLAKE3, without a key, of all of the above |
//!
//! Then frames, to the end of the file. The head is laid out so in every version: one whose hash is right and whose version
//! is another is refused, all else is damage.
//!
//! **Frame**:
//!
//! | bytes | |
//! |---|---|
//! | 4 | length of the body |
//! | 4 | first bytes of the body's hash (*check*), the first of them XOR the kind |
//! | 1 | kind: 1 records, 2 seal |
//! | n | body |
//!
//! *Records*: 8 bytes of time, then records, each a signed varint of how much later it is than the one before (the first:
//! than those 8 bytes) and what follows here. The low three bits of the first byte are the kind, the upper five are 0
//! where nothing else is said.
//!
//! | kind | | |
//! |---|---|---|
//! | 0 | start | varint n, n bytes: how the service was started, as its writer encodes it |
//! | 1 | line | upper bits: feed, 31: varint feed; varint n, n bytes of the line, whatever they are |
//! | 2 | line that was too long | upper bits as above |
//! | 3 | tick | upper bits 1: varint count and 8 bytes digest of all transitions told before it |
//! | 4 | order | varint n, n bytes: the decision, as its writer encodes it |
//! | 5 | gap | signed varint of its length in ms, varint of the records lost; it ends at the record's time; none lost: the clock was set forward by its length |
//! | 6 | stop | varint count and 8 bytes digest as of a tick |
//! | 7 | cut | varint number of the last segment that was deleted |
//! | 7 | turn | upper bits 1: varint feed, varint number of the stream that its next lines are of; 0 until the first |
//!
//! *Seal*: 8 bytes number of its first record (records count from 1), 4 bytes count, 32 bytes root, 32 bytes chain. A
//! leaf (*record*) hashes a record's time in 8 bytes and its bytes without the varint of its time; a *node* hashes up to
//! 16 children, in order, level by level until one is left; a lone leaf is the root. The *chain* hashes the chain of the
//! seal before, then this seal's first, count and root. A segment ends with a seal unless the service ended without
//! warning: then the next start cuts off what is not whole, and seals the rest; a last segment without a whole head is
//! deleted, and its number is used again. What is damaged stays as it is, and is told of whenever it is read; it is read on
//! at the next frame from which all are whole up to a seal, whose numbers tell which records are lost (`behind.rs`).

mod behind;
mod disk;
mod frame;
mod keep;
mod memory;
mod opened;
mod packed;
mod reader;
mod record;
mod segment;
mod snapshot;
mod tail;
mod varint;

pub use disk::{Disk, Found, damage_at_end};
pub use frame::{Hash, Page};
pub use keep::{Due, Size, compress_closed, cut, due_before, size};
pub use memory::Memory;
pub use reader::{Reader, Verify};
pub use record::{Entry, Judged, Record};
pub use segment::{Folder, SegmentHead, Segments, leads_to};
pub use snapshot::{cut_snapshots, read_snapshot, save_snapshot, save_snapshot_after_gap, snapshots};
pub use tail::Tail;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;

/// What the core was told, kept.
pub trait Journal: Send {
    /// Adds a record to what is written next.
    fn append(&mut self, record: &Record<'_>);
    /// Bytes that wait to be written.
    fn waiting(&self) -> usize;
    /// Records that were added and are not known to be written.
    fn unwritten(&self) -> u64;
    /// Writes what waits: then it outlives the process. Returns how many records there are. After an error nothing more
    /// can be written here.
    fn write(&mut self) -> Result<u64, JournalError>;
    /// Writes what waits, seals it, and has it last.
    fn finish(&mut self) -> Result<(), JournalError>;
    /// Reads what was written after the record of this number; 0 reads all.
    fn read(&self, after: u64, verify: Verify) -> Result<Reader, JournalError>;
}

/// Which records damage has cost, in words.
fn lost(from: u64, until: Option<u64>) -> String {
    match until {
        None => String::new(),
        Some(until) if until < from => "; no record is lost".to_owned(),
        Some(until) => format!("; records {from} to {until} are lost"),
    }
}

/// What went wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{file}: {why}", file = file.display())]
    Io { file: PathBuf, why: std::io::Error },
    #[error("segment {0} or one before it cannot be brought to the disk: {1}")]
    Unsynced(u64, std::io::Error),
    #[error("the disk has not answered for {} s", .0.as_secs())]
    Unanswered(Duration),
    #[error("{file} is damaged at byte {at}, record {record}: {what}{}", lost(*record, *until), file = file.display())]
    Damaged {
        file: PathBuf,
        /// Where in the unpacked file the frame begins.
        at: u64,
        /// Number of the first record that cannot be relied on; 0 where that is not known.
        record: u64,
        /// Number of the last one, where the file is read on behind it.
        until: Option<u64>,
        what: &'static str,
    },
    #[error("{file} is not there", file = .0.display())]
    Missing(PathBuf),
    #[error("segments {0} to {1} are not there")]
    Lacking(u64, u64),
    #[error("records {0} to {1} are not there")]
    LackingRecords(u64, u64),
    #[error("the snapshot after the gap at record {0} is not there: what was decided in the gap stands nowhere else")]
    LackingAfterGap(u64),
    #[error("{file} is of format version {1}, which this build does not read", file = .0.display())]
    Version(PathBuf, u8),
}

impl JournalError {
    pub(crate) fn io(file: &Path, why: std::io::Error) -> Self {
        let file = file.to_owned();
        Self::Io { file, why }
    }

    /// Bytes that cannot be read. What the system says has a number; what has none was said of the bytes, by whoever
    /// unpacks them.
    pub(crate) fn unread(file: &Path, at: u64, record: u64, why: std::io::Error) -> Self {
        let what = match why.kind() {
            ErrorKind::IsADirectory => "it is a folder",
            _ if why.raw_os_error() == Some(Errno::EIO as i32) => "the disk cannot read it",
            _ if why.raw_os_error().is_some() => return Self::io(file, why),
            _ => "it cannot be unpacked",
        };
        Self::Damaged {
            file: file.to_owned(),
            at,
            record,
            until: None,
            what,
        }
    }

    /// Whether what stands behind may still be read.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Lacking(..) | Self::LackingRecords(..)
        )
    }
}
