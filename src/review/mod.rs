//! Review: the same traffic under several configurations, over one picture; which alerts come, go and move, and how many
//! that makes for those who must answer them.

mod case;
mod chart;
mod matching;
mod outcome;
mod page;
mod text;

pub use case::{Case, MAX_SETTINGS, Shared, Side, Sweep, TryFault, cases};
pub use matching::MOVED_WITHIN;
pub use outcome::{Counts, Flag, Load, Matches, Outcome, Setting};
pub use page::{Sheet, page};
pub use text::table;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::alerts::{Alert, AlertChange, Finding, Transition};
use crate::register::Class;
use crate::time::{LocalTime, Timestamp};
use crate::traffic::{Changes, Traffic};

/// Most alerts of one case that are kept one by one; more are only counted.
pub const MAX_KEPT: usize = 200_000;

/// What is heard of the cases while the traffic passes.
#[derive(Debug)]
pub struct Review {
    cases: Vec<Heard>,
    /// Recorded alerts that somebody has judged.
    judged: BTreeMap<Arc<str>, Seen>,
    from: Option<Timestamp>,
    local: LocalTime,
    capacity: Capacity,
}

/// What those who answer alerts can take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Of one operator.
    pub alerts_per_hour: f64,
    pub operators: usize,
}

/// What the watch of one case has told.
#[derive(Debug)]
struct Heard {
    set: Map<String, Json>,
    shares: Option<Shared>,
    seen: Vec<Seen>,
    /// Where those stand that still hold.
    open: BTreeMap<Arc<str>, usize>,
    /// Alerts beyond [`MAX_KEPT`].
    more: u64,
}

/// An alert, from its raising to its end.
#[derive(Clone, Debug)]
struct Seen {
    /// As it was raised.
    alert: Arc<Alert>,
    /// The vessel's, when it was raised.
    class: Option<Class>,
    ended: Option<Timestamp>,
    finding: Option<Finding>,
}

impl Review {
    /// Has every case stand over the traffic, from now on.
    pub fn begin(cases: Vec<Case>, traffic: &mut Traffic, local: LocalTime, capacity: Capacity) -> Self {
        let heard = cases.into_iter().map(|case| {
            traffic.try_out(case.orders, case.papers);
            Heard {
                set: case.set,
                shares: case.shares,
                seen: Vec::new(),
                open: BTreeMap::new(),
                more: 0,
            }
        });
        Self {
            cases: heard.collect(),
            judged: BTreeMap::new(),
            from: None,
            local,
            capacity,
        }
    }

    /// Takes in what one line, second or order changed.
    pub fn take(&mut self, changes: &Changes, traffic: &Traffic) {
        self.from.get_or_insert(traffic.now());
        for (n, change) in &changes.trials {
            self.cases[*n].take(change, traffic);
        }
        for alert in changes.amended.iter().filter(|alert| alert.finding.is_some()) {
            let seen = Seen {
                alert: alert.clone(),
                class: None,
                ended: alert.rectified,
                finding: alert.finding,
            };
            self.judged.insert(alert.id.clone(), seen);
        }
    }
}

impl Heard {
    fn take(&mut self, change: &AlertChange, traffic: &Traffic) {
        let alert = &change.alert;
        match change.transition {
            Transition::Raised if self.seen.len() == MAX_KEPT => self.more += 1,
            Transition::Raised => {
                let vessel = alert.mmsi.and_then(|mmsi| traffic.picture().find(mmsi));
                self.open.insert(alert.id.clone(), self.seen.len());
                self.seen.push(Seen {
                    alert: alert.clone(),
                    class: vessel.map(|slot| traffic.picture().track(slot).class),
                    ended: None,
                    finding: None,
                });
            }
            Transition::Rectified => {
                if let Some(at) = self.open.remove(&alert.id) {
                    self.seen[at].ended = Some(change.time);
                }
            }
            _ => {}
        }
    }
}
