//! What vessels do over a while: loitering, and the ways of dredgers.

use serde_json::json;

use crate::story::*;

/// One report a minute, of these longitudes in turn.
fn every_minute(told: &mut Story, from: i64, to: i64, lons: &[f64], sog: Option<f64>) {
    for (minute, second) in (from..=to).step_by(60).enumerate() {
        let fix = Fix {
            lon: lons[minute % lons.len()],
            sog,
            ..UNDER_WAY
        };
        told.fix(second, fix);
    }
}

#[test]
fn loitering_needs_nine_tenths_of_the_window_and_ends_as_it_slides() {
    let mut told = story("loitering", json!({"window_s": 600, "clear_s": 0}));
    every_minute(&mut told, 0, 480, &[118.05], Some(1.0));
    told.tells(NOTHING);
    every_minute(&mut told, 540, 600, &[118.05], Some(1.0));
    told.tells(&["540+r 0/0.5"])
        .to(660)
        .tells(NOTHING)
        .to(661)
        .tells(&["661-r 0/0.5"]);
}

#[test]
fn loitering_is_slow_near_one_spot_and_not_at_anchor() {
    for (more, lons, sog, wanted) in [
        (json!({}), &[118.05, 118.06][..], Some(0.3), "540+r 0.274/0.5"),
        (json!({}), &[118.05, 118.07], Some(1.0), ""),
        (json!({}), &[118.05], Some(3.0), "540+r 0/0.5"),
        (json!({}), &[118.05], Some(3.1), ""),
        (json!({}), &[118.05], Some(0.2), ""),
        (json!({}), &[118.05], None, ""),
        (json!({"radius_nm": 0.2}), &[118.05, 118.06], Some(1.0), ""),
        (json!({"max_kn": 4}), &[118.05], Some(3.1), "540+r 0/0.5"),
        (json!({"min_kn": 0.1}), &[118.05], Some(0.2), "540+r 0/0.5"),
    ] {
        let mut rule = json!({"window_s": 600});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut told = story("loitering", rule);
        every_minute(&mut told, 0, 540, lons, sog);
        told.tells_maybe(wanted);
    }
    let mut told = story("loitering", json!({"window_s": 600}));
    every_minute(&mut told, 0, 480, &[118.05], Some(1.0));
    told.ship(540, 118.05, 1.0, 1).tells(NOTHING);
    refused("loitering", json!({"min_kn": 4}), &["min_kn is over max_kn"]);
}

#[test]
fn dredging_pattern_goes_to_and_fro_inside() {
    let dredging = |more| {
        let mut rule = json!({"zones": ["lane"], "window_s": 600});
        rule.as_object_mut().unwrap().extend(more);
        story("dredging_pattern", rule)
    };
    for (more, lons, sog, wanted) in [
        (json!({}), &[118.25, 118.251][..], 1.0, "540+r lane 9/2"),
        (json!({"min_sinuosity": 10}), &[118.25, 118.251], 1.0, ""),
        (json!({}), &[118.25], 1.0, ""),
        (json!({}), &[118.25, 118.251], 3.1, ""),
        (json!({}), &[118.25, 118.251], 0.2, ""),
        (json!({}), &[118.2, 118.1995], 1.0, ""),
    ] {
        let mut told = dredging(more.as_object().unwrap().clone());
        every_minute(&mut told, 0, 540, lons, Some(sog));
        told.tells_maybe(wanted);
    }
    let straight: Vec<f64> = (0..10).map(|n| 118.25 + f64::from(n) * 0.0005).collect();
    let mut told = dredging(serde_json::Map::new());
    every_minute(&mut told, 0, 540, &straight, Some(1.0));
    told.tells(NOTHING);
}

#[test]
fn dredging_pattern_without_zones_is_everywhere_and_of_sand_carriers() {
    let mut told = story("dredging_pattern", json!({"window_s": 600}));
    for second in (0..=540).step_by(60) {
        let lon = 118.25 + (second % 120) as f64 * 1e-5;
        told.ship(second, lon, 1.0, 0)
            .report(second, OTHER, Some(lon), Some(1.0), 0);
    }
    told.tells(&["540+r 9/2"]);
}

/// A report every two seconds, at the longitude of the second.
fn densely(told: &mut Story, to: i64, lon: impl Fn(i64) -> f64) {
    for second in (0..=to).step_by(2) {
        told.fix(
            second,
            Fix {
                lon: lon(second),
                sog: Some(1.0),
                ..UNDER_WAY
            },
        );
    }
}

#[test]
fn long_windows_of_dense_reports_are_kept_whole() {
    let mut told = story("loitering", json!({"window_s": 14_400, "clear_s": 0}));
    densely(&mut told, 12_960, |_| 118.05);
    told.tells(&["12960+r 0/0.5"]);
}

#[test]
fn the_width_is_of_all_points_of_a_window_however_many() {
    // Four hundred metres within two minutes, and then two hours in one place: over its width that way is not long.
    let mut told = story(
        "dredging_pattern",
        json!({"zones": ["lane"], "window_s": 7200, "min_sinuosity": 8}),
    );
    densely(&mut told, 7200, |second| match second {
        0..120 => 118.25 + 0.004 * second as f64 / 120.0,
        _ => 118.254 + f64::from(u8::from(second % 4 == 0)) * 3e-6,
    });
    told.tells(NOTHING);
}
