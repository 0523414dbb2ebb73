//! Application messages as `harborwatch decode` tells them, against what gpsdecode makes of the same lines.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// How gpsdecode's raw number becomes our value.
enum As {
    /// In the range sent: steps to a unit, and the step that is zero; outside it nothing is told.
    Number(RangeInclusive<i64>, f64, f64),
    /// The number of no, and that of yes.
    Whether(i64, i64),
    /// As it stands, an empty text as nothing.
    Same,
    /// Part of one of gpsdecode's texts that give a time: which number of it, and the one of none.
    Part(usize, i64),
    /// The same of four, together.
    Eta,
    /// An object of these in a list.
    List(Vec<Field>),
}

/// Our word, gpsdecode's, and how one becomes the other.
type Field = (&'static str, &'static str, As);

use As::{Eta, List, Number, Part, Same, Whether};

fn bearing() -> As {
    whole(0..=359)
}

fn whole(range: RangeInclusive<i64>) -> As {
    Number(range, 1.0, 0.0)
}

fn tenths(range: RangeInclusive<i64>) -> As {
    Number(range, 10.0, 0.0)
}

fn hundredths(range: RangeInclusive<i64>) -> As {
    Number(range, 100.0, 0.0)
}

fn degrees(most: i64, steps: i64) -> As {
    Number(-most * steps..=most * steps, steps as f64, 0.0)
}

fn met_hydro() -> Vec<Field> {
    vec![
        ("lon", "lon", degrees(180, 60_000)),
        ("lat", "lat", degrees(90, 60_000)),
        ("accuracy", "accuracy", Same),
        ("day", "timestamp", Part(0, 0)),
        ("hour", "timestamp", Part(1, 24)),
        ("minute", "timestamp", Part(2, 60)),
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
    ]
}

fn route() -> Vec<Field> {
    let waypoint = vec![
        ("lon", "lon", degrees(180, 600_000)),
        ("lat", "lat", degrees(90, 600_000)),
    ];
    vec![
        ("linkage", "linkage", whole(1..=1023)),
        ("sender", "sender", Same),
        ("route_type", "rtype", Same),
        ("month", "start", Part(0, 0)),
        ("day", "start", Part(1, 0)),
        ("hour", "start", Part(2, 24)),
        ("minute", "start", Part(3, 60)),
        ("duration_min", "duration", whole(0..=262_142)),
        ("waypoints", "waypoints", List(waypoint)),
    ]
}

fn inland_ship() -> Vec<Field> {
    vec![
        ("eni", "vin", Same),
        ("length_m", "length", tenths(1..=8000)),
        ("beam_m", "beam", tenths(1..=1000)),
        ("eri_type", "shiptype", whole(1..=16_383)),
        ("hazard", "hazard", whole(0..=4)),
        ("draught_m", "draught", hundredths(1..=2000)),
        // gpsdecode's texts have the two the other way round; the standard says loaded 1, unloaded 2.
        ("loaded", "loaded", Whether(2, 1)),
        ("sog_quality", "speed_q", Same),
        ("cog_quality", "course_q", Same),
        ("heading_quality", "heading_q", Same),
    ]
}

fn lock() -> Vec<Field> {
    vec![
        ("country", "country", Same),
        ("location", "locode", Same),
        ("fairway_section", "section", Same),
        ("terminal", "terminal", Same),
        ("fairway_hectometre", "hectometre", Same),
    ]
}

fn arrival_request() -> Vec<Field> {
    let mut fields = lock();
    fields.extend([
        ("eta", "eta", Eta),
        ("tugs", "tugs", whole(0..=6)),
        ("air_draught_m", "airdraught", hundredths(1..=4000)),
    ]);
    fields
}

fn arrival_answer() -> Vec<Field> {
    let mut fields = lock();
    fields.extend([("rta", "eta", Eta), ("status", "status", whole(0..=2))]);
    fields
}

/// gpsdecode tells hours as days and minutes as hours in its begin, and reads the extremes as two's complement.
fn weather_warning() -> Vec<Field> {
    vec![
        ("start_lon", "start_lon", degrees(180, 600_000)),
        ("start_lat", "start_lat", degrees(90, 600_000)),
        ("end_month", "end", Part(1, 0)),
        ("end_day", "end", Part(2, 0)),
        ("end_hour", "end", Part(3, 24)),
        ("end_minute", "end", Part(4, 60)),
        ("end_lon", "end_lon", degrees(180, 600_000)),
        ("end_lat", "end_lat", degrees(90, 600_000)),
        ("weather", "type", whole(1..=9)),
        ("strength", "class", whole(1..=3)),
        ("wind", "wind", whole(1..=8)),
    ]
}

/// gpsdecode reads levels as two's complement; the standard has the sign in the last bit.
fn water_levels() -> Vec<Field> {
    vec![
        ("country", "country", Same),
        ("gauges", "gauges", List(vec![("gauge", "id", whole(1..=2047))])),
    ]
}

fn inland_persons() -> Vec<Field> {
    vec![
        ("crew", "crew", whole(0..=254)),
        ("passengers", "passengers", whole(0..=8190)),
        ("personnel", "personnel", whole(0..=254)),
    ]
}

/// What gpsdecode 3.22 reads at other bits than the circular has, or not at all: nothing to compare with.
///
/// Persons on board in 136 bits, targets behind the first and their speeds, area notices and extended static data.
const ALONE: [&str; 4] = ["persons", "targets", "area_notice", "extended_static"];

fn fields(kind: &str) -> Vec<Field> {
    match kind {
        "met_hydro" => met_hydro(),
        "route" => route(),
        "inland_ship" => inland_ship(),
        "arrival_request" => arrival_request(),
        "arrival_answer" => arrival_answer(),
        "weather_warning" => weather_warning(),
        "water_levels" => water_levels(),
        "inland_persons" => inland_persons(),
        other => panic!("nothing is known of {other}"),
    }
}

/// The numbers of a text such as `29T23:24Z`.
fn numbers(text: &str) -> Vec<i64> {
    let parts = text.split(|character: char| !character.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

fn expected(raw: &Value, how: &As) -> Value {
    let part = |at: usize, none: i64| Some(numbers(raw.as_str().unwrap())[at]).filter(|number| *number != none);
    match how {
        Number(range, per_unit, zero) => {
            let raw = raw.as_i64().unwrap();
            let value = (raw as f64 - zero) / per_unit;
            range.contains(&raw).then_some(value).into()
        }
        Whether(no, yes) => match raw.as_i64().unwrap() {
            sent if sent == *no => false.into(),
            sent if sent == *yes => true.into(),
            _ => Value::Null,
        },
        Same if raw == "" => Value::Null,
        Same => raw.clone(),
        Part(at, none) => part(*at, *none).into(),
        Eta => json!({"month": part(0, 0), "day": part(1, 0), "hour": part(2, 24), "minute": part(3, 60)}),
        List(_) => unreachable!("lists are checked part by part"),
    }
}

/// Numbers agree to a millionth, the places of a degree.
fn agrees(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-6,
        _ => ours == theirs,
    }
}

fn check(fields: &[Field], ours: &Value, theirs: &Value) {
    for (word, theirs_word, how) in fields {
        let (ours, theirs) = (&ours[*word], &theirs[*theirs_word]);
        if let List(fields) = how {
            let (ours, theirs) = (ours.as_array().unwrap(), theirs.as_array().unwrap());
            assert_eq!(ours.len(), theirs.len(), "{word}");
            for (ours, theirs) in ours.iter().zip(theirs) {
                check(fields, ours, theirs);
            }
        } else {
            let wanted = expected(theirs, how);
            assert!(agrees(ours, &wanted), "{word}: {ours} is not {wanted}");
        }
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
    let mut compared = BTreeMap::new();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!((&ours["dac"], &ours["fi"]), (&theirs["dac"], &theirs["fid"]));
        let Some(kind) = ours["application"]["kind"].as_str() else {
            // What we leave as bits so does gpsdecode, or it has found more targets than there are bits for.
            assert!(theirs.get("data").is_some() || theirs["fid"] == 17, "{theirs}");
            continue;
        };
        if !ALONE.contains(&kind) {
            check(&fields(kind), &ours["application"], theirs);
            *compared.entry(kind.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(compared.len(), 8, "{compared:?}");
}
