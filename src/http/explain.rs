//! Why rules do or do not hold of a vessel, now or at a time of the past.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::Ask;
use super::problem::{Document, Problem, Wrong};
use super::reasons::Explanation as Shape;
use super::reply::{self, Wish};
use super::vessels::{identity, unknown};
use crate::engine::{Explained, Question, Refused};

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(explain))
}

/// For each rule and zone what is measured against what, what is missing, and what keeps it from being told; by rules of
/// feeds and stations, of the feed and the station that brought the vessel's last message. At most 32 zones of a rule in
/// which the vessel is not.
#[utoipa::path(
    get, path = "/api/v1/vessels/{mmsi}/explain", tag = "vessels",
    params(("mmsi" = u32, Path), ("rule" = Option<String>, Query, description = "id of one rule"),
        ("at" = Option<String>, Query, description = "a time of the past; now if not given")),
    responses((status = 200, body = Vec<Shape>), (status = 400, body = Document), (status = 404, body = Document)),
)]
async fn explain(
    State(app): State<App>,
    Path(mmsi): Path<String>,
    headers: HeaderMap,
    mut ask: Ask,
) -> Result<Response, Problem> {
    let rule = ask.text("rule");
    let at = ask.moment("at");
    ask.done()?;
    let mmsi = identity(&mmsi)?;
    let now = app.view.read(|picture| picture.clock);
    if at.is_some_and(|at| at > now) {
        let wrong = Wrong::new("at", "is yet to come", format!("a time up to {now}"));
        return Err(Problem::wrong(vec![wrong]));
    }
    let asked = if at.is_some() { &app.past } else { &app.questions };
    let question = Question {
        mmsi,
        rule: rule.clone(),
        at,
    };
    let explained = asked.ask(question).await.map_err(|refused| match refused {
        Refused::Busy => Problem::too_many("too many questions are waiting"),
        Refused::Stopped | Refused::NotKept => Problem::unavailable("the service is ending"),
    })?;
    match explained {
        Explained::By(explanations) if !explanations.is_empty() || rule.is_none() => {
            let shown: Vec<Shape> = explanations.iter().map(Shape::of).collect();
            Ok(reply::json(&Wish::of(&headers), &shown))
        }
        Explained::By(_) => Err(Problem::not_found(
            "no rule of this id has anything to say of the vessel",
        )),
        Explained::NoVessel => Err(unknown(mmsi)),
        Explained::NoRecord => Err(Problem::not_found("the journal does not reach back so far")),
        Explained::Unreadable => Err(Problem::unavailable("the journal cannot be read")),
    }
}
