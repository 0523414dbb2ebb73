//! Snippets that break a rule, and their neighbours that do not: a checker that finds nothing finds these.

use crate::rules;
use crate::source::{Fault, Source};

/// The rule says something of the first text, of the line given, and nothing of the second.
fn check(rule: fn(&Source) -> Vec<Fault>, path: &str, breaks: &str, keeps: &str) {
    let source = |body: &str| Source::new(path, body).expect("the snippet has tokens");
    assert!(!rule(&source(breaks)).is_empty(), "{path} passes: {breaks}");
    let faults = rule(&source(keeps));
    assert!(faults.is_empty(), "{path} fails: {keeps}: {faults:?}");
}

#[test]
fn upward_imports_are_found() {
    let rule = rules::imports;
    check(
        rule,
        "src/geo/mod.rs",
        "use crate::zone::Zone;",
        "use crate::time::Timestamp;",
    );
    check(
        rule,
        "src/ais/decode.rs",
        "use crate::{geo::Knots, track};",
        "use crate::{geo::Knots, ais::Mmsi};",
    );
    check(
        rule,
        "src/ais/decode.rs",
        "fn f() { let x = crate::view::new(); }",
        "pub(crate) fn f() {}",
    );
    check(
        rule,
        "src/ais/decode.rs",
        "use super::super::nmea::Line;",
        "use super::mmsi::Mmsi;",
    );
    check(
        rule,
        "src/ais/mod.rs",
        "use super::nmea::Line;",
        "use super::geo::Knots;",
    );
    check(
        rule,
        "src/ais/mod.rs",
        "mod inner { use super::super::nmea; }",
        "mod inner { use super::nmea_like; }",
    );
    check(
        rule,
        "src/ais/mod.rs",
        "fn f() { assert!(crate::nmea::OK); }",
        "// crate::nmea::Line in a comment\n",
    );
}

#[test]
fn hidden_imports_and_strangers_are_found() {
    let rule = rules::imports;
    check(
        rule,
        "src/time.rs",
        "use crate as all;",
        "use jiff::civil as crate_free;",
    );
    check(rule, "src/time.rs", "use crate::*;", "use std::fmt::*;");
    check(
        rule,
        "src/time.rs",
        "#[macro_export] macro_rules! m { () => {} }",
        "macro_rules! m { () => {} }",
    );
    check(
        rule,
        "src/time.rs",
        "#[cfg(test)] mod tests { use crate::geo; }",
        "#[cfg(test)] mod tests { use super::*; }",
    );
    check(rule, "src/http/mod.rs", "use crate::service;", "use crate::view::View;");
    let stranger = Source::new("src/util/mod.rs", "fn f() {}").expect("tokens");
    assert_eq!(rule(&stranger).len(), 1);
    check(
        rule,
        "src/geo/mod.rs",
        "use harborwatch::zone;",
        "use harborwatch::time::Timestamp;",
    );
}

#[test]
#[should_panic(expected = "passes")]
fn a_rule_that_finds_nothing_fails_its_case() {
    check(|_| Vec::new(), "src/geo/mod.rs", "use crate::zone::Zone;", "");
}

#[test]
fn outside_things_in_pure_rooms_are_found() {
    for broken in [
        "use std::time::Duration;",
        "use std::{fmt, time};",
        "fn f() { let t = std::time::SystemTime::now(); }",
        "use core::sync::atomic::AtomicU64;",
        "use std::sync::{Arc, Mutex};",
        "use std::sync::RwLock;",
        "use std::sync::mpsc;",
        "use std::sync;",
        "use std::fs::File;",
        "use std::net::TcpStream;",
        "use std::io::{self, Read};",
        "fn f() { std::thread::yield_now(); }",
        "use tokio::sync::watch;",
        "async fn f() {}",
        "fn f() { g().await; }",
        "fn f() { tracing::info!(\"x\"); }",
        "use log;",
        "fn f() { rand::thread_rng(); }",
        "fn f() -> u8 { fastrand::u8(..) }",
        "use rand_pcg::Pcg64;",
        "struct S { since: Instant }",
    ] {
        check(
            rules::purity,
            "src/track/mod.rs",
            broken,
            "use std::sync::{Arc, OnceLock}; use std::fmt::Write;",
        );
    }
    check(
        rules::purity,
        "src/track/mod.rs",
        "use std::fs;",
        "#[cfg(test)] mod tests { use std::fs; fn f() { dbg!(1); } }",
    );
    check(
        rules::purity,
        "src/simulate/mod.rs",
        "use rand::Rng;",
        "use rand_pcg::Pcg64;",
    );
    check(
        rules::purity,
        "src/track/mod.rs",
        "#[cfg(not(test))] use std::fs;",
        "#[cfg(test)] use std::fs;",
    );
    assert!((rules::purity)(&Source::new("src/feeds/mod.rs", "use std::fs;").expect("tokens")).is_empty());
}

#[test]
fn platform_functions_in_pure_rooms_are_found() {
    for broken in [
        "x.sin()",
        "x.atan2(y)",
        "(x + 1.0).powf(2.0)",
        "x.log10()",
        "x.powi(2)",
        "f64::hypot(x, y)",
    ] {
        let body = |code: &str| format!("fn f(x: f64, y: f64) -> f64 {{ {code} }}");
        check(
            rules::exactness,
            "src/geo/mod.rs",
            &body(broken),
            &body("libm::sin(x).sqrt() + y.to_radians()"),
        );
    }
    check(
        rules::exactness,
        "src/zone/mod.rs",
        "fn f() { assert!(x.cos() > 0.0); }",
        "fn f() { let log = x.log; }",
    );
}

#[test]
fn random_hashers_in_pure_rooms_are_found() {
    for broken in [
        "struct S { by: HashMap<Mmsi, Slot> }",
        "struct S { by: HashMap<(u32, u32), Vec<u8>,> }",
        "fn f() { let m = HashMap::new(); }",
        "fn f() { let m = HashSet::with_capacity(3); }",
        "fn f() { i.collect::<HashSet<_>>(); }",
        "fn f() { i.collect::<HashMap::<u8, u8>>(); }",
        "use std::hash::RandomState;",
    ] {
        let keeps = "use std::collections::HashMap; struct S { by: HashMap<(u32, u32), Vec<u8>, KeyedState> }";
        check(rules::hash_tables, "src/picture/mod.rs", broken, keeps);
    }
}

#[test]
fn things_away_from_home_are_found() {
    for (path, broken, keeps) in [
        (
            "src/service.rs",
            "use std::time::SystemTime;",
            "use std::time::Duration;",
        ),
        (
            "src/service.rs",
            "fn f() { Instant::now(); }",
            "fn f() { tokio::spawn(async {}); }",
        ),
        (
            "src/service.rs",
            "fn f() { mpsc::unbounded_channel(); }",
            "fn f() { mpsc::channel(16); }",
        ),
        (
            "src/feeds/tcp.rs",
            "fn f() { tokio::spawn(async {}); }",
            "fn f() { spawned.len(); let (t, r) = oneshot::channel(); }",
        ),
        (
            "src/feeds/tcp.rs",
            "fn f() { let (t, r) = mpsc::channel(1); }",
            "fn f(lines: mpsc::Sender<u8>) {}",
        ),
        (
            "src/view/mod.rs",
            "use axum::http::StatusCode;",
            "use crate::traffic::Event;",
        ),
        (
            "src/http/mod.rs",
            "const Q: &str = \"SELECT 1\";",
            "const Q: &str = \"Select a vessel\";",
        ),
        (
            "src/http/mod.rs",
            "const Q: &str = r#\"\n  CREATE TABLE x\"#;",
            "use axum::http::StatusCode;",
        ),
        (
            "src/engine/mod.rs",
            "const N: &str = \"harborwatch_x\";",
            "const N: &str = \"harborwatch\";",
        ),
        (
            "src/commands/demo.rs",
            "use tokio::net::UdpSocket;",
            "use tokio::net::TcpListener;",
        ),
        (
            "src/track/mod.rs",
            "fn f() { libm::sin(1.0); }",
            "fn f() { crate::geo::bearing(a, b); }",
        ),
    ] {
        check(rules::homes, path, broken, keeps);
    }
}

#[test]
fn broken_promises_are_found() {
    check(
        rules::promises,
        "src/http/mod.rs",
        "fn f() { x.unwrap(); }",
        "fn f() { x.unwrap_or(0); x.expect(\"x\"); }",
    );
    check(
        rules::promises,
        "src/http/mod.rs",
        "fn f() { m!(x.unwrap()); }",
        "#[test] fn f() { x.unwrap(); }",
    );
    for broken in ["println!(\"x\")", "eprint!(\"x\")", "dbg!(1)"] {
        check(
            rules::promises,
            "src/commands/mod.rs",
            &format!("fn f() {{ {broken}; }}"),
            "fn f() { writeln!(out, \"x\"); }",
        );
    }
    check(
        rules::promises,
        "tests/x.rs",
        "fn f() { unsafe {} }",
        "fn f() { x.unwrap(); } // unsafe",
    );
}

#[test]
fn shapeless_files_are_found() {
    check(
        rules::openings,
        "src/geo/mod.rs",
        "use x;\n",
        "//! Distances.\nuse x;\n",
    );
    let long = "fn f() {}\n".repeat(601);
    let (one, two) = (
        "//! The whole of it.\n",
        "//! The whole of it. It is one table, which a reader wants to see whole.\n",
    );
    check(
        rules::openings,
        "src/geo/mod.rs",
        &format!("{one}{long}"),
        &format!("{two}{long}"),
    );
    let body = |lines: usize| format!("fn f() -> [u8; 3] {{\n{}}}\nfn g();", "    x();\n".repeat(lines));
    check(rules::functions, "src/geo/mod.rs", &body(69), &body(68));
}

#[test]
fn rules_without_a_row_are_found() {
    let files = |table: &str| {
        let table = Source::new("src/rules/mod.rs", table).expect("tokens");
        vec![table, Source::new("src/rules/silence.rs", "fn f() {}").expect("tokens")]
    };
    assert_eq!(
        rules::rows(&files("mod silence; static KINDS: [&Kind; 1] = [&speed_limit::KIND];")).len(),
        1
    );
    assert!(rules::rows(&files("mod silence; static KINDS: [&Kind; 1] = [&silence::KIND];")).is_empty());
}

#[test]
fn strangers_at_the_top_are_found() {
    assert!(rules::layout("docs/plan.md").is_some());
    assert!(rules::layout("package.json").is_some());
    assert!(rules::layout("src/geo/mod.rs").is_none());
}

#[test]
fn machine_names_are_found() {
    for broken in [
        concat!("cd /wo", "rk/x"),
        concat!("\"/ro", "ot/x\""),
        concat!("https://pypi", ".org/simple"),
    ] {
        assert_eq!(rules::machines("README.md", broken).len(), 1, "{broken}");
    }
    for kept in [
        "the artwork/is fine",
        "${dir}/work/x",
        "ProtectHome=yes",
        "src/network/x",
    ] {
        assert!(rules::machines("README.md", kept).is_empty(), "{kept}");
    }
}
