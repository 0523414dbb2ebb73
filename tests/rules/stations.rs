//! Stations: their reception, their clocks, the weather they measure.

use harborwatch::ais::Mmsi;
use harborwatch::geo::Position;
use harborwatch::report::{Content, FeedId, Quantity, Reading, Report, Said, SourceId, Station, WeatherReport};
use harborwatch::time::Timestamp;
use harborwatch::traffic::Changes;
use serde_json::json;

use crate::story::*;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 86_400;

/// A station of the first feed with a name in tag blocks.
fn named(second: i64) -> Report {
    let station = Station {
        feed: FeedId(0),
        source: SourceId(1),
    };
    Report {
        source: Some("ST1".try_into().unwrap()),
        ..Report::of(Timestamp::from_s(second), station, None)
    }
}

/// A weather station's message, heard by the first feed.
fn weather(second: i64, measures: &[(Quantity, f64)]) -> Report {
    let weather = WeatherReport {
        position: Some(Position { lon: 118.4, lat: 24.4 }),
        measures: measures.to_vec(),
    };
    let said = Said {
        mmsi: Mmsi(4_169_999),
        message_type: 8,
        content: Content::Weather(Box::new(weather)),
    };
    Report::of(Timestamp::from_s(second), Station::default(), Some(said))
}

/// An instrument of the named station tells this.
fn measured(second: i64, quantity: Quantity, value: f64) -> Report {
    Report {
        own: Some(Box::new(Reading::Measured([(quantity, value)].into_iter().collect()))),
        ..named(second)
    }
}

#[test]
fn wind_is_over_the_limit_while_it_is_measured_and_no_older() {
    let mut told = story("wind_limit", json!({"mean_ms": 13.9, "max_age_s": 600, "clear_s": 0}));
    let mut wind = |second, value, wanted: &str| {
        told.bring(measured(second, Quantity::Wind, value));
        told.tells(NOTHING).to(second + 1).tells_maybe(wanted);
    };
    wind(10, 13.9, "");
    wind(20, 13.91, "21+r north/ST1 13.91/13.9");
    wind(30, 20.0, "");
    wind(40, 13.9, "41-r north/ST1 13.91/13.9");
    wind(50, 14.0, "51+r north/ST1 14/13.9");
    told.to(650).tells(NOTHING).to(651).tells(&["651-r north/ST1 14/13.9"]);
    let alert = told.standing()[0];
    assert_eq!((alert.id.as_ref(), alert.mmsi), ("r-north/ST1-21", None));
    assert_eq!((alert.unit.as_deref(), alert.position), (Some("m/s"), None));
}

#[test]
fn wind_is_told_by_its_mean_before_its_gusts() {
    let limits = json!({"mean_ms": 10, "gust_ms": 15, "clear_s": 0});
    let both = |mean, gust| [(Quantity::Wind, mean), (Quantity::Gust, gust)];
    for (measures, wanted) in [
        (both(10.0, 15.0), ""),
        (both(10.5, 15.0), "6+r 4169999 10.5/10"),
        (both(10.0, 15.5), "6+r 4169999 15.5/15"),
        (both(10.5, 15.5), "6+r 4169999 10.5/10"),
    ] {
        let mut told = story("wind_limit", limits.clone());
        told.bring(weather(5, &measures)).to(6).tells_maybe(wanted);
    }
    let mut told = story("wind_limit", json!({"gust_ms": 15}));
    told.bring(weather(5, &both(30.0, 15.0))).to(6).tells(NOTHING);
    told.bring(weather(7, &both(30.0, 15.5)))
        .to(8)
        .tells(&["8+r 4169999 15.5/15"]);
    assert_eq!(told.standing()[0].position, Some(Position { lon: 118.4, lat: 24.4 }));
}

#[test]
fn wind_is_that_of_the_station_named() {
    for (station, wanted) in [
        ("north", ""),
        ("north/ST1", "11+r north/ST1 20/10"),
        ("004169999", "11+r 4169999 21/10"),
    ] {
        let mut told = story("wind_limit", json!({"mean_ms": 10, "station": station}));
        told.bring(measured(10, Quantity::Wind, 20.0))
            .bring(weather(10, &[(Quantity::Wind, 21.0)]))
            .to(100)
            .tells_maybe(wanted);
    }
    refused(
        "wind_limit",
        json!({"station": "north"}),
        &["mean_ms is missing, and so is gust_ms"],
    );
    refused(
        "wind_limit",
        json!({"mean_ms": 1, "zones": ["bay"]}),
        &["zones is [\"bay\"]"],
    );
    refused("visibility_limit", json!({}), &["below_nm is missing"]);
}

#[test]
fn visibility_is_under_the_limit() {
    let mut told = story("visibility_limit", json!({"below_nm": 1.0, "for_s": 30, "clear_s": 60}));
    let mut see = |second, value| {
        told.bring(measured(second, Quantity::Visibility, value));
    };
    see(10, 1.0);
    see(20, 0.9);
    told.to(50).tells(NOTHING).to(51).tells(&["51+r north/ST1 0.9/1"]);
    told.bring(measured(60, Quantity::Wind, 30.0)).to(1220).tells(NOTHING);
    told.to(1221)
        .to(1280)
        .tells(NOTHING)
        .to(1281)
        .tells(&["1281-r north/ST1 0.9/1"]);
}

#[test]
fn a_clock_is_wrong_by_ten_times_told_in_a_row() {
    let tell = |second, ahead| Report {
        clock: Some(Timestamp::from_s(second + ahead)),
        ..named(second)
    };
    let mut told = story("clock_offset", json!({"limit_s": 10}));
    for second in 1..=9 {
        told.bring(tell(second, 11));
    }
    told.bring(tell(10, 10));
    for second in 11..=19 {
        told.bring(tell(second, if second % 2 == 0 { 11 } else { -12 }))
            .bring(named(second));
    }
    told.tells(NOTHING)
        .bring(tell(20, -86_400))
        .tells(&["20+r north/ST1 -86400/10"]);
    told.to(1000).tells(NOTHING);
    told.bring(tell(1001, 0))
        .to(1060)
        .tells(NOTHING)
        .to(1061)
        .tells(&["1061-r north/ST1 -86400/10"]);
}

#[test]
fn a_clock_is_compared_with_the_receipt_not_with_the_time_it_tells() {
    let mut told = story("clock_offset", json!({}));
    for second in 1..=10 {
        let stamped = Timestamp::from_s(second + 100);
        told.to(second);
        let report = Report {
            time: stamped,
            clock: Some(stamped),
            ..named(second)
        };
        let mut changes = Changes::default();
        told.traffic.observe(&report, &mut changes);
        let raised: Vec<_> = changes.alerts.iter().map(|(_, change)| change.alert.value).collect();
        assert_eq!(raised, if second == 10 { vec![Some(99.0)] } else { vec![] }, "{second}");
    }
}

/// A station that heard twelve reports an hour by day and four by night, spread evenly, until this hour.
fn used_to(rule: serde_json::Value, hours: i64) -> Story {
    let mut told = story("reception", rule);
    told.is_reloaded = false;
    for hour in 0..hours {
        let reports = if (6..18).contains(&(hour % 24)) { 12 } else { 4 };
        for n in 0..reports {
            told.ship(hour * HOUR_S + n * HOUR_S / reports, 118.05, 0.0, 0);
        }
    }
    told.is_reloaded = true;
    told
}

/// A time of the eighth day.
const fn on_day_8(hour: i64, minute: i64, second: i64) -> i64 {
    (7 * 24 + hour) * HOUR_S + minute * 60 + second
}

#[test]
fn reception_drops_under_what_is_usual_at_the_hour() {
    let mut told = used_to(json!({"drop": 0.5, "clear_s": 0}), 7 * 24 + 8);
    // From 06:00 on twelve are usual, and the hour before had four.
    let [raised, ended] = [on_day_8(6, 0, 0), on_day_8(6, 10, 1)];
    told.tells(&[format!("{raised}+r north 4/6"), format!("{ended}-r north 4/6")]);
    told.to(on_day_8(8, 30, 0)).tells(NOTHING);
    let raised = on_day_8(8, 30, 1);
    told.to(raised).tells(&[format!("{raised}+r north 5/6")]);
    assert_eq!(&*told.standing()[1].id, format!("r-north-{raised}"));
}

#[test]
fn reception_counts_over_its_window() {
    let mut told = used_to(json!({"drop": 0.5, "window_s": 1200, "clear_s": 0}), 7 * 24 + 8);
    let six = on_day_8(6, 0, 0);
    told.tells(&[format!("{six}+r north 1/2"), format!("{}-r north 1/2", six + 1)]);
    told.to(on_day_8(8, 10, 0)).tells(NOTHING);
    let raised = on_day_8(8, 10, 1);
    told.to(raised).tells(&[format!("{raised}+r north 1/2")]);
    refused("reception", json!({"window_s": 7200}), &["window_s is 7200"]);
    refused("reception", json!({"drop": 0}), &["drop is 0"]);
}

#[test]
fn reception_is_not_judged_before_seven_days_nor_after_an_absence() {
    used_to(json!({"clear_s": 0}), 6 * 24 + 8)
        .to(7 * DAY_S - 1)
        .tells(NOTHING);
    let mut told = used_to(json!({"drop": 0.4, "clear_s": 0}), 7 * 24 + 8);
    told.tells(&[
        format!("{}+r north 4/4.8", on_day_8(6, 0, 0)),
        format!("{}-r north 4/4.8", on_day_8(6, 5, 1)),
    ]);
    let mut changes = Changes::default();
    told.traffic.away(Timestamp::from_s(on_day_8(9, 30, 0)), &mut changes);
    assert_eq!(changes.alerts, []);
    told.to(on_day_8(10, 29, 59)).tells(NOTHING);
    let raised = on_day_8(10, 30, 0);
    told.to(raised).tells(&[format!("{raised}+r north 0/4.8")]);
    // Hours with an absence are not learned of: eight days are known of the hours before, seven of these.
    let learned = told.traffic.picture().stations.learned(Station::default()).unwrap();
    assert_eq!(learned.habit.usual(on_day_8(8, 0, 0)), Some(12.0));
}

/// The station hears a ship at this longitude every hour of a day.
fn hears_at(told: &mut Story, day: i64, lon: f64) {
    told.is_reloaded = false;
    for hour in 0..24 {
        told.ship(day * DAY_S + hour * HOUR_S + 1, lon, 0.0, 0);
    }
    told.is_reloaded = true;
}

#[test]
fn reception_tells_that_a_station_no_longer_hears_far() {
    // Twelve miles to the east of its antenna on seven days, then less than half of it, then all of it again.
    let check = |days: i64, near: f64, wanted: &[&str]| {
        let mut told = story("reception", json!({"drop": 0.5, "clear_s": 0}));
        let place = Position {
            lon: 118.0,
            lat: UNDER_WAY.lat,
        };
        told.bring(Report {
            own: Some(Box::new(Reading::Fix {
                clock: None,
                position: Some(place),
            })),
            ..Report::of(Timestamp::from_s(0), Station::default(), None)
        });
        (0..days).for_each(|day| hears_at(&mut told, day, 118.2));
        hears_at(&mut told, days, near);
        hears_at(&mut told, days + 1, 118.2);
        told.to((days + 2) * DAY_S).tells(wanted);
    };
    let raised = 8 * DAY_S;
    let wanted = [
        format!("{raised}+r north 0.45/0.5"),
        format!("{}-r north 0.45/0.5", raised + DAY_S),
    ];
    check(7, 118.09, &wanted.each_ref().map(String::as_str));
    check(7, 118.11, NOTHING);
    check(6, 118.09, NOTHING);
}
