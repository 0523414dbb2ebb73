//! Which vessels are found where: by the index as by looking at each.

use std::collections::BTreeMap;

use harborwatch::ais::Mmsi;
use harborwatch::geo::{Metres, Position, distance};
use harborwatch::traffic::Event;
use harborwatch::view::Area;

use crate::chance::Chance;
use crate::service::{Service, row};

/// Vessels that mostly drift less than the index follows at once, now and then jump, and now and then leave.
fn sail(chance: &mut Chance, places: &mut BTreeMap<u32, Position>) -> Vec<Event> {
    let mut events = Vec::new();
    for mmsi in 416_002_000..416_002_040 {
        match (places.get(&mmsi), chance.part()) {
            (Some(_), luck) if luck < 0.02 => {
                places.remove(&mmsi);
                events.push(Event::Removed(Mmsi(mmsi)));
            }
            (Some(at), luck) if luck < 0.9 => {
                let drift = [chance.between(-0.004, 0.004), chance.between(-0.004, 0.004)];
                let (lon, lat) = (at.lon + drift[0], at.lat + drift[1]);
                places.insert(mmsi, Position { lon, lat });
                events.push(Event::Vessel(row(mmsi, lon, lat)));
            }
            _ => {
                let (lon, lat) = (chance.between(118.0, 118.1), chance.between(24.0, 24.1));
                places.insert(mmsi, Position { lon, lat });
                events.push(Event::Vessel(row(mmsi, lon, lat)));
            }
        }
    }
    events
}

async fn found(service: &Service, query: &str) -> Vec<u32> {
    let list = service.get(&format!("/api/v1/vessels{query}")).await.json();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["mmsi"].as_u64().unwrap() as u32).collect()
}

#[tokio::test]
async fn boxes_and_the_nearest_are_those_of_all_vessels() {
    let mut service = Service::start().await;
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut places = BTreeMap::new();
    for round in 0..40 {
        let events = sail(&mut chance, &mut places);
        service.tell(events, Vec::new()).await;
        let [west, south] = [chance.between(117.98, 118.1), chance.between(23.98, 24.1)];
        let area = Area {
            west,
            south,
            east: west + chance.between(0.0, 0.05),
            north: south + chance.between(0.0, 0.05),
        };
        let inside = places.iter().filter(|(_, place)| area.contains(**place));
        let wanted: Vec<u32> = inside.map(|(mmsi, _)| *mmsi).collect();
        let Area { east, north, .. } = area;
        assert_eq!(
            found(&service, &format!("?bbox={west},{south},{east},{north}")).await,
            wanted,
            "{round}"
        );

        let here = Position { lon: west, lat: south };
        let mut by_distance: Vec<(Metres, u32)> = places
            .iter()
            .map(|(mmsi, place)| (distance(here, *place), *mmsi))
            .collect();
        by_distance.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
        let near = format!("/near?lat={south}&lon={west}");
        let nearest: Vec<u32> = by_distance.iter().take(5).map(|(_, mmsi)| *mmsi).collect();
        assert_eq!(found(&service, &format!("{near}&limit=5")).await, nearest, "{round}");
        let within = by_distance.iter().filter(|(far, _)| *far <= Metres::from_nm(2.0));
        let within: Vec<u32> = within.map(|(_, mmsi)| *mmsi).collect();
        assert_eq!(found(&service, &format!("{near}&radius_nm=2")).await, within, "{round}");
    }
}
