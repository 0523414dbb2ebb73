//! Messages as JSON, in the words of the conformance corpora, written without anything in between.

use arrayvec::{ArrayString, ArrayVec};

use super::link::{Ack, Asked, Mode, Reservation};
use super::{AppBits, Area, Coordinates, Dimensions, Eta, Message, Radio, RateOfTurn, Utc};
use crate::geo::{Degrees, Knots, Metres};

/// Writes `"type":1,"mmsi":…` to the message's last field, without braces; absent values are null.
pub fn write_fields(message: &Message, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"type\":");
    whole(message.message_type().into(), out);
    message.mmsi().0.tell("mmsi", out);
    message.repeat().tell("repeat", out);
    match message {
        Message::StaticBPartA(_) => tell_text("part", "A", out),
        Message::StaticBPartB(_) => tell_text("part", "B", out),
        _ => {}
    }
    message.tell(out);
    if let Some(application) = message.application() {
        application.tell(out);
    }
}

/// A value that knows how it is told; one of several parts has words of its own and leaves `word` aside.
pub(super) trait Tell {
    /// Appends a comma, the word and the value.
    fn tell(&self, word: &str, out: &mut Vec<u8>);
}

/// Longest word that is appended at once.
const MAX_WORD: usize = 28;

/// Appends a comma, the word and a colon; mostly as one constant, for the word is known when this is compiled.
#[inline]
fn key(word: &str, out: &mut Vec<u8>) {
    let end = word.len() + 2;
    if word.len() > MAX_WORD {
        return out.extend([b",\"", word.as_bytes(), b"\":"].into_iter().flatten());
    }
    let mut key = [0; MAX_WORD + 4];
    key[..2].copy_from_slice(b",\"");
    key[2..end].copy_from_slice(word.as_bytes());
    key[end..end + 2].copy_from_slice(b"\":");
    out.extend_from_slice(&key[..end + 2]);
}

/// Appends a number.
#[inline]
pub fn whole(number: u64, out: &mut Vec<u8>) {
    const PART: u64 = 100_000_000;
    if number < 10 {
        out.push(b'0' + number as u8);
    } else if number < PART {
        let digits = eight_digits(number as u32);
        let zeros = digits.trailing_zeros() / 8;
        let end = out.len() + 8 - zeros as usize;
        // A copy of a known length and a cut are cheaper than a copy that fits.
        out.extend_from_slice(&ascii(digits >> (8 * zeros)));
        out.truncate(end);
    } else {
        whole(number / PART, out);
        out.extend_from_slice(&ascii(eight_digits((number % PART) as u32)));
    }
}

/// Eight digits, the first in the lowest byte.
#[inline]
fn eight_digits(number: u32) -> u64 {
    // Halves, quarters and eighths side by side, divided by a product and a shift.
    let number = u64::from(number);
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let quarters = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((quarters * 103) >> 10) & 0x000F_000F_000F_000F;
    tens | ((quarters - 10 * tens) << 8)
}

#[inline]
fn ascii(digits: u64) -> [u8; 8] {
    (digits | 0x3030_3030_3030_3030).to_le_bytes()
}

/// A number rounded half up to 1/`scale`, `places` decimals; no `-0.0`.
#[inline]
pub(super) fn decimal(number: f64, scale: u64, places: usize, out: &mut Vec<u8>) {
    let steps = (number.abs() * scale as f64 + 0.5) as u64;
    if number < 0.0 && steps > 0 {
        out.push(b'-');
    }
    whole(steps / scale, out);
    out.push(b'.');
    let fraction = (steps % scale) as u32;
    if places == 1 {
        out.push(b'0' + fraction as u8);
    } else {
        out.extend_from_slice(&ascii(eight_digits(fraction))[8 - places..]);
    }
}

#[inline]
fn tenths(number: f64, out: &mut Vec<u8>) {
    decimal(number, 10, 1, out);
}

#[inline]
pub(super) fn value_or_null<T: Copy>(
    word: &str,
    value: Option<T>,
    out: &mut Vec<u8>,
    write: impl FnOnce(T, &mut Vec<u8>),
) {
    key(word, out);
    match value {
        Some(value) => write(value, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// Appends a text; of the six-bit characters only quote and backslash need an escape.
pub(super) fn tell_text(word: &str, text: &str, out: &mut Vec<u8>) {
    key(word, out);
    quoted(text, out);
}

#[inline]
fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

macro_rules! tell_whole {
    ($($kind:ty)*) => {$(
        impl Tell for $kind {
            #[inline]
            fn tell(&self, word: &str, out: &mut Vec<u8>) {
                key(word, out);
                whole((*self).into(), out);
            }
        }

        impl Tell for Option<$kind> {
            #[inline]
            fn tell(&self, word: &str, out: &mut Vec<u8>) {
                value_or_null(word, *self, out, |value, out| whole(value.into(), out));
            }
        }
    )*};
}

tell_whole!(u8 u16 u32);

impl Tell for bool {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        key(word, out);
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl<const N: usize> Tell for Option<ArrayString<N>> {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        value_or_null(word, self.as_deref(), out, quoted);
    }
}

impl Tell for Option<Knots> {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        value_or_null("sog_kn", *self, out, |sog, out| tenths(sog.0, out));
    }
}

impl Tell for Option<Degrees> {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        value_or_null("cog_deg", *self, out, |cog, out| tenths(cog.0, out));
    }
}

impl Tell for Option<Metres> {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        value_or_null(word, *self, out, |metres, out| tenths(metres.0, out));
    }
}

impl Tell for RateOfTurn {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        key("rot_raw", out);
        if self.0 < 0 {
            out.push(b'-');
        }
        whole(self.0.unsigned_abs().into(), out);
        value_or_null("rot_deg_min", self.deg_min(), out, tenths);
    }
}

/// A list of objects, each of which `tell` writes as commas, words and values.
pub(super) fn tell_list<T>(word: &str, parts: &[T], out: &mut Vec<u8>, tell: impl Fn(&T, &mut Vec<u8>)) {
    key(word, out);
    out.push(b'[');
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let from = out.len();
        tell(part, out);
        // The comma before the part's first word opens its object.
        out[from] = b'{';
        out.push(b'}');
    }
    out.push(b']');
}

/// Longitude and latitude to a millionth of a degree.
#[inline]
pub(super) fn tell_place(words: [&str; 2], place: Coordinates, out: &mut Vec<u8>) {
    for (word, degrees) in words.into_iter().zip([place.lon, place.lat]) {
        value_or_null(word, degrees, out, |degrees, out| decimal(degrees, 1_000_000, 6, out));
    }
}

impl Tell for Coordinates {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        tell_place(["lon", "lat"], *self, out);
    }
}

impl Tell for Area {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        tell_place(["ne_lon", "ne_lat"], self.north_east, out);
        tell_place(["sw_lon", "sw_lat"], self.south_west, out);
    }
}

impl Tell for Dimensions {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        self.bow.tell("dim_bow_m", out);
        self.stern.tell("dim_stern_m", out);
        self.port.tell("dim_port_m", out);
        self.starboard.tell("dim_starboard_m", out);
    }
}

impl Tell for Eta {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        key(word, out);
        let from = out.len();
        self.month.tell("month", out);
        self.day.tell("day", out);
        self.hour.tell("hour", out);
        self.minute.tell("minute", out);
        // The comma before its first part opens the object.
        out[from] = b'{';
        out.push(b'}');
    }
}

impl Tell for Utc {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        self.year.tell("year", out);
        self.month.tell("month", out);
        self.day.tell("day", out);
        self.hour.tell("hour", out);
        self.minute.tell("minute", out);
        self.second.tell("second", out);
    }
}

impl Tell for Radio {
    /// The corpora leave it out.
    #[inline]
    fn tell(&self, _: &str, _: &mut Vec<u8>) {}
}

impl Tell for Option<Radio> {
    #[inline]
    fn tell(&self, _: &str, _: &mut Vec<u8>) {}
}

impl Tell for AppBits {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        key(word, out);
        out.push(b'"');
        for byte in self.bytes() {
            for digit in [byte >> 4, byte & 15] {
                out.push(b"0123456789abcdef"[usize::from(digit)]);
            }
        }
        out.push(b'"');
    }
}

impl<const N: usize> Tell for ArrayVec<Ack, N> {
    #[inline]
    fn tell(&self, word: &str, out: &mut Vec<u8>) {
        key(word, out);
        out.push(b'[');
        for (index, ack) in self.iter().filter(|ack| ack.mmsi != 0).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            whole(ack.mmsi.into(), out);
        }
        out.push(b']');
    }
}

impl Tell for Asked {
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        self.type1_2.tell("type1_2", out);
        self.offset1_2.tell("offset1_2", out);
        self.mmsi2.tell("mmsi2", out);
        self.type2_1.tell("type2_1", out);
        self.offset2_1.tell("offset2_1", out);
    }
}

impl Tell for ArrayVec<Mode, 2> {
    /// The second is told as zeros where there is none.
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        for (index, words) in [["mmsi1", "offset1", "increment1"], ["mmsi2", "offset2", "increment2"]]
            .iter()
            .enumerate()
        {
            let mode = self.get(index).copied().unwrap_or_default();
            mode.mmsi.tell(words[0], out);
            mode.offset.tell(words[1], out);
            mode.increment.tell(words[2], out);
        }
    }
}

impl Tell for ArrayVec<Reservation, 4> {
    /// Those that are not there are told as zeros.
    #[inline]
    fn tell(&self, _: &str, out: &mut Vec<u8>) {
        const WORDS: [[&str; 4]; 4] = [
            ["offset1", "number1", "timeout1", "increment1"],
            ["offset2", "number2", "timeout2", "increment2"],
            ["offset3", "number3", "timeout3", "increment3"],
            ["offset4", "number4", "timeout4", "increment4"],
        ];
        for (index, words) in WORDS.iter().enumerate() {
            let reservation = self.get(index).copied().unwrap_or_default();
            reservation.offset.tell(words[0], out);
            reservation.number.tell(words[1], out);
            reservation.timeout.tell(words[2], out);
            reservation.increment.tell(words[3], out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_rounded_half_up() {
        for (number, scale, places, told) in [
            (0.0, 10, 1, "0.0"),
            (-0.0, 10, 1, "0.0"),
            (102.2, 10, 1, "102.2"),
            (-6.428, 10, 1, "-6.4"),
            (-0.01, 10, 1, "0.0"),
            (6.005, 100, 2, "6.01"),
            (118.425_001_666, 1_000_000, 6, "118.425002"),
            (-0.000_005, 1_000_000, 6, "-0.000005"),
            (24.05, 1_000_000, 6, "24.050000"),
        ] {
            let mut out = Vec::new();
            decimal(number, scale, places, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), told, "{number}");
        }
    }

    #[test]
    fn whole_numbers() {
        for number in [
            0,
            9,
            10,
            99,
            100,
            416_000_001,
            u64::from(u32::MAX),
            1 << 32,
            10_000_000_001,
            u64::MAX,
        ] {
            let mut out = Vec::new();
            whole(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn words_of_any_length() {
        for word in ["", "x", &"y".repeat(MAX_WORD), &"z".repeat(MAX_WORD + 1)] {
            let mut out = Vec::new();
            key(word, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!(",\"{word}\":"));
        }
    }

    #[test]
    fn texts_are_escaped() {
        let mut out = Vec::new();
        tell_text("name", "A\"B\\C", &mut out);
        assert_eq!(out, br#","name":"A\"B\\C""#);
    }
}
