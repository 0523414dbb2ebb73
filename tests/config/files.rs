//! Mistakes in the files that a configuration names.

use std::path::Path;

use harborwatch::config::{self, Purpose};

use crate::{SITE, ZONES, check_files, told};

#[test]
fn files_that_are_named() {
    let site = format!(
        "{SITE}coast = [\"coast.geojson\", \"no.geojson\"]\n[register]\nfile = \"register.csv\"\n[declarations]\nfile = \"nowhere.csv\"\n[inspections]\n[tide]\nheight_m = 99\n"
    );
    let files = [
        ("site.toml", site.as_str()),
        ("coast.geojson", "{\"type\": \"Feature\"}"),
        (
            "register.csv",
            "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n416000001,,A,,sandcarrier,deep,,\n416000001,12,A,,,,,\n",
        ),
    ];
    check_files(
        &files,
        &[
            "coast.geojson:1: is no FeatureCollection",
            "register.csv:2: class is sandcarrier; should be one of fishing",
            "register.csv:2: load_line_m is deep",
            "register.csv:3: imo is 12",
            "register.csv:3: mmsi stands already in line 2",
            "site.toml:7: zones.coast names no.geojson, which cannot be read",
            "site.toml:11: declarations.file names nowhere.csv, which cannot be read",
            "site.toml:12: inspections.file is missing",
            "site.toml:14: tide.height_m is 99",
        ],
    );
    let site = format!("{SITE}[tide]\nfile = \"tide.csv\"\nheight_m = 1.0\n");
    check_files(
        &[("site.toml", &site), ("tide.csv", "time,height\n")],
        &[
            "site.toml:9: tide.height_m stands beside file",
            "tide.csv:1: the header is time,height; should be time,height_m",
        ],
    );
}

#[test]
fn text_that_is_not_utf_8() {
    let get = |path: &Path| match path.to_str() {
        Some("site.toml") => Ok(format!("\u{feff}{SITE}[register]\nfile = \"r.csv\"\n").into_bytes()),
        Some("r.csv") => Ok(b"mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n1,,\xa4j,,,,,\n".to_vec()),
        _ => Ok(ZONES.into()),
    };
    let told = told(config::read(Path::new("site.toml"), Purpose::Replay, &get));
    assert_eq!(told, ["r.csv:2: is not UTF-8 from here on; should be UTF-8"]);
}

#[test]
fn zones() {
    let feature = |id: &str, kind: &str, geometry: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\",\"kind\":\"{kind}\",\"name\":{{\"zh\":\"一\",\"en\":\"One\"}}}},\"geometry\":{geometry}}}"
        )
    };
    let polygon = |ring: &str| format!("{{\"type\":\"Polygon\",\"coordinates\":[[{ring}]]}}");
    let square = polygon("[0,0],[1,0],[1,1],[0,1],[0,0]");
    let features = [
        feature("a", "harbour", &square),
        feature("a", "harbour", &square),
        feature("open", "harbour", &polygon("[0,0],[1,0],[1,1],[0,1]")),
        feature("bow", "harbour", &polygon("[0,0],[1,1],[1,0],[0,1],[0,0]")),
        feature("few", "harbour", &polygon("[0,0],[1,1],[0,0]")),
        feature("flat", "harbour", &polygon("[0,0],[0,0],[0,0],[0,0]")),
        feature("far", "harbour", &polygon("[0,0],[181,0],[1,1],[0,0]")),
        feature("kind", "harbor", &square),
        feature("form", "gate", &square),
        feature(".dot", "harbour", &square),
        feature("short", "gate", "{\"type\":\"LineString\",\"coordinates\":[[0,0]]}"),
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"nameless\",\"kind\":\"mark\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[0,0]}}".into(),
        feature("null", "mark", "null"),
        feature("a", "harbour", &polygon("[0,0],[1,1],[1,0],[0,1],[0,0]")),
        feature("both", "harbor", &polygon("[0,0],[1,1],[1,0],[0,1],[0,0]")),
        feature("hollow", "anchorage", "{\"type\":\"Polygon\",\"coordinates\":[]}"),
        feature("two", "watch", "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1]]],[[[2,0],[3,0],[3,1],[2,1]]]]}"),
        feature("point", "anchorage", "{\"type\":\"Point\",\"coordinates\":[0,0]}"),
        feature("gate", "gate", "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}"),
    ];
    let zones = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}",
        features.join(",\n")
    );
    let rule = "[[rule]]\nid = \"r\"\nkind = \"zone_entry\"\npriority = \"warning\"\nzones = [\"bow\", \"kind:fairway\", \"reef\", \"gate\"]\n";
    check_files(
        &[("site.toml", &format!("{SITE}{rule}")), ("zones.geojson", &zones)],
        &[
            "site.toml:11: rule.zones names gate, which is a gate",
            "site.toml:11: rule.zones names reef",
            "zones.geojson:3: zone a: the id stands already at line 2",
            "zones.geojson:4: zone open: a ring is open",
            "zones.geojson:5: zone bow: a ring crosses itself at 0.500000,0.500000",
            "zones.geojson:6: zone few: a ring has 3 positions",
            "zones.geojson:7: zone flat: a ring has fewer than three corners",
            "zones.geojson:8: zone far: a position is 181,0",
            "zones.geojson:9: zone kind: kind is \"harbor\"; should be one of harbour, fairway",
            "zones.geojson:10: zone form: a gate is a Polygon; should be a LineString",
            "zones.geojson:11: id is \".dot\"",
            "zones.geojson:12: zone short: a line has fewer than two positions",
            "zones.geojson:13: zone nameless: name lacks a language",
            "zones.geojson:14: zone null: geometry cannot be read",
            "zones.geojson:15: zone a: a ring crosses itself",
            "zones.geojson:15: zone a: the id stands already at line 3",
            "zones.geojson:16: zone both: a ring crosses itself",
            "zones.geojson:16: zone both: kind is \"harbor\"",
            "zones.geojson:17: zone hollow: a polygon has no ring",
            "zones.geojson:18: zone two: a ring has 3 positions",
            "zones.geojson:18: zone two: a ring is open",
            "zones.geojson:19: zone point: an anchorage is a Point; should be a Polygon or MultiPolygon",
        ],
    );
    check_files(
        &[("site.toml", SITE), ("zones.geojson", "{\"type\":\n,}")],
        &["zones.geojson:2: expected value"],
    );
}

/// A file of zones whose ring has thousands of corners is judged at once, not after minutes.
#[test]
fn a_ring_of_five_thousand_corners_is_no_burden() {
    let corner = |n: usize| {
        let (angle, radius) = (
            n as f64 / 5000.0 * std::f64::consts::TAU,
            if n.is_multiple_of(2) { 1.0 } else { 0.9 },
        );
        format!("[{},{}]", radius * angle.cos(), radius * angle.sin())
    };
    let ring: Vec<String> = (0..5000).chain([0]).map(corner).collect();
    let zone = |ring: &[String]| {
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"id\":\"star\",\"kind\":\"watch\",\"name\":{{\"zh\":\"星\",\"en\":\"Star\"}}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}]}}",
            ring.join(",")
        )
    };
    check_files(&[("site.toml", SITE), ("zones.geojson", &zone(&ring))], &[]);
    let mut crossed = ring;
    crossed.swap(100, 2600);
    check_files(
        &[("site.toml", SITE), ("zones.geojson", &zone(&crossed))],
        &["zones.geojson:1: zone star: a ring crosses itself"],
    );
}
