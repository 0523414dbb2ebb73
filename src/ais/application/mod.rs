//! Application messages: what the bits that types 6, 8, 25 and 26 carry mean, by designated area and function.
//!
//! Nothing here is read until somebody asks: decoding a message keeps its application's bits as they are.

mod area;
mod content;
mod inland;
mod route;
mod targets;
mod voyage;
mod weather;

pub use area::{AreaNotice, Leg, SubArea};
pub use content::{Hundredths, Tenths};
pub use inland::{
    ArrivalAnswer, ArrivalRequest, Gauge, InlandPersons, InlandShip, Stretch, WaterLevels, WeatherWarning,
};
pub use route::{Route, RouteHead};
pub use targets::{Target, TargetId, Targets};
pub use voyage::{ExtendedStatic, Persons};
pub use weather::MetHydro;

use super::Message;
use super::bits::{AppBits, Bits, BitsOut, Unarmoured};
use super::carrier::ApplicationId;
use content::Content;

/// Declares what an application message may say: a variant a layout, with the word that names it in JSON.
macro_rules! applications {
    ($($(#[$about:meta])* $layout:ident, $kind:literal;)*) => {
        /// What an application message says, by what it is laid out like.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Application {
            $($(#[$about])* $layout($layout),)*
        }

        impl Application {
            fn kind(&self) -> &'static str {
                match self {
                    $(Self::$layout(_) => $kind,)*
                }
            }

            fn put(&self, out: &mut BitsOut) {
                match self {
                    $(Self::$layout(content) => content.put(out),)*
                }
            }

            fn tell_fields(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$layout(content) => content.tell(out),)*
                }
            }
        }
    };
}

applications! {
    /// DAC 1, FI 16: of circulars 236 and 289.
    Persons, "persons";
    /// DAC 1, FI 16 of ITU-R M.1371-1, and FI 17.
    Targets, "targets";
    /// DAC 1, FI 22, and FI 23 addressed.
    AreaNotice, "area_notice";
    /// DAC 1, FI 24.
    ExtendedStatic, "extended_static";
    /// DAC 1, FI 27, and FI 28 addressed.
    Route, "route";
    /// DAC 1, FI 31.
    MetHydro, "met_hydro";
    /// DAC 200, FI 10.
    InlandShip, "inland_ship";
    /// DAC 200, FI 21.
    ArrivalRequest, "arrival_request";
    /// DAC 200, FI 22.
    ArrivalAnswer, "arrival_answer";
    /// DAC 200, FI 23.
    WeatherWarning, "weather_warning";
    /// DAC 200, FI 24.
    WaterLevels, "water_levels";
    /// DAC 200, FI 55.
    InlandPersons, "inland_persons";
}

/// A row of the table of applications.
#[derive(Clone, Copy, Debug)]
struct Row {
    id: ApplicationId,
    /// Which message type carries it: 6 addressed, 8 to all.
    carrier: u8,
    /// Fewest bits, spare ones at its end aside.
    min_bits: usize,
    /// Most bits, with the spare ones.
    max_bits: usize,
    /// Bits of a part of which there may be several; 0 where there are no such parts.
    part_bits: usize,
    take: fn(&mut Bits<'_>) -> Option<Application>,
}

/// Builds a row from area, function, carrier, bits and layout.
macro_rules! row {
    ($dac:literal, $fi:literal, $carrier:literal, $min:literal..=$max:literal, $layout:ident) => {
        row!($dac, $fi, $carrier, $min..=$max by 0, $layout)
    };
    ($dac:literal, $fi:literal, $carrier:literal, $min:literal..=$max:literal by $part:literal, $layout:ident) => {
        Row {
            id: ApplicationId { dac: $dac, fi: $fi },
            carrier: $carrier,
            min_bits: $min,
            max_bits: $max,
            part_bits: $part,
            take: |bits| $layout::take(bits).map(Application::$layout),
        }
    };
}

/// One row a content and its carriers.
static ROWS: [Row; 16] = [
    row!(1, 16, 8, 13..=48, Persons),
    row!(1, 16, 6, 13..=48, Persons),
    row!(1, 16, 8, 120..=840 by 120, Targets),
    row!(1, 17, 8, 120..=840 by 120, Targets),
    row!(1, 22, 8, 142..=925 by 87, AreaNotice),
    row!(1, 23, 6, 142..=925 by 87, AreaNotice),
    row!(1, 24, 8, 294..=304, ExtendedStatic),
    row!(1, 27, 8, 61..=941 by 55, Route),
    row!(1, 28, 6, 61..=941 by 55, Route),
    row!(1, 31, 8, 294..=304, MetHydro),
    row!(200, 10, 8, 104..=112, InlandShip),
    row!(200, 21, 6, 155..=160, ArrivalRequest),
    row!(200, 22, 6, 142..=144, ArrivalAnswer),
    row!(200, 23, 8, 194..=200, WeatherWarning),
    row!(200, 24, 8, 37..=112 by 25, WaterLevels),
    row!(200, 55, 6, 29..=80, InlandPersons),
];

/// Fewer bits than these may fill a content of fixed length up; eight are heard, a slot more is another content.
const FILL: usize = 64;
/// The same where parts may follow: up to a whole byte.
const PART_FILL: usize = 8;

impl Row {
    /// Whether a content of so many bits may be laid out like this. Others have been heard with the same identifier
    /// and a content of their own.
    fn fits(&self, count: usize) -> bool {
        let is_filled = match self.part_bits {
            0 => count < self.max_bits + FILL,
            part_bits => {
                let short = (self.max_bits + PART_FILL - 1).checked_sub(count);
                short.is_some_and(|short| short % part_bits < PART_FILL)
            }
        };
        count >= self.min_bits && is_filled
    }
}

impl Message {
    /// What the application's bits in a message mean, if their layout is known and they suffice for it. Types 25 and 26
    /// carry what type 6 does where they are addressed, and else what type 8 does.
    pub fn application(&self) -> Option<Application> {
        match self {
            Self::AddressedBinary(message) => Application::of(6, message.dac, message.fi, &message.content),
            Self::BroadcastBinary(message) => Application::of(8, message.dac, message.fi, &message.content),
            Self::SlotBinary(message) => {
                let ApplicationId { dac, fi } = message.application?;
                let like = if message.dest_mmsi.is_some() { 6 } else { 8 };
                Application::of(like, dac, fi, &message.content)
            }
            _ => None,
        }
    }
}

impl Application {
    fn of(carrier: u8, dac: u16, fi: u8, content: &AppBits) -> Option<Self> {
        let id = ApplicationId { dac, fi };
        let means = |row: &&Row| row.id == id && row.carrier == carrier && row.fits(content.count());
        let row = ROWS.iter().find(means)?;
        (row.take)(&mut Unarmoured::of_content(content).bits())
    }

    /// Its bits, to be carried by a message.
    pub fn content(&self) -> AppBits {
        let mut out = BitsOut::default();
        self.put(&mut out);
        out.content()
    }

    /// Appends `,"application":{…}`.
    pub(super) fn tell(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"application\":{\"kind\":\"");
        out.extend_from_slice(self.kind().as_bytes());
        out.push(b'"');
        self.tell_fields(out);
        out.push(b'}');
    }
}

#[cfg(test)]
mod tests;
