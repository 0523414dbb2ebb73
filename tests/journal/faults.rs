//! The disk at fault under a running service: the live picture goes on, people are told, orders are refused, and when
//! the disk is back so is everything else.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::files::Temporary;
use super::gone::info;
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

/// The folder as the service sees it.
fn inside(service: &Service, data: &Path) -> PathBuf {
    let root = Path::new("/proc").join(service.0.child.id().to_string()).join("root");
    root.join(data.strip_prefix("/").unwrap())
}

/// The disk comes to harm and is mended: meanwhile people are told, decisions are refused and the picture goes on;
/// after it a gap is recorded and a snapshot follows.
fn outage<H>(fault: &str, service: &Service, inside: &Path, harm: impl FnOnce() -> H, mut goes_on: impl FnMut(&mut H)) {
    until("a confirmed acknowledgement", || acknowledge(service) == Some(200));
    let mut harmed = harm();
    let told = until("the alert that nothing is kept", || {
        goes_on(&mut harmed);
        !items(service, "state=active&rule=system_journal").is_empty()
    });
    until("a refusal", || acknowledge(service) == Some(503));
    let vessels = || service.ask("GET", "/api/v1/vessels?limit=1", "").unwrap().1["now"].clone();
    let before = vessels();
    until("a later picture", || vessels() != before);
    drop(harmed);
    let back = until("a confirmed acknowledgement", || acknowledge(service) == Some(200));
    until("the end of the alert", || {
        items(service, "state=active&rule=system_journal").is_empty()
    });
    eprintln!("{fault}: told after {told:?}, kept again {back:?} after it was mended");
    let mut held = String::new();
    until("a gap and a snapshot after it", || {
        let mut info = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
        held = String::from_utf8(info.args(["journal", "info"]).arg(inside).output().unwrap().stdout).unwrap();
        held.contains("\ngap ") && held.contains("\nsnapshot ")
    });
}

/// What fills a disk, until it is dropped.
struct Ballast(PathBuf, File);

impl Ballast {
    fn fill(&mut self) {
        while self.1.write_all(&[0; 4096]).is_ok() {}
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = self.1.set_len(0);
    }
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
    let inside = inside(&service, &data);
    let fill = || {
        let path = inside.join("ballast");
        let file = File::create(&path).unwrap();
        Ballast(path, file)
    };
    // What is freed by compressing goes to the ballast too.
    outage("disk full", &service, &inside, fill, Ballast::fill);
    service.kill();
}

/// A service whose data folder is a small block device of its own; none where this user may make none.
fn on_block_device(folder: &Path, config: &Path, data: &Path) -> Option<Service> {
    let image = folder.join("disk");
    File::create(&image).unwrap().set_len(64 << 20).unwrap();
    std::fs::create_dir_all(data).unwrap();
    let made = |command: &str| {
        let mut shell = Command::new("unshare");
        shell.args(["-m", "sh", "-c", command]).env("RUST_LOG", "warn");
        shell
    };
    let mount = format!("mkfs.ext4 -q -F {image:?} && mount -o loop {image:?} {data:?}");
    if !made(&mount).status().is_ok_and(|status| status.success()) {
        eprintln!("this user may make no disk: none that is slow is tried");
        return None;
    }
    let serve = format!(
        "{mount} && exec {} serve --config {config:?}",
        env!("CARGO_BIN_EXE_harborwatch")
    );
    Some(Service(Served::of(&mut made(&serve))))
}

/// A file system that answers no write until this is dropped.
struct Frozen(PathBuf);

impl Frozen {
    fn freeze(folder: &Path) -> Self {
        let frozen = Command::new("fsfreeze").arg("--freeze").arg(folder).status();
        assert!(frozen.unwrap().success());
        Self(folder.to_owned())
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let _ = Command::new("fsfreeze").arg("--unfreeze").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_does_not_answer_stops_no_picture() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "disk_free_mb = 0\nsegment_mb = 1");
    let Some(service) = on_block_device(&folder.0, &config, &data) else {
        return;
    };
    let inside = inside(&service, &data);
    outage("disk hangs", &service, &inside, || Frozen::freeze(&inside), |_| ());
    service.kill();
}

/// A process may write so many bytes a second to a device, until this is dropped (cgroup version 1).
struct Throttle {
    group: PathBuf,
    device: String,
}

impl Throttle {
    /// None where the machine has no such thing.
    fn to(bytes: u64, service: &Service, data: &Path) -> Option<Self> {
        let process = service.0.child.id();
        let mounts = std::fs::read_to_string(format!("/proc/{process}/mountinfo")).unwrap();
        let mount = mounts
            .lines()
            .find(|line| line.split(' ').nth(4) == data.to_str())
            .unwrap();
        let throttle = Self {
            group: Path::new("/sys/fs/cgroup/blkio").join(format!("harborwatch-{process}")),
            device: mount.split(' ').nth(2).unwrap().to_owned(),
        };
        std::fs::create_dir(&throttle.group).ok()?;
        throttle.limit(bytes).ok()?;
        std::fs::write(throttle.group.join("cgroup.procs"), process.to_string()).ok()?;
        Some(throttle)
    }

    /// 0: no limit.
    fn limit(&self, bytes: u64) -> std::io::Result<()> {
        let limit = format!("{} {bytes}", self.device);
        std::fs::write(self.group.join("blkio.throttle.write_bps_device"), limit)
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        let _ = self.limit(0);
        let _ = std::fs::read_to_string(self.group.join("cgroup.procs")).map(|processes| {
            for process in processes.lines() {
                let _ = std::fs::write("/sys/fs/cgroup/blkio/cgroup.procs", process);
            }
        });
        let _ = std::fs::remove_dir(&self.group);
    }
}

#[test]
fn a_slow_disk_is_told_of_and_loses_nothing() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let radio = Radio::start();
    let config = site(&folder.0, &data, radio.port, "disk_free_mb = 0");
    let Some(service) = on_block_device(&folder.0, &config, &data) else {
        return;
    };
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let Some(throttle) = Throttle::to(50_000, &service, &data) else {
        eprintln!("this machine slows no disk down: none is tried");
        return;
    };
    let told = until("people being told", || {
        !items(&service, "state=active&rule=system_disk_slow").is_empty()
    });
    drop(throttle);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let back = until("the end of the alert", || {
        items(&service, "state=active&rule=system_disk_slow").is_empty()
    });
    eprintln!("disk slow: told after {told:?}, over {back:?} after it was quick again");
    let held = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["journal", "info"])
        .arg(inside(&service, &data))
        .output()
        .unwrap();
    assert!(!String::from_utf8(held.stdout).unwrap().contains("\ngap "));
    service.kill();
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
    let held = info(&blocked.join("data"));
    let gap = held.lines().find(|line| line.starts_with("gap ")).unwrap();
    assert!(!gap.contains("1970-"), "{gap}");
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
    let written = Command::new("nsenter")
        .args([
            "-U",
            "-m",
            "--preserve-credentials",
            "-t",
            &service.0.child.id().to_string(),
        ])
        .args(["mount", "-o", "remount,rw"])
        .arg(&disk)
        .status();
    assert!(written.unwrap().success());
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    until("the end of the alert", || {
        items(&service, "state=active&rule=system_journal").is_empty()
    });
    service.kill();
}
