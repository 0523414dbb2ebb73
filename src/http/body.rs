//! Bodies of requests: read within their limit, and what is over it left unused.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use futures_util::StreamExt;

use super::problem::Problem;

/// Bytes of a request's body; a longer one is refused.
const MOST: usize = 64 * 1024;
/// Bytes of one that is put, as all zones are; a longer one is refused.
const MOST_PUT: usize = 8 << 20;
/// Bytes of a refused body that are taken all the same; then the connection ends.
const DRAINED: usize = 64 << 20;
/// How long they may take; then the connection ends.
const DRAINING: Duration = Duration::from_secs(10);

/// The body, or why it is refused: by the length that the head tells, before any of it has come.
pub async fn read(parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    let most = if parts.method == Method::PUT { MOST_PUT } else { MOST };
    let mut pieces = body.into_data_stream();
    if length(&parts.headers).is_some_and(|length| length > most) {
        // Who waits to be asked for it has sent nothing, and need not.
        return Err(refuse(pieces, most, !parts.headers.contains_key(header::EXPECT)));
    }
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Problem::bad_request("the body broke off"))?;
        if whole.len() + piece.len() > most {
            return Err(refuse(pieces, most, true));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.into())
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// What a body that is too large is answered. Most clients read that only once they have sent everything: so what is
/// being sent is taken meanwhile.
fn refuse(pieces: BodyDataStream, most: usize, is_sent: bool) -> Problem {
    if is_sent {
        tokio::spawn(tokio::time::timeout(DRAINING, drain(pieces)));
    }
    Problem::too_large(format!("a body has at most {most} bytes"))
}

async fn drain(mut pieces: BodyDataStream) {
    let mut room = DRAINED;
    while let Some(Ok(piece)) = pieces.next().await {
        let Some(left) = room.checked_sub(piece.len()) else {
            return;
        };
        room = left;
    }
}
