//! Rules: what is judged, as configured.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::{Ask, LIMIT};
use super::problem::{Document, Problem};
use super::reply::{self, Frame, Item, Wish};
use super::{App, RuleRow};

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The rules that stand, in the order of the configuration.
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "rules",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "a list of rules, each with all its keys", body = Object), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let from = ask
        .take("cursor", "next_cursor of the answer before", |text| text.parse().ok())
        .unwrap_or(0_usize);
    ask.done()?;
    let rules = &app.setting.rules;
    let to = from.saturating_add(limit);
    let frame = Frame {
        now: app.view.read(|picture| picture.clock),
        total: rules.len(),
        next_cursor: (to < rules.len()).then(|| to.to_string()),
    };
    let items = rules.iter().skip(from).take(limit).map(|rule| Item {
        place: None,
        json: reply::to_json(&shown(rule)).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}

fn shown(rule: &RuleRow) -> Value {
    let mut shown = rule.settings.clone();
    shown.insert("id".into(), json!(rule.id));
    shown.insert("message".into(), json!({"zh": rule.message.zh, "en": rule.message.en}));
    Value::Object(shown)
}
