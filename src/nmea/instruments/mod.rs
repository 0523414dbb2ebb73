//! What a `$` sentence says of the station that sends it: its clock and place, its instruments, its receiver's alarms.

mod guarded;
mod quantity;
mod receiver;
#[cfg(test)]
mod tests;

pub use quantity::{Measures, Quantity};

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

use crate::geo::Position;
use crate::time::Timestamp;

/// Longest text kept of an alarm or of TXT, in bytes of UTF-8: more than a sentence of 82 characters holds. What is
/// longer is cut.
pub const MAX_TEXT: usize = 96;

/// A text that a device chose, without control characters: fit to be shown on a terminal.
pub type Text = ArrayString<MAX_TEXT>;

/// What a sentence says.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// ZDA, RMC and GGA: the time on the station's clock and where it stands.
    Fix {
        clock: Option<Timestamp>,
        position: Option<Position>,
    },
    /// MWV, DPT, DBS, MTW and HDT.
    Measured(Measures),
    /// ALR and ALF.
    Alarm(Alarm),
    /// TXT.
    Text(Text),
    /// VSI, or the suffix of a message.
    Signal(Signal),
    /// The sentence is known, but its fields are empty or marked as not valid.
    Nothing,
}

/// An alarm of a receiver (ALR) or an alert in the sense of IEC 62923 (ALF).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its number at its source, 0..=9 999 999.
    pub id: u32,
    /// Which of several of that number (ALF).
    pub instance: Option<u32>,
    /// Its condition holds.
    pub active: bool,
    pub acknowledged: bool,
    pub text: Text,
}

/// Slots of a frame (ITU-R M.1371-5, annex 2, 3.1).
pub(super) const SLOTS: u32 = 2250;

/// How a base station heard a message: the one before (VSI), or that of the same line (in a suffix).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Slot in which it began, 0..=2249.
    pub slot: Option<u16>,
    /// Signal strength in dBm.
    pub strength_dbm: Option<f64>,
    /// Signal above noise in dB.
    pub snr_db: Option<f64>,
}

/// Why a sentence says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is of no kind that is read.
    Unsupported,
    /// Fields are missing, or hold what they cannot.
    Malformed,
    /// The parser failed over it: a fault of the program, caught and to be counted.
    Panicked,
}

/// Reads a sentence whose checksum is right, from `$` to before the `*`; `near` is when it was heard, and tells the
/// day of a time of day.
pub fn read(text: &[u8], near: Timestamp) -> Result<Reading, Unread> {
    let Some(formatter) = formatter(text) else {
        return Err(Unread::Unsupported);
    };
    let fields = Fields::of(text)?;
    match formatter {
        b"ALR" => receiver::alr(&fields),
        b"ALF" => receiver::alf(&fields),
        b"TXT" => receiver::txt(&fields),
        b"VSI" => receiver::vsi(&fields),
        _ => guarded::read(formatter, &fields, near),
    }
}

/// The three letters after the talker; none in a proprietary sentence or one of another form.
fn formatter(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'$', talker, _, _, _, _, b',', ..] if *talker != b'P' => text.get(3..6),
        _ => None,
    }
}

/// The fields of a sentence, from 1 on as the standard counts them.
struct Fields<'a> {
    text: &'a str,
}

impl<'a> Fields<'a> {
    /// Of a sentence in ASCII that is no longer than a line.
    fn of(text: &'a [u8]) -> Result<Self, Unread> {
        let short = text.len() <= super::MAX_LINE && text.is_ascii();
        let text = std::str::from_utf8(text)
            .ok()
            .filter(|_| short)
            .ok_or(Unread::Malformed)?;
        Ok(Self { text })
    }

    /// A field; none if the sentence ends before it.
    fn get(&self, number: usize) -> Option<&'a str> {
        self.text.split(',').nth(number)
    }

    /// A field that must be there, though it may be empty.
    fn need(&self, number: usize) -> Result<&'a str, Unread> {
        self.get(number).ok_or(Unread::Malformed)
    }

    /// A whole number up to `most`; none if the field is empty.
    fn whole(&self, number: usize, most: u32) -> Result<Option<u32>, Unread> {
        let text = self.need(number)?;
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse().ok().filter(|value| digits && *value <= most);
        value.map(Some).ok_or(Unread::Malformed)
    }

    /// A decimal number within bounds; none if the field is empty or there is none.
    fn decimal(&self, number: usize, least: f64, most: f64) -> Result<Option<f64>, Unread> {
        let text = self.get(number).unwrap_or("");
        if text.is_empty() {
            return Ok(None);
        }
        let value = text.parse().ok().filter(|value: &f64| (least..=most).contains(value));
        value.map(Some).ok_or(Unread::Malformed)
    }
}
