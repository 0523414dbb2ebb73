//! Mistakes in rules and desks.

use harborwatch::config::Purpose;

use crate::{SITE, check, read, told};

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
