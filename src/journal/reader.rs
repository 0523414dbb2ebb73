//! Reading a journal from one record on: every frame checked, and if wanted every record held against its seal.

use std::collections::VecDeque;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::frame::{Frame, FrameHead, HEAD, Hash, Sealer, Walk};
use super::record::Record;
use super::segment::{SegmentHead, Segments};
use super::{JournalError, Tail};
use crate::time::Timestamp;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;
/// A frame that may follow damage is looked for up to this length: those of the live service are far shorter.
const LIKELY_BODY: usize = 1 << 20;

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
    open: Option<Open>,
    head: Option<SegmentHead>,
    /// Gathers the records since the last seal, when they are to be held against it.
    sealer: Option<Sealer>,
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

struct Open {
    number: u64,
    path: PathBuf,
    input: BufReader<Box<dyn Read + Send>>,
    /// Where the frame begins that is read next.
    at: u64,
}

impl Reader {
    /// Reads what comes after the record `after`; 0 reads all there is.
    pub fn new(segments: Box<dyn Segments>, after: u64, verify: Verify) -> Result<Self, JournalError> {
        let mut rest: VecDeque<u64> = segments.list()?.into();
        // The last segment that begins at or before the record wanted is where to begin.
        let mut found = 0;
        for (at, number) in rest.iter().enumerate().rev() {
            let (path, mut input) = segments.open(*number)?;
            if SegmentHead::read(&mut *input, &path)?.0.records <= after {
                found = at;
                break;
            }
        }
        rest.drain(..found);
        Ok(Self::over(segments, rest, after, verify))
    }

    /// Reads these segments.
    pub(super) fn over(segments: Box<dyn Segments>, rest: VecDeque<u64>, after: u64, verify: Verify) -> Self {
        Self {
            segments,
            rest,
            open: None,
            head: None,
            sealer: (verify == Verify::Seals).then(|| Sealer::new(0, Hash::default())),
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

    /// What was gathered since the last seal, if seals are looked at.
    pub(super) fn into_sealer(self) -> Option<Sealer> {
        self.sealer
    }

    /// Leaves the segment that is read now: the only way on after damage.
    pub fn leave_segment(&mut self) {
        self.open = None;
        self.left = 0;
    }

    /// The next record; none at the end.
    pub fn next_record(&mut self) -> Result<Option<(u64, Record<'_>)>, JournalError> {
        if !self.arrive()? {
            return Ok(None);
        }
        self.step().map(Some)
    }

    /// The record that [`Self::next_record`] gives next, left where it is.
    pub fn peek(&mut self) -> Result<Option<Record<'_>>, JournalError> {
        if !self.arrive()? {
            return Ok(None);
        }
        match Walk::resume(&self.body, self.left, self.time).step() {
            Ok(Some((record, _))) => Ok(Some(record)),
            _ => Err(self.unreadable()),
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
                if let Some(sealer) = &mut self.sealer {
                    sealer.add(&record, bytes);
                }
                Ok((self.records, record))
            }
            _ => {
                self.left = 0;
                Err(self.unreadable())
            }
        }
    }

    fn unreadable(&self) -> JournalError {
        let what = "a record in a frame that is whole cannot be read";
        damaged(self.open.as_ref(), self.records + 1, what)
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
            let mut head = [0; HEAD];
            let got = read_up_to(&mut open.input, &mut head).map_err(|error| JournalError::io(&open.path, error))?;
            if got == 0 {
                if self.rest.is_empty() && !self.more_to_follow()? {
                    return Ok(false);
                }
                self.open = None;
                continue;
            }
            let Some(frame) = FrameHead::read(&head).filter(|_| got == HEAD) else {
                return self.broken(&head[..got]);
            };
            self.body.resize(frame.length, 0);
            let got =
                read_up_to(&mut open.input, &mut self.body).map_err(|error| JournalError::io(&open.path, error))?;
            let taken = match frame.frame(&self.body[..got]) {
                Some(Frame::Records(body)) => Walk::over(body).ok().map(|walk| (Some(walk.left()), None)),
                Some(Frame::Seal(seal)) => Some((None, Some(seal))),
                None => None,
            };
            let Some((records, seal)) = taken else {
                let mut bytes = head.to_vec();
                bytes.extend_from_slice(&self.body[..got]);
                return self.broken(&bytes);
            };
            if let (Some(sealer), Some(seal)) = (&mut self.sealer, seal)
                && sealer.seal() != seal
            {
                let what = "the records are not those that were sealed";
                return Err(damaged(self.open.as_ref(), seal.first, what));
            }
            open.at += (HEAD + frame.length) as u64;
            if let Some((left, time)) = records {
                (self.left, self.time) = (left, time);
                return Ok(true);
            }
        }
    }

    /// The frame that begins with these bytes is not whole: the journal's torn end, or damage.
    fn broken(&mut self, begun: &[u8]) -> Result<bool, JournalError> {
        let open = self.open.as_mut().expect("it is read from");
        let mut bytes = begun.to_vec();
        let read = open.input.read_to_end(&mut bytes);
        read.map_err(|error| JournalError::io(&open.path, error))?;
        if self.rest.is_empty() && !holds_a_frame(&bytes[1..]) {
            self.torn = bytes.len() as u64;
            return Ok(false);
        }
        Err(damaged(
            self.open.as_ref(),
            self.records + 1,
            "a frame is not as it was written",
        ))
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
        let (path, input) = self.segments.open(number)?;
        let mut input = BufReader::with_capacity(BLOCK, input);
        let (head, length) = SegmentHead::read(&mut input, &path)?;
        if self.head.as_ref().is_some_and(|before| before.number + 1 != number) {
            let missing = self.head.as_ref().map_or(0, |before| before.number + 1);
            self.head = None;
            self.rest.push_front(number);
            return Err(JournalError::Lacking(missing, number - 1));
        }
        let first = self.head.is_none();
        if let Some(sealer) = &mut self.sealer {
            if !first && (sealer.chain() != head.chain || !sealer.is_whole() || self.records != head.records) {
                self.head = None;
                self.rest.push_front(number);
                return Err(damaged_head(path));
            }
            *sealer = Sealer::new(head.records, head.chain);
        }
        self.records = head.records;
        self.head = Some(head);
        self.open = Some(Open {
            number,
            path,
            input,
            at: length as u64,
        });
        Ok(true)
    }
}

fn damaged_head(file: PathBuf) -> JournalError {
    JournalError::Damaged {
        file,
        at: 0,
        record: 0,
        what: "it does not go on where the segment before it ends",
    }
}

fn damaged(open: Option<&Open>, record: u64, what: &'static str) -> JournalError {
    let (file, at) = open.map_or_else(Default::default, |open| (open.path.clone(), open.at));
    JournalError::Damaged { file, at, record, what }
}

/// Fills the buffer as far as the input reaches.
fn read_up_to(input: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match input.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(count) => got += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// Whether a whole frame begins anywhere in these bytes: then what stands before it is not a torn end.
fn holds_a_frame(bytes: &[u8]) -> bool {
    (0..bytes.len().saturating_sub(HEAD)).any(|at| {
        let rest = &bytes[at..];
        let head = rest.first_chunk().and_then(FrameHead::read);
        head.filter(|head| head.length <= LIKELY_BODY)
            .and_then(|head| head.frame(rest.get(HEAD..HEAD + head.length)?))
            .is_some()
    })
}
