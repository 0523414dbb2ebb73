//! The engine task: takes lines, seconds and orders in one order, and publishes what changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::book::Book;
use super::desk::FeedDesk;
use super::own::{OF_ONE_SERVICE, SYSTEM_CLOCK, SYSTEM_JOURNAL, SYSTEM_SLOW};
use super::relay::Relay;
use super::roll::Roll;
use super::{Batch, Core, FromKeeper, Kept, OrderQueue, QuestionQueue, Refused, Reply};
use crate::ais::Mmsi;
use crate::alerts::{Alert, AlertChange, Priority, Shelf};
use crate::clock;
use crate::feeds::{Arrival, FeedSettings, TimeSource, What};
use crate::journal::JournalError;
use crate::metrics::Metrics;
use crate::picture::Slot;
use crate::report::{FeedId, HashKey};
use crate::time::{Span, Timestamp};
use crate::traffic::{Answer, Changes, Event, Order};
use crate::watch::{Editions, Watch};

/// Changes are published no later than this after they happened.
const PUBLISH_WITHIN: Duration = Duration::from_millis(20);
/// Time is told to be ahead of the system's clock when it is by more than this.
const LEAD_TOLD: Span = Span::s(10);
/// A disk that takes longer to keep what is written is told of ...
const SLOW: Duration = Duration::from_secs(1);
/// ... and one that takes longer than this is given up, until it answers.
const GIVEN_UP: Duration = Duration::from_secs(10);
/// A tag's time counts if it is at most this far from the receipt.
const TAG_WITHIN: Span = Span::s(300);

/// The one writer of the core's state.
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
    /// When the system's clock was last set forward; whatever was received before was received then.
    set: Timestamp,
    /// People were told that time is ahead of the system's clock.
    told_lead: bool,
    /// People were told that the disk is slow.
    told_slow: bool,
    /// Why nothing could be kept when it began.
    fault: Option<String>,
    book: Book,
    news: mpsc::Receiver<FromKeeper>,
    number: u64,
    /// The version of rules and zones that was told last.
    edition: u32,
    /// Those published last.
    shelves: Arc<[Shelf]>,
    out: mpsc::Sender<Batch>,
    relay: Option<Relay>,
}

/// What happened since the last batch.
#[derive(Debug, Default)]
struct Unpublished {
    vessels: Vec<Slot>,
    described: Vec<Slot>,
    removed: Vec<Mmsi>,
    alerts: Vec<AlertChange>,
    amended: Vec<Arc<Alert>>,
    forgotten: Vec<Arc<str>>,
    /// Receipt of the oldest line in it.
    since: Option<Timestamp>,
}

impl Unpublished {
    fn is_empty(&self) -> bool {
        let Self {
            vessels,
            removed,
            alerts,
            amended,
            forgotten,
            ..
        } = self;
        vessels.is_empty() && removed.is_empty() && alerts.is_empty() && amended.is_empty() && forgotten.is_empty()
    }

    fn take(&mut self, changes: &mut Changes) {
        self.vessels.append(&mut changes.vessels);
        self.described.append(&mut changes.described);
        self.removed.append(&mut changes.removed);
        self.amended.append(&mut changes.amended);
        self.forgotten.append(&mut changes.forgotten);
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
        kept: Kept,
        out: mpsc::Sender<Batch>,
    ) -> Self {
        let now = clock::now();
        let desk = FeedDesk::new(&settings, &metrics, now, key);
        let (changes, unpublished) = (Changes::default(), Unpublished::default());
        let (book, news, fault) = Book::new(kept, now);
        Self {
            core,
            desk,
            roll: Roll::default(),
            settings,
            metrics,
            changes,
            unpublished,
            second: now.floor_s(),
            set: Timestamp::MIN,
            told_lead: false,
            fault,
            told_slow: false,
            book,
            news,
            number: 0,
            edition: 0,
            shelves: Arc::default(),
            out,
            relay: None,
        }
    }

    /// What it hears goes out again by this relay.
    pub fn relayed_by(self, relay: Relay) -> Self {
        Self {
            relay: Some(relay),
            ..self
        }
    }

    /// Works until `shutdown` is told and all that had arrived by then is taken up.
    pub async fn run(
        mut self,
        mut arrivals: mpsc::Receiver<Arrival>,
        mut orders: OrderQueue,
        mut questions: QuestionQueue,
        mut shutdown: watch::Receiver<bool>,
    ) {
        let mut due = tokio::time::interval(PUBLISH_WITHIN);
        due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut ending, mut feeds_gone) = (false, false);
        self.take_stock();
        while !(ending && feeds_gone) {
            tokio::select! {
                biased;
                _ = shutdown.wait_for(|told| *told), if !ending => ending = true,
                Some((order, reply)) = orders.recv() => self.decide(&order, reply).await,
                Some((question, reply)) = questions.recv() => {
                    // Whoever asked may have gone.
                    let _ = reply.send(question.answered_by(self.core.traffic()));
                }
                Some(news) = self.news.recv() => self.hear_keeper(news).await,
                _ = due.tick() => {
                    let now = self.now();
                    self.tick(now);
                    self.publish().await;
                }
                arrival = arrivals.recv(), if !feeds_gone => match arrival {
                    Some(arrival) => self.take(&arrival).await,
                    None => feeds_gone = true,
                },
            }
        }
        self.publish().await;
        if let Err(error) = self.book.close(clock::now()) {
            tracing::error!(%error, "the journal could not be ended in order");
        }
    }

    /// Carries out an order, once it is written; it is answered when it is on the disk.
    async fn decide(&mut self, order: &Order, reply: Reply) {
        let now = self.now();
        self.tick(now);
        self.book.order(order, now);
        self.write(now);
        if self.book.is_down() && !order.is_own() {
            // Whoever asked may have gone.
            let _ = reply.send(Err(Refused::NotKept));
            return;
        }
        let answer = self.carry_out(order, now);
        self.publish().await;
        self.book.confirm(reply, answer, self.number);
    }

    fn carry_out(&mut self, order: &Order, now: Timestamp) -> Answer {
        let answer = self.core.order(order, now, &mut self.changes);
        self.take_changes();
        answer
    }

    async fn hear_keeper(&mut self, news: FromKeeper) {
        let now = self.now();
        self.tick(now);
        match news {
            FromKeeper::Cut(last) => self.book.cut(last, now),
            FromKeeper::Reopened(disk) => {
                let core = &self.core;
                match self.book.resume(disk, now, || core.to_bytes()) {
                    Ok(()) => {
                        tracing::info!("the journal is written again");
                        self.rectify(SYSTEM_JOURNAL, now);
                    }
                    Err(error) => self.fail(&error, now),
                }
            }
        }
        self.publish().await;
    }

    /// Writes what the core was told; on a fault the live picture goes on, and people are told.
    fn write(&mut self, now: Timestamp) {
        if let Err(error) = self.book.write() {
            self.fail(&error, now);
        }
    }

    fn fail(&mut self, error: &JournalError, now: Timestamp) {
        self.give_up(error.to_string(), now);
    }

    fn give_up(&mut self, error: String, now: Timestamp) {
        tracing::error!(error, "nothing can be kept; the live picture goes on");
        self.book.give_up(now);
        self.raise(SYSTEM_JOURNAL, Priority::Alarm, error, now);
    }

    /// Says something of the service itself.
    fn raise(&mut self, kind: &str, priority: Priority, reason: String, now: Timestamp) {
        let raise = Order::Raise {
            kind: kind.into(),
            priority,
            reason: reason.into(),
        };
        self.book.order(&raise, now);
        self.carry_out(&raise, now);
    }

    /// What the service said of itself is over.
    fn rectify(&mut self, kind: &str, now: Timestamp) {
        let rectify = Order::Rectify { kind: kind.into() };
        self.book.order(&rectify, now);
        self.carry_out(&rectify, now);
    }

    /// What a service before this one said of itself is over; if it still holds, it is said again.
    fn take_stock(&mut self) {
        let now = self.now();
        self.tick(now);
        for kind in OF_ONE_SERVICE {
            let watches = self.core.traffic().watches();
            if watches
                .first()
                .is_some_and(|watch| watch.ledger().of_rule(kind).is_some())
            {
                self.rectify(kind, now);
            }
        }
        if let Some(fault) = self.fault.take() {
            self.give_up(fault, now);
        }
    }

    /// The time now. Where the system's clock was set forward, the core is told first: nobody was silent so long.
    fn now(&mut self) -> Timestamp {
        let now = clock::now();
        let Some(by) = clock::take_step() else { return now };
        tracing::warn!(by_s = by.as_s(), "the system's clock was set forward");
        self.set = now;
        self.book.set_clock(by, now);
        self.core.set_clock(by, now, &mut self.changes);
        self.take_changes();
        self.desk.set_clock(by);
        self.second = now.floor_s();
        self.raise(SYSTEM_CLOCK, Priority::Warning, format!("+{:.0} s", by.as_s()), now);
        self.rectify(SYSTEM_CLOCK, now);
        now
    }

    /// Tells people while time is ahead of the system's clock, which was set back.
    fn watch_lead(&mut self, now: Timestamp) {
        let lead = clock::lead();
        if !self.told_lead && lead > LEAD_TOLD {
            tracing::warn!(
                by_s = lead.as_s(),
                "the system's clock was set back; time goes on, a tenth slower"
            );
            self.told_lead = true;
            self.raise(SYSTEM_CLOCK, Priority::Warning, format!("-{:.0} s", lead.as_s()), now);
        } else if self.told_lead && lead == Span(0) {
            self.told_lead = false;
            self.rectify(SYSTEM_CLOCK, now);
        }
    }

    /// Tells people while decisions take long to be kept; where the disk does not answer at all, nothing is kept.
    fn watch_disk(&mut self, now: Timestamp) {
        let unanswered = self.book.tail().unanswered();
        if unanswered > GIVEN_UP && !self.book.is_down() {
            self.fail(&JournalError::Unanswered(unanswered), now);
        }
        let took = self.book.tail().slowness();
        let is_slow = took > SLOW;
        if is_slow && !self.told_slow {
            let reason = format!("{:.1} s", took.as_secs_f64());
            self.raise(SYSTEM_SLOW, Priority::Warning, reason, now);
        } else if self.told_slow && !is_slow {
            self.rectify(SYSTEM_SLOW, now);
        }
        self.told_slow = is_slow;
    }

    /// Takes what the core told, for the next batch and for the sum over all it told.
    fn take_changes(&mut self) {
        self.book.told(&self.changes);
        self.unpublished.take(&mut self.changes);
    }

    async fn take(&mut self, arrival: &Arrival) {
        let now = self.now();
        let What::Lines {
            stream,
            received,
            lines,
        } = &arrival.what
        else {
            self.desk.note(arrival.feed, &arrival.what, now);
            return;
        };
        let received = self.set.max(*received);
        self.unpublished.since.get_or_insert(received);
        if self.core.reception().stream(arrival.feed) != *stream {
            self.book.turn(arrival.feed, received, *stream);
            self.core.turn_to(arrival.feed, *stream);
        }
        for line in lines.iter() {
            self.hear(arrival.feed, received, line);
        }
        self.desk
            .count_groups(arrival.feed, self.core.reception().groups(arrival.feed));
        if !self.unpublished.alerts.is_empty() || self.book.is_full() {
            self.publish().await;
        }
    }

    fn hear(&mut self, feed: FeedId, received: Timestamp, line: Option<&[u8]>) {
        self.tick(received);
        let Some(line) = line else {
            self.book.line(feed, received, None);
            let done = self.core.skip(feed, &mut self.changes);
            self.desk.count(feed, received, None, done);
            return;
        };
        let sentence = self.core.read(feed, line);
        let time = self.event_time(feed, received, sentence.tag_time());
        self.book.line(feed, time, Some(line));
        let done = self.core.hear(feed, time, &sentence, &mut self.changes);
        self.desk.count(feed, received, Some(&sentence), done);
        if let Some(relay) = &mut self.relay {
            let name = &*self.settings[usize::from(feed.0)].name;
            relay.take((feed, name), time, &sentence, &done, &self.core);
        }
        self.take_changes();
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
        self.book.tick(self.second);
        self.core.tick(self.second, &mut self.changes);
        self.take_changes();
        self.desk.second(now);
        self.roll.second();
        self.watch_lead(now);
        self.watch_disk(now);
    }

    /// Writes what was heard, sends what changed of it to the view, and waits while the view is behind.
    async fn publish(&mut self) {
        self.write(clock::now());
        if let Some(relay) = &mut self.relay {
            relay.send();
        }
        let first = self.number == 0;
        let shelves = self.shelves();
        let same_shelves = Arc::ptr_eq(&shelves, &self.shelves);
        let editions = self.new_editions();
        let is_same = self.unpublished.is_empty() && same_shelves && editions.is_none();
        if is_same && !first && !self.desk.has_changed() {
            return;
        }
        self.shelves = shelves.clone();
        if first {
            self.unpublished.vessels.extend(self.core.traffic().picture().slots());
        }
        let events = self.events();
        let (stations, stations_gone) = self.roll.changed(&self.core);
        self.number += 1;
        let clock = self.core.traffic().now();
        let batch = Batch {
            number: self.number,
            clock,
            events,
            known: if first {
                self.known()
            } else {
                std::mem::take(&mut self.unpublished.amended)
            },
            shelves,
            feeds: self.desk.changed(),
            stations,
            stations_gone,
            editions,
            ready: true,
        };
        if self.out.send(batch).await.is_err() {
            tracing::error!("the view has gone; nothing is published");
        }
        if let Some(since) = self.unpublished.since.take() {
            self.metrics.ingest.observe(clock::now().since(since).as_s());
        }
    }

    /// The versions of rules and zones, if they are not those told last.
    fn new_editions(&mut self) -> Option<Arc<Editions>> {
        let editions = self.core.traffic().editions();
        let told = std::mem::replace(&mut self.edition, editions.version());
        (told != self.edition).then(|| Arc::new(editions.clone()))
    }

    /// The alerts known from before the start, those that are closed first.
    fn known(&self) -> Vec<Arc<Alert>> {
        let ledgers = self.core.traffic().watches().iter().map(Watch::ledger);
        let closed = ledgers.clone().flat_map(|ledger| ledger.closed().cloned());
        closed
            .chain(ledgers.flat_map(|ledger| ledger.standing().cloned().map(Arc::new)))
            .collect()
    }

    fn shelves(&self) -> Arc<[Shelf]> {
        let live = self.core.traffic().watches().first();
        live.map(|watch| watch.ledger().shelves().clone()).unwrap_or_default()
    }

    fn events(&mut self) -> Vec<Event> {
        let Unpublished {
            vessels,
            described,
            removed,
            alerts,
            forgotten,
            ..
        } = &mut self.unpublished;
        for slots in [&mut *vessels, described] {
            slots.sort_unstable();
            slots.dedup();
        }
        let mut events =
            Vec::with_capacity(vessels.len() + described.len() + removed.len() + alerts.len() + forgotten.len());
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
        events.extend(forgotten.drain(..).map(Event::Forgotten));
        events
    }
}
