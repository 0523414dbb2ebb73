//! The HTTP interface: status codes and JSON shapes. One file an area, each with its handlers and its router.

mod accept;
mod alerts;
mod ask;
mod body;
mod chart;
mod decide;
mod deflate;
mod differences;
mod docs;
mod editions;
mod events;
mod explain;
mod feeds;
mod flag;
mod guard;
mod history;
mod once;
mod operation;
mod pages;
mod problem;
pub mod reasons;
mod reply;
mod rules;
mod sentence;
mod serve;
pub mod shape;
mod shelves;
mod stations;
mod statistics;
mod vessel;
mod vessels;
mod whole;

pub use sentence::Sentences;
pub use serve::serve;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::alerts::Alert;
use crate::engine::{Orders, Questions, Rehearsals};
use crate::metrics::Metrics;
use crate::register::{Declarations, Register};
use crate::report::FeedId;
use crate::rules::{Rule, Words};
use crate::time::{LocalTime, Span};
use crate::view::{History, View};
use crate::watch::{Editions, Ground};
use crate::zone::Zones;

/// Part of the ETags of what is GeoJSON.
const GEO: &str = "geo";

/// Requests answered at once; the next is refused.
const AT_ONCE: usize = 256;

/// What the interface is told once, at the start.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The site's name.
    pub name: Option<Words<String>>,
    /// As in `Asia/Taipei`.
    pub timezone: String,
    /// West, south, east, north: first view of the chart.
    pub bbox: [f64; 4],
    pub zones: Arc<Zones>,
    /// Where operators sit.
    pub desks: Vec<Arc<str>>,
    /// Coast lines for the chart: the texts of GeoJSON feature collections.
    pub coast: Vec<String>,
    pub rules: Vec<RuleRow>,
    /// Of the versions of the rules that are known.
    pub sentences: Sentences,
    /// What other rules and zones are read against.
    pub ground: Ground,
    /// The version of rules and zones; 0 before any stands.
    pub edition: u32,
    pub register: Arc<Register>,
    pub declarations: Arc<Declarations>,
    /// By [`FeedId`].
    pub feeds: Vec<FeedName>,
    /// Further names and ports by which this service may be called, as in a `Host` header.
    pub hosts: Vec<String>,
    pub version: String,
    pub commit: String,
    /// The traffic comes from a simulator.
    pub simulated: bool,
    /// Silence after which a vessel is lost.
    pub lost_after: Span,
}

/// A configured feed.
#[derive(Clone, Debug)]
pub struct FeedName {
    pub name: String,
    /// As in `kind = "tcp"`.
    pub kind: String,
}

/// A configured rule.
#[derive(Clone, Debug)]
pub struct RuleRow {
    pub id: String,
    /// The rule's own sentence, else its kind's.
    pub message: Words<String>,
    /// The rule with all its keys, as configured and with defaults.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

impl RuleRow {
    /// A rule as shown.
    pub fn of(rule: &Rule) -> Self {
        let mut settings = rule.source.clone();
        settings.extend(rule.parameters());
        Self {
            id: rule.id.to_string(),
            message: rule.message.clone(),
            settings,
        }
    }
}

impl Setting {
    /// The same site under the newest rules and zones.
    fn under(&self, editions: &Editions) -> Self {
        let read = editions
            .newest()
            .and_then(|edition| edition.text.read(&Ground::default()).ok());
        let mut setting = self.clone();
        setting.edition = editions.version();
        setting.sentences = Sentences::of(editions);
        if let Some(statute) = read {
            setting.rules = statute.rules.iter().map(RuleRow::of).collect();
            setting.zones = statute.zones;
        }
        setting
    }

    /// The ETag of rules or zones; `parts` tells apart what is shown of them.
    fn etag(&self, parts: &[&str]) -> String {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        let version = self.edition;
        if parts.is_empty() {
            format!("\"v{version}\"")
        } else {
            format!("\"v{version}.{}\"", parts.join("."))
        }
    }

    /// The version of rules and zones that an ETag is of, and whether it is of all of them.
    fn version_of(etag: &str) -> Option<(u32, bool)> {
        let bare = etag.trim_start_matches("W/").strip_prefix("\"v")?.strip_suffix('"')?;
        let mut parts = bare.split('.');
        let version = parts.next()?.parse().ok()?;
        Some((version, parts.all(|part| part == GEO)))
    }

    /// The configured name of a feed.
    pub fn feed_name(&self, feed: FeedId) -> &str {
        self.feeds.get(usize::from(feed.0)).map_or("", |feed| &feed.name)
    }

    /// The sentence of the alert's rule as it stood when the alert was raised.
    pub fn message<'a>(&'a self, alert: &'a Alert) -> shape::Message<'a> {
        let standing = || self.rules.iter().find(|rule| *rule.id == *alert.rule);
        self.sentences.of_alert(alert, || Some(&standing()?.message))
    }

    /// Whether the rule is configured, or one of the service about itself.
    fn knows_rule(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id) || sentence::is_own(id)
    }

    /// Whether the rule's alerts are emergencies.
    fn is_emergency(&self, id: &str) -> bool {
        self.is_of(id, "emergency")
    }

    /// Whether the rule's alerts are raised with this priority.
    fn is_of(&self, id: &str, priority: &str) -> bool {
        let rule = self.rules.iter().find(|rule| rule.id == id);
        rule.and_then(|rule| rule.settings.get("priority")?.as_str()) == Some(priority)
    }

    /// The site's clocks.
    fn local(&self) -> LocalTime {
        LocalTime(jiff::tz::TimeZone::get(&self.timezone).unwrap_or(jiff::tz::TimeZone::UTC))
    }
}

/// What every handler may use.
#[derive(Clone)]
struct App(Arc<Parts>);

struct Parts {
    /// As of the version of rules and zones that it was made for.
    setting: Mutex<Arc<Setting>>,
    view: View,
    history: History,
    orders: Orders,
    questions: Questions,
    past: Questions,
    rehearsals: Rehearsals,
    metrics: Arc<Metrics>,
    /// Texts that never change, encoded once.
    fixed: chart::Fixed,
    whole: whole::Whole,
    once: once::Once,
    hosts: Vec<String>,
    room: Semaphore,
    listeners: Arc<Semaphore>,
    request_ids: guard::Ids,
    /// Turns true when the service ends.
    ending: watch::Receiver<bool>,
}

impl Parts {
    /// What stands now: the rules and zones of the newest version that the view shows.
    fn setting(&self) -> Arc<Setting> {
        let editions = self.view.read(|picture| picture.editions.clone());
        let mut setting = self.setting.lock().unwrap_or_else(PoisonError::into_inner);
        if editions.version() != setting.edition {
            *setting = Arc::new(setting.under(&editions));
        }
        setting.clone()
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Everything the interface is made of.
pub struct Wiring {
    pub setting: Setting,
    pub view: View,
    pub history: History,
    pub orders: Orders,
    /// About now.
    pub questions: Questions,
    /// About the past.
    pub past: Questions,
    pub rehearsals: Rehearsals,
    pub metrics: Arc<Metrics>,
}

/// The whole interface for a service that listens at `address`; `ending` turns true when it ends.
pub fn router(wiring: Wiring, address: std::net::SocketAddr, ending: watch::Receiver<bool>) -> Router {
    let app = App(Arc::new(Parts {
        fixed: chart::Fixed::of(&wiring.setting),
        whole: whole::Whole::default(),
        once: once::Once::default(),
        hosts: guard::hosts(address, &wiring.setting.hosts),
        room: Semaphore::new(AT_ONCE),
        listeners: Arc::new(Semaphore::new(events::LISTENERS)),
        request_ids: guard::Ids::new(),
        ending,
        setting: Mutex::new(Arc::new(wiring.setting)),
        view: wiring.view,
        history: wiring.history,
        orders: wiring.orders,
        questions: wiring.questions,
        past: wiring.past,
        rehearsals: wiring.rehearsals,
        metrics: wiring.metrics,
    }));
    let (router, openapi) = OpenApiRouter::with_openapi(docs::about(&app.setting()))
        .merge(vessels::router())
        .merge(vessel::router())
        .merge(explain::router())
        .merge(alerts::router())
        .merge(shelves::router())
        .merge(feeds::router())
        .merge(stations::router())
        .merge(statistics::router())
        .merge(chart::router())
        .merge(rules::router())
        .merge(editions::router())
        .merge(events::router())
        .merge(history::router())
        .merge(operation::router())
        .split_for_parts();
    router
        .merge(docs::router(openapi))
        .merge(pages::router())
        .method_not_allowed_fallback(guard::method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(app.clone(), once::once))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}
