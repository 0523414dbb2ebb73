//! Zones from GeoJSON (RFC 7946): every fault is named with its line, and one is enough to refuse the file.

use std::collections::BTreeMap;

use geo::{LineString, MultiPolygon, Polygon};
use geojson::GeometryValue;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::area::self_crossing;
use super::{Area, Confidence, Form, ID, Line, Shape, Zone, ZoneKind, Zones, is_id};
use crate::geo::Position;

/// A mistake in a file of zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: usize,
    pub what: String,
    pub want: String,
}

/// A collection with its features as text, so that each one's line is known.
#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

impl Zones {
    /// Reads a FeatureCollection of zones.
    pub fn from_geojson(text: &str) -> Result<Self, Vec<Fault>> {
        match Self::readable(text) {
            (zones, faults) if faults.is_empty() => Ok(zones),
            (_, faults) => Err(faults),
        }
    }

    /// The zones of a FeatureCollection that can be read, and all that is wrong with the others.
    pub fn readable(text: &str) -> (Self, Vec<Fault>) {
        let collection = serde_json::from_str::<Collection<'_>>(text);
        let members = serde_json::from_str::<Map<String, Json>>(text);
        match collection.and_then(|collection| Ok((collection, members?))) {
            Ok((collection, members)) => Self::of_collection(text, &collection, members),
            Err(error) => {
                let fault = Fault {
                    line: error.line().max(1),
                    what: error.to_string(),
                    want: "a GeoJSON FeatureCollection".into(),
                };
                (Self::default(), vec![fault])
            }
        }
    }

    fn of_collection(text: &str, collection: &Collection<'_>, mut members: Map<String, Json>) -> (Self, Vec<Fault>) {
        members.remove("features");
        let mut faults = Vec::new();
        if collection.kind != "FeatureCollection" {
            faults.push(Fault {
                line: 1,
                what: format!("type is {}", collection.kind),
                want: "FeatureCollection".into(),
            });
        }
        let mut seen = BTreeMap::new();
        let mut zones = Vec::new();
        let (mut line, mut counted) = (1, 0);
        for raw in &collection.features {
            let offset = raw.get().as_ptr() as usize - text.as_ptr() as usize;
            line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..offset]).count();
            counted = offset;
            let mut reading = Reading {
                line,
                id: String::new(),
                faults: &mut faults,
            };
            let zone = reading.zone(raw.get());
            let first = match reading.id.as_str() {
                "" => None,
                id => seen.insert(id.to_owned(), line),
            };
            match first {
                Some(first) => reading.fault(format!("the id stands already at line {first}"), "an id of its own"),
                None => zones.extend(zone),
            }
        }
        (Self::of(zones, members), faults)
    }
}

/// One feature being read.
struct Reading<'a> {
    line: usize,
    id: String,
    faults: &'a mut Vec<Fault>,
}

impl Reading<'_> {
    fn fault(&mut self, what: impl std::fmt::Display, want: impl Into<String>) {
        let what = if self.id.is_empty() {
            what.to_string()
        } else {
            format!("zone {}: {what}", self.id)
        };
        self.faults.push(Fault {
            line: self.line,
            what,
            want: want.into(),
        });
    }

    fn zone(&mut self, text: &str) -> Option<Zone> {
        let before = self.faults.len();
        let Ok(feature) = serde_json::from_str::<Map<String, Json>>(text) else {
            self.fault("is no object", "a Feature");
            return None;
        };
        let empty = Map::new();
        let properties = feature.get("properties").and_then(Json::as_object).unwrap_or(&empty);
        self.id = self.id_of(properties);
        let kind = self.kind_of(properties);
        let (name_zh, name_en) = self.name_of(properties);
        let confidence = self.confidence_of(properties);
        let direction_deg = self.number(properties, "direction_deg", 0.0, 360.0);
        let depth_m = self.number(properties, "depth_m", -20.0, 12_000.0);
        let shape = self.shape_of(&feature, kind);
        if self.faults.len() > before {
            return None;
        }
        let id = self.id.as_str().into();
        let (kind, shape) = (kind?, shape?);
        Some(Zone {
            id,
            kind,
            name_zh,
            name_en,
            confidence,
            direction_deg,
            depth_m,
            shape,
            feature,
        })
    }

    fn id_of(&mut self, properties: &Map<String, Json>) -> String {
        let want = format!("properties.id: {ID}");
        match properties.get("id") {
            Some(Json::String(id)) if is_id(id) => return id.clone(),
            Some(other) => self.fault(format!("id is {other}"), want),
            None => self.fault("a zone has no id", want),
        }
        String::new()
    }

    fn kind_of(&mut self, properties: &Map<String, Json>) -> Option<ZoneKind> {
        let names: Vec<&str> = ZoneKind::ALL.iter().map(|(_, name)| *name).collect();
        let want = format!("one of {}", names.join(", "));
        let Some(json) = properties.get("kind") else {
            self.fault("kind is missing", want);
            return None;
        };
        let kind = json.as_str().and_then(ZoneKind::named);
        if kind.is_none() {
            self.fault(format!("kind is {json}"), want);
        }
        kind
    }

    fn name_of(&mut self, properties: &Map<String, Json>) -> (String, String) {
        let word = |language: &str| properties.get("name")?.get(language)?.as_str().map(str::to_owned);
        match (word("zh"), word("en")) {
            (Some(zh), Some(en)) => (zh, en),
            _ => {
                self.fault("name lacks a language", "name: { \"zh\": …, \"en\": … }");
                Default::default()
            }
        }
    }

    fn confidence_of(&mut self, properties: &Map<String, Json>) -> Confidence {
        let Some(json) = properties.get("confidence") else {
            return Confidence::Assumed;
        };
        serde_json::from_value(json.clone()).unwrap_or_else(|_| {
            self.fault(format!("confidence is {json}"), "published, approximate or assumed");
            Confidence::Assumed
        })
    }

    fn number(&mut self, properties: &Map<String, Json>, key: &str, min: f64, max: f64) -> Option<f64> {
        let json = properties.get(key).filter(|json| !json.is_null())?;
        let number = json.as_f64().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.fault(format!("{key} is {json}"), format!("a number from {min} to {max}"));
        }
        number
    }

    /// The shape, which must fit the kind where that is known.
    fn shape_of(&mut self, feature: &Map<String, Json>, kind: Option<ZoneKind>) -> Option<Shape> {
        let geometry = feature.get("geometry").cloned().unwrap_or_default();
        let Ok(geometry) = serde_json::from_value::<geojson::Geometry>(geometry) else {
            self.fault("geometry cannot be read", "a GeoJSON geometry");
            return None;
        };
        let form = kind.map(ZoneKind::form);
        match (form, geometry.value) {
            (Some(Form::Area) | None, GeometryValue::Polygon { coordinates }) => self.area(&[coordinates]),
            (Some(Form::Area) | None, GeometryValue::MultiPolygon { coordinates }) => self.area(&coordinates),
            (Some(Form::Line) | None, GeometryValue::LineString { coordinates }) => self.line(&coordinates),
            (Some(Form::Point) | None, GeometryValue::Point { coordinates }) => {
                Some(Shape::Mark(self.position(&coordinates)?))
            }
            (_, value) => {
                let want = match form {
                    Some(Form::Area) => "a Polygon or MultiPolygon",
                    Some(Form::Line) => "a LineString",
                    Some(Form::Point) => "a Point",
                    None => "a Polygon, MultiPolygon, LineString or Point",
                };
                let whose = kind.map_or_else(|| "the geometry".into(), ZoneKind::with_article);
                self.fault(format!("{whose} is a {}", value.type_name()), want);
                None
            }
        }
    }

    fn area(&mut self, polygons: &[Vec<Vec<geojson::Position>>]) -> Option<Shape> {
        let whole: Vec<_> = polygons.iter().map(|rings| self.polygon(rings)).collect();
        if whole.is_empty() {
            self.fault("has no polygon", "at least one");
            return None;
        }
        let whole: Option<Vec<_>> = whole.into_iter().collect();
        Some(Shape::Area(Area::new(MultiPolygon(whole?))))
    }

    fn polygon(&mut self, rings: &[Vec<geojson::Position>]) -> Option<Polygon> {
        if rings.is_empty() {
            self.fault("a polygon has no ring", "at least one closed ring");
        }
        let mut rings = rings.iter().map(|ring| self.ring(ring)).collect::<Vec<_>>().into_iter();
        let outer = rings.next()?;
        let holes: Option<Vec<_>> = rings.collect();
        Some(Polygon::new(outer?, holes?))
    }

    fn ring(&mut self, positions: &[geojson::Position]) -> Option<LineString<f64>> {
        let ring: Option<Vec<Position>> = positions.iter().map(|at| self.position(at)).collect();
        let ring = ring?;
        if ring.len() < 4 {
            self.fault(
                format!("a ring has {} positions", ring.len()),
                "at least four, the last equal to the first",
            );
            return None;
        }
        if ring.first() != ring.last() {
            self.fault("a ring is open", "a last position equal to the first");
            return None;
        }
        let ring: LineString<f64> = ring.iter().map(|at| (at.lon, at.lat)).collect();
        if ring.lines().filter(|edge| edge.start != edge.end).count() < 3 {
            self.fault("a ring has fewer than three corners", "at least three");
            return None;
        }
        if let Some(at) = self_crossing(&ring) {
            self.fault(
                format!("a ring crosses itself at {:.6},{:.6}", at.lon, at.lat),
                "a ring that does not",
            );
            return None;
        }
        Some(ring)
    }

    fn line(&mut self, positions: &[geojson::Position]) -> Option<Shape> {
        let line: Option<Vec<Position>> = positions.iter().map(|at| self.position(at)).collect();
        let line = line?;
        if line.len() < 2 {
            self.fault("a line has fewer than two positions", "at least two");
            return None;
        }
        Some(Shape::Line(Line::new(line)))
    }

    fn position(&mut self, at: &geojson::Position) -> Option<Position> {
        let &[lon, lat, ..] = at.as_slice() else {
            self.fault("a position has fewer than two numbers", "[longitude, latitude]");
            return None;
        };
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            let want = "longitude -180 to 180, latitude -90 to 90; an area over the antimeridian as two polygons";
            self.fault(format!("a position is {lon},{lat}"), want);
            return None;
        }
        Some(Position { lon, lat })
    }
}
