//! The ledger: every alert that is not closed, and the one order in which their transitions are told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::shelf::Shelves;
use super::{Acknowledgement, Alert, AlertChange, Finding, Priority, Shelf, Shelving, State, Transition};
use crate::ais::Mmsi;
use crate::time::Timestamp;

/// Most alerts that stand unclosed at once. Beyond it only emergencies are raised; `refused` counts the others.
pub const MAX_STANDING: usize = 200_000;

/// Closed alerts remembered; the one closed longest ago goes.
pub const MAX_CLOSED: usize = 10_000;

/// An alert's place in the ledger while it is not closed; places are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertKey(pub u32);

/// Alerts of one watch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    standing: Vec<Option<Alert>>,
    free: Vec<AlertKey>,
    by_id: BTreeMap<Arc<str>, AlertKey>,
    /// Transitions told so far.
    seq: u64,
    /// Ids given out in the newest second, with how often: a name used again in its second gets a number.
    named: (i64, BTreeMap<String, u32>),
    refused: u64,
    shelves: Shelves,
    /// Oldest first.
    closed: VecDeque<Arc<Alert>>,
    /// What this line or this tick has told so far, not yet in order.
    #[serde(skip)]
    told: Vec<AlertChange>,
}

/// What a person's acknowledgement did.
#[derive(Clone, Debug, PartialEq)]
pub enum Acknowledged {
    Done(Arc<Alert>),
    /// It was acknowledged before.
    Unchanged(Arc<Alert>),
    Unknown,
}

impl Ledger {
    /// One that has told nothing, under the same shelves.
    pub fn anew(&self) -> Self {
        Self {
            shelves: self.shelves.clone(),
            ..Self::default()
        }
    }

    /// Raises an alert; its id is `name`, the second, and a number if that name was used before in this second. What a
    /// shelf holds is shelved in the same instant.
    pub fn raise(&mut self, name: &str, mut alert: Alert) -> Option<AlertKey> {
        if self.by_id.len() >= MAX_STANDING && alert.priority != Priority::Emergency {
            self.refused += 1;
            return None;
        }
        alert.id = self.id_of(name, alert.raised).into();
        let key = self.free.pop().unwrap_or_else(|| {
            self.standing.push(None);
            AlertKey(u32::try_from(self.standing.len() - 1).expect("standing alerts are bounded"))
        });
        self.by_id.insert(alert.id.clone(), key);
        alert.shelved_until = self.shelves.until(&alert, alert.raised);
        self.tell(alert.raised, Transition::Raised, &alert);
        if alert.shelved_until.is_some() {
            self.tell(alert.raised, Transition::Shelved, &alert);
        }
        self.standing[key.0 as usize] = Some(alert);
        Some(key)
    }

    /// Ends an alert's condition: closed at once if it was acknowledged or needs no acknowledgement.
    pub fn rectify(&mut self, key: AlertKey, now: Timestamp, reason: Option<&str>) {
        let mut alert = self.take(key);
        let closes = alert.state == State::Acknowledged || alert.priority == Priority::Caution;
        alert.state = State::Rectified;
        alert.rectified = Some(now);
        if let Some(reason) = reason {
            alert.reason = Some(reason.into());
        }
        self.tell(now, Transition::Rectified, &alert);
        if closes {
            self.close(key, alert, now);
        } else {
            self.standing[key.0 as usize] = Some(alert);
        }
    }

    /// Somebody has seen an alert.
    pub fn acknowledge(&mut self, id: &str, acknowledgement: Acknowledgement) -> Acknowledged {
        let Some(&key) = self.by_id.get(id) else {
            return Acknowledged::Unknown;
        };
        let now = acknowledgement.time;
        let mut alert = self.take(key);
        match alert.state {
            State::Active => {
                alert.state = State::Acknowledged;
                alert.acknowledged = Some(acknowledgement);
                self.tell(now, Transition::Acknowledged, &alert);
                self.standing[key.0 as usize] = Some(alert.clone());
                Acknowledged::Done(Arc::new(alert))
            }
            State::Rectified => {
                alert.acknowledged = Some(acknowledgement);
                self.tell(now, Transition::Acknowledged, &alert);
                Acknowledged::Done(self.close(key, alert, now))
            }
            State::Acknowledged | State::Closed => {
                self.standing[key.0 as usize] = Some(alert.clone());
                Acknowledged::Unchanged(Arc::new(alert))
            }
        }
    }

    /// Makes an unacknowledged warning that still stands an alarm.
    pub fn escalate(&mut self, key: AlertKey, now: Timestamp) {
        let mut alert = self.take(key);
        if alert.state == State::Active && alert.priority == Priority::Warning {
            alert.priority = Priority::Alarm;
            self.tell(now, Transition::Escalated, &alert);
        }
        self.standing[key.0 as usize] = Some(alert);
    }

    /// Puts up a shelf; none if there is no room for one more.
    pub fn shelve(&mut self, shelving: &Shelving, now: Timestamp) -> Option<Shelf> {
        let shelf = self.shelves.put(shelving, now)?;
        self.shelve_anew(now);
        Some(shelf)
    }

    /// Takes a shelf away.
    pub fn unshelve(&mut self, id: u64, now: Timestamp) -> Option<Shelf> {
        let shelf = self.shelves.take(id)?;
        self.shelve_anew(now);
        Some(shelf)
    }

    /// Takes away the shelves whose time is over.
    pub fn expire_shelves(&mut self, now: Timestamp) {
        self.shelves.expire(now);
        self.shelve_anew(now);
    }

    /// The shelves that stand, in the order of their ids.
    pub fn shelves(&self) -> &Arc<[Shelf]> {
        self.shelves.all()
    }

    /// When the first shelf ends.
    pub fn shelf_ends(&self) -> Option<Timestamp> {
        self.shelves.ends()
    }

    /// An alert that is not closed.
    pub fn get(&self, key: AlertKey) -> Option<&Alert> {
        self.standing.get(key.0 as usize)?.as_ref()
    }

    /// Every alert that is not closed, in no telling order.
    pub fn standing(&self) -> impl Iterator<Item = &Alert> {
        self.standing.iter().flatten()
    }

    /// The alerts closed last, oldest first.
    pub fn closed(&self) -> impl Iterator<Item = &Arc<Alert>> {
        self.closed.iter()
    }

    /// The alert of this rule that still holds, if there is one.
    pub fn of_rule(&self, rule: &str) -> Option<AlertKey> {
        self.holding()
            .find(|(_, alert)| *alert.rule == *rule)
            .map(|(key, _)| key)
    }

    /// An alert by its id, closed or not.
    pub fn find(&self, id: &str) -> Option<Arc<Alert>> {
        let standing = self.by_id.get(id).and_then(|key| self.get(*key));
        let closed = || self.closed.iter().rev().find(|alert| *alert.id == *id).cloned();
        standing.map(|alert| Arc::new(alert.clone())).or_else(closed)
    }

    /// Forgets the alerts that were closed before a time; their ids, oldest first.
    pub fn forget(&mut self, before: Timestamp) -> impl Iterator<Item = Arc<str>> {
        let is_old = |alert: &Arc<Alert>| alert.closed.is_some_and(|closed| closed < before);
        let old = self.closed.partition_point(is_old);
        self.closed.drain(..old).map(|alert| alert.id.clone())
    }

    /// Notes what an alert was found to be, closed or not.
    pub fn assess(&mut self, id: &str, finding: Finding) -> Option<Arc<Alert>> {
        let place = match self.by_id.get(id) {
            Some(key) => self.standing[key.0 as usize].as_mut()?,
            None => Arc::make_mut(self.closed.iter_mut().rev().find(|alert| *alert.id == *id)?),
        };
        place.finding = Some(finding);
        Some(Arc::new(place.clone()))
    }

    /// The alerts whose conditions still hold.
    pub fn holding(&self) -> impl Iterator<Item = (AlertKey, &Alert)> {
        let all = (0..).map(AlertKey).zip(&self.standing);
        all.filter_map(|(key, alert)| Some((key, alert.as_ref()?)))
            .filter(|(_, alert)| matches!(alert.state, State::Active | State::Acknowledged))
    }

    /// Ends every alert that still holds.
    pub fn rectify_all(&mut self, now: Timestamp, reason: &str) {
        let holding: Vec<AlertKey> = self.holding().map(|(key, _)| key).collect();
        for key in holding {
            self.rectify(key, now, Some(reason));
        }
    }

    /// Alerts that found no room.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// What one line or tick told: ordered by rule, vessel, other vessel, zone and reason, and numbered.
    pub fn tell_all(&mut self, mut tell: impl FnMut(AlertChange)) {
        if self.told.len() > 1 {
            self.told.sort_by(|a, b| order(&a.alert).cmp(&order(&b.alert)));
        }
        for mut change in self.told.drain(..) {
            self.seq += 1;
            change.seq = self.seq;
            tell(change);
        }
    }

    /// Looks for each alert that is not closed until when the shelves hold it; tells what is other than before.
    fn shelve_anew(&mut self, now: Timestamp) {
        let mut standing = std::mem::take(&mut self.standing);
        for alert in standing.iter_mut().flatten() {
            let until = self.shelves.until(alert, now);
            if until == std::mem::replace(&mut alert.shelved_until, until) {
                continue;
            }
            let transition = if until.is_some() {
                Transition::Shelved
            } else {
                Transition::Unshelved
            };
            self.tell(now, transition, alert);
        }
        self.standing = standing;
    }

    fn close(&mut self, key: AlertKey, mut alert: Alert, now: Timestamp) -> Arc<Alert> {
        alert.state = State::Closed;
        alert.closed = Some(now);
        self.by_id.remove(&alert.id);
        self.free.push(key);
        if self.by_id.is_empty() {
            // Nothing stands: a watch that had many alerts is as small as one that had none.
            self.standing.clear();
            self.free.clear();
        }
        if self.closed.len() == MAX_CLOSED {
            self.closed.pop_front();
        }
        let closed = self.tell(now, Transition::Closed, &alert);
        self.closed.push_back(closed.clone());
        closed
    }

    fn take(&mut self, key: AlertKey) -> Alert {
        self.standing[key.0 as usize]
            .take()
            .expect("a key is given back when its alert closes")
    }

    fn tell(&mut self, time: Timestamp, transition: Transition, alert: &Alert) -> Arc<Alert> {
        let alert = Arc::new(alert.clone());
        self.told.push(AlertChange {
            seq: 0,
            time,
            transition,
            alert: alert.clone(),
        });
        alert
    }

    fn id_of(&mut self, name: &str, raised: Timestamp) -> String {
        let second = raised.floor_s();
        if self.named.0 != second {
            self.named = (second, BTreeMap::new());
        }
        let id = format!("{name}-{second}");
        let times = self.named.1.entry(name.to_owned()).or_insert(0);
        *times += 1;
        if *times == 1 { id } else { format!("{id}-{times}") }
    }
}

type Order<'a> = (&'a str, Option<Mmsi>, Option<Mmsi>, Option<&'a str>, Option<&'a str>);

fn order(alert: &Alert) -> Order<'_> {
    (
        &alert.rule,
        alert.mmsi,
        alert.other_mmsi,
        alert.zone.as_deref(),
        alert.reason.as_deref(),
    )
}
