//! Zones entered, left, passed and stayed in; gates.

use serde_json::json;

use crate::story::*;

#[test]
fn zone_entry_counts_a_vessel_first_seen_inside() {
    story("zone_entry", json!({"zones": ["bay"]}))
        .ship(10, 118.095, 5.0, 0)
        .tells(&["10+r bay"])
        .ship(20, 118.101, 5.0, 0)
        .to(79)
        .tells(NOTHING)
        .to(80)
        .tells(&["80-r bay"]);
}

#[test]
fn zone_entry_goes_on_if_the_vessel_is_back_before_clear_s() {
    story("zone_entry", json!({"zones": ["bay"], "clear_s": 30}))
        .ship(10, 118.1, 5.0, 0)
        .ship(20, 118.101, 5.0, 0)
        .ship(45, 118.1, 5.0, 0)
        .ship(50, 118.101, 5.0, 0)
        .to(79)
        .tells(&["10+r bay"])
        .to(80)
        .tells(&["80-r bay"])
        .ship(90, 118.1, 5.0, 0)
        .tells(&["90+r bay"]);
}

#[test]
fn a_vessel_in_several_zones_has_an_alert_for_each() {
    let mut told = story("zone_entry", json!({"zones": ["kind:harbour"], "clear_s": 0}));
    told.ship(0, 118.02, 5.0, 0).tells(&["0+r bay", "0+r cove"]);
    let ids: Vec<String> = told.standing().iter().map(|alert| alert.id.to_string()).collect();
    assert_eq!(ids, [format!("r-{SHIP}-bay-0"), format!("r-{SHIP}-cove-0")]);
    told.ship(180, 118.06, 5.0, 0).tells(&["180-r cove"]);
}

#[test]
fn zone_exit_needs_a_previous_report_inside() {
    story("zone_exit", json!({"zones": ["bay", "cove"]}))
        .ship(0, 118.045, 5.0, 0)
        .ship(60, 118.055, 5.0, 0)
        .tells(&["60+r cove", "60-r cove"])
        .ship(600, 118.11, 5.0, 0)
        .tells(&["600+r bay", "600-r bay"])
        .ship(660, 118.12, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn zone_exit_is_none_where_a_track_is_anchored_anew() {
    story("zone_exit", json!({"zones": ["bay"]}))
        .ship(0, 118.05, 5.0, 0)
        .ship(10, 119.0, 5.0, 0)
        .ship(20, 119.0, 5.0, 0)
        .ship(30, 119.0, 5.0, 0)
        .tells(NOTHING)
        .ship(40, 119.0, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn zone_crossing_is_outside_at_both_ends() {
    for (from, to, told) in [
        (118.19, 118.31, true),
        (118.31, 118.19, true),
        (118.19, 118.2, false),
        (118.2, 118.31, false),
        (118.19, 118.195, false),
    ] {
        story("zone_crossing", json!({"zones": ["lane", "bay"]}))
            .ship(0, from, 40.0, 0)
            .ship(700, to, 40.0, 0)
            .tells(if told { &["700+r lane", "700-r lane"] } else { NOTHING });
    }
}

#[test]
fn zone_crossing_is_none_where_a_track_is_anchored_anew() {
    story("zone_crossing", json!({"zones": ["lane"]}))
        .ship(0, 118.15, 5.0, 0)
        .ship(10, 118.35, 5.0, 0)
        .ship(20, 118.35, 5.0, 0)
        .ship(30, 118.35, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn gate_crossing_has_a_direction_and_counts_once_a_report() {
    for (direction, inwards, outwards) in [("in", true, false), ("out", false, true), ("both", true, true)] {
        let mut told = story("gate_crossing", json!({"zones": ["mouth"], "direction": direction}));
        told.ship(0, 118.09, 9.0, 0).ship(120, 118.101, 9.0, 0);
        told.tells(if inwards {
            &["120+r mouth", "120-r mouth"]
        } else {
            NOTHING
        });
        told.ship(240, 118.1, 9.0, 0);
        told.tells(if outwards {
            &["240+r mouth", "240-r mouth"]
        } else {
            NOTHING
        });
        told.ship(360, 118.09, 9.0, 0).tells(NOTHING);
    }
    story("gate_crossing", json!({"zones": ["kind:gate"]}))
        .ship(0, 118.09, 30.0, 0)
        .ship(600, 118.16, 30.0, 0)
        .tells(&["600+r mouth", "600-r mouth", "600+r narrows", "600-r narrows"]);
}

/// From a place to another, at two seconds that are far enough apart.
#[track_caller]
fn check_way(kind: &str, zone: &str, [from, to]: [(f64, f64); 2], is_told: bool) {
    let mut told = story(kind, json!({"zones": [zone]}));
    for (second, (lon, lat)) in [(0, from), (900, to)] {
        told.fix(second, Fix { lon, lat, ..UNDER_WAY });
    }
    let both = [format!("900+r {zone}"), format!("900-r {zone}")];
    told.tells(if is_told { &both[..] } else { &[] });
}

#[test]
fn a_gate_ends_with_its_ends_and_a_place_on_it_is_on_its_left() {
    for (from, to, is_told) in [
        ((118.09, 24.0), (118.11, 24.0), true),
        ((118.09, 24.1), (118.11, 24.1), true),
        ((118.09, 24.1001), (118.11, 24.1001), false),
        ((118.09, 23.9999), (118.11, 23.9999), false),
        ((118.09, 24.05), (118.1, 24.05), false),
        ((118.1, 24.05), (118.11, 24.05), true),
        ((118.11, 24.05), (118.1, 24.05), true),
        ((118.1, 24.02), (118.1, 24.08), false),
    ] {
        check_way("gate_crossing", "mouth", [from, to], is_told);
    }
}

#[test]
fn a_way_that_touches_a_zone_goes_through_it() {
    for (from, to, is_told) in [
        ((118.19, 24.1), (118.31, 24.1), true),
        ((118.19, 24.1001), (118.31, 24.1001), false),
        ((118.3, 24.1001), (118.31, 24.05), false),
    ] {
        check_way("zone_crossing", "lane", [from, to], is_told);
    }
}

#[test]
fn zone_dwell_is_told_between_two_reports_and_ends_outside() {
    let mut told = story("zone_dwell", json!({"zones": ["bay"], "max_s": 900, "clear_s": 0}));
    told.ship(10, 118.05, 5.0, 0)
        .ship(600, 118.06, 5.0, 0)
        .to(910)
        .tells(NOTHING);
    told.to(911).tells(&["911+r bay 901/900"]);
    told.ship(1200, 118.101, 5.0, 0).tells(&["1200-r bay 901/900"]);
    told.ship(1300, 118.1, 5.0, 0).to(2200).tells(NOTHING);
    told.to(2201).tells(&["2201+r bay 901/900"]);
}

#[test]
fn zone_dwell_begins_anew_after_a_report_outside_and_waits_for_s() {
    story("zone_dwell", json!({"zones": ["bay"], "max_s": 100, "for_s": 20}))
        .ship(0, 118.099, 5.0, 0)
        .ship(60, 118.101, 5.0, 0)
        .ship(120, 118.099, 5.0, 0)
        .to(240)
        .tells(NOTHING)
        .to(241)
        .tells(&["241+r bay 121/100"]);
    refused("zone_dwell", json!({"max_s": 5}), &["zones is missing"]);
    refused("zone_dwell", json!({"zones": ["bay"]}), &["max_s is missing"]);
    refused(
        "zone_dwell",
        json!({"zones": ["mouth"], "max_s": 5}),
        &["zones names mouth, which is a gate"],
    );
}

#[test]
fn watch_list_names_the_vessels_it_looks_for() {
    let listed = json!({"zones": ["bay"], "mmsi": [OTHER], "note": "case 12"});
    story("watch_list", listed)
        .ship(0, 118.05, 5.0, 0)
        .report(1, OTHER, Some(118.2), None, 0)
        .tells(NOTHING)
        .report(700, OTHER, Some(118.1), None, 0)
        .tells(&["700+r bay"])
        .report(800, OTHER, Some(118.11), None, 0)
        .to(860)
        .tells(&["860-r bay"]);
    story("watch_list", json!({"mmsi": [OTHER]}))
        .report(0, OTHER, Some(110.0), None, 0)
        .tells(&["0+r"]);
    refused("watch_list", json!({}), &["mmsi is missing"]);
    refused("watch_list", json!({"mmsi": []}), &["mmsi is []"]);
}
