//! Segments: the files a journal is made of, how each begins, and where they are found.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::JournalError;
use super::frame::Hash;
use super::packed::Unpacked;
use crate::time::Timestamp;

/// How a segment begins: no text, and harmed by whoever changes line ends.
const MAGIC: [u8; 7] = *b"\x89HWJ\r\n\x1a";
/// Version of the format; another's segments are refused.
const VERSION: u8 = 1;
/// Bytes of a head before what is told of the start.
const FIXED: usize = 68;
/// Most bytes of a start's description.
const MAX_START: usize = 1 << 25;
/// Ending of an open segment.
const OPEN: &str = "hwj";
/// Ending of a closed one once it is compressed.
const CLOSED: &str = "hwj.zst";

/// What stands before a segment's first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentHead {
    /// Counts from 1.
    pub number: u64,
    /// Records in all segments before it.
    pub records: u64,
    /// When it was begun.
    pub time: Timestamp,
    /// The chain before its first seal.
    pub chain: Hash,
    /// The start that was in force when it was begun, so that it can be read without those before it.
    pub start: Vec<u8>,
}

impl SegmentHead {
    /// The head as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FIXED + self.start.len() + 32);
        bytes.extend_from_slice(&MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.records.to_le_bytes());
        bytes.extend_from_slice(&self.time.0.to_le_bytes());
        bytes.extend_from_slice(&self.chain);
        let length = u32::try_from(self.start.len()).expect("a start is bounded where it is made");
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&self.start);
        let hash = blake3::hash(&bytes);
        bytes.extend_from_slice(hash.as_bytes());
        bytes
    }

    /// Reads a head from the front of a segment; it, and how long it is.
    pub(super) fn read(from: &mut dyn Read) -> Result<(Self, usize), NoHead> {
        let mut bytes = Vec::with_capacity(FIXED);
        take(from, FIXED, &mut bytes)?;
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(NoHead::Unwritten(bytes));
        }
        if bytes[..MAGIC.len()] != MAGIC {
            return Err(NoHead::Damaged("it does not begin as a segment does"));
        }
        let word = |at: usize| {
            let word = bytes[at..].first_chunk().expect("the fixed part holds it");
            u64::from_le_bytes(*word)
        };
        let (number, records, time) = (word(8), word(16), Timestamp(word(24) as i64));
        let chain = *bytes[32..].first_chunk().expect("the fixed part holds it");
        let length = u32::from_le_bytes(*bytes[64..].first_chunk().expect("the fixed part holds it")) as usize;
        if length > MAX_START {
            return Err(NoHead::DAMAGED);
        }
        take(from, length + 32, &mut bytes)?;
        let (own, hash) = bytes.split_at(FIXED + length);
        if blake3::hash(own) != *hash {
            return Err(NoHead::DAMAGED);
        }
        let version = own[MAGIC.len()];
        if version != VERSION {
            return Err(NoHead::Version(version));
        }
        let head = Self {
            number,
            records,
            time,
            chain,
            start: own[FIXED..].to_vec(),
        };
        Ok((head, bytes.len()))
    }
}

/// Why a segment has no head that can be relied on.
#[derive(Debug)]
pub(super) enum NoHead {
    /// It ends within its head, or is empty there: these bytes.
    Unwritten(Vec<u8>),
    Damaged(&'static str),
    Version(u8),
    Unread(io::Error),
}

impl NoHead {
    const DAMAGED: Self = Self::Damaged("its head is damaged");

    /// Of this file, whose first record has that number if it is known, else 0.
    pub fn at(self, path: &Path, record: u64) -> JournalError {
        let what = match self {
            Self::Unwritten(_) => "its head was never wholly written",
            Self::Damaged(what) => what,
            Self::Version(version) => return JournalError::Version(path.to_owned(), version),
            Self::Unread(error) => return JournalError::unread(path, 0, record, error),
        };
        JournalError::Damaged {
            file: path.to_owned(),
            at: 0,
            record,
            until: None,
            what,
        }
    }
}

/// Reads so many bytes more.
fn take(from: &mut dyn Read, count: usize, bytes: &mut Vec<u8>) -> Result<(), NoHead> {
    let got = from.take(count as u64).read_to_end(bytes).map_err(NoHead::Unread)?;
    if got < count {
        return Err(NoHead::Unwritten(std::mem::take(bytes)));
    }
    Ok(())
}

/// Where segments are read from.
pub trait Segments: Send {
    /// Their numbers, ascending.
    fn list(&self) -> Result<Vec<u64>, JournalError>;
    /// A segment's bytes, unpacked, and what it is called.
    fn open(&self, number: u64) -> Result<(PathBuf, Box<dyn Read + Send>), JournalError>;

    /// How a segment begins; none where that is damaged: whoever reads it is told how.
    fn head(&self, number: u64) -> Result<Option<SegmentHead>, JournalError> {
        let (path, mut input) = self.open(number)?;
        match SegmentHead::read(&mut *input).map_err(|fault| fault.at(&path, 0)) {
            Ok((head, _)) => Ok(Some(head)),
            Err(error) if error.is_damage() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether a path still leads to a file that was opened by it: what is written to a file that was removed, or whose folder
/// was, is lost with it and told by no error.
pub fn leads_to(path: &Path, file: &File) -> bool {
    let of_path = path.metadata().map(|there| (there.dev(), there.ino()));
    let of_file = file.metadata().map(|open| (open.dev(), open.ino()));
    matches!((of_path, of_file), (Ok(there), Ok(open)) if there == open)
}

/// Makes a folder unless there is one; what it is to stand in must be there. A data folder that is gone is never made here:
/// it would stand in the way of the one that comes back.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    match std::fs::create_dir(path) {
        Err(_) if path.is_dir() => Ok(()),
        made => made,
    }
}

/// The segments in a folder.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// The file of an open segment.
    pub fn open_file(&self, number: u64) -> PathBuf {
        self.0.join(format!("{number:08}.{OPEN}"))
    }

    /// The file of a closed and compressed one.
    pub fn closed_file(&self, number: u64) -> PathBuf {
        self.0.join(format!("{number:08}.{CLOSED}"))
    }

    /// The file a segment is in now.
    pub fn file(&self, number: u64) -> PathBuf {
        let open = self.open_file(number);
        if open.exists() { open } else { self.closed_file(number) }
    }

    /// How the first of these segments begins whose head is whole.
    pub fn first_head(&self, numbers: &[u64]) -> Result<Option<SegmentHead>, JournalError> {
        let mut heads = numbers.iter().map(|number| self.head(*number));
        heads.find_map(Result::transpose).transpose()
    }
}

/// Whether this is the file of a compressed segment: all of it was on the disk before it had its name.
pub(super) fn is_closed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "zst")
}

impl Segments for Folder {
    fn list(&self) -> Result<Vec<u64>, JournalError> {
        let unreadable = |error| JournalError::io(&self.0, error);
        let mut numbers = Vec::new();
        for entry in self.0.read_dir().map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            let name = name.to_string_lossy();
            let Some((number, ending)) = name.split_once('.') else {
                continue;
            };
            if let (Ok(number), OPEN | CLOSED) = (number.parse(), ending) {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn open(&self, number: u64) -> Result<(PathBuf, Box<dyn Read + Send>), JournalError> {
        // The open file goes once the compressed one is whole, so the second look finds what the first missed.
        for path in [self.open_file(number), self.closed_file(number)] {
            match File::open(&path) {
                Ok(file) if is_closed(&path) => {
                    let unpacked = Unpacked::new(file).map_err(|error| JournalError::io(&path, error))?;
                    return Ok((path, Box::new(unpacked)));
                }
                Ok(file) => return Ok((path, Box::new(file))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(JournalError::io(&path, error)),
            }
        }
        Err(JournalError::Missing(self.open_file(number)))
    }
}
