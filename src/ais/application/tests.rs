//! Every content there and back.

use proptest::prelude::*;

use super::*;
use crate::ais::{Radio, SlotBinary, json};

/// Bits of any length that a message may carry.
fn content() -> impl Strategy<Value = AppBits> {
    (prop::collection::vec(any::<u8>(), 1..130), 0usize..8)
        .prop_map(|(bytes, cut)| AppBits::new(&bytes, bytes.len() * 8 - cut).unwrap())
}

fn of(row: &Row, content: &AppBits) -> Option<Application> {
    Application::of(row.carrier, row.id.dac, row.id.fi, content)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever is understood can be said again, is understood the same, and is told as JSON.
    #[test]
    fn what_is_understood_is_said_again(row in prop::sample::select(&ROWS[..]), content in content()) {
        let Some(application) = of(&row, &content) else { return Ok(()) };
        prop_assert_eq!(of(&row, &application.content()), Some(application.clone()));
        let mut out = Vec::new();
        application.tell(&mut out);
        out[0] = b'{';
        out.push(b'}');
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
    }
}

/// Carrier, area, function; kind, and numbers of bits that make it, spare and fill bits with them.
type Lengths = (u8, u16, u8, Option<&'static str>, &'static [usize]);

const LENGTHS: &[Lengths] = &[
    (8, 1, 16, None, &[12, 112, 119, 128, 239, 848, 960]),
    (8, 1, 16, Some("persons"), &[13, 16, 111]),
    (8, 1, 16, Some("targets"), &[120, 127, 240, 847]),
    (6, 1, 16, None, &[12, 120]),
    (6, 1, 16, Some("persons"), &[13, 48]),
    (8, 1, 17, None, &[119, 368]),
    (8, 1, 17, Some("targets"), &[120, 480]),
    (8, 1, 22, None, &[55, 141, 150]),
    (8, 1, 22, Some("area_notice"), &[142, 144, 229, 925]),
    (8, 1, 31, None, &[293, 368]),
    (8, 1, 31, Some("met_hydro"), &[294, 304, 312, 367]),
    (6, 1, 31, None, &[304]),
    (8, 200, 10, None, &[103, 368]),
    (8, 200, 10, Some("inland_ship"), &[104, 112]),
    (8, 200, 24, None, &[36, 61, 120]),
    (8, 200, 24, Some("water_levels"), &[37, 62, 112, 119]),
    (6, 200, 55, None, &[28, 144]),
    (6, 200, 55, Some("inland_persons"), &[29, 80, 143]),
    (8, 200, 55, None, &[80]),
];

/// Types 25 and 26 carry what types 6 and 8 do, if they say which application it is.
#[test]
fn slot_messages_carry_applications() {
    let persons = AppBits::new(&[0, 0xC0], 13).unwrap();
    for (message_type, dest_mmsi, application, is_known) in [
        (25, None, Some((1, 16)), true),
        (25, Some(416_001_234), Some((1, 16)), true),
        (26, None, Some((1, 16)), true),
        (26, None, Some((1, 55)), false),
        (26, Some(416_001_234), Some((1, 31)), false),
        (25, None, None, false),
    ] {
        let message = Message::SlotBinary(SlotBinary {
            message_type,
            repeat: 0,
            mmsi: 416_000_001,
            dest_mmsi,
            application: application.map(|(dac, fi)| ApplicationId { dac, fi }),
            content: persons.clone(),
            radio: Radio::default(),
        });
        let mut out = Vec::new();
        json::write_fields(&message, &mut out);
        let told = String::from_utf8(out).unwrap();
        assert_eq!(
            told.contains(r#""application":{"kind":"persons","persons":24}"#),
            is_known,
            "{told}"
        );
        assert!(told.contains(r#""app_hex":"00c0""#), "{told}");
    }
}

#[test]
fn bits_that_make_a_content() {
    for (carrier, dac, fi, kind, counts) in LENGTHS {
        for count in *counts {
            let content = AppBits::new(&[0; 130], *count).unwrap();
            let application = Application::of(*carrier, *dac, *fi, &content);
            assert_eq!(
                application.as_ref().map(Application::kind),
                *kind,
                "{dac} {fi}: {count} bits"
            );
        }
    }
}

/// A route says how many waypoints it has.
#[test]
fn a_route_that_contradicts_itself_stays_bits() {
    for (count, sent, is_route) in [
        (0, 0, true),
        (1, 1, true),
        (2, 1, true),
        (1, 2, false),
        (16, 16, true),
        (16, 17, false),
    ] {
        let mut out = BitsOut::default();
        out.put(56, 0);
        out.put(5, sent);
        for _ in 0..count {
            out.put(55, 0);
        }
        let route = Application::of(8, 1, 27, &out.content());
        assert_eq!(route.is_some(), is_route, "{sent} of {count}");
    }
}

/// Contents no other decoder reads right, bits put together here from the standards' tables.
const KNOWN: &[(u8, u16, u8, &str, &str)] = &[
    (6, 1, 16, "00c000000000", r#""kind":"persons","persons":24"#),
    (
        8,
        1,
        17,
        concat!(
            "400008a78290e9a814c9ca12000000822c10b700001657ed3635eeda3cffd2044052833053502052daf00b1e0c",
            "c0000000000000000100000100c405"
        ),
        concat!(
            r#""kind":"targets","targets":[{"imo":9074729,"lon":-118.425000,"lat":-24.405000,"cog_deg":0,"#,
            r#""utc_second":0,"sog_kn":0},{"callsign":"BKAB7","lon":118.425017,"lat":24.405017,"cog_deg":null,"#,
            r#""utc_second":null,"sog_kn":null},{"id":"RADAR 3","lon":null,"lat":null,"cog_deg":44,"#,
            r#""utc_second":30,"sog_kn":12},{"id":null,"lon":0.000033,"lat":0.000017,"cog_deg":3,"utc_second":4,"#,
            r#""sog_kn":5}]"#
        ),
    ),
    (
        8,
        1,
        22,
        concat!(
            "13465eafdffffc23635ee0b2bf64fff000022007ff678036800ab480e1f272849d35028bfc06ce04296d7814d408239e",
            "0021d4448510724e1c0000000000"
        ),
        concat!(
            r#""kind":"area_notice","linkage":77,"notice":12,"month":11,"day":26,"hour":23,"minute":59,"#,
            r#""duration_min":262142,"areas":[{"shape":"circle","lon":118.425000,"lat":24.405000,"precision":4,"#,
            r#""radius_m":409500},{"shape":"polygon","legs":[{"bearing_deg":0.0,"distance_m":10230},"#,
            r#"{"bearing_deg":359.5,"distance_m":10},{"bearing_deg":null,"distance_m":50},"#,
            r#"{"bearing_deg":180.5,"distance_m":70}]},{"shape":"rectangle","lon":-118.425000,"lat":-24.405000,"#,
            r#""precision":2,"east_m":255000,"north_m":1000,"turned_deg":359},{"shape":"sector","lon":null,"#,
            r#""lat":null,"precision":4,"radius_m":1852,"left_deg":0,"right_deg":270},{"shape":"text","#,
            r#""text":"DREDGING"}]"#
        ),
    ),
    (
        8,
        200,
        23,
        "1abd0d884005fb43c36981bede7178792d1c824322479fce00",
        concat!(
            r#""kind":"weather_warning","start_year":2026,"start_month":11,"start_day":26,"end_year":2027,"#,
            r#""end_month":1,"end_day":1,"start_hour":0,"start_minute":0,"end_hour":23,"end_minute":59,"#,
            r#""start_lon":118.425000,"start_lat":24.405000,"end_lon":-118.425000,"end_lat":-24.405000,"#,
            r#""weather":9,"least":30,"greatest":254,"strength":3,"wind":8"#
        ),
    ),
    (
        8,
        200,
        24,
        "38cffffff801fff80601ee000000",
        concat!(
            r#""kind":"water_levels","country":"NL","gauges":[{"gauge":2047,"level_m":81.91},"#,
            r#"{"gauge":1,"level_m":-81.91},{"gauge":12,"level_m":1.23},{"gauge":null,"level_m":null}]"#
        ),
    ),
];

#[test]
fn known_contents() {
    for (carrier, dac, fi, hex, words) in KNOWN {
        let bytes: Vec<u8> = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect();
        let content = AppBits::new(&bytes, bytes.len() * 8).unwrap();
        let mut out = Vec::new();
        Application::of(*carrier, *dac, *fi, &content).unwrap().tell(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!(",\"application\":{{{words}}}"),
            "{dac} {fi}"
        );
    }
}
