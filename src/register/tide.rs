//! The tide: how high the water stands over chart datum, fixed or by a table.

use serde::{Deserialize, Serialize};

use super::table::{self, Fault};
use crate::time::{Span, Timestamp};

/// Highest and lowest water that is believed, in metres over chart datum.
pub const MAX_TIDE_M: f64 = 20.0;

/// The height of the water in metres over chart datum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tide {
    Fixed(f64),
    /// Heights in order of time, at least one; linear between them.
    Table(Vec<(Timestamp, f64)>),
}

impl Default for Tide {
    fn default() -> Self {
        Self::Fixed(0.0)
    }
}

impl Tide {
    /// Reads `time,height_m`, in order of time.
    pub fn from_csv(text: &str) -> Result<Self, Vec<Fault>> {
        let height = |text: &str| text.parse().ok().filter(|height: &f64| height.abs() <= MAX_TIDE_M);
        let mut before = None;
        let rows = table::read(text, &["time", "height_m"], |row| {
            let time = row.must("time", table::TIME, table::time);
            let height = row.must("height_m", "metres from -20 to 20", height);
            if before.is_some() && time.is_some() && time <= before {
                row.fault("time", "is not after that of the row before", "rows in order of time");
            }
            before = time.or(before);
            Some((time?, height?))
        })?;
        if rows.is_empty() {
            let fault = |what: &str, want: &str| Fault {
                line: 2,
                what: what.into(),
                want: want.into(),
            };
            return Err(vec![fault("there is no row", "at least one row")]);
        }
        Ok(Self::Table(rows))
    }

    /// The next second at which the water may have come over or under a level though nothing is heard; `None` where it
    /// stands for ever.
    pub fn next_crossing_s(&self, now: Timestamp, level_m: f64) -> Option<i64> {
        let Self::Table(rows) = self else { return None };
        let next = rows.partition_point(|(time, _)| *time <= now);
        let (t1, h1) = *rows.get(next)?;
        let turn = t1.ceil_s();
        let Some(&(t0, h0)) = next.checked_sub(1).and_then(|at| rows.get(at)) else {
            return Some(turn);
        };
        let share = (level_m - h0) / (h1 - h0);
        if !(0.0..=1.0).contains(&share) {
            return Some(turn);
        }
        let crossing = t0.plus(Span((t1.since(t0).0 as f64 * share) as i64));
        // A second to either side, so that rounding loses none; around it every second is looked at.
        if now.floor_s() > crossing.floor_s() + 1 {
            return Some(turn);
        }
        Some((crossing.floor_s() - 1).max(now.floor_s() + 1).min(turn))
    }

    /// The height at `now`; before the first and after the last row that of the nearest.
    pub fn height_m(&self, now: Timestamp) -> f64 {
        let rows = match self {
            Self::Fixed(height) => return *height,
            Self::Table(rows) => rows,
        };
        let next = rows.partition_point(|(time, _)| *time <= now);
        let (before, after) = (next.checked_sub(1).and_then(|at| rows.get(at)), rows.get(next));
        match (before, after) {
            (Some(&(t0, h0)), Some(&(t1, h1))) => h0 + (h1 - h0) * (now.since(t0).0 as f64 / t1.since(t0).0 as f64),
            (Some(&(_, height)), None) | (None, Some(&(_, height))) => height,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_between_rows_and_at_their_ends() {
        let text = "time,height_m\n2026-03-01T00:00:00Z,1.0\n2026-03-01T01:00:00Z,3.0\n";
        let tide = Tide::from_csv(text).unwrap();
        let start = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
        for (seconds, height) in [(-60, 1.0), (0, 1.0), (900, 1.5), (1800, 2.0), (3600, 3.0), (7200, 3.0)] {
            assert_eq!(tide.height_m(Timestamp(start.0 + seconds * 1000)), height, "{seconds}");
        }
    }

    #[test]
    fn names_faults() {
        let text = "time,height_m\n2026-03-01T00:00:00Z,99\n2026-03-01T00:00:00Z,1\n";
        let told: Vec<String> = Tide::from_csv(text)
            .unwrap_err()
            .iter()
            .map(|fault| format!("{} {}", fault.line, fault.what))
            .collect();
        assert_eq!(told, ["2 height_m is 99", "3 time is not after that of the row before"]);
        assert_eq!(
            Tide::from_csv("time,height_m\n").unwrap_err()[0].what,
            "there is no row"
        );
    }
}
