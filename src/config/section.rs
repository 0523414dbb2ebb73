//! Tables of a TOML file with their lines: keys are read one by one, and what is wrong with them is noted.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use serde_json::{Value as Json, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistakes;

/// Longest excerpt of the file in a mistake, in characters.
const EXCERPT: usize = 60;

/// A TOML file.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub file: &'a Path,
    pub text: &'a str,
    pub mistakes: &'a Mistakes,
}

/// A table of a page.
pub(super) struct Section<'a> {
    page: Page<'a>,
    /// As in `track`, for mistakes; empty for the whole file.
    name: String,
    /// Line of its header; the first for the whole file.
    line: usize,
    table: &'a DeTable<'a>,
    /// Keys that were asked for: these are known.
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Page<'a> {
    /// The line in which a byte stands, from 1.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// What stands in the file, shortened to one line.
    fn excerpt(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or_default();
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= EXCERPT {
            return line;
        }
        line.chars().take(EXCERPT).chain("…".chars()).collect()
    }

    /// The whole file as a section.
    pub(super) fn whole(self, table: &'a DeTable<'a>) -> Section<'a> {
        self.section(String::new(), 1, table)
    }

    fn section(self, name: String, line: usize, table: &'a DeTable<'a>) -> Section<'a> {
        Section {
            page: self,
            name,
            line,
            table,
            asked: RefCell::default(),
        }
    }
}

impl<'a> Section<'a> {
    /// A key of it as people name it: `track.max_jump_nm`.
    fn path(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        }
    }

    /// The line of a key, which may lead into tables within (`vessels.mid`); else that of the section.
    pub(super) fn line_of(&self, key: &str) -> usize {
        let (mut table, mut line) = (self.table, self.line);
        for part in key.split('.') {
            let Some((found, value)) = table.get_key_value(part) else {
                break;
            };
            line = self.page.line_at(found.span().start);
            match value.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => break,
            }
        }
        line
    }

    /// Notes what is wrong with a key, or that it is missing.
    pub(super) fn fault(&self, key: &str, what: impl std::fmt::Display, want: impl Into<String>) {
        let what = format!("{} {what}", self.path(key));
        self.page
            .mistakes
            .add(self.page.file, Some(self.line_of(key)), what, want);
    }

    /// Notes what is wrong with one text of a list, at its line.
    pub(super) fn fault_within(&self, key: &str, text: &str, what: impl std::fmt::Display, want: impl Into<String>) {
        let elements = self.table.get(key).and_then(|value| value.get_ref().as_array());
        let element = elements
            .into_iter()
            .flatten()
            .find(|element| element.get_ref().as_str() == Some(text));
        let line = element.map(|element| self.page.line_at(element.span().start));
        let what = format!("{} {what}", self.path(key));
        self.page.mistakes.add(
            self.page.file,
            Some(line.unwrap_or_else(|| self.line_of(key))),
            what,
            want,
        );
    }

    /// Notes that a required key is missing.
    pub(super) fn missing(&self, key: &str, want: impl Into<String>) {
        self.fault(key, "is missing", want);
    }

    /// Whether the key stands there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether a key stands in a table within.
    pub(super) fn has_within(&self, key: &str, inner: &str) -> bool {
        let table = self.table.get(key).and_then(|value| value.get_ref().as_table());
        table.is_some_and(|table| table.contains_key(inner))
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.asked.borrow().contains(&key) {
            self.asked.borrow_mut().push(key);
        }
        self.table.get(key)
    }

    /// What `read` makes of a key's value; a fault where it makes nothing.
    pub(super) fn read<T>(&self, key: &'static str, want: &str, read: impl Fn(&DeValue<'a>) -> Option<T>) -> Option<T> {
        let value = self.get(key)?;
        let made = read(value.get_ref());
        if made.is_none() {
            self.fault(key, format!("is {}", self.page.excerpt(value.span())), want);
        }
        made
    }

    /// A number within a range.
    pub(super) fn number(&self, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let want = format!("a number from {} to {}", range.start(), range.end());
        self.read(key, &want, |value| {
            as_number(value).filter(|number| range.contains(number))
        })
    }

    /// A whole number within a range.
    pub(super) fn whole_number(&self, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let want = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, &want, |value| {
            let number = to_json(value).as_u64()?;
            range.contains(&number).then_some(number)
        })
    }

    /// Text that is not blank.
    pub(super) fn text(&self, key: &'static str, want: &str) -> Option<&'a str> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.fault(key, format!("is {}", self.page.excerpt(value.span())), want);
        }
        text
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", |value| value.as_bool())
    }

    /// One of these words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        self.read(key, &known.join(" or "), |value| {
            let word = value.as_str()?;
            words
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, choice)| *choice)
        })
    }

    /// A list of texts.
    pub(super) fn names(&self, key: &'static str, want: &str) -> Option<Vec<String>> {
        self.read(key, want, |value| {
            value
                .as_array()?
                .iter()
                .map(|name| name.get_ref().as_str().map(str::to_owned))
                .collect()
        })
    }

    /// A list of exactly `N` numbers that are good together.
    pub(super) fn numbers<const N: usize>(
        &self,
        key: &'static str,
        want: &str,
        is_good: impl Fn([f64; N]) -> bool,
    ) -> Option<[f64; N]> {
        self.read(key, want, |value| {
            let numbers: Option<Vec<f64>> = value
                .as_array()?
                .iter()
                .map(|value| as_number(value.get_ref()))
                .collect();
            numbers?.try_into().ok().filter(|numbers| is_good(*numbers))
        })
    }

    /// A table within.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(key, "is no table", format!("a table, as in [{}]", self.path(key)));
            return None;
        };
        Some(self.page.section(self.path(key), self.line_of(key), table))
    }

    /// A list of tables within.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let want = format!("a list of tables, as in [[{}]]", self.path(key));
        let DeValue::Array(array) = value.get_ref() else {
            self.fault(key, "is no list of tables", want);
            return Vec::new();
        };
        let tables = array.iter().filter_map(|element| {
            let line = self.page.line_at(element.span().start);
            match element.get_ref() {
                DeValue::Table(table) => Some(self.page.section(self.path(key), line, table)),
                _ => {
                    let what = format!("{} has an element that is no table", self.path(key));
                    self.page.mistakes.add(self.page.file, Some(line), what, want.clone());
                    None
                }
            }
        });
        tables.collect()
    }

    /// Takes for known what is asked for here; what is found wrong with it does not count.
    pub(super) fn leave_to(&self, read: impl FnOnce(&Section<'_>)) {
        let mistakes = Mistakes::default();
        let page = Page {
            mistakes: &mistakes,
            ..self.page
        };
        let twin = page.section(self.name.clone(), self.line, self.table);
        read(&twin);
        self.asked.borrow_mut().extend(twin.asked.take());
    }

    /// Notes every key that nobody asked for.
    pub(super) fn refuse_rest(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.get_ref().as_ref())) {
            let line = self.page.line_at(key.span().start);
            let what = format!("{} is not known", self.path(key.get_ref()));
            let want = format!("one of {}", asked.join(", "));
            self.page.mistakes.add(self.page.file, Some(line), what, want);
        }
    }

    /// The whole table as JSON; what JSON has no values for is no text either, so that no text is read from it. Only
    /// the date of `review_by`, which JSON writes as text, is one.
    pub(super) fn to_json(&self) -> serde_json::Map<String, Json> {
        let mut table = table_to_json(self.table);
        let date = self.table.get("review_by").map(Spanned::get_ref);
        if let Some(DeValue::Datetime(date)) = date {
            table.insert("review_by".into(), date.to_string().into());
        }
        table
    }
}

fn as_number(value: &DeValue<'_>) -> Option<f64> {
    to_json(value).as_f64()
}

fn table_to_json(table: &DeTable<'_>) -> serde_json::Map<String, Json> {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref())))
        .collect()
}

/// A value as JSON. What JSON cannot write (dates, `inf`, integers beyond 64 bits) becomes an object that says what
/// stands there, which no key takes.
fn to_json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => number.into(),
            Err(_) => json!({ "number": integer.as_str() }),
        },
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(serde_json::Number::from_f64);
            number.map_or_else(|| json!({ "number": float.as_str() }), Json::Number)
        }
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Datetime(moment) => json!({ "time": moment.to_string() }),
        DeValue::Array(array) => array.iter().map(|element| to_json(element.get_ref())).collect(),
        DeValue::Table(table) => Json::Object(table_to_json(table)),
    }
}
