//! The data folder of a running service: its user's alone, and missed when it or what is in it is removed, renamed or cut,
//! though nothing that is written to files which are open fails.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use harborwatch::journal::{Disk, save_snapshot, save_snapshot_after_gap};
use harborwatch::service::{DataFolder, FolderError, journal_folder, snapshot_folder};

use super::faults::{acknowledge, items, until};
use super::files::{NOW, Temporary};
use super::kill::{Radio, Service, site};

pub fn info(data: &Path) -> String {
    let mut info = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    let output = info.args(["journal", "info"]).arg(data).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Nothing is confirmed that is not kept, people are told, and the folder is taken again once it is `back`; what was
/// confirmed before and after stands at the next start.
fn check(harm: impl FnOnce(&Path), back: impl FnOnce(&Path)) {
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
    back(&data);
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
fn a_data_folder_that_is_removed_may_be_made_again() {
    check(
        |data| std::fs::remove_dir_all(data).unwrap(),
        |data| std::fs::create_dir(data).unwrap(),
    );
}

#[test]
fn a_data_folder_that_is_renamed_is_waited_for() {
    check(
        |data| std::fs::rename(data, away(data)).unwrap(),
        |data| std::fs::rename(away(data), data).unwrap(),
    );
}

#[test]
fn a_journal_that_is_renamed_is_begun_again() {
    check(
        |data| std::fs::rename(data.join("journal"), away(data)).unwrap(),
        |_| (),
    );
}

#[test]
fn a_segment_that_is_cut_while_it_is_written_is_given_up() {
    let cut = |data: &Path| {
        let mut segments: Vec<_> = journal_folder(data).read_dir().unwrap().collect();
        let open = segments.pop().unwrap().unwrap().path();
        let file = std::fs::OpenOptions::new().write(true).open(open).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    };
    check(cut, |_| ());
}

fn away(data: &Path) -> PathBuf {
    data.with_extension("away")
}

/// Whether the folder can be held as it stands; it is never made.
fn holds(held: &DataFolder) -> bool {
    let there = held.path().exists();
    let holds = held.hold().is_ok();
    assert_eq!(held.path().exists(), there);
    holds
}

#[test]
fn another_folder_is_not_taken_for_the_one_that_is_gone() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let held = DataFolder::take(&data).unwrap();
    std::fs::rename(&data, away(&data)).unwrap();
    assert!(!holds(&held));
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("journal"), "of another").unwrap();
    assert!(matches!(held.hold(), Err(FolderError::Another(_))));
    std::fs::remove_dir_all(&data).unwrap();
    assert!(!holds(&held));
    std::fs::rename(away(&data), &data).unwrap();
    assert!(holds(&held));
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::create_dir(&data).unwrap();
    assert!(holds(&held), "an empty one was made for it");
}

#[test]
fn what_is_kept_makes_no_data_folder() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let (disk, _) = Disk::open(&journal_folder(&data), 1 << 20, NOW, 0).unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    assert!(save_snapshot(&snapshot_folder(&data), 1, b"a core").is_err());
    assert!(save_snapshot_after_gap(&snapshot_folder(&data), 1, b"a core").is_err());
    assert!(Disk::reopen(&journal_folder(&data), 1 << 20, NOW, &disk.tail()).is_err());
    assert!(!data.exists());
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
