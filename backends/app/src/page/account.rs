//! Signing in, making an account, signing out. Every sign-in makes a new token, so that one which
//! somebody else planted in the browser is worth nothing afterwards.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::{Frame, html, see_other};
use crate::app::{self, App, Shared};
use crate::csrf;
use crate::database::sessions;
use crate::database::users::{self, User};
use crate::failure::Failure;
use crate::form::{self, AccountErrors, AccountForm};
use crate::throttle::Subject;
use crate::token::Token;
use crate::visitor::{Visitor, cookie, forget_cookie};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NextQuery {
    next: String,
}

pub(crate) async fn login_form(
    State(app): State<Shared>,
    Query(NextQuery { next }): Query<NextQuery>,
    mut visitor: Visitor,
) -> Result<Response, Failure> {
    let form = AccountForm { next, ..Default::default() };
    login_page(&app, &mut visitor, StatusCode::OK, form, None).await
}

pub(crate) async fn login(
    State(app): State<Shared>,
    mut visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<AccountForm>,
) -> Result<Response, Failure> {
    csrf::check(&headers, visitor.token.as_ref(), &form.csrf)?;
    match authenticate(&app, &visitor, &form).await? {
        Some(user) => sign_in(&app, &visitor, &user, &form.next).await,
        None => {
            let error = Some("The name or the password is wrong.");
            login_page(&app, &mut visitor, StatusCode::UNPROCESSABLE_ENTITY, form, error).await
        }
    }
}

pub(crate) async fn register_form(
    State(app): State<Shared>,
    Query(NextQuery { next }): Query<NextQuery>,
    mut visitor: Visitor,
) -> Result<Response, Failure> {
    let form = AccountForm { next, ..Default::default() };
    register_page(&app, &mut visitor, StatusCode::OK, form, AccountErrors::default()).await
}

pub(crate) async fn register(
    State(app): State<Shared>,
    mut visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<AccountForm>,
) -> Result<Response, Failure> {
    csrf::check(&headers, visitor.token.as_ref(), &form.csrf)?;
    let errors = match create(&app, &visitor, &form).await? {
        Ok(user) => return sign_in(&app, &visitor, &user, &form.next).await,
        Err(errors) => errors,
    };
    register_page(&app, &mut visitor, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
}

pub(crate) async fn logout(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<AccountForm>,
) -> Result<Response, Failure> {
    csrf::check(&headers, visitor.token.as_ref(), &form.csrf)?;
    if let Some(token) = &visitor.token {
        sessions::close(&app.database, &token.hash()).await?;
    }
    Ok(see_other(app.config.base_path.cookie_path(), Some(&forget_cookie(&app))))
}

/// The user, or `None` for a wrong name or password, which are not told apart. The attempt is
/// counted before the password is checked: many at once gain nothing.
async fn authenticate(
    app: &App,
    visitor: &Visitor,
    form: &AccountForm,
) -> Result<Option<User>, Failure> {
    let name = form::user_name(&form.name);
    let by_address = Subject::Address(visitor.address);
    let by_name = name.as_deref().map(|name| Subject::Login { name, address: visitor.address });
    for subject in [Some(by_address), by_name].into_iter().flatten() {
        subject.check(app).await?;
        subject.record(app).await?;
    }
    let known = match &name {
        Some(name) => users::find(&app.database, name).await?,
        None => None,
    };
    let (user, stored) = known.unzip();
    if form.password.len() > form::LONGEST_PASSWORD {
        return Ok(None);
    }
    if !app.passwords.verify(form.password.clone(), stored).await? {
        tracing::info!(client = %visitor.address, "a sign-in failed");
        return Ok(None);
    }
    // Other names that were tried from this address still count.
    by_address.take_back(app).await?;
    if let Some(subject) = by_name {
        subject.forget(app).await?;
    }
    Ok(user)
}

async fn create(
    app: &App,
    visitor: &Visitor,
    form: &AccountForm,
) -> Result<Result<User, AccountErrors>, Failure> {
    let account = match form.parse() {
        Ok(account) => account,
        Err(errors) => return Ok(Err(errors)),
    };
    let subject = Subject::Registration(visitor.address);
    subject.check(app).await?;
    subject.record(app).await?;
    let password_hash = app.passwords.hash(account.password).await?;
    let user = users::add(&app.database, &account.name, &password_hash, app::now()).await?;
    Ok(user.ok_or_else(|| AccountErrors {
        name: Some("This name is taken.".to_owned()),
        ..Default::default()
    }))
}

async fn sign_in(
    app: &App,
    visitor: &Visitor,
    user: &User,
    next: &str,
) -> Result<Response, Failure> {
    if let Some(old) = visitor.token.as_ref().filter(|_| visitor.user.is_some()) {
        sessions::close(&app.database, &old.hash()).await?;
    }
    let token = Token::random()?;
    let lifetime = i64::try_from(app.config.session.lifetime.as_secs()).unwrap_or(i64::MAX);
    let expires_at = app::now().saturating_add(lifetime.max(1));
    sessions::open(&app.database, &token.hash(), user, expires_at).await?;
    let base = &app.config.base_path;
    let location = match next {
        "new" => format!("{base}/new"),
        _ => base.cookie_path().to_owned(),
    };
    Ok(see_other(&location, Some(&cookie(app, &token))))
}

async fn login_page(
    app: &App,
    visitor: &mut Visitor,
    status: StatusCode,
    form: AccountForm,
    error: Option<&str>,
) -> Result<Response, Failure> {
    let cookie = visitor.ensure_token(app)?;
    let frame = Frame::around(app, visitor).await?;
    Ok(html(status, &LoginPage { frame, form, error }, cookie.as_deref()))
}

async fn register_page(
    app: &App,
    visitor: &mut Visitor,
    status: StatusCode,
    form: AccountForm,
    errors: AccountErrors,
) -> Result<Response, Failure> {
    let cookie = visitor.ensure_token(app)?;
    let frame = Frame::around(app, visitor).await?;
    Ok(html(status, &RegisterPage { frame, form, errors }, cookie.as_deref()))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    frame: Frame<'a>,
    form: AccountForm,
    error: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage<'a> {
    frame: Frame<'a>,
    form: AccountForm,
    errors: AccountErrors,
}
