//! Constants, variables and the proxy's own state (manual, section 7.3.2).

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch {
        name: "always_true",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Bool,
        layer: Layer::Internal,
        documentation: "Always the boolean true.",
        example: "always_true",
        run: Run::One(|_, _| Some(Value::Bool(true))),
    },
    Fetch {
        name: "always_false",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Bool,
        layer: Layer::Internal,
        documentation: "Always the boolean false.",
        example: "always_false",
        run: Run::One(|_, _| Some(Value::Bool(false))),
    },
    Fetch {
        name: "str",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Internal,
        documentation: "A constant string.",
        example: "str(hello)",
        run: Run::One(|_, args| Some(Value::str(args.text(0)))),
    },
    Fetch {
        name: "int",
        required: &[Shape::Int],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Internal,
        documentation: "A constant signed integer.",
        example: "int(5)",
        run: Run::One(|_, args| args.int(0).map(Value::Int)),
    },
    Fetch {
        name: "bool",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Bool,
        layer: Layer::Internal,
        documentation: "A constant boolean: true, false, 0 or 1.",
        example: "bool(true)",
        run: Run::One(|_, args| Some(Value::Bool(matches!(args.text(0), b"true" | b"1")))),
    },
    Fetch {
        name: "var",
        required: &[Shape::Variable],
        optional: &[],
        check: None,
        output: Type::Any,
        layer: Layer::Internal,
        documentation: "The value of a variable.",
        example: "var(txn.name)",
        run: Run::One(variable),
    },
    Fetch {
        name: "fe_name",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Internal,
        documentation: "The name of the frontend.",
        example: "fe_name",
        run: Run::One(|stream, _| Some(Value::str(stream.names.frontend.as_bytes()))),
    },
    Fetch {
        name: "be_name",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Internal,
        documentation: "The name of the backend.",
        example: "be_name",
        run: Run::One(|stream, _| stream.names.backend.map(|name| Value::str(name.as_bytes()))),
    },
    Fetch {
        name: "srv_name",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Internal,
        documentation: "The name of the server, once one is chosen.",
        example: "srv_name",
        run: Run::One(|stream, _| stream.names.server.map(|name| Value::str(name.as_bytes()))),
    },
];

fn variable<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    match args.get(0) {
        Some(Arg::Variable { scope, number }) => stream.vars.get(*scope, *number),
        _ => None,
    }
}
