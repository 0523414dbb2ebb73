//! The table of types and fields with what the oracles say of each, kept in fixtures/conformance/TABLE.md.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::conformance::{PLACE, Record, agrees, decoded, number, records};
use crate::lines::{corpora, fixtures};

/// Set, the table is written instead of compared.
const WRITE: &str = "HARBORWATCH_WRITE_TABLE";

const HEAD: &str = "\
# What the oracles say, by type and field

Of all corpora here: how often gpsdecode 3.22 and pyais 3.3.1 agree on a field, and how often `harborwatch decode` says the
same; how often they differ, and with whom it then goes. Messages on which they differ as a whole are the last table.
Made by

    HARBORWATCH_WRITE_TABLE=1 cargo test --release --test corpora table

and held to it by the same test.

| type | field | agreed | ours the same | disputed | ours as gpsdecode | ours as pyais |
|---:|---|---:|---:|---:|---:|---:|
";

const MESSAGES_HEAD: &str = "
| type | messages disputed | we make one |
|---:|---:|---:|
";

/// Counts of a field.
#[derive(Default)]
struct Row {
    agreed: usize,
    same: usize,
    disputed: usize,
    as_gpsdecode: usize,
    as_pyais: usize,
}

#[derive(Default)]
struct Table {
    fields: BTreeMap<(u64, String), Row>,
    /// By type: disputed as a whole, and those that we make a message of.
    messages: BTreeMap<u64, (usize, usize)>,
}

impl Table {
    fn add(&mut self, corpus: &str) {
        let folder = fixtures("conformance");
        let list = |kind: &str| records(&fs::read_to_string(folder.join(format!("{corpus}.{kind}.jsonl"))).unwrap());
        let made = decoded(&folder.join(format!("{corpus}.nmea")));
        let ours = |line_end: u64| made.iter().find(|record| number(record, "line_end") == line_end);
        for expected in list("expected") {
            let found = ours(number(&expected, "line_end"));
            self.agreed(&expected, found);
        }
        for disputed in list("disputed") {
            let found = ours(number(&disputed, "line_end"));
            match disputed.get("fields").and_then(Value::as_object) {
                Some(fields) => self.disputed(fields, found),
                None => {
                    let (messages, made) = self.messages.entry(disputed["type"].as_u64().unwrap_or(0)).or_default();
                    *messages += 1;
                    *made += usize::from(found.is_some());
                }
            }
        }
    }

    fn row(&mut self, message_type: u64, field: &str) -> &mut Row {
        self.fields.entry((message_type, field.to_owned())).or_default()
    }

    fn agreed(&mut self, expected: &Record, found: Option<&Record>) {
        let message_type = number(expected, "type");
        for (field, value) in expected.iter().filter(|(field, _)| !PLACE.contains(&field.as_str())) {
            let told = found.and_then(|found| found.get(field));
            let row = self.row(message_type, field);
            row.agreed += 1;
            row.same += usize::from(told.is_some_and(|told| agrees(field, value, told)));
        }
    }

    fn disputed(&mut self, fields: &Record, found: Option<&Record>) {
        let Some(found) = found else { return };
        for (field, said) in fields {
            let told = found.get(field).unwrap_or(&Value::Null);
            let row = self.row(number(found, "type"), field);
            row.disputed += 1;
            row.as_gpsdecode += usize::from(agrees(field, &said["gpsd"], told));
            row.as_pyais += usize::from(agrees(field, &said["pyais"], told));
        }
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((message_type, field), row) in &self.fields {
            let Row {
                agreed,
                same,
                disputed,
                as_gpsdecode,
                as_pyais,
            } = row;
            writeln!(
                text,
                "| {message_type} | `{field}` | {agreed} | {same} | {disputed} | {as_gpsdecode} | {as_pyais} |"
            )
            .unwrap();
        }
        text.push_str(MESSAGES_HEAD);
        for (message_type, (messages, made)) in &self.messages {
            let name = if *message_type == 0 {
                "none".to_owned()
            } else {
                message_type.to_string()
            };
            writeln!(text, "| {name} | {messages} | {made} |").unwrap();
        }
        text
    }
}

#[test]
fn table() {
    let mut table = Table::default();
    for corpus in corpora() {
        table.add(&corpus);
    }
    let (file, text) = (fixtures("conformance").join("TABLE.md"), table.text());
    if std::env::var_os(WRITE).is_some() {
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap();
    assert!(
        kept == text,
        "make it anew: {WRITE}=1 cargo test --release --test corpora table"
    );
}
