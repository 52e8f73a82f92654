//! Constants, and facts that do not depend on a stream (manual, section 7.3.2).

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Fetch, Layer};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch::one("always_true", Type::Bool, Layer::Internal, "Always the boolean true.", |_, _| {
        Some(Value::Bool(true))
    }),
    Fetch::one("always_false", Type::Bool, Layer::Internal, "Always the boolean false.", |_, _| {
        Some(Value::Bool(false))
    }),
    Fetch::one("str", Type::Str, Layer::Internal, "A constant string.", |_, args| {
        Some(Value::str(args.text(0)))
    })
    .with(&[Shape::Text], &[])
    .example("str(hello)"),
    Fetch::one("int", Type::Int, Layer::Internal, "A constant signed integer.", |_, args| {
        args.int(0).map(Value::Int)
    })
    .with(&[Shape::Int], &[])
    .example("int(5)"),
    Fetch::one("bool", Type::Bool, Layer::Internal, "A constant boolean.", |_, args| {
        args.int(0).map(|value| Value::Bool(value != 0))
    })
    .with(&[Shape::Text], &[])
    .checked(boolean)
    .example("bool(true)"),
    Fetch::one("bin", Type::Bin, Layer::Internal, "Constant bytes, in hexadecimal.", |_, args| {
        Some(Value::Bin(Cow::Borrowed(args.text(0))))
    })
    .with(&[Shape::Text], &[])
    .checked(hexadecimal)
    .example("bin(0a1b)"),
    Fetch::one("ipv4", Type::Ipv4, Layer::Internal, "A constant IPv4 address.", address)
        .with(&[Shape::Ipv4], &[])
        .example("ipv4(192.0.2.1)"),
    Fetch::one("ipv6", Type::Ipv6, Layer::Internal, "A constant IPv6 address.", address)
        .with(&[Shape::Ipv6], &[])
        .example("ipv6(2001:db8::1)"),
    Fetch::one("meth", Type::Method, Layer::Internal, "A constant method.", |_, args| {
        Some(Value::Method(Cow::Borrowed(args.text(0))))
    })
    .with(&[Shape::Text], &[])
    .example("meth(GET)"),
    Fetch::one(
        "env",
        Type::Str,
        Layer::Internal,
        "An environment variable, as it is when the configuration is loaded.",
        |_, args| Some(Value::str(args.text(0))),
    )
    .with(&[Shape::Text], &[])
    .checked(environment)
    .example("env(HOME)"),
    Fetch::one("hostname", Type::Str, Layer::Internal, "The name of this host.", |_, _| {
        static NAME: OnceLock<String> = OnceLock::new();
        let name = || nix::unistd::gethostname().ok()?.into_string().ok();
        Some(Value::str(NAME.get_or_init(|| name().unwrap_or_default()).as_bytes()))
    }),
    Fetch::one("nbproc", Type::Int, Layer::Internal, "How many processes there are.", |_, _| {
        Some(Value::Int(1))
    }),
    Fetch::one("proc", Type::Int, Layer::Internal, "The number of the process.", |_, _| {
        Some(Value::Int(1))
    }),
    Fetch::one("pid", Type::Int, Layer::Internal, "The system's process number.", |_, _| {
        Some(Value::Int(std::process::id().into()))
    }),
];

fn address<'a>(_: &crate::exchange::Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    match args.get(0) {
        Some(Arg::Ip(ip)) => Some(Value::Ip(*ip)),
        _ => None,
    }
}

fn text(args: &[Arg]) -> &[u8] {
    match args.first() {
        Some(Arg::Text(text)) => text,
        _ => b"",
    }
}

fn boolean(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let text = text(args).to_ascii_lowercase();
    let value = match text.as_slice() {
        b"true" | b"1" => 1,
        b"false" | b"0" => 0,
        _ => return Err("Expects 'true', 'false', '0' or '1'".to_owned()),
    };
    *args = vec![Arg::Int(value)];
    Ok(())
}

fn hexadecimal(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let text = text(args);
    if !text.len().is_multiple_of(2) {
        return Err("an even number of hex digit is expected".to_owned());
    }
    let digit = |byte: u8| {
        let digit = char::from(byte).to_digit(16);
        digit.ok_or_else(|| format!("an hex digit is expected (found '{}')", char::from(byte)))
    };
    let bytes = text
        .chunks(2)
        .map(|pair| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8))
        .collect::<Result<Box<[u8]>, String>>()?;
    *args = vec![Arg::Text(bytes)];
    Ok(())
}

fn environment(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let name = String::from_utf8_lossy(text(args)).into_owned();
    // Names with these cannot be asked for.
    let value =
        if name.is_empty() || name.contains(['=', '\0']) { None } else { std::env::var_os(name) };
    let value = value.map(std::os::unix::ffi::OsStringExt::into_vec);
    *args = vec![Arg::Text(value.unwrap_or_default().into())];
    Ok(())
}
