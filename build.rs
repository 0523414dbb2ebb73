//! Tells the build which commit it is of: the journal names it with every start, so that what this build judges is held
//! against what the same build judged before, and not against another.

use std::env;
use std::path::Path;
use std::process::Command;

const NAMED: &str = "HARBORWATCH_COMMIT";

fn main() {
    println!("cargo::rerun-if-env-changed={NAMED}");
    // Named by whoever builds it, as packagers do without a repository.
    if env::var_os(NAMED).is_some() {
        return;
    }
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]).filter(|_| is_ours()) else {
        return;
    };
    for part in ["HEAD", "logs/HEAD", "index"] {
        if let Some(file) = git(&["rev-parse", "--git-path", part]) {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    let changed = git(&[
        "status",
        "--porcelain",
        "--",
        "src",
        "Cargo.toml",
        "Cargo.lock",
        "config",
    ]);
    println!("cargo::rerun-if-changed=src");
    let ending = if changed.is_some_and(|changed| changed.is_empty()) {
        ""
    } else {
        "-changed"
    };
    println!("cargo::rustc-env={NAMED}={commit}{ending}");
}

/// The repository is this project's, not one that it was unpacked in.
fn is_ours() -> bool {
    git(&["rev-parse", "--show-prefix"]).is_some_and(|prefix| prefix.is_empty()) && Path::new("Cargo.toml").exists()
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let told = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| told.trim_end().to_owned())
}
