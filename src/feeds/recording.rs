//! Recordings read as feeds: several files merged by the times on their lines (RULES.md, "Time").

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use crate::nmea::{Framed, Framer, Sentence, Stamper};
use crate::report::FeedId;
use crate::time::{Span, Timestamp};

/// A stamp farther than this ahead of the clock is ignored, unless the lines after it agree.
const FAR_AHEAD: Span = Span::s(86_400);
/// So many lines after a stamp far ahead must agree with it.
const AGREEING: usize = 10;
/// A recording with no stamp in its first lines, so many, is one without times.
const FIRST_STAMP_WITHIN: usize = 10_000;
/// Bytes read at once.
const BLOCK: usize = 1 << 16;

/// Where the times of a recording without any come from.
#[derive(Clone, Copy, Debug)]
pub struct Assumed {
    pub start: Timestamp,
    /// Lines a second.
    pub rate: f64,
}

/// One recorded feed, read as it is needed.
pub struct Recording {
    reader: Box<dyn Read + Send>,
    framer: Framer,
    stamper: Stamper,
    ahead: VecDeque<Recorded>,
    spare: Vec<Vec<u8>>,
    ended: bool,
    trust_tags: bool,
    /// Added to the times of its lines.
    offset: Span,
    /// The time of the line before.
    last: Timestamp,
    assumed: Option<(Assumed, u64)>,
    /// The time of the line at the front, once found.
    front: Option<Timestamp>,
    bytes_read: u64,
}

/// A line with what it says of its time.
#[derive(Debug)]
struct Recorded {
    /// Empty for a line that was too long.
    line: Vec<u8>,
    stamp: Option<Timestamp>,
    is_valid: bool,
}

/// A line of one of several recordings, with its event time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed<'a> {
    pub feed: FeedId,
    pub time: Timestamp,
    /// `None` for a line that was too long.
    pub line: Option<&'a [u8]>,
}

/// Several recordings as one, by time; ties in the order given.
pub struct Merged {
    recordings: Vec<Recording>,
    /// Greatest time of a line whose sentence has a right checksum.
    clock: Option<Timestamp>,
    given: Option<usize>,
    ignored_stamps: u64,
}

/// Opens a file for reading, unpacking `.gz` and `.zst`.
pub fn open(path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
    let file = BufReader::with_capacity(BLOCK, File::open(path)?);
    Ok(match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::with_buffer(file)?),
        _ => Box::new(file),
    })
}

/// Reads what has no name to tell by whether it is packed: gzip (RFC 1952) and zstd (RFC 8878) begin as no line does.
pub fn unpack(mut reader: impl Read + Send + 'static) -> std::io::Result<Box<dyn Read + Send>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    let mut head = Vec::new();
    reader.by_ref().take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(&GZIP), head.starts_with(&ZSTD));
    let whole = BufReader::with_capacity(BLOCK, Cursor::new(head).chain(reader));
    Ok(match (gzip, zstd) {
        (true, _) => Box::new(flate2::read::MultiGzDecoder::new(whole)),
        (_, true) => Box::new(zstd::Decoder::with_buffer(whole)?),
        _ => Box::new(whole),
    })
}

impl Recording {
    /// A recording; its first lines are read to find its first time.
    pub fn new(
        reader: Box<dyn Read + Send>,
        trust_tags: bool,
        offset: Span,
        assumed: Assumed,
    ) -> std::io::Result<Self> {
        let mut recording = Self {
            reader,
            framer: Framer::default(),
            stamper: Stamper::default(),
            ahead: VecDeque::new(),
            spare: Vec::new(),
            ended: false,
            trust_tags,
            offset,
            last: assumed.start,
            assumed: None,
            front: None,
            bytes_read: 0,
        };
        let mut seen = 0;
        let first = loop {
            if let Some(stamp) = recording.ahead.iter().skip(seen).find_map(|line| line.stamp) {
                break Some(stamp);
            }
            seen = recording.ahead.len();
            if recording.ended || seen > FIRST_STAMP_WITHIN {
                break None;
            }
            recording.read_more()?;
        };
        match first {
            Some(first) => recording.last = first,
            None => recording.assumed = Some((assumed, 0)),
        }
        Ok(recording)
    }

    /// Whether its times are assumed, for want of any.
    pub fn is_assumed(&self) -> bool {
        self.assumed.is_some()
    }

    /// Bytes read so far, unpacked.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    fn read_more(&mut self) -> std::io::Result<()> {
        let mut block = [0; BLOCK];
        let count = self.reader.read(&mut block)?;
        self.bytes_read += count as u64;
        let Self {
            framer,
            stamper,
            ahead,
            spare,
            trust_tags,
            offset,
            ..
        } = self;
        let mut keep = |framed: Framed<'_>| {
            if framed == Framed::Line(&[]) {
                return;
            }
            let mut line = spare.pop().unwrap_or_default();
            line.clear();
            let (stamp, is_valid) = match framed {
                Framed::TooLong => {
                    stamper.skip();
                    (None, false)
                }
                Framed::Line(bytes) => {
                    line.extend_from_slice(bytes);
                    let sentence = Sentence::parse(&line, *trust_tags);
                    (
                        stamper.stamp(&sentence).map(|stamp| stamp.plus(*offset)),
                        sentence.is_valid(),
                    )
                }
            };
            ahead.push_back(Recorded { line, stamp, is_valid });
        };
        framer.push(&block[..count], &mut keep);
        if count == 0 {
            framer.finish(&mut keep);
            self.ended = true;
        }
        Ok(())
    }

    /// The time of the line at the front; `None` at the end.
    fn front(&mut self, clock: Option<Timestamp>, ignored: &mut u64) -> std::io::Result<Option<Timestamp>> {
        if self.front.is_some() {
            return Ok(self.front);
        }
        while self.ahead.len() <= AGREEING && !self.ended {
            self.read_more()?;
        }
        let Some(line) = self.ahead.front() else {
            return Ok(None);
        };
        let time = match (&mut self.assumed, line.stamp) {
            (Some((assumed, count)), _) => {
                let after = Span::from_s(*count as f64 / assumed.rate);
                *count += 1;
                assumed.start.plus(after)
            }
            (None, None) => self.last,
            (None, Some(stamp)) => {
                let far = clock.is_some_and(|clock| stamp.since(clock) > FAR_AHEAD);
                if far && !self.agrees(stamp) {
                    *ignored += 1;
                    self.last
                } else {
                    stamp
                }
            }
        };
        self.front = Some(time);
        Ok(self.front)
    }

    /// Whether each of the next lines has a stamp near this one.
    fn agrees(&self, stamp: Timestamp) -> bool {
        let near = |line: &Recorded| {
            line.stamp
                .is_some_and(|other| other.since(stamp).0.abs() <= FAR_AHEAD.0)
        };
        self.ahead.len() > AGREEING && self.ahead.iter().skip(1).take(AGREEING).all(near)
    }

    fn pop(&mut self) {
        if let Some(time) = self.front.take() {
            self.last = time;
        }
        self.spare.extend(self.ahead.pop_front().map(|line| line.line));
    }
}

impl Merged {
    /// Several recordings as one; their places are their feeds' ids.
    pub fn new(recordings: Vec<Recording>) -> Self {
        Self {
            recordings,
            clock: None,
            given: None,
            ignored_stamps: 0,
        }
    }

    /// Stamps ignored because they were too far ahead.
    pub fn ignored_stamps(&self) -> u64 {
        self.ignored_stamps
    }

    /// The recordings.
    pub fn recordings(&self) -> &[Recording] {
        &self.recordings
    }

    /// The next line by time; `None` at the end of all.
    pub fn next_line(&mut self) -> std::io::Result<Option<Timed<'_>>> {
        if let Some(given) = self.given.take() {
            self.recordings[given].pop();
        }
        let mut first: Option<(Timestamp, usize)> = None;
        for (at, recording) in self.recordings.iter_mut().enumerate() {
            let time = recording.front(self.clock, &mut self.ignored_stamps)?;
            if let Some(time) = time.filter(|time| first.is_none_or(|(earliest, _)| *time < earliest)) {
                first = Some((time, at));
            }
        }
        let Some((time, at)) = first else { return Ok(None) };
        self.given = Some(at);
        let line = &self.recordings[at].ahead[0];
        if line.is_valid {
            self.clock = self.clock.max(Some(time));
        }
        let feed = FeedId(u16::try_from(at).expect("feeds are bounded by the configuration"));
        Ok(Some(Timed {
            feed,
            time,
            line: (!line.line.is_empty()).then_some(&line.line),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamped(second: Option<i64>, payload: &str) -> String {
        let sum = |text: &str| text.bytes().fold(0, |sum, byte| sum ^ byte);
        let tag = second.map(|second| format!("c:{second}"));
        let tag = tag
            .map(|tag| format!("\\{tag}*{:02X}\\", sum(&tag)))
            .unwrap_or_default();
        let body = format!("AIVDM,1,1,,A,{payload},0");
        format!("{tag}!{body}*{:02X}\n", sum(&body))
    }

    /// Feeds of (second, name), and the order and times in which their lines must come.
    fn check(feeds: &[&[(Option<i64>, &str)]], wanted: &[(i64, &str)]) -> u64 {
        let assumed = Assumed {
            start: Timestamp::from_s(7),
            rate: 2.0,
        };
        let recordings = feeds.iter().map(|lines| {
            let text: String = lines.iter().map(|(second, name)| stamped(*second, name)).collect();
            Recording::new(Box::new(std::io::Cursor::new(text)), false, Span(0), assumed).unwrap()
        });
        let mut merged = Merged::new(recordings.collect());
        let mut told = Vec::new();
        while let Some(timed) = merged.next_line().unwrap() {
            let line = std::str::from_utf8(timed.line.unwrap()).unwrap();
            told.push((timed.time.0, line.rsplit(',').nth(1).unwrap().to_owned()));
        }
        let wanted: Vec<_> = wanted.iter().map(|(ms, name)| (*ms, (*name).to_owned())).collect();
        assert_eq!(told, wanted);
        merged.ignored_stamps()
    }

    #[test]
    fn lines_merge_by_time_and_ties_by_feed() {
        check(
            &[
                &[(Some(1), "a"), (Some(3), "b"), (Some(5), "c")],
                &[(Some(1), "d"), (Some(2), "e"), (Some(5), "f")],
            ],
            &[
                (1000, "a"),
                (1000, "d"),
                (2000, "e"),
                (3000, "b"),
                (5000, "c"),
                (5000, "f"),
            ],
        );
    }

    #[test]
    fn lines_without_a_stamp_take_the_one_before_or_the_first() {
        check(
            &[&[(None, "a"), (Some(4), "b"), (None, "c"), (Some(3), "d"), (None, "e")]],
            &[(4000, "a"), (4000, "b"), (4000, "c"), (3000, "d"), (3000, "e")],
        );
        check(
            &[&[(None, "a"), (None, "b"), (None, "c")]],
            &[(7000, "a"), (7500, "b"), (8000, "c")],
        );
    }

    #[test]
    fn epochs_and_gatehouse_lines_tell_times_too() {
        let body = "AIVDM,1,1,,A,a,0";
        let sum = |text: &str| text.bytes().fold(0, |sum, byte| sum ^ byte);
        let line = format!("!{body}*{:02X}", sum(body));
        let pghp = "PGHP,1,2026,3,1,0,0,9,0,338,2,,1,5A";
        let text = format!(
            "{line}\n1772323205 {line}\n\n{line},r1,1772323207\n${pghp}*{:02X}\n{line}\n{line}",
            sum(pghp)
        );
        let assumed = Assumed {
            start: Timestamp(0),
            rate: 1.0,
        };
        let recording = Recording::new(Box::new(std::io::Cursor::new(text)), false, Span(0), assumed).unwrap();
        let mut merged = Merged::new(vec![recording]);
        let mut told = Vec::new();
        while let Some(timed) = merged.next_line().unwrap() {
            told.push(timed.time.floor_s() - 1_772_323_200);
        }
        assert_eq!(told, [5, 5, 7, 9, 9, 9]);
        assert!(!merged.recordings()[0].is_assumed());
    }

    #[test]
    fn a_stamp_far_ahead_needs_ten_that_agree() {
        let day = 86_400;
        let lonely = check(
            &[&[
                (Some(1), "a"),
                (Some(2 + day), "b"),
                (Some(2), "c"),
                (Some(2 + day), "d"),
            ]],
            &[(1000, "a"), (1000, "b"), (2000, "c"), ((2 + day) * 1000, "d")],
        );
        assert_eq!(lonely, 1);
        let mut lines = vec![(Some(1), "a"), (Some(2 + 2 * day), "b")];
        lines.extend(std::iter::repeat_n((Some(3 + 2 * day), "c"), 10));
        let mut wanted = vec![(1000, "a"), ((2 + 2 * day) * 1000, "b")];
        wanted.extend(std::iter::repeat_n(((3 + 2 * day) * 1000, "c"), 10));
        assert_eq!(check(&[&lines], &wanted), 0);
    }
}
