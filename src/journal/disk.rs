//! A journal on the disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::frame::{Hash, Page, Sealer};
use super::reader::{Reader, Verify};
use super::record::{Entry, Record};
use super::segment::{Folder, SegmentHead, Segments, make_folder};
use super::{Journal, JournalError, Tail};
use crate::time::Timestamp;

/// Ending of a file that is not yet whole.
pub(super) const UNFINISHED: &str = "tmp";

/// Writes a journal's newest segment. Of its two halves, [`Disk::put`] is what others wait for, and [`Disk::seal`] what
/// they need not wait for.
#[derive(Debug)]
pub struct Disk {
    folder: Folder,
    file: Arc<File>,
    /// What was appended and not written yet.
    page: Page,
    sealer: Sealer,
    /// Records written.
    records: u64,
    number: u64,
    /// Bytes in the open segment.
    bytes: u64,
    segment_bytes: u64,
    time: Timestamp,
    start: Vec<u8>,
    tail: Tail,
}

/// What was found at the end of a journal.
#[derive(Debug, Default)]
pub struct Found {
    /// Records that are kept.
    pub records: u64,
    /// The start they end under; empty for a new journal.
    pub start: Vec<u8>,
    /// Bytes of a torn end, cut off.
    pub torn: u64,
    /// Damage at the end: in the last segment, and in the heads of those behind it. All of it stays, and cannot be read.
    pub damaged: Vec<JournalError>,
    /// Nobody knows how many records stood behind the last that can be read.
    pub ends_in_doubt: bool,
    number: u64,
    chain: Hash,
    /// No record is later, nor the last segment's beginning.
    time: Timestamp,
}

impl Disk {
    /// Mends the journal's end and begins a new segment behind it, no earlier than what it holds. There were at least so
    /// many records: where fewer are found, the others are lost, and their numbers are not used again.
    pub fn open(path: &Path, segment_bytes: u64, now: Timestamp, least: u64) -> Result<(Self, Found), JournalError> {
        std::fs::create_dir_all(path).map_err(|error| JournalError::io(path, error))?;
        Self::open_behind(path, segment_bytes, now, (least, 0))
    }

    /// Opens it again after a fault, for those who hold its tail: what stands behind that goes on in numbers that were
    /// never used, even where all that was written has gone.
    pub fn reopen(path: &Path, segment_bytes: u64, now: Timestamp, tail: &Tail) -> Result<(Self, Found), JournalError> {
        make_folder(path).map_err(|error| JournalError::io(path, error))?;
        let (segment, _) = tail.limit();
        let (mut disk, found) = Self::open_behind(path, segment_bytes, now, (tail.records(), segment))?;
        tail.take_over(&disk.tail);
        disk.tail = tail.clone();
        Ok((disk, found))
    }

    /// Opens it behind so many records, and behind the segment of this number.
    fn open_behind(
        path: &Path,
        segment_bytes: u64,
        now: Timestamp,
        (least, segment): (u64, u64),
    ) -> Result<(Self, Found), JournalError> {
        let folder = Folder(path.to_owned());
        let found = mend(&folder)?;
        let now = now.max(found.time);
        let number = found.number.max(segment) + 1;
        let records = found.records.max(least);
        let sealer = Sealer::new(records, found.chain);
        let head = head(number, &sealer, now, &found.start);
        let (file, bytes) = begin(&folder, &head)?;
        last(&folder, &file).map_err(|error| JournalError::io(&folder.open_file(number), error))?;
        let tail = Tail::new(records, number, bytes, file.clone(), folder.clone());
        let disk = Self {
            folder,
            file,
            page: Page::default(),
            sealer,
            records,
            number,
            bytes,
            segment_bytes,
            time: now,
            start: found.start.clone(),
            tail,
        };
        Ok((disk, found))
    }

    /// What is written so far, for those who read on or make it last.
    pub fn tail(&self) -> Tail {
        self.tail.clone()
    }

    /// Time of the record that was sealed last, or when it was opened: a record to come is no earlier.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Where it stands.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What was appended and not written yet, for whoever has it written.
    pub fn take_page(&mut self) -> Page {
        std::mem::take(&mut self.page)
    }

    /// Writes a page: then it outlives the process. Returns how many records are written. The page is then to be sealed
    /// before the next is written; after an error nothing more can be written here.
    pub fn put(&mut self, page: &mut Page) -> Result<u64, JournalError> {
        let count = page.count();
        self.write_bytes(page.as_frame(), count)?;
        Ok(self.records)
    }

    /// Takes a page that was written into the seal that is due next, or with `whole` now; and begins a new segment when
    /// this one is full.
    pub fn seal(&mut self, page: &Page, whole: bool) -> Result<(), JournalError> {
        for (record, bytes) in page.records() {
            self.time = record.time;
            if let Entry::Start(start) = record.entry {
                self.start = start.to_vec();
            }
            self.sealer.add(&record, bytes);
        }
        let is_full = self.bytes >= self.segment_bytes;
        if let Some(seal) = self.sealer.seal_due(whole || is_full) {
            let mut bytes = Vec::new();
            seal.write(&mut bytes);
            self.write_bytes(&bytes, 0)?;
        }
        if is_full { self.roll() } else { Ok(()) }
    }

    fn write_bytes(&mut self, bytes: &[u8], records: u64) -> Result<(), JournalError> {
        let failed = |error| JournalError::io(&self.folder.open_file(self.number), error);
        if self.tail.has_failed() {
            return Err(failed(std::io::Error::other(
                "what was written did not reach the disk, or was removed from it",
            )));
        }
        if bytes.is_empty() {
            return Ok(());
        }
        (&*self.file).write_all(bytes).map_err(failed)?;
        let more = bytes.len() as u64;
        (self.bytes, self.records) = (self.bytes + more, self.records + records);
        self.tail.wrote(self.records, self.bytes, more);
        Ok(())
    }

    fn roll(&mut self) -> Result<(), JournalError> {
        let head = head(self.number + 1, &self.sealer, self.time, &self.start);
        let (file, bytes) = begin(&self.folder, &head)?;
        self.number = head.number;
        self.bytes = bytes;
        self.file = file.clone();
        self.tail.rolled(self.number, bytes, file);
        Ok(())
    }

    /// Writes and seals what was appended.
    fn write_page(&mut self, whole: bool) -> Result<u64, JournalError> {
        let mut page = self.take_page();
        let written = self.put(&mut page);
        let sealed = written.and_then(|records| {
            let sealed = self.seal(&page, whole);
            page.clear();
            sealed.map(|()| records)
        });
        self.page = page;
        sealed
    }
}

impl Journal for Disk {
    fn append(&mut self, record: &Record<'_>) {
        self.page.append(record);
    }

    fn waiting(&self) -> usize {
        self.page.bytes()
    }

    fn unwritten(&self) -> u64 {
        self.page.count()
    }

    fn write(&mut self) -> Result<u64, JournalError> {
        self.write_page(false)
    }

    fn finish(&mut self) -> Result<(), JournalError> {
        self.write_page(true)?;
        self.tail.sync().map(|_| ())
    }

    fn read(&self, after: u64, verify: Verify) -> Result<Reader, JournalError> {
        Reader::new(Box::new(self.folder.clone()), after, verify)
    }
}

fn head(number: u64, sealer: &Sealer, time: Timestamp, start: &[u8]) -> SegmentHead {
    SegmentHead {
        number,
        records: sealer.records(),
        time,
        chain: sealer.chain(),
        start: start.to_vec(),
    }
}

/// Makes a segment's file, with its head.
fn begin(folder: &Folder, head: &SegmentHead) -> Result<(Arc<File>, u64), JournalError> {
    let path = folder.open_file(head.number);
    let bytes = head.to_bytes();
    let made = || {
        let mut file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        file.write_all(&bytes)?;
        Ok(file)
    };
    let file = made().map_err(|error| {
        // Half a head would stand in the way of the next attempt.
        let _ = std::fs::remove_file(&path);
        JournalError::io(&path, error)
    })?;
    Ok((Arc::new(file), bytes.len() as u64))
}

/// Makes a new file last, and that it is there.
pub(super) fn last(folder: &Folder, file: &File) -> std::io::Result<()> {
    file.sync_all()?;
    File::open(&folder.0)?.sync_all()
}

/// Finds the journal's end; cuts off what was never wholly written, and seals what is not yet sealed.
fn mend(folder: &Folder) -> Result<Found, JournalError> {
    remove_unfinished(folder)?;
    let mut found = Found::default();
    for number in folder.list()?.into_iter().rev() {
        let mut reader = Reader::over(Box::new(folder.clone()), [number].into(), 0, Verify::Seals);
        let mut damage = last_start(&mut reader, &mut found.start)?;
        found.torn += reader.torn();
        let Some(head) = reader.head() else {
            if damage.is_empty() {
                // It was never wholly written: its number is used again.
                let path = folder.open_file(number);
                std::fs::remove_file(&path).map_err(|error| JournalError::io(&path, error))?;
            } else {
                found.number = found.number.max(number);
                found.damaged.splice(..0, damage);
            }
            continue;
        };
        found.ends_in_doubt = reader.ends_in_doubt() || !found.damaged.is_empty();
        found.number = found.number.max(number);
        (found.records, found.time) = (reader.records(), reader.time().max(head.time));
        damage.append(&mut found.damaged);
        found.damaged = damage;
        found.chain = if found.ends_in_doubt {
            reader.into_sealer().expect("it looked at the seals").chain()
        } else {
            close(&folder.file(number), reader)?
        };
        break;
    }
    for damage in &mut found.damaged {
        // What stands before a head tells its first record.
        if let JournalError::Damaged { at: 0, record, .. } = damage {
            *record = found.records + 1;
        }
    }
    Ok(found)
}

/// What a start would find damaged at a journal's end, which is left as it is.
pub fn damage_at_end(folder: &Folder) -> Result<Vec<JournalError>, JournalError> {
    let mut damaged = Vec::new();
    for number in folder.list()?.into_iter().rev() {
        let mut reader = Reader::over(Box::new(folder.clone()), [number].into(), 0, Verify::Seals);
        damaged.splice(..0, last_start(&mut reader, &mut Vec::new())?);
        if reader.head().is_some() {
            break;
        }
    }
    Ok(damaged)
}

/// Reads a segment to its end; the start it ends under, and what is damaged in it.
fn last_start(reader: &mut Reader, start: &mut Vec<u8>) -> Result<Vec<JournalError>, JournalError> {
    let mut damaged = Vec::new();
    loop {
        match reader.next_record() {
            Ok(Some((_, record))) => {
                if let Entry::Start(begun) = record.entry {
                    *start = begun.to_vec();
                }
            }
            Ok(None) => break,
            Err(error) if error.is_damage() => damaged.push(error),
            Err(error) => return Err(error),
        }
    }
    if let (true, Some(head)) = (start.is_empty(), reader.head()) {
        start.clone_from(&head.start);
    }
    Ok(damaged)
}

/// Cuts off the torn end of a segment that was read, and seals what is not yet sealed; the chain it ends with.
fn close(path: &Path, reader: Reader) -> Result<Hash, JournalError> {
    let (at, torn) = (reader.at(), reader.torn() > 0);
    let mut sealer = reader.into_sealer().expect("it looked at the seals");
    if torn || !sealer.is_whole() {
        let mut seal = Vec::new();
        if !sealer.is_whole() {
            sealer.seal().write(&mut seal);
        }
        end(path, at, &seal).map_err(|error| JournalError::io(path, error))?;
    }
    Ok(sealer.chain())
}

/// Cuts a segment and writes its last seal.
fn end(path: &Path, at: u64, seal: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.set_len(at)?;
    file.write_all(seal)?;
    file.sync_all()
}

fn remove_unfinished(folder: &Folder) -> Result<(), JournalError> {
    let failed = |error| JournalError::io(&folder.0, error);
    for entry in folder.0.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == UNFINISHED) {
            std::fs::remove_file(&path).map_err(|error| JournalError::io(&path, error))?;
        }
    }
    Ok(())
}
