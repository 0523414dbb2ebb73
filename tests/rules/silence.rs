//! Silence and distress: of vessels and of feeds.

use harborwatch::report::{Content, StaticReport};
use serde_json::json;

use crate::story::*;

#[test]
fn silence_counts_what_the_station_heard_less_its_deafness() {
    let mut told = story("silence", json!({"zones": ["bay"], "after_s": 300, "min_sog_kn": 2}));
    told.ship(0, 118.05, 5.0, 0);
    for second in (20..=300).step_by(20) {
        told.hear(second, 0);
    }
    told.hear(301, 0).tells(NOTHING).to(302).tells(&["302+r bay 301/300"]);
    told.ship(400, 118.05, 5.0, 0).tells(&["400-r bay 301/300"]);
    for second in [500, 700, 800, 900] {
        told.hear(second, 0);
    }
    told.to(901)
        .tells(NOTHING)
        .hear(901, 0)
        .tells(NOTHING)
        .to(902)
        .tells(&["902+r bay 301/300"]);
}

#[test]
fn silence_is_not_told_of_the_slow_or_by_another_station() {
    let mut told = story("silence", json!({"after_s": 60, "min_sog_kn": 2}));
    told.ship(0, 118.05, 1.9, 0)
        .report(0, 416_000_001, Some(118.05), Some(5.0), 0);
    for second in (10..=600).step_by(10) {
        told.hear(second, 1);
    }
    told.tells(NOTHING).hear(601, 0).to(1000).tells(NOTHING);
}

#[test]
fn silence_needs_a_speed_that_was_given() {
    let mut told = story("silence", json!({"after_s": 60}));
    told.report(0, SHIP, Some(118.05), None, 0)
        .report(0, OTHER, Some(118.05), Some(0.0), 0);
    for second in [30, 60, 61] {
        told.hear(second, 0);
    }
    told.to(62).tells(&["62+r 61/60"]);
    assert_eq!(told.standing()[0].mmsi.map(|mmsi| mmsi.0), Some(OTHER));
}

#[test]
fn silence_ends_at_once_with_a_report_alone() {
    let rule = json!({"after_s": 300, "vessels": {"classes": ["cargo"]}, "clear_s": 60});
    let mut told = story("silence", rule);
    let is = |kind| {
        Content::Static(StaticReport {
            ship_type: Some(Some(kind)),
            ..StaticReport::default()
        })
    };
    told.says(0, OTHER, 5, is(70))
        .report(0, OTHER, Some(118.05), Some(5.0), 0);
    for second in (20..=320).step_by(20) {
        told.hear(second, 0);
    }
    told.to(321).tells(&["321+r 320/300"]);
    told.says(399_000, OTHER, 5, is(80)).to(459).tells(NOTHING);
    told.to(460).tells(&["460-r 320/300"]);
}

#[test]
fn silence_ends_with_a_report_however_old_it_tells_that_it_is() {
    let mut told = story("silence", json!({"after_s": 300}));
    told.ship(0, 118.05, 5.0, 0);
    for second in (20..=700).step_by(20) {
        told.hear(second, 0);
    }
    told.tells(&["321+r 320/300"]);
    told.ship(350, 118.05, 5.0, 0).tells(&["700-r 320/300"]);
    told.to(701).tells(&["701+r 350/300"]);
}

#[test]
fn feed_silence_goes_by_when_sentences_come_and_not_by_what_they_tell() {
    let mut told = story("feed_silence", json!({"after_s": 120, "feeds": ["south"]}));
    told.hear(0, 1).hear(300, 0).tells(&["121+r south 121/120"]);
    told.hear(150, 1)
        .tells(&["300-r south 121/120"])
        .to(420)
        .tells(NOTHING)
        .to(421)
        .tells(&["421+r south 121/120"]);
}

#[test]
fn distress_is_by_kind_and_status() {
    for (mmsi, status, of_tests, is_told) in [
        (970_123_456, 14, false, true),
        (972_123_456, 0, false, true),
        (974_123_456, 15, false, false),
        (974_123_456, 15, true, true),
        (971_123_456, 15, true, false),
        (971_123_456, 14, false, true),
        (SHIP, 14, false, true),
        (SHIP, 15, true, false),
        (SHIP, 1, true, false),
    ] {
        for lon in [None, Some(118.05)] {
            story("distress", json!({"tests": of_tests}))
                .report(5, mmsi, lon, None, status)
                .tells(if is_told { &["5+r"] } else { NOTHING });
        }
    }
    story("distress", json!({"zones": ["bay"]}))
        .report(0, 970_123_456, None, None, 14)
        .tells(NOTHING)
        .report(1, 970_123_456, Some(118.05), None, 14)
        .tells(&["1+r bay"]);
}

#[test]
fn feed_silence_counts_from_the_start_and_ends_with_a_sentence() {
    let mut told = story("feed_silence", json!({"after_s": 120}));
    told.hear(10, 0).to(120).tells(NOTHING);
    told.to(121).tells(&["121+r south 121/120"]).to(130).tells(NOTHING);
    told.to(131).tells(&["131+r north 121/120"]);
    told.hear(140, 1).tells(&["140-r south 121/120"]).to(260).tells(NOTHING);
    told.to(261).tells(&["261+r south 121/120"]);
    let standing = told.standing();
    let alert = standing.iter().find(|alert| alert.raised.0 == 131_000).unwrap();
    assert_eq!((alert.id.as_ref(), alert.mmsi), ("r-north-131", None));
}

#[test]
fn feed_silence_looks_at_the_feeds_it_names_and_waits() {
    story("feed_silence", json!({"after_s": 10, "feeds": ["north"], "for_s": 30}))
        .to(30)
        .hear(30, 0)
        .to(70)
        .tells(NOTHING)
        .to(71)
        .tells(&["71+r north 41/10"]);
}

#[test]
fn distress_is_told_of_beacons_and_of_status_14() {
    const SART: u32 = 970_123_456;
    const MOB: u32 = 972_123_456;
    story("distress", json!({"priority": "emergency"}))
        .report(0, SART, None, None, 15)
        .report(1, SART, None, None, 14)
        .tells(&["1+r"])
        .report(101, SART, Some(118.0), None, 15)
        .to(600)
        .tells(NOTHING)
        .to(601)
        .tells(&["601-r"])
        .ship(700, 118.0, 5.0, 14)
        .tells(&["700+r"])
        .ship(710, 118.0, 5.0, 0)
        .to(1299)
        .tells(NOTHING)
        .to(1300)
        .tells(&["1300-r"]);
    story("distress", json!({"tests": true}))
        .report(0, MOB, None, None, 15)
        .tells(&["0+r"]);
    story("distress", json!({})).ship(0, 118.0, 5.0, 15).tells(NOTHING);
    story("distress", json!({"tests": true}))
        .ship(0, 118.0, 5.0, 15)
        .tells(NOTHING);
}

#[test]
fn distress_counts_held_reports_but_not_late_ones() {
    let mut told = story("distress", json!({}));
    told.ship(0, 118.0, 5.0, 0).ship(10, 119.0, 5.0, 14).tells(&["10+r"]);
    let mut told = story("distress", json!({}));
    told.ship(10, 118.0, 5.0, 0).ship(10, 118.0, 5.0, 14).tells(NOTHING);
}

#[test]
fn feed_flood_is_over_the_limit_of_the_feed_in_the_second_before() {
    let mut told = story("feed_flood", json!({"clear_s": 2}));
    let mut hear = |second, feed, times| {
        for _ in 0..times {
            told.hear(second, feed);
        }
    };
    hear(10, 0, 3);
    hear(11, 1, 50);
    hear(12, 0, 4);
    told.tells(NOTHING).to(13).tells(&["13+r north 4/3"]);
    told.hear(13, 0).to(15).tells(NOTHING).to(16).tells(&["16-r north 4/3"]);
}

#[test]
fn feed_flood_is_judged_at_ticks_alone() {
    let mut told = story("feed_flood", json!({"clear_s": 2.5}));
    for _ in 0..4 {
        told.hear(12, 0);
    }
    told.to(13).tells(&["13+r north 4/3"]).to(16);
    told.observe(16_700, 0, None)
        .tells(NOTHING)
        .to(17)
        .tells(&["17-r north 4/3"]);
}

#[test]
fn feeds_go_by_the_time_of_receipt_however_far_ahead_they_are_stamped() {
    let mut told = story("feed_flood", json!({}));
    told.to(12);
    for _ in 0..4 {
        told.hear_ahead(14, 0);
    }
    told.to(13).tells(&["14+r north 4/3"]);
    let mut told = story("feed_silence", json!({"feeds": ["north"]}));
    told.to(10)
        .hear_ahead(200, 0)
        .to(130)
        .tells(NOTHING)
        .to(131)
        .tells(&["200+r north 120/120"]);
}
