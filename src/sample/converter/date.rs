//! Dates: texts of seconds, milliseconds or microseconds since the epoch, and back.

use super::{Converter, Run};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};
use crate::time::{Civil, local_offset};

mod http;
mod strftime;

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "date",
        (Type::Str, Type::Int),
        "The seconds since the epoch of a date in a header.",
        "str('Sun, 06 Nov 1994 08:49:37 GMT'),date",
        |value, _, _| http::parse(&value.into_bytes()).map(Value::Int),
    ),
    Converter::new(
        "http_date",
        (Type::Int, Type::Str),
        "The date in the form of headers, after an offset; in seconds, ms or us.",
        "int(0),http_date(3600)",
        http_date,
    )
    .takes(&[], &[Shape::Int, Shape::Text])
    .checked(unit_checked),
    format("utime", "The date in UTC, written by a format of strftime.", |value, args, _| {
        seconds(&value, args, None)
    }),
    format(
        "ltime",
        "The date in local time, written by a format of strftime.",
        |value, args, _| seconds(&value, args, Some(local_offset)),
    ),
    format("ms_utime", "As 'utime', of milliseconds; '%N' is the fraction.", |value, args, _| {
        fraction(&value, args, 1000, None)
    }),
    format("ms_ltime", "As 'ltime', of milliseconds; '%N' is the fraction.", |value, args, _| {
        fraction(&value, args, 1000, Some(local_offset))
    }),
    format("us_utime", "As 'utime', of microseconds; '%N' is the fraction.", |value, args, _| {
        fraction(&value, args, 1_000_000, None)
    }),
    format("us_ltime", "As 'ltime', of microseconds; '%N' is the fraction.", |value, args, _| {
        fraction(&value, args, 1_000_000, Some(local_offset))
    }),
];

const fn format(name: &'static str, documentation: &'static str, run: Run) -> Converter {
    Converter::new(name, (Type::Int, Type::Str), documentation, "", run)
        .takes(&[Shape::Text], &[Shape::Int])
}

fn http_date<'a>(
    value: Value<'a>,
    args: &'a Args,
    _: &'a crate::exchange::Stream<'_>,
) -> Option<Value<'a>> {
    let time = value.as_int()?.wrapping_add(args.int(0).unwrap_or(0));
    let units = match args.text(1) {
        b"ms" => 1000,
        b"us" => 1_000_000,
        _ => 1,
    };
    let date = Civil::from_unix(bounded(time / units));
    let fraction = if units > 1 { format!(".{}", time % units) } else { String::new() };
    let text = format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02}{fraction} GMT",
        date.weekday_name(),
        date.day,
        date.month_name(),
        date.year,
        date.hour,
        date.minute,
        date.second,
    );
    Some(Value::owned(text.into_bytes()))
}

fn seconds(value: &Value<'_>, args: &Args, zone: Option<fn(i64) -> i32>) -> Option<Value<'static>> {
    let unix = bounded(value.as_int()?.wrapping_add(args.int(1).unwrap_or(0)));
    Some(Value::owned(strftime::format(args.text(0), unix, offset_at(unix, zone))))
}

fn fraction(
    value: &Value<'_>,
    args: &Args,
    units: i64,
    zone: Option<fn(i64) -> i32>,
) -> Option<Value<'static>> {
    let time = value.as_int()?;
    let unix = (time / units).wrapping_add(args.int(1).unwrap_or(0));
    // Before the epoch the digits are those of the negative fraction in 64 bits.
    let nanoseconds = (time % units).wrapping_mul(1_000_000_000 / units) as u64;
    let format = strftime::with_fraction(args.text(0), nanoseconds);
    Some(Value::owned(strftime::format(&format, unix, offset_at(unix, zone))))
}

fn offset_at(unix: i64, zone: Option<fn(i64) -> i32>) -> strftime::Zone {
    match zone {
        Some(zone) => strftime::Zone { ahead: zone(unix), name: "UTC" },
        None => strftime::Zone { ahead: 0, name: "GMT" },
    }
}

/// Seconds wrap at 2^55, before the year would not fit its integer.
fn bounded(seconds: i64) -> i64 {
    seconds & ((1 << 55) - 1)
}

fn unit_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.get(1) {
        Some(Arg::Text(unit)) if !matches!(&**unit, b"" | b"s" | b"ms" | b"us") => {
            Err(format!("expects 's', 'ms' or 'us', got '{}'", String::from_utf8_lossy(unit)))
        }
        _ => Ok(()),
    }
}
