//! Problem documents (RFC 9457): what a client is told when a request fails, and nothing of our insides.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong. It travels as a response's extension; the guard writes the document, with the request's id.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    /// The last part of its `type`.
    pub name: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub errors: Vec<Wrong>,
}

/// One thing that was wrong in a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Wrong {
    /// The parameter or member.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong with it.
    pub what: String,
    /// What would be right.
    pub want: String,
}

/// The document as sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document<'a> {
    /// `/problems/NAME`.
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    errors: &'a [Wrong],
    request_id: &'a str,
}

/// Every kind of problem: status, name and title.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $slug:literal, $title:literal;)*) => {
        impl Problem {
            $($(#[$doc])* pub fn $name(detail: impl Into<String>) -> Self {
                Self::new(StatusCode::$status, $slug, $title, detail.into())
            })*
        }
    };
}

problems! {
    /// The request cannot be understood.
    bad_request = BAD_REQUEST, "bad_request", "The request is not understood";
    /// It came under a name, or from a page, that is not ours.
    forbidden = FORBIDDEN, "foreign_origin", "Not from here";
    /// There is no such thing.
    not_found = NOT_FOUND, "not_found", "There is no such thing";
    /// The path knows other methods.
    method = METHOD_NOT_ALLOWED, "method_not_allowed", "Another method is needed";
    /// The alert's life is over.
    alert_closed = CONFLICT, "alert_closed", "The alert is closed";
    /// As many stand as may.
    no_room = CONFLICT, "no_room", "There is no room for another";
    /// The change is of another version than the one that stands.
    stale = PRECONDITION_FAILED, "stale", "Another version stands";
    /// A change must say of what.
    unconditional = PRECONDITION_REQUIRED, "precondition_required", "If-Match is needed";
    /// More alerts than anybody can take.
    drowning = CONFLICT, "too_many_alerts", "It would make too many alerts";
    /// Somebody ended it before it was done.
    cancelled = CONFLICT, "cancelled", "It was cancelled";
    /// The key was used for another request.
    key_reused = CONFLICT, "idempotency_key_reused", "The key belongs to another request";
    /// The body is over its limit.
    too_large = PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large";
    /// The body is of another type.
    media_type = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "JSON is needed";
    /// Too much at once.
    too_many = TOO_MANY_REQUESTS, "too_many_requests", "Too many requests at once";
    /// It does not work now.
    unavailable = SERVICE_UNAVAILABLE, "unavailable", "Not now";
    /// Nothing can be kept.
    not_kept = SERVICE_UNAVAILABLE, "not_kept", "Not kept";
    /// The picture is not ready.
    not_ready = SERVICE_UNAVAILABLE, "not_ready", "Not ready";
    /// A bug.
    internal = INTERNAL_SERVER_ERROR, "internal", "A fault of the service";
}

impl Problem {
    fn new(status: StatusCode, name: &'static str, title: &'static str, detail: String) -> Self {
        Self {
            status,
            name,
            title,
            detail,
            errors: Vec::new(),
        }
    }

    /// A request that names all its faults at once.
    pub fn wrong(errors: Vec<Wrong>) -> Self {
        let places: Vec<_> = errors.iter().map(|wrong| wrong.place.as_str()).collect();
        Self {
            errors: errors.clone(),
            ..Self::bad_request(format!("wrong: {}", places.join(", ")))
        }
    }

    /// A change that would make more alerts than anybody can take, with the reasons.
    pub fn too_many_alerts(errors: Vec<Wrong>) -> Self {
        let told: Vec<_> = errors
            .iter()
            .map(|wrong| format!("{} {}", wrong.place, wrong.what))
            .collect();
        Self {
            errors,
            ..Self::drowning(told.join("; "))
        }
    }

    /// The problem that stands for a bare status of a library's making.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found("nothing is at this path"),
            StatusCode::METHOD_NOT_ALLOWED => Self::method("see the Allow header"),
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is over its limit"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::media_type("send application/json"),
            status if status.is_client_error() => Self::bad_request("the request is not understood"),
            _ => Self::internal("the request could not be answered"),
        }
    }

    /// The whole response, with its document.
    pub fn respond(&self, request_id: &str) -> Response {
        let document = Document {
            kind: format!("/problems/{}", self.name),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
            request_id,
        };
        let body = serde_json::to_vec(&document).expect("strings and numbers");
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let set = |value| HeaderValue::from_static(value);
        headers.insert(header::CONTENT_TYPE, set("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, set("no-store"));
        if matches!(
            self.status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            headers.insert(header::RETRY_AFTER, set("1"));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl Wrong {
    /// What is wrong where, and what would be right.
    pub fn new(place: impl Into<String>, what: impl Into<String>, want: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            want: want.into(),
        }
    }
}
