//! A site with every kind of zone and rules of every kind there is, their settings drawn from the seed.

use std::fmt::Write;
use std::io;
use std::path::Path;

use harborwatch::config::{self, Config, Purpose};
use harborwatch::rules::{KINDS, Kind, Subject, Value, ZoneUse};

use crate::chance::Chance;

const SITE: &str = r#"[site]
name = { zh = "測試港", en = "Test Harbour" }
timezone = "Asia/Taipei"
[zones]
file = "zones.geojson"
[register]
file = "register.csv"
[declarations]
file = "declarations.csv"
[inspections]
file = "inspections.csv"
[track]
lost_after_s = 200
moored_lost_after_s = 300
remove_after_s = 800
"#;

const REGISTER: &str = "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner
416000001,,TEST SHA 1,測試沙一號,sand_carrier,4.2,70,TEST OWNER
412000002,,TEST SHA 2,測試沙二號,sand_carrier,3.9,65,TEST OWNER
412000110,,TEST SHA 3,測試沙三號,sand_carrier,5.0,80,
416000112,,PATROL 1,,patrol,,20,
";

const DECLARATIONS: &str =
    "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status
d1,416000001,bay,berth,2026-03-01T00:05:00Z,2026-03-01T00:15:00Z,4.0,900,false,true,approved
d2,412000002,,,2026-02-28T00:00:00Z,2026-03-03T00:00:00Z,3.5,900,true,true,arrived
d3,412000110,bay,,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,,900,false,false,submitted
";

const INSPECTIONS: &str = "id,declaration,mmsi,time,result
i1,d1,416000001,2026-03-01T00:08:00Z,pass
i2,d2,412000002,2026-03-01T00:03:00Z,detained
";

/// Zones as kind, id, and corners.
const ZONES: [(&str, &str, &[[f64; 2]]); 9] = [
    (
        "harbour",
        "bay",
        &[[118.36, 24.36], [118.44, 24.36], [118.44, 24.44], [118.36, 24.44]],
    ),
    (
        "harbour",
        "cove",
        &[[118.43, 24.43], [118.50, 24.43], [118.50, 24.50], [118.43, 24.50]],
    ),
    (
        "berth",
        "berth",
        &[[118.39, 24.39], [118.41, 24.39], [118.41, 24.41], [118.39, 24.41]],
    ),
    (
        "anchorage",
        "roads",
        &[[118.30, 24.30], [118.35, 24.30], [118.35, 24.35], [118.30, 24.35]],
    ),
    (
        "fairway",
        "channel",
        &[[118.35, 24.33], [118.36, 24.33], [118.36, 24.47], [118.35, 24.47]],
    ),
    ("gate", "mouth", &[[118.36, 24.36], [118.44, 24.44]]),
    ("gate", "sound", &[[118.30, 24.38], [118.50, 24.38]]),
    ("quay", "quay", &[[118.39, 24.40], [118.41, 24.40]]),
    ("route", "ferry", &[[118.30, 24.30], [118.50, 24.50]]),
];

/// Values of parameters that must be given, or that at their defaults would say nothing in so short a run.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("after_s", &["60", "120"]),
    ("below_kn", &["2"]),
    ("below_nm", &["2"]),
    ("cpa_nm", &["0.5", "1.0"]),
    ("limit_kn", &["4", "8"]),
    ("limit_ms", &["0.2"]),
    ("margin_m", &["0.5"]),
    ("max_m", &["500"]),
    ("mean_ms", &["5", "10"]),
    ("max_s", &["120", "300"]),
    ("mean_ms", &["10"]),
    ("mmsi", &["[416000001, 412000115, 477000112]"]),
    ("radius_m", &["100", "300"]),
    ("route", &["\"ferry\""]),
    ("statuses", &["[1, 14]"]),
    ("steps", &["[[1000, 3], [3000, 8]]"]),
    ("tcpa_min", &["10", "20"]),
    ("to", &["\"quay\""]),
    ("window_s", &["120"]),
];

/// The site under this seed. A kind whose parameters are not told here must have defaults.
pub fn config(seed: u64) -> Config {
    let mut text = SITE.to_owned();
    let mut chance = Chance(seed);
    for kind in KINDS {
        for (number, mode) in ["live", "live", "shadow"].iter().enumerate() {
            write_rule(&mut text, kind, number, mode, &mut chance);
        }
    }
    let zones = zones();
    let files = |path: &Path| {
        let text = match path.to_str() {
            Some("site.toml") => &text,
            Some("zones.geojson") => &zones,
            Some("register.csv") => REGISTER,
            Some("declarations.csv") => DECLARATIONS,
            Some("inspections.csv") => INSPECTIONS,
            _ => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(text.as_bytes().to_vec())
    };
    config::read(Path::new("site.toml"), Purpose::Replay, &files).unwrap_or_else(|mistakes| {
        let told: String = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
        panic!("tests/simulation/site.rs must say more of a kind's parameters:\n{told}{text}")
    })
}

fn write_rule(text: &mut String, kind: &Kind, number: usize, mode: &str, chance: &mut Chance) {
    let mut line = |words: std::fmt::Arguments<'_>| writeln!(text, "{words}").unwrap();
    line(format_args!("[[rule]]"));
    line(format_args!("id = \"{}-{number}\"", kind.name.replace('_', "-")));
    line(format_args!("kind = \"{}\"\nmode = \"{mode}\"", kind.name));
    let priority = chance.of(&["emergency", "alarm", "warning", "caution"]);
    line(format_args!("priority = \"{priority}\""));
    if priority == "warning" && chance.once_in(2) {
        line(format_args!("escalate_s = {}", chance.of(&[20, 90])));
    }
    if !kind.evaluation.momentary {
        line(format_args!("for_s = {}", chance.of(&[0, 0, 5, 20])));
        line(format_args!("clear_s = {}", chance.of(&[0, 10, 60])));
    }
    match kind.zones {
        ZoneUse::None => {}
        ZoneUse::Gates => line(format_args!(
            "zones = {}",
            chance.of(&[r#"["kind:gate"]"#, r#"["mouth"]"#])
        )),
        _ => line(format_args!(
            "zones = {}",
            chance.of(&[
                r#"["bay"]"#,
                r#"["kind:harbour", "berth"]"#,
                r#"["bay", "cove", "roads", "channel"]"#
            ])
        )),
    }
    if kind.subject == Subject::Vessel && chance.once_in(2) {
        line(format_args!("vessels = {{ not_classes = [\"tanker\"] }}"));
    }
    for parameter in kind.parameters {
        // A name may stand for a line in one kind and for a time of day in another.
        let is_line = |name: &str| name != "to" || kind.name != "night_movement";
        let known = PARAMETERS
            .iter()
            .find(|(name, _)| *name == parameter.name && is_line(name));
        match (known, &parameter.value) {
            (Some((_, values)), _) => line(format_args!("{} = {}", parameter.name, chance.of(values))),
            (None, Value::Number { min, max }) if parameter.default.is_none() => {
                line(format_args!("{} = {}", parameter.name, 5_f64.clamp(*min, *max)));
            }
            _ => {}
        }
    }
}

fn zones() -> String {
    let features = ZONES.map(|(kind, id, corners)| {
        let is_line = matches!(kind, "gate" | "quay" | "route");
        let geometry = if is_line {
            serde_json::json!({"type": "LineString", "coordinates": corners})
        } else {
            let ring: Vec<_> = corners.iter().chain(&corners[..1]).collect();
            serde_json::json!({"type": "Polygon", "coordinates": [ring]})
        };
        serde_json::json!({"type": "Feature", "geometry": geometry, "properties":
            {"id": id, "kind": kind, "name": {"zh": id, "en": id}, "direction_deg": 20, "depth_m": 6}})
    });
    serde_json::json!({"type": "FeatureCollection", "features": features}).to_string()
}
