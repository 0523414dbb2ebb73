//! The chart: zones and coast, and the site they belong to.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use flate2::Compression;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::{Ask, LIMIT, MOST};
use super::problem::{Document, Problem};
use super::reply::{self, GEO_JSON, List, Wish};
use super::{App, GEO, Setting, rules, whole};

/// What never changes while the service runs, encoded once.
pub struct Fixed {
    coast: Bytes,
    coast_gzip: Option<Bytes>,
    coast_etag: String,
}

impl Fixed {
    /// Encodes the coast.
    pub fn of(setting: &Setting) -> Self {
        let mut members = Map::new();
        let mut features = Vec::new();
        let mut attributions = Vec::new();
        for text in &setting.coast {
            let Ok(Value::Object(mut file)) = serde_json::from_str(text) else {
                continue;
            };
            if let Some(Value::Array(more)) = file.remove("features") {
                features.extend(more);
            }
            attributions.extend(file.remove("attribution"));
        }
        members.insert("type".into(), json!("FeatureCollection"));
        members.insert("attributions".into(), Value::Array(attributions));
        members.insert("features".into(), Value::Array(features));
        let coast = Bytes::from(reply::to_json(&members));
        Self {
            coast_gzip: whole::gzip(coast.clone(), Compression::best()).ok().map(Bytes::from),
            coast_etag: reply::etag(&coast),
            coast,
        }
    }
}

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(zones))
        .routes(routes!(coast))
        .routes(routes!(site))
}

/// The zones: GeoJSON features, in the order of their ids.
#[utoipa::path(
    get, path = "/api/v1/zones", tag = "chart",
    params(("limit" = Option<u32>, Query, description = "all without it"), ("cursor" = Option<String>, Query)),
    responses((status = 200, description = "a list of GeoJSON features", body = Object), (status = 400, body = Document)),
)]
async fn zones(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let wish = Wish::of(&headers);
    // A chart lacking some of its zones would mislead, so GeoJSON is whole unless it is asked for in parts.
    let limit = ask.limit(if wish.geo {
        MOST.max(app.setting().zones.len())
    } else {
        LIMIT
    });
    let from = ask
        .take("cursor", "next_cursor of the answer before", |text| text.parse().ok())
        .unwrap_or(0_usize);
    ask.done()?;
    let setting = app.setting();
    let zones = &setting.zones;
    let to = from.saturating_add(limit);
    let page: Vec<_> = zones
        .iter()
        .skip(from)
        .take(limit)
        .map(|(_, zone)| &zone.feature)
        .collect();
    let next_cursor = (to < zones.len()).then(|| to.to_string());
    let now = app.view.read(|picture| picture.clock).to_string();
    if !wish.geo {
        let list = List {
            now,
            items: page,
            total: zones.len() as u64,
            next_cursor,
        };
        let etag = setting.etag(&[&rules::part(from, limit, zones.len())]);
        let body = reply::to_json(&list).into();
        return Ok(reply::tagged(&wish, "application/json", &etag, None, body));
    }
    let mut collection = zones.members.clone();
    for (name, value) in [
        ("type", json!("FeatureCollection")),
        ("now", json!(now)),
        ("total", json!(zones.len())),
        ("next_cursor", json!(next_cursor)),
        ("features", json!(page)),
    ] {
        collection.insert(name.into(), value);
    }
    let etag = setting.etag(&[GEO, &rules::part(from, limit, zones.len())]);
    let body = reply::to_json(&collection).into();
    Ok(reply::tagged(&wish, GEO_JSON, &etag, None, body))
}

/// The coast, for the chart: one GeoJSON feature collection.
#[utoipa::path(
    get, path = "/api/v1/coast", tag = "chart",
    responses((status = 200, description = "a FeatureCollection with `attributions`", content_type = "application/geo+json")),
)]
async fn coast(State(app): State<App>, headers: HeaderMap, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    let wish = Wish::of(&headers);
    let fixed = &app.fixed;
    Ok(match &fixed.coast_gzip {
        Some(gzip) if wish.gzip => {
            let etag = fixed.coast_etag.replace("\"", "");
            reply::tagged(&wish, GEO_JSON, &format!("\"{etag}-g\""), Some("gzip"), gzip.clone())
        }
        _ => reply::tagged(&wish, GEO_JSON, &fixed.coast_etag, None, fixed.coast.clone()),
    })
}

/// The site: its names, time zone, first view and desks; whether the traffic is simulated; the build.
#[utoipa::path(get, path = "/api/v1/site", tag = "chart", responses((status = 200, body = Object)))]
async fn site(State(app): State<App>, headers: HeaderMap, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    let setting = &app.setting();
    let site = json!({
        "name": setting.name.as_ref().map(|name| json!({"zh": name.zh, "en": name.en})),
        "timezone": setting.timezone,
        "bbox": setting.bbox,
        "desks": setting.desks,
        "simulated": setting.simulated,
        "version": setting.version,
        "commit": setting.commit,
    });
    Ok(reply::json(&Wish::of(&headers), &site))
}
