//! The disk at fault under a running service: the live picture goes on, people are told, orders are refused, and when
//! the disk is back so is everything else.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::files::Temporary;
use super::kill::{Radio, Service, site};
use super::served::Served;

const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until the answer is as wanted.
pub fn until(what: &str, mut wanted: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !wanted() {
        assert!(began.elapsed() < PATIENCE, "{what} does not come");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    began.elapsed()
}

/// A service whose data folder is a disk of its own, mounted so; none where this machine allows no such thing.
fn on_disk(mount: &str, config: &Path, data: &Path) -> Option<Service> {
    let mount = format!(
        "{mount} && exec {} serve --config {config:?}",
        env!("CARGO_BIN_EXE_harborwatch")
    );
    let unshare = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["-Urm", "sh", "-c", command]).env("RUST_LOG", "warn");
        unshare
    };
    let possible = unshare(&format!("mount -t tmpfs tmpfs {data:?}"))
        .status()
        .is_ok_and(|status| status.success());
    if !possible {
        eprintln!("this machine allows no disk of a test's own: none at fault is tried");
        return None;
    }
    Some(Service(Served::of(&mut unshare(&mount))))
}

pub fn items(service: &Service, query: &str) -> Vec<Json> {
    let (_, list) = service.ask("GET", &format!("/api/v1/alerts?{query}"), "").unwrap();
    list["items"].as_array().cloned().unwrap_or_default()
}

/// The status of acknowledging the newest alert that is active; none while there is none.
pub fn acknowledge(service: &Service) -> Option<u16> {
    let alert = items(service, "state=active&rule=fast&limit=1").pop()?;
    let path = format!("/api/v1/alerts/{}/acknowledge", alert["alert"].as_str().unwrap());
    service.ask("POST", &path, "").map(|(status, _)| status)
}

#[test]
fn a_full_disk_stops_no_picture() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "disk_free_mb = 0\nsegment_mb = 1");
    let small = format!("mount -t tmpfs -o size=8m tmpfs {data:?}");
    let Some(service) = on_disk(&small, &config, &data) else {
        return;
    };
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let inside = Path::new("/proc")
        .join(service.0.child.id().to_string())
        .join("root")
        .join(data.strip_prefix("/").unwrap());
    let ballast = inside.join("ballast");
    let mut file = File::create(&ballast).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let told = until("the alert that nothing is kept", || {
        // What is freed by compressing goes to the ballast too.
        while file.write_all(&[0; 4096]).is_ok() {}
        !items(&service, "state=active&rule=system_journal").is_empty()
    });
    until("a refusal", || acknowledge(&service) == Some(503));
    let vessels = || service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap().1["now"].clone();
    let before = vessels();
    until("a later picture", || vessels() != before);
    drop(file);
    std::fs::remove_file(&ballast).unwrap();
    let back = until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    until("the end of the alert", || {
        items(&service, "state=active&rule=system_journal").is_empty()
    });
    eprintln!("disk full: told after {told:?}, kept again {back:?} after there was room");
    let info = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["journal", "info"])
        .arg(&inside)
        .output()
        .unwrap();
    let info = String::from_utf8(info.stdout).unwrap();
    assert!(info.contains("\ngap "), "{info}");
    service.kill();
}

#[test]
fn a_folder_that_goes_is_made_again() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "segment_mb = 1");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    std::fs::rename(data.join("journal"), data.join("gone")).unwrap();
    until("a new journal", || data.join("journal").is_dir());
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let (_, before) = service.alerts();
    service.kill();
    let service = Service::start(&config);
    let (_, after) = service.alerts();
    service.kill();
    let missing: Vec<_> = before.keys().filter(|id| !after.contains_key(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_damaged_snapshot_costs_only_time() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    service.kill();
    drop(radio);
    Service::start(&config).kill();
    for file in data.join("snapshots").read_dir().unwrap() {
        let path = file.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    let service = Service::start(&config);
    assert!(!items(&service, "state=acknowledged,closed&rule=fast").is_empty());
    let told = items(&service, "state=active&rule=system_recovery");
    assert!(told[0]["reason"].as_str().unwrap().contains("snapshot"), "{told:?}");
    service.kill();
}

#[test]
fn a_folder_that_cannot_be_made_yet_is_made_when_it_can() {
    let folder = Temporary::new();
    let blocked = folder.0.join("blocked");
    std::fs::write(&blocked, "no folder").unwrap();
    let radio = Radio::start();
    let config = site(&folder.0, &blocked.join("data"), radio.port, "");
    let service = Service::start(&config);
    assert!(!items(&service, "state=active&rule=system_journal").is_empty());
    until("a refusal", || acknowledge(&service) == Some(503));
    std::fs::remove_file(&blocked).unwrap();
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    until("the end of the alert", || {
        items(&service, "state=active&rule=system_journal").is_empty()
    });
    let (_, before) = service.alerts();
    service.kill();
    let service = Service::start(&config);
    let (_, after) = service.alerts();
    let missing: Vec<_> = before.keys().filter(|id| !after.contains_key(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_disk_that_can_only_be_read_is_read() {
    let folder = Temporary::new();
    let (data, disk) = (folder.0.join("data"), folder.0.join("disk"));
    std::fs::create_dir_all(&disk).unwrap();
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "");
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let (_, before) = service.alerts();
    service.kill();
    let config = site(&folder.0, &disk, radio.port, "");
    let read_only =
        format!("mount -t tmpfs tmpfs {disk:?} && cp -r {data:?}/. {disk:?} && mount -o remount,ro {disk:?}");
    let Some(service) = on_disk(&read_only, &config, &disk) else {
        return;
    };
    until("people being told", || {
        !items(&service, "state=active&rule=system_journal").is_empty()
    });
    let (_, after) = service.alerts();
    let missing: Vec<_> = before.keys().filter(|id| !after.contains_key(*id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    until("a refusal", || acknowledge(&service) == Some(503));
}
