//! A condition over time: since when it holds, since when it does not, and whether an alert stands for it.

use serde::{Deserialize, Serialize};

use super::AlertKey;
use crate::time::{Span, Timestamp};

/// One rule's condition for one subject in one zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// It has held on every evaluation since then.
    pub held_since: Option<Timestamp>,
    /// While an alert stands: it has been false on every evaluation since then.
    pub false_since: Option<Timestamp>,
    /// The alert that stands for it.
    pub alert: Option<AlertKey>,
}

/// How long a condition must hold, or have ended, before it counts.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub for_s: Span,
    pub clear_s: Span,
}

/// What an evaluation does to the alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Nothing,
    Raise,
    Rectify(AlertKey),
}

impl Condition {
    /// Takes in one evaluation.
    pub fn settle(&mut self, holds: bool, ends_at_once: bool, now: Timestamp, patience: Patience) -> Verdict {
        if holds {
            self.false_since = None;
            let since = *self.held_since.get_or_insert(now);
            let raise = self.alert.is_none() && now >= since.plus(patience.for_s);
            return if raise { Verdict::Raise } else { Verdict::Nothing };
        }
        self.held_since = None;
        let Some(alert) = self.alert else {
            return Verdict::Nothing;
        };
        let since = *self.false_since.get_or_insert(now);
        if ends_at_once || now >= since.plus(patience.clear_s) {
            self.alert = None;
            self.false_since = None;
            return Verdict::Rectify(alert);
        }
        Verdict::Nothing
    }

    /// The first second at which the same answer would raise or rectify.
    pub fn due_s(&self, patience: Patience, on_ticks: bool) -> Option<i64> {
        match (self.alert, self.held_since, self.false_since) {
            (Some(_), _, Some(since)) => Some(since.plus(patience.clear_s).ceil_s()),
            (None, Some(since), _) if on_ticks => Some(since.plus(patience.for_s).ceil_s()),
            _ => None,
        }
    }

    /// The clock was set forward by so much: it has held, or not held, no longer than before.
    pub fn shift(&mut self, by: Span) {
        for since in [&mut self.held_since, &mut self.false_since].into_iter().flatten() {
            *since = since.plus(by);
        }
    }

    /// Nothing about it needs to be remembered.
    pub fn is_idle(&self) -> bool {
        self.alert.is_none() && self.held_since.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evaluations as (second, holds), and what must come: `r` raised, `x` rectified, `.` nothing.
    fn check(for_s: i64, clear_s: i64, evaluations: &[(i64, bool)], verdicts: &str) {
        let patience = Patience {
            for_s: Span::s(for_s),
            clear_s: Span::s(clear_s),
        };
        let mut condition = Condition::default();
        let mut told = String::new();
        for &(second, holds) in evaluations {
            told.push(
                match condition.settle(holds, false, Timestamp::from_s(second), patience) {
                    Verdict::Nothing => '.',
                    Verdict::Raise => {
                        condition.alert = Some(AlertKey(0));
                        'r'
                    }
                    Verdict::Rectify(_) => 'x',
                },
            );
        }
        assert_eq!(told, verdicts, "for {for_s} clear {clear_s} {evaluations:?}");
    }

    #[test]
    fn waits_before_raising_and_before_rectifying() {
        check(0, 0, &[(0, true), (1, false), (2, true)], "rxr");
        check(
            30,
            60,
            &[
                (0, true),
                (29, true),
                (30, true),
                (40, false),
                (99, false),
                (100, false),
            ],
            "..r..x",
        );
        check(
            30,
            60,
            &[(0, true), (29, false), (31, true), (60, true), (61, true)],
            "....r",
        );
        check(
            0,
            60,
            &[
                (0, true),
                (10, false),
                (69, true),
                (70, false),
                (129, false),
                (130, false),
            ],
            "r....x",
        );
        check(
            10,
            0,
            &[(0, true), (10, true), (11, false), (12, true), (21, true), (22, true)],
            ".rx..r",
        );
        check(0, 60, &[(0, false), (1, false)], "..");
    }
}
