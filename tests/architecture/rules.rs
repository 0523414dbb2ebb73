//! The rules of how this code is laid out, each a function from a file to its faults.

use crate::source::{Fault, Path, Source};

/// Rooms without clock, I/O, async, threads, locks, randomness or logging, lowest first.
pub const PURE: &[&str] = &[
    "time", "geo", "ais", "nmea", "report", "register", "zone", "track", "index", "picture", "rules", "alerts",
    "watch", "traffic", "simulate", "review",
];
/// Rooms that move bytes and keep the clock, lowest first, above the pure ones.
pub const SHELL: &[&str] = &[
    "clock", "metrics", "feeds", "journal", "store", "engine", "view", "http", "config", "service", "commands", "main",
];

/// A rule: what it asks, and what it finds wrong in a file.
pub type Rule = (&'static str, fn(&Source) -> Vec<Fault>);

/// The rules that read one Rust file.
pub const RULES: &[Rule] = &[
    ("a room imports only from lower rooms", imports),
    ("a pure room touches nothing outside", purity),
    ("a pure room computes the same last bit everywhere", exactness),
    ("a pure room's hash tables have a given key", hash_tables),
    ("each thing has one home", homes),
    ("no unsafe, no unwrap, no printing that panics", promises),
    ("a file opens with its sentence, and a long one says why", openings),
    ("a function fits on a screen", functions),
];

/// Files outside `service` that spawn or make a channel, and why that is plainly better there.
const SPAWNING: &[(&str, &str)] = &[
    (
        "src/engine/orders.rs",
        "the queue and its bound are the handle's own: nobody can make one with another bound",
    ),
    (
        "src/feeds/file.rs",
        "blocking reads of one file need a thread, and how far it reads ahead is that file's bound",
    ),
    (
        "src/http/body.rs",
        "what is refused is let run dry while its answer goes out already, for seconds at most",
    ),
    (
        "src/http/events.rs",
        "a task a listener, ended with its connection; how many pieces may wait for it is its own bound",
    ),
    (
        "src/http/serve.rs",
        "a task a connection, in one set, so that stopping ends each of them",
    ),
    (
        "src/http/whole.rs",
        "encoding and compressing a whole picture would hold up every other request",
    ),
];

/// Files in `src/rules/` that are no kind of rule.
const RULE_PARTS: &[&str] = &["mod", "filter", "kind", "parameters", "reading", "scene", "tests"];

fn rank(room: &str) -> Option<usize> {
    PURE.iter().chain(SHELL).position(|known| *known == room)
}

fn is_pure(source: &Source) -> bool {
    source.room().is_some_and(|room| PURE.contains(&room))
}

/// Where a path leads as `crate::…` would spell it, without `crate`; none if it leads elsewhere.
fn in_crate<'a>(source: &Source, path: &'a Path) -> Option<&'a [String]> {
    let supers = path
        .segments
        .iter()
        .take_while(|segment| matches!(segment.as_str(), "super" | "self"))
        .count();
    let ups = path.segments[..supers]
        .iter()
        .filter(|segment| *segment == "super")
        .count();
    match path.segments[0].as_str() {
        // The binary's own rooms, commands and main, name the library by its name.
        "crate" | "harborwatch" => Some(&path.segments[1..]),
        "super" | "self" if ups >= source.depth() + path.modules => Some(&path.segments[supers..]),
        _ => None,
    }
}

pub fn imports(source: &Source) -> Vec<Fault> {
    let Some(room) = source.room().filter(|room| *room != "lib") else {
        return Vec::new();
    };
    let Some(own) = rank(room) else {
        return vec![source.fault(
            1,
            format!("`{room}` is not a room; the rooms stand in tests/architecture/rules.rs"),
        )];
    };
    let mut faults = Vec::new();
    for path in &source.paths {
        let root = path.segments[0].as_str();
        if root == "macro_export" {
            faults.push(source.fault(
                path.line,
                "`macro_export` puts a name at the top of the crate, outside any room",
            ));
        }
        let Some(inside) = in_crate(source, path) else { continue };
        match inside.first().map(String::as_str) {
            None if path.next == "as" => {
                faults.push(source.fault(path.line, "the crate under another name hides rooms"))
            }
            None => {}
            Some(named) => match rank(named) {
                Some(other) if other <= own => {}
                Some(_) => {
                    faults.push(source.fault(path.line, format!("`{room}` names `{named}`, which lies above it")))
                }
                None => {
                    faults.push(source.fault(path.line, format!("`{named}` at the top of the crate is not a room")))
                }
            },
        }
    }
    faults
}

/// Modules of the standard library, and single names in them, that reach outside or block.
const OUTSIDE: &[&str] = &[
    "std::time",
    "std::fs",
    "std::net",
    "std::io",
    "std::thread",
    "std::env",
    "std::process",
    "std::os",
    "std::sync::*",
    "std::sync::Mutex",
    "std::sync::RwLock",
    "std::sync::mpsc",
    "std::sync::atomic",
    "std::sync::Condvar",
    "std::sync::Barrier",
    "std::sync::Once",
    "std::random",
];
/// Crates of the shell: a clock, I/O, tasks, logging, or numbers that differ each time.
const SHELL_CRATES: &[&str] = &[
    "tokio",
    "axum",
    "tower",
    "tower_http",
    "tracing",
    "tracing_subscriber",
    "log",
    "prometheus",
    "tokio_serial",
    "indicatif",
    "clap",
    "rusqlite",
    "nix",
    "rand",
    "fastrand",
    "getrandom",
    "anyhow",
];
/// Words that are wrong in a pure room whatever stands around them.
const OUTSIDE_WORDS: &[&str] = &[
    "SystemTime",
    "Instant",
    "async",
    "await",
    "thread_local",
    "thread_rng",
    "UNIX_EPOCH",
];
const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

pub fn purity(source: &Source) -> Vec<Fault> {
    if !is_pure(source) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for path in source.paths.iter().filter(|path| !path.test) {
        let spelled = path.segments.join("::").replacen("core::", "std::", 1);
        let whole_module = spelled == "std::sync" && path.next != "::";
        let beneath = |banned: &&&str| spelled == **banned || spelled.starts_with(&format!("{banned}::"));
        if let Some(banned) = OUTSIDE.iter().find(beneath) {
            faults.push(source.fault(path.line, format!("`{banned}` in a pure room")));
        } else if whole_module || spelled == "std::*" {
            faults.push(source.fault(
                path.line,
                format!("`{spelled}` as a whole in a pure room: name what is meant"),
            ));
        }
        let root = path.segments[0].as_str();
        if (path.segments.len() > 1 || path.next == ";") && SHELL_CRATES.contains(&root) {
            faults.push(source.fault(path.line, format!("the crate `{root}` in a pure room")));
        }
        if matches!(root, "rand_pcg" | "rand_core") && source.room() != Some("simulate") {
            faults.push(source.fault(path.line, format!("`{root}` outside simulate")));
        }
        if let Some(word) = path
            .segments
            .iter()
            .find(|segment| OUTSIDE_WORDS.contains(&segment.as_str()))
        {
            faults.push(source.fault(path.line, format!("`{word}` in a pure room")));
        }
    }
    faults
}

/// Functions of f64 whose last bit the platform chooses. (`sqrt` and `mul_add` are exact, `to_radians` is a product.)
const INEXACT: &[&str] = &[
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "hypot", "cbrt",
];

pub fn exactness(source: &Source) -> Vec<Fault> {
    if !is_pure(source) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (at, token) in source.tokens.iter().enumerate().filter(|(_, token)| !token.test) {
        if token.text == "." && INEXACT.contains(&source.texts(at + 1, 1).concat().as_str()) {
            let called = source.texts(at + 1, 2);
            if called.len() == 2 && called[1] == "(" {
                faults.push(source.fault(
                    token.line,
                    format!("`.{}()` of the platform: use geo's, from libm", called[0]),
                ));
            }
        }
    }
    for path in source.paths.iter().filter(|path| !path.test) {
        let (root, last) = (
            path.segments[0].as_str(),
            path.segments[path.segments.len() - 1].as_str(),
        );
        let of_a_float = path
            .segments
            .iter()
            .any(|segment| matches!(segment.as_str(), "f64" | "f32"));
        if path.segments.len() > 1 && of_a_float && INEXACT.contains(&last) {
            faults.push(source.fault(
                path.line,
                format!("`{root}::{last}` of the platform: use geo's, from libm"),
            ));
        }
    }
    faults
}

pub fn hash_tables(source: &Source) -> Vec<Fault> {
    if !is_pure(source) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (at, token) in source
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| !token.test && token.ident)
    {
        let keyed_arguments = match token.text.as_str() {
            "HashMap" => 3,
            "HashSet" => 2,
            "RandomState" | "DefaultHasher" => {
                faults.push(source.fault(token.line, format!("`{}` has a key nobody gave", token.text)));
                continue;
            }
            _ => continue,
        };
        let after = source.texts(at + 1, 2);
        if after.first() == Some(&"::") && matches!(after.get(1), Some(&"new" | &"with_capacity" | &"from")) {
            faults.push(source.fault(token.line, format!("`{}::{}` has a random key", token.text, after[1])));
        }
        let open = at + 1 + usize::from(after == ["::", "<"]);
        if source.texts(open, 1) == ["<"] && generic_arguments(source, open) < keyed_arguments {
            faults.push(source.fault(
                token.line,
                format!("`{}` without its hasher has a random key", token.text),
            ));
        }
    }
    faults
}

/// How many arguments stand between the angle bracket at `open` and its partner.
fn generic_arguments(source: &Source, open: usize) -> usize {
    let (mut angles, mut groups, mut arguments, mut trailing) = (0, 0, 1, false);
    for token in &source.tokens[open..] {
        match token.text.as_str() {
            "<" => angles += 1,
            ">" => angles -= 1,
            "(" | "[" | "{" => groups += 1,
            ")" | "]" | "}" => groups -= 1,
            "," if angles == 1 && groups == 0 => {
                arguments += 1;
                trailing = true;
                continue;
            }
            _ => {}
        }
        if angles == 0 {
            break;
        }
        trailing = false;
    }
    arguments - usize::from(trailing)
}

/// A word or a path's end, the only rooms where it may stand, and what it is.
const HOMES: &[(&str, &[&str], &str)] = &[
    ("SystemTime", &["clock"], "the system clock"),
    ("UNIX_EPOCH", &["clock"], "the system clock"),
    ("Instant::now", &["clock"], "the system clock"),
    ("Timestamp::now", &["clock"], "the system clock"),
    ("Zoned::now", &["clock"], "the system clock"),
    ("StatusCode", &["http"], "status codes"),
    ("tokio_serial", &["feeds"], "serial lines"),
    ("UdpSocket", &["feeds"], "sockets of feeds"),
    ("libm", &["geo"], "sine, cosine and arcs"),
    ("rusqlite", &["store"], "SQL"),
    ("tokio_postgres", &["store"], "SQL"),
    ("prometheus", &["metrics"], "metrics"),
    ("spawn", &["service"], "spawning"),
    ("spawn_blocking", &["service"], "spawning"),
    ("spawn_local", &["service"], "spawning"),
    ("thread::Builder", &["service"], "spawning"),
    ("JoinSet", &["service"], "spawning"),
    ("mpsc::channel", &["service"], "channel sizes"),
    ("mpsc::sync_channel", &["service"], "channel sizes"),
    ("unbounded_channel", &[], "channels without a bound: none"),
    ("broadcast::channel", &["service"], "channel sizes"),
    ("watch::channel", &["service"], "channels"),
];
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "PRAGMA ",
];

pub fn homes(source: &Source) -> Vec<Fault> {
    if !source.path.starts_with("src/") {
        return Vec::new();
    }
    let at_home = |rooms: &[&str]| source.room().is_some_and(|room| rooms.contains(&room));
    let mut faults = Vec::new();
    for path in source.paths.iter().filter(|path| !path.test) {
        let spelled = path.segments.join("::");
        for (name, rooms, what) in HOMES {
            let named = if name.contains("::") {
                spelled == *name || spelled.ends_with(&format!("::{name}"))
            } else {
                path.segments.iter().any(|segment| segment == name)
            };
            let spawns = rooms.first() == Some(&"service");
            let excused = spawns && SPAWNING.iter().any(|(file, _)| *file == source.path);
            // A method or a field of that name of something else is no spawning: only calls and imports are.
            let meant = !spawns || path.segments.len() > 1 || path.next == "(";
            if named && meant && !at_home(rooms) && !excused {
                faults.push(source.fault(path.line, format!("`{spelled}`: {what}; home: {}", rooms.join(", "))));
            }
        }
    }
    for token in source.tokens.iter().filter(|token| token.literal && !token.test) {
        let words = token.text.trim_start_matches(['r', 'b', '#', '"', ' ', '\n', '\\']);
        if SQL.iter().any(|verb| words.starts_with(verb)) && !at_home(&["store"]) {
            faults.push(source.fault(token.line, "SQL stands in src/store/"));
        }
        if token.text.contains("harborwatch_") && !at_home(&["metrics"]) {
            faults.push(source.fault(token.line, "metric names stand in src/metrics.rs"));
        }
    }
    faults
}

pub fn promises(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        if token.ident && token.text == "unsafe" {
            faults.push(source.fault(token.line, "`unsafe`"));
        }
        if !token.test && source.texts(at, 4) == [".", "unwrap", "(", ")"] {
            faults.push(source.fault(
                token.line,
                "`.unwrap()`: say the promise with expect, or return the error",
            ));
        }
        let prints = PRINTING.contains(&token.text.as_str()) && source.texts(at + 1, 1) == ["!"];
        if !token.test && prints && source.path.starts_with("src/") {
            let what = format!(
                "`{}!` panics where nobody reads: commands::say or commands::aside",
                token.text
            );
            faults.push(source.fault(token.line, what));
        }
    }
    faults
}

/// Past this a file says in its first paragraph why it is one thing.
const LONG_FILE: usize = 600;

pub fn openings(source: &Source) -> Vec<Fault> {
    if !source.text.starts_with("//! ") {
        return vec![source.fault(1, "a file opens with `//!` and one sentence")];
    }
    let lines = source.text.lines().count();
    let first: Vec<&str> = source
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//! "))
        .collect();
    let sentences = first
        .join(" ")
        .split(['.', '!', '?'])
        .filter(|rest| rest.split_whitespace().count() > 2)
        .count();
    if lines > LONG_FILE && sentences < 2 {
        return vec![source.fault(
            1,
            format!("{lines} lines: its first paragraph says why it is one thing"),
        )];
    }
    Vec::new()
}

/// The most lines of a function, from `fn` to its closing brace.
const LONG_FUNCTION: usize = 70;

pub fn functions(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, token) in source
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.ident && token.text == "fn")
    {
        let Some(name) = source.tokens.get(at + 1).filter(|name| name.ident) else {
            continue;
        };
        let Some(end) = end_of_function(source, at) else {
            continue;
        };
        let lines = end - token.line + 1;
        if lines > LONG_FUNCTION {
            faults.push(source.fault(
                token.line,
                format!("`{}` has {lines} lines, {LONG_FUNCTION} at most", name.text),
            ));
        }
    }
    faults
}

/// The line of the closing brace; none for a function without a body.
fn end_of_function(source: &Source, at: usize) -> Option<usize> {
    let (mut groups, mut braces) = (0, 0);
    for token in &source.tokens[at..] {
        match token.text.as_str() {
            "(" | "[" => groups += 1,
            ")" | "]" => groups -= 1,
            ";" if groups == 0 && braces == 0 => return None,
            "{" => braces += 1,
            "}" => {
                braces -= 1;
                if braces == 0 && groups == 0 {
                    return Some(token.line);
                }
            }
            _ => {}
        }
    }
    None
}

/// Every file of `src/rules/` that is a kind has its row in the table `KINDS` of `src/rules/mod.rs`.
pub fn rows(sources: &[Source]) -> Vec<Fault> {
    let table: Vec<&str> = sources
        .iter()
        .filter(|source| source.path == "src/rules/mod.rs")
        .flat_map(|source| source.paths.iter())
        .filter(|path| path.segments.last().is_some_and(|last| last == "KIND"))
        .map(|path| path.segments[0].as_str())
        .collect();
    let mut faults = Vec::new();
    for source in sources {
        let Some(inside) = source.path.strip_prefix("src/rules/") else {
            continue;
        };
        let name = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
        if !RULE_PARTS.contains(&name) && !table.contains(&name) {
            faults.push(source.fault(1, format!("`{name}::KIND` has no row in KINDS of src/rules/mod.rs")));
        }
    }
    faults
}

/// What may stand at the top of the repository.
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "src",
    "config",
    "fixtures",
    "tests",
    "benches",
    "deploy",
    "README.md",
    ".ci",
    "LICENSE",
    ".editorconfig",
    "clippy.toml",
    "deny.toml",
    "rustfmt.toml",
    ".gitignore",
    ".gitattributes",
];

pub fn layout(path: &str) -> Option<Fault> {
    let top = path.split('/').next().unwrap_or(path);
    let what = format!("`{top}` at the top of the repository");
    (!TOP.contains(&top)).then(|| Fault {
        path: path.to_owned(),
        line: 1,
        what,
    })
}

/// Names that tie a file to one machine or network. Split, so that this file passes its own rule.
const MACHINES: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("../sh", "ared"), "something outside the repository"),
    (concat!("index.crates", ".io"), "a registry's host"),
    (concat!("static.crates", ".io"), "a registry's host"),
    (concat!("registry.npmjs", ".org"), "a registry's host"),
    (concat!("pypi", ".org"), "a registry's host"),
    (concat!("pythonhosted", ".org"), "a registry's host"),
    (concat!("deb.debian", ".org"), "a registry's host"),
    (concat!("proxy.golang", ".org"), "a registry's host"),
];

pub fn machines(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (name, what) in MACHINES {
            let alone = |(at, _): &(usize, &str)| {
                !line[..*at].ends_with(|before: char| before.is_alphanumeric() || "._-}$*".contains(before))
            };
            if line
                .match_indices(name)
                .any(|found| !name.starts_with('/') || alone(&found))
            {
                faults.push(Fault {
                    path: path.to_owned(),
                    line: number + 1,
                    what: format!("`{name}`: {what}"),
                });
            }
        }
    }
    faults
}
