//! How vessels move: their speed, course and way.

use serde_json::json;

use crate::story::*;

#[test]
fn speed_limit_compares_decimals_and_waits() {
    story(
        "speed_limit",
        json!({"limit_kn": 8.1, "zones": ["bay"], "for_s": 30, "clear_s": 60}),
    )
    .ship(0, 118.05, 8.1, 0)
    .ship(10, 118.05, 8.2, 0)
    .ship(39, 118.05, 8.2, 0)
    .to(45)
    .tells(NOTHING)
    .ship(50, 118.05, 9.3, 0)
    .tells(&["50+r bay 9.3/8.1"])
    .report(60, SHIP, Some(118.05), None, 0)
    .to(119)
    .tells(NOTHING)
    .to(120)
    .tells(&["120-r bay 9.3/8.1"]);
}

#[test]
fn speed_limit_without_zones_is_everywhere_and_ends_with_the_filter() {
    story(
        "speed_limit",
        json!({"limit_kn": 8, "clear_s": 0, "vessels": {"classes": ["cargo", "unknown"]}}),
    )
    .report(5, 416_000_001, Some(110.0), Some(20.0), 0)
    .tells(&["5+r 20/8"])
    .ship_type(10, 416_000_001, 70)
    .to(20)
    .tells(NOTHING)
    .ship_type(30, 416_000_001, 55)
    .tells(NOTHING)
    .to(31)
    .tells(&["31-r 20/8"]);
}

#[test]
fn sudden_stop_holds_as_long_as_the_vessel_was_fast_within() {
    let mut told = story("sudden_stop", json!({"clear_s": 0}));
    told.ship(0, 118.05, 7.1, 0)
        .ship(30, 118.05, 1.0, 0)
        .tells(NOTHING)
        .ship(60, 118.05, 7.1, 0)
        .ship(90, 118.05, 0.9, 0)
        .tells(&["90+r 0.9/1"])
        .to(91)
        .tells(&["91-r 0.9/1"]);
    told.ship(100, 118.05, 7.0, 0).ship(110, 118.05, 0.0, 0).tells(NOTHING);
    told.ship(200, 118.05, 9.0, 0).ship(231, 118.05, 0.5, 0).tells(NOTHING);
    refused(
        "sudden_stop",
        json!({"for_s": 31, "to_kn": 8}),
        &[
            "to_kn is over from_kn",
            "for_s is over within_s, after which it is no longer so",
        ],
    );
}
