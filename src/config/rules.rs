//! `[[rule]]` and `[[desk]]`: what is judged, and who watches where.

use std::collections::{BTreeMap, BTreeSet};

use super::section::Section;
use crate::rules::{Fault, Named, Rule};
use crate::watch::Desk;
use crate::zone::{ID, ZoneKind, Zones, is_id};

/// The zones that selectors may name. Where the file of zones has mistakes, their ids are known all the same, so that
/// only selectors that are wrong are named.
pub(super) enum Chart<'a> {
    Sound(&'a Zones),
    Faulty {
        /// Those that can be read.
        readable: &'a Zones,
        ids: &'a BTreeSet<String>,
    },
    /// There is no file to know them by, which is named elsewhere.
    Unread,
}

const SELECTORS: &str = "ids of zones, or kind:NAME";

impl Chart<'_> {
    /// Whether there is a zone of this id.
    pub(super) fn has(&self, id: &str) -> bool {
        match self {
            Self::Sound(zones) => zones.find(id).is_some(),
            Self::Faulty { ids, .. } => ids.contains(id),
            Self::Unread => true,
        }
    }

    fn knows(&self, selector: &str) -> bool {
        match selector.strip_prefix("kind:") {
            Some(kind) => ZoneKind::named(kind).is_some(),
            None => self.has(selector),
        }
    }

    /// Names every selector of a desk that is not known.
    fn refuse_unknown(&self, section: &Section<'_>, selectors: &[String]) {
        for selector in selectors.iter().filter(|selector| !self.knows(selector)) {
            let what = format!("names {selector}, which is not known");
            section.fault_within("zones", selector, what, SELECTORS);
        }
    }

    /// The zones that rules are read with.
    fn zones(&self) -> Option<&Zones> {
        match self {
            Self::Sound(zones) | Self::Faulty { readable: zones, .. } => Some(zones),
            Self::Unread => None,
        }
    }
}

/// Reads all rules, in the order of their ids.
pub(super) fn rules(sections: &[Section<'_>], chart: &Chart<'_>, feeds: &[&str]) -> Vec<Rule> {
    let none = Zones::default();
    let zones = chart.zones().unwrap_or(&none);
    let mut seen = BTreeMap::new();
    let mut rules = Vec::new();
    for section in sections {
        let table = section.to_json();
        if let Some(id) = table.get("id").and_then(|id| id.as_str())
            && let Some(first) = seen.insert(id.to_owned(), section.line_of("id"))
        {
            let what = format!("is {id}, which stands already in line {first}");
            section.fault("id", what, "an id of its own");
        }
        match Rule::read(&table, zones) {
            Ok(rule) => {
                refuse_unknown_feeds(section, &rule, feeds);
                rules.push(rule);
            }
            Err(faults) => {
                for Fault { key, what, want, zone } in faults {
                    match zone {
                        // It stands in the file, only not so that it can be read.
                        Some(Named::Unknown(zone)) if chart.knows(&zone) => {}
                        Some(Named::Unknown(zone) | Named::Unfit(zone)) => {
                            section.fault_within(&key, &zone, what, want);
                        }
                        None => section.fault(&key, what, want),
                    }
                }
            }
        }
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

/// Names every feed of a rule that is none of these; any may be one where none is known.
fn refuse_unknown_feeds(section: &Section<'_>, rule: &Rule, known: &[&str]) {
    if known.is_empty() {
        return;
    }
    let want = format!("one of {}", known.join(", "));
    let named = rule.feeds.iter().map(|name| ("feeds", name.as_str()));
    for (key, name) in named.chain(feed_of_station(rule)) {
        if !known.contains(&name) {
            section.fault(key, format!("names {name}, which is no feed"), want.as_str());
        }
    }
}

/// The feed of the receiver that a rule names as `FEED` or `FEED/SOURCE`; a weather station is named by its MMSI.
fn feed_of_station(rule: &Rule) -> Option<(&'static str, &str)> {
    let named = rule.source.get("station")?.as_str()?;
    let is_mmsi = named.bytes().all(|byte| byte.is_ascii_digit());
    (!is_mmsi).then(|| ("station", named.split_once('/').map_or(named, |(feed, _)| feed)))
}

/// Reads all desks.
pub(super) fn desks(sections: &[Section<'_>], chart: &Chart<'_>) -> Vec<Desk> {
    let mut seen = BTreeMap::new();
    let mut desks = Vec::new();
    for section in sections {
        let id = section.read("id", ID, |value| {
            let id = value.as_str()?;
            is_id(id).then(|| id.to_owned())
        });
        let zones = section.names("zones", SELECTORS);
        for (key, want) in [("id", ID), ("zones", SELECTORS)]
            .into_iter()
            .filter(|(key, _)| !section.has(key))
        {
            section.missing(key, want);
        }
        section.refuse_rest();
        if let Some(first) = id.clone().and_then(|id| seen.insert(id, section.line_of("id"))) {
            let what = format!("stands already in line {first}");
            section.fault("id", what, "an id of its own");
        }
        chart.refuse_unknown(section, zones.as_deref().unwrap_or_default());
        if let (Some(id), Some(selectors), Chart::Sound(all)) = (id, zones, chart) {
            desks.push(Desk {
                id: id.into(),
                zones: all.select(&selectors).0.to_vec(),
                selectors,
            });
        }
    }
    desks
}
