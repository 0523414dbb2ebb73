//! A journal carried away from its machine: it holds all that a replay needs, and the replay tells the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use harborwatch::journal::{Entry, Folder, Reader, Verify};
use harborwatch::service::journal_folder;
use harborwatch::time::{Span, Timestamp};
use harborwatch::traffic::Order;
use serde_json::Value as Json;

use super::faults::{acknowledge, until};
use super::files::Temporary;
use super::kill::{Radio, Service, site};

const REGISTER: &str = "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n\
                        412000001,,TEST SHA 1,,sand_carrier,5.0,97,\n412000002,,TEST SHA 2,,sand_carrier,5.0,97,\n";
const DECLARATIONS: &str = "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n\
                            D1,412000001,,,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,,,,,approved\n";
const INSPECTIONS: &str = "id,declaration,mmsi,time,result\nI1,D1,412000001,2026-03-01T00:00:00Z,pass\n";

/// A site with a register, declarations and inspections.
pub fn registered(folder: &Path, data: &Path, feed: u16) -> PathBuf {
    let config = site(folder, data, feed, "segment_mb = 1");
    let mut text = std::fs::read_to_string(&config).unwrap();
    for (name, rows) in [
        ("register", REGISTER),
        ("declarations", DECLARATIONS),
        ("inspections", INSPECTIONS),
    ] {
        let file = folder.join(name).with_extension("csv");
        std::fs::write(&file, rows).unwrap();
        text += &format!("[{name}]\nfile = {file:?}\n");
    }
    std::fs::write(&config, text).unwrap();
    config
}

/// A folder as it lies after a service that was killed, and when that was.
fn lived(folder: &Path) -> (PathBuf, PathBuf, Timestamp) {
    let data = folder.join("data");
    let radio = Radio::start();
    let config = registered(folder, &data, radio.port);
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    service.kill();
    let service = Service::start(&config);
    until("a confirmed acknowledgement", || acknowledge(&service) == Some(200));
    let (now, _) = service.alerts();
    service.kill();
    (config, data, now)
}

/// The steps that a replay tells.
fn replayed(config: &Path, data: &Path, more: &[&str]) -> Vec<Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
        .args(["replay", "--config"])
        .args([config, data])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the rows of files became.
fn entered(data: &Path) -> Vec<Order> {
    let folder = Box::new(Folder(journal_folder(data)));
    let mut reader = Reader::new(folder, 0, Verify::Frames).unwrap();
    let mut entered = Vec::new();
    while let Some((_, record)) = reader.next_record().unwrap() {
        if let Entry::Order(bytes) = record.entry
            && let order @ Order::Enter(_) = serde_json::from_slice(bytes).unwrap()
        {
            entered.push(order);
        }
    }
    entered
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn a_journal_carried_away_tells_the_same_without_the_files_of_its_site() {
    let folder = Temporary::new();
    let (config, data, now) = lived(&folder.0);
    let here = replayed(&config, &data, &[]);
    let elsewhere = Temporary::new();
    let carried = elsewhere.0.join("carried");
    copy(&data, &carried);
    // Another machine has another configuration, and none of the site's files.
    let other = site(&elsewhere.0, &carried, 1, "");
    let text = std::fs::read_to_string(&other).unwrap();
    let slower = text
        .replace("id = \"fast\"", "id = \"slow\"")
        .replace("limit_kn = 12.0", "limit_kn = 15.0");
    std::fs::write(&other, slower).unwrap();
    drop(folder);
    assert!(here.iter().any(|step| step["transition"] == "acknowledged"));
    assert_eq!(replayed(&other, &carried, &[]), here);

    let rules = |steps: &[Json]| -> BTreeSet<String> {
        let rules = steps.iter().map(|step| step["rule"].as_str().unwrap().to_owned());
        rules.filter(|rule| !rule.starts_with("system_")).collect()
    };
    let by_other = replayed(&other, &carried, &["--rules", "config"]);
    assert_eq!(rules(&here), ["fast", "in-harbour"].map(str::to_owned).into());
    assert_eq!(rules(&by_other), ["in-harbour", "slow"].map(str::to_owned).into());

    let summary = elsewhere.0.join("summary.json");
    let (from, to) = (now.plus(Span::s(-2)).to_string(), now.to_string());
    let span = ["--from", &from, "--to", &to, "--summary", summary.to_str().unwrap()];
    let part = replayed(&other, &carried, &span);
    let times = part.iter().map(|step| step["time"].as_str().unwrap().to_owned());
    assert!(
        times.clone().count() > 0 && times.clone().all(|time| from <= time && time < to),
        "{times:?}"
    );
    let summary: Json = serde_json::from_str(&std::fs::read_to_string(summary).unwrap()).unwrap();
    let raised = part.iter().filter(|step| step["transition"] == "raised").count();
    assert_eq!(
        (&summary["alerts_raised"], &summary["times"]),
        (&raised.into(), &"stamped".into())
    );
    for count in [
        "sentences",
        "messages",
        "reports",
        "vessels",
        "sentences_per_s",
        "peak_rss_bytes",
    ] {
        assert!(summary[count].as_f64().unwrap() > 0.0, "{count} in {summary}");
    }
}

#[test]
fn files_seed_an_empty_folder_one_order_a_row_and_count_no_more_afterwards() {
    let folder = Temporary::new();
    let data = folder.0.join("data");
    let config = registered(&folder.0, &data, 1);
    Service::start(&config).kill();
    let orders = entered(&data);
    assert_eq!(orders.len(), 4, "{orders:?}");
    std::fs::write(folder.0.join("register.csv"), REGISTER.replace("TEST SHA 2", "ANOTHER")).unwrap();
    Service::start(&config).kill();
    assert_eq!(entered(&data), orders);
}
