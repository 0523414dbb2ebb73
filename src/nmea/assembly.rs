//! Fragments of one message joined, in order, with its bounds.

use serde::{Deserialize, Serialize};

use super::{Encapsulated, Outcome, Tag};
use crate::time::{Span, Timestamp};

/// The last fragment comes at most this long after the first.
const WITHIN: Span = Span::s(10);
/// The last fragment comes at most so many lines of its feed after the first. That bounds the open groups too: a line
/// opens one at most, so there are never more than this.
const WITHIN_LINES: u64 = 64;
/// Longest joined payload in characters; a longer one is malformed, and its group is discarded.
const MAX_PAYLOAD: usize = 1024;

/// Open groups of one feed; plain data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assembly {
    /// Lines of the feed so far.
    lines: u64,
    /// Number of the stream that lines are of now.
    stream: u16,
    /// Oldest first.
    open: Vec<Group>,
    /// Payloads of closed groups, for their memory.
    spare: Vec<Vec<u8>>,
    joined: Vec<u8>,
    counts: GroupCounts,
}

/// What became of groups so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCounts {
    pub complete: u64,
    /// Unfinished when a new first part came.
    pub discarded: u64,
    /// Unfinished after 10 s or 64 lines.
    pub expired: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    key: Key,
    /// Number of the part that comes next.
    next: u8,
    first_line: u64,
    first_time: Timestamp,
    station: u16,
    payload: Vec<u8>,
}

/// What parts of one message have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    stream: u16,
    group: Option<u32>,
    /// Named in the tag block; only without a group.
    tagged: Option<u16>,
    address: [u8; 5],
    channel: u8,
    sequence: Option<u8>,
    total: u8,
}

/// Where a fragment comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Number of its station, 0 if none is named.
    station: u16,
    /// The same if the tag block names it: then only fragments that name it there join.
    tagged: u16,
    /// Number of its group of lines.
    group: Option<u32>,
}

impl Origin {
    /// That of a line with this tag block, of the station with this number.
    pub fn new(tag: &Tag<'_>, station: u16) -> Self {
        Self {
            station,
            tagged: if tag.source.is_some() { station } else { 0 },
            group: tag.group,
        }
    }
}

/// A whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Armoured payload, all fragments joined.
    pub payload: &'a [u8],
    pub fill_bits: u8,
    /// Number of the station named by its last part, else by its first; 0 if none is.
    pub station: u16,
    /// Lines of the feed at which it began and ended, from 1.
    pub first_line: u64,
    pub last_line: u64,
}

impl Assembly {
    /// Counts a line, of whatever kind.
    #[inline]
    pub fn count_line(&mut self) {
        self.lines += 1;
        let is_over = |group: &Group, lines| lines - group.first_line > WITHIN_LINES;
        while self.open.first().is_some_and(|oldest| is_over(oldest, self.lines)) {
            self.counts.expired += 1;
            self.close(0);
        }
    }

    /// Lines of the feed so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Number of the stream that lines are of now; 0 where there is but one.
    pub fn stream(&self) -> u16 {
        self.stream
    }

    /// Lines to come are of this stream: fragments of one do not join those of another.
    pub fn turn_to(&mut self, stream: u16) {
        self.stream = stream;
    }

    /// What became of groups so far.
    pub fn counts(&self) -> GroupCounts {
        self.counts
    }

    /// Number of the station named by the first line of an open group of lines; the others need not name it.
    pub fn station_of(&self, group: u32) -> Option<u16> {
        let same = |open: &&Group| open.key.group == Some(group) && open.key.stream == self.stream;
        self.open.iter().rfind(same).map(|open| open.station)
    }

    /// The first time that is known: what came before it came then.
    pub fn begin_at(&mut self, time: Timestamp) {
        for group in &mut self.open {
            group.first_time = time;
        }
    }

    /// The payload of the last message that had several fragments.
    pub fn joined(&self) -> &[u8] {
        &self.joined
    }

    /// Takes a fragment of the line just counted: the message it completes, or what became of the line.
    #[inline]
    pub fn join<'a>(
        &'a mut self,
        time: Timestamp,
        origin: Origin,
        part: &Encapsulated<'a>,
    ) -> Result<Message<'a>, Outcome> {
        if part.total == 1 {
            return Ok(Message {
                payload: part.payload,
                fill_bits: part.fill_bits,
                station: origin.station,
                first_line: self.lines,
                last_line: self.lines,
            });
        }
        self.join_part(time, origin, part)
    }

    /// Takes one of several fragments.
    fn join_part<'a>(
        &'a mut self,
        time: Timestamp,
        origin: Origin,
        part: &Encapsulated<'a>,
    ) -> Result<Message<'a>, Outcome> {
        let key = Key::of(self.stream, origin, part);
        let station = origin.station;
        if part.number == 1 {
            if let Some(unfinished) = self.find(&key, station) {
                self.counts.discarded += 1;
                self.close(unfinished);
            }
            self.begin(key, time, station, part);
            return Err(Outcome::Part);
        }
        let at = self.find_begun(&key, station).ok_or(Outcome::Orphan)?;
        self.extend(at, time, part)?;
        Ok(self.complete(at, station, part))
    }

    /// The newest open group of this key and station; a suffix need not stand behind each of its fragments.
    fn find(&self, key: &Key, station: u16) -> Option<usize> {
        let of = |fits: fn(u16, u16) -> bool| {
            let group = |group: &Group| group.key == *key && fits(group.station, station);
            self.open.iter().rposition(group)
        };
        of(|named, station| named == station).or_else(|| of(|named, station| named == 0 || station == 0))
    }

    /// The open group that a further fragment belongs to: in a group of lines the group decides, whatever else names a
    /// station.
    fn find_begun(&self, key: &Key, station: u16) -> Option<usize> {
        let of_lines = || {
            self.open
                .iter()
                .rposition(|group| group.key == *key && key.group.is_some())
        };
        self.find(key, station).or_else(of_lines)
    }

    fn begin(&mut self, key: Key, time: Timestamp, station: u16, part: &Encapsulated<'_>) {
        let mut payload = self.spare.pop().unwrap_or_default();
        payload.clear();
        payload.extend_from_slice(part.payload);
        self.open.push(Group {
            key,
            next: 2,
            first_line: self.lines,
            first_time: time,
            station,
            payload,
        });
    }

    fn extend(&mut self, at: usize, time: Timestamp, part: &Encapsulated<'_>) -> Result<(), Outcome> {
        let group = &mut self.open[at];
        if time.since(group.first_time).0.abs() > WITHIN.0 {
            self.counts.expired += 1;
            self.close(at);
            return Err(Outcome::Orphan);
        }
        if part.number != group.next {
            return Err(Outcome::Orphan);
        }
        if group.payload.len() + part.payload.len() > MAX_PAYLOAD {
            self.counts.discarded += 1;
            self.close(at);
            return Err(Outcome::Malformed);
        }
        group.payload.extend_from_slice(part.payload);
        group.next += 1;
        if part.number < part.total {
            Err(Outcome::Part)
        } else {
            Ok(())
        }
    }

    fn complete(&mut self, at: usize, station: u16, part: &Encapsulated<'_>) -> Message<'_> {
        self.counts.complete += 1;
        let group = self.open.remove(at);
        self.spare.push(std::mem::replace(&mut self.joined, group.payload));
        Message {
            payload: &self.joined,
            fill_bits: part.fill_bits,
            station: if station == 0 { group.station } else { station },
            first_line: group.first_line,
            last_line: self.lines,
        }
    }

    fn close(&mut self, at: usize) {
        let group = self.open.remove(at);
        self.spare.push(group.payload);
    }
}

impl Key {
    fn of(stream: u16, origin: Origin, part: &Encapsulated<'_>) -> Self {
        let Encapsulated {
            address,
            channel,
            sequence,
            total,
            ..
        } = *part;
        Self {
            stream,
            group: origin.group,
            tagged: origin.group.is_none().then_some(origin.tagged),
            address,
            channel,
            sequence,
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nmea::Sentence;

    /// Lines as (second, station of the tag block, lines before it, fields), and what becomes of each: `.` a part, `o`
    /// an orphan, else the payload it completes.
    fn check(lines: &[(i64, u16, u64, &str)], wanted: &[&str]) -> GroupCounts {
        let tagged = |station| Origin {
            station,
            tagged: station,
            group: None,
        };
        check_from(tagged, lines, wanted)
    }

    /// The same of lines whose station makes their origin.
    fn check_from(origin: impl Fn(u16) -> Origin, lines: &[(i64, u16, u64, &str)], wanted: &[&str]) -> GroupCounts {
        let mut assembly = Assembly::default();
        let told: Vec<String> = lines
            .iter()
            .map(|(second, station, skipped, fields)| {
                for _ in 0..=*skipped {
                    assembly.count_line();
                }
                let text = format!("!AIVDM,{fields}");
                let sum = text.bytes().skip(1).fold(0, |sum, byte| sum ^ byte);
                let line = format!("{text}*{sum:02X}");
                let part = Sentence::parse(line.as_bytes(), false)
                    .words
                    .unwrap()
                    .encapsulated
                    .unwrap()
                    .unwrap();
                match assembly.join(Timestamp::from_s(*second), origin(*station), &part) {
                    Ok(message) => String::from_utf8(message.payload.to_vec()).unwrap(),
                    Err(Outcome::Part) => ".".into(),
                    Err(Outcome::Orphan) => "o".into(),
                    Err(other) => format!("{other:?}"),
                }
            })
            .collect();
        assert_eq!(told, wanted);
        assembly.counts()
    }

    #[test]
    fn joins_what_belongs_together() {
        check(
            &[
                (0, 0, 0, "2,1,1,A,ab,0"),
                (1, 0, 0, "2,1,2,A,cd,0"),
                (2, 0, 0, "2,2,1,A,ef,2"),
            ],
            &[".", ".", "abef"],
        );
        check(
            &[
                (0, 0, 0, "3,1,1,A,a,0"),
                (0, 0, 0, "3,2,1,A,b,0"),
                (0, 0, 0, "3,3,1,A,c,0"),
            ],
            &[".", ".", "abc"],
        );
        check(
            &[
                (0, 0, 0, "2,1,1,A,a,0"),
                (0, 0, 0, "2,2,1,B,b,0"),
                (0, 0, 0, "2,2,,A,b,0"),
            ],
            &[".", "o", "o"],
        );
        check(
            &[
                (0, 1, 0, "2,1,1,A,a,0"),
                (0, 2, 0, "2,2,1,A,b,0"),
                (0, 1, 0, "2,2,1,A,c,0"),
            ],
            &[".", "o", "ac"],
        );
        check(
            &[
                (0, 0, 0, "3,1,1,A,a,0"),
                (0, 0, 0, "3,3,1,A,c,0"),
                (0, 0, 0, "3,2,1,A,b,0"),
            ],
            &[".", "o", "."],
        );
        check(&[(0, 0, 0, "2,2,1,A,b,0"), (0, 0, 0, "1,1,,A,c,0")], &["o", "c"]);
    }

    #[test]
    fn stations_of_suffixes_join_with_lines_that_name_none() {
        let untagged = |station| Origin {
            station,
            ..Origin::default()
        };
        let (first, last) = ("2,1,1,A,a,0", "2,2,1,A,b,0");
        for (stations, wanted) in [
            (&[1, 1][..], &[".", "ab"][..]),
            (&[0, 1], &[".", "ab"]),
            (&[1, 0], &[".", "ab"]),
            (&[1, 2], &[".", "o"]),
        ] {
            check_from(
                untagged,
                &[(0, stations[0], 0, first), (0, stations[1], 0, last)],
                wanted,
            );
        }
        let two = [
            (0, 1, 0, first),
            (0, 2, 0, "2,1,1,A,c,0"),
            (0, 2, 0, last),
            (0, 1, 0, last),
        ];
        check_from(untagged, &two, &[".", ".", "cb", "ab"]);
    }

    #[test]
    fn a_new_first_part_discards_and_time_and_lines_expire() {
        let counts = check(
            &[
                (0, 0, 0, "2,1,1,A,a,0"),
                (1, 0, 0, "2,1,1,A,w,0"),
                (2, 0, 0, "2,2,1,A,b,0"),
            ],
            &[".", ".", "wb"],
        );
        assert_eq!(
            counts,
            GroupCounts {
                complete: 1,
                discarded: 1,
                expired: 0
            }
        );
        check(&[(0, 0, 0, "2,1,1,A,a,0"), (10, 0, 0, "2,2,1,A,b,0")], &[".", "ab"]);
        let counts = check(&[(0, 0, 0, "2,1,1,A,a,0"), (11, 0, 0, "2,2,1,A,b,0")], &[".", "o"]);
        assert_eq!(counts.expired, 1);
        check(&[(0, 0, 0, "2,1,1,A,a,0"), (1, 0, 63, "2,2,1,A,b,0")], &[".", "ab"]);
        let counts = check(&[(0, 0, 0, "2,1,1,A,a,0"), (1, 0, 64, "2,2,1,A,b,0")], &[".", "o"]);
        assert_eq!(counts.expired, 1);
    }
}
