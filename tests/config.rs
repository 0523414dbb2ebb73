//! Configurations with mistakes: each is named with its file, its line and what would be right, all at once.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Command;

use harborwatch::config::{self, Config, Mistake, Purpose};

/// A site that is right, as lines: mistakes are made by changing some of them.
const SITE: &str = r#"[site]
name = { zh = "測試港", en = "Test Harbour" }
timezone = "Asia/Taipei"
bbox = [118.0, 24.2, 118.75, 24.7]
[zones]
file = "zones.geojson"
"#;

const ZONES: &str = r#"{"type": "FeatureCollection", "note": "kept", "features": [
{"type": "Feature", "properties": {"id": "bay", "kind": "harbour", "name": {"zh": "灣", "en": "Bay"}}, "geometry": {"type": "Polygon", "coordinates": [[[118.3, 24.3], [118.5, 24.3], [118.5, 24.5], [118.3, 24.5], [118.3, 24.3]]]}},
{"type": "Feature", "properties": {"id": "mouth", "kind": "gate", "name": {"zh": "口", "en": "Mouth"}}, "geometry": {"type": "LineString", "coordinates": [[118.4, 24.3], [118.4, 24.4]]}}
]}"#;

/// Reads `site.toml` from files in memory.
fn read(files: &[(&str, &str)], purpose: Purpose) -> Result<Config, Vec<Mistake>> {
    let mut all: BTreeMap<&str, &str> = BTreeMap::from([("zones.geojson", ZONES)]);
    all.extend(files.iter().copied());
    let get = |path: &Path| match path.to_str().and_then(|path| all.get(path)) {
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(io::ErrorKind::NotFound.into()),
    };
    config::read(Path::new("site.toml"), purpose, &get)
}

fn told(result: Result<Config, Vec<Mistake>>) -> Vec<String> {
    let mistakes = result.err().unwrap_or_default();
    mistakes.iter().map(Mistake::to_string).collect()
}

/// Lines after the site's six; what must be told begins with `want`, in this order and nothing else.
fn check(more: &str, want: &[&str]) {
    check_files(&[("site.toml", &format!("{SITE}{more}"))], want);
}

fn check_files(files: &[(&str, &str)], want: &[&str]) {
    let told = told(read(files, Purpose::Replay));
    let fits = told.len() == want.len() && told.iter().zip(want).all(|(told, want)| told.starts_with(want));
    assert!(fits, "{files:?}\ntold {told:#?}\nwant {want:#?}");
}

#[test]
fn a_right_configuration_is_read_with_its_defaults() {
    let config = read(&[("site.toml", SITE)], Purpose::Replay).unwrap();
    assert_eq!(config.site.name.en, "Test Harbour");
    assert_eq!(config.site.timezone.iana_name(), Some("Asia/Taipei"));
    assert_eq!(config.site.bbox, Some([118.0, 24.2, 118.75, 24.7]));
    assert_eq!(config.listen.http.to_string(), "127.0.0.1:8080");
    assert_eq!((config.zones.len(), config.rules.len(), config.feeds.len()), (2, 0, 0));
    assert_eq!((config.track.lost_after.as_s(), config.track.max_jump_nm), (600.0, 0.5));
    assert_eq!(config.zones.members["note"], "kept");
}

#[test]
fn what_must_stand_there() {
    check_files(
        &[("site.toml", "")],
        &["site.toml:1: site is missing", "site.toml:1: zones is missing"],
    );
    let serve = told(read(&[("site.toml", SITE)], Purpose::Service));
    assert_eq!(serve.len(), 2, "{serve:?}");
    assert!(serve[0].starts_with("site.toml:1: data is missing; should be the section [data]"));
    assert!(serve[1].starts_with("site.toml:1: feed is missing; should be at least one [[feed]]"));
    check_files(
        &[("site.toml", "[site]\n[zones]\n")],
        &[
            "site.toml:1: site.name is missing",
            "site.toml:1: site.timezone is missing",
            "site.toml:2: zones.file is missing",
        ],
    );
    check_files(&[], &["site.toml: cannot be read: "]);
}

#[test]
fn the_site_and_the_plain_sections() {
    for (line, want) in [
        ("name = \"Kinmen\"\n", "site.toml:2: site.name is no table"),
        ("name = { zh = \"金\" }\n", "site.toml:2: site.name.en is missing"),
        (
            "name = { zh = \"\", en = \"K\" }\n",
            "site.toml:2: site.name.zh is \"\"",
        ),
        (
            "name = { zh = \"金\", en = \"K\", fr = \"K\" }\n",
            "site.toml:2: site.name.fr is not known",
        ),
    ] {
        let site = SITE.replace("name = { zh = \"測試港\", en = \"Test Harbour\" }\n", line);
        check_files(&[("site.toml", &site)], &[want]);
    }
    let site = SITE.replace("Asia/Taipei", "Asia/Kinmen").replace("118.75", "117");
    let want = [
        "site.toml:3: site.timezone is \"Asia/Kinmen\"; should be an IANA",
        "site.toml:4: site.bbox is [118.0, 24.2",
    ];
    check_files(&[("site.toml", &site)], &want);
    check(
        "[track]\nlost_after_s = \"600\"\n",
        &["site.toml:8: track.lost_after_s is \"600\"; should be a number from 1"],
    );
    check(
        "[track]\nlost_after_s = -1\nmax_jump_mn = 1\n",
        &[
            "site.toml:8: track.lost_after_s is -1",
            "site.toml:9: track.max_jump_mn is not known; should be one of lost_after_s",
        ],
    );
    check(
        "[track]\nremove_after_s = 60\nlost_after_s = 61\n",
        &["site.toml:8: track.remove_after_s is 60; should be at least 61"],
    );
    check(
        "[track]\nmax_speed_kn = inf\n",
        &["site.toml:8: track.max_speed_kn is inf"],
    );
    check(
        "[journal]\nsync_ms = 1.5\n[retention]\nraw_days = 0\n[review]\nalerts_per_hour = 0\n",
        &[
            "site.toml:8: journal.sync_ms is 1.5",
            "site.toml:10: retention.raw_days is 0",
            "site.toml:12: review.alerts_per_hour is 0",
        ],
    );
    check("[jornal]\n", &["site.toml:7: jornal is not known"]);
    check("[data]\n", &["site.toml:7: data.dir is missing"]);
    check("[[track]]\n", &["site.toml:7: track is no table"]);
    check(
        "[rule]\nid = \"x\"\n",
        &["site.toml:7: rule is no list of tables; should be a list of tables, as in [[rule]]"],
    );
}

#[test]
fn nobody_beyond_this_machine_is_let_in() {
    check(
        "[listen]\nhttp = \"0.0.0.0:8080\"\n",
        &[
            "site.toml:8: listen.http is 0.0.0.0:8080, which others can reach; should be 127.0.0.1 or [::1]: there are no accounts",
        ],
    );
    check(
        "[listen]\nhttp = \"192.168.1.4:80\"\nnmea_tcp = \"[::]:10110\"\n",
        &[
            "site.toml:8: listen.http is 192.168.1.4:80",
            "site.toml:9: listen.nmea_tcp is [::]:10110",
        ],
    );
    check(
        "[listen]\nhttp = \"8080\"\n",
        &["site.toml:8: listen.http is \"8080\"; should be an address with a port"],
    );
    check(
        "[listen]\nhttp = \"127.0.0.1:80800\"\n",
        &["site.toml:8: listen.http is \"127.0.0.1:80800\""],
    );
    check(
        "[listen]\ntls_cert = \"a.pem\"\n",
        &["site.toml:8: listen.tls_cert and tls_key belong together"],
    );
    for good in ["127.0.0.1:1", "[::1]:8080", "localhost:8080"] {
        check(&format!("[listen]\nhttp = \"{good}\"\n"), &[]);
    }
}

#[test]
fn feeds() {
    check(
        "[[feed]]\n",
        &["site.toml:7: feed.kind is missing", "site.toml:7: feed.name is missing"],
    );
    check(
        "[[feed]]\nname = \"a b\"\nkind = \"seriel\"\n",
        &[
            "site.toml:8: feed.name is \"a b\"",
            "site.toml:9: feed.kind is \"seriel\"; should be \"serial\" or \"tcp\"",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nbaud = 9600\nbogus = 1\n",
        &[
            "site.toml:7: feed.kind is missing",
            "site.toml:10: feed.bogus is not known",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"serial\"\nbaud = 0\nbits = 8\n",
        &[
            "site.toml:7: feed.path is missing",
            "site.toml:10: feed.baud is 0",
            "site.toml:11: feed.bits is not known",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"tcp\"\naddress = \"host\"\n",
        &["site.toml:10: feed.address is \"host\"; should be a host and a port"],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"udp\"\nlisten = \"0.0.0.0:10110\"\nmulticast = \"10.0.0.1\"\nformat = \"451\"\n",
        &[
            "site.toml:11: feed.multicast is \"10.0.0.1\"",
            "site.toml:12: feed.format is \"451\"",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"file\"\npath = \"x.nmea\"\npace = \"slow\"\nfollow = 1\n",
        &[
            "site.toml:11: feed.pace is \"slow\"",
            "site.toml:12: feed.follow is 1; should be true or false",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"stdin\"\ntime = \"gps\"\ntalkers = [\"AIS\"]\nantenna = [200, 0]\noffset_s = \"1\"\n",
        &[
            "site.toml:10: feed.time is \"gps\"",
            "site.toml:11: feed.talkers names what is no talker",
            "site.toml:12: feed.antenna is [200, 0]",
            "site.toml:13: feed.offset_s is \"1\"",
        ],
    );
    check(
        "[[feed]]\nname = \"a\"\nkind = \"stdin\"\n[[feed]]\nname = \"a\"\nkind = \"stdin\"\n",
        &[
            "site.toml:11: feed.name is a, which stands already in line 8",
            "site.toml:12: feed.kind reads what feed a reads",
        ],
    );
}

#[test]
fn rules() {
    check(
        "[[rule]]\n",
        &[
            "site.toml:7: rule.id is missing",
            "site.toml:7: rule.kind is missing",
            "site.toml:7: rule.priority is missing",
        ],
    );
    let rule = |lines: &str| {
        format!("[[rule]]\nid = \"r\"\nkind = \"speed_limit\"\npriority = \"warning\"\nlimit_kn = 8\n{lines}")
    };
    check(&rule(""), &[]);
    check(
        &rule("limit_kt = 8\nfor_s = -1\n"),
        &[
            "site.toml:12: rule.limit_kt is not known",
            "site.toml:13: rule.for_s is -1",
        ],
    );
    check(
        &rule("zones = [\"bai\",\n\"kind:harbor\", \"bay\",\n\"mouth\"]\n"),
        &[
            "site.toml:12: rule.zones names bai, which is not known",
            "site.toml:13: rule.zones names kind:harbor",
            "site.toml:14: rule.zones names mouth, which is a gate; should be areas",
        ],
    );
    check(
        &rule("vessels = { classes = [\"sandcarrier\"], lenght = 1 }\n"),
        &[
            "site.toml:12: rule.vessels.classes",
            "site.toml:12: rule.vessels.lenght is not known",
        ],
    );
    check(
        &rule("[rule.vessels]\nmid = [416]\nais_class = \"C\"\n"),
        &["site.toml:14: rule.vessels.ais_class"],
    );
    check(&rule("review_by = 2027-02-28\n"), &[]);
    check(&rule("review_by = \"2027-02-28\"\n"), &[]);
    for wrong in [
        "2027-02-28T00:00:00",
        "07:00:00",
        "\"2027-02-30\"",
        "\"2027-02-28T00:00\"",
        "20270228",
    ] {
        check(
            &rule(&format!("review_by = {wrong}\n")),
            &["site.toml:12: rule.review_by is"],
        );
    }
    check(&rule("message = { en = \"x\" }\n"), &["site.toml:12: rule.message is"]);
    check(
        &format!("{}{}", rule(""), rule("")),
        &["site.toml:13: rule.id is r, which stands already in line 8"],
    );
    check(
        &rule("").replace("limit_kn = 8", "limit_kn = nan"),
        &["site.toml:11: rule.limit_kn is {\"number\":\"nan\"}"],
    );
}

#[test]
fn a_rule_of_no_kind_has_its_other_mistakes_named() {
    check(
        "[[rule]]\nid = 2027-03-31\nkind = \"sped_limit\"\nlimit_kn = 8\nzones = [\"mouth\", \"reef\"]\nmode = \"on\"\nfor_s = -1\nbogus = 1\n\
         message = { zh = 07:00:00, en = inf }\nvessels = { clases = [] }\nescalate_s = 0\n",
        &[
            "site.toml:7: rule.priority is missing",
            "site.toml:8: rule.id is {\"time\":\"2027-03-31\"}",
            "site.toml:9: rule.kind is \"sped_limit\"; should be one of",
            "site.toml:11: rule.zones names reef, which is not known",
            "site.toml:12: rule.mode is \"on\"",
            "site.toml:13: rule.for_s is -1",
            "site.toml:14: rule.bogus is not known",
            "site.toml:15: rule.message is",
            "site.toml:16: rule.vessels.clases is not known",
            "site.toml:17: rule.escalate_s is 0",
        ],
    );
}

/// `to` and `route` are the id of one line.
#[test]
fn a_line_is_named_by_its_id() {
    for (id, want) in [
        ("mouth", None),
        ("bay", Some("names bay, which is a harbour")),
        ("reef", Some("names reef, which is not known")),
        ("kind:gate", Some("is \"kind:gate\"; should be the id of a line")),
        ("", Some("is \"\"; should be the id of a line")),
    ] {
        let rule = format!(
            "[[rule]]\nid = \"r\"\nkind = \"route_deviation\"\npriority = \"warning\"\nroute = \"{id}\"\nmax_m = 9\n"
        );
        let want = want.map(|want| format!("site.toml:11: rule.route {want}"));
        check(&rule, &want.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn a_night_needs_two_times_of_day() {
    for (from, to, want) in [
        ("18:00", "06:00", None),
        ("06:00", "06:00", Some("12: rule.to is from")),
        ("+6:00", "00:00", Some("11: rule.from is \"+6:00\"")),
        ("24:00", "00:00", Some("11: rule.from is \"24:00\"")),
        ("6:00", "18:00", Some("11: rule.from is \"6:00\"")),
    ] {
        let rule = format!(
            "[[rule]]\nid = \"r\"\nkind = \"night_movement\"\npriority = \"warning\"\nfrom = \"{from}\"\nto = \"{to}\"\n"
        );
        let want = want.map(|want| format!("site.toml:{want}"));
        check(&rule, &want.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn groups_and_followed_files() {
    for (keys, mistake) in [
        (
            "interface = \"eth0\"\n",
            "site.toml:11: feed.interface stands without multicast",
        ),
        (
            "multicast = \"ff02::1\"\ninterface = \"10.0.0.5\"\n",
            "site.toml:12: feed.interface is an address, and the group is of IPv6",
        ),
        (
            "multicast = \"ff02::1\"\ninterface = \"eth0\"\n",
            "site.toml:10: feed.listen is not of the same IP version as the group; should be \"[::]:PORT\"",
        ),
        (
            "multicast = \"239.192.0.1\"\ninterface = \"no/name\"\n",
            "site.toml:12: feed.interface is \"no/name\"; should be a network interface",
        ),
    ] {
        let feed = "[[feed]]\nname = \"a\"\nkind = \"udp\"\nlisten = \"0.0.0.0:10110\"\n";
        check(&format!("{feed}{keys}"), &[mistake]);
    }
    for (path, keys, mistake) in [
        (
            "x.nmea",
            "pace = \"real\"\n",
            "site.toml:12: feed.pace is \"real\" with follow",
        ),
        ("x.nmea.gz", "", "site.toml:11: feed.follow is true for a packed file"),
    ] {
        let feed = format!("[[feed]]\nname = \"a\"\nkind = \"file\"\npath = \"{path}\"\nfollow = true\n{keys}");
        check(&feed, &[mistake]);
    }
}

#[test]
fn feeds_of_rules_and_desks() {
    let silence = "[[rule]]\nid = \"f\"\nkind = \"feed_silence\"\npriority = \"warning\"\nfeeds = [\"shuitou\"]\n";
    check(silence, &[]);
    let beside = format!("{silence}[[feed]]\nname = \"a\"\nkind = \"stdin\"\n");
    check(
        &beside,
        &["site.toml:11: rule.feeds names shuitou, which is no feed; should be one of a"],
    );
    // In a replay the recordings are feeds, too.
    let site = format!("{SITE}{beside}");
    for (recorded, mistakes) in [("shuitou", 0), ("liaoluo", 1)] {
        let result = read(&[("site.toml", &site)], Purpose::Recordings(&[recorded.into()]));
        assert_eq!(told(result).len(), mistakes, "{recorded}");
    }
    let wind = |station: &str| {
        format!(
            "[[rule]]\nid = \"w\"\nkind = \"wind_limit\"\npriority = \"warning\"\nmean_ms = 9.5\nstation = \"{station}\"\n\
             [[feed]]\nname = \"a\"\nkind = \"stdin\"\n"
        )
    };
    for station in ["", "a", "a/ST1", "4169999"] {
        check(&wind(station), &[]);
    }
    check(
        &wind("b/ST1"),
        &["site.toml:12: rule.station names b, which is no feed; should be one of a"],
    );
    check(
        "[[desk]]\nid = \"a b\"\nzones = [\"bay\"]\n[[desk]]\nid = \"b\"\nzones = [\"reef\"]\n[[desk]]\nid = \"b\"\n",
        &[
            "site.toml:8: desk.id is \"a b\"",
            "site.toml:12: desk.zones names reef",
            "site.toml:13: desk.zones is missing",
            "site.toml:14: desk.id stands already in line 11",
        ],
    );
}

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

#[test]
fn what_is_no_toml_is_named_with_the_rest() {
    check(
        "[track]\nmax_speed_kn = \nmax_jump_nm = 1\nmax_jump_nm = 2\nlost_after = 1\n[[rule]\n",
        &[
            "site.toml:8: ",
            "site.toml:10: ",
            "site.toml:11: track.lost_after is not known",
            "site.toml:12: ",
        ],
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

/// The samples that come with the program are right, and a service could start on them.
#[test]
fn the_samples_are_right() {
    for (name, rules, coasts) in [("kinmen", 43, 2), ("hualien", 17, 1)] {
        let path = format!("{}/config/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let config = config::load(Path::new(&path), Purpose::Service);
        let config = config.unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        assert_eq!((config.rules.len(), config.coast.len()), (rules, coasts), "{name}");
        assert!(config.rules.is_sorted_by_key(|rule| rule.id.clone()));
        assert!(config.desks.iter().any(|desk| !desk.zones.is_empty()));
    }
}

/// `harborwatch check` of the Kinmen sample with more at its end: its exit status and what it says.
fn checked(more: &str) -> (Option<i32>, String) {
    let folder = std::env::temp_dir().join(format!("harborwatch-check-{}-{}", std::process::id(), more.len()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for file in Path::new("config").read_dir().unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
    }
    let site = folder.join("kinmen.toml");
    let text = std::fs::read_to_string(&site).unwrap();
    std::fs::write(&site, format!("{text}\n{more}")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let run = command.args(["check", "--config"]).arg(&site).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let told = [run.stdout, run.stderr].concat();
    (run.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn check_says_what_a_site_is_made_of_and_what_is_kept_how_long() {
    let (status, told) = checked("");
    assert_eq!(status, Some(0), "{told}");
    for line in [
        "kept          the journal 90 days\n",
        "undeclared-sand · undeclared_entry · alarm · live",
        "no mistakes\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let (status, told) =
        checked("[retention]\nraw_days = 30\npositions_days = 20\nalerts_days = 400\naudit_days = 60\n");
    assert_eq!(status, Some(0), "{told}");
    for line in [
        "kept          the journal 20 days, closed alerts 400 days\n",
        "note          [retention] positions_days = 20, raw_days = 30: positions are the journal's lines, which are kept 20 days\n",
        "note          [retention] audit_days = 60: decisions are in the journal, which is kept 20 days\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let (status, told) = checked("[retention]\nraw_days = 0\nyears = 1\n");
    assert_eq!(status, Some(2), "{told}");
    for part in [
        "retention.raw_days is 0; should be",
        "retention.years is not known; should be one of",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}
