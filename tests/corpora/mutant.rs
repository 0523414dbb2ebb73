//! Real lines changed so that they still get far, and what must hold of a message whatever was sent.

use harborwatch::ais::{self, Message, Payload, json};
use serde_json::Value;

/// Seeded chance, SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }
}

/// A line of these, changed in one to four places, most with a right checksum.
pub fn mutant(lines: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut line = lines[chance.below(lines.len())].clone();
    for _ in 0..=chance.below(4) {
        change(&mut line, lines, chance);
    }
    if chance.below(8) > 0 {
        seal(&mut line);
    }
    line
}

fn change(line: &mut Vec<u8>, lines: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(line.len());
    let end = (at + 1 + chance.below(12)).min(line.len());
    match chance.below(9) {
        // A bit flipped, a character of the armour, a digit, any byte.
        0 if !line.is_empty() => line[at] ^= 1 << chance.below(8),
        1 | 2 if !line.is_empty() => line[at] = chance.of(b"0159@GLPUW`bdfhjlnprtvw"),
        3 if !line.is_empty() => line[at] = chance.of(b"0123456789,"),
        4 => line.insert(at, chance.below(256) as u8),
        // Cut, left out, said twice.
        5 => line.truncate(at),
        6 => drop(line.drain(at.min(end)..end)),
        7 => line.extend_from_within(at.min(end)..end),
        // The tail of another.
        _ => {
            let other = &lines[chance.below(lines.len())];
            line.truncate(at);
            line.extend_from_slice(&other[chance.below(other.len())..]);
        }
    }
}

/// Gives the sentence in a line a right checksum.
fn seal(line: &mut Vec<u8>) {
    let Some(start) = line.iter().position(|byte| matches!(byte, b'!' | b'$')) else {
        return;
    };
    let end = line[start..].iter().position(|byte| *byte == b'*');
    line.truncate(end.map_or(line.len(), |end| start + end));
    let sum = line[start + 1..].iter().fold(0, |sum, byte| sum ^ byte);
    line.extend_from_slice(format!("*{sum:02X}").as_bytes());
}

/// A message as JSON.
pub fn told(message: &Message) -> Vec<u8> {
    let mut out = b"{".to_vec();
    json::write_fields(message, &mut out);
    out.push(b'}');
    out
}

/// The least and the greatest that a word may be told with; words not named are whole numbers of few bits, or texts.
const RANGES: &[(&str, f64, f64)] = &[
    ("type", 1.0, 28.0),
    ("repeat", 0.0, 3.0),
    ("mmsi", 0.0, 1_073_741_823.0),
    ("imo", 1.0, 1_073_741_823.0),
    ("lon", -180.0, 180.0),
    ("lat", -90.0, 90.0),
    ("ne_lon", -180.0, 180.0),
    ("ne_lat", -90.0, 90.0),
    ("sw_lon", -180.0, 180.0),
    ("sw_lat", -90.0, 90.0),
    ("start_lon", -180.0, 180.0),
    ("start_lat", -90.0, 90.0),
    ("end_lon", -180.0, 180.0),
    ("end_lat", -90.0, 90.0),
    ("sog_kn", 0.0, 1022.0),
    ("cog_deg", 0.0, 359.9),
    ("heading_deg", 0.0, 359.0),
    ("rot_raw", -128.0, 127.0),
    ("rot_deg_min", -708.8, 708.8),
    ("nav_status", 0.0, 15.0),
    ("utc_second", 0.0, 63.0),
    ("alt_m", 0.0, 4094.0),
    ("draught_m", 0.01, 25.5),
    ("dim_bow_m", 0.0, 511.0),
    ("dim_stern_m", 0.0, 511.0),
    ("dim_port_m", 0.0, 63.0),
    ("dim_starboard_m", 0.0, 63.0),
    ("month", 1.0, 15.0),
    ("day", 1.0, 31.0),
    ("hour", 0.0, 31.0),
    ("minute", 0.0, 63.0),
    ("dac", 0.0, 1023.0),
    ("fi", 0.0, 63.0),
    ("wind_kn", 0.0, 126.0),
    ("gust_kn", 0.0, 126.0),
    ("wind_deg", 0.0, 359.0),
    ("air_temperature_c", -60.0, 60.0),
    ("humidity_percent", 0.0, 100.0),
    ("pressure_hpa", 799.0, 1201.0),
    ("visibility_nm", 0.0, 12.6),
    ("water_level_m", -10.0, 30.0),
    ("current_kn", 0.0, 25.1),
    ("length_m", 0.1, 800.0),
    ("beam_m", 0.1, 100.0),
    ("level_m", -81.91, 81.91),
    ("radius_m", 0.0, 4_095_000.0),
    ("bearing_deg", 0.0, 359.5),
    ("distance_m", 1.0, 1_023_000.0),
    ("persons", 1.0, 8191.0),
];

/// Words told outside their range.
fn out_of_range(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(words) => {
            for (word, value) in words {
                let range = RANGES.iter().find(|(known, ..)| known == word);
                let is_out = |(_, least, most): &&(&str, f64, f64)| {
                    value.as_f64().is_some_and(|number| !(*least..=*most).contains(&number))
                };
                found.extend(range.filter(is_out).map(|_| format!("{word} {value}")));
                out_of_range(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| out_of_range(value, found)),
        _ => {}
    }
}

/// What is wrong with a message: it is not told as JSON, or outside what its words can say, or is told otherwise
/// after it was encoded and decoded again.
pub fn faults(message: &Message) -> Vec<String> {
    let told_first = told(message);
    let Ok(value) = serde_json::from_slice::<Value>(&told_first) else {
        return vec!["no JSON".to_owned()];
    };
    let mut found = Vec::new();
    out_of_range(&value, &mut found);
    let (armoured, fill_bits) = ais::encode(message);
    let armoured = armoured.as_bytes();
    match ais::decode(&Payload { armoured, fill_bits }) {
        Ok(again) if told(&again) == told_first => {}
        Ok(again) => found.push(format!("said again: {}", String::from_utf8_lossy(&told(&again)))),
        Err(reject) => found.push(format!("cannot be said again: {reject}")),
    }
    found
}
