//! A journal in memory: for a service that keeps nothing, and beside the disk's to show that both do the same.

use std::collections::VecDeque;
use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::frame::{Hash, Page, Sealer};
use super::reader::{Reader, Verify};
use super::record::Record;
use super::segment::{SegmentHead, Segments};
use super::{Journal, JournalError};
use crate::time::Timestamp;

/// A journal of one segment that is never closed.
#[derive(Debug)]
pub struct Memory {
    page: Page,
    sealer: Sealer,
    bytes: Bytes,
}

#[derive(Clone, Debug)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Memory {
    /// An empty journal.
    pub fn new(now: Timestamp) -> Self {
        let head = SegmentHead {
            number: 1,
            records: 0,
            time: now,
            chain: Hash::default(),
            start: Vec::new(),
        };
        Self {
            page: Page::default(),
            sealer: Sealer::new(0, Hash::default()),
            bytes: Bytes(Arc::new(Mutex::new(head.to_bytes()))),
        }
    }

    fn put(&mut self, whole: bool) -> u64 {
        let mut bytes = self.bytes.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.extend_from_slice(self.page.as_frame());
        for (record, own) in self.page.records() {
            self.sealer.add(&record, own);
        }
        self.page.clear();
        if let Some(seal) = self.sealer.seal_due(whole) {
            seal.write(&mut bytes);
        }
        self.sealer.records()
    }
}

impl Journal for Memory {
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
        Ok(self.put(false))
    }

    fn finish(&mut self) -> Result<(), JournalError> {
        self.put(true);
        Ok(())
    }

    fn read(&self, after: u64, verify: Verify) -> Result<Reader, JournalError> {
        let segments = Box::new(self.bytes.clone());
        Ok(Reader::over(segments, VecDeque::from([1]), after, verify))
    }
}

impl Segments for Bytes {
    fn list(&self) -> Result<Vec<u64>, JournalError> {
        Ok(vec![1])
    }

    fn open(&self, _: u64) -> Result<(PathBuf, Box<dyn Read + Send>), JournalError> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok((PathBuf::from("memory"), Box::new(Cursor::new(bytes))))
    }
}
