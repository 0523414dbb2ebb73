//! The book: the journal as the engine keeps it. Records go in as the core is told, and are written before anything
//! of them is published; while the disk is at fault they are counted, and the live picture goes on.

use std::sync::mpsc::SyncSender;

use tokio::sync::{mpsc, oneshot};

use super::Refused;
use super::player::add;
use crate::journal::{Entry, Journal, JournalError, Judged, Record, Tail};
use crate::report::{FeedId, StreamId};
use crate::time::{Span, Timestamp};
use crate::traffic::{Answer, Changes, Order};

/// Bytes that may wait to be written; more are written at once.
const WAITING: usize = 1 << 20;

/// An order's answer on its way to whoever gave it.
pub type Reply = oneshot::Sender<Result<(Answer, u64), Refused>>;

/// What the engine has of its journal, and whom it asks to keep it.
pub struct Kept {
    /// Or why nothing can be kept yet.
    pub journal: Result<Box<dyn Journal>, String>,
    /// The sum over what was told before.
    pub judged: Judged,
    pub keeper: SyncSender<ToKeeper>,
    pub news: mpsc::Receiver<FromKeeper>,
    /// How far it is written, and how long it takes to make it last.
    pub tail: Tail,
}

/// What the keeper of the journal is told.
pub enum ToKeeper {
    /// An order was written; once it is on the disk its answer may go.
    Confirm { reply: Reply, answer: Answer, number: u64 },
    /// The journal is at fault: it must be opened anew.
    Down,
    /// The core as it stands after a gap, to be kept as a snapshot after this record.
    Snapshot {
        records: u64,
        judged: Judged,
        core: Vec<u8>,
    },
}

/// What the keeper of the journal tells.
pub enum FromKeeper {
    /// It could be opened again.
    Reopened(Box<dyn Journal>),
    /// The segments up to this one were deleted.
    Cut(u64),
}

/// See the file's head.
pub(super) struct Book {
    /// None while the disk is at fault.
    journal: Option<Box<dyn Journal>>,
    keeper: SyncSender<ToKeeper>,
    tail: Tail,
    judged: Judged,
    /// The sum as it was recorded last.
    noted: Judged,
    /// Records not written since the fault.
    lost: u64,
    since: Timestamp,
}

impl Book {
    /// The book, what its keeper tells, and why nothing can be kept yet if that is so.
    pub(super) fn new(kept: Kept, now: Timestamp) -> (Self, mpsc::Receiver<FromKeeper>, Option<String>) {
        let (journal, fault) = match kept.journal {
            Ok(journal) => (Some(journal), None),
            Err(fault) => (None, Some(fault)),
        };
        let judged = kept.judged;
        let book = Self {
            journal,
            keeper: kept.keeper,
            tail: kept.tail,
            judged,
            noted: judged,
            lost: 0,
            since: now,
        };
        (book, kept.news, fault)
    }

    /// How far the journal is written, and how long it takes to make it last.
    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Whether nothing can be kept now.
    pub(super) fn is_down(&self) -> bool {
        self.journal.is_none()
    }

    /// Whether so much waits that it should be written at once.
    pub(super) fn is_full(&self) -> bool {
        self.journal.as_ref().is_some_and(|journal| journal.waiting() > WAITING)
    }

    pub(super) fn line(&mut self, feed: FeedId, time: Timestamp, line: Option<&[u8]>) {
        self.append(time, Entry::Line { feed, line });
    }

    /// The lines of a feed to come are of this stream.
    pub(super) fn turn(&mut self, feed: FeedId, time: Timestamp, stream: StreamId) {
        self.append(time, Entry::Turn { feed, stream });
    }

    /// A second passes; with it goes the sum over what was told before, if that changed.
    pub(super) fn tick(&mut self, second: i64) {
        let judged = (self.noted != self.judged).then_some(self.judged);
        self.noted = self.judged;
        self.append(Timestamp::from_s(second), Entry::Tick { judged });
    }

    pub(super) fn order(&mut self, order: &Order, now: Timestamp) {
        self.append(now, Entry::Order(&order.to_bytes()));
    }

    pub(super) fn cut(&mut self, last: u64, now: Timestamp) {
        self.append(now, Entry::Cut { last });
    }

    /// The clock was set forward by so much, to a time.
    pub(super) fn set_clock(&mut self, by: Span, to: Timestamp) {
        let from = to.plus(Span(-by.0));
        self.append(to, Entry::Gap { from, lost: 0 });
    }

    /// Takes note of what was told.
    pub(super) fn told(&mut self, changes: &Changes) {
        add(&mut self.judged, changes);
    }

    /// Writes what waits.
    pub(super) fn write(&mut self) -> Result<(), JournalError> {
        self.journal
            .as_mut()
            .map_or(Ok(()), |journal| journal.write().map(|_| ()))
    }

    /// Gives the journal up until the keeper has opened it again.
    pub(super) fn give_up(&mut self, now: Timestamp) {
        if let Some(journal) = self.journal.take() {
            self.lost = journal.unwritten();
            self.since = now;
        }
        self.tell(ToKeeper::Down);
    }

    /// Goes on in a journal that was opened again: the gap is recorded, and the core as it stands is to be kept.
    pub(super) fn resume(
        &mut self,
        mut journal: Box<dyn Journal>,
        now: Timestamp,
        core: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), JournalError> {
        let (from, lost) = (self.since, self.lost);
        journal.append(&Record {
            time: now,
            entry: Entry::Gap { from, lost },
        });
        let records = journal.write()?;
        self.journal = Some(journal);
        self.lost = 0;
        self.noted = self.judged;
        let judged = self.judged;
        self.tell(ToKeeper::Snapshot {
            records,
            judged,
            core: core(),
        });
        Ok(())
    }

    /// Has an order answered once it is on the disk.
    pub(super) fn confirm(&self, reply: Reply, answer: Answer, number: u64) {
        self.tell(ToKeeper::Confirm { reply, answer, number });
    }

    /// The service ends in order.
    pub(super) fn close(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let judged = self.judged;
        self.append(now, Entry::Stop { judged });
        self.journal.as_mut().map_or(Ok(()), |journal| journal.finish())
    }

    fn append(&mut self, time: Timestamp, entry: Entry<'_>) {
        match &mut self.journal {
            Some(journal) => journal.append(&Record { time, entry }),
            None => self.lost += 1,
        }
    }

    /// No request waits behind another: there is room for all there can be, and the answer to one that finds none, or
    /// no keeper, is that it was not kept.
    fn tell(&self, what: ToKeeper) {
        if let Err(std::sync::mpsc::TrySendError::Full(what) | std::sync::mpsc::TrySendError::Disconnected(what)) =
            self.keeper.try_send(what)
            && let ToKeeper::Confirm { reply, .. } = what
        {
            let _ = reply.send(Err(Refused::NotKept));
        }
    }
}
