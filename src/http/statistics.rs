//! How alerts are doing: how many there are, how soon they are acknowledged, how many are a nuisance; as JSON and CSV.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::Ask;
use super::problem::{Document, Problem};
use super::reply::{self, Wish};
use super::shape::{Time, hundredths};
use super::{App, Setting};
use crate::alerts::{Alert, Finding, Priority};
use crate::time::{Span, Timestamp};
use crate::watch::{Edition, Editions};

const CSV: &str = "text/csv; charset=utf-8";
const HOUR_MS: i64 = 3_600_000;

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(alerts))
}

/// All statistics there are.
#[derive(Debug, Serialize, ToSchema)]
struct All {
    #[schema(value_type = String)]
    now: Time,
    alerts: Statistics,
}

/// The alerts that are kept, grouped in several ways.
#[derive(Debug, Serialize, ToSchema)]
struct Statistics {
    #[schema(value_type = String)]
    now: Time,
    total: Figures,
    by_rule: BTreeMap<String, Figures>,
    by_desk: BTreeMap<String, Figures>,
    /// By the hour on the site's clocks, `00` to `23`.
    by_hour: BTreeMap<String, Figures>,
    /// By the version of rules and zones.
    by_version: BTreeMap<String, Figures>,
}

/// How the alerts of one group are doing.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Figures {
    alerts: usize,
    acknowledged: usize,
    /// From raising to acknowledging.
    acknowledge_median_s: Option<f64>,
    acknowledge_p95_s: Option<f64>,
    /// Judged true or a nuisance.
    judged: usize,
    /// Of those judged.
    nuisance_share: Option<f64>,
    escalated: usize,
    shelved: usize,
}

impl Statistics {
    /// Of the alerts that were raised from the one moment to the other.
    fn of(app: &App, [from, to]: [Option<Timestamp>; 2]) -> Self {
        let fits = |alert: &&Arc<Alert>| {
            !alert.shadow && from.is_none_or(|from| alert.raised >= from) && to.is_none_or(|to| alert.raised <= to)
        };
        let (now, editions, found) = app.view.read(|picture| {
            let found: Vec<Arc<Alert>> = picture.alerts().filter(fits).cloned().collect();
            (picture.clock, picture.editions.clone(), found)
        });
        let setting = app.setting();
        let warnings = Warnings::of(&editions, &setting);
        let local = setting.local();
        let by = |name: &dyn Fn(&Alert) -> String| {
            let mut groups: BTreeMap<String, Vec<&Alert>> = BTreeMap::new();
            for alert in &found {
                groups.entry(name(alert)).or_default().push(alert);
            }
            let figures = |(name, alerts): (String, Vec<&Alert>)| (name, Figures::of(&alerts, &warnings));
            groups.into_iter().map(figures).collect()
        };
        let all: Vec<&Alert> = found.iter().map(|alert| &**alert).collect();
        Self {
            now: Time(now),
            total: Figures::of(&all, &warnings),
            by_rule: by(&|alert| alert.rule.to_string()),
            by_desk: by(&|alert| alert.desk.as_deref().unwrap_or("none").into()),
            by_hour: by(&|alert| format!("{:02}", local.time_of_day(alert.raised).0 / HOUR_MS)),
            by_version: by(&|alert| alert.rule_version.to_string()),
        }
    }
}

/// All statistics: of alerts, as `/statistics/alerts` has them.
#[utoipa::path(
    get, path = "/api/v1/statistics", tag = "alerts",
    params(("from" = Option<String>, Query, description = "raised at or after"),
        ("to" = Option<String>, Query, description = "raised at or before")),
    responses((status = 200, body = All), (status = 400, body = Document)),
)]
async fn all(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let span = [ask.moment("from"), ask.moment("to")];
    ask.done()?;
    let alerts = Statistics::of(&app, span);
    let now = alerts.now;
    Ok(reply::json(&Wish::of(&headers), &All { now, alerts }))
}

/// Alerts by rule, desk, local hour and version: of those that stand, and of the last 10 000 that were closed.
#[utoipa::path(
    get, path = "/api/v1/statistics/alerts", tag = "alerts",
    params(("from" = Option<String>, Query, description = "raised at or after"),
        ("to" = Option<String>, Query, description = "raised at or before"),
        ("format" = Option<String>, Query, description = "json or csv; `Accept: text/csv` says it too")),
    responses((status = 200, body = Statistics), (status = 400, body = Document)),
)]
async fn alerts(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let span = [ask.moment("from"), ask.moment("to")];
    let format = ask.list("format", &["json", "csv"]);
    ask.done()?;
    let statistics = Statistics::of(&app, span);
    let wish = Wish::of(&headers);
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_csv = match format {
        Some(formats) => formats.iter().any(|format| format == "csv"),
        None => accept.is_some_and(|accept| accept.contains("text/csv")),
    };
    if is_csv {
        return Ok(reply::encoded(&wish, CSV, as_csv(&statistics).into_bytes().into()));
    }
    Ok(reply::json(&wish, &statistics))
}

/// Which rules raise warnings, by version: an alarm of one of these was escalated.
struct Warnings<'s> {
    by_version: BTreeMap<u32, BTreeSet<Arc<str>>>,
    /// What stands now, for versions that are known no longer.
    setting: &'s Setting,
}

impl<'s> Warnings<'s> {
    fn of(editions: &Editions, setting: &'s Setting) -> Self {
        let of_edition = |edition: &Edition| (edition.version, edition.of_priority("warning").into_iter().collect());
        Self {
            by_version: editions.iter().map(of_edition).collect(),
            setting,
        }
    }

    fn have(&self, alert: &Alert) -> bool {
        match self.by_version.get(&alert.rule_version) {
            Some(rules) => rules.contains(&alert.rule),
            None => self.setting.is_of(&alert.rule, "warning"),
        }
    }
}

impl Figures {
    fn of(alerts: &[&Alert], warnings: &Warnings<'_>) -> Self {
        let acknowledged = |alert: &&Alert| Some(alert.acknowledged.as_ref()?.time.since(alert.raised));
        let mut waits: Vec<Span> = alerts.iter().filter_map(acknowledged).collect();
        waits.sort_unstable();
        let count = |fits: &dyn Fn(&Alert) -> bool| alerts.iter().filter(|alert| fits(alert)).count();
        let nuisance = count(&|alert| alert.finding == Some(Finding::Nuisance));
        let judged = nuisance + count(&|alert| alert.finding == Some(Finding::True));
        Self {
            alerts: alerts.len(),
            acknowledged: waits.len(),
            acknowledge_median_s: percentile(&waits, 50),
            acknowledge_p95_s: percentile(&waits, 95),
            judged,
            nuisance_share: (judged > 0).then(|| hundredths(nuisance as f64 / judged as f64)),
            escalated: count(&|alert| alert.priority == Priority::Alarm && warnings.have(alert)),
            shelved: count(&|alert| alert.shelved_until.is_some()),
        }
    }
}

/// The least that so many hundredths of them do not exceed.
fn percentile(sorted: &[Span], hundredths: usize) -> Option<f64> {
    let at = (sorted.len() * hundredths).div_ceil(100).checked_sub(1)?;
    Some(sorted.get(at)?.as_s())
}

/// A row a group, the total first.
fn as_csv(statistics: &Statistics) -> String {
    let mut out = String::from(
        "group,name,alerts,acknowledged,acknowledge_median_s,acknowledge_p95_s,judged,nuisance_share,escalated,shelved\n",
    );
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let mut row = |group: &str, name: &str, figures: &Figures| {
        let _ = writeln!(
            out,
            "{group},{name},{},{},{},{},{},{},{},{}",
            figures.alerts,
            figures.acknowledged,
            number(figures.acknowledge_median_s),
            number(figures.acknowledge_p95_s),
            figures.judged,
            number(figures.nuisance_share),
            figures.escalated,
            figures.shelved
        );
    };
    row("total", "", &statistics.total);
    for (group, all) in [
        ("rule", &statistics.by_rule),
        ("desk", &statistics.by_desk),
        ("hour", &statistics.by_hour),
        ("version", &statistics.by_version),
    ] {
        for (name, figures) in all {
            row(group, name, figures);
        }
    }
    out
}
