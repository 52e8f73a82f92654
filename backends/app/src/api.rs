//! The JSON interface: the messages, and who served this.
//!
//! A foreign page cannot forge the POST: a browser sends `application/json` across sites only
//! after asking, and nobody answers that question with yes.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::Shared;
use crate::csrf;
use crate::failure::Failure;
use crate::form::MessageForm;
use crate::page::messages::{Listing, PageQuery, store};
use crate::page::timestamp;
use crate::visitor::Visitor;

/// `GET {base}/api/messages?page=N`
pub(crate) async fn list(
    State(app): State<Shared>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Failure> {
    let listing = Listing::load(&app, &query).await?;
    let messages: Vec<_> = listing
        .messages
        .iter()
        .map(|message| {
            json!({
                "id": message.id,
                "author": message.author,
                "title": message.title,
                "body": message.body,
                "created_at": timestamp(message.created_at),
            })
        })
        .collect();
    Ok(Json(json!({
        "messages": messages,
        "page": listing.number,
        "pages": listing.pages,
        "total": listing.total,
    }))
    .into_response())
}

/// `POST {base}/api/messages` with `{"title": "...", "body": "..."}` and a session's cookie.
/// 201 with the id, or 422 with a sentence per wrong field.
pub(crate) async fn add(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(form): Json<MessageForm>,
) -> Result<Response, Failure> {
    csrf::same_origin(&headers)?;
    let author = visitor.user()?;
    let message = match form.parse() {
        Ok(message) => message,
        Err(errors) => {
            let body = Json(json!({ "errors": errors }));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
        }
    };
    let id = store(&app, author, &message).await?;
    let location = format!("{}/messages/{id}", app.config.base_path);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(json!({ "id": id }))).into_response())
}

/// `GET {base}/api/whoami`: what this node sees of itself, its database and the request's way.
pub(crate) async fn whoami(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let forwarded: Vec<_> = headers.get_all("x-forwarded-for").iter().map(readable).collect();
    Ok(Json(json!({
        "node": app.config.node.as_str(),
        "version": env!("CARGO_PKG_VERSION"),
        "database": app.database.answered().await?,
        "user": visitor.user.map(|user| user.name),
        "client": visitor.address,
        "x_forwarded_for": (!forwarded.is_empty()).then(|| forwarded.join(", ")),
    }))
    .into_response())
}

fn readable(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
