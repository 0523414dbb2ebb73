//! Stations and feeds: when each was last heard to work, how long each has been deaf, and what it says of itself.

use std::collections::BTreeMap;

use arrayvec::{ArrayString, ArrayVec};
use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::habit::{self, Habit};
use crate::ais::Mmsi;
use crate::geo::Position;
use crate::nmea::MAX_SOURCE;
use crate::report::{Alarm, Content, FeedId, Quantity, Reading, Report, Said, Signal, Station, Text, WeatherReport};
use crate::time::{Span, Timestamp};

/// A gap between two valid sentences of a station longer than this is deafness, all of it.
pub const DEAF_AFTER: Span = Span::s(120);
/// Alarms kept of one station. At the bound the one told longest ago goes.
const MAX_ALARMS: usize = 32;
/// Weather stations kept that send AIS messages. At the bound the one heard longest ago goes.
pub const MAX_SENDERS: usize = 1024;
/// Receivers of which is learned what they hear. At the bound nothing is learned of one more.
const MAX_LEARNED: usize = 256;
/// So many times that a station told the time are remembered.
pub const TIMES_TOLD: usize = 10;

/// What is known of who hears the vessels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stations {
    stations: BTreeMap<Station, StationRecord>,
    feeds: Vec<FeedRecord>,
    senders: BTreeMap<Mmsi, Sender>,
    /// The start, or the end of the service's last absence.
    present_since: Timestamp,
    /// The hour that is not over, counted from 1970.
    hour: i64,
    learned: BTreeMap<Station, Learned>,
}

/// What was learned of a receiver over days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// How much it hears.
    pub habit: Habit,
    /// How far it hears; nothing where it is not known where its antenna stands.
    pub coverage: Coverage,
}

/// Which station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StationKey {
    /// A receiver: a feed and the source named in its tag blocks.
    Receiver(Station),
    /// A weather station that sends AIS messages.
    Sender(Mmsi),
}

impl StationKey {
    /// `FEED/SOURCE`, without a source `FEED`; of a weather station its MMSI.
    pub fn name(self, feed: &str, source: Option<&str>) -> String {
        match (self, source) {
            (Self::Sender(mmsi), _) => mmsi.to_string(),
            (Self::Receiver(_), Some(source)) => format!("{feed}/{source}"),
            (Self::Receiver(_), None) => feed.to_owned(),
        }
    }
}

/// One station: a feed and the source named in its tag blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Its name in tag blocks.
    pub source: Option<ArrayString<MAX_SOURCE>>,
    /// Its last sentence came from the simulator.
    pub simulated: bool,
    /// Event time of its newest valid sentence.
    pub last_valid: Timestamp,
    /// All its gaps of over [`DEAF_AFTER`], added up, and the service's own absences.
    pub deaf: Span,
    /// How long the service was away since its newest valid sentence.
    away: Span,
    /// Valid sentences.
    pub sentences: u64,
    /// Messages that counted, heard by it first.
    pub messages: u64,
    /// Where it says it stands.
    pub position: Option<Datum<Position>>,
    /// The time on its own clock.
    pub clock: Option<Datum<Timestamp>>,
    /// How far its clock was ahead of the receipt when it last told the time live, oldest first.
    pub ahead: ArrayVec<Span, TIMES_TOLD>,
    pub weather: Weather,
    /// Alarms that hold, in the order they were last told.
    pub alarms: Vec<Datum<Alarm>>,
    /// Its last text.
    pub text: Option<Datum<Text>>,
    /// How it heard the last message of which it said so.
    pub signal: Option<Datum<Signal>>,
}

/// A weather station that sends its own AIS messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// Who heard it last.
    pub heard_by: Station,
    /// Its messages with weather stand for its sentences; how long it was not heard is no deafness of its own.
    pub record: StationRecord,
}

/// A value, and the event time of the sentence that said it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum<T> {
    pub value: T,
    pub time: Timestamp,
}

/// The newest value of each quantity that a station measures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weather(BTreeMap<Quantity, Datum<f64>>);

/// One feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRecord {
    /// When its newest valid sentence was received, whatever time that tells; before the first, the start.
    pub last_valid: Timestamp,
    /// The newest seconds in which it brought valid sentences, the last first, and how many.
    counted: [(i64, u32); 2],
}

impl FeedRecord {
    fn of(start: Timestamp) -> Self {
        Self {
            last_valid: start,
            counted: [(start.floor_s(), 0); 2],
        }
    }

    /// Takes in a valid sentence.
    fn count(&mut self, received: Timestamp) {
        self.last_valid = self.last_valid.max(received);
        let second = self.last_valid.floor_s();
        let [newest, before] = &mut self.counted;
        if newest.0 != second {
            *before = *newest;
            *newest = (second, 0);
        }
        newest.1 += 1;
    }

    /// Valid sentences in this second, of the two last in which there were any.
    pub fn sentences_in(&self, second: i64) -> u32 {
        let counted = self.counted.iter().find(|(counted, _)| *counted == second);
        counted.map_or(0, |(_, sentences)| *sentences)
    }
}

impl Stations {
    /// Goes on with so many feeds, and no fewer than before.
    pub fn hear_feeds(&mut self, feeds: usize, now: Timestamp) {
        let feeds = feeds.max(self.feeds.len());
        self.feeds.resize_with(feeds, || FeedRecord::of(now));
    }

    pub(super) fn new(feeds: usize, start: Timestamp) -> Self {
        Self {
            stations: BTreeMap::new(),
            feeds: vec![FeedRecord::of(start); feeds],
            senders: BTreeMap::new(),
            present_since: start,
            hour: habit::hour_of(start.floor_s()),
            learned: BTreeMap::new(),
        }
    }

    /// Takes what a valid sentence, received then, tells of its station; returns how long that has been deaf in all by
    /// now.
    pub(super) fn hear(&mut self, report: &Report, received: Timestamp) -> Span {
        let Report { station, time, .. } = *report;
        if let Some(feed) = self.feeds.get_mut(usize::from(station.feed.0)) {
            feed.count(received);
        }
        let learned = &mut self.learned;
        let record = self.stations.entry(station).or_insert_with(|| {
            if learned.len() < MAX_LEARNED {
                learned.insert(station, Learned::from(time));
            }
            StationRecord {
                source: report.source,
                ..StationRecord::heard_first(time)
            }
        });
        record.simulated = report.simulated;
        if let Some(clock) = report.clock {
            record.compare(clock, received);
        }
        let gap = time.since(record.last_valid);
        let away = std::mem::take(&mut record.away);
        record.deaf.0 += if gap > DEAF_AFTER { gap.0 } else { away.0 };
        record.last_valid = record.last_valid.max(time);
        record.sentences += 1;
        record.messages += u64::from(report.news().is_some());
        if let Some(own) = &report.own {
            record.note(own, time);
        }
        let deaf = record.deaf;
        if let Some(Said {
            mmsi,
            content: Content::Weather(weather),
            ..
        }) = &report.said
        {
            self.take_weather(*mmsi, weather, report);
        }
        deaf
    }

    fn take_weather(&mut self, mmsi: Mmsi, weather: &WeatherReport, report: &Report) {
        if self.senders.len() == MAX_SENDERS && !self.senders.contains_key(&mmsi) {
            let oldest = self.senders.iter().min_by_key(|(_, sender)| sender.record.last_valid);
            if let Some(oldest) = oldest.map(|(mmsi, _)| *mmsi) {
                self.senders.remove(&oldest);
            }
        }
        let sender = self.senders.entry(mmsi).or_insert_with(|| Sender {
            heard_by: report.station,
            record: StationRecord::heard_first(report.time),
        });
        sender.heard_by = report.station;
        let record = &mut sender.record;
        record.simulated = report.simulated;
        record.last_valid = record.last_valid.max(report.time);
        record.sentences += 1;
        record.messages += 1;
        Datum::renew(&mut record.position, weather.position, report.time);
        record.weather.take(weather.measures.iter().copied(), report.time);
    }

    /// The service was away: nobody could be heard, and no feed was silent.
    pub(super) fn miss(&mut self, from: Timestamp, to: Timestamp) {
        let away = to.since(from).0.max(0);
        for record in self.stations.values_mut() {
            record.away.0 += away;
        }
        for feed in &mut self.feeds {
            feed.last_valid = feed.last_valid.max(to);
        }
        self.present_since = self.present_since.max(to);
    }

    /// A position report that a receiver brought was accepted; its antenna stands there by the configuration, else where
    /// it says.
    pub(super) fn accept(&mut self, report: &Report, place: Option<Position>, antenna: Option<Position>) {
        let Some(learned) = self.learned.get_mut(&report.station) else {
            return;
        };
        learned.habit.count(report.time);
        let said = || Some(self.stations.get(&report.station)?.position?.value);
        if let (Some(place), Some(antenna)) = (place, antenna.or_else(said)) {
            learned.coverage.note(antenna, place);
        }
    }

    /// All seconds up to this one have passed.
    pub(super) fn pass(&mut self, second: i64) {
        let hour = habit::hour_of(second);
        if hour <= self.hour {
            return;
        }
        let [day_before, day] = [self.hour, hour].map(|hour| hour.div_euclid(habit::HOURS as i64));
        for learned in self.learned.values_mut() {
            learned.habit.close(self.hour, hour, self.present_since);
            if day > day_before {
                learned.coverage.close(day_before, day);
            }
        }
        self.hour = hour;
    }

    /// What was learned of a receiver.
    pub fn learned(&self, station: Station) -> Option<&Learned> {
        self.learned.get(&station)
    }

    /// Since when the service has been there without a break.
    pub fn present_since(&self) -> Timestamp {
        self.present_since
    }

    /// The clock was set forward by so much.
    pub(super) fn shift(&mut self, by: Span) {
        let feeds = self.feeds.iter_mut().map(|feed| &mut feed.last_valid);
        let stations = self.stations.values_mut().map(|record| &mut record.last_valid);
        for last_valid in feeds.chain(stations) {
            *last_valid = last_valid.plus(by);
        }
        self.present_since = self.present_since.plus(by);
    }

    /// Every station that has been heard, by feed and source.
    pub fn all(&self) -> impl Iterator<Item = (Station, &StationRecord)> {
        self.stations.iter().map(|(station, record)| (*station, record))
    }

    /// The weather stations that send AIS messages, by MMSI.
    pub fn senders(&self) -> impl Iterator<Item = (Mmsi, &Sender)> {
        self.senders.iter().map(|(mmsi, sender)| (*mmsi, sender))
    }

    /// Which stations there are: receivers, then weather stations.
    pub fn keys(&self) -> impl Iterator<Item = StationKey> {
        let receivers = self.stations.keys().copied().map(StationKey::Receiver);
        receivers.chain(self.senders.keys().copied().map(StationKey::Sender))
    }

    /// What is known of a station of either kind, and the feed that heard it last.
    pub fn find(&self, key: StationKey) -> Option<(&StationRecord, FeedId)> {
        match key {
            StationKey::Receiver(station) => Some((self.stations.get(&station)?, station.feed)),
            StationKey::Sender(mmsi) => {
                let sender = self.senders.get(&mmsi)?;
                Some((&sender.record, sender.heard_by.feed))
            }
        }
    }

    /// A station that has been heard.
    pub fn station(&self, station: Station) -> Option<&StationRecord> {
        self.stations.get(&station)
    }

    /// Every feed, in the order of the configuration.
    pub fn feeds(&self) -> impl Iterator<Item = (FeedId, &FeedRecord)> {
        (0u16..).map(FeedId).zip(&self.feeds)
    }

    /// One feed.
    pub fn feed(&self, feed: FeedId) -> Option<&FeedRecord> {
        self.feeds.get(usize::from(feed.0))
    }
}

impl Learned {
    /// Nothing, of a receiver first heard now.
    fn from(time: Timestamp) -> Self {
        Self {
            habit: Habit::from(time),
            coverage: Coverage::default(),
        }
    }
}

impl StationRecord {
    fn heard_first(time: Timestamp) -> Self {
        Self {
            source: None,
            simulated: false,
            last_valid: time,
            deaf: Span::default(),
            away: Span::default(),
            sentences: 0,
            messages: 0,
            position: None,
            clock: None,
            ahead: ArrayVec::new(),
            weather: Weather::default(),
            alarms: Vec::new(),
            text: None,
            signal: None,
        }
    }

    /// How far its clock was ahead when it last told the time.
    pub fn offset(&self) -> Option<Span> {
        let recorded = || self.clock.map(|clock| clock.value.since(clock.time));
        self.ahead.last().copied().or_else(recorded)
    }

    /// Takes the time on its clock.
    fn compare(&mut self, clock: Timestamp, received: Timestamp) {
        if self.ahead.is_full() {
            self.ahead.remove(0);
        }
        self.ahead.push(clock.since(received));
    }

    /// Takes what it said of itself at an event time.
    fn note(&mut self, own: &Reading, time: Timestamp) {
        match own {
            Reading::Fix { clock, position } => {
                Datum::renew(&mut self.clock, *clock, time);
                Datum::renew(&mut self.position, *position, time);
            }
            Reading::Measured(measures) => self.weather.take(measures.iter().copied(), time),
            Reading::Alarm(alarm) => self.settle(*alarm, time),
            Reading::Text(text) => Datum::renew(&mut self.text, Some(*text), time),
            Reading::Signal(signal) => Datum::renew(&mut self.signal, Some(*signal), time),
            Reading::Nothing => {}
        }
    }

    /// Keeps an alarm while its condition holds.
    fn settle(&mut self, alarm: Alarm, time: Timestamp) {
        let same = |kept: &Datum<Alarm>| (kept.value.id, kept.value.instance) == (alarm.id, alarm.instance);
        self.alarms.retain(|kept| !same(kept));
        if !alarm.active {
            return;
        }
        if self.alarms.len() == MAX_ALARMS {
            self.alarms.remove(0);
        }
        self.alarms.push(Datum { value: alarm, time });
    }
}

impl<T> Datum<T> {
    /// Puts a value in the place of an older one.
    fn renew(kept: &mut Option<Self>, value: Option<T>, time: Timestamp) {
        let newer = kept.as_ref().is_none_or(|kept| time >= kept.time);
        if let Some(value) = value.filter(|_| newer) {
            *kept = Some(Self { value, time });
        }
    }
}

impl Weather {
    /// The newest value of a quantity.
    pub fn get(&self, quantity: Quantity) -> Option<Datum<f64>> {
        self.0.get(&quantity).copied()
    }

    /// Every quantity it measures.
    pub fn iter(&self) -> impl Iterator<Item = (Quantity, Datum<f64>)> {
        self.0.iter().map(|(quantity, datum)| (*quantity, *datum))
    }

    /// Takes values measured at an event time.
    fn take(&mut self, measures: impl Iterator<Item = (Quantity, f64)>, time: Timestamp) {
        for (quantity, value) in measures {
            let kept = self.0.entry(quantity).or_insert(Datum { value, time });
            if time >= kept.time {
                *kept = Datum { value, time };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nmea::Sentence;
    use crate::report::{HashKey, Listening, Reception};

    /// Lines as (second, sentence without its checksum) of one station.
    fn heard(lines: &[(i64, &str)]) -> Stations {
        let mut reception = Reception::new(vec![Listening::default()], HashKey(1, 2));
        let mut stations = Stations::new(1, Timestamp(0));
        for (second, text) in lines {
            let sum = text.bytes().skip(1).fold(0, |sum, byte| sum ^ byte);
            let line = format!("{text}*{sum:02X}");
            let sentence = Sentence::parse(line.as_bytes(), false);
            let report = reception.hear(FeedId(0), Timestamp::from_s(*second), &sentence).report;
            let report = report.unwrap();
            stations.hear(&report, report.time);
        }
        stations
    }

    fn told(weather: &Weather) -> Vec<String> {
        let each = |(quantity, datum): (Quantity, Datum<f64>)| {
            format!("{} {:.2} at {}", quantity.name(), datum.value, datum.time.floor_s())
        };
        weather.iter().map(each).collect()
    }

    #[test]
    fn the_newest_of_each_stands() {
        let stations = heard(&[
            (10, "$WIMWV,90,T,10.0,M,A"),
            (20, "$WIMWV,91,T,,M,A"),
            (20, "$INMTW,20.0,C"),
            (15, "$INMTW,19.0,C"),
            (20, "$GPGGA,000018,2425.2,N,11824.6,E,1,,,,,,,,"),
            (21, "$GPGGA,000021,,,,,0,,,,,,,,"),
        ]);
        let record = stations.station(Station::default()).unwrap();
        assert_eq!(
            told(&record.weather),
            [
                "wind_ms 10.00 at 10",
                "wind_angle_true_deg 90.00 at 10",
                "water_temperature_c 20.00 at 20"
            ]
        );
        assert_eq!(
            record.clock.map(|clock| clock.value.since(clock.time)),
            Some(Span::s(-2))
        );
        assert_eq!(record.position.map(|position| position.time.floor_s()), Some(20));
        assert_eq!((record.sentences, record.messages), (6, 0));
    }

    #[test]
    fn alarms_stand_while_they_hold() {
        let alarm = |id: usize| (id as i64, format!("$AIALR,,{id},A,V,x"));
        let many: Vec<_> = (0..MAX_ALARMS + 8).map(alarm).collect();
        let mut lines: Vec<(i64, &str)> = many.iter().map(|(second, text)| (*second, text.as_str())).collect();
        lines.extend([(90, "$AIALR,,39,A,A,x"), (91, "$AIALR,,38,V,A,x")]);
        let stations = heard(&lines);
        let alarms = &stations.station(Station::default()).unwrap().alarms;
        let ids: Vec<u32> = alarms.iter().map(|alarm| alarm.value.id).collect();
        assert_eq!(ids, (8..38).chain([39]).collect::<Vec<_>>());
        assert!(alarms.last().unwrap().value.acknowledged);
    }

    #[test]
    fn weather_messages_make_a_station_of_their_sender() {
        let stations = heard(&[
            (
                5,
                "!ABVDM,2,1,6,B,8h2=Vg@0Gh0qNiN>fQB0AhulnR06EuOwgwl?wnSwe7wvlOwwsAwwnSGm,0",
            ),
            (5, "!ABVDM,2,2,6,B,wvh0,0"),
        ]);
        let (mmsi, sender) = stations.senders().next().unwrap();
        assert_eq!((mmsi, sender.heard_by), (Mmsi(2_320_061), Station::default()));
        assert!(sender.record.position.is_some());
        assert_eq!(
            told(&sender.record.weather),
            [
                "wind_ms 7.20 at 5",
                "gust_ms 7.72 at 5",
                "wind_direction_deg 233.00 at 5"
            ]
        );
    }

    #[test]
    fn senders_are_bounded() {
        let mut stations = Stations::new(1, Timestamp(0));
        let count = MAX_SENDERS as u32 + 10;
        for n in 0..count {
            let weather = WeatherReport {
                position: None,
                measures: vec![(Quantity::Wind, 1.0)],
            };
            let time = Timestamp::from_s(n.into());
            let said = Said {
                mmsi: Mmsi(n),
                message_type: 8,
                content: Content::Weather(Box::new(weather)),
            };
            stations.hear(&Report::of(time, Station::default(), Some(said)), time);
        }
        let kept: Vec<u32> = stations.senders().map(|(mmsi, _)| mmsi.0).collect();
        assert_eq!(kept, (10..count).collect::<Vec<_>>());
    }
}
