//! The engine task: takes lines, seconds and orders in one order, and publishes what changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::desk::FeedDesk;
use super::roll::Roll;
use super::{Batch, Core, OrderQueue};
use crate::ais::Mmsi;
use crate::alerts::AlertChange;
use crate::clock;
use crate::feeds::{Arrival, FeedSettings, TimeSource, What};
use crate::metrics::Metrics;
use crate::picture::Slot;
use crate::report::{FeedId, HashKey};
use crate::time::{Span, Timestamp};
use crate::traffic::{Changes, Event};

/// Changes are published no later than this after they happened.
const PUBLISH_WITHIN: Duration = Duration::from_millis(20);
/// A tag's time counts if it is at most this far from the receipt.
const TAG_WITHIN: Span = Span::s(300);

/// The one writer of the core's state.
#[derive(Debug)]
pub struct Engine {
    core: Core,
    desk: FeedDesk,
    roll: Roll,
    settings: Vec<Arc<FeedSettings>>,
    metrics: Arc<Metrics>,
    changes: Changes,
    unpublished: Unpublished,
    /// The last second told to the core.
    second: i64,
    number: u64,
    out: mpsc::Sender<Batch>,
}

/// What happened since the last batch.
#[derive(Debug, Default)]
struct Unpublished {
    vessels: Vec<Slot>,
    described: Vec<Slot>,
    removed: Vec<Mmsi>,
    alerts: Vec<AlertChange>,
    /// Receipt of the oldest line in it.
    since: Option<Timestamp>,
}

impl Unpublished {
    fn is_empty(&self) -> bool {
        self.vessels.is_empty() && self.removed.is_empty() && self.alerts.is_empty()
    }

    fn take(&mut self, changes: &mut Changes) {
        self.vessels.append(&mut changes.vessels);
        self.described.append(&mut changes.described);
        self.removed.append(&mut changes.removed);
        self.alerts.extend(changes.alerts.drain(..).map(|(_, change)| change));
    }
}

impl Engine {
    /// An engine over a core, which tells what changed to `out`.
    pub fn new(
        core: Core,
        settings: Vec<Arc<FeedSettings>>,
        metrics: Arc<Metrics>,
        key: HashKey,
        out: mpsc::Sender<Batch>,
    ) -> Self {
        let now = clock::now();
        let desk = FeedDesk::new(&settings, &metrics, now, key);
        let (changes, unpublished) = (Changes::default(), Unpublished::default());
        Self {
            core,
            desk,
            roll: Roll::default(),
            settings,
            metrics,
            changes,
            unpublished,
            second: now.floor_s(),
            number: 0,
            out,
        }
    }

    /// Works until `shutdown` is told and all that had arrived by then is taken up.
    pub async fn run(
        mut self,
        mut arrivals: mpsc::Receiver<Arrival>,
        mut orders: OrderQueue,
        mut shutdown: watch::Receiver<bool>,
    ) {
        let mut due = tokio::time::interval(PUBLISH_WITHIN);
        due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut ending, mut feeds_gone) = (false, false);
        while !(ending && feeds_gone) {
            tokio::select! {
                biased;
                _ = shutdown.wait_for(|told| *told), if !ending => ending = true,
                Some((order, reply)) = orders.recv() => {
                    let now = clock::now();
                    self.tick(now);
                    let answer = self.core.order(&order, now, &mut self.changes);
                    self.unpublished.take(&mut self.changes);
                    self.publish().await;
                    // Whoever asked may have gone; the order stands.
                    let _ = reply.send((answer, self.number));
                }
                _ = due.tick() => {
                    self.tick(clock::now());
                    self.publish().await;
                }
                arrival = arrivals.recv(), if !feeds_gone => match arrival {
                    Some(arrival) => self.take(&arrival).await,
                    None => feeds_gone = true,
                },
            }
        }
        self.publish().await;
    }

    async fn take(&mut self, arrival: &Arrival) {
        let What::Lines { received, lines, .. } = &arrival.what else {
            self.desk.note(arrival.feed, &arrival.what, clock::now());
            return;
        };
        self.unpublished.since.get_or_insert(*received);
        for line in lines.iter() {
            self.hear(arrival.feed, *received, line);
        }
        self.desk
            .count_groups(arrival.feed, self.core.reception().groups(arrival.feed));
        if !self.unpublished.alerts.is_empty() {
            self.publish().await;
        }
    }

    fn hear(&mut self, feed: FeedId, received: Timestamp, line: Option<&[u8]>) {
        self.tick(received);
        let Some(line) = line else {
            let done = self.core.skip(feed, &mut self.changes);
            self.desk.count(feed, received, None, done);
            return;
        };
        let sentence = self.core.read(feed, line);
        let time = self.event_time(feed, received, sentence.tag_time());
        let done = self.core.hear(feed, time, &sentence, &mut self.changes);
        self.desk.count(feed, received, Some(&sentence), done);
        self.unpublished.take(&mut self.changes);
    }

    /// The time of receipt; for a feed whose tags are believed, the tag's where it is near enough.
    fn event_time(&self, feed: FeedId, received: Timestamp, tag: Option<Timestamp>) -> Timestamp {
        let settings = &self.settings[usize::from(feed.0)];
        let near = |time: &Timestamp| time.since(received).0.abs() <= TAG_WITHIN.0;
        tag.filter(|_| settings.time == TimeSource::Tag)
            .map(|tag| tag.plus(settings.offset))
            .filter(near)
            .unwrap_or(received)
    }

    /// Tells the core the seconds that have passed.
    fn tick(&mut self, now: Timestamp) {
        if now.floor_s() <= self.second {
            return;
        }
        self.second = now.floor_s();
        self.core.tick(self.second, &mut self.changes);
        self.unpublished.take(&mut self.changes);
        self.desk.second(now);
        self.roll.second();
    }

    /// Sends what changed to the view, and waits while the view is behind.
    async fn publish(&mut self) {
        let first = self.number == 0;
        if self.unpublished.is_empty() && !first && !self.desk.has_changed() {
            return;
        }
        let events = self.events();
        let (stations, stations_gone) = self.roll.changed(&self.core);
        self.number += 1;
        let clock = self.core.traffic().now();
        let batch = Batch {
            number: self.number,
            clock,
            events,
            feeds: self.desk.changed(),
            stations,
            stations_gone,
            ready: true,
        };
        if self.out.send(batch).await.is_err() {
            tracing::error!("the view has gone; nothing is published");
        }
        if let Some(since) = self.unpublished.since.take() {
            self.metrics.ingest.observe(clock::now().since(since).as_s());
        }
    }

    fn events(&mut self) -> Vec<Event> {
        let Unpublished {
            vessels,
            described,
            removed,
            alerts,
            ..
        } = &mut self.unpublished;
        for slots in [&mut *vessels, described] {
            slots.sort_unstable();
            slots.dedup();
        }
        let mut events = Vec::with_capacity(vessels.len() + described.len() + removed.len() + alerts.len());
        for vessel in removed.drain(..) {
            self.desk.remove(vessel);
            events.push(Event::Removed(vessel));
        }
        for slot in vessels.drain(..) {
            let Some(row) = self.core.traffic().row(slot, self.core.reception().sources()) else {
                continue;
            };
            if row.position_time.is_some() {
                self.desk.place(row.mmsi, row.feed);
            }
            events.push(Event::Vessel(row));
        }
        let traffic = self.core.traffic();
        let particulars = described.drain(..).filter_map(|slot| traffic.particulars(slot));
        events.extend(particulars.map(|particulars| Event::Particulars(Box::new(particulars))));
        events.extend(alerts.drain(..).map(Event::Alert));
        events
    }
}
