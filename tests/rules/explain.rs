//! What is explained of a vessel: measured, missing, not met, since when, and what keeps it from being told.

use harborwatch::watch::Explanation;
use serde_json::json;

use crate::story::*;

/// An explanation in few words: zone, whether it holds and since when, value and limit, margin (`~` a near miss), `-` what
/// is missing, `!` what is not met, `<` what it is suppressed by.
fn line(own: &Explanation) -> String {
    let mut line = own.zone.as_deref().unwrap_or("*").to_owned();
    if let Some(other) = own.other_mmsi {
        line += &format!("+{other}");
    }
    line += if own.holds { " holds" } else { " not" };
    if let Some(since) = own.since {
        line += &format!(" since {}", since.floor_s());
    }
    let number = |number: Option<f64>| number.map_or("?".to_owned(), |number| number.to_string());
    if own.limit.is_some() || own.value.is_some() {
        line += &format!(" {}/{}", number(own.value), number(own.limit));
    }
    if let Some(margin) = own.margin {
        line += &format!(" {}{margin}", if own.near_miss { "~" } else { "" });
    }
    for (sign, names) in [("-", &own.account.missing), ("!", &own.account.unmet)] {
        line.extend(names.iter().map(|name| format!(" {sign}{name}")));
    }
    if let Some(by) = own.suppressed_by {
        line += &format!(" <{by}");
    }
    line
}

/// The ship's explanations by rule `r`, and that the state is the same after it.
#[track_caller]
fn check(told: &Story, wanted: &[&str]) {
    let before = told.traffic.to_bytes();
    let explained = told.traffic.explain(harborwatch::ais::Mmsi(SHIP), Some("r")).unwrap();
    let lines: Vec<String> = explained.iter().map(line).collect();
    assert_eq!(lines, wanted);
    assert_eq!(told.traffic.to_bytes(), before);
}

#[test]
fn what_is_measured_is_told_whether_it_holds_or_not() {
    let mut told = story("speed_limit", json!({"limit_kn": 8, "zones": ["kind:harbour"]}));
    told.ship(10, 118.09, 7.5, 0);
    check(&told, &["bay not 7.5/8 ~0.06", "cove not 7.5/8 0.06 <outside"]);
    told.ship(20, 118.09, 5.0, 0);
    check(&told, &["bay not 5/8 0.38", "cove not 5/8 0.38 <outside"]);
    told.ship(30, 118.04, 9.0, 0);
    check(&told, &["bay not 5/8 0.38 <held_back", "cove not 5/8 0.38 <outside"]);
}

#[test]
fn what_keeps_an_alert_from_being_told_is_named() {
    let mut told = story("speed_limit", json!({"limit_kn": 8, "for_s": 30}));
    told.ship(10, 118.05, 9.0, 0);
    check(&told, &["* holds since 10 9/8 0.13 <for_s"]);
    told.ship(40, 118.0501, 9.0, 0);
    check(&told, &["* holds since 10 9/8 0.13"]);
    told.acknowledge(50, &format!("r-{SHIP}-40"));
    check(&told, &["* holds since 10 9/8 0.13 <acknowledged"]);
    told.shelve(60, Some(SHIP), None, 90);
    check(&told, &["* holds since 10 9/8 0.13 <shelf"]);
    told.to(90);
    check(&told, &["* holds since 10 9/8 0.13 <acknowledged"]);
    let mut told = story("speed_limit", json!({"limit_kn": 8, "vessels": {"classes": ["cargo"]}}));
    told.ship(10, 118.05, 9.0, 0);
    check(&told, &["* holds 9/8 0.13 <filter"]);
    let mut told = story("slow_traffic", json!({"below_kn": 3}));
    told.ship(10, 118.05, 9.0, 0).to(700);
    check(&told, &["* not 9/3 2 <lost"]);
}

#[test]
fn what_is_missing_or_not_met_is_named() {
    let mut told = story("under_keel", json!({"margin_m": 0.5, "zones": ["lane"]}));
    told.ship(10, 118.25, 9.0, 0);
    check(&told, &["lane not ?/6 -draught_m"]);
    told.draught(20, 5.4);
    check(&told, &["lane not 5.9/6 ~0.02"]);
    let mut told = story("drifting", json!({}));
    told.fix(10, UNDER_WAY);
    check(&told, &["* not ?/45 -heading_deg"]);
    told.fix(
        20,
        Fix {
            heading: Some(0),
            sog: Some(9.0),
            ..UNDER_WAY
        },
    );
    check(&told, &["* not 90/45 1 !max_kn"]);
    let mut told = story("status_mismatch", json!({}));
    told.ship(10, 118.05, 3.0, 1);
    check(&told, &["* not 3/3 ~0"]);
    told.ship(20, 118.05, 9.0, 0);
    check(&told, &["* not 9/3 2 !nav_status"]);
    let mut told = story("overdraught", json!({}));
    told.ship(10, 118.05, 9.0, 0);
    check(&told, &["* not ?/5 -draught_m"]);
    let mut told = story("loitering", json!({}));
    told.ship(10, 118.05, 1.0, 0);
    check(&told, &["* not ?/0.5 !window_s"]);
}

#[test]
fn silence_is_told_apart_from_a_deaf_station() {
    let mut told = story("silence", json!({"after_s": 300}));
    told.ship(0, 118.05, 9.0, 0).hear(100, 0).to(600);
    check(&told, &["* not 100/300 0.67 <deaf"]);
    told.hear(610, 0);
    check(&told, &["* not 100/300 0.67 <deaf"]);
    for second in 611..820 {
        told.hear(second, 0);
    }
    check(&told, &["* holds since 812 309/300 0.03"]);
}

#[test]
fn an_event_holds_at_the_report_that_made_it_and_no_longer() {
    let mut told = story("gate_crossing", json!({"zones": ["mouth"], "direction": "in"}));
    told.ship(0, 118.099, 5.0, 0);
    check(&told, &["mouth not -previous_position !crossing <outside"]);
    told.ship(60, 118.101, 5.0, 0).tells(&["60+r mouth", "60-r mouth"]);
    check(&told, &["mouth holds since 60"]);
    told.ship(70, 118.1011, 5.0, 0);
    check(&told, &["mouth not !crossing <outside"]);
    told.ship(130, 118.0999, 5.0, 0).tells(NOTHING);
    check(&told, &["mouth not !direction"]);
    let mut told = story("zone_exit", json!({"zones": ["kind:harbour"]}));
    told.ship(0, 118.09, 5.0, 0).ship(60, 118.101, 5.0, 0);
    check(&told, &["bay holds since 60", "cove not !event <outside"]);
    let mut told = story("identity_change", json!({}));
    told.ship(0, 118.09, 5.0, 0);
    check(&told, &["* not !event"]);
}

#[test]
fn pairs_are_explained_with_the_other_vessel() {
    let mut told = story("collision_risk", json!({"cpa_nm": 0.5, "tcpa_min": 10}));
    let lies = |mmsi, lon, lat, sog| Fix {
        mmsi,
        lon,
        lat,
        sog: Some(sog),
        ..UNDER_WAY
    };
    told.fix(10, lies(SHIP, 118.05, 24.05, 10.0))
        .fix(10, lies(OTHER, 118.07, 24.051, 0.0));
    check(&told, &[&format!("*+{OTHER} holds since 10 0.06/0.5 0.88")]);
    told.fix(20, lies(OTHER, 118.07, 24.051, 9.8));
    check(
        &told,
        &[&format!("*+{OTHER} not 0.06/0.5 0.88 !relative_speed !tcpa_min")],
    );
}

#[test]
fn a_vessel_that_is_not_there_is_not_explained() {
    let told = story("speed_limit", json!({"limit_kn": 8}));
    assert_eq!(told.traffic.explain(harborwatch::ais::Mmsi(SHIP), None), None);
}

#[test]
fn zones_in_which_the_vessel_is_not_are_told_up_to_a_bound() {
    let mut told = story("zone_entry", json!({"zones": ["kind:harbour", "kind:berth"]}));
    told.ship(0, 118.03, 5.0, 0);
    check(
        &told,
        &[
            "bay holds since 0",
            "cove holds since 0",
            "wharf-1 not <outside",
            "wharf-2 holds since 0",
        ],
    );
}

#[test]
fn approach_speed_beyond_its_steps_is_measured_by_the_farthest() {
    let steps = json!({"to": "quay", "steps": [[200, 3.0], [500, 5.0]]});
    let mut told = story("approach_speed", steps);
    told.ship(0, 118.012, 9.0, 0).ship(10, 118.011, 9.0, 0);
    check(&told, &["* not 9/5 0.8 !steps"]);
    told.ship(60, 118.004, 4.5, 0);
    check(&told, &["* not 4.5/5 ~0.1"]);
}

/// What brought the vessel's last message is explained by the rules of feeds and of stations.
#[test]
fn feeds_and_stations_are_explained_by_whom_they_hear() {
    let mut told = story("feed_silence", json!({"after_s": 120}));
    told.ship(10, 118.05, 5.0, 0).to(110);
    check(&told, &["* not 100/120 ~0.17"]);
    told.to(140);
    check(&told, &["* holds since 131 130/120 0.08"]);
    let explained = told.traffic.explain(harborwatch::ais::Mmsi(SHIP), None).unwrap();
    assert_eq!(explained[0].reason.as_deref(), Some("north"));
    assert_eq!(explained[0].alert.as_deref(), Some("r-north-131"));
    let mut told = story("feed_silence", json!({"after_s": 120, "feeds": ["south"]}));
    told.ship(10, 118.05, 5.0, 0).to(140);
    check(&told, &["* holds 130/120 0.08 <filter"]);
    let mut told = story("visibility_limit", json!({"below_nm": 1.0, "station": "south"}));
    told.ship(10, 118.05, 5.0, 0);
    check(&told, &["* not <filter"]);
}
