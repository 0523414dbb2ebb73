//! What became of a feed's lines by the service's own count.

use std::collections::BTreeMap;

/// Lines of a feed by their outcome, and those that were dropped.
pub fn counted(metrics: &BTreeMap<String, f64>, feed: &str) -> BTreeMap<&'static str, u64> {
    let of = |outcome| {
        let name = format!("harborwatch_sentences_total{{feed=\"{feed}\",outcome=\"{outcome}\"}}");
        metrics.get(&name).copied().unwrap_or(0.0) as u64
    };
    let outcomes = harborwatch::nmea::Outcome::ALL.map(|(_, name)| (name, of(name)));
    let dropped = metrics[&format!("harborwatch_feed_dropped_total{{feed=\"{feed}\"}}")] as u64;
    outcomes.into_iter().chain([("dropped", dropped)]).collect()
}

/// All of them.
pub fn all_counted(metrics: &BTreeMap<String, f64>, feed: &str) -> u64 {
    counted(metrics, feed).values().sum()
}
