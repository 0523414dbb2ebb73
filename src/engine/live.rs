//! The engine task: takes lines, seconds and orders in one order, and publishes what changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::{Batch, Core, FeedDesk, FeedSetting, OrderQueue};
use crate::alerts::AlertChange;
use crate::clock;
use crate::feeds::{Arrival, What};
use crate::metrics::Metrics;
use crate::picture::Slot;
use crate::report::FeedId;
use crate::time::Timestamp;
use crate::traffic::{Changes, Event};

/// Changes are published no later than this after they happened.
const PUBLISH_WITHIN: Duration = Duration::from_millis(20);
/// A tag's time counts if it is within this many milliseconds of the receipt.
const TAG_WITHIN_MS: i64 = 300_000;

/// The one writer of the core's state.
#[derive(Debug)]
pub struct Engine {
    core: Core,
    feeds: FeedDesk,
    settings: Vec<FeedSetting>,
    metrics: Arc<Metrics>,
    changes: Changes,
    unpublished: Unpublished,
    number: u64,
    out: mpsc::Sender<Batch>,
}

/// What happened since the last batch.
#[derive(Debug, Default)]
struct Unpublished {
    vessels: Vec<Slot>,
    removed: Vec<crate::ais::Mmsi>,
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
        self.removed.append(&mut changes.removed);
        self.alerts.extend(changes.alerts.drain(..).map(|(_, change)| change));
    }
}

impl Engine {
    /// An engine over a core, which tells what changed to `out`.
    pub fn new(core: Core, settings: Vec<FeedSetting>, metrics: Arc<Metrics>, out: mpsc::Sender<Batch>) -> Self {
        let feeds = FeedDesk::new(&settings, clock::now());
        let (changes, unpublished) = (Changes::default(), Unpublished::default());
        Self { core, feeds, settings, metrics, changes, unpublished, number: 0, out }
    }

    /// Works until `shutdown` is told and what had arrived by then is taken up.
    pub async fn run(
        mut self,
        mut arrivals: mpsc::Receiver<Arrival>,
        mut orders: OrderQueue,
        mut shutdown: watch::Receiver<bool>,
    ) {
        let mut publish = tokio::time::interval(PUBLISH_WITHIN);
        publish.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut ending = false;
        let mut feeds_done = false;
        self.publish(true).await;
        loop {
            tokio::select! {
                biased;
                _ = shutdown.wait_for(|told| *told), if !ending => ending = true,
                Some((order, reply)) = orders.recv() => {
                    let now = clock::now();
                    self.tick(now);
                    let answer = self.core.order(&order, now, &mut self.changes);
                    self.keep();
                    self.publish(true).await;
                    // Whoever asked may be gone; the order stands.
                    let _ = reply.send((answer, self.number));
                }
                arrival = arrivals.recv(), if !feeds_done => match arrival {
                    Some(arrival) => {
                        self.take(&arrival);
                        if !self.unpublished.alerts.is_empty() {
                            self.publish(false).await;
                        }
                    }
                    None => feeds_done = true,
                },
                _ = publish.tick() => {
                    self.tick(clock::now());
                    self.publish(false).await;
                }
            }
            if ending && feeds_done {
                break;
            }
        }
        self.publish(true).await;
    }

    fn tick(&mut self, now: Timestamp) {
        if self.core.tick(now.floor_s(), &mut self.changes) {
            self.keep();
            self.feeds.second(now, &self.settings, &self.core, &self.metrics);
        }
    }

    fn take(&mut self, arrival: &Arrival) {
        match &arrival.what {
            What::Lines { received, lines } => {
                self.unpublished.since.get_or_insert(*received);
                for line in lines.iter() {
                    self.hear(arrival.feed, *received, line);
                }
            }
            other => self.feeds.note(arrival.feed, other, clock::now(), &self.metrics),
        }
    }

    fn hear(&mut self, feed: FeedId, received: Timestamp, line: &[u8]) {
        self.tick(received);
        let sentence = self.core.read(feed, line);
        let time = self.event_time(feed, received, sentence.tag_time());
        let outcome = self.core.hear(feed, time, &sentence, &mut self.changes);
        self.feeds.count(feed, received, &sentence, outcome, &self.metrics);
        self.keep();
    }

    /// The time of receipt; for a feed that trusts its tags, the tag's where it is near enough.
    fn event_time(&mut self, feed: FeedId, received: Timestamp, tag: Option<Timestamp>) -> Timestamp {
        let setting = &self.settings[usize::from(feed.0)];
        let Some(tag) = tag.filter(|_| setting.time_from_tag) else { return received };
        let time = tag.plus(setting.offset);
        if time.since(received).0.abs() <= TAG_WITHIN_MS {
            return time;
        }
        self.metrics.tag_time_refused(feed);
        received
    }

    fn keep(&mut self) {
        self.unpublished.take(&mut self.changes);
    }

    /// Sends what changed to the view; waits while the view is behind.
    async fn publish(&mut self, even_if_nothing: bool) {
        let feeds = self.feeds.changed();
        if self.unpublished.is_empty() && feeds.is_empty() && !even_if_nothing {
            return;
        }
        todo!()
    }
}
