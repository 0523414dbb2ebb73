//! Where numbers run out: the antimeridian, the ends of the tide's table, a vessel in five hundred zones.

use std::sync::Arc;

use harborwatch::register::Tide;
use harborwatch::time::Timestamp;
use serde_json::json;

use crate::story::*;

#[test]
fn a_vessel_loiters_over_the_antimeridian() {
    let mut told = story("loitering", json!({"window_s": 600}));
    for second in (0..=540).step_by(60) {
        let lon = if second % 120 == 0 { 179.999 } else { -179.999 };
        let fix = Fix {
            lon,
            sog: Some(1.0),
            ..UNDER_WAY
        };
        told.fix(second, fix);
    }
    told.tells(&["540+r 0.055/0.5"]);
}

#[test]
fn a_vessel_in_five_hundred_zones_is_told_of_in_each() {
    let many = (0..500).map(|n| area(&format!("z-{n:03}"), "watch", 118.0, 118.1, json!({})));
    let mut site = Site::of("zone_entry", json!({"zones": ["kind:watch"], "clear_s": 0}));
    site.zones = Arc::new(zones(many.collect()));
    let mut told = site.story();
    told.is_reloaded = false;
    let all =
        |second: i64, step: &str| -> Vec<String> { (0..500).map(|n| format!("{second}{step}r z-{n:03}")).collect() };
    told.ship(10, 118.09, 5.0, 0).tells(&all(10, "+"));
    told.ship(90, 118.101, 5.0, 0).tells(&all(90, "-"));
}

#[test]
fn of_ten_thousand_zones_those_are_told_that_hold_the_vessel() {
    let west = |n: i32| 118.0 + f64::from(n) * 1e-4;
    let many = (0..10_000).map(|n| area(&format!("z-{n:04}"), "watch", west(n), west(n + 1), json!({})));
    let mut site = Site::of("zone_entry", json!({"zones": ["kind:watch"], "clear_s": 0}));
    site.zones = Arc::new(zones(many.collect()));
    let mut told = site.story();
    told.is_reloaded = false;
    told.ship(10, 118.500_05, 5.0, 0).tells(&["10+r z-5000"]);
    told.ship(20, 118.5, 5.0, 0).tells(&["20+r z-4999"]);
    told.ship(30, 118.499_95, 5.0, 0).tells(&["30-r z-5000"]);
}

/// New York in 1970: the clocks went from two to three in the night of 26 April, and back in that of 25 October.
#[test]
fn a_night_is_by_the_clocks_on_the_wall_when_they_are_changed() {
    let mut site = Site::of("night_movement", json!({"from": "01:30", "to": "03:00", "clear_s": 0}));
    site.timezone = "America/New_York";
    let spring = 115 * 86_400 + 7 * 3600;
    let mut told = site.clone().story();
    told.ship(spring - 1801, 118.05, 5.0, 0).tells(NOTHING);
    told.ship(spring - 1800, 118.05, 5.0, 0)
        .to(spring - 1)
        .tells(&[format!("{}+r 5/2", spring - 1800)])
        .to(spring)
        .tells(&[format!("{spring}-r 5/2")]);
    let autumn = 297 * 86_400 + 6 * 3600;
    let mut told = site.story();
    told.ship(autumn - 1800, 118.05, 5.0, 0)
        .to(autumn)
        .ship(autumn + 1799, 118.05, 5.0, 0)
        .tells(&[format!("{}+r 5/2", autumn - 1800), format!("{autumn}-r 5/2")]);
    told.ship(autumn + 1800, 118.05, 5.0, 0)
        .to(autumn + 7199)
        .tells(&[format!("{}+r 5/2", autumn + 1800)])
        .to(autumn + 7200)
        .tells(&[format!("{}-r 5/2", autumn + 7200)]);
}

/// A ship that needs 6.5 m lies where there are 6 m and the tide.
fn tide_check(rows: &[(i64, f64)], second: i64, wanted: &str) {
    let mut site = Site::of("under_keel", json!({"zones": ["lane"], "margin_m": 0.5, "clear_s": 0}));
    site.tide = Tide::Table(
        rows.iter()
            .map(|(at, metres)| (Timestamp::from_s(*at), *metres))
            .collect(),
    );
    let mut told = site.story();
    told.draught(second - 1, 6.0)
        .report(second, SHIP, Some(118.25), Some(5.0), 0)
        .tells_maybe(wanted);
}

#[test]
fn the_tide_is_that_of_the_nearest_row_beyond_its_table_and_a_line_over_its_gaps() {
    let rows: &[(i64, f64)] = &[(3600, 0.4), (7200, 0.6), (86_400, 0.2)];
    tide_check(rows, 10, "10+r lane 6.5/6.4");
    tide_check(rows, 3600, "3600+r lane 6.5/6.4");
    tide_check(rows, 5400, "");
    tide_check(rows, 7200, "");
    tide_check(rows, 46_800, "46800+r lane 6.5/6.4");
    tide_check(rows, 90_000, "90000+r lane 6.5/6.2");
    tide_check(&[(0, 0.5)], 10, "");
}
