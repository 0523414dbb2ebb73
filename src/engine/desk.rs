//! How each feed is doing: connected or not, silent or not, and what became of its lines.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Done, FeedRow, FeedState, OUTCOMES};
use crate::ais::Mmsi;
use crate::feeds::{FeedSettings, What};
use crate::metrics::{Gauge, IntCounter, IntGauge, Metrics};
use crate::nmea::{Outcome, Sentence, TagOutcome};
use crate::report::{FeedId, HashKey, KeyedState};
use crate::time::{Span, Timestamp};
use crate::track::Fate;

/// The rate of a feed is a mean over about so many seconds.
const RATE_OVER_S: f64 = 10.0;
/// AIS message types, and so counters of them.
const TYPES: usize = 28;

/// All feeds as they stand, and the counters of what they bring.
#[derive(Debug)]
pub(super) struct FeedDesk {
    feeds: Vec<Standing>,
    messages: Vec<IntCounter>,
    reports: [IntCounter; 4],
    /// Which feed brought each vessel's last accepted position.
    vessels: HashMap<Mmsi, FeedId, KeyedState>,
    /// A second has passed since the feeds were last told of.
    told_second: bool,
}

#[derive(Debug)]
struct Standing {
    row: FeedRow,
    settings: Arc<FeedSettings>,
    connected: bool,
    was_connected: bool,
    /// Receipt of its last valid sentence.
    last_received: Option<Timestamp>,
    /// Valid sentences since the last second.
    in_second: u32,
    changed: bool,
    /// It came into another state.
    urgent: bool,
    counters: Counters,
}

/// A feed's counters, found once.
#[derive(Debug)]
struct Counters {
    outcomes: Vec<IntCounter>,
    panics: IntCounter,
    tags: [IntCounter; 2],
    /// Complete, discarded, expired.
    groups: [IntCounter; 3],
    last_sentence: Gauge,
    clock_offset: Gauge,
    reconnects: IntCounter,
    dropped: IntCounter,
    datagrams_lost: IntCounter,
    up: IntGauge,
}

impl Counters {
    fn of(feed: &str, metrics: &Metrics) -> Self {
        let outcome = |outcome: &&str| metrics.sentences.with_label_values(&[feed, *outcome]);
        let group = |outcome| metrics.groups.with_label_values(&[feed, outcome]);
        let tag = |outcome| metrics.tag_blocks.with_label_values(&[feed, outcome]);
        Self {
            outcomes: OUTCOMES.iter().map(outcome).collect(),
            panics: metrics.sentence_panics.with_label_values(&[feed]),
            tags: [tag("ok"), tag("bad_checksum")],
            groups: [group("complete"), group("discarded"), group("expired")],
            last_sentence: metrics.feed_last_sentence.with_label_values(&[feed]),
            clock_offset: metrics.feed_clock_offset.with_label_values(&[feed]),
            reconnects: metrics.feed_reconnects.with_label_values(&[feed]),
            dropped: metrics.feed_dropped.with_label_values(&[feed]),
            datagrams_lost: metrics.feed_datagrams_lost.with_label_values(&[feed]),
            up: metrics.feed_up.with_label_values(&[feed]),
        }
    }
}

impl FeedDesk {
    pub(super) fn new(settings: &[Arc<FeedSettings>], metrics: &Metrics, now: Timestamp, key: HashKey) -> Self {
        let standing = |(feed, settings): (u16, &Arc<FeedSettings>)| Standing {
            row: FeedRow {
                feed: FeedId(feed),
                state: FeedState::Down,
                since: now,
                last_sentence: None,
                sentences_per_s: 0.0,
                outcomes: [0; OUTCOMES.len()],
                vessels: 0,
                reconnects: 0,
                dropped: 0,
                datagrams_lost: 0,
                clock_offset_s: None,
                error: None,
            },
            settings: settings.clone(),
            connected: false,
            was_connected: false,
            last_received: None,
            in_second: 0,
            changed: true,
            urgent: true,
            counters: Counters::of(&settings.name, metrics),
        };
        let report = |outcome| metrics.reports.with_label_values(&[outcome]);
        Self {
            feeds: (0..).zip(settings).map(standing).collect(),
            messages: (1..=TYPES)
                .map(|n| metrics.messages.with_label_values(&[&n.to_string()]))
                .collect(),
            reports: [
                report("accepted"),
                report("late"),
                report("held"),
                report("no_position"),
            ],
            vessels: HashMap::with_hasher(KeyedState::new(key)),
            told_second: false,
        }
    }

    /// A feed tells something other than lines.
    pub(super) fn note(&mut self, feed: FeedId, what: &What, now: Timestamp) {
        let standing = &mut self.feeds[usize::from(feed.0)];
        standing.changed = true;
        match what {
            What::Connected => {
                if standing.was_connected {
                    standing.row.reconnects += 1;
                    standing.counters.reconnects.inc();
                }
                standing.connected = true;
                standing.was_connected = true;
                standing.row.error = None;
                standing.enter(FeedState::Up, now);
                tracing::info!(feed = &*standing.settings.name, "feed connected");
            }
            What::Disconnected { error } => {
                standing.connected = false;
                if standing.row.error.as_deref() != Some(error) {
                    tracing::warn!(feed = &*standing.settings.name, %error, "feed down, trying again");
                }
                standing.row.error = Some(error.as_str().into());
                standing.enter(FeedState::Down, now);
            }
            What::Trouble { error } => {
                tracing::warn!(feed = &*standing.settings.name, %error, "feed in trouble");
                standing.row.error = Some(error.as_str().into());
                standing.urgent = true;
            }
            What::Dropped { lines, datagrams } => {
                standing.row.dropped += lines + datagrams;
                standing.row.datagrams_lost += datagrams;
                standing.counters.dropped.inc_by(lines + datagrams);
                standing.counters.datagrams_lost.inc_by(*datagrams);
            }
            What::Ended => {
                standing.connected = false;
                standing.enter(FeedState::Ended, now);
                tracing::info!(feed = &*standing.settings.name, "feed ended");
            }
            What::Lines { .. } => {}
        }
    }

    /// Counts what became of a line.
    pub(super) fn count(&mut self, feed: FeedId, received: Timestamp, sentence: Option<&Sentence<'_>>, done: Done) {
        let standing = &mut self.feeds[usize::from(feed.0)];
        let outcome = done.outcome as usize;
        standing.row.outcomes[outcome] += 1;
        standing.counters.outcomes[outcome].inc();
        standing.counters.panics.inc_by(u64::from(done.panicked));
        standing.changed = true;
        if let Some(sentence) = sentence {
            standing.count_sentence(received, sentence, done.clock);
        }
        if let Some(message) = done.message_type {
            self.messages[usize::from(message) - 1].inc();
        }
        match done.fate {
            Some(Fate::Accepted) => self.reports[0].inc(),
            Some(Fate::Late) => self.reports[1].inc(),
            Some(Fate::Held { .. }) => self.reports[2].inc(),
            Some(Fate::NoPosition) => self.reports[3].inc(),
            None => {}
        }
    }

    /// Takes over how many groups of fragments a feed has completed and lost.
    pub(super) fn count_groups(&mut self, feed: FeedId, groups: crate::nmea::GroupCounts) {
        let counters = &self.feeds[usize::from(feed.0)].counters.groups;
        for (counter, count) in counters.iter().zip([groups.complete, groups.discarded, groups.expired]) {
            counter.inc_by(count - counter.get());
        }
    }

    /// A second has passed: rates, and who has fallen silent.
    pub(super) fn second(&mut self, now: Timestamp) {
        self.told_second = true;
        for standing in &mut self.feeds {
            let rate = f64::from(std::mem::take(&mut standing.in_second));
            let mean = standing.row.sentences_per_s;
            let next = mean + (rate - mean) / RATE_OVER_S;
            standing.changed |= (next - mean).abs() > 0.005;
            standing.row.sentences_per_s = if next < 0.005 { 0.0 } else { next };
            if standing.connected {
                let heard = standing.last_received.unwrap_or(standing.row.since);
                let silent = now.since(heard) > standing.settings.silent_after;
                standing.enter(if silent { FeedState::Silent } else { FeedState::Up }, now);
            }
        }
    }

    /// The clock was set forward by so much: no feed has been silent for longer than before.
    pub(super) fn set_clock(&mut self, by: Span) {
        for standing in &mut self.feeds {
            standing.row.since = standing.row.since.plus(by);
            standing.last_received = standing.last_received.map(|last| last.plus(by));
        }
    }

    /// A vessel's last accepted position is this feed's.
    pub(super) fn place(&mut self, vessel: Mmsi, feed: FeedId) {
        if let Some(before) = self.vessels.insert(vessel, feed) {
            self.feeds[usize::from(before.0)].row.vessels -= 1;
        }
        self.feeds[usize::from(feed.0)].row.vessels += 1;
    }

    /// A vessel has left the picture.
    pub(super) fn remove(&mut self, vessel: Mmsi) {
        if let Some(feed) = self.vessels.remove(&vessel) {
            let standing = &mut self.feeds[usize::from(feed.0)];
            standing.row.vessels -= 1;
            standing.changed = true;
        }
    }

    /// Whether any feed changed in a way that cannot wait for the next second.
    pub(super) fn has_changed(&self) -> bool {
        self.told_second || self.feeds.iter().any(|standing| standing.urgent)
    }

    /// The feeds that changed since they were last asked for.
    pub(super) fn changed(&mut self) -> Vec<FeedRow> {
        self.told_second = false;
        let changed = self.feeds.iter_mut().filter(|standing| standing.changed);
        changed
            .map(|standing| {
                standing.changed = false;
                standing.urgent = false;
                standing.row.clone()
            })
            .collect()
    }
}

impl Standing {
    fn enter(&mut self, state: FeedState, now: Timestamp) {
        if self.row.state != state {
            self.row.state = state;
            self.row.since = now;
            self.changed = true;
            self.urgent = true;
        }
        self.counters.up.set(i64::from(state == FeedState::Up));
    }

    fn count_sentence(&mut self, received: Timestamp, sentence: &Sentence<'_>, clock: Option<Timestamp>) {
        match sentence.tag_outcome() {
            Some(TagOutcome::Ok) => self.counters.tags[0].inc(),
            Some(TagOutcome::BadChecksum) => self.counters.tags[1].inc(),
            None => {}
        }
        if !sentence.is_valid() {
            return;
        }
        self.in_second += 1;
        self.last_received = Some(received);
        self.row.last_sentence = Some(received);
        self.counters.last_sentence.set(received.0 as f64 / 1000.0);
        if let Some(own) = clock.or(sentence.tag_time()) {
            let offset = own.since(received).as_s();
            self.row.clock_offset_s = Some(offset);
            self.counters.clock_offset.set(offset);
        }
        if self.row.state == FeedState::Silent {
            self.enter(FeedState::Up, received);
        }
    }
}

/// The place of an outcome in [`OUTCOMES`] is its number.
const _: () = assert!(Outcome::Filtered as usize == OUTCOMES.len() - 1);
