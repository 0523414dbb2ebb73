//! Query strings: read against the names an endpoint knows, with every fault named at once.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::problem::{Problem, Wrong};
use crate::ais::Mmsi;
use crate::time::Timestamp;
use crate::view::Area;

/// Items of a list unless the query says otherwise.
pub const LIMIT: usize = 100;
/// The most items of a list; a greater `limit` is refused.
pub const MOST: usize = 1_000;

/// The parameters of a request, in their order.
#[derive(Debug)]
pub struct Ask {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Vec<Wrong>,
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(given) = Query::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::wrong(vec![Wrong::new("query", "cannot be read", "name=value&name=value")]))?;
        Ok(Self {
            given,
            known: Vec::new(),
            faults: Vec::new(),
        })
    }
}

impl Ask {
    /// The parameter's value if it is given and not empty; `read` says what is right if it is not.
    pub fn take<T>(&mut self, name: &'static str, want: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.known.push(name);
        let mut values = self.given.iter().filter(|(given, _)| given == name);
        let (_, text) = values.next()?;
        if values.next().is_some() {
            self.faults.push(Wrong::new(name, "is given twice", "once"));
            return None;
        }
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.faults.push(Wrong::new(name, format!("is {text:?}"), want));
        }
        value
    }

    /// Like [`Self::take`], of a parameter that must be there.
    pub fn need<T>(&mut self, name: &'static str, want: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let before = self.faults.len();
        let value = self.take(name, want, read);
        if value.is_none() && self.faults.len() == before {
            self.faults.push(Wrong::new(name, "is missing", want));
        }
        value
    }

    /// Any text.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.take(name, "a text", |text| Some(text.to_owned()))
    }

    /// A number within the bounds.
    pub fn number(&mut self, name: &'static str, least: f64, most: f64) -> Option<f64> {
        self.take(name, &bounds(least, most), |text| number(text, least, most))
    }

    /// A number within the bounds that must be there.
    pub fn needed_number(&mut self, name: &'static str, least: f64, most: f64) -> Option<f64> {
        self.need(name, &bounds(least, most), |text| number(text, least, most))
    }

    /// True or false.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.take(name, "true or false", |text| text.parse().ok())
    }

    /// A moment.
    pub fn moment(&mut self, name: &'static str) -> Option<Timestamp> {
        self.take(name, "a time as in 2026-03-01T00:00:00Z", Timestamp::parse)
    }

    /// An MMSI.
    pub fn mmsi(&mut self, name: &'static str) -> Option<Mmsi> {
        self.take(name, "a number of up to nine digits", mmsi)
    }

    /// An area of the chart.
    pub fn area(&mut self, name: &'static str) -> Option<Area> {
        self.take(name, "west,south,east,north in degrees, south below north", area)
    }

    /// A list of names, each one of `names`.
    pub fn list(&mut self, name: &'static str, names: &[&str]) -> Option<Vec<String>> {
        self.take(
            name,
            &format!("some of {}, with commas between", names.join(", ")),
            |text| {
                let found: Vec<_> = text.split(',').map(|part| part.trim().to_owned()).collect();
                found.iter().all(|part| names.contains(&part.as_str())).then_some(found)
            },
        )
    }

    /// `limit`; `default` if it is not given.
    pub fn limit(&mut self, default: usize) -> usize {
        let read = |text: &str| text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        self.take("limit", "a number from 1 to 1000", read).unwrap_or(default)
    }

    /// Ends the reading: every fault at once, unknown parameters among them.
    pub fn done(mut self) -> Result<(), Problem> {
        for (name, _) in &self.given {
            if !self.known.contains(&name.as_str()) {
                let want = if self.known.is_empty() {
                    "no parameters".to_owned()
                } else {
                    format!("one of {}", self.known.join(", "))
                };
                self.faults.push(Wrong::new(name, "is not known here", want));
            }
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::wrong(self.faults))
        }
    }
}

/// Reads an MMSI as in a path.
pub fn mmsi(text: &str) -> Option<Mmsi> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok().map(Mmsi))?
}

fn bounds(least: f64, most: f64) -> String {
    format!("a number from {least} to {most}")
}

fn number(text: &str, least: f64, most: f64) -> Option<f64> {
    text.parse().ok().filter(|value| (least..=most).contains(value))
}

fn area(text: &str) -> Option<Area> {
    let mut parts = text.split(',').map(|part| part.trim().parse::<f64>().ok());
    let mut next = |limit: f64| parts.next()?.filter(|value| value.abs() <= limit);
    let (west, south, east, north) = (next(180.0)?, next(90.0)?, next(180.0)?, next(90.0)?);
    let area = Area {
        west,
        south,
        east,
        north,
    };
    (parts.next().is_none() && south <= north).then_some(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &[(&str, &str)]) -> Ask {
        Ask {
            given: query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            known: Vec::new(),
            faults: Vec::new(),
        }
    }

    #[test]
    fn reads_areas() {
        for (text, right) in [
            ("118,24,118.7,24.7", true),
            ("179,-10,-179,10", true),
            ("118,24.7,118.7,24", false),
            ("118,24,118.7", false),
            ("118,24,118.7,24.7,1", false),
            ("181,24,182,25", false),
            ("NaN,24,118,25", false),
            ("", false),
        ] {
            assert_eq!(area(text).is_some(), right, "{text}");
        }
    }

    #[test]
    fn names_every_fault_at_once() {
        let mut ask = ask(&[("limit", "0"), ("bbox", "1,2"), ("colour", "red")]);
        ask.area("bbox");
        ask.limit(LIMIT);
        let faults = ask.done().unwrap_err().errors;
        let places: Vec<_> = faults.iter().map(|wrong| wrong.place.as_str()).collect();
        assert_eq!(places, ["bbox", "limit", "colour"]);
        assert_eq!(faults[2].want, "one of bbox, limit");
    }
}
