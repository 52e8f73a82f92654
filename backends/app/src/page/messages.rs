//! The board: the list, one message, and the form for a new one.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::{Frame, html, see_other};
use crate::app::{self, App, Shared};
use crate::csrf;
use crate::database::messages::{self, Message};
use crate::database::users::User;
use crate::failure::Failure;
use crate::form::{MessageErrors, MessageForm, NewMessage};
use crate::throttle::Subject;
use crate::visitor::Visitor;

/// `?page=N`, counted from 1. Anything else is the first page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    page: String,
}

/// A part of the list. `number` is from 1 to `pages`, whatever was asked for.
pub(crate) struct Listing {
    pub(crate) messages: Vec<Message>,
    pub(crate) total: i64,
    pub(crate) number: i64,
    pub(crate) pages: i64,
}

impl Listing {
    pub(crate) async fn load(app: &App, query: &PageQuery) -> Result<Self, Failure> {
        let size = i64::from(app.config.limits.page_size);
        let total = messages::count(&app.database).await?;
        let pages = total.saturating_add(size - 1).checked_div(size).unwrap_or(0).max(1);
        let number = query.page.parse().unwrap_or(1).clamp(1, pages);
        let offset = (number - 1).saturating_mul(size);
        let messages = messages::list(&app.database, size, offset).await?;
        Ok(Self { messages, total, number, pages })
    }
}

pub(crate) async fn list(
    State(app): State<Shared>,
    Query(query): Query<PageQuery>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let listing = Listing::load(&app, &query).await?;
    let frame = Frame::around(&app, &visitor).await?;
    Ok(html(StatusCode::OK, &ListPage { frame, listing }, None))
}

pub(crate) async fn detail(
    State(app): State<Shared>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let message = messages::find(&app.database, id).await?.ok_or(Failure::NotFound)?;
    let frame = Frame::around(&app, &visitor).await?;
    Ok(html(StatusCode::OK, &DetailPage { frame, message }, None))
}

pub(crate) async fn form(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Failure> {
    if visitor.user.is_none() {
        return Ok(see_other(&format!("{}/login?next=new", app.config.base_path), None));
    }
    let page = FormPage {
        frame: Frame::around(&app, &visitor).await?,
        form: MessageForm::default(),
        errors: MessageErrors::default(),
    };
    Ok(html(StatusCode::OK, &page, None))
}

pub(crate) async fn add(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<MessageForm>,
) -> Result<Response, Failure> {
    csrf::check(&headers, visitor.token.as_ref(), &form.csrf)?;
    let author = visitor.user()?;
    match form.parse() {
        Ok(message) => {
            let id = store(&app, author, &message).await?;
            Ok(see_other(&format!("{}/messages/{id}", app.config.base_path), None))
        }
        Err(errors) => {
            let frame = Frame::around(&app, &visitor).await?;
            let page = FormPage { frame, form, errors };
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &page, None))
        }
    }
}

/// Adds the message, within the author's limit, and returns its id.
pub(crate) async fn store(app: &App, author: &User, message: &NewMessage) -> Result<i64, Failure> {
    Subject::Messages(author).check(app).await?;
    Subject::Messages(author).record(app).await?;
    let NewMessage { title, body } = message;
    Ok(messages::add(&app.database, author, title, body, app::now()).await?)
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    listing: Listing,
}

#[derive(Template)]
#[template(path = "detail.html")]
struct DetailPage<'a> {
    frame: Frame<'a>,
    message: Message,
}

#[derive(Template)]
#[template(path = "new.html")]
struct FormPage<'a> {
    frame: Frame<'a>,
    form: MessageForm,
    errors: MessageErrors,
}
