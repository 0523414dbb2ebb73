//! How far a journal is written: shared by who writes it, who makes it last, and who reads on behind.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::JournalError;
use super::disk::last;
use super::segment::{Folder, leads_to};
use crate::clock;

/// A handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct Tail(Arc<Mutex<Written>>);

#[derive(Debug)]
struct Written {
    records: u64,
    /// The open segment, and how much of it is written.
    segment: u64,
    bytes: u64,
    /// None before there is one.
    file: Option<Arc<File>>,
    /// Where it stands.
    folder: Option<Folder>,
    /// Closed segments that may not yet be on the disk.
    closed: Vec<Arc<File>>,
    /// Bytes written in all since the service began.
    total: u64,
    /// The open segment was begun, and that it is there may not yet be on the disk.
    begun: bool,
    /// When those who make it last began, while they are at it.
    syncing: Option<Instant>,
    /// How long that took the last time.
    took: Duration,
    /// Something written may never reach the disk.
    failed: bool,
}

impl Tail {
    pub(super) fn new(records: u64, segment: u64, bytes: u64, file: Arc<File>, folder: Folder) -> Self {
        Self(Arc::new(Mutex::new(Written {
            segment,
            bytes,
            file: Some(file),
            folder: Some(folder),
            ..Written::none(records)
        })))
    }

    /// That of a journal of so many records which cannot be written yet.
    pub fn none(records: u64) -> Self {
        Self(Arc::new(Mutex::new(Written::none(records))))
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wrote(&self, records: u64, bytes: u64, more: u64) {
        let mut written = self.lock();
        written.records = records;
        written.bytes = bytes;
        written.total += more;
    }

    pub(super) fn rolled(&self, segment: u64, bytes: u64, file: Arc<File>) {
        let mut written = self.lock();
        written.begun = true;
        let before = written.file.replace(file);
        written.closed.extend(before);
        (written.segment, written.bytes) = (segment, bytes);
    }

    /// Goes on with what another is written by, after a fault.
    pub(super) fn take_over(&self, other: &Self) {
        let other = other.lock();
        let mut written = self.lock();
        written.records = other.records;
        (written.segment, written.bytes) = (other.segment, other.bytes);
        (written.file, written.folder) = (other.file.clone(), other.folder.clone());
        written.closed.clear();
        written.begun = false;
        written.took = Duration::ZERO;
        written.failed = false;
    }

    /// Whether something written may never reach the disk.
    pub fn has_failed(&self) -> bool {
        self.lock().failed
    }

    /// What was written cannot be relied on: nothing more is written until the journal is opened again.
    pub fn fail(&self) {
        self.lock().failed = true;
    }

    /// The open segment, and how many of its bytes are written.
    pub fn limit(&self) -> (u64, u64) {
        let written = self.lock();
        (written.segment, written.bytes)
    }

    /// Bytes written since the service began.
    pub fn total(&self) -> u64 {
        self.lock().total
    }

    /// Records written, on the disk or on their way to it.
    pub fn records(&self) -> u64 {
        self.lock().records
    }

    /// How long it took the last time to make what was written last, or takes now if that is longer.
    pub fn slowness(&self) -> Duration {
        let took = self.lock().took;
        took.max(self.unanswered())
    }

    /// For how long the disk has been asked to make what is written last, and has not answered.
    pub fn unanswered(&self) -> Duration {
        self.lock().syncing.map_or(Duration::ZERO, |began| began.elapsed())
    }

    /// Makes all that is written by now last, where people look for it; how many records that is.
    pub fn sync(&self) -> Result<u64, JournalError> {
        let began = clock::stopwatch();
        let (records, bytes, file, folder, closed, begun, segment) = {
            let mut written = self.lock();
            written.syncing = Some(began);
            let (closed, begun) = (std::mem::take(&mut written.closed), std::mem::take(&mut written.begun));
            let (file, folder) = (written.file.clone(), written.folder.clone());
            let (records, bytes) = (written.records, written.bytes);
            (records, bytes, file, folder, closed, begun, written.segment)
        };
        let mut synced = closed.iter().chain(&file).try_for_each(|file| file.sync_data());
        let (mut gone, mut cut) = (None, None);
        if let (Some(folder), Some(file)) = (&folder, &file) {
            if begun && synced.is_ok() {
                synced = last(folder, file);
            }
            let path = folder.open_file(segment);
            cut = cut_short(&path, file, bytes);
            gone = (!leads_to(&path, file)).then_some(JournalError::Missing(path));
        }
        let mut written = self.lock();
        (written.syncing, written.took) = (None, began.elapsed());
        // One that was closed meanwhile may have been compressed.
        let gone = gone.filter(|_| written.segment == segment);
        let unsynced = synced.err().map(|error| JournalError::Unsynced(segment, error));
        let fault = unsynced.or(gone).or(cut);
        written.failed |= fault.is_some();
        fault.map_or(Ok(records), Err)
    }
}

/// What is wrong with a file that holds less than was written to it: somebody cut it, and what is written on, at its end,
/// follows a hole.
fn cut_short(path: &Path, file: &File, bytes: u64) -> Option<JournalError> {
    let at = file.metadata().ok()?.len();
    (at < bytes).then(|| JournalError::Damaged {
        file: path.to_owned(),
        at,
        record: 0,
        until: None,
        what: "it was cut short while it was written",
    })
}

impl Written {
    fn none(records: u64) -> Self {
        Self {
            records,
            segment: 0,
            bytes: 0,
            file: None,
            folder: None,
            closed: Vec::new(),
            total: 0,
            begun: false,
            syncing: None,
            took: Duration::ZERO,
            failed: false,
        }
    }
}
