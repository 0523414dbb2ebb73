//! Every kind of rule, its parameters and its edges: reports in, transitions out, to the second. One file, because all
//! cases are told in the same few words and stand in the order of the table of rules.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::sync::Arc;

use harborwatch::ais::Mmsi;
use harborwatch::alerts::Transition;
use harborwatch::geo::{Degrees, Knots, Position};
use harborwatch::picture::Picture;
use harborwatch::register::{Declarations, Register};
use harborwatch::report::{
    AisClass, Content, FeedId, HashKey, PositionReport, Report, Said, SourceId, StaticReport, Station,
};
use harborwatch::rules::Rule;
use harborwatch::time::Timestamp;
use harborwatch::track::TrackLimits;
use harborwatch::traffic::{Changes, Order, Traffic};
use harborwatch::watch::{Orders, Watch};
use harborwatch::zone::Zones;
use serde_json::{Value as Json, json};

const SHIP: u32 = 412_000_001;
const KEY: HashKey = HashKey(1, 2);
const NOTHING: &[&str] = &[];

/// A harbour with two feeds, told what happens in seconds from its start.
struct Story {
    traffic: Traffic,
    told: Vec<String>,
}

/// A square area from `west` to `east`, from 24.0 to 24.1 north.
fn area(id: &str, kind: &str, west: f64, east: f64) -> Json {
    let ring = json!([[west, 24.0], [east, 24.0], [east, 24.1], [west, 24.1], [west, 24.0]]);
    feature(id, kind, &json!({"type": "Polygon", "coordinates": [ring]}))
}

fn gate(id: &str, lon: f64) -> Json {
    feature(
        id,
        "gate",
        &json!({"type": "LineString", "coordinates": [[lon, 24.0], [lon, 24.1]]}),
    )
}

fn feature(id: &str, kind: &str, geometry: &Json) -> Json {
    json!({"type": "Feature", "properties": {"id": id, "kind": kind, "name": {"zh": id, "en": id}}, "geometry": geometry})
}

fn zones() -> Zones {
    let features = [
        area("bay", "harbour", 118.0, 118.1),
        area("cove", "harbour", 118.0, 118.05),
        area("lane", "fairway", 118.2, 118.3),
        gate("mouth", 118.1),
        gate("narrows", 118.15),
    ];
    Zones::from_geojson(&json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap()
}

impl Story {
    fn new(rules: Json, declarations: &str) -> Self {
        Self::with(TrackLimits::default(), rules, declarations)
    }

    fn with(limits: TrackLimits, rules: Json, declarations: &str) -> Self {
        let start = Timestamp(0);
        let register = Register::from_csv(&format!(
            "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n{SHIP},,TEST SHA 1,,sand_carrier,5.0,97,\n"
        ))
        .unwrap();
        let header =
            "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n";
        let declarations = Declarations::from_csv(&format!("{header}{declarations}"), |_| true).unwrap();
        let picture = Picture::new(limits, register, 2, start, KEY);
        let watch = Watch::new(orders(&rules), declarations, start);
        let mut story = Self {
            traffic: Traffic::new(picture, vec![watch], start),
            told: Vec::new(),
        };
        story.to(0);
        story
    }

    /// Lets seconds pass up to `second`.
    fn to(&mut self, second: i64) -> &mut Self {
        let mut changes = Changes::default();
        self.traffic.tick(second, &mut changes);
        self.tell(changes)
    }

    /// The station of feed `feed` brings a valid sentence that says nothing.
    fn hear(&mut self, second: i64, feed: u16) -> &mut Self {
        self.observe(second, feed, None)
    }

    /// The ship reports a position, a speed and a status on the first feed.
    fn ship(&mut self, second: i64, lon: f64, sog_kn: f64, nav_status: u8) -> &mut Self {
        self.report(second, SHIP, Some(lon), Some(sog_kn), nav_status)
    }

    fn report(&mut self, second: i64, mmsi: u32, lon: Option<f64>, sog: Option<f64>, status: u8) -> &mut Self {
        let report = PositionReport {
            position: lon.map(|lon| Position { lon, lat: 24.05 }),
            sog: sog.map(Knots),
            cog: Some(Degrees(90.0)),
            heading: None,
            rot_deg_min: None,
            nav_status: Some(status),
            ais_class: Some(AisClass::A),
        };
        self.observe(
            second,
            0,
            Some(Said {
                mmsi: Mmsi(mmsi),
                message_type: 1,
                content: Content::Position(report),
            }),
        )
    }

    fn ship_type(&mut self, second: i64, mmsi: u32, ship_type: u8) -> &mut Self {
        let statics = StaticReport {
            ship_type: Some(Some(ship_type)),
            ..StaticReport::default()
        };
        self.observe(
            second,
            0,
            Some(Said {
                mmsi: Mmsi(mmsi),
                message_type: 5,
                content: Content::Static(statics),
            }),
        )
    }

    fn observe(&mut self, second: i64, feed: u16, said: Option<Said>) -> &mut Self {
        self.to(second);
        let station = Station {
            feed: FeedId(feed),
            source: SourceId(0),
        };
        let report = Report {
            time: Timestamp::from_s(second),
            station,
            simulated: false,
            said,
            own: None,
        };
        let mut changes = Changes::default();
        self.traffic.observe(&report, &mut changes);
        self.tell(changes)
    }

    fn acknowledge(&mut self, second: i64, alert: &str) -> &mut Self {
        self.to(second);
        let mut changes = Changes::default();
        let order = Order::Acknowledge {
            alert: alert.into(),
            by: Some("A".into()),
            comment: None,
        };
        self.traffic.order(&order, Timestamp::from_s(second), &mut changes);
        self.tell(changes)
    }

    fn tell(&mut self, changes: Changes) -> &mut Self {
        for (_, change) in changes.alerts {
            let step = match change.transition {
                Transition::Raised => "+",
                Transition::Rectified => "-",
                Transition::Closed => "x",
                Transition::Acknowledged => "a",
                Transition::Escalated => "!",
                Transition::Shelved | Transition::Unshelved => "?",
            };
            let alert = &change.alert;
            let mut line = format!("{}{step}{}", change.time.0 as f64 / 1000.0, alert.rule);
            for part in [&alert.zone, &alert.reason].into_iter().flatten() {
                line += &format!(" {part}");
            }
            if let (Some(value), Some(limit)) = (alert.value, alert.limit) {
                line += &format!(" {value}/{limit}");
            }
            self.told.push(line);
        }
        self
    }

    /// What was told since the last time.
    #[track_caller]
    fn tells<S: AsRef<str> + std::fmt::Debug>(&mut self, wanted: &[S]) -> &mut Self
    where
        String: PartialEq<S>,
    {
        assert_eq!(self.told, wanted);
        self.told.clear();
        self
    }
}

fn orders(rules: &Json) -> Orders {
    let zones = Arc::new(zones());
    let read = |rule: &Json| Rule::read(rule.as_object().unwrap(), &zones).unwrap();
    let mut rules: Vec<Rule> = rules.as_array().unwrap().iter().map(read).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let feeds = vec!["north".into(), "south".into()];
    Orders {
        zones,
        rules,
        version: 1,
        shadow: false,
        desks: Vec::new(),
        feeds,
    }
}

fn rule(kind: &str, more: Json) -> Json {
    let mut rule = json!({"id": "r", "kind": kind, "priority": "warning"});
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn story(kind: &str, more: Json) -> Story {
    Story::new(json!([rule(kind, more)]), "")
}

#[test]
fn zone_entry_counts_a_vessel_first_seen_inside() {
    story("zone_entry", json!({"zones": ["bay"]}))
        .ship(10, 118.095, 5.0, 0)
        .tells(&["10+r bay"])
        .ship(20, 118.101, 5.0, 0)
        .to(79)
        .tells(NOTHING)
        .to(80)
        .tells(&["80-r bay"]);
}

#[test]
fn zone_entry_goes_on_if_the_vessel_is_back_before_clear_s() {
    story("zone_entry", json!({"zones": ["bay"], "clear_s": 30}))
        .ship(10, 118.1, 5.0, 0)
        .ship(20, 118.101, 5.0, 0)
        .ship(45, 118.1, 5.0, 0)
        .ship(50, 118.101, 5.0, 0)
        .to(79)
        .tells(&["10+r bay"])
        .to(80)
        .tells(&["80-r bay"])
        .ship(90, 118.1, 5.0, 0)
        .tells(&["90+r bay"]);
}

#[test]
fn a_vessel_in_several_zones_has_an_alert_for_each() {
    let mut told = story("zone_entry", json!({"zones": ["kind:harbour"], "clear_s": 0}));
    told.ship(0, 118.02, 5.0, 0).tells(&["0+r bay", "0+r cove"]);
    let ids: Vec<String> = told.traffic.watches()[0]
        .ledger()
        .standing()
        .map(|alert| alert.id.to_string())
        .collect();
    assert_eq!(ids, [format!("r-{SHIP}-bay-0"), format!("r-{SHIP}-cove-0")]);
    told.ship(180, 118.06, 5.0, 0).tells(&["180-r cove"]);
}

#[test]
fn zone_exit_needs_a_previous_report_inside() {
    story("zone_exit", json!({"zones": ["bay", "cove"]}))
        .ship(0, 118.045, 5.0, 0)
        .ship(60, 118.055, 5.0, 0)
        .tells(&["60+r cove", "60-r cove"])
        .ship(600, 118.11, 5.0, 0)
        .tells(&["600+r bay", "600-r bay"])
        .ship(660, 118.12, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn zone_exit_is_none_where_a_track_is_anchored_anew() {
    story("zone_exit", json!({"zones": ["bay"]}))
        .ship(0, 118.05, 5.0, 0)
        .ship(10, 119.0, 5.0, 0)
        .ship(20, 119.0, 5.0, 0)
        .ship(30, 119.0, 5.0, 0)
        .tells(NOTHING)
        .ship(40, 119.0, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn zone_crossing_is_outside_at_both_ends() {
    for (from, to, told) in [
        (118.19, 118.31, true),
        (118.31, 118.19, true),
        (118.19, 118.2, false),
        (118.2, 118.31, false),
        (118.19, 118.195, false),
    ] {
        story("zone_crossing", json!({"zones": ["lane", "bay"]}))
            .ship(0, from, 40.0, 0)
            .ship(700, to, 40.0, 0)
            .tells(if told { &["700+r lane", "700-r lane"] } else { NOTHING });
    }
}

#[test]
fn zone_crossing_is_none_where_a_track_is_anchored_anew() {
    story("zone_crossing", json!({"zones": ["lane"]}))
        .ship(0, 118.15, 5.0, 0)
        .ship(10, 118.35, 5.0, 0)
        .ship(20, 118.35, 5.0, 0)
        .ship(30, 118.35, 5.0, 0)
        .tells(NOTHING);
}

#[test]
fn a_caution_closes_when_rectified_and_an_event_is_over_at_once() {
    story("zone_exit", json!({"zones": ["bay"], "priority": "caution"}))
        .ship(0, 118.09, 5.0, 0)
        .ship(60, 118.101, 5.0, 0)
        .tells(&["60+r bay", "60-r bay", "60xr bay"]);
}

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
fn gate_crossing_has_a_direction_and_counts_once_a_report() {
    for (direction, inwards, outwards) in [("in", true, false), ("out", false, true), ("both", true, true)] {
        let mut told = story("gate_crossing", json!({"zones": ["mouth"], "direction": direction}));
        told.ship(0, 118.09, 9.0, 0).ship(120, 118.101, 9.0, 0);
        told.tells(if inwards {
            &["120+r mouth", "120-r mouth"]
        } else {
            NOTHING
        });
        told.ship(240, 118.1, 9.0, 0);
        told.tells(if outwards {
            &["240+r mouth", "240-r mouth"]
        } else {
            NOTHING
        });
        told.ship(360, 118.09, 9.0, 0).tells(NOTHING);
    }
    story("gate_crossing", json!({"zones": ["kind:gate"]}))
        .ship(0, 118.09, 30.0, 0)
        .ship(600, 118.16, 30.0, 0)
        .tells(&["600+r mouth", "600-r mouth", "600+r narrows", "600-r narrows"]);
}

#[test]
fn silence_counts_what_the_station_heard_less_its_deafness() {
    let mut told = story("silence", json!({"zones": ["bay"], "after_s": 300, "min_sog_kn": 2}));
    told.ship(0, 118.05, 5.0, 0);
    for second in (20..=300).step_by(20) {
        told.hear(second, 0);
    }
    told.hear(301, 0).tells(NOTHING).to(302).tells(&["302+r bay 301/300"]);
    told.ship(400, 118.05, 5.0, 0).tells(&["400-r bay 301/300"]);
    for second in [500, 700, 800, 900] {
        told.hear(second, 0);
    }
    told.to(901)
        .tells(NOTHING)
        .hear(901, 0)
        .tells(NOTHING)
        .to(902)
        .tells(&["902+r bay 301/300"]);
}

#[test]
fn silence_is_not_told_of_the_slow_or_by_another_station() {
    let mut told = story("silence", json!({"after_s": 60, "min_sog_kn": 2}));
    told.ship(0, 118.05, 1.9, 0)
        .report(0, 416_000_001, Some(118.05), Some(5.0), 0);
    for second in (10..=600).step_by(10) {
        told.hear(second, 1);
    }
    told.tells(NOTHING).hear(601, 0).to(1000).tells(NOTHING);
}

#[test]
fn feed_silence_counts_from_the_start_and_ends_with_a_sentence() {
    let mut told = story("feed_silence", json!({"after_s": 120}));
    told.hear(10, 0).to(120).tells(NOTHING);
    told.to(121).tells(&["121+r south 121/120"]).to(130).tells(NOTHING);
    told.to(131).tells(&["131+r north 121/120"]);
    told.hear(140, 1).tells(&["140-r south 121/120"]).to(260).tells(NOTHING);
    told.to(261).tells(&["261+r south 121/120"]);
    let alert = told.traffic.watches()[0]
        .ledger()
        .standing()
        .find(|alert| alert.raised.0 == 131_000)
        .unwrap();
    assert_eq!((alert.id.as_ref(), alert.mmsi), ("r-north-131", None));
}

#[test]
fn feed_silence_looks_at_the_feeds_it_names_and_waits() {
    story("feed_silence", json!({"after_s": 10, "feeds": ["north"], "for_s": 30}))
        .to(30)
        .hear(30, 0)
        .to(70)
        .tells(NOTHING)
        .to(71)
        .tells(&["71+r north 41/10"]);
}

#[test]
fn distress_is_told_of_beacons_and_of_status_14() {
    const SART: u32 = 970_123_456;
    const MOB: u32 = 972_123_456;
    story("distress", json!({"priority": "emergency"}))
        .report(0, SART, None, None, 15)
        .report(1, SART, None, None, 14)
        .tells(&["1+r"])
        .report(101, SART, Some(118.0), None, 15)
        .to(600)
        .tells(NOTHING)
        .to(601)
        .tells(&["601-r"])
        .ship(700, 118.0, 5.0, 14)
        .tells(&["700+r"])
        .ship(710, 118.0, 5.0, 0)
        .to(1299)
        .tells(NOTHING)
        .to(1300)
        .tells(&["1300-r"]);
    story("distress", json!({"tests": true}))
        .report(0, MOB, None, None, 15)
        .tells(&["0+r"]);
    story("distress", json!({})).ship(0, 118.0, 5.0, 15).tells(NOTHING);
    story("distress", json!({"tests": true}))
        .ship(0, 118.0, 5.0, 15)
        .tells(NOTHING);
}

#[test]
fn distress_counts_held_reports_but_not_late_ones() {
    let mut told = story("distress", json!({}));
    told.ship(0, 118.0, 5.0, 0).ship(10, 119.0, 5.0, 14).tells(&["10+r"]);
    let mut told = story("distress", json!({}));
    told.ship(10, 118.0, 5.0, 0).ship(10, 118.0, 5.0, 14).tells(NOTHING);
}

fn time(second: i64) -> String {
    Timestamp::from_s(second).to_string()
}

fn declared(id: &str, zone: &str, from: i64, to: i64, status: &str) -> String {
    format!("{id},{SHIP},{zone},,{},{},,,,,{status}\n", time(from), time(to))
}

#[test]
fn undeclared_entry_follows_the_windows_by_the_second() {
    let rules = json!([rule("undeclared_entry", json!({"zones": ["bay"], "clear_s": 0}))]);
    let mut told = Story::new(rules, &declared("D1", "bay", 100, 200, "approved"));
    told.ship(50, 118.09, 5.0, 0)
        .tells(&["50+r bay outside_window"])
        .to(99)
        .tells(NOTHING);
    told.to(100).tells(&["100-r bay outside_window"]).to(200).tells(NOTHING);
    told.to(201)
        .tells(&["201+r bay outside_window"])
        .ship(260, 118.101, 5.0, 0)
        .tells(&["260-r bay outside_window"]);
}

#[test]
fn undeclared_entry_says_why() {
    let day = 86_400;
    for (declarations, reason) in [
        (String::new(), "none"),
        (declared("D1", "lane", 0, day, "approved"), "none"),
        (declared("D1", "", 0, day, "arrived"), ""),
        (declared("D1", "bay", 50 + day, 60 + day, "approved"), "outside_window"),
        (declared("D1", "bay", 51 + day, 60 + day, "approved"), "none"),
        (declared("D1", "bay", 0, day, "submitted"), "not_approved"),
        (declared("D1", "bay", 60, day, "rejected"), "none"),
        (
            declared("D1", "bay", 0, day, "draft") + &declared("D2", "bay", 60, day, "approved"),
            "outside_window",
        ),
        (
            declared("D1", "bay", 0, 40, "departed") + &declared("D2", "bay", 0, 49, "approved"),
            "outside_window",
        ),
    ] {
        let rules = json!([rule("undeclared_entry", json!({"zones": ["bay"]}))]);
        let mut told = Story::new(rules, &declarations);
        told.ship(50, 118.05, 5.0, 0)
            .report(50, 416_000_001, Some(118.05), Some(5.0), 0);
        let wanted = format!("50+r bay {reason}");
        told.tells(if reason.is_empty() {
            &[]
        } else {
            std::slice::from_ref(&wanted)
        });
    }
}

#[test]
fn undeclared_entry_has_grace_at_both_ends() {
    let rules = json!([rule("undeclared_entry", json!({"grace_s": 60}))]);
    let mut told = Story::new(rules, &declared("D1", "lane", 100, 200, "approved"));
    told.ship(40, 118.05, 5.0, 0)
        .to(260)
        .tells(NOTHING)
        .to(261)
        .tells(&["261+r outside_window"]);
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
    Story::new(rules, "")
        .ship(0, 118.02, 5.0, 0)
        .tells(&["0+a bay", "0+b bay", "0+b cove"]);
}

#[test]
fn a_name_used_again_in_its_second_gets_a_number() {
    let mut told = story("zone_exit", json!({"zones": ["bay"]}));
    let mut report = |ms: i64, lon: f64| {
        let position = PositionReport {
            position: Some(Position { lon, lat: 24.05 }),
            sog: None,
            cog: None,
            heading: None,
            rot_deg_min: None,
            nav_status: Some(0),
            ais_class: None,
        };
        let said = Said {
            mmsi: Mmsi(SHIP),
            message_type: 1,
            content: Content::Position(position),
        };
        let report = Report {
            time: Timestamp(ms),
            station: Station::default(),
            simulated: false,
            said: Some(said),
            own: None,
        };
        told.traffic.observe(&report, &mut Changes::default());
    };
    for (ms, lon) in [(0, 118.1), (100, 118.101), (200, 118.1), (300, 118.101)] {
        report(ms, lon);
    }
    let ids: Vec<String> = told.traffic.watches()[0]
        .ledger()
        .standing()
        .map(|alert| alert.id.to_string())
        .collect();
    assert_eq!(ids, [format!("r-{SHIP}-0"), format!("r-{SHIP}-0-2")]);
}

#[test]
fn state_written_and_read_back_has_the_same_future() {
    let rules = json!([
        rule("silence", json!({"id": "a", "after_s": 60})),
        rule(
            "speed_limit",
            json!({"id": "b", "limit_kn": 8, "for_s": 20, "escalate_s": 30})
        ),
        rule("distress", json!({"id": "c"})),
        rule("feed_silence", json!({"id": "d", "after_s": 90})),
        rule("zone_entry", json!({"id": "e", "zones": ["kind:harbour"]})),
    ]);
    let play = |cut: Option<i64>| {
        let mut told = Story::new(rules.clone(), "");
        for second in 0..400 {
            if cut == Some(second) {
                let bytes = told.traffic.to_bytes();
                let limits = TrackLimits::default();
                told.traffic = Traffic::from_bytes(&bytes, limits, vec![orders(&rules)], KEY).unwrap();
                assert_eq!(told.traffic.to_bytes(), bytes);
            }
            match second {
                10..200 if second % 10 == 0 => told.ship(second, 118.0 + second as f64 * 0.000_5, 9.0, 0),
                20 | 250 => told.report(second, 970_123_456, None, None, 14),
                _ if second % 7 == 0 => told.hear(second, 0),
                _ => told.to(second),
            };
        }
        told.told.clone()
    };
    let whole = play(None);
    assert!(whole.len() >= 8, "{whole:?}");
    for cut in (0..400).step_by(13) {
        assert_eq!(play(Some(cut)), whole, "cut at {cut}");
    }
}
