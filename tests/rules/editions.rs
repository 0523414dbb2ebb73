//! Versions of rules and zones: a change is an order, keeps what it does not touch, and can be undone.

use harborwatch::rules::Rule;
use harborwatch::traffic::{Answer, Change, Order};
use harborwatch::watch::{Ground, Part, Text};
use serde_json::{Value as Json, json};

use crate::story::*;

fn speed(id: &str, more: Json) -> Json {
    let mut rule = rule("speed_limit", json!({"id": id, "limit_kn": 8}));
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn text(rules: &Json) -> Text {
    let zones = zones(zone_features());
    Text {
        rules: rules.to_string().into(),
        ..Text::of(std::iter::empty::<&Rule>(), &zones)
    }
}

/// A story of a site that knows its first version.
fn founded(rules: &Json) -> Story {
    let mut story = Site {
        rules: rules.clone(),
        ..Site::default()
    }
    .story();
    story.traffic.found(text(rules));
    story
}

fn change(from: Option<u32>, rules: &Json) -> Order {
    Order::Change(Box::new(Change {
        from,
        author: "A".into(),
        reason: "tried".into(),
        rules: Some(rules.to_string().into()),
        zones: None,
        restores: None,
        minutes: None,
    }))
}

fn restore(version: u32) -> Order {
    match change(None, &Json::Null) {
        Order::Change(change) => Order::Change(Box::new(Change {
            rules: None,
            restores: Some(version),
            ..*change
        })),
        other => other,
    }
}

#[test]
fn a_change_is_the_next_version_and_can_be_undone() {
    let (slow, fast) = (
        json!([speed("r", json!({}))]),
        json!([speed("r", json!({"limit_kn": 12}))]),
    );
    let mut story = founded(&slow);
    story.ship(10, 118.03, 10.0, 0).tells(&["10+r 10/8"]);
    assert_eq!(story.order(20, &change(Some(1), &fast)), Answer::Version(2));
    assert_eq!(story.order(20, &change(Some(1), &slow)), Answer::Stale(2));
    // The open alert goes on until its condition has been false for its time.
    story.ship(30, 118.031, 10.0, 0).to(100);
    story.tells(&["81-r 10/8"]);
    assert_eq!(story.order(110, &restore(1)), Answer::Version(3));
    story.ship(120, 118.032, 10.0, 0).tells(&["120+r 10/8"]);
    let editions = story.traffic.editions();
    assert_eq!(editions.find(3).unwrap().text, editions.find(1).unwrap().text);
    assert_eq!(story.standing().last().unwrap().rule_version, 3);
    assert_eq!(story.order(130, &restore(9)), Answer::Unknown);
}

#[test]
fn a_text_with_mistakes_changes_nothing() {
    let rules = json!([speed("r", json!({}))]);
    let mut story = founded(&rules);
    let faulty = json!([
        speed("r", json!({"limit_kn": "much"})),
        speed("r", json!({"zones": ["nowhere"]}))
    ]);
    assert_eq!(story.order(20, &change(Some(1), &faulty)), Answer::Refused);
    assert_eq!(story.traffic.editions().version(), 1);
    let misread = text(&faulty).read(&Ground::default()).unwrap_err();
    let parts: Vec<Part> = misread.into_iter().map(|misread| misread.part).collect();
    let part = |at, key: &str| Part::Rule(at, "r".into(), key.into());
    assert_eq!(parts, [part(0, "limit_kn"), part(1, "id"), part(1, "zones")]);
}

#[test]
fn a_shadow_rule_tells_people_nothing_until_it_is_promoted() {
    let rules = |mode: &str| json!([speed("r", json!({"mode": mode}))]);
    let mut story = founded(&rules("off"));
    story.ship(10, 118.03, 10.0, 0).tells(NOTHING);
    assert_eq!(story.order(20, &change(None, &rules("shadow"))), Answer::Version(2));
    story.ship(25, 118.031, 10.0, 0);
    assert!(story.standing().is_empty());
    let shadow = &story.traffic.watches()[1];
    assert!(
        shadow
            .ledger()
            .standing()
            .all(|alert| alert.shadow && alert.rule_version == 2)
    );
    assert_eq!(shadow.ledger().standing().count(), 1);
    assert_eq!(story.order(40, &change(None, &rules("live"))), Answer::Version(3));
    story.ship(45, 118.032, 10.0, 0);
    assert_eq!(story.traffic.watches().len(), 1);
    assert!(!story.standing()[0].shadow);
}
