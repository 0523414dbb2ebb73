//! Editions: the versions of rules and zones as texts, who made each of them and why; and what a text says, or what is
//! wrong with it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::orders::{Desk, Orders};
use crate::rules::{Mode, Rule, Words};
use crate::time::Timestamp;
use crate::zone::{ZoneKind, Zones};

/// Editions kept; the oldest goes when another comes.
pub const MAX_EDITIONS: usize = 50;

/// Who an edition is by that was read from files.
pub const FILE: &str = "file";

/// Rules and zones as texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// A JSON list of rules, each with the keys of a `[[rule]]`.
    pub rules: Arc<str>,
    /// A GeoJSON FeatureCollection, its features each on a line of its own from the second line on.
    pub zones: Arc<str>,
}

/// One version of rules and zones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub version: u32,
    pub time: Timestamp,
    pub author: Arc<str>,
    pub reason: Arc<str>,
    /// Of the review it came of.
    pub minutes: Option<Minutes>,
    pub text: Text,
}

/// Minutes of a review: kept with the version that came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    /// Who took part.
    #[serde(default)]
    pub who: String,
    /// Over what traffic.
    #[serde(default)]
    pub traffic: String,
    /// What was tried.
    #[serde(default)]
    pub tried: String,
    #[serde(default)]
    pub decided: String,
    #[serde(default)]
    pub why: String,
}

/// The editions that are known, oldest first; the newest stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editions {
    known: VecDeque<Edition>,
    /// What the files said when they were last looked at.
    files: Option<Text>,
}

/// What a text says.
#[derive(Debug)]
pub struct Statute {
    pub zones: Arc<Zones>,
    /// In the order of their ids, whatever their mode.
    pub rules: Vec<Rule>,
}

/// A mistake in a text: in which of its parts, what stands there, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    pub part: Part,
    pub what: String,
    pub want: String,
}

/// A part of a text, or what rests on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rule at this place, its id if it has one, and the key.
    Rule(usize, String, String),
    /// The feature at this place.
    Zone(usize),
    /// The list as a whole.
    Whole,
    /// A desk, which names a zone.
    Desk(Arc<str>),
}

/// What texts are read against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    pub desks: Vec<Desk>,
    /// Names of the feeds; where there are none, rules may name what they like.
    pub feeds: Vec<Arc<str>>,
}

impl Text {
    /// What these rules and zones are as texts.
    pub fn of<'r>(rules: impl Iterator<Item = &'r Rule>, zones: &Zones) -> Self {
        let rules: Vec<&Map<String, Json>> = rules.map(|rule| &rule.source).collect();
        let features: Vec<Json> = zones.iter().map(|(_, zone)| zone.feature.clone().into()).collect();
        Self {
            rules: json!(rules).to_string().into(),
            zones: Self::collection(&zones.members, &features),
        }
    }

    /// A text of zones.
    pub fn collection(members: &Map<String, Json>, features: &[Json]) -> Arc<str> {
        let mut head = members.clone();
        head.insert("type".into(), "FeatureCollection".into());
        let head = Json::Object(head).to_string();
        let features: Vec<String> = features.iter().map(Json::to_string).collect();
        let open = head.strip_suffix('}').unwrap_or(&head);
        format!("{open},\"features\":[\n{}\n]}}", features.join(",\n")).into()
    }

    /// Reads it whole; every mistake is named.
    pub fn read(&self, ground: &Ground) -> Result<Statute, Vec<Misread>> {
        let zones = Zones::from_geojson(&self.zones).map_err(|faults| {
            let misread = faults.into_iter().map(|fault| Misread {
                part: fault.line.checked_sub(2).map_or(Part::Whole, Part::Zone),
                what: fault.what,
                want: fault.want,
            });
            misread.collect::<Vec<_>>()
        })?;
        let tables: Vec<Map<String, Json>> = serde_json::from_str(&self.rules).map_err(|error| {
            vec![Misread {
                part: Part::Whole,
                what: error.to_string(),
                want: "a list of rules".into(),
            }]
        })?;
        let mut misread = Vec::new();
        let mut rules = read_rules(&tables, &zones, &ground.feeds, &mut misread);
        let unknown = |selector: &&String| match selector.strip_prefix("kind:") {
            Some(kind) => ZoneKind::named(kind).is_none(),
            None => zones.find(selector).is_none(),
        };
        for desk in &ground.desks {
            misread.extend(desk.selectors.iter().filter(unknown).map(|selector| Misread {
                part: Part::Desk(desk.id.clone()),
                what: format!("watches {selector}, which is not known"),
                want: "a zone of this id, or another configuration of the desk".into(),
            }));
        }
        if !misread.is_empty() {
            return Err(misread);
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let zones = Arc::new(zones);
        Ok(Statute { zones, rules })
    }
}

fn read_rules(
    tables: &[Map<String, Json>],
    zones: &Zones,
    feeds: &[Arc<str>],
    misread: &mut Vec<Misread>,
) -> Vec<Rule> {
    let mut seen = BTreeMap::new();
    let mut rules = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let id = table.get("id").and_then(Json::as_str).unwrap_or_default();
        let mut fault = |key: String, what: String, want: String| {
            let part = Part::Rule(at, id.to_owned(), key);
            misread.push(Misread { part, what, want });
        };
        if let Some(first) = seen.insert(id.to_owned(), at).filter(|_| !id.is_empty()) {
            let what = format!("is {id}, as that of items[{first}]");
            fault("id".into(), what, "an id of its own".into());
        }
        // A key without a value is one that was left out.
        let table: Map<String, Json> = table
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        match Rule::read(&table, zones) {
            Ok(rule) => {
                let known = |name: &&String| feeds.is_empty() || feeds.iter().any(|feed| **feed == ***name);
                for name in rule.feeds.iter().filter(|name| !known(name)) {
                    let want = format!("one of {}", feeds.join(", "));
                    fault("feeds".into(), format!("names {name}, which is no feed"), want);
                }
                rules.push(rule);
            }
            Err(faults) => {
                for each in faults {
                    fault(each.key, each.what, each.want);
                }
            }
        }
    }
    rules
}

impl Edition {
    /// The rules whose day of review is before this date, as in `2027-03-31`; those that are off are not looked at.
    pub fn overdue(&self, today: &str) -> Vec<Arc<str>> {
        self.rules_where(|rule| {
            text(rule, "review_by").is_some_and(|by| *by < *today) && text(rule, "mode") != Some("off")
        })
    }

    /// The rules whose alerts are raised with this priority, as in `warning`.
    pub fn of_priority(&self, priority: &str) -> Vec<Arc<str>> {
        self.rules_where(|rule| text(rule, "priority") == Some(priority))
    }

    /// The sentences that rules have of their own, by rule.
    pub fn messages(&self) -> BTreeMap<String, Words<String>> {
        let message = |rule: &Map<String, Json>| {
            let words = serde_json::from_value(rule.get("message")?.clone()).ok()?;
            Some((text(rule, "id")?.to_owned(), words))
        };
        self.tables().iter().filter_map(message).collect()
    }

    /// The ids of the rules that fit.
    fn rules_where(&self, fits: impl Fn(&Map<String, Json>) -> bool) -> Vec<Arc<str>> {
        let rules = self.tables();
        let found = rules.iter().filter(|rule| fits(rule));
        found.filter_map(|rule| text(rule, "id").map(Arc::from)).collect()
    }

    fn tables(&self) -> Vec<Map<String, Json>> {
        serde_json::from_str(&self.text.rules).unwrap_or_default()
    }
}

/// A key of a rule, if it is a text.
fn text<'r>(rule: &'r Map<String, Json>, key: &str) -> Option<&'r str> {
    rule.get(key).and_then(Json::as_str)
}

impl Statute {
    /// What watches judge by under this statute, in the circumstances of other orders: the live one's, and if any rule
    /// is in `shadow` mode the shadow's.
    pub fn orders(self, under: &Orders, version: u32) -> Vec<Orders> {
        let Self { zones, rules } = self;
        let (shadow, others): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(|rule| rule.mode == Mode::Shadow);
        let live = others.into_iter().filter(|rule| rule.mode == Mode::Live).collect();
        let mut orders = vec![under.revised(zones.clone(), live, version, false)];
        if !shadow.is_empty() {
            orders.push(under.revised(zones, shadow, version, true));
        }
        orders
    }
}

impl Orders {
    /// What other texts are read against in these circumstances.
    pub fn ground(&self) -> Ground {
        Ground {
            desks: self.desks.clone(),
            feeds: self.feeds.clone(),
        }
    }
}

impl Editions {
    /// The edition that stands.
    pub fn newest(&self) -> Option<&Edition> {
        self.known.back()
    }

    /// The version that stands; 0 before there is any.
    pub fn version(&self) -> u32 {
        self.newest().map_or(0, |edition| edition.version)
    }

    /// The edition of this version, while it is known.
    pub fn find(&self, version: u32) -> Option<&Edition> {
        self.known.iter().find(|edition| edition.version == version)
    }

    /// All that are known, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Edition> + ExactSizeIterator {
        self.known.iter()
    }

    /// Whether the files say what they said when they were last looked at.
    pub fn are_files(&self, text: &Text) -> bool {
        self.files.as_ref() == Some(text)
    }

    /// Takes note of what the files say.
    pub fn note_files(&mut self, text: Text) {
        self.files = Some(text);
    }

    /// Has an edition stand.
    pub fn add(&mut self, edition: Edition) {
        if self.known.len() == MAX_EDITIONS {
            self.known.pop_front();
        }
        self.known.push_back(edition);
    }
}
