//! What the receivers of the United States Coast Guard write behind a checksum:
//! `,s28089,d-103,T39.44353985,x147521,r08TPHI1,1242958962`.
//!
//! `r` or `b` and a name is the station (a receiver, or a base station by its MMSI), the last number the second of
//! receipt. The rest is about one reception: `s` its strength as the receiver counts it, `d` in dBm, `S` the slot, `t`
//! the time of day, `T` the second of the minute, `x` a counter. That is let pass, and not used.

use super::MAX_SOURCE;

/// The station in the text behind a checksum, named with its letter, as the same receivers name it in tag blocks.
pub(super) fn station(after: &[u8]) -> Option<&[u8]> {
    let fields = after.strip_prefix(b",")?;
    let is_station = |field: &&[u8]| {
        matches!(field, [b'r' | b'b', _, ..]) && field.len() <= MAX_SOURCE && field.iter().all(is_of_name)
    };
    fields.split(|byte| *byte == b',').find(is_station)
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
}
