//! Simulated traffic: invented ships on real water, heard by invented receivers as real AIVDM lines.
//!
//! Pure and seeded: the same scenario, seed, number of vessels and start give the same bytes. Every line's tag block
//! names a source that begins with `SIM.`, so that its vessels are marked simulated wherever it is played.

mod chance;
pub mod kinmen;
mod passage;
mod radio;
mod saying;
mod scenario;
mod truth;
mod vessel;
mod weather;

pub use scenario::{
    Act, Antenna, ClockStep, Count, Falters, Fixed, Fleet, Flood, Ground, Home, Hull, Noise, RangeStep, Route,
    Scenario, SlowWaters, Spell, Step, Waypoint,
};
pub use truth::{Deed, Does};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::ais::{self, Message};
use crate::geo::Point;
use crate::time::{Span, Timestamp};
use chance::Chance;
use radio::Ear;
use vessel::{Vessel, Waters, interval_s};

/// A line as a receiver puts it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission {
    pub time: Timestamp,
    /// Which of the scenario's receivers, in the order of `receivers`.
    pub receiver: usize,
    /// Without a line end.
    pub line: String,
}

/// Traffic that goes on for ever.
pub struct Simulation {
    start: Timestamp,
    waters: Waters,
    vessels: Vec<Vessel>,
    ears: Vec<Ear>,
    /// Who speaks next.
    turns: BinaryHeap<Reverse<Turn>>,
    /// Heard, not yet given.
    lines: BinaryHeap<Reverse<Heard>>,
    /// Lines heard so far.
    heard: u64,
}

/// When, in milliseconds from the start, which vessel or station says what.
type Turn = (i64, usize, Say);
/// When, in milliseconds from the start, the how many-th line, by which receiver.
type Heard = (i64, u64, usize, String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Say {
    Position,
    Statics,
    /// A station that stays where it is, by its place in the scenario.
    Station,
    /// A base station, of its weather.
    Weather,
}

/// Everyone says who and where it is within this time of the start, s: who begins to listen soon sees all.
const FIRST_S: f64 = 55.0;

impl Simulation {
    /// Begins a scenario in mid-action at `start`, with about as many vessels as asked for, or as the scenario says.
    pub fn new(scenario: &Scenario, seed: u64, vessels: Option<usize>, start: Timestamp) -> Self {
        let waters = Waters::of(scenario);
        let ear = |(number, antenna)| Ear::new(antenna, &waters.plane, Chance::new(seed, number as u64 + 1));
        let ears = scenario.antennas.iter().enumerate().map(ear).collect();
        let mut ships = launch(&waters, seed, &scenario.counts(vessels.unwrap_or(scenario.vessels)));
        let mut chance = Chance::new(seed, 0);
        let mut turns = BinaryHeap::new();
        for (number, ship) in ships.iter_mut().enumerate() {
            let moment = ship.advance(&waters, 0.0);
            let within = interval_s(ship.traits.ais_class, &moment).min(FIRST_S);
            let first = Span::from_s(within * chance.unit()).0;
            turns.push(Reverse((first, number, Say::Statics)));
            turns.push(Reverse((first + 1, number, Say::Position)));
        }
        for (number, station) in scenario.stations.iter().enumerate() {
            let within = saying::station_interval_s(station).min(FIRST_S);
            let first = Span::from_s(within * chance.unit()).0;
            turns.push(Reverse((first, number, Say::Station)));
            if station.is_base() {
                turns.push(Reverse((first + 1, number, Say::Weather)));
            }
        }
        Self {
            start,
            waters,
            vessels: ships,
            ears,
            turns,
            lines: BinaryHeap::new(),
            heard: 0,
        }
    }

    /// The receivers' names, in the order of `Transmission::receiver`.
    pub fn receivers(&self) -> Vec<&str> {
        let antennas = &self.waters.scenario.antennas;
        antennas.iter().map(|antenna| antenna.name.as_str()).collect()
    }

    /// How many vessels there are.
    pub fn vessels(&self) -> usize {
        self.vessels.len()
    }

    /// What ships have begun to do, by the steps of their plans, since this was last asked.
    pub fn deeds(&mut self) -> impl Iterator<Item = Deed> + '_ {
        self.vessels.iter_mut().flat_map(|vessel| vessel.deeds.take())
    }

    /// The next line, no earlier than the one before.
    ///
    /// # Panics
    /// In a scenario without vessels or without receivers there is none.
    pub fn next_line(&mut self) -> Transmission {
        loop {
            let speaks = self.turns.peek().expect("a scenario has vessels").0.0;
            if self.lines.peek().is_some_and(|line| line.0.0 <= speaks) {
                let Reverse((time, _, receiver, line)) = self.lines.pop().expect("it was seen");
                let time = self.start.plus(Span(time));
                return Transmission { time, receiver, line };
            }
            self.speak();
        }
    }

    /// Lets the next vessel or station have its turn.
    fn speak(&mut self) {
        let Reverse((now, number, say)) = self.turns.pop().expect("a scenario has vessels");
        let now_s = Span(now).as_s();
        if matches!(say, Say::Station | Say::Weather) {
            return self.station_speaks(now, number, say);
        }
        let vessel = &mut self.vessels[number];
        let moment = vessel.advance(&self.waters, now_s);
        let (speaks, next_s) = match say {
            Say::Statics => (moment.radio, now_s + vessel.statics_wait_s()),
            _ => vessel.turn(&moment, now_s),
        };
        self.again(next_s, now, number, say);
        let heard = self.hearing(moment.motion.at, now_s);
        if !speaks || heard.iter().all(Option::is_none) {
            return;
        }
        let utc_second = self.start.plus(Span(now)).floor_s().rem_euclid(60) as u8;
        let vessel = &mut self.vessels[number];
        let messages = match say {
            Say::Statics => {
                let step = vessel.current(&self.waters);
                saying::statics(&vessel.traits, step, &moment)
            }
            _ if vessel.sends_text() => vec![saying::alarm(&vessel.traits)],
            _ => vec![saying::position(vessel, &moment, &self.waters.plane, utc_second)],
        };
        let channel = vessel.channel();
        for message in messages {
            self.put_out(&message, channel, &heard);
        }
    }

    fn station_speaks(&mut self, now: i64, number: usize, say: Say) {
        let now_s = Span(now).as_s();
        let time = self.start.plus(Span(now));
        let station = &self.waters.scenario.stations[number];
        let (interval_s, message) = match say {
            Say::Weather => (weather::INTERVAL_S, weather::measured(station, now_s, time)),
            _ => (saying::station_interval_s(station), saying::station(station, time)),
        };
        let next_s = now_s + interval_s;
        let at = self.waters.plane.point(station.position);
        self.again(next_s, now, number, say);
        let heard = self.hearing(at, now_s);
        self.put_out(&message, b'A', &heard);
    }

    fn again(&mut self, next_s: f64, now: i64, number: usize, say: Say) {
        self.turns
            .push(Reverse((Span::from_s(next_s).0.max(now + 1), number, say)));
    }

    /// When each receiver hears what is sent now, if it does.
    fn hearing(&mut self, at: Point, now_s: f64) -> Vec<Option<i64>> {
        self.ears.iter_mut().map(|ear| ear.hears(at, now_s)).collect()
    }

    /// Makes the lines of a message, for each receiver that heard it.
    fn put_out(&mut self, message: &Message, channel: u8, heard: &[Option<i64>]) {
        let (armoured, fill_bits) = ais::encode(message);
        for (receiver, time) in heard.iter().enumerate() {
            let Some(time) = *time else { continue };
            let ear = &mut self.ears[receiver];
            let stamp = self.start.plus(Span(time)).plus(ear.ahead(Span(time).as_s()));
            let times = ear.times(Span(time).as_s());
            ear.lines(&armoured, fill_bits, channel, (stamp, times), |line| {
                self.lines.push(Reverse((time, self.heard, receiver, line)));
                self.heard += 1;
            });
        }
    }
}

/// All fleets' ships. The first of a fleet count on from its first MMSI; so many that they would run into the next
/// fleet's, the others count on from `SPILL` in their country's numbers.
fn launch(waters: &Waters, seed: u64, counts: &[usize]) -> Vec<Vessel> {
    let mut spilt: BTreeMap<u32, u32> = BTreeMap::new();
    let mut ships = Vec::new();
    for (fleet, count) in counts.iter().enumerate() {
        let first = waters.scenario.fleets[fleet].hull.first_mmsi;
        for number in 0..*count {
            let mmsi = if number < OWN_MMSIS {
                first + number as u32
            } else {
                let spilt = spilt.entry(first / 1_000_000).or_default();
                *spilt += 1;
                first / 1_000_000 * 1_000_000 + SPILL + *spilt
            };
            let chance = Chance::new(seed, (fleet as u64 + 1) << 32 | number as u64);
            ships.push(Vessel::new(waters, fleet, number, mmsi, chance));
        }
    }
    ships
}

/// MMSIs of a fleet before the next fleet's may begin.
const OWN_MMSIS: usize = 99;
/// After the country digits: a 9, and more than any fleet's first MMSI.
const SPILL: u32 = 920_000;

#[cfg(test)]
mod tests;
