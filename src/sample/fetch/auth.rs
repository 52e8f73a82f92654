//! Basic authentication (manual, section 7.3.6; RFC 7617).

use std::ops::ControlFlow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::proxy::{User, Userlist};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch {
        name: "http_auth",
        required: &[Shape::Userlist],
        optional: &[],
        check: None,
        output: Type::Bool,
        layer: Layer::Request,
        documentation: "Whether the client is a user of a list.",
        example: "",
        run: Run::One(|stream, args| Some(Value::Bool(user(stream, args).is_some()))),
    },
    Fetch {
        name: "http_auth_group",
        required: &[Shape::Userlist],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The groups of the user that the client is.",
        example: "",
        run: Run::Each { each: groups, last: |stream, args| group(user(stream, args)?) },
    },
    Fetch {
        name: "http_auth_type",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The scheme of the Authorization field.",
        example: "http_auth_type",
        run: Run::One(|stream, _| Some(Value::str(authorization(stream)?.0))),
    },
    Fetch {
        name: "http_auth_user",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The name in a basic authentication.",
        example: "http_auth_user",
        run: Run::One(|stream, _| Some(Value::owned(credentials(stream)?.0))),
    },
    Fetch {
        name: "http_auth_pass",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The password in a basic authentication.",
        example: "http_auth_pass",
        run: Run::One(|stream, _| Some(Value::owned(credentials(stream)?.1))),
    },
];

fn list(args: &Args) -> Option<&Arc<Userlist>> {
    match args.get(0) {
        Some(Arg::Userlist(slot)) => slot.get(),
        _ => None,
    }
}

fn user<'a>(stream: &Stream<'_>, args: &'a Args) -> Option<&'a User> {
    let (name, password) = credentials(stream)?;
    list(args)?.authenticate(std::str::from_utf8(&name).ok()?, &password)
}

fn group(user: &User) -> Option<Value<'_>> {
    user.groups.last().map(|group| Value::str(group.as_bytes()))
}

fn groups<'a>(
    stream: &'a Stream<'_>,
    args: &'a Args,
    visit: &mut dyn FnMut(Value<'a>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some(user) = user(stream, args) else { return ControlFlow::Continue(()) };
    user.groups.iter().try_for_each(|group| visit(Value::str(group.as_bytes())))
}

/// Scheme and rest of the Authorization field.
fn authorization<'a>(stream: &'a Stream<'_>) -> Option<(&'a [u8], &'a [u8])> {
    if !stream.request.is_present() {
        return None;
    }
    let value = stream.request.values(b"authorization").next()?;
    let space = memchr::memchr(b' ', value)?;
    Some((&value[..space], value[space..].trim_ascii()))
}

/// Name and password.
fn credentials(stream: &Stream<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (scheme, text) = authorization(stream)?;
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let mut name = STANDARD.decode(text).ok()?;
    let colon = memchr::memchr(b':', &name)?;
    let password = name.split_off(colon + 1);
    name.truncate(colon);
    Some((name, password))
}
