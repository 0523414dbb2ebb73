//! CSV tables with a fixed header: rows in, every fault named with line and column.

use crate::time::Timestamp;

/// A mistake in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: usize,
    pub what: String,
    pub want: String,
}

/// One row being read: an empty field is none.
pub(super) struct Row<'a> {
    line: usize,
    columns: &'a [&'a str],
    record: &'a csv::StringRecord,
    faults: &'a mut Vec<Fault>,
}

/// Reads a table whose header must be `columns`; `read` makes a row's value, or none where it is at fault.
pub(super) fn read<T>(
    text: &str,
    columns: &[&str],
    mut read: impl FnMut(&mut Row<'_>) -> Option<T>,
) -> Result<Vec<T>, Vec<Fault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut faults = Vec::new();
    let want = columns.join(",");
    match reader.headers() {
        Ok(header) if header.iter().eq(columns.iter().copied()) => {}
        Ok(header) => {
            let header: Vec<&str> = header.iter().collect();
            return Err(vec![Fault {
                line: 1,
                what: format!("the header is {}", header.join(",")),
                want,
            }]);
        }
        Err(error) => {
            return Err(vec![Fault {
                line: 1,
                what: error.to_string(),
                want,
            }]);
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |at| at.line() as usize);
                faults.push(Fault {
                    line,
                    what: error.to_string(),
                    want: want.clone(),
                });
                continue;
            }
        };
        let line = record.position().map_or(1, |at| at.line() as usize);
        if record.len() != columns.len() {
            let what = format!("has {} fields", record.len());
            faults.push(Fault {
                line,
                what,
                want: format!("{} fields: {want}", columns.len()),
            });
            continue;
        }
        rows.extend(read(&mut Row {
            line,
            columns,
            record: &record,
            faults: &mut faults,
        }));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

impl Row<'_> {
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Notes a fault in a column.
    pub(super) fn fault(&mut self, column: &str, what: impl std::fmt::Display, want: impl Into<String>) {
        self.faults.push(Fault {
            line: self.line,
            what: format!("{column} {what}"),
            want: want.into(),
        });
    }

    /// How many faults there are so far, in all rows.
    pub(super) fn faults(&self) -> usize {
        self.faults.len()
    }

    fn field(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|own| *own == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// Text, unless empty.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        Some(self.field(column).to_owned()).filter(|text| !text.is_empty())
    }

    /// What `read` makes of a field, unless it is empty; a fault where it makes nothing.
    pub(super) fn maybe<T>(&mut self, column: &str, want: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            self.fault(column, format!("is {text}"), want);
        }
        value
    }

    /// The same for a field that must not be empty.
    pub(super) fn must<T>(&mut self, column: &str, want: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        if self.field(column).is_empty() {
            self.fault(column, "is empty", want);
        }
        self.maybe(column, want, read)
    }
}

/// An MMSI of at most nine digits.
pub(super) fn mmsi(text: &str) -> Option<crate::ais::Mmsi> {
    Some(crate::ais::Mmsi(
        text.parse().ok().filter(|mmsi| *mmsi > 0 && *mmsi < 1_000_000_000)?,
    ))
}

/// A number from 0 to 1 000 000.
pub(super) fn amount(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number| (0.0..=1_000_000.0).contains(number))
}

pub(super) fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text)
}

/// `true` or `false`.
pub(super) fn flag(text: &str) -> Option<bool> {
    text.parse().ok()
}

/// What a time must look like.
pub(super) const TIME: &str = "a time with its offset, as in 2026-03-01T08:00:00+08:00";
/// What an MMSI must look like.
pub(super) const MMSI: &str = "an MMSI of up to nine digits";
