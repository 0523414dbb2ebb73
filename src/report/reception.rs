//! Reception: sentences of all feeds to reports, fragments joined and duplicates dropped.

use super::hearings::Hearing;
use super::{Content, FeedId, HashKey, Hearings, Reading, Report, Said, SourceId, Sources, Station, StreamId};
use crate::ais::{self, Payload};
use crate::nmea::instruments::{self, Unread};
use crate::nmea::{Assembly, Encapsulated, Fault, GroupCounts, Origin, Outcome, Sentence, Words};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How one feed is listened to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listening {
    /// Talkers let through, as in `AI`; empty: all.
    pub talkers: Vec<String>,
    /// Sources let through; empty: all, and sentences that name none.
    pub sources: Vec<String>,
    /// Tag blocks are used though their checksum is wrong.
    pub trust_tags: bool,
    /// Whatever it brings is simulated.
    pub simulated: bool,
    /// It is heard as it is said: what time its stations tell is to be that of the receipt.
    pub is_live: bool,
}

/// All that turns sentences into reports.
#[derive(Debug)]
pub struct Reception {
    feeds: Vec<(Listening, Assembly)>,
    hearings: Hearings,
    sources: Sources,
}

/// What reception remembers; plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    assemblies: Vec<Assembly>,
    hearings: Vec<Hearing>,
    sources: Sources,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub outcome: Outcome,
    /// For every sentence whose checksum is right.
    pub report: Option<Report>,
    /// A parser failed over it: a fault of this program.
    pub panicked: bool,
}

/// Why a sentence said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unheard {
    Because(Outcome),
    /// A parser failed over it.
    Panicked,
}

impl From<Unread> for Unheard {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Unsupported => Self::Because(Outcome::Unsupported),
            Unread::Malformed => Self::Because(Outcome::Malformed),
            Unread::Panicked => Self::Panicked,
        }
    }
}

impl Reception {
    /// Ears for these feeds.
    pub fn new(feeds: Vec<Listening>, key: HashKey) -> Self {
        let feeds = feeds
            .into_iter()
            .map(|listening| (listening, Assembly::default()))
            .collect();
        Self {
            feeds,
            hearings: Hearings::new(key),
            sources: Sources::default(),
        }
    }

    /// Goes on from what was remembered under the same hash key and the same feeds, new ones behind them.
    pub fn resume(feeds: Vec<Listening>, memory: Memory, key: HashKey) -> Self {
        let hearings = Hearings::from_parts(key, memory.hearings);
        let assemblies = memory
            .assemblies
            .into_iter()
            .chain(std::iter::repeat_with(Assembly::default));
        Self {
            feeds: feeds.into_iter().zip(assemblies).collect(),
            hearings,
            sources: memory.sources,
        }
    }

    /// All that it remembers.
    pub fn memory(&self) -> Memory {
        let assemblies = self.feeds.iter().map(|(_, assembly)| assembly.clone()).collect();
        Memory {
            assemblies,
            hearings: self.hearings.to_parts(),
            sources: self.sources.clone(),
        }
    }

    /// Whether there is such a feed.
    pub fn has_feed(&self, feed: FeedId) -> bool {
        usize::from(feed.0) < self.feeds.len()
    }

    /// The names of stations heard.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What became of a feed's groups of fragments.
    pub fn groups(&self, feed: FeedId) -> GroupCounts {
        self.feeds[usize::from(feed.0)].1.counts()
    }

    /// Reads a line as this feed is to be listened to.
    pub fn read<'a>(&self, feed: FeedId, line: &'a [u8]) -> Sentence<'a> {
        Sentence::parse(line, self.feeds[usize::from(feed.0)].0.trust_tags)
    }

    /// The armoured payload of a feed's last message of several fragments.
    pub fn joined(&self, feed: FeedId) -> &[u8] {
        self.feeds[usize::from(feed.0)].1.joined()
    }

    /// The stream that a feed's lines are of now.
    pub fn stream(&self, feed: FeedId) -> StreamId {
        StreamId(self.feeds[usize::from(feed.0)].1.stream())
    }

    /// The lines of a feed to come are of this stream.
    pub fn turn_to(&mut self, feed: FeedId, stream: StreamId) {
        self.feeds[usize::from(feed.0)].1.turn_to(stream.0);
    }

    /// A line that was too long to be read; it counts as one of its feed all the same.
    pub fn skip(&mut self, feed: FeedId) -> Heard {
        self.feeds[usize::from(feed.0)].1.count_line();
        Heard {
            outcome: Outcome::TooLong,
            report: None,
            panicked: false,
        }
    }

    /// Hears a sentence read from a feed at an event time.
    pub fn hear(&mut self, feed: FeedId, time: Timestamp, sentence: &Sentence<'_>) -> Heard {
        let (listening, assembly) = &mut self.feeds[usize::from(feed.0)];
        assembly.count_line();
        let words = match &sentence.words {
            Ok(words) => words,
            Err(fault) => {
                return Heard {
                    outcome: outcome_of(*fault),
                    report: None,
                    panicked: false,
                };
            }
        };
        let source = self.sources.of(sentence, assembly);
        let named = self.sources.name(source);
        let lets_through = listening.lets_through(words, named.as_deref());
        let is_live = listening.is_live;
        let mut report = Report {
            source: named,
            clock: sentence.tag_time().filter(|_| is_live),
            simulated: listening.simulated || self.sources.is_simulated(source),
            ..Report::of(time, Station { feed, source }, None)
        };
        let taken = if lets_through {
            self.take(&mut report, words, Origin::new(&sentence.tag, source.0))
        } else {
            Err(Unheard::Because(Outcome::Filtered))
        };
        if let Some(Reading::Fix { clock, .. }) = report.own.as_deref() {
            report.clock = clock.filter(|_| is_live).or(report.clock);
        }
        Heard {
            outcome: match taken {
                Ok(()) => Outcome::Ok,
                Err(Unheard::Because(outcome)) => outcome,
                Err(Unheard::Panicked) => Outcome::Malformed,
            },
            report: Some(report),
            panicked: taken == Err(Unheard::Panicked),
        }
    }

    /// Puts into the report what the sentence says.
    fn take(&mut self, report: &mut Report, words: &Words<'_>, origin: Origin) -> Result<(), Unheard> {
        match words.encapsulated {
            None => report.own = Some(Box::new(instruments::read(words.text, report.time)?)),
            Some(Err(fault)) => return Err(Unheard::Because(outcome_of(fault))),
            Some(Ok(part)) => {
                let said = self.join(report, origin, &part).map_err(Unheard::Because)?;
                report.own = words.signal().map(|signal| Box::new(Reading::Signal(signal)));
                let again = said.content == Content::Again;
                report.said = Some(said);
                if again {
                    return Err(Unheard::Because(Outcome::Duplicate));
                }
            }
        }
        Ok(())
    }

    /// What the fragment completes: a message, or one of a type that says nothing to the picture yet.
    fn join(&mut self, report: &mut Report, origin: Origin, part: &Encapsulated<'_>) -> Result<Said, Outcome> {
        let Self {
            feeds,
            hearings,
            sources,
        } = self;
        let assembly = &mut feeds[usize::from(report.station.feed.0)].1;
        let message = assembly.join(report.time, origin, part)?;
        if report.station.source.0 != message.station {
            report.station.source = SourceId(message.station);
            report.source = sources.name(report.station.source);
        }
        let decoded = ais::decode(&Payload {
            armoured: message.payload,
            fill_bits: message.fill_bits,
        });
        let decoded = match &decoded {
            Ok(decoded) => decoded,
            Err(ais::Reject::Unsupported) => return Err(Outcome::Unsupported),
            Err(_) => return Err(Outcome::Malformed),
        };
        Ok(if hearings.counts(report.time, message.payload, message.fill_bits) {
            Said::of(decoded)
        } else {
            Said::again(decoded)
        })
    }
}

impl Listening {
    fn lets_through(&self, words: &Words<'_>, source: Option<&str>) -> bool {
        let talker = words.talker();
        (self.talkers.is_empty() || self.talkers.iter().any(|own| own.as_bytes() == talker))
            && (self.sources.is_empty() || self.sources.iter().any(|own| Some(own.as_str()) == source))
    }
}

fn outcome_of(fault: Fault) -> Outcome {
    match fault {
        Fault::BadChecksum => Outcome::BadChecksum,
        Fault::NoChecksum => Outcome::NoChecksum,
        Fault::Malformed => Outcome::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_of_two_streams_do_not_join() {
        let mut reception = Reception::new(vec![Listening::default()], HashKey(1, 2));
        let first = "!AIVDM,2,1,0,A,538CQ>02A;h?D9QC800pu8@T>0P4l9E8L0000017Ah:;;5r50Ahm5;C0,0*06";
        let last = "!AIVDM,2,2,0,A,F@V@00000000000,2*34";
        for (stream, line, outcome) in [
            (1, first, Outcome::Part),
            (2, last, Outcome::Orphan),
            (2, first, Outcome::Part),
            (1, last, Outcome::Ok),
            (2, last, Outcome::Duplicate),
        ] {
            reception.turn_to(FeedId(0), StreamId(stream));
            assert_eq!(reception.stream(FeedId(0)), StreamId(stream));
            let sentence = Sentence::parse(line.as_bytes(), false);
            assert_eq!(
                reception.hear(FeedId(0), Timestamp(0), &sentence).outcome,
                outcome,
                "{line} in {stream}"
            );
        }
    }

    #[test]
    fn suffixes_tell_stations_apart() {
        let mut reception = Reception::new(vec![Listening::default()], HashKey(1, 2));
        let first = "!AIVDM,2,1,0,A,538CQ>02A;h?D9QC800pu8@T>0P4l9E8L0000017Ah:;;5r50Ahm5;C0,0*06";
        let last = "!AIVDM,2,2,0,A,F@V@00000000000,2*34";
        for (line, outcome, source) in [
            (
                format!("{first},s27302,d-101,r08TPHI1,1242958962"),
                Outcome::Part,
                "r08TPHI1",
            ),
            (format!("{last},r07RPAL1,1242958962"), Outcome::Orphan, "r07RPAL1"),
            (format!("{last},r08TPHI1,1242958962"), Outcome::Ok, "r08TPHI1"),
            (
                "!AIVDM,1,1,,A,13bcqL0P00PFW8>MvSd>4?vj2>`<,0*4A,b003669794".into(),
                Outcome::Ok,
                "b003669794",
            ),
            (
                "\\s:ST4*7A\\!AIVDM,1,1,,A,13bcqL0P00PFW8>MvSd>4?vj2>`<,0*4A,b003669794".into(),
                Outcome::Duplicate,
                "ST4",
            ),
        ] {
            let heard = reception.hear(FeedId(0), Timestamp(0), &Sentence::parse(line.as_bytes(), false));
            assert_eq!(heard.outcome, outcome, "{line}");
            let named = heard.report.and_then(|report| report.source);
            assert_eq!(named.as_deref(), Some(source), "{line}");
        }
    }

    #[test]
    fn a_suffix_tells_how_a_message_was_heard() {
        let line = "!AIVDM,1,1,,A,13bcqL0P00PFW8>MvSd>4?vj2>`<,0*4A,s28089,d-103,S1832,r08TPHI1,1242958962";
        let mut reception = Reception::new(vec![Listening::default()], HashKey(1, 2));
        let heard = reception.hear(FeedId(0), Timestamp(0), &Sentence::parse(line.as_bytes(), false));
        let Some(Reading::Signal(signal)) = heard.report.and_then(|report| report.own).as_deref().cloned() else {
            panic!("no signal");
        };
        assert_eq!((signal.slot, signal.strength_dbm), (Some(1832), Some(-103.0)));
    }

    #[test]
    fn a_group_of_lines_has_the_source_that_its_first_names() {
        let listening = Listening {
            sources: vec!["ST3".into()],
            ..Listening::default()
        };
        let mut reception = Reception::new(vec![listening], HashKey(1, 2));
        for (line, outcome, source) in [
            (
                "\\g:2-2-7*6A\\!AIVDM,2,2,0,A,F@V@00000000000,2*34",
                Outcome::Filtered,
                0,
            ),
            (
                "\\g:1-2-7,s:ST3*38\\!AIVDM,2,1,0,A,538CQ>02A;h?D9QC800pu8@T>0P4l9E8L0000017Ah:;;5r50Ahm5;C0,0*06",
                Outcome::Part,
                1,
            ),
            (
                "\\s:ST4*7A\\!AIVDM,1,1,,A,13bcqL0P00PFW8>MvSd>4?vj2>`<,0*4A",
                Outcome::Filtered,
                2,
            ),
            ("\\g:2-2-7*6A\\!AIVDM,2,2,0,A,F@V@00000000000,2*34", Outcome::Ok, 1),
        ] {
            let sentence = Sentence::parse(line.as_bytes(), false);
            let heard = reception.hear(FeedId(0), Timestamp(0), &sentence);
            assert_eq!(heard.outcome, outcome, "{line}");
            let station = heard.report.map(|report| report.station.source);
            assert_eq!(station, Some(SourceId(source)), "{line}");
        }
    }
}
