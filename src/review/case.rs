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
    /// `RULE.PARAM`; the parameter is a key of the rule, with dots into tables, as in `vessels.min_length_m`.
    pub key: String,
    pub values: Vec<Json>,
}

/// A sweep over a rule that there is.
struct Swept<'a> {
    sweep: &'a Sweep,
    rule: &'a Rule,
    parameter: &'a str,
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

/// One combination of the sweeps' values.
struct Setting {
    set: Map<String, Json>,
    /// The rules that it changes.
    rules: Vec<Rule>,
}

/// What is wrong with a sweep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TryFault {
    #[error("{0} begins with no rule of the proposed configuration; should be RULE.PARAM")]
    NoRule(String),
    #[error("{0} is swept twice; should be swept once, with all its values")]
    Twice(String),
    #[error("{swept} = {value}: {key} {what}; should be {want}")]
    Value {
        swept: String,
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
    let swept = read_settings(&proposed, sweeps)?;
    let live = |side: &Side| -> BTreeSet<Arc<str>> {
        let rules = side.orders.rules.iter().filter(|rule| rule.mode == Mode::Live);
        rules.map(|rule| rule.id.clone()).collect()
    };
    let all_live = live(&proposed);
    let mut cases = Vec::new();
    let judged_alike = alike(&baseline, &proposed);
    let sweeps_of = |Setting { set, rules }| Case {
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

/// Every setting of the grid, or all that is wrong.
fn read_settings(side: &Side, sweeps: &[Sweep]) -> Result<Vec<Setting>, Vec<TryFault>> {
    let swept = resolve(&side.orders.rules, sweeps)?;
    let (mut settings, mut faults) = (Vec::new(), Vec::new());
    for values in grid(sweeps)? {
        match read_setting(side, &swept, &values) {
            Ok(rules) => {
                let set = named(sweeps, values);
                settings.push(Setting { set, rules });
            }
            Err(more) => faults.extend(more),
        }
    }
    faults.dedup();
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
}

/// The rules that are swept. Ids may have dots, too: the longest id that a key begins with is meant.
fn resolve<'a>(rules: &'a [Rule], sweeps: &'a [Sweep]) -> Result<Vec<Swept<'a>>, Vec<TryFault>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (at, sweep) in sweeps.iter().enumerate() {
        let of_rule = |rule: &'a Rule| Some((rule, sweep.key.strip_prefix(&*rule.id)?.strip_prefix('.')?));
        match rules.iter().filter_map(of_rule).max_by_key(|(rule, _)| rule.id.len()) {
            None => faults.push(TryFault::NoRule(sweep.key.clone())),
            Some(_) if sweeps[..at].iter().any(|other| other.key == sweep.key) => {
                faults.push(TryFault::Twice(sweep.key.clone()));
            }
            Some((rule, parameter)) => found.push(Swept { sweep, rule, parameter }),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
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
    sweeps.iter().map(|sweep| sweep.key.clone()).zip(values).collect()
}

/// The rules that a setting changes.
fn read_setting(side: &Side, swept: &[Swept<'_>], values: &[Json]) -> Result<Vec<Rule>, Vec<TryFault>> {
    let mut tables: Vec<(Map<String, Json>, &Swept<'_>, &Json)> = Vec::new();
    for (one, value) in swept.iter().zip(values) {
        let at = tables.iter().position(|(_, other, _)| other.rule.id == one.rule.id);
        let at = at.unwrap_or_else(|| {
            tables.push((one.rule.source.clone(), one, value));
            tables.len() - 1
        });
        put(&mut tables[at].0, one.parameter, value);
        (tables[at].1, tables[at].2) = (one, value);
    }
    let mut rules = Vec::new();
    for (table, one, value) in tables {
        let fault = |fault: Fault| TryFault::Value {
            swept: one.sweep.key.clone(),
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
