//! A journal in memory: for a service that keeps nothing, and beside the disk's to show that both do the same.

use std::collections::VecDeque;
use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::frame::{Frames, Hash};
use super::reader::{Reader, Verify};
use super::record::Record;
use super::segment::{SegmentHead, Segments};
use super::{Journal, JournalError};
use crate::time::Timestamp;

/// A journal of one segment that is never closed.
#[derive(Debug)]
pub struct Memory {
    frames: Frames,
    out: Vec<u8>,
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
            frames: Frames::new(0, Hash::default()),
            out: Vec::new(),
            bytes: Bytes(Arc::new(Mutex::new(head.to_bytes()))),
        }
    }

    fn put(&mut self, whole: bool) -> u64 {
        self.frames.take(whole, &mut self.out);
        let mut bytes = self.bytes.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.extend_from_slice(&self.out);
        self.frames.records()
    }
}

impl Journal for Memory {
    fn append(&mut self, record: &Record<'_>) {
        self.frames.append(record);
    }

    fn waiting(&self) -> usize {
        self.frames.waiting()
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
