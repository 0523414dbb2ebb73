//! Parameters of rules: what each may be, and a reader that names every fault.

use serde_json::{Map, Value as Json};

use super::Words;
use super::filter::{integers, mmsi_list};
use crate::ais::Mmsi;
use crate::time::Span;
use crate::zone::{Form, Zone, ZoneIx, ZoneSet, Zones, is_id};

/// A parameter of a kind, as configured and documented.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    /// What it is for, in both languages.
    pub meaning: Words,
    pub value: Value,
    pub unit: Option<&'static str>,
    /// What holds if it is not given; `None`: it must be given.
    pub default: Option<Default>,
    /// Where the default comes from.
    pub source: &'static str,
}

/// The source of a default that nobody published: to be set by the site.
pub const ASSUMED: &str = "assumed 假設值";

/// What a parameter may be.
#[derive(Debug)]
pub enum Value {
    /// A number from `min` to `max`.
    Number {
        min: f64,
        max: f64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    Flag,
    /// A list of names.
    Names,
    /// A list of some of these words.
    Choices(&'static [&'static str]),
    Text,
    /// The id of a line.
    Line,
    /// A list of ids of areas and of `kind:NAME`.
    Areas,
    Mmsis,
    /// A list of navigational statuses (ITU-R M.1371-5, table 45).
    Statuses,
    /// A time of day, as in `18:00`.
    TimeOfDay,
    /// A list of pairs of numbers over 0: at which distance in metres which speed in knots.
    Steps,
}

/// A value that stands if none is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    Number(f64),
    Choice(&'static str),
    Flag(bool),
    /// An empty list.
    Nothing,
    /// No number: what it would limit is not looked at.
    Unlimited,
    Choices(&'static [&'static str]),
    Text(&'static str),
}

impl Parameter {
    const fn of(name: &'static str, value: Value, default: Option<Default>) -> Self {
        Self {
            name,
            meaning: Words { zh: "", en: "" },
            value,
            unit: None,
            default,
            source: ASSUMED,
        }
    }

    /// A number from `min` to `max`.
    pub const fn number(name: &'static str, min: f64, max: f64) -> Self {
        Self::of(name, Value::Number { min, max }, None)
    }

    /// One of these words.
    pub const fn choice(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::of(name, Value::Choice(words), None)
    }

    /// Some of these words; all if not given.
    pub const fn choices(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::of(name, Value::Choices(words), Some(Default::Choices(words)))
    }

    /// True or false.
    pub const fn flag(name: &'static str, default: bool) -> Self {
        Self::of(name, Value::Flag, Some(Default::Flag(default)))
    }

    /// A list of names, empty if not given.
    pub const fn names(name: &'static str) -> Self {
        Self::of(name, Value::Names, Some(Default::Nothing))
    }

    /// Ids of areas and `kind:NAME`, none if not given.
    pub const fn areas(name: &'static str) -> Self {
        Self::of(name, Value::Areas, Some(Default::Nothing))
    }

    /// Any text, empty if not given.
    pub const fn text(name: &'static str) -> Self {
        Self::of(name, Value::Text, Some(Default::Text("")))
    }

    /// A line's id, a list of vessels, of statuses or of steps: it must be given.
    pub const fn must(name: &'static str, value: Value) -> Self {
        Self::of(name, value, None)
    }

    /// A time of day.
    pub const fn time_of_day(name: &'static str, default: &'static str) -> Self {
        Self::of(name, Value::TimeOfDay, Some(Default::Text(default)))
    }

    /// What it is for, in Chinese and in English.
    pub const fn means(mut self, zh: &'static str, en: &'static str) -> Self {
        self.meaning = Words { zh, en };
        self
    }

    /// In this unit.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// This number if not given.
    pub const fn default_number(mut self, number: f64) -> Self {
        self.default = Some(Default::Number(number));
        self
    }

    /// Nothing is limited by it if it is not given.
    pub const fn default_unlimited(mut self) -> Self {
        self.default = Some(Default::Unlimited);
        self
    }

    /// This word if not given.
    pub const fn default_choice(mut self, word: &'static str) -> Self {
        self.default = Some(Default::Choice(word));
        self
    }

    /// Where its default comes from.
    pub const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// Of which type its value is, by a name that a form knows its input by.
    pub const fn type_name(&self) -> &'static str {
        match self.value {
            Value::Number { .. } => "number",
            Value::Choice(_) => "choice",
            Value::Flag => "flag",
            Value::Names => "names",
            Value::Choices(_) => "choices",
            Value::Text => "text",
            Value::Line => "line",
            Value::Areas => "areas",
            Value::Mmsis => "mmsis",
            Value::Statuses => "statuses",
            Value::TimeOfDay => "time_of_day",
            Value::Steps => "steps",
        }
    }

    /// Its default as it would stand in a configuration; empty if it must be given.
    pub fn default_text(&self) -> String {
        match self.default {
            None => String::new(),
            Some(Default::Number(number)) => number.to_string(),
            Some(Default::Choice(word) | Default::Text(word)) => format!("{word:?}"),
            Some(Default::Flag(flag)) => flag.to_string(),
            Some(Default::Nothing) => "[]".into(),
            Some(Default::Unlimited) => "none".into(),
            Some(Default::Choices(words)) => format!("{words:?}"),
        }
    }

    /// What counts if it is not given; null where it must be, or then limits nothing.
    pub fn default_value(&self) -> Json {
        match self.default {
            Some(Default::Number(number)) => number.into(),
            Some(Default::Choice(word) | Default::Text(word)) => word.into(),
            Some(Default::Flag(flag)) => flag.into(),
            Some(Default::Nothing) => Json::Array(Vec::new()),
            Some(Default::Choices(words)) => words.into(),
            Some(Default::Unlimited) | None => Json::Null,
        }
    }

    /// What a value must be, for people.
    pub fn want(&self) -> String {
        match self.value {
            Value::Number { min, max } => {
                let unit = self.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
                format!("a number from {min} to {max}{unit}")
            }
            Value::Choice(words) => format!("one of {}", quoted(words)),
            Value::Flag => "true or false".into(),
            Value::Names => "a list of names, as in [\"a\", \"b\"]".into(),
            Value::Choices(words) => format!("a list of some of {}", quoted(words)),
            Value::Text => "a text".into(),
            Value::Areas => "areas, as in [\"an-id\", \"kind:harbour\"]".into(),
            Value::Line => "the id of a line: a gate, route, quay, breakwater or bridge".into(),
            Value::Mmsis => "a list of MMSIs, as in [416000001]".into(),
            Value::Statuses => "a list from 0 to 15".into(),
            Value::TimeOfDay => "a time of day, as in \"18:00\"".into(),
            Value::Steps => "a list of [distance_m, limit_kn], as in [[500, 5.0], [200, 3.0]]".into(),
        }
    }
}

/// A mistake in a rule: at which key, what stands there, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub key: String,
    pub what: String,
    pub want: String,
    /// The zone it is about, if it is about one.
    pub zone: Option<Named>,
}

/// A zone, or a selector of zones, that a key names and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// There is none.
    Unknown(String),
    /// It is not what the key takes.
    Unfit(String),
}

impl Fault {
    pub(super) fn new(key: &str, what: impl Into<String>, want: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            what: what.into(),
            want: want.into(),
            zone: None,
        }
    }
}

/// Reads keys of one table and collects every fault.
#[derive(Debug)]
pub struct Reader<'a> {
    table: &'a Map<String, Json>,
    zones: &'a Zones,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader of this table, which may name these zones.
    pub fn new(table: &'a Map<String, Json>, zones: &'a Zones) -> Self {
        Self {
            table,
            zones,
            faults: Vec::new(),
        }
    }

    /// How many faults there are so far.
    pub(super) fn faults(&self) -> usize {
        self.faults.len()
    }

    /// All that was wrong so far.
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Notes a fault at a key.
    pub fn fault(&mut self, key: &str, what: impl Into<String>, want: impl Into<String>) {
        self.faults.push(Fault::new(key, what, want));
    }

    /// Notes that a key names a zone that there is not.
    pub fn unknown_zone(&mut self, key: &str, zone: &str, want: impl Into<String>) {
        self.faults.push(Fault {
            zone: Some(Named::Unknown(zone.into())),
            ..Fault::new(key, format!("names {zone}, which is not known"), want)
        });
    }

    /// Notes that a key names a zone that it does not take, and what of the zone does not fit.
    pub(super) fn unfit_zone(&mut self, key: &str, zone: &Zone, unfit: &str, want: impl Into<String>) {
        self.faults.push(Fault {
            zone: Some(Named::Unfit(zone.id.to_string())),
            ..Fault::new(key, format!("names {}, which {unfit}", zone.id), want)
        });
    }

    /// What stands at a key.
    pub fn get(&self, key: &str) -> Option<&'a Json> {
        self.table.get(key)
    }

    /// Names every key that is neither common to all rules nor a parameter of this kind.
    pub fn refuse_unknown(&mut self, known: &[&str]) {
        for key in self.table.keys() {
            if !known.contains(&key.as_str()) {
                self.fault(key, "is not known here", format!("one of {}", quoted(known)));
            }
        }
    }

    /// A number, or its default; zero where it is at fault.
    pub fn number(&mut self, parameter: &Parameter) -> f64 {
        let Value::Number { min, max } = parameter.value else {
            return 0.0;
        };
        let read = |json: &Json| json.as_f64().filter(|number| (min..=max).contains(number));
        let default = match parameter.default {
            Some(Default::Number(number)) => Some(number),
            _ => None,
        };
        self.read(parameter, read, default)
    }

    /// A number, if it is given.
    pub fn limit(&mut self, parameter: &Parameter) -> Option<f64> {
        self.get(parameter.name).map(|_| self.number(parameter))
    }

    /// One of the parameter's words, or its default.
    pub fn choice(&mut self, parameter: &Parameter) -> &'static str {
        let Value::Choice(words) = parameter.value else {
            return "";
        };
        let read = |json: &Json| words.iter().copied().find(|word| json.as_str() == Some(*word));
        let default = match parameter.default {
            Some(Default::Choice(word)) => Some(word),
            _ => None,
        };
        self.read(parameter, read, default)
    }

    /// True or false, or its default.
    pub fn flag(&mut self, parameter: &Parameter) -> bool {
        self.read(
            parameter,
            Json::as_bool,
            Some(parameter.default == Some(Default::Flag(true))),
        )
    }

    /// A list of names, or none.
    pub fn names(&mut self, parameter: &Parameter) -> Vec<String> {
        self.read(parameter, names, Some(Vec::new()))
    }

    /// A number of seconds, or its default.
    pub fn span(&mut self, parameter: &Parameter) -> Span {
        Span::from_s(self.number(parameter))
    }

    /// Two numbers, the first not over the second.
    pub fn range(&mut self, min: &Parameter, max: &Parameter) -> [f64; 2] {
        let before = self.faults();
        let both = [self.number(min), self.number(max)];
        if both[0] > both[1] && self.faults() == before {
            self.fault(
                min.name,
                format!("is over {}", max.name),
                format!("at most {}", max.name),
            );
        }
        both
    }

    /// Some of the parameter's words, in the order in which they are given.
    pub fn choices(&mut self, parameter: &Parameter) -> Vec<&'static str> {
        let Value::Choices(words) = parameter.value else {
            return Vec::new();
        };
        let word = |name: String| words.iter().copied().find(|word| *word == name);
        let read = |json: &Json| {
            let named: Option<Vec<&str>> = names(json)?.into_iter().map(word).collect();
            named.filter(|named| !named.is_empty())
        };
        self.read(parameter, read, Some(words.to_vec()))
    }

    /// A text, or none.
    pub fn text(&mut self, parameter: &Parameter) -> String {
        self.read(parameter, |json| json.as_str().map(str::to_owned), Some(String::new()))
    }

    /// The line of this id.
    pub fn line(&mut self, parameter: &Parameter) -> ZoneIx {
        let zones = self.zones;
        let one = |json: &Json| json.as_str().filter(|id| is_id(id)).map(str::to_owned);
        let id = self.read(parameter, one, None);
        match zones.find(&id) {
            Some(zone) if zones.get(zone).kind.form() == Form::Line => return zone,
            Some(zone) => {
                let zone = zones.get(zone);
                self.unfit_zone(
                    parameter.name,
                    zone,
                    &format!("is {}", zone.kind.with_article()),
                    parameter.want(),
                );
            }
            // What is no id is a fault already.
            None if id.is_empty() => {}
            None => self.unknown_zone(parameter.name, &id, parameter.want()),
        }
        ZoneIx(0)
    }

    /// Areas, in order.
    pub fn areas(&mut self, parameter: &Parameter) -> ZoneSet {
        let selectors = self.names(parameter);
        let zones = self.zones;
        let (areas, unknown) = zones.select(&selectors);
        for selector in unknown {
            self.unknown_zone(parameter.name, selector, parameter.want());
        }
        for zone in areas.iter().map(|zone| zones.get(*zone)) {
            if zone.kind.form() != Form::Area {
                self.unfit_zone(
                    parameter.name,
                    zone,
                    &format!("is {}", zone.kind.with_article()),
                    parameter.want(),
                );
            }
        }
        areas
    }

    /// MMSIs, at least one.
    pub fn mmsis(&mut self, parameter: &Parameter) -> Vec<Mmsi> {
        self.read(parameter, |json| mmsi_list(json).filter(|all| !all.is_empty()), None)
    }

    /// Navigational statuses, at least one.
    pub fn statuses(&mut self, parameter: &Parameter) -> Vec<u8> {
        self.read(
            parameter,
            |json| integers(json, 0, 15).filter(|all| !all.is_empty()),
            None,
        )
    }

    /// A time of day, as the time since midnight.
    pub fn time_of_day(&mut self, parameter: &Parameter) -> Span {
        let default = match parameter.default {
            Some(Default::Text(text)) => time_of_day(text),
            _ => None,
        };
        self.read(parameter, |json| time_of_day(json.as_str()?), default)
    }

    /// Steps in order of their distance, each distance once, at least one.
    pub fn steps(&mut self, parameter: &Parameter) -> Vec<[f64; 2]> {
        let read = |json: &Json| {
            let mut steps: Vec<[f64; 2]> = serde_json::from_value(json.clone()).ok()?;
            steps.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let good = |step: &[f64; 2]| {
                step.iter()
                    .all(|number| (0.0..=1_000_000.0).contains(number) && *number > 0.0)
            };
            let twice = steps.windows(2).any(|pair| pair[0][0] == pair[1][0]);
            (!steps.is_empty() && steps.iter().all(good) && !twice).then_some(steps)
        };
        self.read(parameter, read, None)
    }

    fn read<T: std::default::Default>(
        &mut self,
        parameter: &Parameter,
        read: impl Fn(&Json) -> Option<T>,
        default: Option<T>,
    ) -> T {
        match (self.get(parameter.name), default) {
            (None, Some(default)) => default,
            (None, None) => {
                self.fault(parameter.name, "is missing", parameter.want());
                T::default()
            }
            (Some(json), _) => read(json).unwrap_or_else(|| {
                self.fault(parameter.name, format!("is {json}"), parameter.want());
                T::default()
            }),
        }
    }
}

/// The time since midnight of `HH:MM`.
fn time_of_day(text: &str) -> Option<Span> {
    let (hour, minute) = text
        .split_once(':')
        .filter(|both| [both.0, both.1].iter().all(|part| is_two_digits(part)))?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then(|| Span::s(i64::from(hour) * 3600 + i64::from(minute) * 60))
}

fn is_two_digits(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A list of strings, if it is one.
pub(super) fn names(json: &Json) -> Option<Vec<String>> {
    json.as_array()?
        .iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Words in a row for people: `a, b, c`.
pub(super) fn quoted(words: &[&str]) -> String {
    words.join(", ")
}
