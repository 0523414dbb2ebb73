//! Known messages, and every layout there and back.

use std::fmt::Debug;

use arrayvec::{ArrayString, ArrayVec};
use proptest::prelude::*;

use super::*;
use crate::geo::{Degrees, Knots, Metres};

fn told(armoured: &str, fill_bits: u8) -> Result<String, Reject> {
    let payload = Payload {
        armoured: armoured.as_bytes(),
        fill_bits,
    };
    decode(&payload).map(|message| {
        let mut out = Vec::new();
        json::write_fields(&message, &mut out);
        String::from_utf8(out).unwrap()
    })
}

/// Real messages of gpsd's and pyais' own tests; the whole corpora are in tests/corpora/.
#[test]
fn known_messages() {
    for (armoured, fill, words) in [
        (
            "15RTgt0PAso;90TKcjM8h6g208CQ",
            0,
            r#""type":1,"mmsi":371798000,"repeat":0,"nav_status":0,"rot_raw":-127,"rot_deg_min":null,"sog_kn":12.3,"accuracy":true,"lon":-123.395383,"lat":48.381633,"cog_deg":224.0,"heading_deg":215,"utc_second":33,"maneuver":0,"raim":false"#,
        ),
        (
            "B43JRq00LhTWc5VejDI>wwWUoP06",
            0,
            r#""type":18,"mmsi":272016100,"repeat":0,"sog_kn":11.5,"#,
        ),
        (
            "L1mg=5@@G:uk?S:I0@ph>A5E>L@1",
            0,
            concat!(
                r#""type":28,"mmsi":123456789,"repeat":0,"utc_second":1,"lon":10.123712,"lat":54.349133,"restricted_use":0,"#,
                r#""station_type":1,"aid_type":7,"iala_mrn":12345,"dimension_type":1,"dimension_a":42,"dimension_b":1337,"#,
                r#""more_dimensions":true,"charted":true,"station_status":1,"status":0,"authenticated":true"#
            ),
        ),
    ] {
        let out = told(armoured, fill).unwrap();
        assert!(out.starts_with(words), "{out}");
    }
}

#[test]
fn rows_stand_in_the_order_of_their_types() {
    for (index, row) in ROWS.iter().enumerate() {
        assert_eq!(usize::from(row.message_type), index + 1);
    }
}

#[test]
fn a_message_fits_a_few_cache_lines() {
    assert!(size_of::<Message>() <= 192, "{}", size_of::<Message>());
}

/// Zeros of a type, cut at every length: from its fewest bits on it is a message, below it is none.
#[test]
fn fewest_bits() {
    for row in &ROWS {
        for bits in 1..=row.min_bits + 12 {
            let mut out = BitsOut::default();
            out.put(6, row.message_type.into());
            for _ in 6..bits.max(6) {
                out.put(1, 0);
            }
            let (armoured, fill) = out.armour();
            let cut = if bits < 6 { 6 - bits as u8 } else { fill };
            let is_message = told(&armoured, cut).is_ok();
            assert_eq!(
                is_message,
                bits >= row.min_bits,
                "type {} of {bits} bits",
                row.message_type
            );
        }
    }
}

#[test]
fn parts_and_flags_ask_for_more_bits() {
    let of = |fields: &[(usize, u64)]| {
        let mut out = BitsOut::default();
        for (width, value) in fields {
            out.put(*width, *value);
        }
        let (armoured, fill) = out.armour();
        told(&armoured, fill)
    };
    for (fields, reject) in [
        (
            &[(6, 24), (32, 0), (2, 1), (57, 0), (57, 0), (6, 0)][..],
            Some(Reject::TooShort),
        ),
        (&[(6, 24), (32, 0), (2, 1), (57, 0), (57, 0), (8, 0)], None),
        (
            &[(6, 24), (32, 0), (2, 2), (57, 0), (57, 0), (14, 0)],
            Some(Reject::Unsupported),
        ),
        (&[(6, 25), (32, 0), (2, 0b11), (45, 0)], Some(Reject::TooShort)),
        (&[(6, 25), (32, 0), (2, 0b11), (46, 0)], None),
        (&[(6, 26), (32, 0), (2, 0b10), (49, 0)], Some(Reject::TooShort)),
        (&[(6, 26), (32, 0), (2, 0b10), (50, 0)], None),
        (&[(6, 0), (50, 0), (50, 0), (50, 0), (12, 0)], Some(Reject::Unsupported)),
        (
            &[(6, 29), (50, 0), (50, 0), (50, 0), (12, 0)],
            Some(Reject::Unsupported),
        ),
        (
            &[(6, 63), (50, 0), (50, 0), (50, 0), (12, 0)],
            Some(Reject::Unsupported),
        ),
    ] {
        assert_eq!(of(fields).err(), reject, "{fields:?}");
    }
}

/// A number of so many bits.
fn bits<T: TryFrom<u64> + Debug>(width: u32) -> impl Strategy<Value = T> {
    (0..1u64 << width).prop_map(|value| T::try_from(value).ok().unwrap())
}

fn text<const N: usize>() -> impl Strategy<Value = Option<ArrayString<N>>> {
    let allowed = prop::collection::vec(prop_oneof![Just(b' '), b'!'..=b'?', b'A'..=b'_'], 0..=N);
    allowed.prop_map(|bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let text = text.trim();
        (!text.is_empty()).then(|| ArrayString::from(text).unwrap())
    })
}

fn place(per_degree: i32) -> impl Strategy<Value = Coordinates> {
    let degrees = move |most: i32| {
        let steps = -most * per_degree..=most * per_degree;
        prop::option::of(steps.prop_map(move |steps| f64::from(steps) / f64::from(per_degree)))
    };
    (degrees(180), degrees(90)).prop_map(|(lon, lat)| Coordinates { lon, lat })
}

fn sog() -> impl Strategy<Value = Option<Knots>> {
    prop::option::of((0..1023u16).prop_map(|raw| Knots(f64::from(raw) / 10.0)))
}

fn cog() -> impl Strategy<Value = Option<Degrees>> {
    prop::option::of((0..3600u16).prop_map(|raw| Degrees(f64::from(raw) / 10.0)))
}

fn heading() -> impl Strategy<Value = Option<u16>> {
    prop::option::of(0..360u16)
}

fn dimensions() -> impl Strategy<Value = Dimensions> {
    (bits(9), bits(9), bits(6), bits(6)).prop_map(|(bow, stern, port, starboard)| Dimensions {
        bow,
        stern,
        port,
        starboard,
    })
}

fn content() -> impl Strategy<Value = AppBits> {
    (prop::collection::vec(any::<u8>(), 1..100), 0usize..8)
        .prop_map(|(bytes, cut)| AppBits::new(&bytes, bytes.len() * 8 - cut).unwrap())
}

fn area() -> impl Strategy<Value = Area> {
    (place(600), place(600)).prop_map(|(north_east, south_west)| Area { north_east, south_west })
}

prop_compose! {
    fn position_a()(message_type in 1u8..=3, repeat in bits(2), mmsi in bits(30), nav_status in bits(4),
        rot in any::<i8>(), sog in sog(), place in place(600_000), cog in cog(), heading in heading(),
        utc_second in bits(6), maneuver in bits(2), flags in any::<[bool; 2]>(), radio in bits(19)) -> Message {
        let [accuracy, raim] = flags;
        let (rot, radio) = (RateOfTurn(rot), Some(Radio(radio)));
        Message::PositionA(PositionA {
            message_type, repeat, mmsi, nav_status, rot, sog, accuracy, place, cog, heading, utc_second, maneuver,
            raim, radio,
        })
    }
}

prop_compose! {
    fn long_range()(repeat in bits(2), mmsi in bits(30), flags in any::<[bool; 3]>(), nav_status in bits(4),
        place in place(600), sog in prop::option::of(0u8..63), cog in prop::option::of(0u16..360)) -> Message {
        let [accuracy, raim, gnss] = flags;
        let (sog, cog) = (sog.map(|raw| Knots(raw.into())), cog.map(|raw| Degrees(raw.into())));
        Message::LongRange(LongRange { repeat, mmsi, accuracy, raim, nav_status, place, sog, cog, gnss })
    }
}

prop_compose! {
    fn position_b()(repeat in bits(2), mmsi in bits(30), sog in sog(), place in place(600_000), cog in cog(),
        heading in heading(), utc_second in bits(6), flags in any::<[bool; 8]>(), radio in bits(20)) -> Message {
        let [accuracy, cs, display, dsc, band, msg22, assigned, raim] = flags;
        Message::PositionB(PositionB {
            repeat, mmsi, sog, accuracy, place, cog, heading, utc_second, cs, display, dsc, band, msg22, assigned,
            raim, radio: Radio(radio),
        })
    }
}

prop_compose! {
    fn extended_b()(repeat in bits(2), mmsi in bits(30), sog in sog(), place in place(600_000), cog in cog(),
        heading in heading(), utc_second in bits(6), name in text(), ship_type in any::<u8>(),
        dimensions in dimensions(), epfd in bits(4), dte in bits(1), flags in any::<[bool; 3]>()) -> Message {
        let [accuracy, raim, assigned] = flags;
        Message::ExtendedB(ExtendedB {
            repeat, mmsi, sog, accuracy, place, cog, heading, utc_second, name, ship_type, dimensions, epfd, raim,
            dte, assigned,
        })
    }
}

prop_compose! {
    fn static_a()(repeat in bits(2), mmsi in bits(30), ais_version in bits(2),
        imo in prop::option::of(1..1u32 << 30), call_sign in text(), name in text(), ship_type in any::<u8>(),
        dimensions in dimensions(), epfd in bits(4), draught in prop::option::of(1u8..), destination in text(),
        dte in bits(1), month in 0u8..13) -> Message {
        let eta = Eta { month: Some(month).filter(|month| *month > 0), day: Some(31), hour: None, minute: Some(59) };
        let draught = draught.map(|raw| Metres(f64::from(raw) / 10.0));
        Message::StaticA(StaticA {
            repeat, mmsi, ais_version, imo, call_sign, name, ship_type, dimensions, epfd, eta, draught, destination,
            dte,
        })
    }
}

prop_compose! {
    fn part_a()(repeat in bits(2), mmsi in bits(30), name in text()) -> Message {
        Message::StaticBPartA(StaticBPartA { repeat, mmsi, name })
    }
}

prop_compose! {
    fn part_b()(repeat in bits(2), mmsi in prop_oneof![bits(30), 980_000_000u32..990_000_000],
        ship_type in any::<u8>(), vendor in text(), unit_model in bits(4), serial in bits(20), call_sign in text(),
        dimensions in dimensions(), ship in bits(30), epfd in bits(4)) -> Message {
        let hull = if mmsi / 10_000_000 == 98 { Hull::MotherShip(ship) } else { Hull::Dimensions(dimensions) };
        Message::StaticBPartB(StaticBPartB {
            repeat, mmsi, ship_type, vendor, unit_model, serial, call_sign, hull, epfd,
        })
    }
}

prop_compose! {
    fn base_station()(message_type in prop_oneof![Just(4), Just(11)], repeat in bits(2), mmsi in bits(30),
        year in prop::option::of(1..1u16 << 14), second in prop::option::of(0u8..60), accuracy in any::<bool>(),
        place in place(600_000), epfd in bits(4), raim in any::<bool>(), radio in bits(19)) -> Message {
        let utc = Utc { year, month: Some(12), day: None, hour: Some(23), minute: None, second };
        let radio = Radio(radio);
        Message::BaseStation(BaseStation { message_type, repeat, mmsi, utc, accuracy, place, epfd, raim, radio })
    }
}

prop_compose! {
    fn sar_aircraft()(repeat in bits(2), mmsi in bits(30), altitude in prop::option::of(0u16..4095),
        sog in prop::option::of(0u16..1023), place in place(600_000), cog in cog(), utc_second in bits(6),
        dte in bits(1), flags in any::<[bool; 3]>(), radio in bits(20)) -> Message {
        let [accuracy, assigned, raim] = flags;
        let (sog, radio) = (sog.map(|raw| Knots(raw.into())), Radio(radio));
        Message::SarAircraft(SarAircraft {
            repeat, mmsi, altitude, sog, accuracy, place, cog, utc_second, dte, assigned, raim, radio,
        })
    }
}

prop_compose! {
    fn aid()(repeat in bits(2), mmsi in bits(30), aid_type in bits(5), name in text(), place in place(600_000),
        dimensions in dimensions(), epfd in bits(4), utc_second in bits(6), flags in any::<[bool; 5]>()) -> Message {
        let [accuracy, off_position, raim, virtual_aid, assigned] = flags;
        let body = AidBody {
            repeat, mmsi, accuracy, place, dimensions, epfd, utc_second, off_position, raim, virtual_aid, assigned,
        };
        Message::Aid(Aid { aid_type, name, body })
    }
}

prop_compose! {
    fn slot_aid()(repeat in bits(2), mmsi in bits(30), utc_second in bits(6), place in place(600_000),
        restricted_use in bits(2), station_type in bits(3), aid_type in bits(7), iala_mrn in bits(17),
        dimensions in (bits(4), bits(9), bits(11)), flags in any::<[bool; 3]>(), station_status in bits(4),
        status in any::<u8>()) -> Message {
        let (dimension_type, dimension_a, dimension_b) = dimensions;
        let [more_dimensions, charted, authenticated] = flags;
        Message::SlotAid(SlotAid {
            repeat, mmsi, utc_second, place, restricted_use, station_type, aid_type, iala_mrn, dimension_type,
            dimension_a, dimension_b, more_dimensions, charted, station_status, status, authenticated,
        })
    }
}

prop_compose! {
    fn texts()(repeat in bits(2), mmsi in bits(30), seqno in bits(2), dest_mmsi in bits(30),
        retransmit in any::<bool>(), short in text(), long in text(), is_addressed in any::<bool>()) -> Message {
        if is_addressed {
            Message::AddressedSafety(AddressedSafety { repeat, mmsi, seqno, dest_mmsi, retransmit, text: short })
        } else {
            Message::BroadcastSafety(BroadcastSafety { repeat, mmsi, text: long })
        }
    }
}

prop_compose! {
    fn applications()(which in 0..5, repeat in bits(2), mmsi in bits(30), seqno in bits(2), dest_mmsi in bits(30),
        retransmit in any::<bool>(), dac in bits(10), fi in bits(6), content in content(), place in place(600),
        flags in any::<[bool; 2]>(), radio in bits(20)) -> Message {
        let slot = |message_type, radio| Message::SlotBinary(SlotBinary {
            message_type,
            repeat,
            mmsi,
            dest_mmsi: flags[0].then_some(dest_mmsi),
            application: flags[1].then_some(ApplicationId { dac, fi }),
            content: content.clone(),
            radio,
        });
        match which {
            0 => Message::AddressedBinary(AddressedBinary {
                repeat, mmsi, seqno, dest_mmsi, retransmit, dac, fi, content,
            }),
            1 => Message::BroadcastBinary(BroadcastBinary { repeat, mmsi, dac, fi, content }),
            2 => Message::GnssCorrections(GnssCorrections { repeat, mmsi, place, content }),
            3 => slot(25, Radio::default()),
            _ => slot(26, Radio(radio)),
        }
    }
}

prop_compose! {
    fn lists()(which in 0..5, message_type in prop_oneof![Just(7), Just(13)], repeat in bits(2), mmsi in bits(30),
        stations in prop::collection::vec((bits(30), bits(2), bits(12), bits(10)), 1..=4),
        second in prop::option::of((bits(6), 1..1u16 << 12)),
        third in prop::option::of((1..1u32 << 30, bits(6), bits(12)))) -> Message {
        let (mmsi1, seqno, offset1_1, _) = stations[0];
        match which {
            0 => Message::Acknowledge(Acknowledge {
                message_type,
                repeat,
                mmsi,
                acks: stations.iter().map(|(mmsi, seqno, ..)| Ack { mmsi: *mmsi, seqno: *seqno }).collect(),
            }),
            1 => {
                let (type1_2, offset1_2) = second.unwrap_or_default();
                let (mmsi2, type2_1, offset2_1) = third.unwrap_or_default();
                let more = Asked { type1_2, offset1_2, mmsi2, type2_1, offset2_1 };
                Message::Interrogation(Interrogation { repeat, mmsi, mmsi1, type1_1: seqno, offset1_1, more })
            }
            2 => {
                let mode = |(mmsi, _, offset, increment): &(u32, u8, u16, u16)| {
                    Mode { mmsi: *mmsi, offset: *offset, increment: *increment }
                };
                let modes: ArrayVec<Mode, 2> = stations.iter().take(2).map(mode).collect();
                Message::Assignment(Assignment { repeat, mmsi, modes })
            }
            3 => {
                let reservation = |(_, timeout, offset, increment): &(u32, u8, u16, u16)| {
                    Reservation { offset: *offset, number: 5, timeout: *timeout, increment: *increment }
                };
                let reservations = stations.iter().map(reservation).collect();
                Message::LinkManagement(LinkManagement { repeat, mmsi, reservations })
            }
            _ => Message::UtcInquiry(UtcInquiry { repeat, mmsi, dest_mmsi: mmsi1 }),
        }
    }
}

prop_compose! {
    fn areas()(repeat in bits(2), mmsi in bits(30), area in area(), stations in any::<bool>(), first in bits(30),
        second in bits(30), channels in (bits(12), bits(12)), txrx in bits(4), flags in any::<[bool; 3]>(),
        zonesize in bits(3), is_group in any::<bool>(), ship_type in any::<u8>()) -> Message {
        if is_group {
            return Message::GroupAssignment(GroupAssignment {
                repeat, mmsi, area, station_type: txrx, ship_type, txrx: txrx % 4, interval: zonesize, quiet: 15,
            });
        }
        let [power, band_a, band_b] = flags;
        let (channel_a, channel_b) = channels;
        let head = ChannelHead { repeat, mmsi, channel_a, channel_b, txrx, power };
        let reach = if stations { Reach::Stations(first, second) } else { Reach::Area(area) };
        Message::ChannelManagement(ChannelManagement { head, reach, band_a, band_b, zonesize })
    }
}

fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![
        prop_oneof![position_a(), long_range(), position_b(), extended_b(), static_a()],
        prop_oneof![
            part_a(),
            part_b(),
            base_station(),
            sar_aircraft(),
            aid(),
            slot_aid(),
            texts()
        ],
        prop_oneof![applications(), lists(), areas()],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn what_is_encoded_is_decoded(message in any_message()) {
        let (armoured, fill_bits) = encode(&message);
        let payload = Payload { armoured: armoured.as_bytes(), fill_bits };
        prop_assert_eq!(decode(&payload), Ok(message.clone()));
        let mut out = b"{".to_vec();
        json::write_fields(&message, &mut out);
        out.push(b'}');
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
    }

    #[test]
    fn mutated_payloads_are_survived(message in any_message(), cut in 0usize..200, fill_bits in any::<u8>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)) {
        let mut armoured = encode(&message).0.into_bytes();
        armoured.truncate(cut);
        for (index, byte) in changes {
            if !armoured.is_empty() {
                let at = index.index(armoured.len());
                armoured[at] = byte;
            }
        }
        if let Ok(message) = decode(&Payload { armoured: &armoured, fill_bits: fill_bits % 8 }) {
            let mut out = Vec::new();
            json::write_fields(&message, &mut out);
            // Whatever was understood can be said again, and is understood the same.
            let (armoured, fill_bits) = encode(&message);
            let payload = Payload { armoured: armoured.as_bytes(), fill_bits };
            let again = decode(&payload);
            prop_assert!(again.is_ok(), "{:?} {:?}", again, message);
        }
    }

    #[test]
    fn garbage_is_survived(armoured in prop::collection::vec(any::<u8>(), 0..260), fill_bits in any::<u8>()) {
        let _ = decode(&Payload { armoured: &armoured, fill_bits });
    }
}
