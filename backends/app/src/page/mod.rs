//! The HTML pages. A page is a template and what it shows; all of them are set in the same frame,
//! which names the node and the database that answered.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::csrf;
use crate::database::Answered;
use crate::failure::Failure;
use crate::visitor::Visitor;

pub(crate) mod account;
pub(crate) mod asset;
pub(crate) mod failed;
pub(crate) mod messages;

/// What surrounds every page.
struct Frame<'a> {
    base: &'a str,
    node: &'a str,
    version: &'static str,
    /// `None` on error pages, which must not need a database.
    database: Option<Answered>,
    user: Option<String>,
    /// Hidden field of every form; empty for a visitor without a token, who is shown none.
    csrf: String,
}

impl<'a> Frame<'a> {
    async fn around(app: &'a App, visitor: &Visitor) -> Result<Self, Failure> {
        Ok(Self {
            database: Some(app.database.answered().await?),
            user: visitor.user.as_ref().map(|user| user.name.clone()),
            csrf: visitor.token.as_ref().map(csrf::field).unwrap_or_default(),
            ..Self::bare(app)
        })
    }

    fn bare(app: &'a App) -> Self {
        Self {
            base: app.config.base_path.as_str(),
            node: app.config.node.as_str(),
            version: env!("CARGO_PKG_VERSION"),
            database: None,
            user: None,
            csrf: String::new(),
        }
    }

    /// The list's address; `/` where the base path is empty.
    fn home(&self) -> &str {
        if self.base.is_empty() { "/" } else { self.base }
    }
}

fn html(status: StatusCode, template: &impl Template, cookie: Option<&str>) -> Response {
    let body = match template.render() {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "a template could not be rendered");
            return Failure::Internal.into_response();
        }
    };
    let response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    with_cookie(response, cookie)
}

/// 303: a reload of the page that follows sends no form again.
fn see_other(location: &str, cookie: Option<&str>) -> Response {
    let response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    with_cookie(response, cookie)
}

fn with_cookie(mut response: Response, cookie: Option<&str>) -> Response {
    if let Some(value) = cookie.and_then(|cookie| cookie.parse().ok()) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// `2026-11-24 05:47 UTC`, from seconds since 1970.
fn readable(seconds: i64) -> String {
    let text = timestamp(seconds);
    match (text.get(..10), text.get(11..16)) {
        (Some(date), Some(time)) => format!("{date} {time} UTC"),
        _ => text,
    }
}

/// RFC 3339, from seconds since 1970.
pub(crate) fn timestamp(seconds: i64) -> String {
    // Beyond the year 9999 the formatter would fail.
    let seconds = u64::try_from(seconds).unwrap_or(0).min(253_402_300_799);
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    humantime::format_rfc3339_seconds(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values by `date -u -d @...`.
    #[test]
    fn times_are_readable() {
        assert_eq!(readable(0), "1970-01-01 00:00 UTC");
        assert_eq!(readable(1_709_164_799), "2024-02-28 23:59 UTC");
        assert_eq!(timestamp(1_709_164_800), "2024-02-29T00:00:00Z");
        assert_eq!(timestamp(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(timestamp(-1), "1970-01-01T00:00:00Z");
    }
}
