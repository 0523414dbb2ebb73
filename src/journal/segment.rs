//! Segments: the files a journal is made of, how each begins, and where they are found.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::JournalError;
use super::frame::Hash;
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

    /// Reads a head from the front of a segment; `path` is for the error.
    pub fn read(from: &mut dyn Read, path: &Path) -> Result<(Self, usize), JournalError> {
        let damaged = |what| JournalError::Damaged {
            file: path.to_owned(),
            at: 0,
            record: 0,
            what,
        };
        let mut read = |count: usize| {
            let mut bytes = vec![0; count];
            match from.read_exact(&mut bytes) {
                Ok(()) => Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(damaged("it ends within its head")),
                Err(error) => Err(JournalError::io(path, error)),
            }
        };
        let mut bytes = read(FIXED)?;
        if bytes[..MAGIC.len()] != MAGIC {
            return Err(damaged("it does not begin as a segment does"));
        }
        if bytes[MAGIC.len()] != VERSION {
            return Err(JournalError::Version(path.to_owned(), bytes[MAGIC.len()]));
        }
        let word = |at: usize| {
            let word = bytes[at..].first_chunk().expect("the fixed part holds it");
            u64::from_le_bytes(*word)
        };
        let (number, records, time) = (word(8), word(16), Timestamp(word(24) as i64));
        let chain = *bytes[32..].first_chunk().expect("the fixed part holds it");
        let length = u32::from_le_bytes(*bytes[64..].first_chunk().expect("the fixed part holds it")) as usize;
        if length > MAX_START {
            return Err(damaged("its head is damaged"));
        }
        let start = read(length)?;
        bytes.extend_from_slice(&start);
        if read(32)? != blake3::hash(&bytes).as_bytes() {
            return Err(damaged("its head is damaged"));
        }
        let head = Self {
            number,
            records,
            time,
            chain,
            start,
        };
        Ok((head, FIXED + length + 32))
    }
}

/// Where segments are read from.
pub trait Segments: Send {
    /// Their numbers, ascending.
    fn list(&self) -> Result<Vec<u64>, JournalError>;
    /// A segment's bytes, unpacked, and what it is called.
    fn open(&self, number: u64) -> Result<(PathBuf, Box<dyn Read + Send>), JournalError>;
}

/// Whether a path still leads to a file that was opened by it: what is written to a file that was removed, or whose folder
/// was, is lost with it and told by no error.
pub fn leads_to(path: &Path, file: &File) -> bool {
    let of_path = path.metadata().map(|there| (there.dev(), there.ino()));
    let of_file = file.metadata().map(|open| (open.dev(), open.ino()));
    matches!((of_path, of_file), (Ok(there), Ok(open)) if there == open)
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
                Ok(file) if path.extension().is_some_and(|ending| ending == "zst") => {
                    let unpacked = zstd::Decoder::new(file).map_err(|error| JournalError::io(&path, error))?;
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
