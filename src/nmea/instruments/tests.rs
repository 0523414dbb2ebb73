//! Sentences beside what they say, and mutated ones that must do no harm.

use rand_core::{RngCore, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::nmea::Sentence;

/// 2026-03-01T12:00:00Z.
const NEAR: Timestamp = Timestamp(1_772_366_400_000);

/// Sentences, some heard at sea and some made for these tests; every kind that is read.
const SENTENCES: [&str; 15] = [
    "$ANZDA,201638.00,02,03,2015,00,00",
    "$GPRMC,120000.50,A,2425.200,N,11824.600,E,0.1,,010326,003.1,W",
    "$GPGGA,115959.00,2425.200,N,11824.600,E,1,08,0.9,25.4,M,10.0,M,,",
    "$WIMWV,295.4,T,10.0,M,A",
    "$WIMWV,12.0,R,20.0,N,A",
    "$SDDPT,17.5,0.3",
    "$SDDBS,16.9,f,5.2,M,2.8,F",
    "$INMTW,17.9,C",
    "$IIHDT,15.0,T",
    "$AIALR,000002.00,025,A,V,AIS: External EPFS lost",
    "$BNALF,1,1,0,123045.00,A,W,V,,1001,1,1,0,Overheat",
    "$AITXT,01,01,91,FREQ,2087,2088",
    "$ARVSI,r08XSTL1,,201704.05846325,0152,-057,0",
    "$GPGSV,100000000,1,1",
    "$HEROT,0.0,A",
];

fn check(text: &str, wanted: &str) {
    let told = match read(text.as_bytes(), NEAR) {
        Ok(reading) => told(&reading),
        Err(unread) => format!("{unread:?}"),
    };
    assert_eq!(told, wanted, "{text}");
}

fn told(reading: &Reading) -> String {
    match reading {
        Reading::Fix { clock, position } => {
            let clock = clock.map_or("-".into(), |clock| clock.to_string());
            let place = position.map_or("-".into(), |place| format!("{:.4} {:.4}", place.lon, place.lat));
            format!("{clock} {place}")
        }
        Reading::Measured(measures) => {
            let each = |(quantity, value): &(Quantity, f64)| format!("{} {value:.3}", quantity.name());
            measures.iter().map(each).collect::<Vec<_>>().join(", ")
        }
        Reading::Alarm(alarm) => {
            let (id, instance, active, acknowledged) = (alarm.id, alarm.instance, alarm.active, alarm.acknowledged);
            format!("{id} {instance:?} {active} {acknowledged} {}", alarm.text)
        }
        Reading::Text(text) => text.to_string(),
        Reading::Signal(signal) => format!("{:?} {:?} {:?}", signal.slot, signal.strength_dbm, signal.snr_db),
        Reading::Nothing => "nothing".into(),
    }
}

#[test]
fn clocks_and_places() {
    check(SENTENCES[0], "2015-03-02T20:16:38.000Z -");
    check(SENTENCES[1], "2026-03-01T12:00:00.500Z 118.4100 24.4200");
    check(SENTENCES[2], "2026-03-01T11:59:59.000Z 118.4100 24.4200");
    check("$GPZDA,,,,,,", "nothing");
    check("$GPZDA,072914.00,31,02,2018,00,00", "Malformed");
    check("$GPZDA,256060.00,01,03,2026,00,00", "Malformed");
    check("$GPZDA", "Unsupported");
    check("$GPRMC,120000,V,,,,,,,010326,,", "nothing");
    check("$GPRMC,,A,,,,,,,,,", "- -");
    check("$GPRMC,120000,A,2425.200,X,11824.600,E,,,010326,,", "Malformed");
    check("$GPRMC,120000,A,9925.200,N,11824.600,E,,,010326,,", "Malformed");
    check("$GPGGA,115959,,,,,0,,,,,,,,", "nothing");
    // Whatever the day of receipt, a time of day is the nearest one.
    let gga = "$GPGGA,235958,0000.0,S,00000.0,W,1,,,,,,,,";
    let midnight = read(gga.as_bytes(), Timestamp(1_772_323_201_000));
    assert_eq!(told(&midnight.unwrap()), "2026-02-28T23:59:58.000Z -0.0000 -0.0000");
}

#[test]
fn instruments() {
    check(SENTENCES[3], "wind_ms 10.000, wind_angle_true_deg 295.400");
    check(SENTENCES[4], "wind_ms 10.289, wind_angle_relative_deg 12.000");
    check(
        "$WIMWV,12.0,R,36.0,K,A",
        "wind_ms 10.000, wind_angle_relative_deg 12.000",
    );
    check("$WIMWV,12.0,R,20.0,N,V", "nothing");
    check("$WIMWV,,R,,N,A", "nothing");
    check("$WIMWV,12.0,R,20.0,N", "Malformed");
    check("$WIMWV,12.0,R,NaN,N,A", "Malformed");
    check("$WIMWV,12.0,R,-1,N,A", "Malformed");
    check(SENTENCES[5], "depth_below_transducer_m 17.500, depth_m 17.800");
    check("$SDDPT,17.5,-0.3", "depth_below_transducer_m 17.500");
    check("$SDDPT,,0.3", "nothing");
    check("$SDDPT,inf,0.3", "Malformed");
    check(SENTENCES[6], "depth_m 5.200");
    check(SENTENCES[7], "water_temperature_c 17.900");
    check("$INMTW,1e9,C", "Malformed");
    check(SENTENCES[8], "heading_deg 15.000");
}

#[test]
fn receivers() {
    check(SENTENCES[9], "25 None true false AIS: External EPFS lost");
    check(
        "$AIALR,,006,V,V,AIS:general failure",
        "6 None false false AIS:general failure",
    );
    check("$AIALR,,,V,V,", "nothing");
    check("$AIALR,,x,V,V,", "Malformed");
    check("$AIALR,,6,B,V,", "Malformed");
    check("$AIALR,,6", "Malformed");
    check(SENTENCES[10], "1001 Some(1) true false Overheat");
    check("$BNALF,1,1,0,123045.00,A,W,N,,3,,1,0,", "3 None false true ");
    check("$BNALF,2,2,0,,,,,,1001,1,1,0,more", "nothing");
    check("$BNALF,1,1,0,123045.00,A,W,X,,1001,1,1,0,", "Malformed");
    check(SENTENCES[11], "FREQ,2087,2088");
    check("$AITXT,01,01,91,a^5Eb^E9^1B[31mc^4", "a^bé[31mc^4");
    check("$AITXT,01,01", "Malformed");
    check(SENTENCES[12], "Some(152) Some(-57.0) Some(0.0)");
    check("$ARVSI,x,,,,,", "None None None");
    check("$ARVSI,x,,,2250,,", "Malformed");
    let long = format!("$AITXT,01,01,91,{}", "文é".replace('文', "w").repeat(200));
    assert!(
        matches!(read(long.as_bytes(), NEAR), Err(Unread::Malformed)),
        "not ASCII"
    );
    let long = format!("$AITXT,01,01,91,{}", "^E9".repeat(200));
    assert!(matches!(read(long.as_bytes(), NEAR), Ok(Reading::Text(text)) if text.len() == MAX_TEXT));
}

#[test]
fn what_is_not_read() {
    for text in [
        "$GPGSV,100000000,1,1",
        "$HEROT,0.0,A",
        "$PALR,,6,A,V,x",
        "$PGALR,,6,A,V,x",
        "!AIALR,,6,A,V,x",
        "$",
        "$GPZDA",
    ] {
        check(text, "Unsupported");
    }
    check(&format!("$GPRMC,{}", ",".repeat(1024)), "Malformed");
}

/// Mutates sentences and reads what has a right checksum again; how many said something, were malformed and were not
/// supported.
fn mutate(count: u32, seed: u64) -> [u32; 3] {
    let mut chance = Pcg64Mcg::seed_from_u64(seed);
    let mut counts = [0; 3];
    for n in 0..count {
        let mut text = SENTENCES[n as usize % SENTENCES.len()].as_bytes().to_vec();
        for _ in 0..=chance.next_u32() % 4 {
            alter(&mut text, &mut chance);
        }
        let sum = text.iter().skip(1).fold(0, |sum, byte| sum ^ byte);
        text.extend_from_slice(format!("*{sum:02X}").as_bytes());
        let Ok(words) = Sentence::parse(&text, false).words else {
            continue;
        };
        match read(words.text, NEAR) {
            Ok(_) => counts[0] += 1,
            Err(Unread::Malformed) => counts[1] += 1,
            Err(Unread::Unsupported) => counts[2] += 1,
            Err(Unread::Panicked) => panic!("{}", String::from_utf8_lossy(&text)),
        }
    }
    counts
}

/// Changes, drops, doubles or adds a byte, a field or a run.
fn alter(text: &mut Vec<u8>, chance: &mut Pcg64Mcg) {
    const LIKELY: &[u8] = b",,,0123456789.-+*ANSEWTRVMKGP$!^eEinfNaN";
    let at = chance.next_u32() as usize % text.len().max(1);
    let byte = match chance.next_u32() % 3 {
        0 => chance.next_u32().to_le_bytes()[0] & 0x7F,
        _ => LIKELY[chance.next_u32() as usize % LIKELY.len()],
    };
    match chance.next_u32() % 6 {
        _ if text.is_empty() => text.push(b'$'),
        0 => text[at] = byte,
        1 => drop(text.remove(at)),
        2 => text.insert(at, byte),
        3 => text.truncate(at + 1),
        4 => text.extend_from_within(at..),
        _ => {
            let run = vec![byte; chance.next_u32() as usize % 100];
            text.splice(at..at, run);
        }
    }
}

#[test]
fn mutated_sentences_do_no_harm() {
    let counts = mutate(20_000, 1);
    assert!(counts.iter().all(|count| *count > 500), "{counts:?}");
}
