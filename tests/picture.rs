//! What the picture makes of reports: gate, lateness, lost and gone, and the facts that rules look at; case by case.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use harborwatch::ais::Mmsi;
use harborwatch::geo::{Knots, Metres, Position};
use harborwatch::nmea::Sentence;
use harborwatch::picture::{Faded, Picture};
use harborwatch::register::{Class, Register};
use harborwatch::report::{
    AisClass, Content, FeedId, HashKey, Listening, PositionReport, Reception, Report, Said, SourceId, StaticReport,
    Station,
};
use harborwatch::time::{Span, Timestamp};
use harborwatch::track::{Fate, Identity, MAX_FORMER, Track, TrackLimits};

const SHIP: u32 = 412_000_001;
/// A degree of latitude in nautical miles on the sphere of RULES.md.
const NM_PER_DEG: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0 / 1852.0;

fn report(nm: Option<f64>, status: Option<u8>) -> PositionReport {
    PositionReport {
        position: nm.map(|nm| Position {
            lon: 118.0,
            lat: 24.0 + nm / NM_PER_DEG,
        }),
        sog: Some(Knots(5.0)),
        cog: None,
        heading: None,
        rot_deg_min: None,
        nav_status: status,
        ais_class: Some(AisClass::A),
    }
}

fn picture(trail: Span) -> Picture {
    let register = "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n\
                    412000009,,,,ferry,,,\n,9000001,,,patrol,,,\n412000008,,,,,,,\n";
    let limits = TrackLimits {
        trail,
        ..TrackLimits::default()
    };
    let register = Register::from_csv(register).unwrap();
    Picture::new(limits, register, 1, Timestamp(0), HashKey(1, 2))
}

fn say(picture: &mut Picture, mmsi: u32, ms: i64, message_type: u8, content: Content) -> Option<Fate> {
    let station = Station {
        feed: FeedId(0),
        source: SourceId(0),
    };
    let said = Said {
        mmsi: Mmsi(mmsi),
        message_type,
        content,
    };
    let report = Report::of(Timestamp(ms), station, Some(said));
    picture.apply(&report, report.time).unwrap().1.fate
}

fn track(picture: &Picture, mmsi: u32) -> &Track {
    picture.track(picture.find(Mmsi(mmsi)).unwrap())
}

/// Reports of one vessel: milliseconds, message type, miles north of where it began (none: no position), and what must
/// become of them: `a`ccepted, `s` accepted after a switch, `h`eld after an accepted one, `S` that and a switch,
/// held `H` after a held one, `l`ate, or without a position `-`.
#[track_caller]
fn check(mmsi: u32, reports: &[(i64, u8, Option<f64>, char)]) -> Picture {
    let mut picture = picture(Span(0));
    for (n, &(ms, message_type, nm, wanted)) in reports.iter().enumerate() {
        let fate = say(
            &mut picture,
            mmsi,
            ms,
            message_type,
            Content::Position(report(nm, Some(0))),
        );
        let switched = track(&picture, mmsi).has_switched();
        let told = match fate.unwrap() {
            Fate::Accepted if switched => 's',
            Fate::Accepted => 'a',
            Fate::Held { after_accepted: true } if switched => 'S',
            Fate::Held { after_accepted: true } => 'h',
            Fate::Held { after_accepted: false } => 'H',
            Fate::Late => 'l',
            Fate::NoPosition => '-',
        };
        assert_eq!(told, wanted, "report {n} at {ms} ms");
    }
    picture
}

#[test]
fn the_gate_holds_what_is_too_far_for_its_speed() {
    let at = |nm| Some(nm);
    // Half a mile at any speed; sixty knots at any distance.
    check(SHIP, &[(0, 1, at(0.0), 'a'), (1, 1, at(0.4999), 'a')]);
    check(SHIP, &[(0, 1, at(0.0), 'a'), (29_999, 1, at(0.5001), 'h')]);
    check(SHIP, &[(0, 1, at(0.0), 'a'), (30_100, 1, at(0.5001), 'a')]);
    check(SHIP, &[(0, 1, at(0.0), 'a'), (599_000, 1, at(10.0), 'h')]);
    check(SHIP, &[(0, 1, at(0.0), 'a'), (600_001, 1, at(10.0), 'a')]);
    // The speed is that from the last accepted one, however many were held since.
    check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(5.0), 'h'),
            (20_000, 1, at(-5.0), 'H'),
            (310_000, 1, at(5.0), 'a'),
        ],
    );
}

#[test]
fn three_that_agree_move_the_track_there() {
    let at = |nm| Some(nm);
    let moved = check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(50.1), 'H'),
            (30_000, 1, at(50.2), 'a'),
        ],
    );
    assert_eq!(track(&moved, SHIP).previous, None);
    let on = check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(50.1), 'H'),
            (30_000, 1, at(50.2), 'a'),
            (40_000, 1, at(50.3), 'a'),
        ],
    );
    assert!(track(&on, SHIP).previous.is_some());
    // One that does not pass from the one before begins the row anew.
    check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(50.1), 'H'),
            (30_000, 1, at(90.0), 'H'),
            (40_000, 1, at(90.1), 'H'),
            (50_000, 1, at(90.2), 'a'),
        ],
    );
    // An accepted one ends the row.
    check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(50.1), 'H'),
            (30_000, 1, at(0.1), 'a'),
            (40_000, 1, at(50.2), 'S'),
            (50_000, 1, at(50.3), 'H'),
            (60_000, 1, at(50.4), 'a'),
        ],
    );
}

#[test]
fn aircraft_pass_freely() {
    let at = |nm| Some(nm);
    check(SHIP, &[(0, 1, at(0.0), 'a'), (1_000, 9, at(50.0), 'a')]);
    check(SHIP, &[(0, 9, at(0.0), 'a'), (1_000, 1, at(50.0), 'h')]);
    check(111_412_001, &[(0, 1, at(0.0), 'a'), (1_000, 1, at(50.0), 'a')]);
}

#[test]
fn what_is_not_newer_is_late() {
    let at = |nm| Some(nm);
    check(SHIP, &[(5_000, 1, at(0.0), 'a'), (5_000, 1, at(0.0), 'l')]);
    check(
        SHIP,
        &[
            (5_000, 1, at(0.0), 'a'),
            (4_999, 18, at(0.0), 'l'),
            (5_001, 1, at(0.0), 'a'),
        ],
    );
    // Neither what is held nor what is late makes the next one early; late ones are no part of a row.
    check(
        SHIP,
        &[
            (5_000, 1, at(0.0), 'a'),
            (9_000, 1, at(50.0), 'h'),
            (9_000, 1, at(0.0), 'l'),
            (7_000, 1, at(0.0), 'l'),
            (10_000, 1, at(50.0), 'H'),
            (10_000, 1, at(50.0), 'l'),
            (11_000, 1, at(50.0), 'a'),
            (10_999, 1, at(50.0), 'l'),
        ],
    );
    check(
        SHIP,
        &[(5_000, 1, at(0.0), 'a'), (4_000, 1, None, '-'), (5_000, 27, None, '-')],
    );
    let mut picture = check(SHIP, &[(5_000, 1, at(0.0), 'a')]);
    let late = PositionReport {
        ais_class: Some(AisClass::B),
        ..report(at(0.0), None)
    };
    let mut before = track(&picture, SHIP).clone();
    say(&mut picture, SHIP, 4_000, 18, Content::Position(late));
    before.hearers = track(&picture, SHIP).hearers.clone();
    assert_eq!(
        track(&picture, SHIP),
        &before,
        "a late one changes nothing of the track but who hears it"
    );
}

#[test]
fn two_vessels_of_one_identity_switch() {
    let at = |nm| Some(nm);
    check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            // The other place was never seen before.
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(0.1), 'a'),
            (30_000, 1, at(50.1), 'S'),
            (40_000, 1, at(0.2), 's'),
            (50_000, 1, at(0.3), 'a'),
            // A third place is not the other one.
            (60_000, 1, at(-70.0), 'h'),
            (70_000, 1, at(0.3), 'a'),
        ],
    );
    check(
        SHIP,
        &[
            (0, 1, at(0.0), 'a'),
            (10_000, 1, at(50.0), 'h'),
            (20_000, 1, at(50.1), 'H'),
            // Anchored anew: no switch, but where it was is the other place now.
            (30_000, 1, at(50.2), 'a'),
            (40_000, 1, at(0.1), 'S'),
            (50_000, 1, at(50.3), 's'),
        ],
    );
}

#[test]
fn a_status_has_its_first_report() {
    let mut picture = picture(Span(0));
    for (second, nm, status, since) in [
        (0, Some(0.0), Some(0), Some(0)),
        (10, Some(0.0), Some(0), Some(0)),
        (20, None, Some(1), Some(0)),
        (30, Some(50.0), Some(1), Some(0)),
        (40, Some(0.0), Some(1), Some(40)),
        (50, Some(0.0), Some(1), Some(40)),
        (60, Some(0.0), None, None),
        (70, Some(0.0), Some(1), Some(70)),
    ] {
        say(
            &mut picture,
            SHIP,
            second * 1000,
            1,
            Content::Position(report(nm, status)),
        );
        let told = track(&picture, SHIP).status_since().map(Timestamp::floor_s);
        assert_eq!(told, since, "at {second} s");
    }
}

#[test]
fn a_trail_holds_what_was_accepted_within_the_longest_window() {
    let mut picture = picture(Span::s(30));
    for (ms, nm) in [
        (0, 0.0),
        (10_000, 0.01),
        (20_000, 50.0),
        (25_000, 0.02),
        (24_000, 0.02),
        (40_000, 0.03),
    ] {
        say(&mut picture, SHIP, ms, 1, Content::Position(report(Some(nm), Some(0))));
    }
    let times = |from| {
        picture
            .trails()
            .since(&track(&picture, SHIP).trail, Timestamp(from))
            .map(|point| point.time.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(times(10_000), [10_000, 25_000, 40_000]);
    assert_eq!(times(25_000), [25_000, 40_000]);
    assert_eq!(times(25_001), [40_000]);
}

/// A vessel's reports (second, miles north if any, status), and the seconds at which it is lost and gone.
#[track_caller]
fn check_fading(reports: &[(i64, Option<f64>, u8)], lost: Option<i64>, gone: i64) {
    let mut picture = picture(Span(0));
    for &(second, nm, status) in reports {
        let content = Content::Position(report(nm, Some(status)));
        say(&mut picture, SHIP, second * 1000, 1, content);
    }
    let (mut due, mut faded, mut told) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(second) = picture.fade(200_000, &mut due, &mut faded) {
        for &what in &faded {
            told.push((second, what));
            if let Faded::Due(slot) = what {
                picture.remove(slot);
            }
        }
    }
    let slot = harborwatch::picture::Slot(0);
    let lost = lost.map(|second| (second, Faded::Lost(slot)));
    let wanted: Vec<_> = lost.into_iter().chain([(gone, Faded::Due(slot))]).collect();
    assert_eq!(told, wanted, "{reports:?}");
    assert_eq!((picture.len(), picture.vicinity().len()), (0, 0));
}

#[test]
fn silence_loses_a_vessel_and_takes_it_away() {
    check_fading(&[(0, Some(0.0), 0)], Some(600), 86_400);
    check_fading(&[(0, Some(0.0), 1)], Some(1200), 86_400);
    check_fading(&[(0, Some(0.0), 5)], Some(1200), 86_400);
    // The status is that of the last accepted report, not of one held, late or without a position.
    check_fading(&[(0, Some(0.0), 5), (10, Some(0.0), 0)], Some(610), 86_410);
    check_fading(
        &[(0, Some(0.0), 0), (10, Some(50.0), 5), (5, Some(0.0), 5), (20, None, 5)],
        Some(600),
        86_400,
    );
    // Never placed: never lost, gone so long after it was last heard at all.
    check_fading(&[(0, None, 5), (100, None, 5)], None, 86_500);
    check_fading(&[(0, None, 5), (100, Some(0.0), 5), (200, None, 0)], Some(1300), 86_500);
}

#[test]
fn a_datum_is_what_was_said_last_and_earlier_names_are_kept() {
    let mut picture = picture(Span(0));
    let text = |text: &str| text.try_into().ok();
    // When it is said, the name and the ship type in it; the name's value, since when it stands, when it was last said.
    for (second, name, ship_type, believed) in [
        (10, None, Some(Some(70)), (None, None)),
        (20, Some(text("A")), None, (text("A"), Some((20, 20)))),
        (30, Some(text("A")), Some(Some(70)), (text("A"), Some((20, 30)))),
        (25, Some(text("LATE")), None, (text("A"), Some((20, 30)))),
        (40, Some(text("B")), Some(Some(33)), (text("B"), Some((40, 40)))),
        (50, Some(None), None, (None, Some((50, 50)))),
        (60, Some(text("A")), None, (text("A"), Some((60, 60)))),
        (70, Some(text("C")), None, (text("C"), Some((70, 70)))),
    ] {
        let said = StaticReport {
            name,
            ship_type,
            ..StaticReport::default()
        };
        say(&mut picture, SHIP, second * 1000, 5, Content::Static(said));
        let belief = &track(&picture, SHIP).statics.name;
        let said = belief.said().map(|word| (word.since.floor_s(), word.time.floor_s()));
        assert_eq!((belief.value, said), believed, "at {second} s");
    }
    let formers = track(&picture, SHIP).formers.iter();
    let told: Vec<_> = formers
        .map(|former| (former.identity, former.first.floor_s(), former.last.floor_s()))
        .collect();
    let name = |name: &str| Identity::Name(name.try_into().unwrap());
    let wanted = [
        (name("A"), 20, 60),
        (Identity::ShipType(70), 10, 30),
        (name("B"), 40, 40),
    ];
    assert_eq!(told, wanted);
    for n in 0..100 {
        let said = StaticReport {
            imo: Some(Some(n)),
            ..StaticReport::default()
        };
        say(&mut picture, SHIP, 100_000 + i64::from(n), 5, Content::Static(said));
    }
    let formers: Vec<_> = track(&picture, SHIP)
        .formers
        .iter()
        .map(|former| former.identity)
        .collect();
    assert_eq!(formers.len(), MAX_FORMER);
    assert_eq!(
        formers.last(),
        Some(&Identity::Imo(98)),
        "the one said longest ago has gone"
    );
}

#[test]
fn who_hears_a_vessel_is_counted_duplicates_too() {
    let feeds = vec![Listening::default(); 2];
    let mut reception = Reception::new(feeds, HashKey(1, 2));
    let mut picture = picture(Span(0));
    let line = |station: &str, payload: &str| {
        let sum = |text: &str| text.bytes().fold(0, |sum, byte| sum ^ byte);
        let tag = format!("s:{station}");
        let body = format!("AIVDM,1,1,,A,{payload},0");
        format!("\\{tag}*{:02X}\\!{body}*{:02X}", sum(&tag), sum(&body))
    };
    let (report, other) = ("13bcqL0P00PFW8>MvSd>4?vj2>`<", "13bcqL0P00PFW8>MvSd>4?vj2>`=");
    let mut changed = 0;
    for (ms, feed, station, payload) in [
        (0, 0, "ST1", report),
        (100, 1, "ST2", report),
        (150, 1, "ST2", report),
        (200, 0, "ST3", report),
        (9_000, 0, "ST1", other),
    ] {
        let line = line(station, payload);
        let sentence = Sentence::parse(line.as_bytes(), false);
        let heard = reception.hear(FeedId(feed), Timestamp(ms), &sentence);
        let report = heard.report.unwrap();
        changed += usize::from(picture.apply(&report, report.time).is_some());
    }
    let slot = picture.slots().next().unwrap();
    let hearers = picture.track(slot).hearers.iter();
    let told: Vec<_> = hearers
        .map(|hearer| {
            (
                hearer.station.feed.0,
                hearer.station.source.0,
                hearer.reports,
                hearer.last.0,
            )
        })
        .collect();
    assert_eq!(told, [(0, 1, 2, 9_000), (1, 2, 2, 150), (0, 3, 1, 200)]);
    assert_eq!(changed, 2, "a duplicate changes no track");
}

#[test]
fn the_class_is_told_by_the_first_that_knows_it() {
    for (mmsi, imo, ship_type, class) in [
        (412_000_009, Some(9_000_001), Some(70), Class::Ferry),
        (412_000_001, Some(9_000_001), Some(70), Class::Patrol),
        // The register knows it by its MMSI, but gives it a class only by its IMO number.
        (412_000_008, Some(9_000_001), Some(70), Class::Patrol),
        (412_000_008, None, Some(70), Class::Cargo),
        (412_000_001, None, Some(33), Class::Dredger),
        (412_000_001, None, Some(0), Class::Other),
        (412_000_001, None, None, Class::Unknown),
        (984_120_001, None, Some(70), Class::Craft),
        (992_000_001, None, Some(70), Class::Cargo),
        (111_412_001, None, None, Class::SarAircraft),
        (4_120_001, None, None, Class::BaseStation),
    ] {
        let mut picture = picture(Span(0));
        let said = StaticReport {
            imo: Some(imo),
            ship_type: Some(ship_type),
            ..StaticReport::default()
        };
        say(&mut picture, mmsi, 0, 5, Content::Static(said));
        assert_eq!(track(&picture, mmsi).class, class, "{mmsi} {imo:?} {ship_type:?}");
    }
}

#[test]
fn coverage_is_learned_by_bearing_from_the_antenna_over_days() {
    let mut picture = picture(Span(0));
    picture.limits.antennas = vec![Some(Position { lon: 118.0, lat: 24.0 })];
    let day_ms = 86_400_000;
    // Miles north of the antenna: the farthest of three days and of today.
    for (day, ranges) in [(0, &[4.0, 10.0][..]), (1, &[12.0]), (3, &[8.0, 2.0]), (4, &[20.0])] {
        picture.pass(day * 86_400);
        for (n, nm) in (0..).zip(ranges) {
            let content = Content::Position(report(Some(*nm), None));
            say(&mut picture, SHIP + n, day * day_ms + 1000, 1, content);
        }
    }
    let learned = picture.stations.learned(Station::default()).unwrap();
    let sectors: Vec<_> = learned.coverage.sectors().collect();
    let told = sectors.iter().map(|sector| {
        let nm = |range: Metres| (range.nm() * 10.0).round() / 10.0;
        (sector.from_deg, sector.usual.map(nm), nm(sector.farthest), sector.days)
    });
    assert_eq!(told.collect::<Vec<_>>(), [(0.0, Some(10.0), 20.0, 3)]);
    picture.pass(35 * 86_400);
    let learned = picture.stations.learned(Station::default()).unwrap();
    assert_eq!(learned.coverage.sectors().count(), 0, "days of long ago are forgotten");
}
