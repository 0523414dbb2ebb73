//! Alerts: the list, one, and its acknowledgement.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::{Ask, LIMIT};
use super::decide::{BY, COMMENT, body_of, decide, too_long};
use super::problem::{Document, Problem};
use super::reply::{self, Frame, Item, List, Wish};
use super::shape::Alert as Shape;
use crate::alerts::{Alert, Finding, State as Standing};
use crate::time::Timestamp;
use crate::traffic::{Answer, Key, Order};

const STATES: [&str; 4] = ["active", "acknowledged", "rectified", "closed"];

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(acknowledge))
        .routes(routes!(verdict))
}

/// Alerts that fit the query, newest first; without `state` all that are not closed.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "alerts",
    params(
        ("state" = Option<String>, Query, description = "some of active,acknowledged,rectified,closed"),
        ("rule" = Option<String>, Query), ("mmsi" = Option<u32>, Query), ("zone" = Option<String>, Query),
        ("from" = Option<String>, Query, description = "raised at or after"),
        ("to" = Option<String>, Query, description = "raised at or before"),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = List<Shape>), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let states = ask.list("state", &STATES);
    let rule = ask.text("rule");
    let mmsi = ask.mmsi("mmsi");
    let zone = ask.text("zone");
    let from = ask.moment("from");
    let to = ask.moment("to");
    let limit = ask.limit(LIMIT);
    let after = ask.take("cursor", "next_cursor of the answer before", cursor);
    ask.done()?;
    let fits = |alert: &&Arc<Alert>| {
        let state = name(alert.state);
        states.as_ref().map_or(alert.state != Standing::Closed, |states| {
            states.iter().any(|own| own == state)
        }) && rule.as_ref().is_none_or(|rule| *alert.rule == **rule)
            && mmsi.is_none_or(|mmsi| alert.mmsi == Some(mmsi) || alert.other_mmsi == Some(mmsi))
            && zone.as_ref().is_none_or(|zone| alert.zone.as_deref() == Some(zone))
            && from.is_none_or(|from| alert.raised >= from)
            && to.is_none_or(|to| alert.raised <= to)
    };
    let (now, mut found) = app.view.read(|picture| {
        let found: Vec<_> = picture.alerts().filter(fits).cloned().collect();
        (picture.clock, found)
    });
    // Ids ascend already; the sort keeps that among alerts of one moment.
    found.sort_by_key(|alert| std::cmp::Reverse(alert.raised));
    let passed = |alert: &Arc<Alert>| {
        after.as_ref().is_some_and(|(raised, id)| {
            (std::cmp::Reverse(alert.raised), &*alert.id) <= (std::cmp::Reverse(*raised), id.as_str())
        })
    };
    let rest = &found[found.partition_point(passed)..];
    let page = &rest[..limit.min(rest.len())];
    let frame = Frame {
        now,
        total: found.len(),
        next_cursor: page
            .last()
            .filter(|_| page.len() < rest.len())
            .map(|last| format!("{}.{}", last.raised.0, last.id)),
    };
    let items = page.iter().map(|alert| Item {
        place: alert.position,
        json: reply::to_json(&Shape::of(alert, &app.setting())).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}

/// One alert, closed ones too while they are kept.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}", tag = "alerts", params(("id" = String, Path)),
    responses((status = 200, body = Shape), (status = 404, body = Document)),
)]
async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    ask: Ask,
) -> Result<Response, Problem> {
    ask.done()?;
    let alert = app.view.read(|picture| picture.alert(&id).cloned());
    let alert = alert.ok_or_else(|| unknown(&id))?;
    Ok(reply::json(&Wish::of(&headers), &Shape::of(&alert, &app.setting())))
}

/// Who acknowledges, and with what words.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acknowledge {
    comment: Option<String>,
    by: Option<String>,
}

/// Acknowledges an alert. A second time changes nothing; a closed one cannot be.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/acknowledge", tag = "alerts",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = Option<Acknowledge>,
    responses((status = 200, description = "the alert as it stands now", body = Shape),
        (status = 404, body = Document), (status = 409, body = Document)),
)]
async fn acknowledge(
    State(app): State<App>,
    Path(id): Path<String>,
    key: Option<Extension<Key>>,
    ask: Ask,
    body: Bytes,
) -> Result<Response, Problem> {
    ask.done()?;
    let words = words(&body)?;
    let order = Order::Acknowledge {
        alert: id.as_str().into(),
        by: words.by.map(Arc::from),
        comment: words.comment.map(Arc::from),
    };
    give(&app, &id, key, order).await
}

/// What the alert was found to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Verdict {
    #[schema(value_type = String, example = "nuisance")]
    verdict: Finding,
}

/// Says whether an alert was true, a nuisance, or that nobody is sure; the last word counts.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/verdict", tag = "alerts",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = Verdict,
    responses((status = 200, description = "the alert as it stands now", body = Shape),
        (status = 400, body = Document), (status = 404, body = Document)),
)]
async fn verdict(
    State(app): State<App>,
    Path(id): Path<String>,
    key: Option<Extension<Key>>,
    ask: Ask,
    body: Bytes,
) -> Result<Response, Problem> {
    ask.done()?;
    let Verdict { verdict: finding } = body_of(&body, r#"{"verdict": "true", "nuisance" or "unsure"}"#)?;
    let alert = id.as_str().into();
    give(&app, &id, key, Order::Assess { alert, finding }).await
}

/// Gives an order about an alert, and answers with the alert.
async fn give(app: &App, id: &str, key: Option<Extension<Key>>, order: Order) -> Result<Response, Problem> {
    match decide(app, key, order).await? {
        Answer::Done(alert) | Answer::Unchanged(alert) => {
            Ok(reply::json(&Wish::default(), &Shape::of(&alert, &app.setting())))
        }
        _ => {
            let known = app.view.read(|picture| picture.alert(id).is_some());
            Err(if known {
                Problem::alert_closed(format!("{id} was closed before"))
            } else {
                unknown(id)
            })
        }
    }
}

fn words(body: &[u8]) -> Result<Acknowledge, Problem> {
    if body.is_empty() {
        return Ok(Acknowledge::default());
    }
    let words: Acknowledge = body_of(body, r#"an object with "comment" and "by", both texts and optional"#)?;
    let faults: Vec<_> = [
        too_long("by", words.by.as_deref(), BY),
        too_long("comment", words.comment.as_deref(), COMMENT),
    ]
    .into_iter()
    .flatten()
    .collect();
    if faults.is_empty() {
        Ok(words)
    } else {
        Err(Problem::wrong(faults))
    }
}

fn cursor(text: &str) -> Option<(Timestamp, String)> {
    let (raised, id) = text.split_once('.')?;
    Some((Timestamp(raised.parse().ok()?), id.to_owned()))
}

fn name(state: Standing) -> &'static str {
    match state {
        Standing::Active => STATES[0],
        Standing::Acknowledged => STATES[1],
        Standing::Rectified => STATES[2],
        Standing::Closed => STATES[3],
    }
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("there is no alert {id}"))
}
