//! Pairs: risk of collision and encounters, and every pair at every second beside what the watch finds.

use std::collections::BTreeMap;

use harborwatch::ais::Mmsi;
use harborwatch::alerts::{AlertChange, Transition};
use harborwatch::geo::{Degrees, Knots, METRES_PER_NM, Plane, Point, Position, distance, velocity};
use harborwatch::report::{AisClass, Content, PositionReport, Report, Said, StaticReport, Station};
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Changes;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::story::*;

/// So many nautical miles east of the ship.
fn east(nm: f64) -> f64 {
    let plane = Plane::around(Position {
        lon: 118.05,
        lat: 24.05,
    });
    118.05 + nm * METRES_PER_NM / plane.metres_per_deg()[0]
}

/// The ship at ten knots eastwards.
fn ship() -> Fix {
    Fix {
        sog: Some(10.0),
        ..UNDER_WAY
    }
}

/// Another, so far to the east of where the ship is first, at ten knots westwards.
fn other(nm: f64) -> Fix {
    Fix {
        mmsi: OTHER,
        lon: east(nm),
        sog: Some(10.0),
        cog: Some(270.0),
        ..UNDER_WAY
    }
}

fn risk(more: Json) -> Story {
    let mut parameters = json!({"cpa_nm": 0.3, "tcpa_min": 10});
    parameters
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    story("collision_risk", parameters)
}

/// What two reports at one moment lead to within five minutes.
#[track_caller]
fn check(more: Json, one: Fix, two: Fix, wanted: &[&str]) {
    risk(more).fix(0, one).fix(0, two).to(300).tells(wanted);
}

#[test]
fn collision_risk_begins_with_time_and_range_and_ends_with_age() {
    let both = |nm| (ship(), other(nm));
    // Twenty knots: 4.01 NM take 721.8 s.
    let (one, two) = both(4.01);
    check(json!({}), one, two, &["122+r 0/0.3", "241-r 0/0.3"]);
    check(json!({"max_age_s": 121}), one, two, NOTHING);
    check(json!({"max_age_s": 122}), one, two, &["122+r 0/0.3", "183-r 0/0.3"]);
    check(
        json!({"for_s": 30, "clear_s": 0}),
        one,
        two,
        &["152+r 0/0.3", "181-r 0/0.3"],
    );
    // They are 3.5 NM apart after 91.8 s.
    check(
        json!({"tcpa_min": 20, "range_nm": 3.5}),
        one,
        two,
        &["92+r 0/0.3", "241-r 0/0.3"],
    );
    // The closest point comes after 54 s.
    let (one, two) = both(0.3);
    check(json!({"clear_s": 0}), one, two, &["0+r 0/0.3", "55-r 0/0.3"]);
    let (one, two) = both(-0.3);
    check(json!({}), one, two, NOTHING);
}

#[test]
fn collision_risk_needs_a_way_and_a_speed() {
    let near = other(0.3);
    let lies = |sog, cog, status| Fix {
        sog,
        cog,
        status,
        ..near
    };
    let raised = ["0+r 0/0.3", "169-r 0/0.3"];
    check(json!({}), ship(), lies(Some(0.0), None, None), &raised);
    check(json!({}), ship(), lies(Some(0.1), None, None), NOTHING);
    check(json!({}), ship(), lies(None, Some(270.0), None), NOTHING);
    check(json!({}), ship(), lies(Some(0.0), None, Some(5)), &raised);
    let moored = Fix {
        status: Some(1),
        ..ship()
    };
    check(json!({}), moored, lies(Some(0.0), None, Some(5)), NOTHING);
    check(
        json!({"min_sog_kn": 10.0}),
        ship(),
        lies(Some(0.0), None, None),
        &raised,
    );
    check(
        json!({"min_sog_kn": 10.1}),
        ship(),
        lies(Some(0.0), None, None),
        NOTHING,
    );
    // Half a knot is company; a tenth more is not, and takes a little over 1800 s.
    let company = |sog| Fix {
        sog: Some(sog),
        cog: Some(90.0),
        ..near
    };
    check(json!({"tcpa_min": 60}), ship(), company(9.5), NOTHING);
    check(
        json!({"tcpa_min": 60}),
        ship(),
        company(9.4),
        &["0+r 0/0.3", "241-r 0/0.3"],
    );
}

#[test]
fn a_pair_is_where_either_is_and_passes_where_either_does() {
    let outside = Fix { lat: 24.2, ..ship() };
    let inside = Fix {
        lat: 24.2,
        ..other(0.3)
    };
    check(json!({"zones": ["bay"]}), outside, inside, NOTHING);
    let near = Fix { lat: 24.1001, ..ship() };
    let inside = Fix {
        lat: 24.0999,
        ..other(0.3)
    };
    for zones in [json!(["bay"]), json!(["bay", "lane"])] {
        let mut told = risk(json!({"zones": zones, "clear_s": 0}));
        told.fix(0, near).fix(0, inside).to(60);
        assert_eq!(told.told().len(), 2, "{:?}", told.told());
        assert!(told.told()[0].starts_with("0+r bay 0.0"), "{:?}", told.told());
    }
    // Miles outside, and the one inside need not report again: whichever speaks last, the pair is judged.
    let far = Fix {
        lon: east(8.0),
        ..other(0.0)
    };
    for reports in [[ship(), far], [far, ship()]] {
        let mut told = risk(json!({"zones": ["bay"], "tcpa_min": 30, "range_nm": 12}));
        for fix in reports {
            told.fix(0, fix);
        }
        told.to(60).tells(&["0+r bay 0/0.3"]);
    }
    for (vessels, raised) in [
        (json!({"classes": ["sand_carrier"]}), 2),
        (json!({"mmsi": [OTHER]}), 2),
        (json!({"classes": ["ferry"]}), 0),
    ] {
        let mut told = risk(json!({"vessels": vessels}));
        told.fix(0, ship()).fix(0, other(0.3)).to(300);
        assert_eq!(told.told().len(), raised, "{vessels}");
    }
}

#[test]
fn a_class_heard_later_counts_from_the_next_second() {
    risk(json!({"vessels": {"classes": ["tanker"]}, "clear_s": 0}))
        .fix(0, ship())
        .fix(0, other(2.0))
        .to(20)
        .tells(NOTHING)
        .ship_type(20, OTHER, 80)
        .tells(NOTHING)
        .to(21)
        .tells(&["21+r 0/0.3"])
        .ship_type(30, OTHER, 70)
        .to(31)
        .tells(&["31-r 0/0.3"]);
}

#[test]
fn a_pair_due_at_the_second_at_which_all_of_a_vessel_are_is_judged_once() {
    let mut told = risk(json!({}));
    told.fix(0, ship())
        .fix(0, other(4.01))
        .ship_type(121, OTHER, 70)
        .to(122)
        .tells(&["122+r 0/0.3"]);
    for second in 123..300 {
        told.ship_type(second, OTHER, 70);
    }
    told.tells(&["241-r 0/0.3"]);
}

#[test]
fn a_report_of_either_ends_it() {
    let mut told = risk(json!({"clear_s": 0}));
    told.fix(0, ship()).fix(5, other(2.0)).tells(&["5+r 0/0.3"]);
    let alert = told.standing()[0].clone();
    assert_eq!(&*alert.id, &format!("r-{SHIP}-{OTHER}-5"));
    assert_eq!((alert.mmsi, alert.other_mmsi), (Some(Mmsi(SHIP)), Some(Mmsi(OTHER))));
    assert_eq!(
        alert.position,
        Some(Position {
            lon: 118.05,
            lat: 24.05
        })
    );
    let away = Fix {
        cog: Some(90.0),
        lon: 118.051,
        ..ship()
    };
    told.fix(20, Fix { sog: Some(9.0), ..away }).tells(NOTHING);
    told.fix(
        30,
        Fix {
            cog: Some(270.0),
            ..away
        },
    )
    .tells(&["30-r 0/0.3"]);
}

#[test]
fn an_encounter_is_two_slow_ones_together() {
    let lies = |mmsi, lon, sog| Fix {
        mmsi,
        lon,
        sog: Some(sog),
        cog: None,
        ..UNDER_WAY
    };
    let meet = |more: Json, apart_m: f64, sogs: [f64; 2]| {
        let mut told = story("encounter", more);
        let lon = east(apart_m / METRES_PER_NM);
        told.fix(0, lies(SHIP, 118.05, sogs[0]))
            .fix(60, lies(OTHER, lon, sogs[1]))
            .to(600);
        told.told().to_vec()
    };
    let nothing: [&str; 0] = [];
    // Both are believed for six minutes.
    assert_eq!(meet(json!({}), 149.0, [0.0, 1.9]), ["60+r 149/150", "421-r 149/150"]);
    assert_eq!(meet(json!({}), 151.0, [0.0, 1.9]), nothing);
    assert_eq!(meet(json!({}), 149.0, [0.0, 2.0]), nothing);
    assert_eq!(
        meet(json!({"distance_m": 200, "max_kn": 3}), 199.0, [2.9, 2.9]).len(),
        2
    );
    assert_eq!(meet(json!({"except_zones": ["bay"]}), 50.0, [0.0, 0.0]), nothing);
    assert_eq!(meet(json!({"except_zones": ["kind:berth"]}), 50.0, [0.0, 0.0]).len(), 2);
    refused(
        "encounter",
        json!({"except_zones": ["mouth"]}),
        &["except_zones names mouth, which is a gate"],
    );
    story("encounter", json!({"clear_s": 0}))
        .fix(0, lies(SHIP, 118.05, 0.0))
        .fix(0, lies(OTHER, 118.0501, 0.0))
        .ship_type(1, OTHER, 52)
        .to(2)
        .tells(&["0+r 10.2/150", "2-r 10.2/150"]);
}

#[test]
fn a_vessel_that_is_removed_ends_its_pairs() {
    let site = Site {
        limits: harborwatch::track::TrackLimits {
            remove_after: harborwatch::time::Span::s(100),
            ..Site::default().limits
        },
        ..Site::of("collision_risk", json!({"cpa_nm": 0.3, "tcpa_min": 60}))
    };
    let mut told = site.story();
    told.fix(0, ship()).fix(50, other(5.0)).to(200);
    told.tells(&["50+r 0/0.3", "100-r removed 0/0.3"]);
}

/// One report: vessel, milliseconds since the one before, degrees from the middle, knots, degrees, status.
type Told = (u32, i64, (f64, f64), f64, f64, u8);

/// A vessel's last accepted report and its time in milliseconds.
type Last = (i64, PositionReport);

/// Since when a condition has held, since when it has not, and whether an alert stands.
type Open = (Option<i64>, Option<i64>, bool);

/// Every pair looked at, at every report of either and at every second, by what RULES.md says and no more.
#[derive(Default)]
struct Naive {
    fixes: BTreeMap<u32, Last>,
    open: BTreeMap<(u32, u32), Open>,
    told: Vec<(i64, &'static str, u32, u32)>,
}

impl Naive {
    fn judge(&mut self, now: i64, of: Option<u32>, holds: impl Fn(&Last, &Last, i64) -> bool, patience: [i64; 2]) {
        let mut told = Vec::new();
        for (one, its) in &self.fixes {
            for (other, others) in self.fixes.range(one + 1..) {
                if of.is_some_and(|of| of != *one && of != *other) {
                    continue;
                }
                let (held, ended, stands) = self.open.entry((*one, *other)).or_default();
                if holds(its, others, now) {
                    *ended = None;
                    let since = *held.get_or_insert(now);
                    if !*stands && now >= since + patience[0] {
                        *stands = true;
                        told.push((now, "raised", *one, *other));
                    }
                } else {
                    *held = None;
                    if *stands && now >= *ended.get_or_insert(now) + patience[1] {
                        (*stands, *ended) = (false, None);
                        told.push((now, "rectified", *one, *other));
                    }
                }
            }
        }
        told.sort_unstable_by_key(|(now, _, one, other)| (*now, *one, *other));
        self.told.extend(told);
    }
}

/// `collision_risk` with `cpa_nm = 0.5`, `tcpa_min = 4`, `range_nm = 3`, and ages of 60 s.
fn is_risk(one: &Last, other: &Last, now: i64) -> bool {
    let (at, there) = (one.1.position.unwrap(), other.1.position.unwrap());
    let plane = Plane::around(Position {
        lon: (at.lon + there.lon) / 2.0,
        lat: (at.lat + there.lat) / 2.0,
    });
    let carried = |(time, report): &Last| {
        let speed = velocity(report.sog, report.cog)?;
        (now - time <= 60_000).then(|| {
            let point = plane.point(report.position.unwrap());
            (point.along(speed, (now - time) as f64 / 1000.0), speed)
        })
    };
    let (Some((from, speed)), Some((to, other_speed))) = (carried(one), carried(other)) else {
        return false;
    };
    let moored = |report: &PositionReport| matches!(report.nav_status, Some(1 | 5));
    if moored(&one.1) && moored(&other.1) || one.1.sog.unwrap().0.max(other.1.sog.unwrap().0) < 1.0 {
        return false;
    }
    let (way, speed): (Point, Point) = (from.to(to), speed.to(other_speed));
    let tcpa_s = -way.dot(speed) / speed.dot(speed);
    let cpa = way.along(speed, tcpa_s).length();
    way.length() <= 3.0 * METRES_PER_NM
        && speed.length() / METRES_PER_NM * 3600.0 > 0.5
        && (0.0..=240.0).contains(&tcpa_s)
        && cpa <= 0.5 * METRES_PER_NM
}

/// `encounter` with its defaults but a distance of 400 m.
fn is_encounter(one: &Last, other: &Last, now: i64) -> bool {
    let fresh = |(time, report): &Last| now - time <= 360_000 && report.sog.unwrap().0 < 2.0;
    fresh(one) && fresh(other) && distance(one.1.position.unwrap(), other.1.position.unwrap()).0 <= 400.0
}

fn moving((east, north): (f64, f64), sog: f64, cog: f64, status: u8) -> PositionReport {
    PositionReport {
        position: Some(Position {
            lon: 118.0 + east,
            lat: 24.0 + north,
        }),
        sog: Some(Knots(sog)),
        cog: Some(Degrees(cog)),
        heading: None,
        rot_deg_min: None,
        nav_status: Some(status),
        ais_class: Some(AisClass::A),
    }
}

/// What the core has told of pairs, as the naive model tells it.
fn steps(changes: &Changes) -> Vec<(i64, &'static str, u32, u32)> {
    let step = |(_, change): &(usize, AlertChange)| {
        let step = match change.transition {
            Transition::Raised => "raised",
            Transition::Rectified => "rectified",
            _ => return None,
        };
        Some((change.time.0, step, change.alert.mmsi?.0, change.alert.other_mmsi?.0))
    };
    changes.alerts.iter().filter_map(step).collect()
}

fn compare(
    kind: &str,
    more: Json,
    patience: [i64; 2],
    holds: impl Fn(&Last, &Last, i64) -> bool + Copy,
    said: &[Told],
) {
    let mut more = more;
    more["for_s"] = (patience[0] / 1000).into();
    more["clear_s"] = (patience[1] / 1000).into();
    more["priority"] = "caution".into();
    let site = Site {
        limits: harborwatch::track::TrackLimits {
            max_jump_nm: 1e6,
            ..Site::default().limits
        },
        ..Site::of(kind, more)
    };
    let mut story = site.story();
    let mut naive = Naive::default();
    let mut changes = Changes::default();
    let (mut ms, mut second) = (0, 0);
    for (vessel, after, (east, north), sog, cog, status) in
        said.iter().copied().chain([(99, 500_000, (9.0, 9.0), 0.0, 0.0, 0)])
    {
        ms += after;
        while second < Timestamp(ms).floor_s() {
            second += 1;
            naive.judge(second * 1000, None, holds, patience);
        }
        story.traffic.tick(second, &mut changes);
        let report = moving((east, north), sog, cog, status);
        let mmsi = 412_000_000 + vessel;
        let newer = naive.fixes.get(&mmsi).is_none_or(|(time, _)| *time < ms);
        if newer {
            naive.fixes.insert(mmsi, (ms, report.clone()));
            naive.judge(ms, Some(mmsi), holds, patience);
        }
        let said = Said {
            mmsi: Mmsi(mmsi),
            message_type: 1,
            content: Content::Position(report),
        };
        let report = Report::of(Timestamp(ms), Station::default(), Some(said));
        story.traffic.observe(&report, &mut changes);
        let statics = StaticReport {
            ship_type: Some(Some(70)),
            ..StaticReport::default()
        };
        // Static data has all pairs judged at the next second, which changes nothing.
        let said = report.said.map(|said| Said {
            content: Content::Static(statics),
            ..said
        });
        let report = Report { said, ..report };
        story.traffic.observe(&report, &mut changes);
    }
    assert_eq!(steps(&changes), naive.told);
}

fn reports() -> impl Strategy<Value = Vec<Told>> {
    let sog = prop_oneof![Just(0.0), 0.0..2.0f64, 3.0..30.0f64, 30.0..102.0f64];
    let place = (-0.08..0.08f64, -0.08..0.08f64);
    let wait = prop_oneof![Just(0i64), 1i64..3_000, 1i64..40_000];
    prop::collection::vec((0u32..9, wait, place, sog, 0.0..360.0f64, 0u8..6), 2..60)
}

proptest! {
    #[test]
    fn risks_are_those_that_every_pair_at_every_second_finds(said in reports(), patience in prop_oneof![Just([0, 0]), Just([5_000, 7_000])]) {
        compare("collision_risk", json!({"cpa_nm": 0.5, "tcpa_min": 4, "range_nm": 3, "max_age_s": 60}), patience, is_risk, &said);
    }

    #[test]
    fn encounters_are_those_that_every_pair_at_every_second_finds(said in reports(), patience in prop_oneof![Just([0, 0]), Just([5_000, 7_000])]) {
        let near: Vec<_> = said.into_iter().map(|(vessel, wait, (east, north), sog, cog, status)| {
            (vessel, wait, (east / 20.0, north / 20.0), if sog > 30.0 { 0.0 } else { sog }, cog, status)
        }).collect();
        compare("encounter", json!({"distance_m": 400}), patience, is_encounter, &near);
    }
}

#[test]
fn a_removed_vessel_leaves_no_pairs_to_whoever_takes_its_place() {
    let site = Site {
        limits: harborwatch::track::TrackLimits {
            lost_after: Span::s(60),
            moored_lost_after: Span::s(60),
            remove_after: Span::s(100),
            ..Site::default().limits
        },
        ..Site::of("encounter", json!({"clear_s": 0}))
    };
    let mut told = site.story();
    let at = |mmsi: u32, lon: f64, sog: f64| Fix {
        mmsi,
        lon,
        sog: Some(sog),
        ..UNDER_WAY
    };
    let (a, b, d) = (412_000_001, 412_000_002, 412_000_003);
    told.fix(0, at(a, 118.05, 0.0)).fix(0, at(b, 118.0505, 0.0));
    told.fix(50, at(b, 118.0505, 0.0)).to(101);
    told.fix(102, at(d, 118.2, 0.0)).to(160);
    for (second, first) in [(161, 412_000_010), (162, 412_000_020)] {
        let lon = 118.3 + f64::from(first % 100) * 0.01;
        told.fix(second, at(first, lon, 0.0))
            .fix(second, at(first + 1, lon + 0.0005, 0.0));
    }
    told.fix(170, at(412_000_010, 118.4, 5.0)).to(180);
    let standing = told.standing();
    let pairs: Vec<_> = standing
        .iter()
        .filter(|alert| alert.rectified.is_none())
        .map(|alert| alert.mmsi.map(|mmsi| mmsi.0))
        .collect();
    assert_eq!(pairs, [Some(412_000_020)], "{standing:?}");
}
