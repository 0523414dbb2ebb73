//! Feeds: how each input is doing.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::ask::{Ask, LIMIT};
use super::problem::{Document, Problem};
use super::reply::{self, Frame, Item, List, Wish};
use super::shape::Feed;

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The feeds, in the order of the configuration.
#[utoipa::path(
    get, path = "/api/v1/feeds", tag = "feeds",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<Feed>), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let from = ask
        .take("cursor", "next_cursor of the answer before", |text| text.parse().ok())
        .unwrap_or(0_usize);
    ask.done()?;
    let (now, feeds) = app
        .view
        .read(|picture| (picture.clock, picture.feeds().cloned().collect::<Vec<_>>()));
    let to = from.saturating_add(limit);
    let frame = Frame {
        now,
        total: feeds.len(),
        next_cursor: (to < feeds.len()).then(|| to.to_string()),
    };
    let items = feeds.iter().skip(from).take(limit).map(|row| Item {
        place: None,
        json: reply::to_json(&Feed::of(row, &app.setting())).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}
