//! What changes or asks the state of the process.

use super::{Converter, Run};
use crate::sample::args::{Arg, Shape};
use crate::sample::context::Context;
use crate::sample::value::Type;

pub(super) const KEYWORDS: &[Converter] = &[
    later("capture-req", (Type::Str, Type::Str), &[Shape::Int], &[], |_, _| refuse("capture-req")),
    later("capture-res", (Type::Str, Type::Str), &[Shape::Int], &[], |_, _| refuse("capture-res")),
    later("debug", (Type::Any, Type::Same), &[], &[Shape::Text, Shape::Text], |_, _| {
        refuse("debug")
    }),
    later("fe_exists", (Type::Str, Type::Bool), &[], &[], |_, _| refuse("fe_exists")),
    later("nbsrv", (Type::Str, Type::Int), &[], &[], |_, _| refuse("nbsrv")),
    later("srv_is_up", (Type::Str, Type::Bool), &[], &[], |_, _| refuse("srv_is_up")),
    later("srv_queue", (Type::Str, Type::Int), &[], &[], |_, _| refuse("srv_queue")),
    later("when", (Type::Any, Type::Same), &[Shape::Text], &[Shape::Text; 4], |args, _| match args
        .first()
    {
        Some(Arg::Text(text)) => {
            let name = String::from_utf8_lossy(text);
            if CONDITIONS.contains(&name.trim_start_matches('!')) {
                return refuse("when");
            }
            let known = CONDITIONS.join(",");
            Err(format!("expects a supported keyword among {{{known}}} but got '{name}'"))
        }
        _ => refuse("when"),
    }),
];

/// A converter that is known and refused.
pub(super) const fn later(
    name: &'static str,
    types: (Type, Type),
    required: &'static [Shape],
    optional: &'static [Shape],
    check: fn(&mut Vec<Arg>, &Context<'_>) -> Result<(), String>,
) -> Converter {
    const RUN: Run = |_, _, _| None;
    Converter::new(name, types, "Not supported yet.", "", RUN)
        .takes(required, optional)
        .checked(check)
}

/// The sentence for a converter that is known and not there yet.
pub(super) fn refuse(name: &str) -> Result<(), String> {
    Err(format!("converter '{name}' is not supported by evenkeel yet"))
}

const CONDITIONS: &[&str] =
    &["stopping", "normal", "error", "forwarded", "toapplet", "processed", "acl"];
