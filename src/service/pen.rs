//! The pen: writes a journal on a thread of its own, so that whoever has something written waits for no disk that does
//! not answer.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::keeping;
use crate::journal::{Disk, Journal, JournalError, Reader, Record, Verify};

/// A write that takes longer is given up: what was to be written is lost to this journal, if not to the disk.
const PATIENCE: Duration = Duration::from_secs(2);
/// At the end all of it is to be on the disk, and nobody waits for a picture.
const TO_THE_END: Duration = Duration::from_secs(20);

/// Held by whoever writes to the folder: a journal that was given up may still be at it.
pub type Turn = Arc<Mutex<()>>;

type Work = fn(&mut Disk) -> Result<u64, JournalError>;

/// A journal on the disk, written by another thread.
pub struct Pen {
    /// None once it was given up.
    disk: Option<Box<Disk>>,
    work: SyncSender<(Box<Disk>, Work)>,
    done: Receiver<(Box<Disk>, Result<u64, JournalError>)>,
}

impl Pen {
    /// Takes a journal over; its thread ends with it.
    pub fn of(disk: Disk, turn: Turn) -> anyhow::Result<Self> {
        let (work, given) = sync_channel::<(Box<Disk>, Work)>(0);
        let (finished, done) = sync_channel(1);
        keeping::spawn("pen", move || {
            for (mut disk, work) in given {
                let result = {
                    let _held = turn.lock().unwrap_or_else(PoisonError::into_inner);
                    work(&mut disk)
                };
                // Whoever waited may have given it up.
                let _ = finished.send((disk, result));
            }
        })?;
        Ok(Self {
            disk: Some(Box::new(disk)),
            work,
            done,
        })
    }

    fn have(&mut self, work: Work, patience: Duration) -> Result<u64, JournalError> {
        let disk = self.disk.take().ok_or(JournalError::Unanswered(patience))?;
        self.work.send((disk, work)).expect("its thread ends with it");
        let (disk, result) = self
            .done
            .recv_timeout(patience)
            .map_err(|_| JournalError::Unanswered(patience))?;
        self.disk = Some(disk);
        result
    }
}

impl Journal for Pen {
    fn append(&mut self, record: &Record<'_>) {
        if let Some(disk) = &mut self.disk {
            disk.append(record);
        }
    }

    fn waiting(&self) -> usize {
        self.disk.as_ref().map_or(0, |disk| disk.waiting())
    }

    fn write(&mut self) -> Result<u64, JournalError> {
        match &self.disk {
            Some(disk) if disk.waiting() == 0 => Ok(disk.records()),
            _ => self.have(Disk::write, PATIENCE),
        }
    }

    fn finish(&mut self) -> Result<(), JournalError> {
        self.have(|disk| disk.finish().map(|()| 0), TO_THE_END).map(|_| ())
    }

    fn read(&self, after: u64, verify: Verify) -> Result<Reader, JournalError> {
        match &self.disk {
            Some(disk) => disk.read(after, verify),
            None => Err(JournalError::Unanswered(PATIENCE)),
        }
    }
}
