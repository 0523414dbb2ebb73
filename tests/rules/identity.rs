//! Who a vessel says it is: names that change, positions that jump, identities used twice.

use arrayvec::ArrayString;
use harborwatch::report::{Content, StaticReport};
use serde_json::json;

use crate::story::*;

/// The ship gives a name, a call sign and an IMO number; empty and 0 are "not available".
fn named(told: &mut Story, second: i64, name: &str, call_sign: &str, imo: u32) {
    told.statics(
        second,
        StaticReport {
            name: Some((!name.is_empty()).then(|| ArrayString::from(name).unwrap())),
            call_sign: Some((!call_sign.is_empty()).then(|| ArrayString::from(call_sign).unwrap())),
            imo: Some((imo > 0).then_some(imo)),
            ..StaticReport::default()
        },
    );
}

#[test]
fn identity_change_needs_a_name_said_twice_in_a_row() {
    let mut told = story("identity_change", json!({}));
    for (second, name, wanted) in [
        (0, "A", ""),
        (1, "B", ""),
        (2, "B", ""),
        (3, "", ""),
        (4, " b ", ""),
        (5, "C", "5+r name"),
        (6, "B", ""),
        (7, "b", ""),
        (8, "", ""),
        (9, "C", "9+r name"),
    ] {
        named(&mut told, second, name, "", 0);
        let ended = wanted.replace('+', "-");
        told.tells(
            if wanted.is_empty() {
                vec![]
            } else {
                vec![wanted, &ended]
            }
            .as_slice(),
        );
    }
}

#[test]
fn identity_change_takes_no_older_report_for_news() {
    let mut told = story("identity_change", json!({}));
    named(&mut told, 10, "A", "", 0);
    named(&mut told, 20, "A", "", 0);
    named(&mut told, 15, "B", "", 0);
    told.tells(NOTHING);
    // Each field by its own time.
    named(&mut told, 18, "B", "X", 0);
    named(&mut told, 20, "A", "X", 0);
    told.tells(NOTHING);
    named(&mut told, 30, "B", "Y", 0);
    told.tells(&["30+r name", "30-r name"]);
}

#[test]
fn identity_change_tells_one_alert_a_report_of_the_fields_it_watches() {
    for (fields, wanted) in [
        (json!(["name", "call_sign", "imo"]), Some("name")),
        (json!(["imo", "name"]), Some("imo")),
        (json!(["call_sign"]), None),
    ] {
        let mut told = story("identity_change", json!({"fields": fields}));
        named(&mut told, 0, "A", "X", 9_000_001);
        named(&mut told, 1, "A", "X", 9_000_001);
        named(&mut told, 2, "B", "X", 9_000_002);
        let lines: Vec<String> = wanted
            .iter()
            .flat_map(|field| [format!("2+r {field}"), format!("2-r {field}")])
            .collect();
        told.tells(&lines);
    }
    refused(
        "identity_change",
        json!({"fields": ["flag"]}),
        &["fields is [\"flag\"]"],
    );
    refused("identity_change", json!({"fields": []}), &["fields is []"]);
    refused(
        "identity_change",
        json!({"for_s": 5}),
        &["for_s stands at identity_change, which is over in an instant"],
    );
}

#[test]
fn position_jump_is_told_once_a_while_in_every_zone_of_the_last_place() {
    let mut told = story("position_jump", json!({"zones": ["kind:harbour"], "repeat_s": 600}));
    told.ship(0, 118.02, 5.0, 0)
        .ship(10, 119.0, 5.0, 0)
        .tells(&["10+r bay", "10-r bay", "10+r cove", "10-r cove"]);
    let alert = told.standing()[0];
    assert_eq!(alert.position.map(|at| at.lon), Some(118.02));
    told.ship(15, 119.0, 5.0, 0)
        .ship(20, 118.02, 5.0, 0)
        .ship(609, 119.0, 5.0, 0)
        .tells(NOTHING);
    told.ship(611, 118.02, 5.0, 0).ship(612, 119.0, 5.0, 0).tells(&[
        "612+r bay",
        "612-r bay",
        "612+r cove",
        "612-r cove",
    ]);
}

#[test]
fn position_jump_is_told_again_from_repeat_s_on() {
    for (repeat_s, second, wanted) in [(60, 69, ""), (60, 70, "70+r"), (0, 21, "21+r")] {
        let mut told = story("position_jump", json!({"repeat_s": repeat_s}));
        told.ship(0, 118.05, 5.0, 0)
            .ship(10, 119.0, 5.0, 0)
            .tells(&["10+r", "10-r"])
            .ship(20, 118.05, 5.0, 0)
            .ship(second, 119.0, 5.0, 0);
        let ended = wanted.replace('+', "-");
        told.tells(
            if wanted.is_empty() {
                vec![]
            } else {
                vec![wanted, &ended]
            }
            .as_slice(),
        );
    }
}

#[test]
fn position_jump_is_told_everywhere_and_not_of_jumps_that_told_nothing() {
    story("position_jump", json!({}))
        .ship(0, 118.02, 5.0, 0)
        .ship(10, 119.0, 5.0, 0)
        .tells(&["10+r", "10-r"]);
    story("position_jump", json!({"zones": ["lane"]}))
        .ship(0, 118.19, 5.0, 0)
        .ship(10, 119.0, 5.0, 0)
        .ship(60, 118.2, 5.0, 0)
        .ship(70, 119.0, 5.0, 0)
        .tells(&["70+r lane", "70-r lane"]);
}

#[test]
fn duplicate_mmsi_counts_switches_between_two_places() {
    let mut told = story("duplicate_mmsi", json!({"clear_s": 0}));
    for (second, lon) in [(0, 118.05), (10, 119.0), (20, 118.05), (30, 119.0), (40, 118.05)] {
        told.ship(second, lon, 5.0, 0).tells(NOTHING);
    }
    told.ship(50, 119.0, 5.0, 0).tells(&["50+r 3/3"]);
    told.ship(60, 118.05, 5.0, 0)
        .ship(640, 118.05, 5.0, 0)
        .to(660)
        .tells(NOTHING);
    told.to(661).tells(&["661-r 3/3"]);
}

#[test]
fn duplicate_mmsi_knows_the_old_place_after_a_new_anchor() {
    let mut told = story("duplicate_mmsi", json!({}));
    for (second, lon) in [
        (0, 118.05),
        (10, 119.0),
        (20, 119.0),
        (30, 119.0),
        (40, 118.05),
        (50, 119.0),
    ] {
        told.ship(second, lon, 5.0, 0).tells(NOTHING);
    }
    told.ship(60, 118.05, 5.0, 0).tells(&["60+r 3/3"]);
}

#[test]
fn duplicate_mmsi_is_over_after_a_window_without_a_switch_whoever_looked() {
    let mut told = story("duplicate_mmsi", json!({"zones": ["cove"], "clear_s": 0}));
    for (second, lon) in [(0, 118.05), (10, 119.0), (20, 118.05), (30, 119.0), (40, 118.05)] {
        told.ship(second, lon, 5.0, 0).tells(NOTHING);
    }
    told.ship(50, 119.0, 5.0, 0)
        .ship(60, 118.05, 5.0, 0)
        .ship(70, 118.051, 5.0, 0)
        .tells(&["50+r cove 3/3", "70-r cove 3/3"]);
    told.ship(700, 119.0, 5.0, 0).ship(710, 118.05, 5.0, 0).tells(NOTHING);
}

#[test]
fn duplicate_mmsi_forgets_switches_out_of_the_window() {
    let mut told = story("duplicate_mmsi", json!({"within_s": 60}));
    for (second, lon) in [
        (0, 118.05),
        (10, 119.0),
        (20, 118.05),
        (30, 119.0),
        (40, 118.05),
        (101, 119.0),
    ] {
        told.ship(second, lon, 5.0, 0).tells(NOTHING);
    }
}

#[test]
fn invalid_mmsi_is_of_no_form() {
    story("invalid_mmsi", json!({}))
        .report(0, 123_456, Some(118.05), None, 0)
        .report(1, 970_123_456, Some(118.05), None, 0)
        .ship(2, 118.05, 5.0, 0)
        .report(3, 200_123_456, Some(118.05), None, 0)
        // A handheld VHF of Taiwan, and one of no country.
        .report(4, 841_600_001, Some(118.05), None, 0)
        .report(5, 812_345_678, Some(118.05), None, 0)
        .tells(&["0+r", "3+r", "5+r"]);
}

#[test]
fn safety_text_looks_for_words_and_tells_a_text_once_a_while() {
    let mut told = story("safety_text", json!({"patterns": ["sinking", "FIRE"]}));
    told.text(10, "WE ARE SINKING").tells(&["10+r", "10-r"]);
    told.text(20, "WE ARE SINKING").text(21, "ALL IS WELL").tells(NOTHING);
    told.text(22, "SINKING FAST").tells(&["22+r", "22-r"]);
    told.text(609, "WE ARE SINKING").tells(NOTHING);
    told.text(610, "WE ARE SINKING").tells(&["610+r", "610-r"]);
    let mut told = story("safety_text", json!({}));
    for n in 0..100 {
        let both = [format!("{n}+r"), format!("{n}-r")];
        told.text(n, &format!("TEXT {n}"))
            .tells(&both.each_ref().map(String::as_str));
    }
    told.text(599, "TEXT 0").tells(NOTHING);
    story("safety_text", json!({"repeat_s": 0}))
        .text(1, "A")
        .text(2, "A")
        .tells(&["1+r", "1-r", "2+r", "2-r"]);
    story("safety_text", json!({"zones": ["bay"]}))
        .text(1, "A")
        .ship(2, 118.05, 5.0, 0)
        .text(3, "A")
        .tells(&["3+r bay", "3-r bay"]);
    story("safety_text", json!({"patterns": ["fire"]}))
        .says(
            1000,
            OTHER,
            12,
            Content::SafetyText(ArrayString::from("Fire aboard").unwrap()),
        )
        .text(1, "FIRE")
        .tells(&["1+r", "1-r", "1+r", "1-r"]);
    refused(
        "safety_text",
        json!({"patterns": [""]}),
        &["patterns holds an empty word"],
    );
}
