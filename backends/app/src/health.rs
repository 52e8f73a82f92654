//! `/healthz` and `/readyz`, for the load balancer's checks. The first says that the process
//! answers; the second that it is of use, and if not, why.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::Shared;

pub(crate) const LIVE: &str = "/healthz";
pub(crate) const READY: &str = "/readyz";

pub(crate) async fn live() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Shared>) -> (StatusCode, String) {
    match reason(&app).await {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}

async fn reason(app: &Shared) -> Option<String> {
    if app.phase.is_draining() {
        return Some("shutting down".to_owned());
    }
    if let Err(error) = app.database.probe(PATIENCE).await {
        return Some(format!("the database does not answer: {error}"));
    }
    (!app.phase.is_prepared()).then(|| "the tables are being prepared".to_owned())
}

/// Below the usual timeout of a check (2 s), so that the reason still arrives.
const PATIENCE: Duration = Duration::from_millis(1500);
