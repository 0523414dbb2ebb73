//! The clock set forward by a day: nobody has been silent, and nothing has lasted, for a day.

use serde_json::{Value as Json, json};

use crate::story::*;

const DAY: i64 = 86_400;

/// Tells a story whose clock is set forward by a day at second 100 and one whose clock is not: both must tell the same,
/// a day later. `then` is told how much later its seconds are.
#[track_caller]
fn check(rules: Json, first: impl Fn(&mut Story), then: impl Fn(&mut Story, i64), wanted: &[&str]) {
    let site = Site {
        rules,
        ..Site::default()
    };
    let mut plain = site.clone().story();
    first(plain.to(0));
    then(plain.to(100), 0);
    plain.tells(wanted);
    let mut stepped = site.story();
    first(&mut stepped);
    then(stepped.set_clock(DAY, DAY + 100), DAY);
    let day_later = |line: &&str| {
        let at = line.find(['+', '-']).unwrap();
        let second: i64 = line[..at].parse().unwrap();
        let later = if second < 100 { 0 } else { DAY };
        format!("{}{}", second + later, &line[at..])
    };
    stepped.tells(&wanted.iter().map(day_later).collect::<Vec<_>>());
}

#[test]
fn silence_counts_what_it_counted_before() {
    let rules = json!([
        rule("silence", json!({"id": "a", "after_s": 120})),
        rule("feed_silence", json!({"id": "b", "after_s": 120})),
    ]);
    let heard = |story: &mut Story| {
        story.ship(10, 118.05, 5.0, 0).hear(60, 1).hear(90, 0);
    };
    let goes_on = |story: &mut Story, later: i64| {
        story.hear(later + 131, 0).hear(later + 150, 1).to(later + 200);
        assert!(!story.traffic.picture().is_empty());
        story.ship(later + 200, 118.051, 5.0, 0).to(later + 260);
    };
    check(rules, heard, goes_on, &["132+a 121/120", "200-a 121/120"]);
}

#[test]
fn what_has_to_last_lasts_no_longer() {
    let rules = json!([
        rule("speed_limit", json!({"id": "a", "limit_kn": 8, "for_s": 150})),
        rule("zone_dwell", json!({"id": "b", "max_s": 200, "zones": ["bay"]})),
        rule("nav_status", json!({"id": "c", "statuses": [7], "clear_s": 300})),
        rule("sudden_stop", json!({"id": "d", "from_kn": 9, "within_s": 30})),
        rule("anchor_drag", json!({"id": "e", "radius_m": 50})),
    ]);
    let sails = |story: &mut Story| {
        story.report(5, OTHER, Some(118.051), Some(1.0), 1);
        story.ship(10, 118.05, 10.0, 7).ship(90, 118.051, 10.0, 0);
    };
    let goes_on = |story: &mut Story, later: i64| {
        story
            .ship(later + 110, 118.051, 0.5, 0)
            .ship(later + 170, 118.052, 10.0, 0);
        story.report(later + 320, OTHER, Some(118.055), Some(1.0), 1);
        story.to(later + 420);
    };
    let wanted = &[
        "10+c",
        "110+d 0.5/1",
        "181-d 0.5/1",
        "206+b bay 201/200",
        "211+b bay 201/200",
        "320+e 406.2/50",
        "390-c",
    ];
    check(rules, sails, goes_on, wanted);
}

#[test]
fn pairs_stay_as_near_in_time_as_they_were() {
    let rules = json!([rule("encounter", json!({"distance_m": 200, "for_s": 60}))]);
    let near = |story: &mut Story| {
        story
            .report(50, SHIP, Some(118.05), Some(0.5), 0)
            .report(60, OTHER, Some(118.051), Some(0.5), 0);
    };
    let goes_on = |story: &mut Story, later: i64| {
        story.to(later + 500);
    };
    check(rules, near, goes_on, &["120+r 101.5/200", "471-r 101.5/200"]);
}
