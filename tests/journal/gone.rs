//! The data folder of a running service: its user's alone, and missed when it is removed or renamed, though nothing that
//! is written to files which are open fails.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use harborwatch::service::{DataFolder, FolderError, journal_folder, snapshot_folder};
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};

use super::faults::{acknowledge, items, until};
use super::files::Temporary;
use super::kill::{Radio, Service, site};

fn info(data: &Path) -> String {
    let mut info = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let output = info.args(["journal", "info"]).arg(data).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Nothing is confirmed that is not kept, people are told, and the folder is made again and taken; what was confirmed
/// before and after stands at the next start.
fn check(harm: impl FnOnce(&Path)) {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    harm(&data);
    let mut answered = None;
    until("an answer", || {
        answered = acknowledge(&service);
        answered.is_some()
    });
    assert_eq!(answered, Some(503));
    let told = until("people being told", || {
        !items(&service, "state=active&rule=system_journal").is_empty()
    });
    let back = until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    eprintln!("folder gone: told after {told:?}, kept again {back:?} later");
    until("the end of the alert", || {
        items(&service, "state=active&rule=system_journal").is_empty()
    });
    assert!(matches!(DataFolder::take(&data), Err(FolderError::Taken(_))));
    let held = info(&data);
    assert!(held.contains("\ngap ") && held.contains("\nsnapshot "), "{held}");
    let (_, before) = service.alerts();
    service.kill();
    let service = Service::start(&config);
    let (_, after) = service.alerts();
    service.kill();
    for (id, state) in &before {
        let is_open = |state: &str| state == "active" || state == "rectified";
        assert!(after.contains_key(id), "{id} is lost");
        assert!(
            is_open(state) || !is_open(&after[id]),
            "{id} was {state} and is {}",
            after[id]
        );
    }
    let held = info(&data);
    let epochs: Vec<u64> = held
        .lines()
        .filter_map(|line| line.split_once(" epoch ")?.1.split_once(',')?.0.parse().ok())
        .collect();
    assert!(epochs.len() == 2 && epochs[0] < epochs[1], "{held}");
}

#[test]
fn a_data_folder_that_is_removed_is_made_again() {
    check(|data| std::fs::remove_dir_all(data).unwrap());
}

#[test]
fn a_data_folder_that_is_renamed_is_made_again() {
    check(|data| std::fs::rename(data, data.with_extension("gone")).unwrap());
}

#[test]
fn a_journal_that_is_renamed_is_begun_again() {
    check(|data| std::fs::rename(data.join("journal"), data.join("gone")).unwrap());
}

#[test]
fn a_folder_that_comes_back_is_gone_on_with() {
    let folder = Temporary::new();
    let (data, away) = (folder.0.join("data"), folder.0.join("away"));
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    std::fs::rename(&data, &away).unwrap();
    until("a refusal", || acknowledge(&service) == Some(503));
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    renameat2(AT_FDCWD, &away, AT_FDCWD, &data, RenameFlags::RENAME_EXCHANGE).unwrap();
    until("a refusal", || acknowledge(&service) == Some(503));
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let (_, before) = service.alerts();
    service.kill();
    let service = Service::start(&config);
    let (_, after) = service.alerts();
    service.kill();
    let missing: Vec<_> = before.keys().filter(|id| !after.contains_key(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let mut check = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let output = check.args(["journal", "check"]).arg(&data).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.starts_with("segments 2 to 2 are not there\n") && told.contains(" 1 places "),
        "{told}"
    );
}

#[test]
fn a_folder_that_loses_its_lock_is_taken_again() {
    let folder = Temporary::new();
    let held = DataFolder::take(&folder.0).unwrap();
    std::fs::remove_file(folder.0.join("lock")).unwrap();
    held.hold().unwrap();
    assert!(matches!(DataFolder::take(&folder.0), Err(FolderError::Taken(_))));
    std::fs::remove_file(folder.0.join("lock")).unwrap();
    let other = DataFolder::take(&folder.0).unwrap();
    assert!(matches!(held.hold(), Err(FolderError::Taken(_))));
    drop(other);
    held.hold().unwrap();
}

#[test]
fn nothing_is_confirmed_before_the_picture_after_a_gap_is_kept() {
    let folder = Temporary::new();
    let (data, journal) = (folder.0.join("data"), folder.0.join("data/journal"));
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let snapshots = snapshot_folder(&data);
    std::fs::remove_dir_all(&snapshots).unwrap();
    std::fs::write(&snapshots, "no folder").unwrap();
    std::fs::rename(&journal, folder.0.join("gone")).unwrap();
    until("a journal that was opened twice", || {
        assert_ne!(acknowledge(&service), Some(200));
        journal.read_dir().is_ok_and(|segments| segments.count() > 1)
    });
    std::fs::remove_file(&snapshots).unwrap();
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    assert!(info(&data).contains("\nsnapshot "));
    service.kill();
}

#[test]
fn what_is_kept_is_its_users_alone() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let config = site(&folder.0, &data, 9, "");
    let service = Service::start(&config);
    let check = |path: &Path| {
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others: {mode:o}", path.display());
    };
    check(&data);
    for part in [journal_folder(&data), snapshot_folder(&data), data.clone()] {
        for entry in part.read_dir().unwrap() {
            check(&entry.unwrap().path());
        }
    }
    service.kill();
}
