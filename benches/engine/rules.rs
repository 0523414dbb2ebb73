//! What each rule of the samples costs a report: a watch of that rule alone, less a watch of none.

use harborwatch::config::Config;
use harborwatch::geo::Position;
use harborwatch::rules::{Mode, Rule};

use crate::sea::Sea;
use crate::{PAIR_RULES, play, sample, traffic};

/// Vessels strewn over the chart of the site, half of them moored, and how often each reports.
const VESSELS: usize = 2_000;
const REPORTS: usize = 150;
/// Each is tried so often, and the least counts.
const TRIES: usize = 5;

/// Prints the cost of every rule of both samples, the dearest first.
pub fn show(shrink: usize) {
    let samples = [("config/kinmen.toml", PAIR_RULES), ("config/hualien.toml", "")];
    for (file, more) in samples {
        let Config { site, rules, .. } = sample(file, more);
        let recording = sea_over(site.bbox.expect("the samples have a chart")).recording(REPORTS / shrink);
        let ns = |is_kept: &dyn Fn(&str) -> bool| {
            let mut config = || {
                let mut config = sample(file, more);
                config.rules.retain(|rule| is_kept(&rule.id));
                config.rules.iter_mut().for_each(|rule| rule.mode = Mode::Live);
                config
            };
            let tries = (0..TRIES).map(|_| play(&recording, VESSELS, traffic(&mut config, 1)).judging_ns());
            tries.fold(f64::INFINITY, f64::min)
        };
        let none = ns(&|_| false);
        let alone = |rule: &Rule| ns(&|id| *id == *rule.id);
        let mut costs: Vec<_> = rules.iter().map(|rule| (alone(rule) - none, rule)).collect();
        costs.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("\n| {file} | kind | ns a report |\n|---|---|---|");
        for (ns, rule) in costs {
            println!("| {} | `{}` | {:.0} |", rule.id, rule.kind.name, ns.max(0.0));
        }
        println!("| all together | | {:.0} |", ns(&|_| true) - none);
        println!("| none: reception and picture | | {none:.0} |");
    }
}

/// The sea of a chart.
fn sea_over([west, south, east, north]: [f64; 4]) -> Sea {
    Sea {
        vessels: VESSELS,
        middle: Position {
            lon: (west + east) / 2.0,
            lat: (south + north) / 2.0,
        },
        width_deg: east - west,
        height_deg: north - south,
    }
}
