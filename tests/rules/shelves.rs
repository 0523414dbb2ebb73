//! Alerts put aside: which, until when, and what becomes of them meanwhile.

use harborwatch::alerts::{MAX_SHELVES, Shelving};
use harborwatch::time::Timestamp;
use harborwatch::traffic::{Answer, Key, Order};
use serde_json::{Value as Json, json};

use crate::story::*;

/// `bay` and `speed`, warnings, and `mayday`, an emergency.
fn site() -> Site {
    let of = |id: &str, kind: &str, more: Json| {
        let mut rule = rule(kind, more);
        rule["id"] = id.into();
        rule
    };
    Site {
        rules: json!([
            of("bay", "zone_entry", json!({"zones": ["bay"], "escalate_s": 120})),
            of(
                "mayday",
                "nav_status",
                json!({"statuses": [14], "priority": "emergency"})
            ),
            of("speed", "speed_limit", json!({"limit_kn": 8, "clear_s": 0})),
        ]),
        ..Site::default()
    }
}

/// Both warnings stand of the ship, one of the other vessel.
fn two_ships() -> Story {
    let mut told = site().story();
    told.ship(10, 118.09, 9.0, 0)
        .report(20, OTHER, Some(118.09), Some(5.0), 0)
        .tells(&["10+bay bay", "10+speed 9/8", "20+bay bay"]);
    told
}

#[test]
fn a_shelf_holds_what_is_of_its_vessel_and_its_rule() {
    two_ships()
        .shelve(30, Some(SHIP), None, 100)
        .tells(&["30sbay bay", "30sspeed 9/8"]);
    two_ships()
        .shelve(30, None, Some("bay"), 100)
        .tells(&["30sbay bay", "30sbay bay"]);
    two_ships()
        .shelve(30, Some(SHIP), Some("bay"), 100)
        .tells(&["30sbay bay"]);
    two_ships().shelve(30, Some(OTHER), Some("speed"), 100).tells(NOTHING);
}

#[test]
fn a_shelf_ends_at_its_second_or_when_it_is_taken_away() {
    let mut told = two_ships();
    told.shelve(30, Some(OTHER), None, 100).tells(&["30sbay bay"]);
    let until = |told: &Story| told.standing().iter().map(|alert| alert.shelved_until).max().flatten();
    assert_eq!(until(&told), Some(Timestamp::from_s(100)));
    told.to(99).tells(NOTHING).to(100).tells(&["100ubay bay"]);
    assert_eq!(until(&told), None);
    told.shelve(101, Some(OTHER), None, 200)
        .unshelve(102, 2)
        .tells(&["101sbay bay", "102ubay bay"]);
    told.to(300).tells(&["130!bay bay", "140!bay bay"]);
    assert_eq!(told.order(300, &Order::Unshelve { shelf: 2 }), Answer::Unknown);
}

#[test]
fn of_several_shelves_the_longest_counts() {
    let mut told = two_ships();
    told.shelve(30, Some(OTHER), None, 100)
        .shelve(31, None, Some("bay"), 90)
        .tells(&["30sbay bay", "31sbay bay"])
        .shelve(32, Some(OTHER), Some("bay"), 110)
        .tells(&["32sbay bay"])
        .unshelve(33, 3)
        .tells(&["33sbay bay"])
        .to(90)
        .tells(&["90ubay bay"])
        .to(100)
        .tells(&["100ubay bay"]);
}

#[test]
fn a_new_alert_under_a_shelf_is_shelved_at_once_an_emergency_never() {
    let mut told = site().story();
    told.shelve(0, Some(SHIP), None, 50);
    told.ship(10, 118.09, 9.0, 14)
        .tells(&["10+bay bay", "10sbay bay", "10+mayday", "10+speed 9/8", "10sspeed 9/8"]);
    told.shelve(11, None, None, 50).tells(NOTHING);
    told.ship(40, 118.09, 5.0, 14).tells(&["40-speed 9/8"]);
    // What ended unseen is shelved until it is acknowledged and so closed.
    told.acknowledge(41, &format!("speed-{SHIP}-10"))
        .tells(&["41aspeed 9/8", "41xspeed 9/8"]);
    told.to(50).tells(&["50ubay bay"]);
    told.ship(51, 118.09, 9.0, 14).tells(&["51+speed 9/8"]);
}

#[test]
fn a_shelved_warning_escalates_and_stays_shelved() {
    let mut told = two_ships();
    told.shelve(30, Some(SHIP), Some("bay"), 200).tells(&["30sbay bay"]);
    told.to(130).tells(&["130!bay bay"]);
    assert!(told.standing().iter().any(|alert| alert.shelved_until.is_some()));
    told.to(200).tells(&["140!bay bay", "200ubay bay"]);
}

#[test]
fn an_event_under_a_shelf_is_told_as_shelved_before_it_is_over() {
    let mut told = story("zone_exit", json!({"zones": ["bay"]}));
    told.shelve(0, None, Some("r"), 100)
        .ship(0, 118.09, 5.0, 0)
        .ship(60, 118.101, 5.0, 0)
        .tells(&["60+r bay", "60sr bay", "60-r bay"]);
    told.to(100).tells(&["100ur bay"]);
}

#[test]
fn an_order_given_again_under_its_key_puts_up_no_second_shelf() {
    let mut told = two_ships();
    let shelving = Shelving {
        mmsi: None,
        rule: Some("bay".into()),
        until: Timestamp::from_s(60),
        reason: "a race".into(),
        by: Some("A".into()),
    };
    let order = Order::Once {
        key: Key {
            name: "k".into(),
            request: [1, 2],
        },
        order: Box::new(Order::Shelve(shelving.clone())),
    };
    let first = told.order(30, &order);
    assert!(matches!(&first, Answer::Shelf(shelf) if shelf.id == 1 && shelf.shelving == shelving));
    assert_eq!(told.order(70, &order), first);
    told.tells(&["30sbay bay", "30sbay bay", "60ubay bay", "60ubay bay"]);
}

#[test]
fn there_is_room_for_so_many_shelves() {
    let mut told = two_ships();
    told.is_reloaded = false;
    for _ in 0..MAX_SHELVES {
        told.shelve(30, Some(1), None, 60);
    }
    let shelving = Shelving {
        mmsi: Some(harborwatch::ais::Mmsi(1)),
        rule: None,
        until: Timestamp::from_s(60),
        reason: "x".into(),
        by: None,
    };
    assert_eq!(told.order(31, &Order::Shelve(shelving.clone())), Answer::NoRoom);
    assert!(matches!(told.order(60, &Order::Shelve(shelving)), Answer::Shelf(_)));
}
