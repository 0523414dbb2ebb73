//! Operation: alive, ready, and what is measured.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::Ask;
use super::problem::{Document, Problem};
use super::reply::{self, Wish};
use crate::alerts::{Priority, State as Standing};
use crate::clock;
use crate::metrics::Metrics;
use crate::time::Span;
use crate::view::Reflection;

/// The engine tells at least its ticks, every second; after so long it is stuck.
const STUCK: Span = Span::s(10);

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
}

/// The process answers; `dropped` names the feeds of which lines were dropped since the start, because the engine was
/// behind, with how many.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, body = Object)))]
async fn healthz(State(app): State<App>) -> Response {
    let dropped = app.view.read(|picture| {
        let lost = picture.feeds().filter(|feed| feed.dropped > 0);
        lost.map(|feed| (feed.feed, feed.dropped)).collect::<Vec<_>>()
    });
    let setting = app.setting();
    let named = |(feed, lines)| (setting.feed_name(feed), lines);
    let dropped: BTreeMap<&str, u64> = dropped.into_iter().map(named).collect();
    reply::json(&Wish::default(), &json!({"status": "alive", "dropped": dropped}))
}

/// The picture is up to date; else 503 with the reason.
#[utoipa::path(get, path = "/readyz", tag = "operation",
    responses((status = 200, body = Object), (status = 503, body = Document)))]
async fn readyz(State(app): State<App>) -> Result<Response, Problem> {
    let (ready, heard) = app.view.read(|picture| (picture.ready, picture.heard));
    let silent = heard.map(|heard| clock::now().since(heard));
    let reason = match silent {
        _ if *app.ending.borrow() => "the service is ending".to_owned(),
        None => "the engine has told nothing yet".to_owned(),
        Some(silent) if silent > STUCK => format!("the engine has told nothing for {} s", silent.as_s()),
        Some(_) if !ready => "the engine is still taking up what it had".to_owned(),
        Some(_) => return Ok(reply::json(&Wish::default(), &json!({"status": "ready"}))),
    };
    Err(Problem::not_ready(reason))
}

/// What is counted and measured, in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, content_type = "text/plain", body = String)))]
async fn metrics(State(app): State<App>, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    // One at a time: a counter is set anew from the picture.
    static SCRAPE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let text = {
        let _one = SCRAPE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        app.view.read(|picture| measure(&app.metrics, picture));
        app.metrics.text()
    };
    let mut response = text.into_response();
    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Measures what the view knows; the engine measures its feeds itself.
fn measure(metrics: &Metrics, picture: &Reflection) {
    let mut vessels: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for shown in picture.all() {
        let state = if shown.row.lost { "lost" } else { "live" };
        *vessels.entry((shown.row.class.name(), state)).or_default() += 1;
    }
    metrics.vessels.reset();
    for ((class, state), count) in vessels {
        metrics.vessels.with_label_values(&[class, state]).set(count);
    }
    let mut alerts: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for alert in picture.alerts().filter(|alert| alert.state != Standing::Closed) {
        let key = (&*alert.rule, priority(alert.priority), standing(alert.state));
        *alerts.entry(key).or_default() += 1;
    }
    metrics.alerts.reset();
    for ((rule, priority, state), count) in alerts {
        metrics.alerts.with_label_values(&[rule, priority, state]).set(count);
    }
    for ((rule, transition), count) in picture.transitions() {
        let name = serde_json::to_value(transition).unwrap_or_default();
        let counter = metrics
            .alert_transitions
            .with_label_values(&[&**rule, name.as_str().unwrap_or("")]);
        counter.inc_by(count.saturating_sub(counter.get()));
    }
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Emergency => "emergency",
        Priority::Alarm => "alarm",
        Priority::Warning => "warning",
        Priority::Caution => "caution",
    }
}

fn standing(state: Standing) -> &'static str {
    match state {
        Standing::Active => "active",
        Standing::Acknowledged => "acknowledged",
        Standing::Rectified => "rectified",
        Standing::Closed => "closed",
    }
}
