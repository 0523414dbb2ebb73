//! Snapshots: a core's state after a record, so that a restart reads only what came after.
//!
//! A file `RECORD.hws`, the record's number in twenty digits, holds (numbers little-endian): 8 bytes
//! `89 48 57 53 0d 0a 1a 01`, the last of them the version; 8 bytes record; 32 bytes BLAKE3, without a key, of the record
//! and the state; then the state, compressed by zstd. Beside the one that follows a gap lies an empty file `RECORD.gap`: it
//! is kept as long as the journal reaches back to it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::disk::UNFINISHED;
use super::segment::make_folder;
use super::{Hash, JournalError};

const MAGIC: [u8; 8] = *b"\x89HWS\r\n\x1a\x01";
const ENDING: &str = "hws";
/// Newest snapshots that are kept: the newest, and the one before should the newest be damaged.
const KEPT: usize = 2;
/// Of older ones, one is kept in so many records, from which the past can be played: that takes some seconds.
const APART: u64 = 4_000_000;
/// Older ones kept at most; at the bound the oldest goes, and what lies before the next is played from the beginning.
const KEPT_OLDER: usize = 100;
/// Ending of what marks a snapshot as the one after a gap.
const GAP: &str = "gap";
/// Those after gaps kept at most; at the bound the oldest goes, and the time after its gap is played without it.
const KEPT_AFTER_GAPS: usize = 100;
/// Fast: a state is mostly numbers, and is read once if ever.
const LEVEL: i32 = 1;
/// Bytes before the state.
const HEAD: u64 = 48;
/// Most bytes of a state; a longer one is damage.
const MAX_STATE: u64 = 1 << 34;

/// The records after which there are snapshots, newest first.
pub fn snapshots(folder: &Path) -> Result<Vec<u64>, JournalError> {
    let failed = |error| JournalError::io(folder, error);
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut records = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let Some(number) = number.filter(|_| path.extension().is_some_and(|ending| ending == ENDING)) {
            records.push(number);
        }
    }
    records.sort_unstable_by(|a: &u64, b| b.cmp(a));
    Ok(records)
}

/// Keeps a state; it stands under its name only once all of it is on the disk. Most older ones go.
pub fn save_snapshot(folder: &Path, record: u64, state: &[u8]) -> Result<(), JournalError> {
    let path = file(folder, record);
    let unfinished = path.with_extension(UNFINISHED);
    let save = || -> io::Result<()> {
        make_folder(folder)?;
        let mut out = File::create(&unfinished)?;
        out.write_all(&MAGIC)?;
        out.write_all(&record.to_le_bytes())?;
        out.write_all(&hash(record, state))?;
        zstd::stream::copy_encode(state, &mut out, LEVEL)?;
        out.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        File::open(folder)?.sync_all()
    };
    save().map_err(|error| {
        // Half a file only takes room from those that are whole.
        let _ = std::fs::remove_file(&unfinished);
        JournalError::io(&path, error)
    })?;
    let mut up_to = snapshots(folder)?;
    up_to.retain(|other| *other <= record);
    remove(folder, &superfluous(&up_to, |record| mark(folder, record).exists()))
}

/// Keeps a state as it was after a gap, which stands nowhere else, as long as the journal reaches back to it.
pub fn save_snapshot_after_gap(folder: &Path, record: u64, state: &[u8]) -> Result<(), JournalError> {
    let mark = mark(folder, record);
    let made = make_folder(folder).and_then(|()| File::create(&mark));
    made.map_err(|error| JournalError::io(&mark, error))?;
    save_snapshot(folder, record, state)
}

/// Deletes the snapshots before a record that the journal no longer reaches back to; the newest two stay. How many they
/// were.
pub fn cut_snapshots(folder: &Path, record: u64) -> Result<usize, JournalError> {
    let mut old = snapshots(folder)?;
    old.drain(..old.len().min(KEPT));
    old.retain(|other| *other < record);
    remove(folder, &old)?;
    Ok(old.len())
}

fn remove(folder: &Path, snapshots: &[u64]) -> Result<(), JournalError> {
    for record in snapshots {
        for path in [file(folder, *record), mark(folder, *record)] {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(JournalError::io(&path, error)),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Those of these snapshots, newest first, that need not be kept.
fn superfluous(snapshots: &[u64], is_after_gap: impl Fn(u64) -> bool) -> Vec<u64> {
    let older = snapshots.get(KEPT..).unwrap_or_default();
    let (mut kept, mut kept_after_gaps, mut gone) = (0, 0, Vec::new());
    // Each stretch keeps its first, which stays the first however many come after it.
    for (at, record) in older.iter().enumerate() {
        let is_first = older.get(at + 1).is_none_or(|before| before / APART < record / APART);
        if kept_after_gaps < KEPT_AFTER_GAPS && is_after_gap(*record) {
            kept_after_gaps += 1;
        } else if is_first && kept < KEPT_OLDER {
            kept += 1;
        } else {
            gone.push(*record);
        }
    }
    gone
}

/// Reads the state after a record.
pub fn read_snapshot(folder: &Path, record: u64) -> Result<Vec<u8>, JournalError> {
    let path = file(folder, record);
    let unread = |error| JournalError::unread(&path, 0, record, error);
    let damaged = |what| JournalError::Damaged {
        file: path.clone(),
        at: 0,
        record,
        until: None,
        what,
    };
    let mut input = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(JournalError::Missing(path)),
        opened => opened.map_err(unread)?,
    };
    let mut head = Vec::new();
    (&mut input).take(HEAD).read_to_end(&mut head).map_err(unread)?;
    let Some(kept) = head
        .strip_prefix(&MAGIC)
        .and_then(|rest| rest.strip_prefix(&record.to_le_bytes()))
    else {
        return Err(damaged("it does not begin as a snapshot of this record does"));
    };
    let mut state = Vec::new();
    zstd::Decoder::new(input)
        .and_then(|unpacked| unpacked.take(MAX_STATE).read_to_end(&mut state))
        .map_err(unread)?;
    if kept != hash(record, &state) {
        return Err(damaged("its state is not the one that was kept"));
    }
    Ok(state)
}

fn file(folder: &Path, record: u64) -> PathBuf {
    folder.join(format!("{record:020}.{ENDING}"))
}

fn mark(folder: &Path, record: u64) -> PathBuf {
    file(folder, record).with_extension(GAP)
}

fn hash(record: u64, state: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&record.to_le_bytes()).update(state);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(snapshots: &[u64], gone: &[u64]) {
        assert_eq!(superfluous(snapshots, |_| false), gone, "of {snapshots:?}");
    }

    #[test]
    fn the_newest_two_and_the_first_of_each_stretch_are_kept() {
        check(&[], &[]);
        check(&[9, 5], &[]);
        check(&[9, 5, 1], &[]);
        check(&[9, 5, 3, 1], &[3]);
        check(
            &[2 * APART + 9, 2 * APART + 8, 2 * APART + 7, APART + 1, APART, 5, 1],
            &[APART + 1, 5],
        );
        let many: Vec<u64> = (0..120).rev().map(|n| n * APART).collect();
        check(&many, &many[KEPT + KEPT_OLDER..]);
    }

    #[test]
    fn those_after_gaps_are_kept_and_bounded() {
        assert_eq!(superfluous(&[9, 8, 7, 6, 5], |record| record == 7), [6]);
        let many: Vec<u64> = (0..120).rev().collect();
        let gone = superfluous(&many, |_| true);
        assert_eq!(gone, many[KEPT + KEPT_AFTER_GAPS..119], "and the first of its stretch");
    }
}
