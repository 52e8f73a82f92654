//! Dates and durations (manual, sections 7.3.2, 7.3.3 and 7.3.6).

use super::{Fetch, Layer};
use crate::exchange::Times;
use crate::sample::args::{Arg, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};
use crate::time::wall_us;

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch::one("date", Type::Int, Layer::Internal, "The current date as Unix time.", |_, args| {
        let now = in_unit(wall_us(), args.int(1));
        Some(Value::Int(now.saturating_add(args.int(0).unwrap_or(0))))
    })
    .with(&[], &[Shape::Int, Shape::Text])
    .checked(second_unit)
    .example("date(-60)"),
    Fetch::one("date_us", Type::Int, Layer::Internal, "Microseconds of the date.", |_, _| {
        Some(Value::Int((wall_us() % 1_000_000) as i64))
    }),
    Fetch::one(
        "accept_date",
        Type::Int,
        Layer::Client,
        "The date of the accept.",
        |stream, args| Some(Value::Int(in_unit(stream.wall_began_us, args.int(0)))),
    )
    .with(&[], &[Shape::Text])
    .checked(first_unit),
    Fetch::one(
        "request_date",
        Type::Int,
        Layer::RequestLine,
        "The date of the first byte of the request.",
        |stream, args| {
            let times = &stream.times;
            let waited = times.first_byte.saturating_sub(times.began);
            Some(Value::Int(in_unit(stream.wall_began_us + waited, args.int(0))))
        },
    )
    .with(&[], &[Shape::Text])
    .checked(first_unit),
    Fetch::one(
        "fc.timer.handshake",
        Type::Int,
        Layer::Client,
        "Milliseconds of handshakes, `%Th`.",
        |stream, _| Some(Value::Int((stream.times.handshake / 1000) as i64)),
    ),
    Fetch::one(
        "req.timer.idle",
        Type::Int,
        Layer::Request,
        "Milliseconds before the request, `%Ti`.",
        |stream, _| {
            let times = &stream.times;
            Some(Value::Int(times.began_to(times.first_byte) - (times.handshake / 1000) as i64))
        },
    ),
    Fetch::one(
        "req.timer.tq",
        Type::Int,
        Layer::Request,
        "Milliseconds from the accept to the whole request, `%Tq`.",
        |stream, _| duration(stream.times.began, stream.times.request),
    ),
    Fetch::one(
        "req.timer.hdr",
        Type::Int,
        Layer::Request,
        "Milliseconds to receive the request, `%TR`.",
        |stream, _| duration(stream.times.first_byte, stream.times.request),
    ),
    Fetch::one(
        "req.timer.queue",
        Type::Int,
        Layer::ServerAddress,
        "Milliseconds in the queues, `%Tw`.",
        |stream, _| duration(stream.times.request, stream.times.queued),
    ),
    Fetch::one(
        "bc.timer.connect",
        Type::Int,
        Layer::ServerAddress,
        "Milliseconds to connect, `%Tc`.",
        |stream, _| duration(stream.times.queued, stream.times.connected),
    ),
    Fetch::one(
        "res.timer.hdr",
        Type::Int,
        Layer::Response,
        "Milliseconds until the head of the response, `%Tr`.",
        |stream, _| duration(stream.times.connected, stream.times.response),
    ),
];

impl Times {
    fn began_to(&self, moment: u64) -> i64 {
        Self::between(self.began, moment)
    }
}

fn duration<'a>(from: u64, to: u64) -> Option<Value<'a>> {
    Some(Value::Int(Times::between(from, to)))
}

/// Microseconds in a unit of this many of them.
fn in_unit(us: u64, unit: Option<i64>) -> i64 {
    us as i64 / unit.unwrap_or(1_000_000).max(1)
}

fn first_unit(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    unit(args, 0)
}

fn second_unit(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    unit(args, 1)
}

/// Replaces the name of a unit by its length in microseconds.
fn unit(args: &mut [Arg], at: usize) -> Result<(), String> {
    let Some(arg) = args.get_mut(at) else { return Ok(()) };
    let Arg::Text(name) = &*arg else { return Ok(()) };
    *arg = Arg::Int(match &**name {
        b"s" => 1_000_000,
        b"ms" => 1000,
        b"us" => 1,
        other => {
            let other = String::from_utf8_lossy(other);
            return Err(format!("expects 's', 'ms' or 'us', got '{other}'"));
        }
    });
    Ok(())
}
