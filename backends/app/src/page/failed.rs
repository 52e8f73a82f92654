//! How failures look: a page for people, JSON for programs. One middleware around everything, so
//! that refusals by the framework look like our own.

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Frame, html};
use crate::app::{App, Shared};
use crate::failure::Failure;

pub(crate) async fn render(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let base = app.config.base_path.as_str();
    let path = request.uri().path();
    let is_api = path.strip_prefix(base).is_some_and(|rest| rest.starts_with("/api/"));
    let response = next.run(request).await;
    let Some(failure) = failure(&response) else {
        return response;
    };
    let mut shown = if is_api { json(&failure) } else { page(&app, &failure) };
    copy_headers(response.headers(), shown.headers_mut());
    if let Some(wait) = failure.retry_after() {
        shown.headers_mut().insert(RETRY_AFTER, wait.as_secs().max(1).into());
    }
    shown
}

/// What went wrong, unless the handler has already said it in its own words.
fn failure(response: &Response) -> Option<Failure> {
    if let Some(failure) = response.extensions().get::<Failure>() {
        return Some(failure.clone());
    }
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    let worded = kind.is_some_and(|kind| {
        kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
    });
    let refused = !worded && (status.is_client_error() || status.is_server_error());
    refused.then_some(match status {
        StatusCode::NOT_FOUND => Failure::NotFound,
        status => Failure::Refused(status),
    })
}

fn json(failure: &Failure) -> Response {
    let body = serde_json::json!({ "error": failure.explanation() });
    (failure.status(), Json(body)).into_response()
}

fn page(app: &App, failure: &Failure) -> Response {
    let page = FailurePage {
        frame: Frame::bare(app),
        title: failure.status().canonical_reason().unwrap_or("Error"),
        failure,
    };
    html(failure.status(), &page, None)
}

/// Such as `Allow`; not those that describe the body which is replaced.
fn copy_headers(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            to.insert(name, value.clone());
        }
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    frame: Frame<'a>,
    title: &'static str,
    failure: &'a Failure,
}
