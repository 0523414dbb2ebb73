//! A radio of the test's own: a TCP feed that says what the test has it say.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use harborwatch::ais::{self, Coordinates, Dimensions, Eta, Message, PositionA, Radio as Link, RateOfTurn, StaticA};
use harborwatch::geo::{Degrees, Knots};

/// Most characters of a payload in one sentence.
const PAYLOAD: usize = 56;

/// Whoever connects is told what is said from then on, and what was said last before.
pub struct Radio {
    pub port: u16,
    air: Arc<Mutex<Air>>,
}

#[derive(Default)]
struct Air {
    listeners: Vec<TcpStream>,
    /// All that was said.
    said: String,
    sequence: u8,
}

impl Radio {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let air: Arc<Mutex<Air>> = Arc::default();
        let shared = air.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut air = shared.lock().unwrap();
                if stream.write_all(air.said.as_bytes()).is_ok() {
                    air.listeners.push(stream);
                }
            }
        });
        Self { port, air }
    }

    /// Says a message.
    pub fn say(&self, message: &Message) {
        let mut air = self.air.lock().unwrap();
        let (payload, fill) = ais::encode(message);
        let total = payload.len().div_ceil(PAYLOAD);
        air.sequence = (air.sequence + 1) % 10;
        let sequence = if total > 1 {
            air.sequence.to_string()
        } else {
            String::new()
        };
        let mut lines = String::new();
        for (n, part) in payload.as_bytes().chunks(PAYLOAD).enumerate() {
            let part = std::str::from_utf8(part).unwrap();
            let fill = if n + 1 == total { fill } else { 0 };
            let body = format!("AIVDM,{total},{},{sequence},A,{part},{fill}", n + 1);
            let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
            lines += &format!("!{body}*{sum:02X}\r\n");
        }
        air.said += &lines;
        air.listeners
            .retain_mut(|stream| stream.write_all(lines.as_bytes()).is_ok());
    }

    /// A ship is at this place, at this speed, bound this way.
    pub fn ship(&self, mmsi: u32, (lon, lat): (f64, f64), knots: f64, course: f64) {
        self.say(&Message::PositionA(PositionA {
            message_type: 1,
            repeat: 0,
            mmsi,
            nav_status: 0,
            rot: RateOfTurn(0),
            sog: Some(Knots(knots)),
            accuracy: true,
            place: Coordinates {
                lon: Some(lon),
                lat: Some(lat),
            },
            cog: Some(Degrees(course)),
            heading: Some(course as u16),
            utc_second: 0,
            maneuver: 0,
            raim: false,
            radio: Some(Link(0)),
        }));
    }

    /// A ship's name and destination, as six bits a letter allow.
    pub fn name(&self, mmsi: u32, name: &str, destination: &str) {
        self.say(&Message::StaticA(StaticA {
            repeat: 0,
            mmsi,
            ais_version: 2,
            imo: None,
            call_sign: None,
            name: (!name.is_empty()).then(|| name.try_into().unwrap()),
            ship_type: 70,
            dimensions: Dimensions::default(),
            epfd: 1,
            eta: Eta::default(),
            draught: None,
            destination: (!destination.is_empty()).then(|| destination.try_into().unwrap()),
            dte: 0,
        }));
    }
}
