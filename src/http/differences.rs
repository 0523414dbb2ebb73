//! What rules and zones a version has, and what differs between two.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::RuleRow;
use super::rules::shown;
use crate::watch::{Ground, Text};
use crate::zone::Zones;

/// Whole numbers under this have one form as a float, 2⁵³.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Rules and zones of a version by their ids, as `GET` shows them.
pub struct Contents {
    pub rules: BTreeMap<String, Value>,
    pub zones: BTreeMap<String, Value>,
}

impl Contents {
    /// What a text says; nothing where it cannot be read.
    pub fn of(text: &Text) -> Self {
        let Ok(statute) = text.read(&Ground::default()) else {
            return Self {
                rules: BTreeMap::new(),
                zones: BTreeMap::new(),
            };
        };
        let zones: &Zones = &statute.zones;
        let rule = |rule| {
            let row = RuleRow::of(rule);
            (row.id.clone(), whole(shown(&row)))
        };
        Self {
            rules: statute.rules.iter().map(rule).collect(),
            zones: zones
                .iter()
                .map(|(_, zone)| (zone.id.to_string(), whole(json!(zone.feature))))
                .collect(),
        }
    }
}

/// What differs between two versions, by id.
#[derive(Debug, Serialize)]
pub struct Differences<'a> {
    added: Vec<&'a str>,
    removed: Vec<&'a str>,
    changed: BTreeMap<&'a str, BTreeMap<&'a str, [&'a Value; 2]>>,
}

impl<'a> Differences<'a> {
    /// What is otherwise after than before.
    pub fn between(before: &'a BTreeMap<String, Value>, after: &'a BTreeMap<String, Value>) -> Self {
        let missing = |all: &'a BTreeMap<String, Value>, from: &BTreeMap<String, Value>| {
            let ids = all.keys().filter(|id| !from.contains_key(*id));
            ids.map(String::as_str).collect()
        };
        let both = before
            .iter()
            .filter_map(|(id, old)| Some((id.as_str(), old, after.get(id)?)));
        Self {
            added: missing(after, before),
            removed: missing(before, after),
            changed: both
                .filter(|(_, old, new)| old != new)
                .map(|(id, old, new)| (id, keys(old, new)))
                .collect(),
        }
    }
}

/// Each key whose value differs, with the value before and after.
fn keys<'a>(old: &'a Value, new: &'a Value) -> BTreeMap<&'a str, [&'a Value; 2]> {
    let both = [old, new].map(|value| value.as_object());
    let names = both.into_iter().flatten().flat_map(|object| object.keys());
    let value = |name: &str| [old, new].map(|object| object.get(name).unwrap_or(&Value::Null));
    let pairs = names.map(|name| (name.as_str(), value(name)));
    pairs.filter(|(_, [old, new])| old != new).collect()
}

/// The same with whole numbers written as such: `8.0` and `8` say one thing, and scripts know only the latter.
pub fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < MOST_WHOLE => (float as i64).into(),
            _ => Value::Number(number),
        },
        Value::Array(list) => list.into_iter().map(whole).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, whole(value))).collect(),
        other => other,
    }
}
