//! What the service counts and measures, by its Prometheus names.
//!
//! No label ever carries what a sender chooses: feeds, rules and routes are configured names, the rest closed lists.

use prometheus::{
    Encoder, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder,
    core::Collector,
};
pub use prometheus::{Gauge, IntCounter, IntGauge};

use crate::time::Timestamp;

/// Buckets of a request's time, in seconds.
const REQUEST_BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 10.0];
/// Buckets of the time from a line's receipt to its effects' publication, in seconds.
const INGEST_BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0];

/// Buckets of the time of a sync, in seconds.
const SYNC_BUCKETS: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0];

/// Every metric of the service.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    /// By feed and outcome.
    pub sentences: IntCounterVec,
    /// By feed.
    pub sentence_panics: IntCounterVec,
    /// By feed and outcome.
    pub tag_blocks: IntCounterVec,
    /// By feed and outcome: complete, discarded, expired.
    pub groups: IntCounterVec,
    /// By type, 1..=28.
    pub messages: IntCounterVec,
    /// By outcome: accepted, late, held, no_position.
    pub reports: IntCounterVec,
    /// By feed: 1 is up.
    pub feed_up: IntGaugeVec,
    /// By feed.
    pub feed_last_sentence: GaugeVec,
    /// By feed.
    pub feed_dropped: IntCounterVec,
    /// By feed.
    pub feed_datagrams_lost: IntCounterVec,
    /// By feed.
    pub feed_reconnects: IntCounterVec,
    /// By feed.
    pub feed_clock_offset: GaugeVec,
    /// By class and state.
    pub vessels: IntGaugeVec,
    /// By rule, priority and state.
    pub alerts: IntGaugeVec,
    /// By rule and transition.
    pub alert_transitions: IntCounterVec,
    /// Seconds from a line's receipt to its effects' publication.
    pub ingest: Histogram,
    /// Bytes written to the journal.
    pub journal_bytes: IntCounter,
    /// Seconds to bring the journal to the disk.
    pub journal_sync: Histogram,
    /// Bytes the journal takes on the disk; without labels, and absent until it was looked for.
    pub journal_size: GaugeVec,
    /// When the oldest segment was begun, likewise.
    pub journal_oldest: GaugeVec,
    /// By route, method and status.
    pub http_requests: IntCounterVec,
    /// Seconds, by route.
    pub http_request: HistogramVec,
    /// Plotters connected to `nmea_tcp`.
    pub plotters: IntGauge,
    /// Plotters let go or refused.
    pub plotters_let_go: IntCounter,
    /// Datagrams of `nmea_udp` that could not be sent.
    pub datagrams_lost: IntCounter,
    /// Clients that listen to events.
    pub subscribers: IntGauge,
    build: GaugeVec,
}

impl Metrics {
    /// Metrics of a build, all at nothing.
    pub fn new(version: &str, commit: &str) -> Self {
        let registry = Registry::new();
        let metrics = Self::made(&registry);
        metrics.build.with_label_values(&[version, commit]).set(1.0);
        metrics
    }

    /// The Prometheus text format.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        TextEncoder::new()
            .encode(&self.registry.gather(), &mut text)
            .expect("writing to memory, of names that were registered");
        text
    }

    /// The journal takes so many bytes on the disk, and its oldest segment was begun then.
    pub fn note_journal(&self, bytes: u64, oldest: Option<Timestamp>) {
        let value = |gauge: &GaugeVec, value: f64| gauge.with_label_values::<&str>(&[]).set(value);
        value(&self.journal_size, bytes as f64);
        if let Some(oldest) = oldest {
            value(&self.journal_oldest, oldest.0 as f64 / 1000.0);
        }
    }

    fn made(registry: &Registry) -> Self {
        let counter = |name, labels: &[&str], help| keep(registry, IntCounterVec::new(named(name, help), labels));
        let gauge = |name, labels: &[&str], help| keep(registry, GaugeVec::new(named(name, help), labels));
        let number = |name, labels: &[&str], help| keep(registry, IntGaugeVec::new(named(name, help), labels));
        let by_rule = ["rule", "priority", "state"];
        Self {
            registry: registry.clone(),
            sentences: counter("sentences_total", &["feed", "outcome"], "Lines, by their one outcome."),
            sentence_panics: counter(
                "sentence_panics_total",
                &["feed"],
                "Sentences a parser failed over: bugs.",
            ),
            tag_blocks: counter("tag_blocks_total", &["feed", "outcome"], "Tag blocks received."),
            groups: counter("groups_total", &["feed", "outcome"], "Groups of fragments."),
            messages: counter("messages_total", &["type"], "AIS messages decoded, by type."),
            reports: counter(
                "reports_total",
                &["outcome"],
                "Position reports, by what became of them.",
            ),
            feed_up: number("feed_up", &["feed"], "Whether the feed is connected and not silent."),
            feed_last_sentence: gauge(LAST_SENTENCE, &["feed"], "Event time of the last valid sentence."),
            feed_dropped: counter(
                "feed_dropped_total",
                &["feed"],
                "Lines dropped, the engine being behind; a lost datagram counts as one.",
            ),
            feed_datagrams_lost: counter(
                "feed_datagrams_lost_total",
                &["feed"],
                "Datagrams that the system had no room for.",
            ),
            feed_reconnects: counter("feed_reconnects_total", &["feed"], "Times connected anew."),
            feed_clock_offset: gauge(CLOCK_OFFSET, &["feed"], "Seconds the feed's own times are ahead."),
            vessels: number("vessels", &["class", "state"], "Vessels in the picture."),
            alerts: number("alerts", &by_rule, "Alerts that are not closed."),
            alert_transitions: counter(TRANSITIONS, &["rule", "transition"], "Steps in alerts' lives."),
            ingest: keep(registry, Histogram::with_opts(timed(INGEST, &INGEST_BUCKETS))),
            journal_bytes: keep(
                registry,
                IntCounter::with_opts(named("journal_bytes_total", "Bytes written to the journal.")),
            ),
            journal_sync: keep(registry, Histogram::with_opts(timed(SYNC, &SYNC_BUCKETS))),
            journal_size: gauge("journal_size_bytes", &[], "Bytes the journal takes on the disk."),
            journal_oldest: gauge(OLDEST.0, &[], OLDEST.1),
            http_requests: counter(REQUESTS, &["route", "method", "status"], "Requests answered."),
            http_request: keep(
                registry,
                HistogramVec::new(timed(REQUEST, &REQUEST_BUCKETS), &["route"]),
            ),
            plotters: keep(
                registry,
                IntGauge::with_opts(named("plotters", "Plotters on nmea_tcp.")),
            ),
            plotters_let_go: keep(registry, IntCounter::with_opts(named(LET_GO.0, LET_GO.1))),
            datagrams_lost: keep(registry, IntCounter::with_opts(named(UNSENT.0, UNSENT.1))),
            subscribers: keep(
                registry,
                IntGauge::with_opts(named("subscribers", "Clients that listen to events.")),
            ),
            build: gauge("build_info", &["version", "commit"], "The running build."),
        }
    }
}

const LAST_SENTENCE: &str = "feed_last_sentence_timestamp_seconds";
const CLOCK_OFFSET: &str = "feed_clock_offset_seconds";
const TRANSITIONS: &str = "alert_transitions_total";
const REQUESTS: &str = "http_requests_total";
const INGEST: (&str, &str) = (
    "ingest_seconds",
    "Time from a line's receipt to the publication of its effects.",
);
const SYNC: (&str, &str) = ("journal_sync_seconds", "Time to bring the journal to the disk.");
const OLDEST: (&str, &str) = (
    "journal_oldest_timestamp_seconds",
    "When the journal's oldest segment was begun.",
);
const LET_GO: (&str, &str) = (
    "plotters_let_go_total",
    "Plotters that did not keep up or were one too many.",
);
const UNSENT: (&str, &str) = (
    "nmea_datagrams_lost_total",
    "Datagrams of nmea_udp that could not be sent.",
);
const REQUEST: (&str, &str) = ("http_request_seconds", "Time to answer a request.");

fn named(name: &str, help: &str) -> Opts {
    Opts::new(format!("harborwatch_{name}"), help)
}

fn timed((name, help): (&str, &str), buckets: &[f64]) -> HistogramOpts {
    HistogramOpts::from(named(name, help)).buckets(buckets.to_vec())
}

fn keep<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let collector = made.expect("a constant name and labels");
    registry
        .register(Box::new(collector.clone()))
        .expect("each name is registered once");
    collector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_help_and_a_type() {
        let metrics = Metrics::new("0.1.0", "abc");
        metrics.sentences.with_label_values(&["liaoluo", "ok"]).inc();
        let text = String::from_utf8(metrics.text()).unwrap();
        assert!(text.contains("harborwatch_build_info{commit=\"abc\",version=\"0.1.0\"} 1"));
        for line in text.lines().filter(|line| line.starts_with("# TYPE")) {
            let name = line.split(' ').nth(2).unwrap();
            assert!(text.contains(&format!("# HELP {name} ")), "{name}");
            let counter = line.ends_with(" counter");
            assert_eq!(counter, name.ends_with("_total"), "{name}");
        }
    }
}
