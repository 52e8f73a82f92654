//! Which address leads where, and what every request passes on its way in and out.

use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::app::Shared;
use crate::failure::Failure;
use crate::page::{account, asset, failed, messages};
use crate::{api, health, visitor};

pub(crate) fn router(app: &Shared) -> Router {
    Router::new()
        .route(health::LIVE, get(health::live))
        .route(health::READY, get(health::ready))
        .merge(pages(app))
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app.clone())
}

fn pages(app: &Shared) -> Router<Shared> {
    let base = app.config.base_path.as_str();
    let at = |path: &str| format!("{base}{path}");
    let body = usize::try_from(app.config.limits.body).unwrap_or(0);
    let mut routes = Router::new()
        .route(&at("/"), get(messages::list))
        .route(&at("/messages"), post(messages::add))
        .route(&at("/messages/{id}"), get(messages::detail))
        .route(&at("/new"), get(messages::form))
        .route(&at("/login"), get(account::login_form).post(account::login))
        .route(&at("/register"), get(account::register_form).post(account::register))
        .route(&at("/logout"), post(account::logout))
        .route(&at("/api/messages"), get(api::list).post(api::add))
        .route(&at("/api/whoami"), get(api::whoami));
    if !base.is_empty() {
        routes = routes.route(base, get(messages::list));
    }
    routes
        .route_layer(from_fn_with_state(app.clone(), when_prepared))
        .route(&at("/style.css"), get(asset::style))
        .route(&at("/icon.svg"), get(asset::icon))
        .fallback(|| async { Failure::NotFound })
        .layer(DefaultBodyLimit::max(body))
        .layer(from_fn_with_state(app.clone(), within_time))
        .layer(from_fn_with_state(app.clone(), failed::render))
}

/// Nothing that needs the tables is tried before they are there.
async fn when_prepared(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if app.phase.is_prepared() {
        return next.run(request).await;
    }
    Failure::Unavailable("This node is starting and waits for its database.").into_response()
}

async fn within_time(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(app.config.limits.request_timeout, next.run(request));
    answer.await.unwrap_or_else(|_| {
        tracing::warn!("a request took too long and was given up");
        Failure::Unavailable("This took too long.").into_response()
    })
}

/// The headers that every response has, and its line in the log.
async fn around(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = visitor::address(&app, request.headers(), request.extensions());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(node) = app.config.node.as_str().parse() {
        headers.insert(SERVED_BY, node);
    }
    // Checks come every second or two and would bury everything else.
    if path != health::LIVE && path != health::READY {
        let status = response.status().as_u16();
        let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let client = client.map(tracing::field::display);
        tracing::info!(%method, path, status, took_us, client, "request");
    }
    response
}

const SERVED_BY: HeaderName = HeaderName::from_static("x-served-by");

/// The pages use nothing but their own stylesheet, icon and forms.
const SECURITY: [(HeaderName, &str); 6] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];
