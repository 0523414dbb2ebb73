//! Sand carriers: their declarations, inspections and draughts.

use harborwatch::register::Tide;
use harborwatch::time::Timestamp;
use serde_json::json;

use crate::story::*;

#[test]
fn undeclared_entry_follows_the_windows_by_the_second() {
    let site = Site::of("undeclared_entry", json!({"zones": ["bay"], "clear_s": 0}));
    let mut told = site.declared(&declared("D1", "bay", 100, 200, "approved")).story();
    told.ship(50, 118.09, 5.0, 0)
        .tells(&["50+r bay outside_window"])
        .to(99)
        .tells(NOTHING);
    told.to(100).tells(&["100-r bay outside_window"]).to(200).tells(NOTHING);
    told.to(201)
        .tells(&["201+r bay outside_window"])
        .ship(260, 118.101, 5.0, 0)
        .tells(&["260-r bay outside_window"]);
}

#[test]
fn undeclared_entry_says_why() {
    let day = 86_400;
    for (declarations, reason) in [
        (String::new(), "none"),
        (declared("D1", "lane", 0, day, "approved"), "none"),
        (declared("D1", "", 0, day, "arrived"), ""),
        (declared("D1", "bay", 50 + day, 60 + day, "approved"), "outside_window"),
        (declared("D1", "bay", 51 + day, 60 + day, "approved"), "none"),
        (declared("D1", "bay", 0, day, "submitted"), "not_approved"),
        (declared("D1", "bay", 60, day, "rejected"), "none"),
        (
            declared("D1", "bay", 0, day, "draft") + &declared("D2", "bay", 60, day, "approved"),
            "outside_window",
        ),
        (
            declared("D1", "bay", 0, 40, "departed") + &declared("D2", "bay", 0, 49, "approved"),
            "outside_window",
        ),
    ] {
        let site = Site::of("undeclared_entry", json!({"zones": ["bay"]}));
        let mut told = site.declared(&declarations).story();
        told.ship(50, 118.05, 5.0, 0)
            .report(50, 416_000_001, Some(118.05), Some(5.0), 0);
        let wanted = format!("50+r bay {reason}");
        told.tells(if reason.is_empty() {
            &[]
        } else {
            std::slice::from_ref(&wanted)
        });
    }
}

#[test]
fn undeclared_entry_is_where_the_vessel_is_and_not_of_one_without_a_position() {
    story("undeclared_entry", json!({}))
        .draught(0, 3.0)
        .to(100)
        .tells(NOTHING)
        .ship(110, 118.05, 5.0, 0)
        .tells(&["110+r none"]);
}

#[test]
fn undeclared_entry_has_grace_at_both_ends() {
    let site = Site::of("undeclared_entry", json!({"grace_s": 60}));
    let mut told = site.declared(&declared("D1", "lane", 100, 200, "approved")).story();
    told.ship(40, 118.05, 5.0, 0)
        .to(260)
        .tells(NOTHING)
        .to(261)
        .tells(&["261+r outside_window"]);
}

#[test]
fn overdraught_compares_decimals_with_the_load_line() {
    for (draught, wanted) in [(0.0, ""), (5.0, ""), (5.1, ""), (5.2, "10+r load_line 5.2/5")] {
        story("overdraught", json!({}))
            .draught(10, draught)
            .tells(if wanted.is_empty() { vec![] } else { vec![wanted] }.as_slice());
    }
    story("overdraught", json!({"tolerance_m": 0}))
        .draught(10, 5.1)
        .tells(&["10+r load_line 5.1/5"]);
}

#[test]
fn overdraught_compares_with_a_covering_declaration() {
    let window = [100, 200];
    let declared = declaration("D1", "bay", "", window, "1.1,,,", "approved");
    let site = Site::of("overdraught", json!({"zones": ["bay"], "clear_s": 0})).declared(&declared);
    let mut told = site.clone().story();
    told.ship(0, 118.05, 5.0, 0)
        .draught(10, 1.3)
        .draught(120, 1.2)
        .tells(NOTHING);
    told.draught(130, 1.21).tells(&["130+r bay declared 1.2/1.1"]);
    told.to(200)
        .tells(NOTHING)
        .to(201)
        .tells(&["201-r bay declared 1.2/1.1"]);
    site.story()
        .ship(99, 118.05, 5.0, 0)
        .draught(99, 4.0)
        .ship(100, 118.05, 5.0, 0)
        .tells(&["100+r bay declared 4/1.1"]);
}

#[test]
fn overdraught_ends_when_the_draught_is_taken_away() {
    story("overdraught", json!({"clear_s": 60}))
        .ship(0, 118.05, 5.0, 0)
        .draught(10, 5.3)
        .draught(20, 0.0)
        .to(79)
        .tells(&["10+r load_line 5.3/5"])
        .to(80)
        .tells(&["80-r load_line 5.3/5"]);
}

#[test]
fn under_keel_compares_decimals_with_depth_and_tide() {
    for (draught, wanted) in [(0.0, ""), (6.5, ""), (6.6, "10+r lane 7.1/7")] {
        let mut site = Site::of("under_keel", json!({"zones": ["lane"], "margin_m": 0.5}));
        site.tide = Tide::Fixed(1.0);
        site.story()
            .ship(0, 118.25, 5.0, 0)
            .draught(10, draught)
            .tells_maybe(wanted);
    }
    refused(
        "under_keel",
        json!({"zones": ["bay"], "margin_m": 1}),
        &["zones names bay, which has no depth_m"],
    );
    refused("under_keel", json!({"zones": ["lane"]}), &["margin_m is missing"]);
}

#[test]
fn under_keel_ends_to_the_second_as_the_tide_rises() {
    let mut site = Site::of("under_keel", json!({"zones": ["lane"], "margin_m": 0.5, "clear_s": 0}));
    let row = |second, metres| (Timestamp::from_s(second), metres);
    site.tide = Tide::Table(vec![row(0, 0.0), row(3600, 1.0), row(7200, 0.0)]);
    let mut told = site.story();
    told.draught(0, 6.0).ship(9, 118.25, 5.0, 0).tells(&["9+r lane 6.5/6"]);
    told.to(1799).tells(NOTHING).to(1800).tells(&["1800-r lane 6.5/6"]);
    told.ship(5400, 118.25, 5.0, 0).tells(NOTHING);
    told.ship(5401, 118.25, 5.0, 0).tells(&["5401+r lane 6.5/6.5"]);
}

#[test]
fn wrong_berth_is_some_berth_of_the_port_but_not_the_declared_one() {
    let of = |port, berth| declaration("D1", port, berth, [0, 1000], ",,,", "arrived");
    for (declared, zones, lon, sog, wanted) in [
        (of("bay", "wharf-1"), json!([]), 118.03, 0.4, "0+r 0.4/0.5"),
        (of("bay", "wharf-1"), json!(["cove"]), 118.03, 0.4, "0+r 0.4/0.5"),
        (of("bay", "wharf-1"), json!(["lane"]), 118.03, 0.4, ""),
        (of("", "wharf-1"), json!([]), 118.03, 0.4, "0+r 0.4/0.5"),
        (of("lane", "wharf-1"), json!([]), 118.03, 0.4, ""),
        (of("bay", "wharf-1"), json!([]), 118.03, 0.5, ""),
        (of("bay", "wharf-1"), json!([]), 118.02, 0.4, ""),
        (of("bay", "wharf-1"), json!([]), 118.06, 0.4, ""),
        (of("bay", ""), json!([]), 118.03, 0.4, ""),
    ] {
        let site = Site::of("wrong_berth", json!({"zones": zones})).declared(&declared);
        site.story().ship(0, lon, sog, 0).tells_maybe(wanted);
    }
    let site = Site::of("wrong_berth", json!({"clear_s": 0})).declared(&of("bay", "wharf-1"));
    site.story()
        .ship(900, 118.03, 0.0, 0)
        .to(1000)
        .tells(&["900+r 0/0.5"])
        .to(1001)
        .tells(&["1001-r 0/0.5"]);
}

#[test]
fn loading_at_sea_is_a_draught_grown_where_no_loading_is_allowed() {
    let loading = || story("loading_at_sea", json!({"zones": ["cove"], "max_gap_s": 600}));
    let told = &["100+r 0.5/0.5", "100-r 0.5/0.5"];
    loading().draught(0, 2.0).draught(100, 2.5).tells(told);
    loading().draught(0, 2.0).draught(100, 2.4).tells(NOTHING);
    loading()
        .draught(0, 2.5)
        .draught(100, 2.0)
        .draught(101, 2.0)
        .tells(NOTHING);
    loading().draught(0, 2.0).draught(50, 0.0).draught(100, 2.5).tells(told);
    loading().draught(0, 2.0).draught(601, 2.5).tells(NOTHING);
    loading()
        .ship(0, 118.02, 1.0, 0)
        .draught(1, 2.0)
        .draught(100, 2.5)
        .tells(told);
    loading()
        .draught(0, 2.0)
        .ship(50, 118.02, 1.0, 0)
        .draught(100, 2.5)
        .tells(NOTHING);
    loading()
        .draught(0, 2.0)
        .ship(50, 118.06, 1.0, 0)
        .draught(100, 2.5)
        .tells(told);
    loading()
        .draught(0, 2.0)
        .ship(50, 118.02, 1.0, 0)
        .draught(60, 2.5)
        .draught(100, 3.0)
        .tells(told);
    // What was said before the newest draught is no news, and no draught to grow from.
    loading()
        .draught(0, 2.0)
        .draught(50, 2.0)
        .draught(30, 2.5)
        .tells(NOTHING)
        .draught(100, 2.5)
        .tells(told);
    story("loading_at_sea", json!({"delta_m": 1}))
        .draught(0, 2.0)
        .draught(100, 2.9)
        .draught(200, 3.9)
        .tells(&["200+r 1/1", "200-r 1/1"]);
}

#[test]
fn night_movement_is_by_the_clocks_of_the_site() {
    // The story begins at eight in the morning in Taipei.
    let mut site = Site::of("night_movement", json!({"from": "09:00", "to": "10:00", "clear_s": 0}));
    site.timezone = "Asia/Taipei";
    site.clone()
        .story()
        .ship(3599, 118.05, 5.0, 0)
        .tells(NOTHING)
        .ship(3600, 118.05, 2.0, 0)
        .tells(&["3600+r 2/2"])
        .to(7199)
        .tells(NOTHING)
        .to(7200)
        .tells(&["7200-r 2/2"])
        .ship(7200, 118.05, 5.0, 0)
        .tells(NOTHING);
    site.clone().story().ship(3600, 118.05, 1.9, 0).tells(NOTHING);
    for (night, wanted) in [("true", NOTHING), ("false", &["3700+r 5/2"])] {
        let declared = declaration("D1", "", "", [0, 4000], &format!(",,{night},"), "approved");
        site.clone()
            .declared(&declared)
            .story()
            .ship(3700, 118.05, 5.0, 0)
            .tells(wanted);
    }
    let declared = declaration("D1", "", "", [4000, 5000], ",,true,", "approved");
    site.declared(&declared)
        .story()
        .ship(3700, 118.05, 5.0, 0)
        .to(3999)
        .tells(&["3700+r 5/2"])
        .to(4000)
        .tells(&["4000-r 5/2"]);
    story("night_movement", json!({}))
        .ship(20 * 3600, 118.05, 5.0, 0)
        .tells(&["72000+r 5/2"]);
    refused("night_movement", json!({"from": "6:00"}), &["from is \"6:00\""]);
    refused(
        "night_movement",
        json!({"from": "06:00"}),
        &["to is from, so that there is no night"],
    );
}

#[test]
fn uninspected_departure_looks_at_the_latest_inspection_of_the_declaration() {
    let asks = declaration("D1", "bay", "", [0, 1000], ",,,true", "arrived");
    let asks_not = declaration("D1", "bay", "", [0, 1000], ",,,false", "arrived");
    let over = declaration("D1", "bay", "", [0, 119], ",,,true", "arrived");
    let pass = inspected("I1", "D1", 50, "pass");
    for (declared, inspections, out, told) in [
        (&asks, String::new(), true, true),
        (&asks, String::new(), false, false),
        (&asks_not, String::new(), true, false),
        (&over, String::new(), true, false),
        (&asks, pass.clone(), true, false),
        (&asks, pass.clone() + &inspected("I2", "D1", 60, "fail"), true, true),
        (&asks, inspected("I2", "D1", 40, "fail") + &pass, true, false),
        (&asks, inspected("I1", "D1", 121, "pass"), true, true),
        (&asks, inspected("I1", "D2", 50, "pass"), true, true),
    ] {
        let mut site = Site::of("uninspected_departure", json!({"zones": ["mouth"]})).declared(declared);
        site.inspections = inspections;
        let (from, to) = if out { (118.101, 118.09) } else { (118.09, 118.101) };
        site.story().ship(0, from, 5.0, 0).ship(120, to, 5.0, 0).tells(if told {
            &["120+r mouth", "120-r mouth"]
        } else {
            NOTHING
        });
    }
    refused(
        "uninspected_departure",
        json!({"zones": ["bay"]}),
        &["zones names bay, which is a harbour"],
    );
}

#[test]
fn detained_movement_lasts_until_the_next_inspection() {
    let mut site = Site::of("detained_movement", json!({"clear_s": 0}));
    site.inspections = inspected("I1", "", 50, "detained") + &inspected("I2", "", 100, "pass");
    site.story()
        .ship(40, 118.05, 5.0, 0)
        .ship(60, 118.05, 0.9, 0)
        .tells(NOTHING)
        .ship(70, 118.05, 1.0, 0)
        .to(99)
        .tells(&["70+r 1/1"])
        .to(100)
        .tells(&["100-r 1/1"])
        .ship(110, 118.05, 5.0, 0)
        .tells(NOTHING);
}
