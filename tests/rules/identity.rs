//! Who a vessel says it is: names that change, positions that jump, identities used twice.

use arrayvec::ArrayString;
use harborwatch::report::StaticReport;
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
