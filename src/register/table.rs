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
        .trim(csv::Trim::Fields)
        .from_reader(text.as_bytes());
    let mut faults = Vec::new();
    let want = columns.join(",");
    let mut lines = Lines::of(text);
    let told = match reader.headers() {
        Ok(header) if header.iter().eq(columns.iter().copied()) => None,
        Ok(header) => Some(format!("the header is {}", header.iter().collect::<Vec<_>>().join(","))),
        Err(error) => Some(error.to_string()),
    };
    if let Some(what) = told {
        let line = lines.at(0);
        return Err(vec![Fault { line, what, want }]);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(Fault {
                    line: lines.at(error.position().map_or(0, |at| at.byte() as usize)),
                    what: error.to_string(),
                    want: want.clone(),
                });
                continue;
            }
        };
        let line = lines.at(record.position().map_or(0, |at| at.byte() as usize));
        if record.len() != columns.len() {
            let what = match record.len() {
                1 => "has 1 field".to_owned(),
                many => format!("has {many} fields"),
            };
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

/// Counts lines up to where a record stands; records are asked for in the order of the text.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: 0,
            line: 1,
        }
    }

    /// The line of the record that the reader saw begin here: it begins at what is left of the line before, and at
    /// empty lines.
    fn at(&mut self, begun: usize) -> usize {
        let rest = self.text.get(begun..).unwrap_or_default();
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = (begun + empty).clamp(self.counted, self.text.len());
        self.line += memchr::memchr_iter(b'\n', &self.text[self.counted..start]).count();
        self.counted = start;
        self.line
    }
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

#[cfg(test)]
mod tests {
    use super::read;

    /// The lines in which the rows of a table stand.
    #[track_caller]
    fn check(text: &str, want: &[usize]) {
        let rows = read(text, &["a", "b"], |row| Some(row.line()));
        assert_eq!(rows.as_deref(), Ok(want), "{text:?}");
    }

    #[test]
    fn a_row_stands_where_an_editor_shows_it() {
        check("a,b\n1,2\n3,4\n", &[2, 3]);
        check("a,b\r\n1,2\r\n3,4", &[2, 3]);
        check("\u{feff}a,b\r\n\r\n1,2\r\n\r\n\r\n3,4\r\n\r\n", &[3, 6]);
        check("a,b\n\n\n1,2\n", &[4]);
        check("a,b\r\n\"1\r\n1\",2\r\n3,\"4\r\n\r\n4\"\r\n5,6\r\n", &[2, 4, 7]);
        check("a,b\n", &[]);
    }

    #[test]
    fn the_header_is_exact() {
        for (text, line) in [("a, b\n1,2\n", 1), ("b,a\n", 1), ("\n\r\na\n", 3), ("", 1)] {
            let faults = read(text, &["a", "b"], |_| Some(())).unwrap_err();
            assert_eq!(
                faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
                [line],
                "{text:?}"
            );
        }
    }
}
