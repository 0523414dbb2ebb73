//! How vessels move: their speed, course and way.

use harborwatch::report::{Dimensions, StaticReport};
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

/// The ship in the lane, eastwards at five knots.
const IN_LANE: Fix = Fix {
    lon: 118.22,
    ..UNDER_WAY
};

#[test]
fn slow_traffic_leaves_out_those_at_anchor_and_moored() {
    let slow = |status| Fix {
        sog: Some(1.9),
        status,
        ..UNDER_WAY
    };
    story("slow_traffic", json!({"below_kn": 2, "clear_s": 0}))
        .ship(0, 118.05, 2.0, 0)
        .tells(NOTHING)
        .fix(10, slow(Some(0)))
        .tells(&["10+r 1.9/2"])
        .fix(20, slow(Some(1)))
        .tells(&["20-r 1.9/2"])
        .fix(30, slow(Some(5)))
        .tells(NOTHING)
        .fix(40, slow(None))
        .tells(&["40+r 1.9/2"])
        .fix(
            50,
            Fix {
                sog: None,
                ..slow(None)
            },
        )
        .tells(&["50-r 1.9/2"]);
}

#[test]
fn wrong_way_measures_from_the_direction_of_the_zone() {
    for (cog, sog, wanted) in [
        (Some(180.0), 5.0, ""),
        (Some(180.1), 5.0, "0+r lane 90.1/90"),
        (Some(359.9), 3.0, "0+r lane 90.1/90"),
        (Some(0.0), 5.0, ""),
        (Some(270.0), 3.0, "0+r lane 180/90"),
        (Some(270.0), 2.9, ""),
        (None, 5.0, ""),
    ] {
        let fix = Fix {
            cog,
            sog: Some(sog),
            ..IN_LANE
        };
        story("wrong_way", json!({"zones": ["lane"]}))
            .fix(0, fix)
            .tells_maybe(wanted);
    }
    let fix = Fix {
        cog: Some(160.0),
        sog: Some(1.0),
        ..IN_LANE
    };
    story(
        "wrong_way",
        json!({"zones": ["lane"], "tolerance_deg": 60, "min_sog_kn": 1}),
    )
    .fix(0, fix)
    .tells(&["0+r lane 70/60"]);
    refused(
        "wrong_way",
        json!({"zones": ["bay"]}),
        &["zones names bay, which has no direction_deg"],
    );
    refused(
        "wrong_way",
        json!({"tolerance_deg": 181}),
        &["zones is missing", "tolerance_deg is 181"],
    );
}

#[test]
fn status_mismatch_is_over_a_speed_at_anchor_or_moored() {
    for (status, sog, wanted) in [(1, 3.0, ""), (1, 3.1, "0+r 3.1/3"), (5, 3.1, "0+r 3.1/3"), (0, 9.0, "")] {
        story("status_mismatch", json!({}))
            .ship(0, 118.05, sog, status)
            .tells_maybe(wanted);
    }
}

#[test]
fn nav_status_is_one_of_those_named() {
    story("nav_status", json!({"statuses": [2, 6], "clear_s": 0}))
        .ship(0, 118.05, 1.0, 0)
        .tells(NOTHING)
        .ship(10, 118.05, 1.0, 6)
        .tells(&["10+r"])
        .fix(
            20,
            Fix {
                status: None,
                ..UNDER_WAY
            },
        )
        .tells(&["20-r"]);
    refused("nav_status", json!({"statuses": [16]}), &["statuses is [16]"]);
    refused("nav_status", json!({}), &["statuses is missing"]);
}

#[test]
fn drifting_is_a_heading_far_from_the_course_at_some_speed() {
    for (heading, cog, sog, status, wanted) in [
        (Some(0), 45.0, 1.0, Some(0), "0+r 45/45"),
        (Some(0), 44.9, 1.0, Some(0), ""),
        (Some(350), 35.0, 5.0, None, "0+r 45/45"),
        (Some(90), 270.0, 5.1, Some(0), ""),
        (Some(90), 270.0, 0.9, Some(0), ""),
        (Some(90), 270.0, 2.0, Some(1), ""),
        (Some(90), 270.0, 2.0, Some(5), ""),
        (None, 270.0, 2.0, Some(0), ""),
    ] {
        let fix = Fix {
            heading,
            cog: Some(cog),
            sog: Some(sog),
            status,
            ..UNDER_WAY
        };
        story("drifting", json!({})).fix(0, fix).tells_maybe(wanted);
    }
    refused("drifting", json!({"min_kn": 6}), &["min_kn is over max_kn"]);
}

#[test]
fn route_deviation_is_far_from_the_line_and_on_the_way() {
    let off = json!({"route": "ferry", "max_m": 500, "clear_s": 0});
    story("route_deviation", off)
        .ship(0, 118.2549, 9.0, 0)
        .tells(NOTHING)
        .ship(10, 118.255, 1.0, 0)
        .tells(&["10+r 507.7/500"])
        .ship(20, 118.255, 0.9, 0)
        .tells(&["20-r 507.7/500"]);
    for (route, wanted) in [
        (json!("bay"), "route names bay, which is a harbour"),
        (json!("reef"), "route names reef, which is not known"),
        (json!(5), "route is 5"),
    ] {
        refused("route_deviation", json!({"route": route, "max_m": 5}), &[wanted]);
    }
    refused("route_deviation", json!({"max_m": 5}), &["route is missing"]);
}

#[test]
fn approach_speed_takes_the_smallest_step_and_only_coming_nearer() {
    let steps = json!({"to": "quay", "steps": [[500, 5.0], [200, 3]], "clear_s": 0});
    story("approach_speed", steps)
        .ship(0, 118.0045, 9.0, 0)
        .ship(10, 118.0046, 9.0, 0)
        .tells(NOTHING)
        .ship(20, 118.0039, 5.0, 0)
        .tells(NOTHING)
        .ship(30, 118.0038, 5.1, 0)
        .tells(&["30+r 5.1/5"])
        .ship(40, 118.0038, 5.1, 0)
        .tells(&["40-r 5.1/5"])
        .ship(50, 118.0019, 3.1, 0)
        .tells(&["50+r 3.1/3"]);
    story("approach_speed", json!({"to": "quay", "steps": [[500, 5.0]]}))
        .ship(0, 118.0052, 9.0, 0)
        .ship(10, 118.0050, 9.0, 0)
        .tells(NOTHING);
    for steps in [
        json!([]),
        json!([[0, 5]]),
        json!([[5, 5], [5, 6]]),
        json!([[5]]),
        json!("x"),
    ] {
        let wanted = format!("steps is {steps}");
        refused("approach_speed", json!({"to": "quay", "steps": steps}), &[&wanted]);
    }
}

#[test]
fn berthing_speed_is_that_of_the_nearest_point_of_the_hull() {
    let berthing = json!({"to": "quay", "limit_ms": 0.2, "clear_s": 0});
    let at = |lon, heading| Fix {
        lon,
        heading,
        ..UNDER_WAY
    };
    story("berthing_speed", berthing.clone())
        .fix(0, at(118.001, None))
        .fix(10, at(118.000_97, None))
        .tells(&["10+r 0.3/0.2"])
        .fix(20, at(118.000_96, None))
        .tells(&["20-r 0.3/0.2"])
        .fix(81, at(118.0005, None))
        .tells(NOTHING)
        .fix(91, at(118.0006, None))
        .tells(NOTHING);
    for (within_m, second, wanted) in [(100, 70, "70+r 0.17/0.1"), (100, 71, ""), (10, 70, "")] {
        story(
            "berthing_speed",
            json!({"to": "quay", "within_m": within_m, "limit_ms": 0.1}),
        )
        .fix(10, at(118.001, None))
        .fix(second, at(118.000_9, None))
        .tells_maybe(wanted);
    }
    let sides = Dimensions {
        bow: 100,
        stern: 0,
        port: 10,
        starboard: 10,
    };
    let statics = StaticReport {
        dimensions: Some(Some(sides)),
        ..StaticReport::default()
    };
    for (heading, wanted) in [(Some(270), "20+r 0.3/0.2"), (Some(90), ""), (None, "")] {
        story("berthing_speed", berthing.clone())
            .statics(0, statics.clone())
            .fix(10, at(118.002, heading))
            .fix(20, at(118.001_97, heading))
            .tells_maybe(wanted);
    }
}

#[test]
fn coming_near_counts_only_in_the_rules_zones() {
    let cases = [
        (
            "approach_speed",
            json!({"to": "quay", "steps": [[500, 5.0]]}),
            "10+r bay 9/5",
        ),
        (
            "berthing_speed",
            json!({"to": "quay", "limit_ms": 0.2}),
            "10+r bay 0.3/0.2",
        ),
    ];
    for (kind, parameters, wanted) in cases {
        for (zone, wanted) in [("bay", wanted), ("lane", "")] {
            let mut parameters = parameters.clone();
            parameters["zones"] = json!([zone]);
            story(kind, parameters)
                .ship(0, 118.001, 9.0, 0)
                .ship(10, 118.000_97, 9.0, 0)
                .tells_maybe(wanted);
        }
    }
}
