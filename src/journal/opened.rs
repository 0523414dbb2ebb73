//! A segment as it is read: its head, then frame after frame, to its end or to where it is not as it was written.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use super::JournalError;
use super::frame::{Frame, FrameHead, HEAD, Seal, Walk};
use super::segment::{NoHead, SegmentHead, Segments, is_closed};
use crate::time::Timestamp;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;
/// A frame that may follow damage is looked for up to this length: those of the live service are far shorter.
const LIKELY_BODY: usize = 1 << 20;

/// A segment that is read.
pub(super) struct Opened {
    pub number: u64,
    pub path: PathBuf,
    /// Where the frame begins that is read next.
    pub at: u64,
    input: BufReader<Box<dyn Read + Send>>,
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
        };
        match SegmentHead::read(&mut opened.input) {
            Ok((head, length)) => {
                opened.at = length as u64;
                Ok(Begun::Whole(opened, head))
            }
            Err(NoHead::Unwritten(begun)) if opened.is_last => match opened.torn(begun, record)? {
                Some(torn) => Ok(Begun::Torn(torn)),
                None => Err(NoHead::Unwritten(Vec::new()).at(&opened.path, record)),
            },
            Err(fault) => Err(fault.at(&opened.path, record)),
        }
    }

    /// Reads what comes next, the body of a frame of records into `body`; `record` is the number of their first.
    pub fn read(&mut self, body: &mut Vec<u8>, record: u64) -> Result<Next, JournalError> {
        let mut head = [0; HEAD];
        let got = self.fill(&mut head, record)?;
        if got == 0 {
            return Ok(Next::End);
        }
        let Some(frame) = FrameHead::read(&head).filter(|_| got == HEAD) else {
            return self.broken(head[..got].to_vec(), record);
        };
        body.resize(frame.length, 0);
        let got = self.fill(body, record)?;
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
            what,
        }
    }

    /// The frame that begins with these bytes is not whole: the journal's torn end, or damage.
    fn broken(&mut self, begun: Vec<u8>, record: u64) -> Result<Next, JournalError> {
        match self.torn(begun, record)? {
            Some(torn) => Ok(Next::Torn(torn)),
            None => Err(self.damaged(record, "a frame is not as it was written")),
        }
    }

    /// How many bytes were never wholly written, from those that are begun with to the end; none if they were.
    fn torn(&mut self, mut begun: Vec<u8>, record: u64) -> Result<Option<u64>, JournalError> {
        if !self.is_last {
            return Ok(None);
        }
        let read = self.input.read_to_end(&mut begun);
        read.map_err(|error| self.unread(record, error))?;
        Ok((!holds_a_frame(&begun[1.min(begun.len())..])).then_some(begun.len() as u64))
    }

    /// Fills the buffer as far as the segment reaches.
    fn fill(&mut self, buffer: &mut [u8], record: u64) -> Result<usize, JournalError> {
        let mut got = 0;
        while got < buffer.len() {
            match self.input.read(&mut buffer[got..]) {
                Ok(0) => break,
                Ok(count) => got += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unread(record, error)),
            }
        }
        Ok(got)
    }

    fn unread(&self, record: u64, error: io::Error) -> JournalError {
        JournalError::unread(&self.path, self.at, record, error)
    }
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
