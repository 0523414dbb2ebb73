//! A fleet, and what its receivers make of it: duplicates, gaps, lines out of order, garbage, clocks that step, and
//! MMSIs that two ships use.

use crate::chance::Chance;
use crate::radio::{self, Bits, Motion};

/// Feeds of every run.
pub const FEEDS: [&str; 3] = ["liaoluo", "shuitou", "wuqiu"];
/// The first second of every run.
pub const START_S: i64 = 1_772_323_200;

/// How long the ships sail, how many there are, and how far the clocks go on after the last was heard.
const SAILED_S: i64 = 1_500;
const SHIPS: u64 = 26;
/// Where ships begin, so that some meet.
const HAUNTS: [(f64, f64); 4] = [(118.32, 24.33), (118.40, 24.40), (118.41, 24.41), (118.47, 24.46)];
const SPEEDS_KN: [f64; 8] = [0.0, 0.3, 0.8, 2.0, 5.0, 9.0, 13.0, 40.0];
const NAMES: [&str; 4] = ["TEST SHA 1", "TEST SHA 2", "HAI FENG", ""];

/// Something that reaches the core.
#[derive(Clone, Debug)]
pub enum Step {
    /// Bytes of a feed, received at `wall_ms`, of event time `time_ms`.
    Bytes {
        feed: u16,
        wall_ms: i64,
        time_ms: i64,
        bytes: Vec<u8>,
    },
    /// Somebody acknowledges an alert: that at this place among those that stand, or one that never was.
    Acknowledge { wall_ms: i64, which: u64 },
}

/// A ship or something that transmits like one.
#[derive(Debug)]
struct Ship {
    mmsi: u32,
    place: (f64, f64),
    sog_kn: f64,
    cog_deg: f64,
    status: u8,
    is_class_b: bool,
    name: &'static str,
    ship_type: u8,
    draught_m: f64,
    every_s: i64,
    /// When it next sends nothing for a while, and until when.
    quiet: (i64, i64),
}

/// A receiver.
#[derive(Debug)]
struct Ear {
    source: Option<&'static str>,
    deaf: (i64, i64),
    sequence: u64,
}

/// All that happens in a run, in the order of receipt. Live, event times lie about the receipt; recorded, a step of
/// the clock moves all of them.
pub fn steps(seed: u64, is_live: bool) -> Vec<Step> {
    let mut chance = Chance(seed);
    let mut ships: Vec<Ship> = (0..SHIPS).map(|number| ship(number, &mut chance)).collect();
    let mut ears = [Some("ST1"), Some("SIM.ST2"), None].map(|source| Ear {
        source,
        deaf: silence(&mut chance, 900, 400),
        sequence: 0,
    });
    let (mut steps, mut stepped_ms) = (Vec::new(), 0);
    for second in START_S..START_S + SAILED_S {
        if chance.once_in(400) {
            let jump_s = chance.of(&[-3_600, -120, -1, 1, 45, 700, 4_000, 90_000]);
            stepped_ms = if is_live {
                (jump_s * 1_000_i64).clamp(-300_000, 300_000)
            } else {
                stepped_ms + jump_s * 1_000
            };
        }
        for ship in &mut ships {
            sail(ship, &mut chance);
            let is_quiet = (ship.quiet.0..ship.quiet.1).contains(&second);
            if is_quiet || second % ship.every_s != i64::from(ship.mmsi) % ship.every_s {
                continue;
            }
            let message = say(ship, &mut chance);
            let sent_ms = second * 1_000 + chance.below(1_000) as i64;
            for (feed, ear) in (0..).zip(&mut ears) {
                hear(ear, feed, &message, sent_ms, stepped_ms, &mut chance, &mut steps);
            }
        }
        if chance.once_in(9) {
            let (wall_ms, which) = (second * 1_000 + 999, chance.any());
            steps.push(Step::Acknowledge { wall_ms, which });
        }
    }
    steps.sort_by_key(wall_ms);
    steps
}

/// When a step is received.
pub fn wall_ms(step: &Step) -> i64 {
    match step {
        Step::Bytes { wall_ms, .. } | Step::Acknowledge { wall_ms, .. } => *wall_ms,
    }
}

fn silence(chance: &mut Chance, within_s: u64, longest_s: u64) -> (i64, i64) {
    let from = START_S + chance.below(within_s) as i64;
    (from, from + chance.below(longest_s) as i64)
}

fn ship(number: u64, chance: &mut Chance) -> Ship {
    let haunt = chance.of(&HAUNTS);
    // Two pairs of ships share an MMSI; a beacon, a base station, a rescue aircraft, and one of no known form.
    let mmsi = match number {
        0 | 1 => 416_000_001,
        2 | 3 => 412_000_002,
        4 => 970_123_456,
        5 => 4_160_007,
        6 => 111_416_001,
        7 => 1,
        _ => chance.of(&[412_000_000, 416_000_000, 477_000_000]) + 100 + number as u32,
    };
    Ship {
        mmsi,
        place: (
            haunt.0 + chance.between(-0.02, 0.02),
            haunt.1 + chance.between(-0.02, 0.02),
        ),
        sog_kn: chance.of(&SPEEDS_KN),
        cog_deg: chance.between(0.0, 359.9),
        status: chance.of(&[0, 0, 0, 1, 5, 14, 15]),
        is_class_b: chance.once_in(4),
        name: chance.of(&NAMES),
        ship_type: chance.of(&[0, 30, 31, 33, 52, 60, 70, 80]),
        draught_m: chance.between(2.0, 7.0),
        every_s: chance.of(&[2, 5, 10, 10, 30]),
        quiet: silence(chance, 1_200, 1_000),
    }
}

fn sail(ship: &mut Ship, chance: &mut Chance) {
    if chance.once_in(60) {
        ship.cog_deg = chance.between(0.0, 359.9);
    }
    if chance.once_in(150) {
        ship.sog_kn = chance.of(&SPEEDS_KN);
        ship.status = chance.of(&[0, 0, 0, 1, 5, 14]);
    }
    if chance.once_in(300) {
        ship.draught_m = (ship.draught_m + chance.between(-1.0, 1.0)).clamp(0.0, 20.0);
        ship.name = chance.of(&NAMES);
    }
    let degrees = ship.sog_kn / 3_600.0 / 60.0;
    let (sin, cos) = ship.cog_deg.to_radians().sin_cos();
    let held = |value: f64, middle: f64| value.clamp(middle - 0.12, middle + 0.12);
    ship.place.0 = held(ship.place.0 + degrees * sin / 0.91, 118.4);
    ship.place.1 = held(ship.place.1 + degrees * cos, 24.4);
}

fn say(ship: &Ship, chance: &mut Chance) -> Bits {
    let sometimes = |chance: &mut Chance, value: f64| (!chance.once_in(40)).then_some(value);
    if ship.mmsi == 4_160_007 {
        return radio::base_station(ship.mmsi, (!chance.once_in(5)).then_some(ship.place));
    }
    if chance.once_in(200) {
        return radio::safety_text(ship.mmsi, chance.of(&["MAN OVERBOARD", "SART TEST", "HELLO"]));
    }
    if chance.once_in(6) {
        return if ship.is_class_b {
            radio::static_b(ship.mmsi, ship.name)
        } else {
            radio::static_a(ship.mmsi, ship.name, ship.ship_type, ship.draught_m)
        };
    }
    // Now and then a fix is miles off.
    let off = if chance.once_in(80) {
        chance.between(-0.5, 0.5)
    } else {
        0.0
    };
    let motion = Motion {
        place: (!chance.once_in(50)).then_some((ship.place.0 + off, ship.place.1)),
        sog_kn: sometimes(chance, ship.sog_kn),
        cog_deg: sometimes(chance, ship.cog_deg),
        heading_deg: (!chance.once_in(3)).then(|| (ship.cog_deg as u16 + chance.below(90) as u16) % 360),
    };
    if ship.is_class_b {
        radio::position_b(ship.mmsi, motion)
    } else {
        radio::position_a(ship.mmsi, ship.status, motion)
    }
}

/// What one receiver's feed brings of a message, if anything.
fn hear(
    ear: &mut Ear,
    feed: u16,
    message: &Bits,
    sent_ms: i64,
    stepped_ms: i64,
    chance: &mut Chance,
    steps: &mut Vec<Step>,
) {
    if (ear.deaf.0..ear.deaf.1).contains(&(sent_ms / 1_000)) || chance.once_in(3) {
        return;
    }
    ear.sequence += 1;
    let delay_ms = if chance.once_in(60) {
        chance.below(30_000)
    } else {
        chance.below(2_000)
    } as i64;
    let wall_ms = sent_ms + delay_ms;
    let source = if chance.once_in(500) { Some("ST9") } else { ear.source };
    let channel = chance.of(&['A', 'B']);
    for line in radio::sentences(message, ear.sequence, channel, source, sent_ms) {
        let mut bytes = line;
        spoil(&mut bytes, chance);
        bytes.extend_from_slice(if chance.once_in(2) { b"\r\n" } else { b"\n" });
        let copies = if chance.once_in(50) { 2 } else { 1 };
        for copy in 0..copies {
            steps.push(Step::Bytes {
                feed,
                wall_ms: wall_ms + copy * 700,
                time_ms: if chance.once_in(2) { sent_ms } else { wall_ms } + stepped_ms,
                bytes: bytes.clone(),
            });
        }
    }
}

/// Noise on the line: a wrong byte, an end that is missing, rubbish in front, or a line without an end.
fn spoil(bytes: &mut Vec<u8>, chance: &mut Chance) {
    match chance.below(200) {
        0 => {
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] = chance.any() as u8;
        }
        1 => bytes.truncate(chance.below(bytes.len() as u64) as usize),
        2 => {
            let rubbish: Vec<u8> = (0..chance.below(80)).map(|_| chance.any() as u8).collect();
            bytes.splice(0..0, rubbish);
        }
        3 => bytes.splice(0..0, std::iter::repeat_n(b'x', 1_100)).for_each(drop),
        _ => {}
    }
}
