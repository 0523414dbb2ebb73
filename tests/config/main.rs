//! Configurations with mistakes: each is named with its file, its line and what would be right, all at once.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

mod files;
mod rules;

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
