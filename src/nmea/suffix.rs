//! What the receivers of the United States Coast Guard write behind a checksum:
//! `,s28089,d-103,T39.44353985,x147521,r08TPHI1,1242958962`.
//!
//! `r` or `b` and a name is the station (a receiver, or a base station by its MMSI), the last number the second of
//! receipt. The rest is about one reception: `d` its strength in dBm, `S` the slot; let pass, and not used, are `s`, the
//! strength as the receiver counts it, `t`, the time of day, `T`, the second of the minute, and `x`, a counter.

use std::str::FromStr;

use super::MAX_SOURCE;
use super::instruments::{SLOTS, Signal};

/// The station in the text behind a checksum, named with its letter, as the same receivers name it in tag blocks.
pub(super) fn station(after: &[u8]) -> Option<&[u8]> {
    let is_station = |field: &&[u8]| {
        matches!(field, [b'r' | b'b', _, ..]) && field.len() <= MAX_SOURCE && field.iter().all(is_of_name)
    };
    fields(after)?.find(is_station)
}

/// How the station heard the message, if the text behind the checksum says it.
pub(super) fn signal(after: &[u8]) -> Option<Signal> {
    let slot = number::<u16>(after, b'S').filter(|slot| u32::from(*slot) < SLOTS);
    let strength_dbm = number(after, b'd').filter(|dbm| (-200.0..=50.0).contains(dbm));
    (slot.is_some() || strength_dbm.is_some()).then_some(Signal {
        slot,
        strength_dbm,
        snr_db: None,
    })
}

/// The number behind this letter.
fn number<T: FromStr>(after: &[u8], letter: u8) -> Option<T> {
    let number = |field: &[u8]| {
        let digits = field.split_first().filter(|(first, _)| **first == letter)?.1;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    fields(after)?.find_map(number)
}

fn fields(after: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let fields = after.strip_prefix(b",")?;
    Some(fields.split(|byte| *byte == b','))
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stations_behind_a_checksum() {
        for (after, name) in [
            (
                ",s28089,d-103,T39.44353985,x147521,r08TPHI1,1242958962",
                Some("r08TPHI1"),
            ),
            (
                ",d-077,S1832,t004248.00,T48.85520485,r07RPAL1,1272415370",
                Some("r07RPAL1"),
            ),
            (",b003669794,1272412827", Some("b003669794")),
            (",b003660465", Some("b003660465")),
            (",rnhjel,1272412827", Some("rnhjel")),
            (",s28089,1242958962", None),
            (",r,1242958962", None),
            (",r08 TPHI1", None),
            (",rABCDEFGHIJKLMNOPQRSTUVWXYZ0123456", None),
            (" r08TPHI1", None),
            ("", None),
        ] {
            assert_eq!(station(after.as_bytes()), name.map(str::as_bytes), "{after}");
        }
    }

    #[test]
    fn signals_behind_a_checksum() {
        for (after, told) in [
            (
                ",d-077,S1832,t004248.00,T48.85520485,r07RPAL1,1272415370",
                Some((Some(1832), Some(-77.0))),
            ),
            (",s28089,d-103,T39.44353985,r08TPHI1", Some((None, Some(-103.0)))),
            (",S2249", Some((Some(2249), None))),
            (",S2250,d-201,r08TPHI1", None),
            (",Sx,dNaN", None),
            (",b003669794,1272412827", None),
            (" d-077", None),
        ] {
            let signal = signal(after.as_bytes()).map(|signal| (signal.slot, signal.strength_dbm));
            assert_eq!(signal, told, "{after}");
        }
    }
}
