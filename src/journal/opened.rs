//! A segment as it is read: its head, then frame after frame, to its end, and on behind what is not as it was written.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use super::JournalError;
use super::behind::{behind_damage, next_whole};
use super::frame::{Frame, FrameHead, HEAD, Hash, Seal, Walk};
use super::segment::{NoHead, SegmentHead, Segments, is_closed};
use crate::time::Timestamp;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;
/// Where to read on behind damage is looked for in so many bytes, and in twice as many as long as nothing is found there.
const WINDOW: usize = 4 << 20;

/// A segment that is read.
pub(super) struct Opened {
    pub number: u64,
    pub path: PathBuf,
    /// Where the frame begins that is read next.
    pub at: u64,
    input: BufReader<Box<dyn Read + Send>>,
    /// Bytes that come before those of the input: what was looked through for where to read on.
    held: Vec<u8>,
    /// How many of them were read since.
    taken: usize,
    /// Why some of its bytes cannot be had.
    unread: Option<&'static str>,
    /// Records up to its end, as far as the segment behind it tells.
    most: u64,
    /// No segment follows it: its end may never have been wholly written.
    is_last: bool,
}

/// How a segment begins.
pub(super) enum Begun {
    Whole(Box<(Opened, SegmentHead)>),
    /// So many bytes of a last one, which was never wholly written.
    Torn(u64),
}

/// What comes next in a segment.
pub(super) enum Next {
    /// Records, so many bytes of the body that was read; the time they begin from.
    Records(usize, Timestamp),
    Seal(Seal),
    End,
    /// So many bytes at the very end that were never wholly written.
    Torn(u64),
}

impl Opened {
    /// Opens a segment, whose first record has this number if it goes on where the one before ended, and whose last is no
    /// greater than `most`.
    pub fn begin(
        segments: &dyn Segments,
        number: u64,
        is_last: bool,
        record: u64,
        most: u64,
    ) -> Result<Begun, JournalError> {
        let (path, input) = segments.open(number)?;
        let mut opened = Self {
            number,
            is_last: is_last && !is_closed(&path),
            path,
            at: 0,
            input: BufReader::with_capacity(BLOCK, input),
            held: Vec::new(),
            taken: 0,
            unread: None,
            most,
        };
        match SegmentHead::read(&mut opened.input) {
            Ok((head, length)) => {
                opened.at = length as u64;
                Ok(Begun::Whole(Box::new((opened, head))))
            }
            Err(NoHead::Unwritten(mut bytes)) if opened.is_last => {
                opened.read_on(&mut bytes, usize::MAX)?;
                if opened.was_never_written(&bytes) {
                    return Ok(Begun::Torn(bytes.len() as u64));
                }
                Err(NoHead::Unwritten(bytes).at(&opened.path, record))
            }
            Err(fault) => Err(fault.at(&opened.path, record)),
        }
    }

    /// Reads what comes next, the body of a frame of records into `body`; `record` is the number of their first, `chain` that
    /// of the seal before. Where damage ends at a record that can be told, that comes next.
    pub fn read(&mut self, body: &mut Vec<u8>, record: u64, chain: &Hash) -> Result<Next, JournalError> {
        let mut head = [0; HEAD];
        let got = self.fill(&mut head)?;
        if got == 0 && self.unread.is_none() {
            return Ok(Next::End);
        }
        let Some(frame) = FrameHead::read(&head).filter(|_| got == HEAD) else {
            return self.broken(head[..got].to_vec(), record, chain);
        };
        body.resize(frame.length, 0);
        let got = self.fill(body)?;
        let next = match frame.frame(&body[..got]) {
            Some(Frame::Records(body)) => Walk::over(body).ok().map(|walk| {
                let (left, time) = walk.left();
                Next::Records(left, time)
            }),
            Some(Frame::Seal(seal)) => Some(Next::Seal(seal)),
            None => None,
        };
        let Some(next) = next else {
            return self.broken([&head, &body[..got]].concat(), record, chain);
        };
        self.at += (HEAD + frame.length) as u64;
        Ok(next)
    }

    /// Damage where the next frame begins; `record` is the first that cannot be relied on.
    pub fn damaged(&self, record: u64, what: &'static str) -> JournalError {
        JournalError::Damaged {
            file: self.path.clone(),
            at: self.at,
            record,
            until: None,
            what,
        }
    }

    /// The frame that begins with these bytes is not whole: the journal's torn end, or damage.
    fn broken(&mut self, mut bytes: Vec<u8>, record: u64, chain: &Hash) -> Result<Next, JournalError> {
        bytes.extend_from_slice(&self.held[self.taken..]);
        (self.held, self.taken) = (Vec::new(), 0);
        let mut window = WINDOW;
        let behind = loop {
            let ends = self.read_on(&mut bytes, window)?;
            let behind = behind_damage(&bytes, record, chain, self.most);
            if behind.is_some() || ends {
                break behind;
            }
            window = window.saturating_mul(2);
        };
        if behind.is_none() && self.was_never_written(&bytes) {
            return Ok(Next::Torn(bytes.len() as u64));
        }
        let what = self.unread.take().unwrap_or("a frame is not as it was written");
        let mut damage = self.damaged(record, what);
        if let (Some((skipped, next)), JournalError::Damaged { until, .. }) = (behind, &mut damage) {
            *until = Some(next - 1);
            self.at += skipped as u64;
            (self.held, self.taken) = (bytes, skipped);
        }
        Err(damage)
    }

    /// Whether these bytes, to the end, were never wholly written.
    fn was_never_written(&self, bytes: &[u8]) -> bool {
        self.is_last && self.unread.is_none() && next_whole(bytes, 1).is_none()
    }

    /// Reads on until there are so many bytes; true at the end of what can be read.
    fn read_on(&mut self, bytes: &mut Vec<u8>, most: usize) -> Result<bool, JournalError> {
        while bytes.len() < most {
            let before = bytes.len();
            let wanted = most - before;
            match self.input.by_ref().take(wanted as u64).read_to_end(bytes) {
                Ok(got) => return Ok(got < wanted),
                Err(error) => self.cannot_read(error)?,
            }
            if bytes.len() == before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Fills the buffer as far as the segment can be read.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, JournalError> {
        let held = &self.held[self.taken..];
        let mut got = held.len().min(buffer.len());
        buffer[..got].copy_from_slice(&held[..got]);
        self.taken += got;
        while got < buffer.len() && self.unread.is_none() {
            match self.input.read(&mut buffer[got..]) {
                Ok(0) => break,
                Ok(count) => got += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.cannot_read(error)?,
            }
        }
        Ok(got)
    }

    /// Notes that some bytes cannot be had, or fails if that is the system's and not theirs.
    fn cannot_read(&mut self, error: io::Error) -> Result<(), JournalError> {
        match JournalError::unread(&self.path, self.at, 0, error) {
            JournalError::Damaged { what, .. } => {
                self.unread = Some(what);
                Ok(())
            }
            error => Err(error),
        }
    }
}
