//! A segment as it is read: its head, then frame after frame, to its end. Where it is not as it was written, it is read on
//! at the next frame from which all are whole up to a seal: that tells which records they are.

use std::io::{self, BufReader, Cursor, Read};
use std::path::PathBuf;

use super::JournalError;
use super::frame::{Frame, FrameHead, HEAD, Seal, Walk};
use super::segment::{NoHead, SegmentHead, Segments, is_closed};
use crate::time::Timestamp;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;
/// A frame that follows damage is looked for up to this length: those of the live service are far shorter.
const LIKELY_BODY: usize = 1 << 20;

/// A segment that is read.
pub(super) struct Opened {
    pub number: u64,
    pub path: PathBuf,
    /// Where the frame begins that is read next.
    pub at: u64,
    input: BufReader<Box<dyn Read + Send>>,
    /// Why some of its bytes cannot be had.
    unread: Option<&'static str>,
    /// No segment follows it: its end may never have been wholly written.
    is_last: bool,
}

/// How a segment begins.
pub(super) enum Begun {
    Whole(Opened, SegmentHead),
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
    /// Opens a segment, whose first record has this number if it goes on where the one before ended.
    pub fn begin(segments: &dyn Segments, number: u64, is_last: bool, record: u64) -> Result<Begun, JournalError> {
        let (path, input) = segments.open(number)?;
        let mut opened = Self {
            number,
            is_last: is_last && !is_closed(&path),
            path,
            at: 0,
            input: BufReader::with_capacity(BLOCK, input),
            unread: None,
        };
        match SegmentHead::read(&mut opened.input) {
            Ok((head, length)) => {
                opened.at = length as u64;
                Ok(Begun::Whole(opened, head))
            }
            Err(NoHead::Unwritten(begun)) if opened.is_last => {
                let bytes = opened.rest(begun)?;
                if opened.was_never_written(&bytes) {
                    return Ok(Begun::Torn(bytes.len() as u64));
                }
                Err(NoHead::Unwritten(bytes).at(&opened.path, record))
            }
            Err(fault) => Err(fault.at(&opened.path, record)),
        }
    }

    /// Reads what comes next, the body of a frame of records into `body`; `record` is the number of their first. After
    /// damage that ends at a record it is read on behind that.
    pub fn read(&mut self, body: &mut Vec<u8>, record: u64) -> Result<Next, JournalError> {
        let mut head = [0; HEAD];
        let got = self.fill(&mut head)?;
        if got == 0 && self.unread.is_none() {
            return Ok(Next::End);
        }
        let Some(frame) = FrameHead::read(&head).filter(|_| got == HEAD) else {
            return self.broken(head[..got].to_vec(), record);
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
            return self.broken([&head, &body[..got]].concat(), record);
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
    fn broken(&mut self, begun: Vec<u8>, record: u64) -> Result<Next, JournalError> {
        let bytes = self.rest(begun)?;
        if self.was_never_written(&bytes) {
            return Ok(Next::Torn(bytes.len() as u64));
        }
        let what = self.unread.take().unwrap_or("a frame is not as it was written");
        let mut damage = self.damaged(record, what);
        let behind = behind_damage(&bytes).filter(|(_, next)| *next >= record);
        if let (Some((skipped, next)), JournalError::Damaged { until, .. }) = (behind, &mut damage) {
            *until = Some(next - 1);
            self.at += skipped as u64;
            let mut rest = Cursor::new(bytes);
            rest.set_position(skipped as u64);
            // What is written meanwhile comes behind it.
            let more = std::mem::replace(&mut self.input, BufReader::new(Box::new(io::empty())));
            self.input = BufReader::with_capacity(BLOCK, Box::new(rest.chain(more)));
        }
        Err(damage)
    }

    /// Whether these bytes, to the end, were never wholly written.
    fn was_never_written(&self, bytes: &[u8]) -> bool {
        self.is_last && self.unread.is_none() && next_whole(bytes, 1).is_none()
    }

    /// All that is left to be read, after what was begun.
    fn rest(&mut self, mut begun: Vec<u8>) -> Result<Vec<u8>, JournalError> {
        loop {
            let before = begun.len();
            match self.input.read_to_end(&mut begun) {
                Ok(_) => return Ok(begun),
                Err(error) => self.cannot_read(error)?,
            }
            if begun.len() == before {
                return Ok(begun);
            }
        }
    }

    /// Fills the buffer as far as the segment can be read.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, JournalError> {
        let mut got = 0;
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

/// Where the next whole frame begins in these bytes, from there on.
fn next_whole(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len().saturating_sub(HEAD)).find(|at| {
        let rest = &bytes[*at..];
        let likely = rest.first_chunk().and_then(FrameHead::read);
        likely.is_some_and(|head| head.length <= LIKELY_BODY) && FrameHead::whole(rest).is_some()
    })
}

/// Where to read on in bytes that begin with what is no frame, and the number of the record that comes next there: from
/// there on all is whole up to a seal.
fn behind_damage(bytes: &[u8]) -> Option<(usize, u64)> {
    let mut from = next_whole(bytes, 1)?;
    let (mut at, mut records) = (from, 0);
    loop {
        match FrameHead::whole(&bytes[at..]) {
            Some((Frame::Seal(seal), _)) => {
                return seal
                    .last()
                    .saturating_add(1)
                    .checked_sub(records)
                    .map(|next| (from, next));
            }
            Some((Frame::Records(body), length)) => {
                records += count(body);
                at += length;
            }
            None => {
                from = next_whole(bytes, at + 1)?;
                (at, records) = (from, 0);
            }
        }
    }
}

/// Records in the body of a frame.
fn count(body: &[u8]) -> u64 {
    let mut walk = Walk::over(body).ok();
    let records = std::iter::from_fn(|| walk.as_mut()?.step().ok().flatten());
    records.count() as u64
}
