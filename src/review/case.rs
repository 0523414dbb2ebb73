//! What is tried: the baseline, the proposed, and settings of a sweep. A rule that two cases judge alike is judged once.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::register::Papers;
use crate::rules::{Fault, Mode, Rule};
use crate::watch::Orders;
use crate::zone::Zones;

/// Most settings of a grid; a larger one is refused.
pub const MAX_SETTINGS: usize = 400;

/// A configuration, as far as it may differ from the other.
#[derive(Debug)]
pub struct Side {
    /// With all rules, whatever their mode.
    pub orders: Orders,
    pub papers: Papers,
}

/// A parameter of a rule, and the values it is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    pub rule: String,
    /// A key of the rule, with dots into tables, as in `vessels.min_length_m`.
    pub parameter: String,
    pub values: Vec<Json>,
}

/// One configuration that is tried.
#[derive(Debug)]
pub struct Case {
    /// What a sweep sets in it, by `RULE.PARAM`; nothing in the baseline and the proposed.
    pub set: Map<String, Json>,
    /// What its own watch judges by.
    pub orders: Orders,
    pub papers: Papers,
    pub shares: Option<Shared>,
}

/// Rules that a case judges just as an earlier one does, whose alerts stand for them here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The place of the earlier case.
    pub with: usize,
    pub rules: BTreeSet<Arc<str>>,
}

/// What is wrong with a sweep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TryFault {
    #[error("there is no rule {0} in the proposed configuration")]
    NoRule(String),
    #[error("{rule}.{parameter} = {value}: {key} {what}; should be {want}")]
    Value {
        rule: String,
        parameter: String,
        value: String,
        key: String,
        what: String,
        want: String,
    },
    #[error("the sweeps make {0} settings; should be at most {MAX_SETTINGS}")]
    TooMany(usize),
}

/// The cases of a review: the baseline, the proposed, then each setting of the sweeps' grid over the proposed. Only live
/// rules count; one that is swept counts whatever its mode.
pub fn cases(baseline: Side, proposed: Side, sweeps: &[Sweep]) -> Result<Vec<Case>, Vec<TryFault>> {
    let settings = grid(sweeps)?;
    let mut swept = Vec::new();
    let mut faults = Vec::new();
    for setting in settings {
        match read_setting(&proposed, sweeps, &setting) {
            Ok(rules) => swept.push((named(sweeps, setting), rules)),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        faults.dedup();
        return Err(faults);
    }
    let live = |side: &Side| -> BTreeSet<Arc<str>> {
        let rules = side.orders.rules.iter().filter(|rule| rule.mode == Mode::Live);
        rules.map(|rule| rule.id.clone()).collect()
    };
    let all_live = live(&proposed);
    let mut cases = Vec::new();
    let judged_alike = alike(&baseline, &proposed);
    let sweeps_of = |(set, rules): (_, Vec<Rule>)| Case {
        set,
        shares: Some(Shared {
            with: 1,
            rules: all_live
                .iter()
                .filter(|id| rules.iter().all(|rule| rule.id != **id))
                .cloned()
                .collect(),
        }),
        orders: of_case(&proposed, rules),
        papers: proposed.papers.clone(),
    };
    let settings: Vec<Case> = swept.into_iter().map(sweeps_of).collect();
    cases.push(whole(baseline, None));
    cases.push(whole(proposed, Some(judged_alike)));
    cases.extend(settings);
    Ok(cases)
}

/// A side's live rules, but for those that the baseline judges alike.
fn whole(side: Side, alike: Option<BTreeSet<Arc<str>>>) -> Case {
    let Side { mut orders, papers } = side;
    let own = |rule: &Rule| rule.mode == Mode::Live && alike.as_ref().is_none_or(|alike| !alike.contains(&rule.id));
    orders.rules.retain(own);
    Case {
        set: Map::new(),
        orders,
        papers,
        shares: alike.map(|rules| Shared { with: 0, rules }),
    }
}

fn of_case(side: &Side, rules: Vec<Rule>) -> Orders {
    let Orders { zones, version, .. } = &side.orders;
    side.orders.revised(zones.clone(), rules, *version, false)
}

/// The live rules that both judge alike: the same rule over the same zones, papers and tide.
fn alike(baseline: &Side, proposed: &Side) -> BTreeSet<Arc<str>> {
    let features = |zones: &Arc<Zones>| -> Vec<_> { zones.iter().map(|(_, zone)| zone.feature.clone()).collect() };
    let same_ground = features(&baseline.orders.zones) == features(&proposed.orders.zones)
        && baseline.papers == proposed.papers
        && baseline.orders.tide == proposed.orders.tide;
    if !same_ground {
        return BTreeSet::new();
    }
    let is_live = |rule: &&Rule| rule.mode == Mode::Live;
    let before = |rule: &&Rule| {
        let mut others = baseline.orders.rules.iter().filter(is_live);
        others.any(|other| other.id == rule.id && other.source == rule.source)
    };
    let same = proposed.orders.rules.iter().filter(is_live).filter(before);
    same.map(|rule| rule.id.clone()).collect()
}

/// Every combination of the sweeps' values, the last sweep's value changing first.
fn grid(sweeps: &[Sweep]) -> Result<Vec<Vec<Json>>, Vec<TryFault>> {
    if sweeps.is_empty() {
        return Ok(Vec::new());
    }
    let mut combinations = vec![Vec::new()];
    for sweep in sweeps {
        let size = combinations.len().saturating_mul(sweep.values.len());
        if size > MAX_SETTINGS {
            return Err(vec![TryFault::TooMany(size)]);
        }
        let more = |before: &Vec<Json>| {
            let before = before.clone();
            let with = move |value: &Json| before.iter().cloned().chain([value.clone()]).collect();
            sweep.values.iter().map(with).collect::<Vec<Vec<Json>>>()
        };
        combinations = combinations.iter().flat_map(more).collect();
    }
    Ok(combinations)
}

fn named(sweeps: &[Sweep], values: Vec<Json>) -> Map<String, Json> {
    let name = |sweep: &Sweep| format!("{}.{}", sweep.rule, sweep.parameter);
    sweeps.iter().map(name).zip(values).collect()
}

/// The rules that a setting changes.
fn read_setting(side: &Side, sweeps: &[Sweep], values: &[Json]) -> Result<Vec<Rule>, Vec<TryFault>> {
    let mut tables: Vec<(Map<String, Json>, &Sweep, &Json)> = Vec::new();
    for (sweep, value) in sweeps.iter().zip(values) {
        let of_rule =
            |(table, ..): &(Map<String, Json>, _, _)| table.get("id").and_then(Json::as_str) == Some(&sweep.rule);
        let at = match tables.iter().position(of_rule) {
            Some(at) => at,
            None => {
                let rule = side.orders.rules.iter().find(|rule| *rule.id == *sweep.rule);
                let rule = rule.ok_or_else(|| vec![TryFault::NoRule(sweep.rule.clone())])?;
                tables.push((rule.source.clone(), sweep, value));
                tables.len() - 1
            }
        };
        put(&mut tables[at].0, &sweep.parameter, value);
        (tables[at].1, tables[at].2) = (sweep, value);
    }
    let mut rules = Vec::new();
    for (table, sweep, value) in tables {
        let fault = |fault: Fault| TryFault::Value {
            rule: sweep.rule.clone(),
            parameter: sweep.parameter.clone(),
            value: value.to_string(),
            key: fault.key,
            what: fault.what,
            want: fault.want,
        };
        let read = Rule::read(&table, &side.orders.zones);
        rules.push(read.map_err(|faults| faults.into_iter().map(fault).collect::<Vec<_>>())?);
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rules)
}

/// Sets a key, with dots into tables.
fn put(table: &mut Map<String, Json>, key: &str, value: &Json) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value.clone());
        }
        Some((outer, inner)) => {
            let within = table.entry(outer).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(within) = within {
                put(within, inner, value);
            }
        }
    }
}
