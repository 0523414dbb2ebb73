//! Sand carriers: their declarations, inspections and draughts.

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
