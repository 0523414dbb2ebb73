//! What has been heard: counts, rates, vessels, and each message in a line.

use std::collections::VecDeque;
use std::fmt::Write;

use harborwatch::ais::Mmsi;
use harborwatch::feeds::What;
use harborwatch::geo::{self, Metres, Position};
use harborwatch::nmea::{Outcome, Sentence, Stamper};
use harborwatch::picture::{Picture, StationRecord};
use harborwatch::register::Register;
use harborwatch::report::{
    Content, FeedId, HashKey, Heard, Listening, PositionReport, Quantity, Reading, Reception, Said, StaticReport,
};
use harborwatch::service::draw_hash_key;
use harborwatch::time::Timestamp;
use harborwatch::track::{Fate, TrackLimits};

use super::words::Words;

/// Rates are means over so many seconds.
const RATE_OVER_S: usize = 10;
/// Message types, and in front of them the sentences that are none.
const TYPES: usize = 29;
/// Characters shown of a line that could not be read.
const SHOWN: usize = 60;

/// All that has been heard.
pub(super) struct Ear {
    words: &'static Words,
    reception: Reception,
    picture: Picture,
    antenna: Option<Position>,
    /// Tells the times in a recording; live, a line has the time of its receipt.
    stamper: Option<Stamper>,
    time: Timestamp,
    pub state: State,
    lines: u64,
    dropped: u64,
    outcomes: [u64; Outcome::ALL.len()],
    types: [u64; TYPES],
    /// By second, the present one last: messages by type, and all valid sentences in front.
    recent: VecDeque<[u32; TYPES]>,
    second: i64,
    farthest: Option<(Metres, Mmsi)>,
}

/// How the feed is doing.
pub(super) enum State {
    Waiting,
    Receiving,
    Down(String),
    Ended,
}

/// A line told of a message or a reject.
pub(super) struct Line {
    time: Timestamp,
    pub tone: Tone,
    pub text: String,
}

/// How a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Head,
    /// Of the station itself.
    Own,
    /// Alarms and safety.
    Loud,
    Bad,
}

impl Line {
    /// Hour, minute and second, UTC.
    pub(super) fn clock(&self) -> String {
        let [.., hour, minute, second] = self.time.civil();
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

impl Ear {
    pub(super) fn new(words: &'static Words, antenna: Option<Position>, recorded: bool, now: Timestamp) -> Self {
        let key: HashKey = draw_hash_key();
        Self {
            words,
            reception: Reception::new(vec![Listening::default()], key),
            picture: Picture::new(TrackLimits::default(), Register::default(), 1, now, key),
            antenna,
            stamper: recorded.then(Stamper::default),
            time: now,
            state: State::Waiting,
            lines: 0,
            dropped: 0,
            outcomes: Default::default(),
            types: [0; TYPES],
            recent: VecDeque::from([[0; TYPES]]),
            second: now.floor_s(),
            farthest: None,
        }
    }

    /// Takes what the feed tells; a line for each message and each reject.
    pub(super) fn take(&mut self, what: &What) -> Vec<Line> {
        match what {
            What::Lines { received, lines, .. } => {
                self.pass(*received);
                return lines.iter().filter_map(|line| self.hear(*received, line)).collect();
            }
            What::Connected => self.state = State::Receiving,
            What::Disconnected { error } | What::Trouble { error } => self.state = State::Down(error.clone()),
            What::Dropped { lines, datagrams } => self.dropped += lines + datagrams,
            What::Ended => self.state = State::Ended,
        }
        Vec::new()
    }

    /// Time passes: rates fall.
    pub(super) fn pass(&mut self, now: Timestamp) {
        let passed = now.floor_s() - self.second;
        for _ in 0..passed.clamp(0, RATE_OVER_S as i64) {
            self.recent.push_back([0; TYPES]);
        }
        while self.recent.len() > RATE_OVER_S {
            self.recent.pop_front();
        }
        self.second = self.second.max(now.floor_s());
    }

    fn hear(&mut self, received: Timestamp, line: Option<&[u8]>) -> Option<Line> {
        self.lines += 1;
        let Some(line) = line else {
            self.outcomes[Outcome::TooLong as usize] += 1;
            self.reception.skip(FeedId(0));
            return Some(self.reject(Outcome::TooLong, b""));
        };
        let sentence = self.reception.read(FeedId(0), line);
        self.time = match &mut self.stamper {
            Some(stamper) => stamper.stamp(&sentence).unwrap_or(self.time),
            None => received,
        };
        let heard = self.reception.hear(FeedId(0), self.time, &sentence);
        self.outcomes[heard.outcome as usize] += 1;
        match heard.outcome {
            Outcome::Ok => self.message(&heard, &sentence),
            Outcome::Part | Outcome::Duplicate => {
                self.count(0);
                None
            }
            outcome => {
                if sentence.is_valid() {
                    self.count(0);
                }
                Some(self.reject(outcome, line))
            }
        }
    }

    fn count(&mut self, message_type: usize) {
        let Some(now) = self.recent.back_mut() else { return };
        now[0] += 1;
        self.types[message_type] += 1;
        if message_type > 0 {
            now[message_type] += 1;
        }
    }

    fn reject(&self, outcome: Outcome, line: &[u8]) -> Line {
        let shown = |byte: &u8| {
            if byte.is_ascii_graphic() || *byte == b' ' {
                char::from(*byte)
            } else {
                '.'
            }
        };
        let line: String = line.iter().take(SHOWN).map(shown).collect();
        Line {
            time: self.time,
            tone: Tone::Bad,
            text: format!("{}: {line}", self.words.outcomes[outcome as usize]),
        }
    }

    fn message(&mut self, heard: &Heard, sentence: &Sentence<'_>) -> Option<Line> {
        let report = heard.report.as_ref()?;
        let applied = self.picture.apply(report, report.time);
        let placed = applied.is_some_and(|(_, change)| change.fate == Some(Fate::Accepted));
        if let Some(said) = report.news() {
            self.count(usize::from(said.message_type));
            if placed {
                self.measure(said.mmsi);
            }
            let tone = match said.content {
                Content::SafetyText(_) => Tone::Loud,
                _ => Tone::Plain,
            };
            let mut text = self.told(said);
            if let Some(signal) = report.own.as_deref() {
                let _ = write!(text, " {}", reading(signal));
            }
            return Some(Line {
                time: self.time,
                tone,
                text,
            });
        }
        self.count(0);
        let own = report.own.as_deref()?;
        let formatter = sentence
            .words
            .ok()
            .and_then(|words| words.text.get(3..6))
            .unwrap_or_default();
        let tone = match own {
            Reading::Alarm(alarm) if alarm.active => Tone::Loud,
            _ => Tone::Own,
        };
        let text = format!("{} {}", String::from_utf8_lossy(formatter), reading(own));
        Some(Line {
            time: self.time,
            tone,
            text,
        })
    }

    /// A vessel is the farthest only once two of its positions agree.
    fn measure(&mut self, mmsi: Mmsi) {
        let Some(from) = self.antenna.or_else(|| Some(self.station()?.position?.value)) else {
            return;
        };
        let Some(track) = self.picture.find(mmsi).map(|slot| self.picture.track(slot)) else {
            return;
        };
        let Some(at) = track.shown_at().filter(|_| track.previous.is_some()) else {
            return;
        };
        let distance = geo::distance(from, at);
        if self.farthest.is_none_or(|(farthest, _)| distance > farthest) {
            self.farthest = Some((distance, mmsi));
        }
    }

    /// What the receiver says of itself: the station whose place is known, else the first.
    fn station(&self) -> Option<&StationRecord> {
        let mut all = self.picture.stations.all().map(|(_, record)| record);
        let first = self.picture.stations.all().next().map(|(_, record)| record);
        all.find(|record| record.position.is_some()).or(first)
    }

    fn name(&self, mmsi: Mmsi) -> String {
        let track = self.picture.find(mmsi).map(|slot| self.picture.track(slot));
        let name = track.and_then(|track| track.statics.name.value);
        name.map_or(String::new(), |name| format!(" {name}"))
    }

    fn told(&self, said: &Said) -> String {
        let number = usize::from(said.message_type);
        let kind = self.words.messages.get(number.wrapping_sub(1)).unwrap_or(&"");
        let mut text = format!("{number:>2} {kind} {}{}", said.mmsi, self.name(said.mmsi));
        match &said.content {
            Content::Position(report) => position(report, &mut text),
            Content::PositionAndStatic(report, statics) => {
                position(report, &mut text);
                describe(statics, &mut text);
            }
            Content::Static(statics) => describe(statics, &mut text),
            Content::Place(place) => {
                text.push_str(&place.map_or(String::new(), |place| format!(" {}", degrees(place))))
            }
            Content::SafetyText(safety) => text.push_str(&format!(" “{safety}”")),
            Content::Weather(weather) => {
                text.push(' ');
                text.push_str(&measures(weather.measures.iter().copied()));
            }
            Content::Other | Content::Again => {}
        }
        text
    }

    /// The rows above the last messages.
    pub(super) fn head(&self) -> Vec<(Tone, String)> {
        let words = self.words;
        let (tone, state) = match &self.state {
            State::Waiting => (Tone::Loud, words.waiting.to_owned()),
            State::Receiving => (Tone::Own, words.receiving.to_owned()),
            State::Down(error) => (Tone::Bad, format!("{}: {error}", words.down)),
            State::Ended => (Tone::Loud, words.ended.to_owned()),
        };
        let mut rows = vec![
            (Tone::Head, format!("harborwatch listen · {}", words.quit)),
            (tone, state),
        ];
        rows.extend(self.counts().into_iter().map(|row| (Tone::Plain, row)));
        if let Some(station) = self.station() {
            rows.extend(self.own(station));
        }
        rows.push((Tone::Head, words.last.to_owned()));
        rows
    }

    fn counts(&self) -> Vec<String> {
        let words = self.words;
        let mut all = format!(
            "{:.1} {} · {} {} · {} {}",
            self.rate(0),
            words.per_s,
            self.lines,
            words.lines,
            self.picture.len(),
            words.vessels
        );
        if self.dropped > 0 {
            let _ = write!(all, " · {} {}", self.dropped, words.dropped);
        }
        if let Some((distance, mmsi)) = self.farthest {
            let _ = write!(
                all,
                " · {} {:.1} NM {mmsi}{}",
                words.farthest,
                distance.nm(),
                self.name(mmsi)
            );
        }
        let outcomes = words.outcomes.iter().zip(self.outcomes).filter(|(_, count)| *count > 0);
        let outcomes: Vec<String> = outcomes.map(|(word, count)| format!("{word} {count}")).collect();
        let types = self.types.iter().enumerate().skip(1).filter(|(_, count)| **count > 0);
        let types: Vec<String> = types
            .map(|(number, count)| format!("{number}: {count} ({:.1}/s)", self.rate(number)))
            .collect();
        vec![
            all,
            format!("{}: {}", words.lines, outcomes.join(" · ")),
            format!("{}: {}", words.types, types.join(" · ")),
        ]
    }

    fn own(&self, station: &StationRecord) -> Vec<(Tone, String)> {
        let words = self.words;
        let mut parts = Vec::new();
        parts.extend(station.position.map(|position| degrees(position.value)));
        let offset = station.clock.map(|clock| clock.value.since(clock.time).as_s());
        parts.extend(offset.map(|offset| format!("{} {offset:+.1} s", words.clock)));
        let weather = measures(station.weather.iter().map(|(quantity, datum)| (quantity, datum.value)));
        parts.extend(Some(weather).filter(|weather| !weather.is_empty()));
        parts.extend(station.text.as_ref().map(|text| format!("“{}”", text.value)));
        let alarms = station.alarms.iter().map(|alarm| {
            let text = format!("{}: {} {}", words.alarms, alarm.value.id, alarm.value.text);
            (Tone::Loud, text)
        });
        let own = (Tone::Own, format!("{}: {}", words.station, parts.join(" · ")));
        let own = Some(own).filter(|_| !parts.is_empty());
        own.into_iter().chain(alarms).collect()
    }

    /// Messages of a type in a second; 0: all valid sentences.
    fn rate(&self, message_type: usize) -> f64 {
        let sum: u32 = self.recent.iter().map(|second| second[message_type]).sum();
        f64::from(sum) / self.recent.len().max(1) as f64
    }

    /// What was heard in all, in a few lines.
    pub(super) fn summary(&self) -> String {
        self.counts().join("\n") + "\n"
    }
}

/// `24.4200N 118.4100E`.
fn degrees(place: Position) -> String {
    let (north, east) = (
        if place.lat < 0.0 { 'S' } else { 'N' },
        if place.lon < 0.0 { 'W' } else { 'E' },
    );
    format!("{:.4}{north} {:.4}{east}", place.lat.abs(), place.lon.abs())
}

fn position(report: &PositionReport, text: &mut String) {
    let place = report.position.map_or("–".into(), degrees);
    let _ = write!(text, " {place}");
    if let Some(sog) = report.sog {
        let _ = write!(text, " {:.1} kn", sog.0);
    }
    if let Some(cog) = report.cog {
        let _ = write!(text, " {:03.0}°", cog.0);
    }
}

/// What static data says beside the name.
fn describe(statics: &StaticReport, text: &mut String) {
    if let Some(Some(call_sign)) = statics.call_sign {
        let _ = write!(text, " {call_sign}");
    }
    if let Some(Some(imo)) = statics.imo {
        let _ = write!(text, " IMO {imo}");
    }
    if let Some(Some(size)) = statics.dimensions {
        let beam = u16::from(size.port) + u16::from(size.starboard);
        let _ = write!(text, " {}×{beam} m", size.bow + size.stern);
    }
    if let Some(Some(draught)) = statics.draught {
        let _ = write!(text, " ↓{:.1} m", draught.0);
    }
    if let Some(Some(destination)) = statics.destination {
        let _ = write!(text, " → {destination}");
    }
}

/// `wind_ms 10.0, depth_m 5.2`: the names of the API.
fn measures(measures: impl Iterator<Item = (Quantity, f64)>) -> String {
    let each = |(quantity, value): (Quantity, f64)| format!("{} {value:.1}", quantity.name());
    measures.map(each).collect::<Vec<_>>().join(", ")
}

fn reading(own: &Reading) -> String {
    match own {
        Reading::Fix { clock, position } => {
            let clock = clock.map(|clock| clock.to_string());
            let parts = [clock, position.map(degrees)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Reading::Measured(values) => measures(values.iter().copied()),
        Reading::Alarm(alarm) => {
            let mark = |holds: bool| if holds { 'A' } else { 'V' };
            let (active, acknowledged) = (mark(alarm.active), mark(alarm.acknowledged));
            format!("{} {active}{acknowledged} {}", alarm.id, alarm.text)
        }
        Reading::Text(text) => text.to_string(),
        Reading::Signal(signal) => {
            let strength = signal.strength_dbm.map(|dbm| format!("{dbm:.0} dBm"));
            let slot = signal.slot.map(|slot| format!("slot {slot}"));
            [strength, slot].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Reading::Nothing => "–".into(),
    }
}
