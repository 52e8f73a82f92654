//! Constants, variables and the proxy's own state (manual, section 7.3.2).

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
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
        name: "bin",
        required: &[Shape::Text],
        optional: &[],
        check: Some(hexadecimal),
        output: Type::Bin,
        layer: Layer::Internal,
        documentation: "Constant bytes, in hexadecimal digits.",
        example: "bin(6162)",
        run: Run::One(|_, args| Some(Value::Bin(std::borrow::Cow::Borrowed(args.text(0))))),
    },
    Fetch {
        name: "ipv4",
        required: &[Shape::Ipv4],
        optional: &[],
        check: None,
        output: Type::Ipv4,
        layer: Layer::Internal,
        documentation: "A constant IPv4 address.",
        example: "ipv4(192.0.2.1)",
        run: Run::One(address),
    },
    Fetch {
        name: "ipv6",
        required: &[Shape::Ipv6],
        optional: &[],
        check: None,
        output: Type::Ipv6,
        layer: Layer::Internal,
        documentation: "A constant IPv6 address.",
        example: "ipv6(::1)",
        run: Run::One(address),
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

fn address<'a>(_: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    match args.get(0) {
        Some(Arg::Ip(ip)) => Some(Value::Ip(*ip)),
        _ => None,
    }
}

fn hexadecimal(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let Some(Arg::Text(text)) = args.first() else { return Ok(()) };
    let digit = |byte: u8| char::from(byte).to_digit(16).ok_or("a hexadecimal digit is expected");
    if text.len() % 2 != 0 {
        return Err("an even number of hexadecimal digits is expected".into());
    }
    let bytes: Result<Vec<u8>, _> =
        text.chunks(2).map(|pair| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect();
    args[0] = Arg::Text(bytes.map_err(|error: &str| error.to_owned())?.into());
    Ok(())
}

fn variable<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    match args.get(0) {
        Some(Arg::Variable { scope, number }) => stream.vars.get(*scope, *number),
        _ => None,
    }
}
