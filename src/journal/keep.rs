//! Keeping a journal's folder: closed segments are compressed, old ones deleted.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::JournalError;
use super::disk::UNFINISHED;
use super::packed::pack;
use super::segment::{Folder, Segments};
use crate::time::Timestamp;

/// How much a journal holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Number of the first segment.
    pub first: u64,
    /// Number of the last segment.
    pub last: u64,
    /// Bytes on the disk.
    pub bytes: u64,
    /// When the first segment was begun, or the first whose head is whole.
    pub oldest: Option<Timestamp>,
}

/// Compresses the segments that are closed: all before `open`, and never the last there is: in a folder that came back
/// without those behind it, that has no end yet. Returns how many.
pub fn compress_closed(folder: &Folder, open: u64) -> Result<usize, JournalError> {
    let mut done = 0;
    let numbers = folder.list()?;
    let open = numbers.last().map_or(open, |last| open.min(*last));
    for number in numbers.into_iter().filter(|number| *number < open) {
        let from = folder.open_file(number);
        if !from.is_file() {
            continue;
        }
        let to = folder.closed_file(number);
        let unfinished = with_ending(&to, UNFINISHED);
        let pack = || -> io::Result<()> {
            let mut out = File::create(&unfinished)?;
            pack(File::open(&from)?, &mut out)?;
            out.sync_all()?;
            std::fs::rename(&unfinished, &to)?;
            File::open(&folder.0)?.sync_all()?;
            std::fs::remove_file(&from)
        };
        pack().map_err(|error| {
            // Half a file only takes room from those that are whole.
            let _ = std::fs::remove_file(&unfinished);
            JournalError::io(&to, error)
        })?;
        done += 1;
    }
    Ok(done)
}

/// Segments that hold only what is older than is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Their numbers, ascending; there is at least one.
    pub segments: Vec<u64>,
    /// When the first of them was begun.
    pub from: Timestamp,
    /// When the first that stays was begun.
    pub until: Timestamp,
    /// Records in those before the first that stays.
    pub records: u64,
}

impl Due {
    /// The number of the last of them.
    pub fn last(&self) -> u64 {
        self.segments.last().copied().unwrap_or_default()
    }
}

/// The segments that hold only what is older than `before`, never one that holds a record after `needed`, nor the last;
/// none if there is none.
pub fn due_before(folder: &Folder, before: Timestamp, needed: u64) -> Result<Option<Due>, JournalError> {
    let numbers = folder.list()?;
    let mut due: Option<Due> = None;
    // A segment holds nothing newer than the beginning of the next, or of the one after it where its head is damaged.
    for (older, next) in numbers.iter().enumerate().skip(1) {
        let Some(follows) = folder.head(*next)? else { continue };
        if follows.records > needed || follows.time > before {
            break;
        }
        let segments = numbers[..older].to_vec();
        let from = match due {
            Some(due) => due.from,
            None => folder.first_head(&segments)?.map_or(follows.time, |head| head.time),
        };
        due = Some(Due {
            segments,
            from,
            until: follows.time,
            records: follows.records,
        });
    }
    Ok(due)
}

/// Deletes segments, the oldest first. That they go is recorded before: then what is gone is never missed.
pub fn cut(folder: &Folder, due: &Due) -> Result<(), JournalError> {
    for number in &due.segments {
        for path in [folder.open_file(*number), folder.closed_file(*number)] {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(JournalError::io(&path, error)),
                _ => {}
            }
        }
    }
    Ok(())
}

/// How much a journal holds.
pub fn size(folder: &Folder) -> Result<Size, JournalError> {
    let numbers = folder.list()?;
    let mut size = Size {
        first: numbers.first().copied().unwrap_or_default(),
        last: numbers.last().copied().unwrap_or_default(),
        ..Size::default()
    };
    size.oldest = folder.first_head(&numbers)?.map(|head| head.time);
    for number in numbers {
        // One may just have been compressed: then it is counted the next time.
        size.bytes += folder.file(number).metadata().map_or(0, |file| file.len());
    }
    Ok(size)
}

/// The path with an ending more.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
