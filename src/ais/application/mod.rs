//! Application messages: what the bits that types 6 and 8 carry mean, by designated area and function.
//!
//! Nothing here is read until somebody asks: decoding a message keeps its application's bits as they are.

mod content;
mod weather;

pub use content::{Hundredths, Tenths};
pub use weather::MetHydro;

use super::Message;
use super::bits::{AppBits, Bits, BitsOut, Unarmoured};
use super::carrier::ApplicationId;

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
    /// DAC 1, FI 31.
    MetHydro, "met_hydro";
}

/// A row of the table of applications.
#[derive(Clone, Copy, Debug)]
struct Row {
    id: ApplicationId,
    /// Which message types carry it.
    carriers: &'static [u8],
    /// Fewest bits, spare ones at its end aside. More are no fault: stations fill up to whole slots.
    min_bits: usize,
    take: fn(&mut Bits<'_>) -> Application,
}

/// Builds a row from area, function, carriers, fewest bits and layout.
macro_rules! row {
    ($dac:literal, $fi:literal, $carriers:expr, $min_bits:literal, $layout:ident) => {
        Row {
            id: ApplicationId { dac: $dac, fi: $fi },
            carriers: &$carriers,
            min_bits: $min_bits,
            take: |bits| Application::$layout($layout::take(bits)),
        }
    };
}

/// One row a content.
static ROWS: [Row; 1] = [row!(1, 31, [8], 294, MetHydro)];

impl Message {
    /// What the application's bits in a message of type 6 or 8 mean, if their layout is known and they suffice for it.
    pub fn application(&self) -> Option<Application> {
        match self {
            Self::AddressedBinary(message) => Application::of(6, message.dac, message.fi, &message.content),
            Self::BroadcastBinary(message) => Application::of(8, message.dac, message.fi, &message.content),
            _ => None,
        }
    }
}

impl Application {
    fn of(carrier: u8, dac: u16, fi: u8, content: &AppBits) -> Option<Self> {
        let id = ApplicationId { dac, fi };
        let row = ROWS
            .iter()
            .find(|row| row.id == id && row.carriers.contains(&carrier))?;
        if content.count() < row.min_bits {
            return None;
        }
        Some((row.take)(&mut Unarmoured::of_content(content).bits()))
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
