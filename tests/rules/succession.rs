//! Rules and zones that change while the watch stands: what is kept by key, what ends, and how.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::story::*;

/// Tells a story under one configuration, goes on at second 100 under another, and tells the rest: what was told in all.
#[track_caller]
fn check(before: Site, now: Site, first: impl Fn(&mut Story), then: impl Fn(&mut Story), wanted: &[&str]) {
    let mut story = before.story();
    first(&mut story);
    story.adopt(100, now);
    then(&mut story);
    story.tells(wanted);
}

fn site(rules: &[Json]) -> Site {
    Site {
        rules: rules.into(),
        ..Site::default()
    }
}

/// The ship enters the bay at ten knots.
fn enters(story: &mut Story) {
    story.ship(10, 118.03, 10.0, 0);
}

fn speed(id: &str, more: Json) -> Json {
    let mut rule = rule("speed_limit", json!({"id": id, "limit_kn": 8}));
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

#[test]
fn an_alert_goes_on_under_a_rule_that_changed_and_ends_when_it_no_longer_holds() {
    let before = || site(&[speed("r", json!({}))]);
    // Another rule in front of it, and another limit.
    let now = |limit: f64| {
        site(&[
            speed("a", json!({"limit_kn": 50})),
            speed("r", json!({"limit_kn": limit})),
        ])
    };
    check(
        before(),
        now(9.0),
        enters,
        |story| {
            story.to(300);
        },
        &["10+r 10/8"],
    );
    let stays = |story: &mut Story| {
        story.ship(130, 118.031, 9.5, 0).ship(200, 118.032, 8.5, 0).to(300);
    };
    check(before(), now(9.0), enters, stays, &["10+r 10/8", "260-r 10/8"]);
    check(
        before(),
        now(12.0),
        enters,
        |story| {
            story.to(300);
        },
        &["10+r 10/8", "161-r 10/8"],
    );
}

#[test]
fn alerts_of_a_rule_that_is_removed_or_of_another_kind_end() {
    let before = || site(&[speed("a", json!({})), speed("r", json!({}))]);
    let to_the_end = |story: &mut Story| {
        story.to(300);
    };
    check(
        before(),
        site(&[speed("r", json!({}))]),
        enters,
        to_the_end,
        &["10+a 10/8", "10+r 10/8", "100-a rule_removed 10/8"],
    );
    check(
        before(),
        site(&[
            rule("nav_status", json!({"id": "a", "statuses": [5]})),
            speed("r", json!({})),
        ]),
        enters,
        to_the_end,
        &["10+a 10/8", "10+r 10/8", "100-a rule_removed 10/8"],
    );
}

#[test]
fn what_a_rule_waits_for_goes_on_unless_its_zones_changed() {
    let waiting =
        |zones: &[&str], limit: f64| site(&[speed("r", json!({"for_s": 150, "zones": zones, "limit_kn": limit}))]);
    let goes_on = |story: &mut Story| {
        story.ship(165, 118.031, 10.0, 0);
    };
    check(
        waiting(&["bay"], 8.0),
        waiting(&["bay"], 7.0),
        enters,
        goes_on,
        &["165+r bay 10/7"],
    );
    check(
        waiting(&["bay"], 8.0),
        waiting(&["bay", "cove"], 8.0),
        enters,
        goes_on,
        &[],
    );
}

#[test]
fn how_long_a_ship_has_been_in_a_zone_is_kept_while_the_zone_is_the_same() {
    let dwelling = |features: Vec<Json>| Site {
        zones: Arc::new(zones(features)),
        ..site(&[rule("zone_dwell", json!({"max_s": 300, "zones": ["bay"]}))])
    };
    let with = |more: Json| {
        let mut features = zone_features();
        features.push(more);
        features
    };
    let reports = |story: &mut Story| {
        story.ship(10, 118.03, 0.0, 0).ship(60, 118.03, 0.0, 0);
    };
    let stays = |story: &mut Story| {
        story.to(500);
    };
    let pond = area("a-pond", "harbour", 118.5, 118.6, json!({}));
    let kept = &["311+r bay 301/300"];
    check(dwelling(zone_features()), dwelling(with(pond)), reports, stays, kept);
    let mut wider = zone_features();
    wider[0] = area("bay", "harbour", 118.0, 118.12, json!({}));
    let anew = &["361+r bay 301/300"];
    check(dwelling(zone_features()), dwelling(wider), reports, stays, anew);
}

#[test]
fn an_alert_in_a_zone_that_is_gone_is_rectified_in_the_ordinary_way_unless_it_is_back_before() {
    let entered = |features: Vec<Json>| Site {
        zones: Arc::new(zones(features)),
        ..site(&[rule("zone_entry", json!({"zones": ["kind:harbour"]}))])
    };
    let mut without = zone_features();
    without.remove(0);
    let goes = |story: &mut Story| {
        story.to(300);
    };
    let wanted = &["10+r bay", "10+r cove", "161-r bay"];
    check(entered(zone_features()), entered(without.clone()), enters, goes, wanted);
    let back = |story: &mut Story| {
        story.adopt(120, entered(zone_features())).to(300);
    };
    check(
        entered(zone_features()),
        entered(without),
        enters,
        back,
        &["10+r bay", "10+r cove"],
    );
}

#[test]
fn a_memory_is_kept_unless_its_window_changed() {
    let only = |within: f64| site(&[rule("duplicate_mmsi", json!({"within_s": within}))]);
    let second = |within: f64| {
        site(&[
            rule("zone_entry", json!({"id": "a", "zones": ["bay"]})),
            rule("duplicate_mmsi", json!({"within_s": within, "for_s": 0})),
        ])
    };
    let is_in_two_places = |story: &mut Story| {
        for (second, lon) in [(10, 118.2), (20, 118.5), (30, 118.2), (40, 118.5), (50, 118.2)] {
            story.ship(second, lon, 5.0, 0);
        }
    };
    let is_again = |story: &mut Story| {
        story.ship(105, 118.5, 5.0, 0);
    };
    check(only(600.0), second(600.0), is_in_two_places, is_again, &["105+r 3/3"]);
    check(only(600.0), only(700.0), is_in_two_places, is_again, &[]);
}

#[test]
fn what_the_picture_keeps_counts_whatever_the_window() {
    let within = |within: f64| site(&[rule("sudden_stop", json!({"within_s": within}))]);
    let fast = |story: &mut Story| {
        story.ship(95, 118.2, 12.0, 0);
    };
    let stops = |story: &mut Story| {
        story.ship(105, 118.2001, 0.5, 0);
    };
    check(within(30.0), within(40.0), fast, stops, &["105+r 0.5/1"]);
}

#[test]
fn a_feed_keeps_its_alert_by_its_name() {
    let of = |feeds: &'static [&'static str]| Site {
        feeds,
        ..site(&[rule("feed_silence", json!({"after_s": 50}))])
    };
    let silent = |story: &mut Story| {
        story.hear(60, 1).to(99);
    };
    let goes_on = |story: &mut Story| {
        story.hear(105, 1).to(140).hear(150, 0);
    };
    let wanted = &[
        "51+r north 51/50",
        "51+r south 51/50",
        "60-r south 51/50",
        "150-r north 51/50",
    ];
    check(
        of(&["north", "south"]),
        of(&["north", "south", "west"]),
        silent,
        goes_on,
        wanted,
    );
}
