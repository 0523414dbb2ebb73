//! Parameters of rules: what each may be, and a reader that names every fault.

use serde_json::{Map, Value as Json};

/// A parameter of a kind, as configured and documented.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub value: Value,
    pub unit: Option<&'static str>,
    /// What holds if it is not given; `None`: it must be given.
    pub default: Option<Default>,
}

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
}

/// A value that stands if none is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    Number(f64),
    Choice(&'static str),
    Flag(bool),
    /// An empty list.
    Nothing,
}

impl Parameter {
    /// A number from `min` to `max`.
    pub const fn number(name: &'static str, min: f64, max: f64) -> Self {
        Self {
            name,
            value: Value::Number { min, max },
            unit: None,
            default: None,
        }
    }

    /// One of these words.
    pub const fn choice(name: &'static str, words: &'static [&'static str]) -> Self {
        Self {
            name,
            value: Value::Choice(words),
            unit: None,
            default: None,
        }
    }

    /// True or false.
    pub const fn flag(name: &'static str, default: bool) -> Self {
        Self {
            name,
            value: Value::Flag,
            unit: None,
            default: Some(Default::Flag(default)),
        }
    }

    /// A list of names, empty if not given.
    pub const fn names(name: &'static str) -> Self {
        Self {
            name,
            value: Value::Names,
            unit: None,
            default: Some(Default::Nothing),
        }
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

    /// This word if not given.
    pub const fn default_choice(mut self, word: &'static str) -> Self {
        self.default = Some(Default::Choice(word));
        self
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
        }
    }
}

/// A mistake in a rule: at which key, what stands there, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub key: String,
    pub what: String,
    pub want: String,
}

/// Reads keys of one table and collects every fault.
#[derive(Debug)]
pub struct Reader<'a> {
    table: &'a Map<String, Json>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader of this table.
    pub fn new(table: &'a Map<String, Json>) -> Self {
        Self {
            table,
            faults: Vec::new(),
        }
    }

    /// All that was wrong so far.
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Notes a fault at a key.
    pub fn fault(&mut self, key: &str, what: impl Into<String>, want: impl Into<String>) {
        self.faults.push(Fault {
            key: key.into(),
            what: what.into(),
            want: want.into(),
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
