//! The statistics page (manual, `stats enable`, `stats uri` and their companions): what a request
//! for it is answered.

mod credentials;
mod html;
mod options;
mod table;
mod text;

use super::{Context, Selection, json, rows, typed, write_csv};
use crate::exchange::Message;
use crate::proxy::StatsPage;
use crate::rule::Reply;

use options::{Form, Options};

/// True when a request asks for this page: its path and query begin with `stats uri`.
#[must_use]
pub fn matches(page: &StatsPage, request: &Message) -> bool {
    matches!(request.method(), b"GET" | b"HEAD" | b"POST")
        && request.path_and_query().starts_with(page.uri.as_bytes())
}

/// The answer to a request that [`matches`].
#[must_use]
pub fn answer(page: &StatsPage, context: &Context<'_>, request: &Message) -> Reply {
    if !credentials::accepted(page, request) {
        return unauthorized(&page.realm);
    }
    if request.method() == b"POST" {
        // There is no `stats admin` here: nobody may change anything.
        return Reply { status: 303, ..Reply::default() }
            .with("cache-control", "no-cache")
            .with("content-type", "text/plain")
            .with("location", format!("{};st=DENY", page.uri));
    }
    let options = Options::parse(&request.path_and_query()[page.uri.len()..]);
    let mut body = String::new();
    write(page, context, &options, &mut body);
    let mut reply = Reply { status: 200, body: body.into(), ..Reply::default() }
        .with("cache-control", "no-cache")
        .with("content-type", options.form.content_type());
    if let Some(seconds) = page.refresh.filter(|_| options.refresh && !options.form.is_page()) {
        reply = reply.with("refresh", seconds.to_string());
    }
    reply
}

fn write(page: &StatsPage, context: &Context<'_>, options: &Options, out: &mut String) {
    let selection = Selection {
        scope: &page.scope,
        containing: &options.containing,
        hide: options.hide,
        legends: page.show_legends,
        ..Selection::default()
    };
    let rows = rows(context, &selection).into_iter();
    match options.form {
        Form::Page => html::write(page, context, options, &selection, out),
        Form::Csv => write_csv(rows, out),
        Form::Typed => typed::write(rows, false, out),
        Form::Json => {
            json::write(rows, out);
            out.push('\n');
        }
        Form::Schema => {
            out.push_str(json::SCHEMA);
            out.push('\n');
        }
    }
}

fn unauthorized(realm: &str) -> Reply {
    let body = "<html><body><h1>401 Unauthorized</h1>\nYou need a valid user and password to \
                access this content.\n</body></html>\n";
    let realm = realm.replace('\\', "\\\\").replace('"', "\\\"");
    Reply { status: 401, body: body.into(), ..Reply::default() }
        .with("cache-control", "no-cache")
        .with("content-type", "text/html")
        .with("www-authenticate", format!("Basic realm=\"{realm}\""))
}

#[cfg(test)]
mod tests;
