//! What becomes of alerts: waiting, ending, acknowledging, their order and their ids.

use harborwatch::time::Timestamp;
use harborwatch::traffic::{Answer, Order};
use serde_json::{Value as Json, json};

use crate::story::*;

#[test]
fn a_caution_closes_when_rectified_and_an_event_is_over_at_once() {
    story("zone_exit", json!({"zones": ["bay"], "priority": "caution"}))
        .ship(0, 118.09, 5.0, 0)
        .ship(60, 118.101, 5.0, 0)
        .tells(&["60+r bay", "60-r bay", "60xr bay"]);
}

#[test]
fn acknowledged_and_ended_closes_at_once_in_either_order() {
    let mut told = story("zone_entry", json!({"zones": ["bay"], "clear_s": 0}));
    told.ship(10, 118.09, 5.0, 0)
        .acknowledge(12, &format!("r-{SHIP}-10"))
        .tells(&["10+r bay", "12ar bay"]);
    told.acknowledge(13, &format!("r-{SHIP}-10")).tells(NOTHING);
    told.ship(60, 118.101, 5.0, 0).tells(&["60-r bay", "60xr bay"]);
    told.ship(120, 118.09, 5.0, 0)
        .ship(180, 118.101, 5.0, 0)
        .tells(&["120+r bay", "180-r bay"]);
    told.acknowledge(190, &format!("r-{SHIP}-120"))
        .tells(&["190ar bay", "190xr bay"]);
}

#[test]
fn a_warning_nobody_acknowledges_becomes_an_alarm() {
    let escalating = json!({"zones": ["bay"], "escalate_s": 120});
    story("zone_entry", escalating.clone())
        .ship(10, 118.09, 5.0, 0)
        .to(129)
        .tells(&["10+r bay"])
        .to(130)
        .tells(&["130!r bay"]);
    let mut told = story("zone_entry", escalating);
    told.ship(10, 118.09, 5.0, 0)
        .acknowledge(20, &format!("r-{SHIP}-10"))
        .to(200)
        .tells(&["10+r bay", "20ar bay"]);
}

#[test]
fn a_closed_alert_is_forgotten_in_its_time() {
    let mut told = story(
        "zone_entry",
        json!({"zones": ["bay"], "priority": "caution", "clear_s": 0}),
    );
    let closed = |told: &Story| told.traffic.watches()[0].ledger().closed().count();
    told.ship(10, 118.09, 5.0, 0)
        .ship(60, 118.101, 5.0, 0)
        .ship(120, 118.09, 5.0, 0);
    let forget = |second| Order::Forget {
        closed_before: Timestamp::from_s(second),
    };
    assert_eq!((told.order(130, &forget(60)), closed(&told)), (Answer::Forgotten, 1));
    assert_eq!((told.order(140, &forget(61)), closed(&told)), (Answer::Forgotten, 0));
    assert_eq!(told.standing().len(), 1, "one that stands stays");
}

#[test]
fn nothing_but_a_warning_becomes_an_alarm() {
    for (priority, wanted) in [
        ("warning", &["10+r bay", "40!r bay"][..]),
        ("caution", &["10+r bay"]),
        ("alarm", &["10+r bay"]),
        ("emergency", &["10+r bay"]),
    ] {
        let escalating = json!({"zones": ["bay"], "escalate_s": 30, "priority": priority});
        story("zone_entry", escalating)
            .ship(10, 118.09, 5.0, 0)
            .to(100)
            .tells(wanted);
    }
}

#[test]
fn an_alert_that_has_ended_is_not_escalated() {
    story("zone_entry", json!({"zones": ["bay"], "escalate_s": 30, "clear_s": 0}))
        .ship(10, 118.099, 5.0, 0)
        .ship(39, 118.101, 5.0, 0)
        .to(100)
        .tells(&["10+r bay", "39-r bay"]);
}

#[test]
fn a_rule_that_waits_in_one_zone_waits_for_reports_though_its_alert_stands_in_another() {
    story(
        "speed_limit",
        json!({"limit_kn": 8, "zones": ["bay", "cove"], "for_s": 30}),
    )
    .ship(0, 118.051, 9.0, 0)
    .ship(30, 118.051, 9.0, 0)
    .ship(40, 118.05, 9.0, 0)
    .ship_type(71, SHIP, 70)
    .to(74)
    .tells(&["30+r bay 9/8"])
    .ship(75, 118.05, 9.0, 0)
    .tells(&["75+r cove 9/8"]);
}

#[test]
fn a_vessel_that_leaves_the_picture_takes_its_alerts_along() {
    let mut told = story("zone_entry", json!({"zones": ["bay"]}));
    told.ship(10, 118.09, 5.0, 0).to(86_409).tells(&["10+r bay"]);
    told.to(86_410).tells(&["86410-r bay removed"]);
    assert!(told.traffic.picture().is_empty());
}

#[test]
fn what_one_line_tells_is_ordered_by_rule_and_zone() {
    let of = |id: &str, more: Json| {
        let mut rule = rule("zone_entry", more);
        rule["id"] = id.into();
        rule
    };
    let rules = json!([
        of("b", json!({"zones": ["kind:harbour"]})),
        of("a", json!({"zones": ["bay"]}))
    ]);
    Site {
        rules,
        ..Site::default()
    }
    .story()
    .ship(0, 118.02, 5.0, 0)
    .tells(&["0+a bay", "0+b bay", "0+b cove"]);
}

#[test]
fn a_name_used_again_in_its_second_gets_a_number() {
    let mut told = story("zone_exit", json!({"zones": ["bay"]}));
    for (ms, lon) in [(0, 118.1), (100, 118.101), (200, 118.1), (300, 118.101)] {
        told.moved(ms, Some(lon), &UNDER_WAY);
    }
    let ids: Vec<String> = told.standing().iter().map(|alert| alert.id.to_string()).collect();
    assert_eq!(ids, [format!("r-{SHIP}-0"), format!("r-{SHIP}-0-2")]);
}

#[test]
fn state_written_and_read_back_at_every_step_has_the_same_future() {
    let rules = json!([
        rule("silence", json!({"id": "a", "after_s": 60})),
        rule(
            "speed_limit",
            json!({"id": "b", "limit_kn": 8, "for_s": 20, "escalate_s": 30})
        ),
        rule("distress", json!({"id": "c"})),
        rule("feed_silence", json!({"id": "d", "after_s": 90})),
        rule("zone_entry", json!({"id": "e", "zones": ["kind:harbour"]})),
        rule("anchor_drag", json!({"id": "f", "radius_m": 100})),
    ]);
    let play = |is_reloaded: bool| {
        let site = Site {
            rules: rules.clone(),
            ..Site::default()
        };
        let mut told = site.story();
        told.is_reloaded = is_reloaded;
        for second in 0..400 {
            match second {
                10..200 if second % 10 == 0 => told.ship(second, 118.0 + second as f64 * 0.000_5, 9.0, 0),
                200.. if second % 10 == 5 => told.report(second, OTHER, Some(118.3), Some(0.1), 1),
                20 | 250 => told.report(second, 970_123_456, None, None, 14),
                _ if second % 7 == 0 => told.hear(second, 0),
                _ => told.to(second),
            };
        }
        told.told().to_vec()
    };
    let whole = play(false);
    assert!(whole.len() >= 8, "{whole:?}");
    assert_eq!(play(true), whole);
}
