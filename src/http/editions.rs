//! Changes of rules and zones: checked whole, tried on the last hours, saved as a version, compared and rolled back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask::{Ask, LIMIT};
use super::decide::{BY, COMMENT, body_of, decide, too_long};
use super::differences::{Contents, Differences, whole};
use super::problem::{Document, Problem, Wrong};
use super::reply::{self, Frame, Item, Wish};
use super::shape::Time;
use super::{App, RuleRow, Setting};
use crate::engine::Unrehearsed;
use crate::review::{Matches, Outcome};
use crate::rules::Rule;
use crate::traffic::{Answer, Change, Key, Order};
use crate::watch::{Edition, FILE, Ground, Minutes, Misread, Part, Text};

/// A change is tried on so many hours before it is saved, unless the query says otherwise.
const GUARD_H: f64 = 1.0;
/// Most hours of a dry run.
const MOST_H: f64 = 168.0;
/// A change that makes so many times the alerts that operators can take is saved by force only.
const MOST_BUDGETS: f64 = 10.0;

/// These paths.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put_rules))
        .routes(routes!(put_zones))
        .routes(routes!(dry_run, cancel))
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(rollback))
}

/// What is to stand, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Put {
    #[serde(default)]
    #[schema(required)]
    reason: String,
    #[serde(default)]
    #[schema(required)]
    author: String,
    #[schema(required, value_type = Vec<Object>)]
    items: Option<Vec<Value>>,
    #[schema(value_type = Option<Object>)]
    minutes: Option<Minutes>,
}

/// Which version is to stand again, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rollback {
    #[schema(required, value_type = u32)]
    version: Option<u32>,
    #[serde(default)]
    #[schema(required)]
    reason: String,
    #[serde(default)]
    #[schema(required)]
    author: String,
}

/// How a change is asked for.
struct Manner {
    /// The version it is a change of; none: of whichever stands.
    from: Option<u32>,
    dry_run_h: Option<f64>,
    saves: bool,
    force: bool,
    key: Option<Extension<Key>>,
}

/// All rules, as `GET` gives them, become these: the next version. `If-Match` is the ETag of what was read.
#[utoipa::path(
    put, path = "/api/v1/rules", tag = "rules", request_body = Put,
    params(("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header),
        ("dry_run_h" = Option<f64>, Query, description = "tell what it would have done to so many last hours"),
        ("save" = Option<bool>, Query, description = "false: only check and try"),
        ("force" = Option<bool>, Query, description = "save it though it makes ten times the alerts that operators can take")),
    responses((status = 200, description = "`version`, `changed`, and `dry_run` as `review --json` has it", body = Object),
        (status = 400, body = Document), (status = 409, body = Document), (status = 412, body = Document),
        (status = 428, body = Document), (status = 429, body = Document)),
)]
async fn put_rules(
    State(app): State<App>,
    headers: HeaderMap,
    key: Option<Extension<Key>>,
    ask: Ask,
    body: Bytes,
) -> Result<Response, Problem> {
    let manner = manner(&app, &headers, key, ask)?;
    let (put, items) = asked_for(&body)?;
    give(&app, manner, put, |text| {
        let rules = json!(rules_of(&text, items)).to_string().into();
        Text { rules, ..text }
    })
    .await
}

/// All zones, as `GET` gives them, become these: the next version. `If-Match` is the ETag of what was read.
#[utoipa::path(
    put, path = "/api/v1/zones", tag = "chart", request_body = Put,
    params(("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header),
        ("dry_run_h" = Option<f64>, Query), ("save" = Option<bool>, Query), ("force" = Option<bool>, Query)),
    responses((status = 200, description = "as for rules", body = Object),
        (status = 400, body = Document), (status = 409, body = Document), (status = 412, body = Document),
        (status = 428, body = Document), (status = 429, body = Document)),
)]
async fn put_zones(
    State(app): State<App>,
    headers: HeaderMap,
    key: Option<Extension<Key>>,
    ask: Ask,
    body: Bytes,
) -> Result<Response, Problem> {
    let manner = manner(&app, &headers, key, ask)?;
    let (put, items) = asked_for(&body)?;
    let zones = Text::collection(&app.setting().zones.members, &items);
    give(&app, manner, put, |text| Text { zones, ..text }).await
}

/// How far the dry run at work has come, asked while its `PUT` waits for its answer: `running`; `hours`, over which it is
/// tried; `left_h`, hours of traffic still to be played; `share` of all that is played, from 0 to 1.
#[utoipa::path(get, path = "/api/v1/rules/dry_run", tag = "rules", responses((status = 200, body = Object)))]
async fn dry_run(State(app): State<App>, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    Ok(reply::json(&Wish::default(), &app.rehearsals.progress()))
}

/// Ends the dry run at work; how far it had come, as `GET` tells. Its `PUT` is answered 409 `cancelled`, and nothing is
/// saved. A client that hangs up ends its dry run too.
#[utoipa::path(
    delete, path = "/api/v1/rules/dry_run", tag = "rules",
    responses((status = 200, body = Object), (status = 404, description = "none is at work", body = Document)),
)]
async fn cancel(State(app): State<App>, ask: Ask) -> Result<Response, Problem> {
    ask.done()?;
    let progress = app.rehearsals.cancel();
    let progress = progress.ok_or_else(|| Problem::not_found("no dry run is at work"))?;
    Ok(reply::json(&Wish::default(), &progress))
}

/// The versions of rules and zones that are known, newest first.
#[utoipa::path(
    get, path = "/api/v1/rules/versions", tag = "rules",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 400, body = Document)),
)]
async fn list(State(app): State<App>, headers: HeaderMap, mut ask: Ask) -> Result<Response, Problem> {
    let limit = ask.limit(LIMIT);
    let before: Option<u32> = ask.take("cursor", "next_cursor of the answer before", |text| text.parse().ok());
    ask.done()?;
    let (now, editions) = app.view.read(|picture| (picture.clock, picture.editions.clone()));
    let is_next = |edition: &&Edition| before.is_none_or(|before| edition.version < before);
    let rest: Vec<&Edition> = editions.iter().rev().filter(is_next).collect();
    let page = &rest[..limit.min(rest.len())];
    let last = page.last().filter(|_| page.len() < rest.len());
    let frame = Frame {
        now,
        total: editions.iter().len(),
        next_cursor: last.map(|edition| edition.version.to_string()),
    };
    let items = page.iter().map(|edition| Item {
        place: None,
        json: reply::to_json(&heading(edition)).into(),
    });
    Ok(reply::list(&Wish::of(&headers), &frame, items))
}

/// One version with its rules and zones; with `against` what differs from another.
#[utoipa::path(
    get, path = "/api/v1/rules/versions/{version}", tag = "rules",
    params(("version" = u32, Path), ("against" = Option<u32>, Query, description = "an earlier or later version")),
    responses((status = 200, body = Object), (status = 404, body = Document)),
)]
async fn one(
    State(app): State<App>,
    Path(version): Path<String>,
    headers: HeaderMap,
    mut ask: Ask,
) -> Result<Response, Problem> {
    let against = ask.text("against");
    ask.done()?;
    let editions = app.view.read(|picture| picture.editions.clone());
    let unknown = |version: &str| Problem::not_found(format!("version {version} is not known"));
    let find = |version: &str| {
        let number = version.parse().ok();
        number
            .and_then(|number| editions.find(number))
            .ok_or_else(|| unknown(version))
    };
    let edition = find(&version)?;
    let own = Contents::of(&edition.text);
    let mut shown = heading(edition);
    match against {
        None => {
            shown["rules"] = json!(own.rules.values().collect::<Vec<_>>());
            shown["zones"] = json!(own.zones.values().collect::<Vec<_>>());
        }
        Some(other) => {
            let other = find(&other)?;
            let before = Contents::of(&other.text);
            shown["against"] = heading(other);
            shown["rules"] = json!(Differences::between(&before.rules, &own.rules));
            shown["zones"] = json!(Differences::between(&before.zones, &own.zones));
        }
    }
    Ok(reply::json(&Wish::of(&headers), &shown))
}

/// Has the rules and zones of an earlier version stand again, as the next version.
#[utoipa::path(
    post, path = "/api/v1/rules/rollback", tag = "rules", request_body = Rollback,
    params(("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = 400, body = Document), (status = 404, body = Document),
        (status = 412, body = Document)),
)]
async fn rollback(
    State(app): State<App>,
    headers: HeaderMap,
    key: Option<Extension<Key>>,
    ask: Ask,
    body: Bytes,
) -> Result<Response, Problem> {
    ask.done()?;
    let asked: Rollback = body_of(&body, r#"an object with "version", "reason" and "author""#)?;
    let restores = with_words("version", asked.version, &asked.reason, &asked.author)?;
    let known = app.view.read(|picture| picture.editions.find(restores).is_some());
    if !known {
        return Err(Problem::not_found(format!("version {restores} is not known")));
    }
    let change = Change {
        from: if_match(&headers, app.setting().edition)?.flatten(),
        author: asked.author.into(),
        reason: asked.reason.into(),
        rules: None,
        zones: None,
        restores: Some(restores),
        minutes: None,
    };
    let version = save(&app, key, change).await?;
    Ok(reply::json(
        &Wish::default(),
        &json!({"version": version, "restores": restores}),
    ))
}

fn manner(app: &App, headers: &HeaderMap, key: Option<Extension<Key>>, mut ask: Ask) -> Result<Manner, Problem> {
    let dry_run_h = ask.number("dry_run_h", 0.01, MOST_H);
    let saves = ask.flag("save").unwrap_or(true);
    let force = ask.flag("force").unwrap_or(false);
    ask.done()?;
    let from = if_match(headers, app.setting().edition)?;
    let from = from.ok_or_else(|| Problem::unconditional("send If-Match with the ETag that GET gave"))?;
    Ok(Manner {
        from,
        dry_run_h,
        saves,
        force,
        key,
    })
}

/// The version that `If-Match` names, if the header is there: of several the one that `stands`; `*` is any.
fn if_match(headers: &HeaderMap, stands: u32) -> Result<Option<Option<u32>>, Problem> {
    let lines = headers.get_all(header::IF_MATCH).iter();
    let tags = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    let tags: Vec<&str> = tags.map(str::trim).collect();
    let Some(first) = tags.first() else {
        return Ok(None);
    };
    if tags.contains(&"*") {
        return Ok(Some(None));
    }
    let own = tags.iter().find(|tag| Setting::version_of(tag) == Some((stands, true)));
    match Setting::version_of(own.unwrap_or(first)) {
        Some((version, true)) => Ok(Some(Some(version))),
        // To put a part would drop the rest.
        Some((version, false)) => Err(Problem::stale(format!(
            "the ETag is of some of them; read all of version {version}: limit=1000, or /api/v1/rules/versions/{version}, \
             whose ETag here is \"v{version}\""
        ))),
        None => Err(Problem::stale(
            "the ETag is of no version of rules and zones; read them again",
        )),
    }
}

/// A change, and all that is to stand.
fn asked_for(body: &Bytes) -> Result<(Put, Vec<Value>), Problem> {
    let mut put: Put = body_of(body, r#"an object with "reason", "author" and "items""#)?;
    let items = with_words("items", put.items.take(), &put.reason, &put.author)?;
    Ok((put, items))
}

/// What a change must have by this name, if that is there and all words are right.
fn with_words<T>(name: &str, needed: Option<T>, reason: &str, author: &str) -> Result<T, Problem> {
    let empty = |name: &str, text: &str| {
        let want = "who decided it, and why";
        text.trim().is_empty().then(|| Wrong::new(name, "is empty", want))
    };
    let is_files = author.trim() == FILE;
    let of_files = is_files.then(|| {
        Wrong::new(
            "author",
            format!("is {FILE}, as versions read from files are"),
            "a name",
        )
    });
    let missing = || Wrong::new(name, "is missing", "what is to stand");
    let faults: Vec<Wrong> = [
        empty("reason", reason),
        empty("author", author),
        needed.is_none().then(missing),
        of_files,
        too_long("reason", Some(reason), COMMENT),
        too_long("author", Some(author), BY),
    ]
    .into_iter()
    .flatten()
    .collect();
    match needed {
        Some(needed) if faults.is_empty() => Ok(needed),
        _ => Err(Problem::wrong(faults)),
    }
}

/// Checks a change, tries it, and unless it is only a trial has it stand.
async fn give(app: &App, manner: Manner, put: Put, changed: impl FnOnce(Text) -> Text) -> Result<Response, Problem> {
    let editions = app.view.read(|picture| picture.editions.clone());
    let newest = editions
        .newest()
        .ok_or_else(|| Problem::not_ready("no rules stand yet"))?;
    if manner.from.is_some_and(|from| from != newest.version) {
        return Err(stale(newest.version));
    }
    let text = changed(newest.text.clone());
    check(&text, &app.setting().ground)?;
    let hours = manner.dry_run_h.or((manner.saves && !manner.force).then_some(GUARD_H));
    let outcome = match hours {
        Some(hours) => Some(rehearse(app, &text, hours).await?),
        None => None,
    };
    let refusal = outcome.as_deref().and_then(|outcome| too_many(outcome, app));
    let mut answer = Map::new();
    let mut version = newest.version;
    if manner.saves {
        if let Some(refusal) = refusal.filter(|_| !manner.force) {
            return Err(refusal);
        }
        let is_other = |new: &Arc<str>, old: &Arc<str>| (new != old).then(|| new.clone());
        let change = Change {
            from: Some(newest.version),
            author: put.author.into(),
            reason: put.reason.into(),
            rules: is_other(&text.rules, &newest.text.rules),
            zones: is_other(&text.zones, &newest.text.zones),
            restores: None,
            minutes: put.minutes,
        };
        version = save(app, manner.key, change).await?;
    } else {
        answer.insert("refused".into(), json!(refusal.map(|refusal| refusal.errors)));
    }
    let (before, after) = (Contents::of(&newest.text), Contents::of(&text));
    answer.insert("version".into(), json!(version));
    answer.insert("saved".into(), json!(manner.saves));
    answer.insert("rules".into(), json!(Differences::between(&before.rules, &after.rules)));
    answer.insert("zones".into(), json!(Differences::between(&before.zones, &after.zones)));
    let shown = outcome.filter(|_| manner.dry_run_h.is_some());
    answer.insert("dry_run".into(), json!(shown));
    Ok(reply::json(&Wish::default(), &answer))
}

async fn rehearse(app: &App, text: &Text, hours: f64) -> Result<Box<Outcome>, Problem> {
    let outcome = app.rehearsals.rehearse(text.clone(), hours).await;
    outcome.map_err(|why| match why {
        Unrehearsed::Busy => Problem::too_many("another change is being tried; DELETE /api/v1/rules/dry_run ends that"),
        Unrehearsed::Cancelled => Problem::cancelled("the dry run was ended; nothing is saved"),
        Unrehearsed::Stopped => Problem::unavailable("the service is ending"),
        Unrehearsed::Failed(why) => {
            tracing::warn!(%why, "a change could not be tried");
            Problem::unavailable("the journal cannot be played, so the change cannot be tried; force saves it untried")
        }
    })
}

/// Why a change is saved by force only, if it is. A rule that matched everything before is none of its doing.
fn too_many(outcome: &Outcome, app: &App) -> Option<Problem> {
    let Outcome {
        baseline,
        proposed,
        by_rule,
        ..
    } = outcome;
    let mut faults = Vec::new();
    // The load of a few minutes says little about an hour.
    let budgets = proposed.times_budget * outcome.hours.min(1.0);
    if budgets > MOST_BUDGETS && proposed.alerts > baseline.alerts {
        let what = format!(
            "would raise {} alerts in {:.1} h, where what stands raises {}: {budgets:.0} times what operators can take",
            proposed.alerts, outcome.hours, baseline.alerts
        );
        let want = format!(
            "at most {MOST_BUDGETS} times [review] alerts_per_hour = {}, or force=true",
            outcome.alerts_per_hour
        );
        faults.push(Wrong::new("items", what, want));
    }
    let rules = &app.setting().rules;
    let everything = outcome.flags.iter().filter(|flag| flag.matches == Matches::Everything);
    for flag in everything.filter(|flag| by_rule.get(&*flag.rule).is_some_and(|counts| counts.come > 0)) {
        let at = rules.iter().position(|rule| rule.id == *flag.rule);
        let place = at.map_or_else(|| flag.rule.to_string(), |_| format!("items[{}]", flag.rule));
        let what = "would match nearly every vessel that it looks at";
        faults.push(Wrong::new(
            place,
            what,
            "a limit that tells vessels apart, or force=true",
        ));
    }
    (!faults.is_empty()).then(|| Problem::too_many_alerts(faults))
}

async fn save(app: &App, key: Option<Extension<Key>>, change: Change) -> Result<u32, Problem> {
    match decide(app, key, Order::Change(Box::new(change))).await? {
        Answer::Version(version) => Ok(version),
        Answer::Stale(version) => Err(stale(version)),
        _ => Err(Problem::bad_request(
            "rules and zones do not fit each other any more; read them again",
        )),
    }
}

fn stale(version: u32) -> Problem {
    Problem::stale(format!("version {version} stands; read it, and change that"))
}

/// The tables of the rules that are to stand. One that says what `GET` shows of the rule that stands is that rule still.
fn rules_of(text: &Text, items: Vec<Value>) -> Vec<Value> {
    let statute = text.read(&Ground::default());
    let standing = statute.map(|statute| statute.rules).unwrap_or_default();
    let rows: BTreeMap<String, (Value, &Rule)> = standing
        .iter()
        .map(|rule| {
            let row = RuleRow::of(rule);
            (row.id.clone(), (whole(super::rules::shown(&row)), rule))
        })
        .collect();
    let table = |item: Value| {
        let own = item.get("id").and_then(Value::as_str).and_then(|id| rows.get(id));
        match own {
            Some((shown, rule)) if *shown == whole(item.clone()) => Value::Object(rule.source.clone()),
            _ => item,
        }
    };
    items.into_iter().map(table).collect()
}

/// Names every mistake of a text.
fn check(text: &Text, ground: &Ground) -> Result<(), Problem> {
    let Err(misread) = text.read(ground) else { return Ok(()) };
    let wrong = |misread: Misread| {
        let place = match misread.part {
            Part::Rule(at, _, key) => format!("rules[{at}].{key}"),
            Part::Zone(at) => format!("zones[{at}]"),
            Part::Whole => "items".into(),
            Part::Desk(id) => format!("desk {id}"),
        };
        Wrong::new(place, misread.what, misread.want)
    };
    Err(Problem::wrong(misread.into_iter().map(wrong).collect()))
}

/// Who made a version, when and why.
pub(super) fn heading(edition: &Edition) -> Value {
    json!({
        "version": edition.version,
        "time": Time(edition.time),
        "author": edition.author,
        "reason": edition.reason,
        "minutes": edition.minutes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_sent_back_as_it_was_read_is_the_rule_that_stands() {
        let table = r#"{"id":"fast","kind":"speed_limit","limit_kn":8.0,"priority":"alarm"}"#;
        let zones = Text::collection(&Map::new(), &[]);
        let text = Text {
            rules: format!("[{table}]").into(),
            zones,
        };
        let shown: Vec<Value> = Contents::of(&text).rules.into_values().collect();
        assert!(shown[0].to_string().contains("\"limit_kn\":8,"), "{shown:?}");
        let source: Value = serde_json::from_str(table).unwrap();
        assert_eq!(rules_of(&text, shown.clone()), [source]);
        let mut slower = shown;
        slower[0]["limit_kn"] = json!(7);
        assert_eq!(rules_of(&text, slower.clone()), slower);
    }
}
