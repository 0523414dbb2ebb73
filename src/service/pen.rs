//! The pen: writes a journal on a thread of its own, so that whoever has something written waits for no disk that does
//! not answer and for no hash. Pages go there as they fill; they are sealed after it was told that they are written.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::keeping;
use crate::journal::{Disk, Folder, Journal, JournalError, Page, Reader, Record, Verify};

/// A write that takes longer is given up: what was to be written is lost to this journal, if not to the disk.
const PATIENCE: Duration = Duration::from_secs(2);
/// At the end all of it is to be on the disk, and nobody waits for a picture.
const TO_THE_END: Duration = Duration::from_secs(20);
/// A page of so many bytes is written before anybody asks for it, if the thread has nothing else to do.
const FULL: usize = 1 << 16;

/// Held by whoever writes to the folder: a journal that was given up may still be at it.
pub type Turn = Arc<Mutex<()>>;

/// A journal on the disk, written by another thread, which is given one page at a time.
pub struct Pen {
    folder: Folder,
    page: Page,
    /// An empty one, for when this one is given away.
    spare: Page,
    work: SyncSender<Work>,
    done: Receiver<Done>,
    /// Records on the page that the thread has not answered for yet.
    with_thread: Option<u64>,
    /// Records that are known to be written.
    records: u64,
    /// Records that were appended and are not known to be written.
    unwritten: u64,
    /// What went wrong, until it is told.
    fault: Option<JournalError>,
}

struct Work {
    page: Page,
    /// It is the last: all is to be sealed and brought to the disk.
    ends: bool,
}

struct Done {
    /// An empty one.
    page: Page,
    /// How many records there are.
    written: Result<u64, JournalError>,
}

impl Pen {
    /// Takes a journal over; its thread ends with it.
    pub fn of(mut disk: Disk, turn: Turn) -> anyhow::Result<Self> {
        let (work, given) = sync_channel(1);
        let (finished, done) = sync_channel(1);
        let (folder, page, records) = (disk.folder().clone(), disk.take_page(), disk.tail().records());
        keeping::spawn("pen", move || keep(&mut disk, &turn, &given, &finished))?;
        Ok(Self {
            folder,
            unwritten: page.count(),
            page,
            spare: Page::default(),
            work,
            done,
            with_thread: None,
            records,
            fault: None,
        })
    }

    /// Gives the page to the thread, which has none.
    fn hand_over(&mut self, ends: bool) {
        self.with_thread = Some(self.page.count());
        let page = std::mem::replace(&mut self.page, std::mem::take(&mut self.spare));
        // A thread that is no more does not answer.
        let _ = self.work.send(Work { page, ends });
    }

    fn take(&mut self, done: Done) {
        let count = self.with_thread.take().unwrap_or(0);
        self.spare = done.page;
        match done.written {
            Ok(records) => {
                self.records = records;
                self.unwritten -= count;
            }
            Err(error) => self.fault = Some(error),
        }
    }

    /// Whether the thread can be given a page.
    fn is_free(&mut self) -> bool {
        if self.with_thread.is_some()
            && let Ok(done) = self.done.try_recv()
        {
            self.take(done);
        }
        self.with_thread.is_none() && self.fault.is_none()
    }

    /// Waits for what the thread was given.
    fn settle(&mut self, patience: Duration) -> Result<(), JournalError> {
        if self.with_thread.is_some() {
            let done = self.done.recv_timeout(patience);
            self.take(done.map_err(|_| JournalError::Unanswered(patience))?);
        }
        self.fault.take().map_or(Ok(()), Err)
    }
}

impl Journal for Pen {
    fn append(&mut self, record: &Record<'_>) {
        self.page.append(record);
        self.unwritten += 1;
        if self.page.bytes() >= FULL && self.is_free() {
            self.hand_over(false);
        }
    }

    fn waiting(&self) -> usize {
        self.page.bytes()
    }

    fn unwritten(&self) -> u64 {
        self.unwritten
    }

    fn write(&mut self) -> Result<u64, JournalError> {
        self.settle(PATIENCE)?;
        if self.page.count() > 0 {
            self.hand_over(false);
            self.settle(PATIENCE)?;
        }
        Ok(self.records)
    }

    fn finish(&mut self) -> Result<(), JournalError> {
        self.settle(PATIENCE)?;
        self.hand_over(true);
        self.settle(TO_THE_END)
    }

    fn read(&self, after: u64, verify: Verify) -> Result<Reader, JournalError> {
        Reader::new(Box::new(self.folder.clone()), after, verify)
    }
}

/// Writes page after page: what stands on the disk is told before it is sealed, and a fault in sealing with the next.
fn keep(disk: &mut Disk, turn: &Turn, given: &Receiver<Work>, finished: &SyncSender<Done>) {
    let (mut before, mut fault) = (Page::default(), None);
    for Work { mut page, ends } in given {
        let _held = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut written = fault.take().map_or_else(|| disk.put(&mut page), Err);
        let is_written = written.is_ok();
        if ends {
            written = written.and_then(|records| {
                disk.seal(&page, true)?;
                disk.finish()?;
                Ok(records)
            });
        }
        let page_before = std::mem::take(&mut before);
        // Whoever waited may have given it up.
        let _ = finished.send(Done {
            page: page_before,
            written,
        });
        if is_written && !ends {
            fault = disk.seal(&page, false).err();
        }
        page.clear();
        before = page;
    }
}
