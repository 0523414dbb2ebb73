//! `harborwatch decode` against the conformance corpora: what independent decoders agree on, it says too.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

use crate::lines::fixtures;

/// A line of a corpus's lists, or of `harborwatch decode`.
pub type Record = Map<String, Value>;

/// Agreeing fields, of all expected fields.
const THRESHOLD: f64 = 0.999;
/// The same, of each message type by itself.
const TYPE_THRESHOLD: f64 = 0.99;
/// Keys that say where a record stands, not what a message says.
pub const PLACE: [&str; 4] = ["line", "line_end", "type", "needs_source_key"];

/// How far a number may be off: half of the last digit that is told, for decoders cut or round.
fn tolerance(field: &str) -> f64 {
    match field {
        "lat" | "lon" | "ne_lat" | "ne_lon" | "sw_lat" | "sw_lon" => 2e-5,
        "sog_kn" | "cog_deg" | "draught_m" => 0.051,
        "rot_deg_min" => 0.51,
        _ => 1e-9,
    }
}

/// Whether a value is the expected one, numbers within their tolerance.
pub fn agrees(field: &str, expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => {
            let (expected, actual) = (expected.as_f64().unwrap(), actual.as_f64().unwrap());
            (expected - actual).abs() <= tolerance(field)
        }
        (Value::Object(expected), Value::Object(actual)) => expected
            .iter()
            .all(|(part, value)| agrees(part, value, actual.get(part).unwrap_or(&Value::Null))),
        _ => expected == actual,
    }
}

/// A record a line.
pub fn records(text: &str) -> Vec<Record> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A whole number of a record.
pub fn number(record: &Record, key: &str) -> u64 {
    record[key].as_u64().unwrap()
}

/// What `harborwatch decode` says of a corpus.
pub fn decoded(corpus: &Path) -> Vec<Record> {
    let run = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .arg("decode")
        .arg(corpus)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    records(&String::from_utf8(run.stdout).unwrap())
}

/// What is wrong with a corpus's messages, one finding a line.
fn findings(expected: &[Record], mut actual: Vec<Record>, disputed: &[Record]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut by_type: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
    for wanted in expected {
        let place = |record: &Record| (number(record, "line_end"), number(record, "type"));
        let Some(at) = actual.iter().position(|found| place(found) == place(wanted)) else {
            findings.push(format!("line {} is missing", wanted["line"]));
            continue;
        };
        let found = actual.swap_remove(at);
        let (agreeing, all) = by_type.entry(number(wanted, "type")).or_default();
        for (field, value) in wanted.iter().filter(|(field, _)| !PLACE.contains(&field.as_str())) {
            *all += 1;
            if found.get(field).is_some_and(|told| agrees(field, value, told)) {
                *agreeing += 1;
            } else {
                let told = found.get(field);
                println!("line {}: {field} is {told:?}, expected {value}", wanted["line"]);
            }
        }
    }
    let is_disputed = |record: &Record| record["reason"] == "message";
    let open: HashSet<u64> = disputed
        .iter()
        .filter(|record| is_disputed(record))
        .map(|record| number(record, "line_end"))
        .collect();
    for extra in actual
        .iter()
        .filter(|record| !open.contains(&number(record, "line_end")))
    {
        findings.push(format!("line {} makes a message too many", extra["line_end"]));
    }
    let (agreeing, all) = by_type.values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    for (name, agreeing, all, threshold) in by_type
        .iter()
        .map(|(message_type, (agreeing, all))| (format!("type {message_type}"), *agreeing, *all, TYPE_THRESHOLD))
        .chain([("all types".to_owned(), agreeing, all, THRESHOLD)])
    {
        if (agreeing as f64) < threshold * all as f64 {
            findings.push(format!("{name}: {agreeing} of {all} fields agree"));
        }
    }
    findings
}

fn check(name: &str) {
    let corpora = fixtures("conformance");
    let list = |kind: &str| records(&fs::read_to_string(corpora.join(format!("{name}.{kind}.jsonl"))).unwrap());
    let expected = list("expected");
    assert!(!expected.is_empty(), "{name} expects nothing");
    let actual = decoded(&corpora.join(format!("{name}.nmea")));
    for rejected in list("rejected") {
        let line = number(&rejected, "line");
        let made = actual.iter().find(|record| number(record, "line_end") == line);
        assert!(made.is_none(), "{name}: rejected line {line} made {made:?}");
    }
    let findings = findings(&expected, actual, &list("disputed"));
    assert!(findings.is_empty(), "{name}:\n{}", findings.join("\n"));
}

#[test]
fn gpsd_receivers() {
    check("gpsd_receivers");
}

#[test]
fn gpsd_sample() {
    check("gpsd_sample");
}

#[test]
fn gpsd_type6() {
    check("gpsd_type6");
}

#[test]
fn pyais_unit() {
    check("pyais_unit");
}

#[test]
fn stress_open() {
    check("stress_open");
}

#[test]
fn synth_open() {
    check("synth_open");
}

#[test]
fn a_wrong_field_a_missing_and_an_extra_message_are_found() {
    let of = |text: &str| records(text);
    let expected = r#"{"line":1,"line_end":1,"type":1,"mmsi":5,"lat":1.0}"#;
    for (actual, disputed, count) in [
        (expected, "", 0),
        (r#"{"line":1,"line_end":1,"type":1,"mmsi":5,"lat":1.1}"#, "", 2),
        (r#"{"line":1,"line_end":1,"type":1,"mmsi":5,"lat":null}"#, "", 2),
        (r#"{"line":1,"line_end":1,"type":1,"mmsi":5}"#, "", 2),
        (r#"{"line":1,"line_end":1,"type":2,"mmsi":5,"lat":1.0}"#, "", 2),
        (
            r#"{"line":1,"line_end":1,"type":2,"mmsi":5,"lat":1.0}"#,
            r#"{"line":1,"line_end":1,"reason":"message"}"#,
            1,
        ),
    ] {
        let found = findings(&of(expected), of(actual), &of(disputed));
        assert_eq!(found.len(), count, "{actual}: {found:?}");
    }
}
