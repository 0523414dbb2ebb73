//! The receivers: who hears a transmission, when, and as which lines.

use super::chance::Chance;
use super::scenario::{Antenna, ClockStep, Falters, Flood, Noise};
use crate::geo::METRES_PER_NM;
use crate::geo::{Plane, Point};
use crate::nmea::{Part, write_tag};
use crate::time::{Span, Timestamp};

/// Most characters of a payload in one sentence: IEC 61162-1 allows 82 a line.
const PAYLOAD: usize = 56;
/// Part of the transmissions that is lost however near the ship is: others spoke in the same slot.
const COLLISIONS: f64 = 0.02;
/// Receive delay, s: bounds of a receiver's own, and of what each line adds to it.
const OWN_DELAY_S: (f64, f64) = (0.05, 0.35);
const LINE_DELAY_S: (f64, f64) = (0.0, 0.25);

const DAY_S: f64 = 86_400.0;

/// A receiver at work.
pub(super) struct Ear {
    at: Point,
    range_m: f64,
    falters: Option<Falters>,
    noise: Noise,
    source: String,
    delay_s: f64,
    /// The next sequence number of messages of several sentences, 0..=9.
    sequence: u8,
    /// When its last line came, ms from the start: lines of one receiver never overtake each other.
    last: i64,
    chance: Chance,
}

impl Ear {
    pub(super) fn new(antenna: &Antenna, plane: &Plane, mut chance: Chance) -> Self {
        Self {
            at: plane.point(antenna.position),
            range_m: antenna.range_nm * METRES_PER_NM,
            falters: antenna.falters,
            noise: antenna.noise.clone(),
            source: format!("SIM.{}", antenna.name.to_uppercase()),
            delay_s: chance.between(OWN_DELAY_S),
            sequence: 0,
            last: 0,
            chance,
        }
    }

    /// When it hears what was sent at `sent_s` seconds from the start, in milliseconds from the start, if it does.
    pub(super) fn hears(&mut self, from: Point, sent_s: f64) -> Option<i64> {
        let far = self.at.distance(from) / self.range_m(sent_s);
        let lost = COLLISIONS + (0.5 - COLLISIONS) * far * far * far * far;
        let (luck, extra) = (self.chance.unit(), self.chance.between(LINE_DELAY_S));
        let is_lost = luck < lost || self.happens(self.noise.lost);
        if far > 1.2 || is_lost || self.is_deaf(sent_s) {
            return None;
        }
        let heard = Span::from_s(sent_s + self.delay_s + extra).0.max(self.last);
        self.last = heard;
        Some(heard)
    }

    fn is_deaf(&self, now_s: f64) -> bool {
        self.falters.is_some_and(|falters| {
            let since = now_s - f64::from(falters.first_s);
            since >= 0.0 && since % f64::from(falters.every_s) < f64::from(falters.for_s)
        })
    }

    fn range_m(&self, now_s: f64) -> f64 {
        let passed = self.noise.range.iter().rev().find(|step| step.at_s <= now_s);
        passed.map_or(self.range_m, |step| step.range_nm * METRES_PER_NM)
    }

    /// How far its clock is ahead at so many seconds from the start.
    pub(super) fn ahead(&self, now_s: f64) -> Span {
        let passed = self.noise.clock.iter().rev().find(|step| step.at_s <= now_s);
        let ahead_s = |step: &ClockStep| step.ahead_s + step.gains_s_a_day * (now_s - step.at_s) / DAY_S;
        Span::from_s(passed.map_or(0.0, ahead_s))
    }

    /// How many times it puts out a line at so many seconds from the start.
    pub(super) fn times(&self, now_s: f64) -> u16 {
        let flooding = |flood: &&Flood| (flood.from_s..flood.to_s).contains(&now_s);
        self.noise.floods.iter().find(flooding).map_or(1, |flood| flood.times)
    }

    /// Whether chance has it, in this part of all cases; nothing is drawn where there are none.
    fn happens(&mut self, part: f64) -> bool {
        part > 0.0 && self.chance.unit() < part
    }

    /// The sentences of a payload, each with its tag block, in order, each so many times.
    pub(super) fn lines(
        &mut self,
        armoured: &str,
        fill_bits: u8,
        channel: u8,
        (time, times): (Timestamp, u16),
        mut give: impl FnMut(String),
    ) {
        let total = armoured.len().div_ceil(PAYLOAD);
        let sequence = self.sequence;
        if total > 1 {
            self.sequence = (self.sequence + 1) % 10;
        }
        for (part, payload) in armoured.as_bytes().chunks(PAYLOAD).enumerate() {
            let mut line = Vec::with_capacity(128);
            write_tag(&mut line, format_args!("s:{},c:{}", self.source, time.0));
            let begin = line.len() + 1;
            let part = Part {
                address: b"AIVDM",
                total,
                number: part + 1,
                sequence: sequence.into(),
                channel,
                payload,
                fill_bits: if part + 1 == total { fill_bits } else { 0 },
            };
            part.write(&mut line);
            let mut line = String::from_utf8(line).expect("sentences are ASCII");
            if self.happens(self.noise.garbled) {
                line = garbled(&line, begin, &mut self.chance);
            }
            if self.happens(self.noise.repeated) {
                give(line.clone());
            }
            for _ in 1..times {
                give(line.clone());
            }
            give(line);
        }
    }
}

/// The line with the lowest bit of a character wrong: its checksum tells.
fn garbled(line: &str, begin: usize, chance: &mut Chance) -> String {
    let at = begin + (chance.unit() * (line.len() - begin) as f64) as usize;
    let wrong = |(place, letter): (usize, char)| match u8::try_from(letter) {
        Ok(letter) if place == at => char::from(letter ^ 1),
        _ => letter,
    };
    line.char_indices().map(wrong).collect()
}
