//! Rules: what is judged, what kinds of rules there are, and which of them are overdue for review.

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
use crate::rules::{COMMON_KEYS, COMMON_NUMBERS, KINDS, Kind, Parameter, Subject, Value as Allowed, ZoneUse};

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(kinds))
}

/// The rules that stand, in the order of their ids. The ETag is what `If-Match` needs, if the answer holds all of them.
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "rules",
    params(("overdue" = Option<bool>, Query, description = "those whose `review_by` has passed, or the others"),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "a list of rules, each with all its keys", body = Object), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let overdue = ask.flag("overdue");
    let from = ask
        .take("cursor", "next_cursor of the answer before", |text| text.parse().ok())
        .unwrap_or(0_usize);
    ask.done()?;
    let setting = app.setting();
    let now = app.view.read(|picture| picture.clock);
    let editions = app.view.read(|picture| picture.editions.clone());
    let today = setting.local().date(now);
    let late = editions
        .newest()
        .map(|edition| edition.overdue(&today))
        .unwrap_or_default();
    let fits = |rule: &&RuleRow| {
        let is_late = late.iter().any(|id| **id == *rule.id);
        overdue.is_none_or(|wanted| is_late == wanted)
    };
    let rules: Vec<&RuleRow> = setting.rules.iter().filter(fits).collect();
    let to = from.saturating_add(limit);
    let frame = Frame {
        now,
        total: rules.len(),
        next_cursor: (to < rules.len()).then(|| to.to_string()),
    };
    let items = rules.iter().skip(from).take(limit).map(|rule| Item {
        place: None,
        json: reply::to_json(&shown(rule)).into(),
    });
    let wish = Wish::of(&headers);
    // Which are overdue is another matter tomorrow.
    let chosen = overdue.map_or(String::new(), |wanted| format!("overdue-{wanted}-{today}"));
    let etag = setting.etag(&[&chosen, &part(from, limit, rules.len())]);
    let (content_type, body) = reply::list_body(false, &frame, items);
    Ok(reply::tagged(&wish, content_type, &etag, None, body.into()))
}

/// Which part of a list of so many an ETag is of; empty where it is of all.
pub(super) fn part(from: usize, limit: usize, total: usize) -> String {
    if from == 0 && limit >= total {
        String::new()
    } else {
        format!("{from}-{limit}")
    }
}

pub(super) fn shown(rule: &RuleRow) -> Value {
    let mut shown = rule.settings.clone();
    shown.insert("id".into(), json!(rule.id));
    shown.insert("message".into(), json!({"zh": rule.message.zh, "en": rule.message.en}));
    Value::Object(shown)
}

/// The kinds of rules there are, with their parameters, units, defaults and words: what a form of a rule is made from.
#[utoipa::path(
    get, path = "/api/v1/rules/kinds", tag = "rules",
    responses((status = 200, description = "`common`: keys of every rule, its numbers in `common_parameters`; `items`: the kinds", body = Object)),
)]
async fn kinds(headers: HeaderMap, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    let items: Vec<Value> = KINDS.iter().map(|kind| shown_kind(kind)).collect();
    let kinds = json!({
        "common": COMMON_KEYS,
        "common_parameters": COMMON_NUMBERS.iter().map(shown_parameter).collect::<Vec<_>>(),
        "priorities": ["emergency", "alarm", "warning", "caution"],
        "modes": ["live", "shadow", "off"],
        "total": items.len(),
        "items": items,
    });
    Ok(reply::json(&Wish::of(&headers), &kinds))
}

fn shown_kind(kind: &Kind) -> Value {
    let subject = match kind.subject {
        Subject::Vessel => "vessel",
        Subject::Pair => "pair",
        Subject::Feed => "feed",
        Subject::Station => "station",
    };
    let (zones, required) = match kind.zones {
        ZoneUse::Inside | ZoneUse::Unnamed => (Some("area"), false),
        ZoneUse::Gates => (Some("gate"), true),
        ZoneUse::None => (None, false),
        _ => (Some("area"), true),
    };
    json!({
        "kind": kind.name,
        "message": kind.message,
        "subject": subject,
        "zones": zones,
        "zones_required": required,
        "unit": kind.unit,
        "momentary": kind.evaluation.momentary,
        "default_classes": kind.default_classes.iter().map(|class| class.name()).collect::<Vec<_>>(),
        "parameters": kind.parameters.iter().map(shown_parameter).collect::<Vec<_>>(),
    })
}

fn shown_parameter(parameter: &Parameter) -> Value {
    let range = match parameter.value {
        Allowed::Number { min, max } => Some([min, max]),
        _ => None,
    };
    let words = match parameter.value {
        Allowed::Choice(words) | Allowed::Choices(words) => Some(words),
        _ => None,
    };
    json!({
        "name": parameter.name,
        "type": parameter.type_name(),
        "range": range,
        "words": words,
        "unit": parameter.unit,
        "required": parameter.default.is_none(),
        "default": parameter.default_value(),
        "want": parameter.want(),
        "meaning": parameter.meaning,
        "source": parameter.source,
    })
}
