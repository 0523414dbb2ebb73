//! Vessels at anchor.

use serde_json::json;

use crate::story::*;

/// At anchor, so many metres east of the place where the vessel anchored.
fn at_anchor(metres: f64) -> Fix {
    Fix {
        lon: 118.05 + metres / 101_550.0,
        sog: Some(0.1),
        status: Some(1),
        ..UNDER_WAY
    }
}

#[test]
fn anchor_drag_measures_from_the_mean_of_the_first_five_minutes() {
    let mut told = story("anchor_drag", json!({"radius_m": 200}));
    told.fix(0, at_anchor(0.0))
        .fix(100, at_anchor(300.0))
        .fix(300, at_anchor(300.0))
        .fix(400, at_anchor(0.0))
        .fix(500, at_anchor(399.0))
        .tells(NOTHING);
    told.fix(600, at_anchor(402.0)).tells(&["600+r 202/200"]);
    told.fix(700, at_anchor(300.0)).to(760).tells(&["760-r 202/200"]);
}

#[test]
fn anchor_drag_forgets_the_point_with_another_status() {
    let mut told = story("anchor_drag", json!({"radius_m": 200, "clear_s": 0}));
    told.fix(0, at_anchor(0.0))
        .fix(301, at_anchor(201.0))
        .tells(&["301+r 201/200"]);
    told.fix(
        400,
        Fix {
            status: Some(0),
            ..at_anchor(220.0)
        },
    )
    .tells(&["400-r 201/200"]);
    told.fix(500, at_anchor(220.0))
        .fix(900, at_anchor(10.0))
        .tells(&["900+r 210/200"]);
    refused("anchor_drag", json!({"radius_m": 0}), &["radius_m is 0"]);
}

#[test]
fn anchor_drag_keeps_the_point_of_a_vessel_whose_class_is_heard_late() {
    story(
        "anchor_drag",
        json!({"radius_m": 200, "vessels": {"classes": ["cargo"]}}),
    )
    .fix(
        0,
        Fix {
            mmsi: OTHER,
            ..at_anchor(0.0)
        },
    )
    .fix(
        350,
        Fix {
            mmsi: OTHER,
            ..at_anchor(250.0)
        },
    )
    .tells(NOTHING)
    .ship_type(360, OTHER, 70)
    .fix(
        400,
        Fix {
            mmsi: OTHER,
            ..at_anchor(250.0)
        },
    )
    .tells(&["400+r 250/200"]);
}

#[test]
fn unlawful_anchoring_is_at_anchor_or_still_and_not_moored() {
    for (status, sog, wanted) in [
        (Some(1), Some(3.0), "0+r bay 3/0.5"),
        (Some(1), None, "0+r bay"),
        (Some(0), Some(0.4), "0+r bay 0.4/0.5"),
        (None, Some(0.4), "0+r bay 0.4/0.5"),
        (Some(0), Some(0.5), ""),
        (Some(5), Some(0.1), ""),
        (Some(0), None, ""),
    ] {
        let fix = Fix {
            status,
            sog,
            ..UNDER_WAY
        };
        story("unlawful_anchoring", json!({"zones": ["bay"]}))
            .fix(0, fix)
            .tells_maybe(wanted);
    }
    story("unlawful_anchoring", json!({"zones": ["bay"], "max_kn": 0.2}))
        .ship(0, 118.05, 0.4, 0)
        .tells(NOTHING);
    refused("unlawful_anchoring", json!({}), &["zones is missing"]);
}
