//! Reading a journal from one record on: every frame checked, and if wanted every record held against its seal.

use std::collections::VecDeque;
use std::path::Path;

use super::frame::{Hash, Seal, Sealer, Walk};
use super::opened::{Begun, Next, Opened};
use super::record::{Entry, Record};
use super::segment::{SegmentHead, Segments};
use super::{JournalError, Tail};
use crate::time::Timestamp;

/// Whether records are held against their seals and the chain; frames are checked in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    Frames,
    Seals,
}

/// Reads records one after the other.
pub struct Reader {
    segments: Box<dyn Segments>,
    rest: VecDeque<u64>,
    open: Option<Opened>,
    head: Option<SegmentHead>,
    /// Number of the segment that comes next, once one was begun.
    next: Option<u64>,
    /// Whether it is known where the segment that comes next has to go on.
    goes_on: bool,
    /// Number of the first segment there is, if all are read.
    first: u64,
    /// Segments up to this one were deleted, as the records say.
    cut: u64,
    /// Gathers the records since the last seal, when they are to be held against it.
    sealer: Option<Sealer>,
    /// The chain as of the last seal.
    chain: Hash,
    /// Hash of the start that the records read last stand under, where that is known.
    start: Option<Hash>,
    /// A start that is lost, as the segment behind tells it: given in its place.
    instead: Option<Instead>,
    /// The one given last, and how many were.
    given: Option<Instead>,
    replaced: u64,
    /// How the segment behind the one that is read begins.
    behind: Option<SegmentHead>,
    /// What is damaged reaches to the end of what was read.
    in_doubt: bool,
    /// Something that was to be read was damaged, or was not there.
    has_lost: bool,
    /// Something before the seal that comes next is damaged: it cannot be held against that.
    maimed: bool,
    body: Vec<u8>,
    left: usize,
    time: Timestamp,
    /// Number of the record read last.
    records: u64,
    /// Records up to this number are passed over.
    after: u64,
    torn: u64,
    follows: Option<Tail>,
}

/// A start in the place of a record that is lost.
struct Instead {
    start: Vec<u8>,
    number: u64,
    time: Timestamp,
}

impl Instead {
    fn record(&self) -> Record<'_> {
        Record {
            time: self.time,
            entry: Entry::Start(&self.start),
        }
    }
}

impl Reader {
    /// Reads what comes after the record `after`; 0 reads all there is.
    pub fn new(segments: Box<dyn Segments>, after: u64, verify: Verify) -> Result<Self, JournalError> {
        let mut rest: VecDeque<u64> = segments.list()?.into();
        let first = rest.front().copied().unwrap_or_default();
        // The last segment that begins at or before the record wanted is where to begin.
        let mut found = 0;
        for (at, number) in rest.iter().enumerate().rev().take_while(|_| after > 0) {
            if segments.head(*number)?.is_some_and(|head| head.records <= after) {
                found = at;
                break;
            }
        }
        rest.drain(..found);
        Ok(Self {
            first: if after == 0 { first } else { 0 },
            // Before the first of all there was nothing.
            goes_on: rest.front() == Some(&1),
            ..Self::over(segments, rest, after, verify)
        })
    }

    /// Reads these segments.
    pub(super) fn over(segments: Box<dyn Segments>, rest: VecDeque<u64>, after: u64, verify: Verify) -> Self {
        Self {
            segments,
            rest,
            open: None,
            head: None,
            next: None,
            goes_on: false,
            first: 0,
            cut: 0,
            sealer: (verify == Verify::Seals).then(|| Sealer::new(0, Hash::default())),
            chain: Hash::default(),
            start: None,
            instead: None,
            given: None,
            replaced: 0,
            behind: None,
            in_doubt: false,
            has_lost: false,
            maimed: false,
            body: Vec::new(),
            left: 0,
            time: Timestamp::default(),
            records: 0,
            after,
            torn: 0,
            follows: None,
        }
    }

    /// Reads on as a journal grows: at the end of what is written there is no record yet.
    pub fn follow(mut self, tail: Tail) -> Self {
        self.follows = Some(tail);
        self
    }

    /// Number of the record read last.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Time of the record read last.
    pub(super) fn time(&self) -> Timestamp {
        self.time
    }

    /// The segment that is read now.
    pub fn file(&self) -> Option<&Path> {
        self.open.as_ref().map(|open| &*open.path)
    }

    /// How the segment begins that is read now.
    pub fn head(&self) -> Option<&SegmentHead> {
        self.head.as_ref()
    }

    /// Bytes at the very end that were never wholly written.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    /// Where in its segment the next frame begins.
    pub(super) fn at(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.at)
    }

    /// Whether nobody knows how many records stood behind the last that was read.
    pub fn ends_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// How many of the records that were read are starts in the place of lost ones.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// What was gathered since the last seal, if seals are looked at.
    pub(super) fn into_sealer(self) -> Option<Sealer> {
        self.sealer
    }

    /// Comes to what can be read behind damage: in the segment that is read now, or in the next.
    fn go_behind(&mut self, damage: &JournalError) {
        (self.left, self.has_lost) = (0, true);
        let JournalError::Damaged { until, .. } = damage else {
            return;
        };
        if let Some(until) = *until {
            self.find_start(until);
            self.records = until;
            self.maimed = true;
        } else {
            self.open = None;
            (self.goes_on, self.in_doubt) = (false, true);
        }
    }

    /// If the first record of a segment is lost, up to `until`, that may have been a start: then the segment behind tells
    /// which, for there is none but at the beginning of a segment.
    fn find_start(&mut self, until: u64) {
        let Some(head) = self.head.as_ref().filter(|head| head.records == self.records) else {
            return;
        };
        let time = head.time;
        if let Some(behind) = self.behind.take() {
            self.stand_under(&behind.start, until, time);
            self.behind = Some(behind);
        }
    }

    /// What follows the record of this number stands under this start: if that is another than the one read last, it is
    /// given for the one that was lost.
    fn stand_under(&mut self, start: &[u8], number: u64, time: Timestamp) {
        let hash = Some(*blake3::hash(start).as_bytes());
        if start.is_empty() || self.start == hash {
            return;
        }
        self.start = hash;
        let start = start.to_vec();
        self.instead = Some(Instead { start, number, time });
    }

    /// Once all is read: what is not there at the beginning, and was deleted without a record of it.
    pub fn lacks_beginning(&self) -> Option<JournalError> {
        let (from, to) = (self.cut + 1, self.first.saturating_sub(1));
        (from <= to).then_some(JournalError::Lacking(from, to))
    }

    /// The next record; none at the end. After an error that is damage it is the first behind that, or the start that was
    /// lost with it, under the number of the last record lost.
    pub fn next_record(&mut self) -> Result<Option<(u64, Record<'_>)>, JournalError> {
        if !self.arrive()? {
            return Ok(None);
        }
        if let Some(instead) = self.instead.take() {
            self.replaced += 1;
            let given = self.given.insert(instead);
            return Ok(Some((given.number, given.record())));
        }
        self.step().map(Some)
    }

    /// The record that [`Self::next_record`] gives next, left where it is.
    pub fn peek(&mut self) -> Result<Option<Record<'_>>, JournalError> {
        if !self.arrive()? {
            return Ok(None);
        }
        if let Some(instead) = &self.instead {
            return Ok(Some(instead.record()));
        }
        match Walk::resume(&self.body, self.left, self.time).step() {
            Ok(Some((record, _))) => Ok(Some(record)),
            _ => {
                (self.left, self.goes_on) = (0, false);
                Err(unreadable(self.open.take(), self.records + 1))
            }
        }
    }

    /// Comes to the first record wanted; false if there is none yet.
    fn arrive(&mut self) -> Result<bool, JournalError> {
        loop {
            while self.left == 0 {
                if !self.fill()? {
                    return Ok(false);
                }
            }
            if self.records >= self.after {
                // Whoever wants no more than what follows knows how it stands there.
                let known = |instead: &mut Instead| instead.number <= self.after && self.after > 0;
                self.instead.take_if(known);
                return Ok(true);
            }
            self.step()?;
        }
    }

    fn step(&mut self) -> Result<(u64, Record<'_>), JournalError> {
        let mut walk = Walk::resume(&self.body, self.left, self.time);
        match walk.step() {
            Ok(Some((record, bytes))) => {
                (self.left, self.time) = walk.left();
                self.records += 1;
                match record.entry {
                    Entry::Cut { last } => self.cut = self.cut.max(last),
                    Entry::Start(start) => {
                        self.start = Some(*blake3::hash(start).as_bytes());
                        self.instead = None;
                    }
                    _ => {}
                }
                if let Some(sealer) = &mut self.sealer {
                    sealer.add(&record, bytes);
                }
                Ok((self.records, record))
            }
            _ => {
                (self.left, self.goes_on) = (0, false);
                Err(unreadable(self.open.take(), self.records + 1))
            }
        }
    }

    /// Reads the next frame of records; false at the end.
    fn fill(&mut self) -> Result<bool, JournalError> {
        loop {
            if self.open.is_none() && !self.open_next()? {
                return Ok(false);
            }
            let limit = self.follows.as_ref().map(Tail::limit);
            let open = self.open.as_mut().expect("it was just opened");
            if let Some((segment, bytes)) = limit
                && open.number == segment
                && open.at >= bytes
            {
                return Ok(false);
            }
            let at = open.at;
            let read = open.read(&mut self.body, self.records + 1, &self.chain);
            match read.inspect_err(|error| self.go_behind(error))? {
                Next::Records(left, time) => {
                    (self.left, self.time) = (left, time);
                    return Ok(true);
                }
                Next::Seal(seal) => self.hold_against(&seal, at)?,
                Next::Torn(torn) => {
                    self.torn = torn;
                    return Ok(false);
                }
                Next::End if self.rest.is_empty() && !self.more_to_follow()? => return Ok(false),
                Next::End => self.open = None,
            }
        }
    }

    /// Holds what was read since the last seal against this one, which stands there.
    fn hold_against(&mut self, seal: &Seal, at: u64) -> Result<(), JournalError> {
        let told = std::mem::take(&mut self.maimed);
        let sealed = match &mut self.sealer {
            Some(sealer) => {
                let own = sealer.seal();
                sealer.go_on_after(seal);
                own == *seal
            }
            None => self.records == seal.last(),
        };
        (self.records, self.chain) = (seal.last(), seal.chain);
        if sealed || told {
            return Ok(());
        }
        let open = self.open.as_ref().expect("it was read from");
        Err(JournalError::Damaged {
            file: open.path.clone(),
            at,
            record: seal.first,
            until: None,
            what: "the records are not those that were sealed",
        })
    }

    /// Whether segments have been begun since the journal was listed.
    fn more_to_follow(&mut self) -> Result<bool, JournalError> {
        let (Some(_), Some(open)) = (&self.follows, &self.open) else {
            return Ok(false);
        };
        let number = open.number;
        self.rest = self
            .segments
            .list()?
            .into_iter()
            .filter(|other| *other > number)
            .collect();
        Ok(!self.rest.is_empty())
    }

    fn open_next(&mut self) -> Result<bool, JournalError> {
        let Some(number) = self.rest.pop_front() else {
            return Ok(false);
        };
        if let Some(next) = self.next.filter(|next| *next < number) {
            self.come_back_to(number);
            return Err(JournalError::Lacking(next, number - 1));
        }
        self.next = Some(number + 1);
        let goes_on = std::mem::replace(&mut self.goes_on, false);
        self.behind = match self.rest.front() {
            Some(next) if *next == number + 1 => self.segments.head(*next).unwrap_or_default(),
            _ => None,
        };
        let most = self.behind.as_ref().map_or(u64::MAX, |behind| behind.records);
        let begun = Opened::begin(&*self.segments, number, self.rest.is_empty(), self.records + 1, most);
        let begun = begun.inspect_err(|_| (self.in_doubt, self.has_lost) = (true, true))?;
        let (open, head) = match begun {
            Begun::Whole(whole) => *whole,
            Begun::Torn(torn) => {
                self.torn = torn;
                return Ok(false);
            }
        };
        if let Some(error) = self.parted(&open, &head).filter(|_| goes_on) {
            self.come_back_to(number);
            return Err(error);
        }
        if let Some(sealer) = &mut self.sealer {
            *sealer = Sealer::new(head.records, head.chain);
        }
        self.goes_on = true;
        (self.maimed, self.in_doubt) = (false, false);
        if self.start.is_some() || self.has_lost {
            self.stand_under(&head.start, head.records, head.time);
        } else if !head.start.is_empty() {
            self.start = Some(*blake3::hash(&head.start).as_bytes());
        }
        (self.records, self.chain) = (head.records, head.chain);
        self.head = Some(head);
        self.open = Some(open);
        Ok(true)
    }

    /// What is wrong before a segment is told once; then it is read.
    fn come_back_to(&mut self, number: u64) {
        self.rest.push_front(number);
        self.has_lost = true;
        (self.next, self.goes_on) = (Some(number), false);
    }

    /// Why a segment does not go on where the one before it ends.
    fn parted(&self, open: &Opened, head: &SegmentHead) -> Option<JournalError> {
        let reached = self.records.max(self.after);
        if head.records > reached {
            return Some(JournalError::LackingRecords(reached + 1, head.records));
        }
        if head.records <= self.after {
            // What is before it is not wanted.
            return None;
        }
        let follows = match &self.sealer {
            Some(sealer) => sealer.is_whole() && sealer.chain() == head.chain && sealer.records() == head.records,
            None => head.records == self.records,
        };
        let what = "it does not go on where the segment before it ends";
        (!follows).then(|| JournalError::Damaged {
            file: open.path.clone(),
            at: 0,
            record: head.records + 1,
            until: None,
            what,
        })
    }
}

/// A segment that is left, for the writer of its frames and this reader do not agree on a record.
fn unreadable(left: Option<Opened>, record: u64) -> JournalError {
    let open = left.expect("it was read from");
    open.damaged(record, "a record in a frame that is whole cannot be read")
}
