//! Application messages as `harborwatch decode` tells them, against what gpsdecode makes of the same lines.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// How gpsdecode's raw number becomes our value.
enum As {
    /// In the range sent: steps to a unit, and the step that is zero; outside it nothing is told.
    Number(RangeInclusive<i64>, f64, f64),
    /// The number of no, and that of yes.
    Whether(i64, i64),
    /// As it stands.
    Same,
    /// Part of gpsdecode's `ddThh:mmZ`: where it stands, and the number of none.
    Clock(usize, i64),
}

use As::{Clock, Number, Same, Whether};

/// What a content is called, and its rows: our word, gpsdecode's, and how one becomes the other.
type Table = (&'static str, Vec<(&'static str, &'static str, As)>);

fn bearing() -> As {
    whole(0..=359)
}

fn whole(range: RangeInclusive<i64>) -> As {
    Number(range, 1.0, 0.0)
}

fn tenths(range: RangeInclusive<i64>) -> As {
    Number(range, 10.0, 0.0)
}

fn met_hydro() -> Table {
    let place = |degrees: i64| Number(-degrees * 60_000..=degrees * 60_000, 60_000.0, 0.0);
    let rows = vec![
        ("lon", "lon", place(180)),
        ("lat", "lat", place(90)),
        ("accuracy", "accuracy", Same),
        ("day", "timestamp", Clock(0, 0)),
        ("hour", "timestamp", Clock(3, 24)),
        ("minute", "timestamp", Clock(6, 60)),
        ("wind_kn", "wspeed", whole(0..=126)),
        ("gust_kn", "wgust", whole(0..=126)),
        ("wind_deg", "wdir", bearing()),
        ("gust_deg", "wgustdir", bearing()),
        ("air_temperature_c", "airtemp", tenths(-600..=600)),
        ("humidity_percent", "humidity", whole(0..=100)),
        ("dew_point_c", "dewpoint", tenths(-200..=500)),
        ("pressure_hpa", "pressure", Number(0..=402, 1.0, -799.0)),
        ("pressure_tendency", "pressuretend", whole(0..=2)),
        ("visibility_or_more", "visgreater", Same),
        ("visibility_nm", "visibility", tenths(0..=126)),
        ("water_level_m", "waterlevel", Number(0..=4000, 100.0, 1000.0)),
        ("water_tendency", "leveltrend", whole(0..=2)),
        ("current_kn", "cspeed", tenths(0..=251)),
        ("current_deg", "cdir", bearing()),
        ("current_2_kn", "cspeed2", tenths(0..=251)),
        ("current_2_deg", "cdir2", bearing()),
        ("current_2_depth_m", "cdepth2", whole(0..=30)),
        ("current_3_kn", "cspeed3", tenths(0..=251)),
        ("current_3_deg", "cdir3", bearing()),
        ("current_3_depth_m", "cdepth3", whole(0..=30)),
        ("wave_height_m", "waveheight", tenths(0..=251)),
        ("wave_period_s", "waveperiod", whole(0..=60)),
        ("wave_deg", "wavedir", bearing()),
        ("swell_height_m", "swellheight", tenths(0..=251)),
        ("swell_period_s", "swellperiod", whole(0..=60)),
        ("swell_deg", "swelldir", bearing()),
        ("sea_state", "seastate", whole(0..=12)),
        ("water_temperature_c", "watertemp", tenths(-100..=500)),
        ("precipitation", "preciptype", whole(0..=6)),
        ("salinity_permille", "salinity", tenths(0..=501)),
        ("ice", "ice", Whether(0, 1)),
    ];
    ("met_hydro", rows)
}

/// The table for an area, a function and the type that carries it.
fn table(carrier: i64, dac: i64, fi: i64) -> Table {
    match (carrier, dac, fi) {
        (8, 1, 31) => met_hydro(),
        other => panic!("no table for {other:?}"),
    }
}

fn expected(raw: &Value, how: &As) -> Value {
    let number = |range: &RangeInclusive<i64>, raw: i64, per_unit: f64, zero: f64| {
        let value = (raw as f64 - zero) / per_unit;
        range.contains(&raw).then_some(value).into()
    };
    match how {
        Number(range, per_unit, zero) => number(range, raw.as_i64().unwrap(), *per_unit, *zero),
        Whether(no, yes) => match raw.as_i64().unwrap() {
            sent if sent == *no => false.into(),
            sent if sent == *yes => true.into(),
            _ => Value::Null,
        },
        Same => raw.clone(),
        Clock(at, none) => {
            let part: i64 = raw.as_str().unwrap()[*at..*at + 2].parse().unwrap();
            Some(part).filter(|part| part != none).into()
        }
    }
}

/// Numbers agree to a millionth, the places of a degree.
fn agrees(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-6,
        _ => ours == theirs,
    }
}

/// The application of a message as we tell it, against gpsdecode's whole message.
fn check(ours: &Value, theirs: &Value) {
    let number = |of: &Value, key: &str| of[key].as_i64().unwrap();
    let (carrier, dac, fi) = (number(ours, "type"), number(ours, "dac"), number(ours, "fi"));
    assert_eq!(
        (number(theirs, "dac"), number(theirs, "fid")),
        (dac, fi),
        "{ours} {theirs}"
    );
    let (kind, rows) = table(carrier, dac, fi);
    let told = ours["application"].as_object().unwrap();
    assert_eq!(told["kind"], kind);
    assert_eq!(told.len(), rows.len() + 1, "{told:?}");
    for (word, theirs_word, how) in &rows {
        let wanted = expected(&theirs[*theirs_word], how);
        assert!(agrees(&told[*word], &wanted), "{word}: {} is not {wanted}", told[*word]);
    }
}

fn decoded(lines: &Path) -> Vec<Value> {
    let run = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .arg("decode")
        .arg(lines)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    values(&String::from_utf8(run.stdout).unwrap())
}

fn values(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn gpsdecode_says_the_same() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/applications");
    let ours = decoded(&folder.join("messages.nmea"));
    let theirs = values(&fs::read_to_string(folder.join("gpsdecode.jsonl")).unwrap());
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        check(ours, theirs);
    }
}
