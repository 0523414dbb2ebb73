//! Where on the chart alerts come and go: coast, zones and marks as one SVG drawing.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::outcome::{Outcome, Shown};
use super::page::{Sheet, escaped};
use crate::geo::{Plane, Position};

/// Width of the drawing in its own units, which are about pixels.
const WIDTH: f64 = 960.0;
/// Least and most height.
const HEIGHTS: (f64, f64) = (320.0, 900.0);
/// Points of a coast nearer than this to the one before are left out.
const FINE: f64 = 0.6;
/// Room around what is drawn, as a share of it.
const MARGIN: f64 = 0.05;
/// Marks drawn; more would hide each other, and are counted.
const MAX_MARKS: usize = 5_000;

/// West, south, east, north.
type Extent = [f64; 4];

/// From degrees to the drawing.
struct View {
    west: f64,
    north: f64,
    per_deg: [f64; 2],
    height: f64,
}

impl View {
    fn of([west, south, east, north]: Extent) -> Self {
        let middle = Position {
            lon: (west + east) / 2.0,
            lat: (south + north) / 2.0,
        };
        let [x_per_deg, y_per_deg] = Plane::around(middle).metres_per_deg();
        let scale = (WIDTH / ((east - west) * x_per_deg)).min(HEIGHTS.1 / ((north - south) * y_per_deg));
        Self {
            west: middle.lon - WIDTH / 2.0 / (scale * x_per_deg),
            north,
            per_deg: [scale * x_per_deg, scale * y_per_deg],
            height: ((north - south) * scale * y_per_deg).max(HEIGHTS.0),
        }
    }

    fn place(&self, lon: f64, lat: f64) -> (f64, f64) {
        let [x, y] = self.per_deg;
        ((lon - self.west) * x, (self.north - lat) * y)
    }

    fn shows(&self, (x, y): (f64, f64)) -> bool {
        (0.0..=WIDTH).contains(&x) && (0.0..=self.height).contains(&y)
    }
}

/// The drawing; none where there is nothing to draw.
pub(super) fn drawing(outcome: &Outcome, sheet: &Sheet<'_>) -> Option<String> {
    let view = View::of(extent(outcome, sheet)?);
    let mut out = String::new();
    let height = view.height;
    let _ = write!(
        out,
        r#"<svg class="chart" viewBox="0 0 {WIDTH} {height:.0}" role="img" aria-label="消失與新增的警報位置 · where alerts come and go"><rect class="sea" width="{WIDTH}" height="{height:.0}"/>"#
    );
    for text in &sheet.coast {
        let coast: Json = serde_json::from_str(text).unwrap_or_default();
        features(&coast, |feature| shape(&mut out, &view, feature, "land"));
    }
    for (_, zone) in sheet.zones.iter() {
        let title = format!("{} · {}", zone.name_zh, zone.name_en);
        let _ = write!(out, "<g><title>{}</title>", escaped(&title));
        let geometry = zone.feature.get("geometry").unwrap_or(&Json::Null);
        shape(&mut out, &view, geometry, "zone");
        out.push_str("</g>");
    }
    for (alerts, class) in [(&outcome.go, "go"), (&outcome.come, "come")] {
        for alert in alerts.iter().take(MAX_MARKS) {
            mark(&mut out, &view, alert, class);
        }
    }
    out.push_str("</svg>");
    Some(out)
}

/// The site's first view and all marks, or else the zones.
fn extent(outcome: &Outcome, sheet: &Sheet<'_>) -> Option<Extent> {
    let marks = outcome
        .come
        .iter()
        .chain(&outcome.go)
        .filter_map(|alert| alert.position);
    let marks = marks.map(|place| [place.lon, place.lat, place.lon, place.lat]);
    let corners = sheet.zones.iter().filter_map(|(_, zone)| zone.corners());
    let zones = corners.map(|(a, b)| [a.lon, a.lat, b.lon, b.lat]);
    let first = match sheet.bbox {
        Some(bbox) => vec![bbox],
        None => zones.collect(),
    };
    let all = first
        .into_iter()
        .chain(marks)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    let [west, south, east, north] = all;
    // A lone mark has no extent of its own.
    let room = |size: f64| (size * MARGIN).max(0.005);
    let (x, y) = (room(east - west), room(north - south));
    Some([west - x, south - y, east + x, north + y])
}

fn features(collection: &Json, mut each: impl FnMut(&Json)) {
    let all = collection.get("features").and_then(Json::as_array);
    for feature in all.into_iter().flatten() {
        each(feature.get("geometry").unwrap_or(&Json::Null));
    }
}

/// Draws a geometry of any kind but points.
fn shape(out: &mut String, view: &View, geometry: &Json, class: &str) {
    let kind = geometry.get("type").and_then(Json::as_str).unwrap_or_default();
    let coordinates = geometry.get("coordinates").unwrap_or(&Json::Null);
    let mut path = String::new();
    lines(coordinates, &mut |points| {
        trace(&mut path, view, points, kind.ends_with("Polygon"))
    });
    if path.is_empty() {
        return;
    }
    let open = if kind.ends_with("Polygon") { "" } else { " open" };
    let _ = write!(out, r#"<path class="{class}{open}" d="{path}"/>"#);
}

/// Finds the lists of positions within, however deep they lie.
fn lines(coordinates: &Json, each: &mut impl FnMut(&[Json])) {
    let Some(list) = coordinates.as_array() else { return };
    let is_position = |json: &Json| json.get(0).is_some_and(Json::is_number);
    if list.first().is_some_and(is_position) {
        each(list);
    } else {
        list.iter().for_each(|inner| lines(inner, each));
    }
}

fn trace(path: &mut String, view: &View, points: &[Json], closes: bool) {
    let place = |point: &Json| Some(view.place(point.get(0)?.as_f64()?, point.get(1)?.as_f64()?));
    let places: Vec<(f64, f64)> = points.iter().filter_map(place).collect();
    let (min, max) = places
        .iter()
        .fold(((f64::MAX, f64::MAX), (f64::MIN, f64::MIN)), |(min, max), p| {
            ((min.0.min(p.0), min.1.min(p.1)), (max.0.max(p.0), max.1.max(p.1)))
        });
    if places.len() < 2 || max.0 < 0.0 || max.1 < 0.0 || min.0 > WIDTH || min.1 > view.height {
        return;
    }
    let mut last = places[0];
    let _ = write!(path, "M{:.1} {:.1}", last.0, last.1);
    for &(x, y) in &places[1..] {
        if (x - last.0).abs() + (y - last.1).abs() >= FINE {
            let _ = write!(path, "L{x:.1} {y:.1}");
            last = (x, y);
        }
    }
    if closes {
        path.push('Z');
    }
}

fn mark(out: &mut String, view: &View, alert: &Shown, class: &str) {
    let Some(place) = alert.position else { return };
    let (x, y) = view.place(place.lon, place.lat);
    if !view.shows((x, y)) {
        return;
    }
    let path = match class {
        "come" => "M0 -6L5.5 4H-5.5Z",
        _ => "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
    };
    let title = format!("{} {}", alert.alert, alert.raised);
    let _ = write!(
        out,
        r#"<path class="{class}" transform="translate({x:.1} {y:.1})" d="{path}"><title>{}</title></path>"#,
        escaped(&title)
    );
}
