//! The layout of the code, held by tests: which room may name which, what a pure room may not touch, and what has one
//! home. Every rule is shown failing on a snippet that breaks it, beside passing on the code as it is.

#[path = "architecture/broken.rs"]
mod broken;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use std::path::Path;
use std::process::Command;

use source::{Fault, Source};

/// Every file git tracks or would track, from the top of the repository; without git's word nothing can be judged.
fn tracked() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("git is installed");
    assert!(
        listed.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    let exists = |name: &&str| Path::new(env!("CARGO_MANIFEST_DIR")).join(name).is_file();
    names.split_terminator('\0').filter(exists).map(str::to_owned).collect()
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a listed file can be read")
}

/// The project's own Rust files.
fn sources() -> Vec<Source> {
    let rust = tracked().into_iter().filter(|path| path.ends_with(".rs"));
    let texts = rust.map(|path| (String::from_utf8(read(&path)).expect("Rust is UTF-8"), path));
    texts
        .map(|(text, path)| Source::new(&path, &text).expect("a file that compiles has tokens"))
        .collect()
}

/// One line a fault, each told once.
fn report(rule: &str, faults: &[Fault]) -> String {
    let line = |at: &Fault| format!("  {}:{}: {}\n", at.path, at.line, at.what);
    let mut lines: Vec<String> = faults.iter().map(line).collect();
    lines.dedup();
    if lines.is_empty() {
        String::new()
    } else {
        format!("{rule}:\n{}", lines.concat())
    }
}

#[test]
fn every_file_keeps_the_rules() {
    let sources = sources();
    assert!(
        sources.iter().any(|source| source.path == "src/lib.rs"),
        "the sources were not found"
    );
    let mut complaints = String::new();
    for (name, rule) in rules::RULES {
        let faults: Vec<Fault> = sources.iter().flat_map(rule).collect();
        complaints += &report(name, &faults);
    }
    complaints += &report("a kind of rule has its row", &rules::rows(&sources));
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn the_top_of_the_repository_holds_what_is_listed() {
    let faults: Vec<Fault> = tracked().iter().filter_map(|path| rules::layout(path)).collect();
    assert!(faults.is_empty(), "\n{}", report("the top", &faults));
}

#[test]
fn no_file_names_a_machine() {
    let mut faults = Vec::new();
    for path in tracked().iter().filter(|path| *path != "Cargo.lock") {
        if let Ok(text) = String::from_utf8(read(path)) {
            faults.extend(rules::machines(path, &text));
        }
    }
    assert!(faults.is_empty(), "\n{}", report("machines", &faults));
}
