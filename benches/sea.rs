//! A made-up sea for the benches: so many vessels over so many degrees, half of them moored, each reporting every ten
//! seconds; the lines of one receiver, with times.

#[path = "../tests/simulation/chance.rs"]
mod chance;

use std::fmt::Write;

use harborwatch::ais::{self, Coordinates, Message, Mmsi, PositionA, RateOfTurn};
use harborwatch::geo::{Degrees, Knots, METRES_PER_NM, Metres, Position, destination};
use harborwatch::time::Timestamp;

use chance::Chance;

pub const START: Timestamp = Timestamp::from_s(1_772_323_200);
/// Seconds between two reports of a vessel.
const EVERY_S: f64 = 10.0;
/// The middle of the sea, unless it is to be elsewhere.
pub const MIDDLE: Position = Position { lon: 119.0, lat: 24.5 };

/// So many vessels, evenly strewn.
#[derive(Clone, Copy, Debug)]
pub struct Sea {
    pub vessels: usize,
    pub middle: Position,
    pub width_deg: f64,
    pub height_deg: f64,
}

struct Vessel {
    mmsi: Mmsi,
    at: Position,
    sog: f64,
    cog: f64,
}

impl Sea {
    /// As many vessels to the square degree as 50 000 over 10° × 9°.
    pub fn of(vessels: usize) -> Self {
        let scale = (vessels as f64 / 50_000.0).sqrt();
        Self {
            vessels,
            middle: MIDDLE,
            width_deg: 10.0 * scale,
            height_deg: 9.0 * scale,
        }
    }

    /// Every vessel's reports, so many of each, as a recording; and how many lines the first report of each makes.
    pub fn recording(&self, reports: usize) -> Vec<u8> {
        let mut vessels = self.launch();
        let mut lines = String::with_capacity(self.vessels * reports * 72);
        for report in 0..reports {
            for (n, vessel) in vessels.iter_mut().enumerate() {
                let after_s = EVERY_S * (report as f64 + n as f64 / self.vessels as f64);
                if report > 0 && vessel.sog > 0.0 {
                    let way = Metres(vessel.sog * METRES_PER_NM / 3600.0 * EVERY_S);
                    vessel.at = destination(vessel.at, Degrees(vessel.cog), way);
                }
                vessel.say(START.floor_s() + after_s as i64, &mut lines);
            }
        }
        lines.into_bytes()
    }

    fn launch(&self) -> Vec<Vessel> {
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        let vessel = |n: usize| {
            let moored = n.is_multiple_of(2);
            Vessel {
                mmsi: Mmsi(412_000_000 + n as u32),
                at: Position {
                    lon: self.middle.lon + (chance.part() - 0.5) * self.width_deg,
                    lat: self.middle.lat + (chance.part() - 0.5) * self.height_deg,
                },
                sog: if moored { 0.0 } else { 3.0 + 15.0 * chance.part() },
                cog: 360.0 * chance.part(),
            }
        };
        (0..self.vessels).map(vessel).collect()
    }
}

impl Vessel {
    fn say(&self, second: i64, lines: &mut String) {
        let message = Message::PositionA(PositionA {
            message_type: 1,
            repeat: 0,
            mmsi: self.mmsi.0,
            nav_status: if self.sog > 0.0 { 0 } else { 5 },
            rot: RateOfTurn::NONE,
            sog: Some(Knots((self.sog * 10.0).round() / 10.0)),
            accuracy: true,
            place: Coordinates {
                lon: Some(self.at.lon),
                lat: Some(self.at.lat),
            },
            cog: Some(Degrees((self.cog * 10.0).floor() / 10.0)),
            heading: None,
            utc_second: (second % 60) as u8,
            maneuver: 0,
            raim: false,
            radio: None,
        });
        let (payload, fill) = ais::encode(&message);
        let sum = |text: &str| text.bytes().fold(0, |sum, byte| sum ^ byte);
        let tag = format!("s:SEA,c:{second}");
        let sentence = format!("AIVDM,1,1,,A,{payload},{fill}");
        writeln!(lines, "\\{tag}*{:02X}\\!{sentence}*{:02X}", sum(&tag), sum(&sentence)).expect("a string takes all");
    }
}
