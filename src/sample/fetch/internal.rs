//! Variables, names and how far the stream came (manual, section 7.3.2).

use super::{Fetch, Layer};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch::one("var", Type::Any, Layer::Internal, "The value of a variable.", variable)
        .with(&[Shape::Variable], &[Shape::Text])
        .example("var(txn.name)"),
    Fetch::one("fe_name", Type::Str, Layer::Frontend, "The frontend's name.", |stream, _| {
        Some(Value::str(stream.names.frontend.as_bytes()))
    }),
    Fetch::one("fe_id", Type::Int, Layer::Frontend, "The frontend's number.", |stream, _| {
        Some(Value::Int(stream.names.frontend_id.into()))
    }),
    Fetch::one("be_id", Type::Int, Layer::Backend, "The backend's number.", |stream, _| {
        stream.names.backend_id.map(|id| Value::Int(id.into()))
    }),
    Fetch::one("so_id", Type::Int, Layer::Frontend, "The 'bind' line's number.", |stream, _| {
        Some(Value::Int(i64::from(stream.connection.listener) + 1))
    }),
    Fetch::one("ssl_fc", Type::Bool, Layer::ClientStream, "TLS towards the client.", |_, _| {
        Some(Value::Bool(false))
    }),
    Fetch::one("ssl_bc", Type::Bool, Layer::ServerStream, "TLS towards the server.", |_, _| {
        Some(Value::Bool(false))
    }),
    Fetch::one("be_name", Type::Str, Layer::Backend, "The backend's name.", |stream, _| {
        stream.names.backend.map(|name| Value::str(name.as_bytes()))
    }),
    Fetch::one("srv_name", Type::Str, Layer::Server, "The server's name.", |stream, _| {
        stream.sides.server?;
        stream.names.server.map(|name| Value::str(name.as_bytes()))
    }),
    Fetch::one(
        "txn.conn_retries",
        Type::Int,
        Layer::ServerAddress,
        "How often connecting was tried again.",
        |stream, _| Some(Value::Int(stream.outcome.retries.into())),
    ),
    Fetch::one(
        "txn.redispatched",
        Type::Bool,
        Layer::ServerAddress,
        "Whether another server was tried.",
        |stream, _| Some(Value::Bool(stream.outcome.redispatched)),
    ),
    Fetch::one(
        "txn.id32",
        Type::Int,
        Layer::State,
        "The number of the stream, in 32 bits.",
        |stream, _| Some(Value::Int(i64::from(stream.id as u32))),
    ),
    Fetch::one(
        "txn.sess_term_state",
        Type::Str,
        Layer::State,
        "The termination state.",
        |stream, _| {
            let outcome = &stream.outcome;
            Some(Value::owned(vec![outcome.cause as u8, outcome.phase as u8]))
        },
    ),
    Fetch::one("bytes_in", Type::Int, Layer::RequestStatistics, BYTES_IN, bytes_in),
    Fetch::one("req.bytes_in", Type::Int, Layer::RequestStatistics, BYTES_IN, bytes_in),
    Fetch::one("bytes_out", Type::Int, Layer::ResponseStatistics, BYTES_OUT, bytes_out),
    Fetch::one("res.bytes_out", Type::Int, Layer::ResponseStatistics, BYTES_OUT, bytes_out),
    Fetch::one(
        "rand",
        Type::Int,
        Layer::Internal,
        "A random integer from 0 on, below the argument.",
        |_, args| {
            let random = i64::from(random());
            Some(Value::Int(match args.int(0) {
                Some(range) => ((i128::from(random) * i128::from(range)) >> 32) as i64,
                None => random,
            }))
        },
    )
    .with(&[], &[Shape::Int])
    .example("rand(100)"),
    Fetch::one("uuid", Type::Str, Layer::Internal, "A random UUID of version 4.", |_, _| {
        let random = u128::from(random()) << 96
            | u128::from(random()) << 64
            | u128::from(random()) << 32
            | u128::from(random());
        Some(Value::owned(uuid(random).into_bytes()))
    })
    .with(&[], &[Shape::Int])
    .checked(version),
];

const BYTES_IN: &str = "Bytes received from the client.";
const BYTES_OUT: &str = "Bytes sent to the client.";

fn variable<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let value = match args.get(0) {
        Some(Arg::Variable { scope, number }) => stream.vars.get(*scope, *number),
        _ => None,
    };
    value.or_else(|| args.get(1).map(|_| Value::str(args.text(1))))
}

fn bytes_in<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    Some(Value::Int(stream.outcome.bytes_in as i64))
}

fn bytes_out<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    Some(Value::Int(stream.outcome.bytes_out as i64))
}

fn version(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.first() {
        None | Some(Arg::Int(4)) => Ok(()),
        Some(Arg::Int(7)) => Err("UUID version 7 is not supported by evenkeel yet".to_owned()),
        Some(Arg::Int(other)) => Err(format!("Unsupported UUID version: '{other}'")),
        Some(_) => Err("Unsupported UUID version".to_owned()),
    }
}

/// RFC 9562, section 5.4.
fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0x3 << 62) | 4 << 76 | 2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}

/// Not for secrets: seeded by the hasher's keys, one sequence per worker.
fn random() -> u32 {
    use std::cell::Cell;
    use std::hash::{BuildHasher, RandomState};
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0u8) | 1);
    }
    STATE.with(|state| {
        // xorshift64*
        let mut x = state.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        state.set(x);
        (x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
