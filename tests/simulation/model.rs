//! What a listener makes of what is told: alerts by the transitions, vessels by the rows; and what must be true of it.

use std::collections::{BTreeMap, BTreeSet};

use harborwatch::ais::Mmsi;
use harborwatch::alerts::{Alert, AlertChange, Priority, State, Transition};
use harborwatch::engine::Core;
use harborwatch::traffic::{Changes, VesselRow};

/// One alert a key: rule, vessel (or feed, or station), other vessel, zone.
type Key = (String, Option<Mmsi>, Option<Mmsi>, Option<String>, Option<String>);

/// What one watch has told.
#[derive(Debug, Default)]
pub struct Alerts {
    seq: u64,
    /// Every alert there has been, and how it stands.
    known: BTreeMap<String, (State, Priority)>,
    /// Whose condition holds.
    holding: BTreeSet<Key>,
}

/// What a listener knows who was told every change.
#[derive(Debug, Default)]
pub struct Model {
    watches: [Alerts; 2],
    vessels: BTreeMap<Mmsi, VesselRow>,
    /// Alerts of a vessel from the time before it left the picture: no more of it than its trail is.
    of_before: BTreeSet<(Mmsi, String)>,
}

impl Model {
    /// Takes in what one line or one second told.
    pub fn take(&mut self, core: &Core, changes: &Changes) {
        for mmsi in &changes.removed {
            assert!(
                self.vessels.remove(mmsi).is_some(),
                "{mmsi} leaves, and was never shown"
            );
            self.of_before
                .extend(own_alerts(core, *mmsi).map(|alert| (*mmsi, alert.id.to_string())));
        }
        for slot in &changes.vessels {
            if let Some(row) = core.traffic().row(*slot, core.reception().sources()) {
                self.vessels.insert(row.mmsi, row);
            }
        }
        for watch in 0..self.watches.len() {
            let told: Vec<&AlertChange> = changes
                .alerts
                .iter()
                .filter(|(n, _)| *n == watch)
                .map(|(_, c)| c)
                .collect();
            assert!(
                told.is_sorted_by(|a, b| order(a) <= order(b)),
                "told in no order: {told:#?}"
            );
            for change in told {
                self.watches[watch].take(change);
            }
        }
    }

    /// Holds what was told against what is.
    pub fn check(&self, core: &Core) {
        let traffic = core.traffic();
        let picture = traffic.picture();
        let placed = picture.slots().filter(|slot| picture.track(*slot).fix.is_some());
        let mut placed_here = 0;
        for slot in placed {
            placed_here += 1;
            let fix = picture.track(slot).fix.as_ref();
            let mover = picture.vicinity().mover(slot);
            assert_eq!(
                mover.map(|mover| (mover.motion.time, mover.motion.position)),
                fix.map(|fix| (fix.time, fix.position)),
                "the vicinity has it where its track is"
            );
        }
        assert_eq!(
            picture.vicinity().len(),
            placed_here,
            "the vicinity holds tracks with a position, and no others"
        );
        assert_eq!(picture.slots().count(), picture.len());
        let mut rows = 0;
        for slot in picture.slots() {
            let row = traffic.row(slot, core.reception().sources()).unwrap();
            // Who else hears it is told with its next change: a hearing that is a duplicate changes nothing else.
            let known = self.vessels.get(&row.mmsi).map(|known| VesselRow {
                heard_by: row.heard_by.clone(),
                ..known.clone()
            });
            assert_eq!(known.as_ref(), Some(&row), "a row changed untold");
            self.check_alerts(core, &row);
            rows += 1;
        }
        assert_eq!(self.vessels.len(), rows, "a vessel went untold");
        for (alerts, watch) in self.watches.iter().zip(traffic.watches()) {
            let standing = |alert: &Alert| (alert.id.to_string(), (alert.state, alert.priority));
            let stands: BTreeMap<_, _> = watch.ledger().standing().map(standing).collect();
            let told = alerts.known.iter().filter(|(_, (state, _))| *state != State::Closed);
            let told: BTreeMap<_, _> = told.map(|(id, how)| (id.clone(), *how)).collect();
            assert_eq!(stands, told, "the ledger is what was told");
        }
    }

    /// A row names its vessel's alerts that are not closed, and no others.
    fn check_alerts(&self, core: &Core, row: &VesselRow) {
        let is_of_now = |id: &&str| !self.of_before.contains(&(row.mmsi, (*id).to_owned()));
        let own: BTreeSet<&str> = own_alerts(core, row.mmsi)
            .map(|alert| &*alert.id)
            .filter(is_of_now)
            .collect();
        let shown: BTreeSet<&str> = row.alerts.iter().map(|id| &**id).collect();
        assert_eq!(shown, own, "alerts of {}", row.mmsi);
    }
}

/// The live watch's alerts of a vessel that are not closed.
fn own_alerts(core: &Core, vessel: Mmsi) -> impl Iterator<Item = &Alert> {
    let standing = core.traffic().watches()[0].ledger().standing();
    standing.filter(move |alert| [alert.mmsi, alert.other_mmsi].contains(&Some(vessel)))
}

impl Alerts {
    fn take(&mut self, change: &AlertChange) {
        self.seq += 1;
        assert_eq!(change.seq, self.seq, "a gap in what was told: {change:?}");
        let alert = &*change.alert;
        let before = self.known.insert(alert.id.to_string(), (alert.state, alert.priority));
        let state = before.map(|(state, _)| state);
        let is_caution = alert.priority == Priority::Caution;
        let is_legal = match (change.transition, state, alert.state) {
            (Transition::Raised, None, State::Active)
            | (Transition::Acknowledged, Some(State::Active), State::Acknowledged)
            | (Transition::Acknowledged, Some(State::Rectified), State::Rectified)
            | (Transition::Rectified, Some(State::Active | State::Acknowledged), State::Rectified)
            | (Transition::Closed, Some(State::Rectified), State::Closed) => true,
            (Transition::Escalated, Some(State::Active), State::Active) => alert.priority == Priority::Alarm,
            _ => false,
        };
        assert!(is_legal, "from {before:?}: {change:#?}");
        assert!(
            change.transition != Transition::Closed || is_caution || alert.acknowledged.is_some(),
            "closed, and nobody has seen it: {alert:#?}"
        );
        assert!(
            alert.rectified.is_none_or(|end| end >= alert.raised),
            "ended before it was raised: {alert:#?}"
        );
        let reason = if alert.mmsi.is_none() {
            alert.reason.as_deref().map(str::to_owned)
        } else {
            None
        };
        let zone = alert.zone.as_deref().map(str::to_owned);
        let key = (alert.rule.to_string(), alert.mmsi, alert.other_mmsi, zone, reason);
        match change.transition {
            Transition::Raised => assert!(self.holding.insert(key), "a second alert for one key: {alert:#?}"),
            Transition::Rectified => assert!(self.holding.remove(&key), "{alert:#?}"),
            _ => {}
        }
    }
}

type Order<'a> = (&'a str, Option<Mmsi>, Option<Mmsi>, Option<&'a str>, Option<&'a str>);

fn order(change: &AlertChange) -> Order<'_> {
    let alert = &change.alert;
    let reason = alert.reason.as_deref();
    (&alert.rule, alert.mmsi, alert.other_mmsi, alert.zone.as_deref(), reason)
}
