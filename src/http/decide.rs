//! Decisions: a request's body is read, its order given, and answered once everybody is shown what came of it.

use axum::Extension;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::App;
use super::problem::{Problem, Wrong};
use crate::engine::Refused;
use crate::traffic::{Answer, Key, Order};

/// Letters of a name; more are refused.
pub const BY: usize = 200;
/// Letters of a comment or a reason; more are refused.
pub const COMMENT: usize = 2_000;

/// Gives an order, once if it has a key; the answer comes when the view shows what it did.
pub async fn decide(app: &App, key: Option<Extension<Key>>, order: Order) -> Result<Answer, Problem> {
    let order = match key {
        Some(Extension(key)) => Order::Once {
            key,
            order: Box::new(order),
        },
        None => order,
    };
    let (answer, number) = app.orders.give(order).await.map_err(|refused| match refused {
        Refused::Busy => Problem::too_many("too many orders are waiting"),
        Refused::Stopped => Problem::unavailable("the service is ending"),
        Refused::NotKept => Problem::not_kept("the journal cannot be written: what is decided now would be forgotten"),
    })?;
    if !app.view.shows(number).await {
        return Err(Problem::unavailable("the service is ending"));
    }
    match answer {
        Answer::KeyTaken => Err(Problem::key_reused("use a new Idempotency-Key for a new request")),
        answer => Ok(answer),
    }
}

/// Reads a body; `want` says what is right if it is not. Every member that is wrong is named: so of several none may be
/// needed to read the others.
pub fn body_of<T: DeserializeOwned>(body: &[u8], want: &str) -> Result<T, Problem> {
    // A list of the members would be read as them, too.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Problem::wrong(vec![Wrong::new("body", "is no JSON object", want)]));
    }
    serde_json::from_slice(body).map_err(|error| {
        let members: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
        let alone = |(name, value): (String, Value)| {
            let member = Map::from_iter([(name.clone(), value)]);
            let wrong = T::deserialize(Value::Object(member)).err()?;
            Some(Wrong::new(name, wrong.to_string(), want))
        };
        let mut faults: Vec<Wrong> = members.into_iter().filter_map(alone).collect();
        if faults.is_empty() {
            faults.push(Wrong::new("body", error.to_string(), want));
        }
        Problem::wrong(faults)
    })
}

/// What is wrong with a text of more letters than `most`.
pub fn too_long(name: &str, text: Option<&str>, most: usize) -> Option<Wrong> {
    let length = text.map_or(0, |text| text.chars().count());
    (length > most).then(|| Wrong::new(name, format!("has {length} letters"), format!("at most {most}")))
}
