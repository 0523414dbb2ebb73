//! The whole simulation: what comes out is what was meant, where and when it should.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Contains, Intersects, LineString, Point as GeoPoint, Polygon};
use serde_json::Value as Json;

use super::vessel::{KN, interval_s};
use super::*;
use crate::ais::{Application, MetHydro, Mmsi, Payload, Tenths};
use crate::geo::Plane;
use crate::geo::Position;
use crate::nmea::{Assembly, Origin, Sentence, TagOutcome};
use crate::register::{Declarations, Register};
use crate::report::AisClass;

const START: Timestamp = Timestamp::from_s(1_780_000_000);

fn kinmen(seed: u64) -> Simulation {
    Simulation::new(&Scenario::named("kinmen").unwrap(), seed, None, START)
}

/// All lines of the first seconds.
fn lines(simulation: &mut Simulation, seconds: i64) -> Vec<Transmission> {
    let end = START.plus(Span::s(seconds));
    std::iter::from_fn(|| Some(simulation.next_line()).filter(|line| line.time < end)).collect()
}

/// What each line completes, with its time and receiver.
fn messages(lines: &[Transmission]) -> Vec<(Timestamp, usize, Message)> {
    let mut assemblies: BTreeMap<usize, Assembly> = BTreeMap::new();
    let mut told = Vec::new();
    for sent in lines {
        let assembly = assemblies.entry(sent.receiver).or_default();
        assembly.count_line();
        let sentence = Sentence::parse(sent.line.as_bytes(), false);
        assert!(matches!(sentence.tag_outcome(), Some(TagOutcome::Ok)), "{}", sent.line);
        assert!(sentence.tag.source.unwrap().starts_with(b"SIM."), "{}", sent.line);
        assert_eq!(sentence.tag_time(), Some(sent.time), "{}", sent.line);
        assert!(sent.line.len() - sent.line.rfind('\\').unwrap() <= 81, "{}", sent.line);
        let part = sentence
            .words
            .expect(&sent.line)
            .encapsulated
            .expect(&sent.line)
            .expect(&sent.line);
        let Ok(joined) = assembly.join(sent.time, Origin::new(&sentence.tag, 0), &part) else {
            continue;
        };
        let payload = Payload {
            armoured: joined.payload,
            fill_bits: joined.fill_bits,
        };
        let message = ais::decode(&payload).expect(&sent.line);
        assert_eq!(
            ais::encode(&message),
            (std::str::from_utf8(joined.payload).unwrap().into(), joined.fill_bits)
        );
        told.push((sent.time, sent.receiver, message));
    }
    told
}

fn place(message: &Message) -> Option<Position> {
    let place = match message {
        Message::PositionA(report) => report.place,
        Message::PositionB(report) => report.place,
        _ => return None,
    };
    Some(Position {
        lon: place.lon?,
        lat: place.lat?,
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let first = lines(&mut kinmen(7), 120);
    assert_eq!(first, lines(&mut kinmen(7), 120));
    assert_ne!(first, lines(&mut kinmen(8), 120));
    assert!(first.windows(2).all(|pair| pair[0].time <= pair[1].time));
}

/// A minute after a live start there are a hundred vessels on the chart and every kind of traffic is heard.
#[test]
fn a_minute_shows_a_hundred_vessels_in_mid_action() {
    for seed in 1..=5 {
        let mut simulation = kinmen(seed);
        let all = simulation.vessels();
        let told = messages(&lines(&mut simulation, 60));
        let placed = |(_, _, message): &(Timestamp, usize, Message)| place(message).map(|_| message.mmsi());
        let vessels: BTreeSet<Mmsi> = told.iter().filter_map(placed).collect();
        assert!(vessels.len() > 105 && all >= 120, "{} of {all}", vessels.len());
        for mmsi in [
            416_907_001,
            413_907_003,
            413_907_004,
            413_907_005,
            413_908_101,
            412_908_201,
            416_908_001,
            970_416_901,
        ] {
            assert!(vessels.contains(&Mmsi(mmsi)), "{mmsi} with seed {seed}");
        }
        let types: BTreeSet<u8> = told.iter().map(|(_, _, message)| message.message_type()).collect();
        assert!(
            [1, 3, 4, 5, 8, 14, 18, 21, 24].iter().all(|kind| types.contains(kind)),
            "{types:?}"
        );
        let receivers: BTreeSet<usize> = told.iter().map(|heard| heard.1).collect();
        assert_eq!(receivers.len(), 2);
        let both = told
            .iter()
            .filter(|a| told.iter().any(|b| b.1 != a.1 && b.2 == a.2))
            .count();
        assert!(both * 4 > told.len(), "{both} of {} heard twice", told.len());
    }
}

#[test]
fn base_stations_send_the_weather_they_stand_in() {
    let told = messages(&lines(&mut kinmen(3), 6 * 3600));
    let weather: Vec<MetHydro> = told
        .iter()
        .filter_map(|(_, _, message)| match message.application()? {
            Application::MetHydro(weather) => Some(weather),
            _ => None,
        })
        .collect();
    assert!(weather.len() > 200, "{} in six hours", weather.len());
    let winds: BTreeSet<u8> = weather.iter().filter_map(|weather| weather.wind_kn).collect();
    assert!(
        winds.len() > 10 && winds.iter().all(|wind| (8..=22).contains(wind)),
        "{winds:?}"
    );
    for weather in weather {
        assert!(weather.gust_kn > weather.wind_kn);
        assert!((Some(Tenths(40))..=Some(Tenths(100))).contains(&weather.visibility_nm));
    }
}

#[test]
fn every_name_and_identity_is_plainly_a_test_one() {
    let told = messages(&lines(&mut kinmen(3), 400));
    let mut names = 0;
    for (_, _, message) in &told {
        let name = match message {
            Message::StaticA(report) => report.name.map(|name| name.to_string()),
            Message::StaticBPartA(report) => report.name.map(|name| name.to_string()),
            Message::Aid(aid) => aid.name.map(|name| name.to_string()),
            _ => None,
        };
        names += usize::from(name.is_some());
        assert!(name.is_none_or(|name| name.starts_with("TEST ")), "{message:?}");
        let (_, mid) = message.mmsi().form().expect("a valid form");
        let digits = message.mmsi().to_string();
        let after_mid = mid.map(|mid| {
            digits
                .split_once(&mid.to_string())
                .expect("it has its MID")
                .1
                .to_owned()
        });
        assert!(after_mid.is_none_or(|rest| rest.starts_with('9')), "{message:?}");
    }
    assert!(names > 100, "{names}");
    let identities: BTreeSet<u32> = kinmen(3).vessels.iter().map(|vessel| vessel.traits.mmsi).collect();
    assert_eq!(identities.len(), kinmen(3).vessels());
    let many = Simulation::new(&Scenario::named("kinmen").unwrap(), 1, Some(2000), START);
    assert!(many.vessels().abs_diff(2000) < 40, "{}", many.vessels());
}

/// Rings of land of a coast file.
fn land(file: &str) -> Vec<Polygon> {
    let path = format!("{}/config/{file}", env!("CARGO_MANIFEST_DIR"));
    let json: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let ring = |ring: &Json| -> LineString {
        ring.as_array()
            .unwrap()
            .iter()
            .map(|at| (at[0].as_f64().unwrap(), at[1].as_f64().unwrap()))
            .collect()
    };
    let polygon = |rings: &Json| {
        let mut rings = rings.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    json["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| polygon(&feature["geometry"]["coordinates"]))
        .collect()
}

#[test]
fn no_ship_is_ever_on_land() {
    let lands: Vec<Polygon> = [land("coast-kinmen.geojson"), land("coast-mainland.geojson")].concat();
    let boxes: Vec<geo::Rect> = lands
        .iter()
        .map(|land| geo::BoundingRect::bounding_rect(land).unwrap())
        .collect();
    for seed in 1..=4 {
        let mut simulation = kinmen(seed);
        let waters = &simulation.waters;
        for second in (0..8 * 3600).step_by(20) {
            for vessel in &mut simulation.vessels {
                let at = waters
                    .plane
                    .position(vessel.advance(waters, f64::from(second)).motion.at);
                let point = GeoPoint::new(at.lon, at.lat);
                let ashore = lands
                    .iter()
                    .zip(&boxes)
                    .any(|(land, edges)| edges.intersects(&point) && land.contains(&point));
                assert!(
                    !ashore,
                    "{} at {at:?}, second {second}, seed {seed}",
                    vessel.traits.name
                );
            }
        }
        for (time, _, message) in messages(&lines(&mut kinmen(seed), 1200)) {
            let Some(at) = place(&message) else { continue };
            let point = GeoPoint::new(at.lon, at.lat);
            let ashore = lands
                .iter()
                .zip(&boxes)
                .any(|(land, edges)| edges.intersects(&point) && land.contains(&point));
            assert!(!ashore, "{message:?} at {time}");
        }
    }
}

/// Reports of every ship come as often as its class, status, speed and turn ask for, for days.
#[test]
fn reporting_intervals_follow_the_recommendation() {
    let mut simulation = kinmen(5);
    let waters = Waters::of(&simulation.waters.scenario);
    let mut asked: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for vessel in &mut simulation.vessels {
        let beacon = vessel.traits.mmsi / 1_000_000 == 970;
        let mut now = 0.0;
        // When it last sent, and the shortest and longest interval asked for since.
        let mut last: Option<(f64, f64, f64)> = None;
        while now < 6.0 * 3600.0 {
            let moment = vessel.advance(&waters, now);
            let (due, again) = vessel.turn(&moment, now);
            assert!(again > now);
            let interval = interval_s(vessel.traits.ais_class, &moment);
            if let Some((sent, shortest, longest)) = &mut last {
                *shortest = shortest.min(interval);
                *longest = longest.max(interval);
                let gap = now - *sent;
                let right = *shortest - 0.1..=*longest + 0.1;
                assert!(
                    !due || beacon || right.contains(&gap),
                    "{gap} s, {moment:?} of {}",
                    vessel.traits.name
                );
            }
            if due {
                last = Some((now, interval, interval));
                let class = if vessel.traits.ais_class == AisClass::A {
                    "A"
                } else {
                    "B"
                };
                *asked.entry((class, interval.round() as u32)).or_default() += 1;
            }
            if !moment.radio {
                last = None;
            }
            now = again;
        }
    }
    for key in [
        ("A", 3),
        ("A", 2),
        ("A", 6),
        ("A", 10),
        ("A", 180),
        ("B", 30),
        ("B", 180),
    ] {
        assert!(asked.contains_key(&key), "{key:?} of {asked:?}");
    }
}

/// Where a ship is when it goes from one side of a line to the other, by its true positions.
#[test]
fn what_the_rules_look_for_happens_when_it_should() {
    let plane = Plane::around(Position {
        lon: 118.43,
        lat: 24.418,
    });
    let gate = [
        plane.point(Position {
            lon: 118.426,
            lat: 24.409_05,
        }),
        plane.point(Position {
            lon: 118.4296,
            lat: 24.415,
        }),
    ];
    for seed in 1..=6 {
        let mut simulation = kinmen(seed);
        let waters = Waters::of(&simulation.waters.scenario);
        let mut moments = |mmsi: u32, second: f64| {
            let vessel = simulation
                .vessels
                .iter_mut()
                .find(|vessel| vessel.traits.mmsi == mmsi)
                .unwrap();
            vessel.advance(&waters, second)
        };
        let inside = |moment: &vessel::Moment| {
            let at = moment.motion.at;
            gate[0].to(gate[1]).starboard().dot(gate[0].to(at)) > 0.0
        };
        let crosser: Vec<bool> = (0..60)
            .map(|second| inside(&moments(416_908_301, f64::from(second))))
            .collect();
        assert!(
            !crosser[10] && crosser[50],
            "the gate is crossed at the start, seed {seed}: {crosser:?}"
        );
        let fast = (0..60)
            .filter(|second| moments(416_908_001, f64::from(*second)).motion.speed * KN > 10.0)
            .count();
        assert!(fast > 45, "{fast} s over 10 kn");
        let sart = moments(970_416_901, 30.0);
        assert!(sart.radio && sart.status == 14);
        let dark: Vec<bool> = (0..1800)
            .step_by(30)
            .map(|second| moments(412_908_201, f64::from(second)).radio)
            .collect();
        assert!(dark[1] && dark[8..40].iter().all(|radio| !radio), "{dark:?}");
    }
}

/// The register and the declarations are those of CONTRACT.md, and name ships there are.
#[test]
fn papers_are_read_back() {
    let simulation = kinmen(1);
    let identities: BTreeSet<u32> = simulation.vessels.iter().map(|vessel| vessel.traits.mmsi).collect();
    let register = kinmen::register();
    assert!(Register::from_csv(&register).is_ok());
    let declarations = kinmen::declarations(START);
    assert!(Declarations::from_csv(&declarations, |zone| zone == "km-liaoluo-sand-berth").is_ok());
    for line in declarations.lines().skip(1) {
        let mmsi = line.split(',').nth(1).unwrap().parse().unwrap();
        assert!(identities.contains(&mmsi), "{line}");
    }
}
