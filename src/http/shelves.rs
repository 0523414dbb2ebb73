//! Shelves: alerts of a vessel, of a rule, or of both, put aside until a time.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::{Ask, LIMIT};
use super::decide::{BY, COMMENT, body_of, decide, too_long};
use super::problem::{Document, Problem, Wrong};
use super::reply::{self, Frame, Item, List, Wish};
use super::shape::Shelf as Shape;
use crate::ais::Mmsi;
use crate::alerts::{MAX_SHELVES, Shelving};
use crate::time::Timestamp;
use crate::traffic::{Answer, Key, Order};

/// The greatest number of an MMSI's nine digits.
const GREATEST_MMSI: u32 = 999_999_999;

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, put)).routes(routes!(remove))
}

/// The shelves that stand, oldest first.
#[utoipa::path(
    get, path = "/api/v1/shelves", tag = "alerts",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<Shape>), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let after = ask.take("cursor", "next_cursor of the answer before", |text| text.parse().ok());
    ask.done()?;
    let (now, shelves) = app.view.read(|picture| (picture.clock, picture.shelves.clone()));
    let from = shelves.partition_point(|shelf| after.is_some_and(|after: u64| shelf.id <= after));
    let page = &shelves[from..shelves.len().min(from + limit)];
    let last = page.last().filter(|_| from + page.len() < shelves.len());
    let frame = Frame {
        now,
        total: shelves.len(),
        next_cursor: last.map(|shelf| shelf.id.to_string()),
    };
    let items = page.iter().map(|shelf| Item {
        place: None,
        json: reply::to_json(&Shape::of(shelf)).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}

/// Which alerts are put aside, until when and why; `mmsi`, `rule` or both.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Shelving)]
#[serde(deny_unknown_fields)]
struct Put {
    mmsi: Option<u32>,
    /// Id of a rule, not of one whose alerts are emergencies.
    rule: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    #[schema(required, example = "2026-03-01T08:00:00Z")]
    until: String,
    #[serde(default)]
    #[schema(required)]
    reason: String,
    by: Option<String>,
}

/// Puts alerts aside, those that stand and those to come: they are recorded and not sounded. Emergencies never are.
#[utoipa::path(
    post, path = "/api/v1/shelves", tag = "alerts",
    params(("Idempotency-Key" = Option<String>, Header)), request_body = Put,
    responses((status = 201, description = "the shelf that stands now", body = Shape),
        (status = 400, body = Document), (status = 409, body = Document)),
)]
async fn put(State(app): State<App>, key: Option<Extension<Key>>, ask: Ask, body: Bytes) -> Result<Response, Problem> {
    ask.done()?;
    let want = r#"an object with "mmsi" or "rule" or both, "until" and "reason""#;
    let shelving = shelving(body_of(&body, want)?, &app)?;
    match decide(&app, key, Order::Shelve(shelving)).await? {
        Answer::Shelf(shelf) => {
            let mut response = reply::json(&Wish::default(), &Shape::of(&shelf));
            *response.status_mut() = StatusCode::CREATED;
            if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/shelves/{}", shelf.id)) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        }
        _ => Err(Problem::no_room(format!("{MAX_SHELVES} shelves stand already"))),
    }
}

/// Takes a shelf away: what only it held is no longer shelved.
#[utoipa::path(
    delete, path = "/api/v1/shelves/{id}", tag = "alerts",
    params(("id" = u64, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204, description = "it is taken away"), (status = 404, body = Document)),
)]
async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    key: Option<Extension<Key>>,
    ask: Ask,
) -> Result<Response, Problem> {
    ask.done()?;
    let unknown = || Problem::not_found(format!("there is no shelf {id}"));
    let shelf = id.parse().map_err(|_| unknown())?;
    match decide(&app, key, Order::Unshelve { shelf }).await? {
        Answer::Shelf(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        _ => Err(unknown()),
    }
}

/// What is asked for, if all of it can be.
fn shelving(put: Put, app: &App) -> Result<Shelving, Problem> {
    let now = app.view.read(|picture| picture.clock);
    let until = Timestamp::parse(&put.until).filter(|until| *until > now);
    let mut faults: Vec<Wrong> = [
        too_long("reason", Some(&put.reason), COMMENT),
        too_long("by", put.by.as_deref(), BY),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut fault = |name: &str, what: &str, want: &str| faults.push(Wrong::new(name, what, want));
    if put.mmsi.is_none() && put.rule.is_none() {
        fault("mmsi", "is missing, and so is rule", "a vessel, a rule, or both");
    }
    if put.mmsi.is_some_and(|mmsi| mmsi > GREATEST_MMSI) {
        fault("mmsi", "is none", "a number of up to nine digits");
    }
    if let Some(rule) = &put.rule {
        if !app.setting().knows_rule(rule) {
            fault("rule", "is not known", "the id of a rule");
        } else if app.setting().is_emergency(rule) {
            fault(
                "rule",
                "raises emergencies",
                "a rule whose alerts are none: these are never shelved",
            );
        }
    }
    if until.is_none() {
        fault(
            "until",
            &format!("is {:?}", put.until),
            "a time to come, as in 2026-03-01T08:00:00Z",
        );
    }
    if put.reason.trim().is_empty() {
        fault("reason", "is empty", "why nobody is to be alerted");
    }
    match until {
        Some(until) if faults.is_empty() => Ok(Shelving {
            mmsi: put.mmsi.map(Mmsi),
            rule: put.rule.map(Arc::from),
            until,
            reason: put.reason.into(),
            by: put.by.map(Arc::from),
        }),
        _ => Err(Problem::wrong(faults)),
    }
}
