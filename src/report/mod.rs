//! Reports: what one sentence tells the picture, in the units the rules speak.

mod content;
mod hearings;
mod keyed;
mod payloads;
mod reception;
mod sources;
mod weather;

pub use hearings::Hearings;
pub use keyed::{HashKey, KeyedState};
pub use payloads::Payloads;
pub use reception::{Heard, Listening, Reception};
pub use sources::Sources;

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

pub use crate::ais::{Dimensions, Eta};
pub use crate::nmea::instruments::{Alarm, Measures, Quantity, Reading, Signal, Text};

use crate::ais::Mmsi;
use crate::geo::{Degrees, Knots, Metres, Position};
use crate::nmea::MAX_SOURCE;
use crate::time::Timestamp;

/// A configured input, by its place in the configuration (in a replay, by the order of the arguments).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedId(pub u16);

/// One of the streams that make up a feed, as a peer of `tcp_listen`: fragments join within one. 0 where there is but one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(pub u16);

/// A station named in tag blocks or suffixes, numbered per core in the order first heard; 0 is "no source named".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub u16);

/// Who heard it: a feed and, within it, the source named in the tag block or the suffix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Station {
    pub feed: FeedId,
    pub source: SourceId,
}

/// What a valid sentence told: at least that its station is alive.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Event time of the line that completed it.
    pub time: Timestamp,
    pub station: Station,
    /// The station's name in tag blocks or suffixes.
    pub source: Option<ArrayString<MAX_SOURCE>>,
    /// The time on the clock of a live station, if the sentence tells it.
    pub clock: Option<Timestamp>,
    /// It came from the simulator, not from a ship.
    pub simulated: bool,
    /// What was said, if the sentence completed a message.
    pub said: Option<Said>,
    /// What the station said of itself, or how it heard the message. Boxed: few sentences tell it, and all reports
    /// would be as large.
    pub own: Option<Box<Reading>>,
}

impl Report {
    /// What a station without a name said then, and nothing of itself.
    pub fn of(time: Timestamp, station: Station, said: Option<Said>) -> Self {
        Self {
            time,
            station,
            source: None,
            clock: None,
            simulated: false,
            said,
            own: None,
        }
    }

    /// What was said, if it had not been heard before.
    pub fn news(&self) -> Option<&Said> {
        self.said.as_ref().filter(|said| said.content != Content::Again)
    }
}

/// A message's sender and its content.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub mmsi: Mmsi,
    /// ITU-R M.1371-5 message type, 1..=28.
    pub message_type: u8,
    pub content: Content,
}

/// The parts of a message that the picture knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Types 1, 2, 3, 9, 18, 27.
    Position(PositionReport),
    /// Types 5 and 24.
    Static(StaticReport),
    /// Types 19 and 21.
    PositionAndStatic(PositionReport, StaticReport),
    /// Types 4 and 11: where a station says it stands; never judged.
    Place(Option<Position>),
    /// Types 12 and 14.
    SafetyText(ArrayString<161>),
    /// Type 8 of DAC 1, FI 31. Boxed: few messages are.
    Weather(Box<WeatherReport>),
    /// Anything else: the sender is alive.
    Other,
    /// What counted already, heard again within 10 s, by the same station or another.
    Again,
}

/// What a weather station measured.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherReport {
    /// Where.
    pub position: Option<Position>,
    /// What was available, each quantity once.
    pub measures: Vec<(Quantity, f64)>,
}

/// A position report; absent values are `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionReport {
    pub position: Option<Position>,
    pub sog: Option<Knots>,
    pub cog: Option<Degrees>,
    /// True heading in whole degrees, 0..=359.
    pub heading: Option<u16>,
    /// Rate of turn in degrees a minute, starboard positive.
    pub rot_deg_min: Option<f32>,
    /// Navigational status 0..=15; `None` for types that send none.
    pub nav_status: Option<u8>,
    pub ais_class: Option<AisClass>,
}

/// The class of AIS equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AisClass {
    A,
    B,
}

/// Static data. The outer `Option` says whether the message carries the field, the inner whether a value was given:
/// a newer "not available" takes the older value away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StaticReport {
    pub name: Option<Option<ArrayString<34>>>,
    pub call_sign: Option<Option<ArrayString<7>>>,
    pub imo: Option<Option<u32>>,
    pub ship_type: Option<Option<u8>>,
    pub dimensions: Option<Option<Dimensions>>,
    pub draught: Option<Option<Metres>>,
    pub destination: Option<Option<ArrayString<20>>>,
    pub eta: Option<Option<Eta>>,
}
