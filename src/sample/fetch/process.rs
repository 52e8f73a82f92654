//! The process, the machine and the moment (manual, section 7.3.2), and facts of the stream that
//! are plain values.

use std::net::IpAddr;
use std::sync::LazyLock;

use super::http::Of;
use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};
use crate::time::wall_us;

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch {
        required: &[Shape::Text],
        check: Some(environment),
        example: "env(HOME)",
        ..fetch(
            "env",
            Type::Str,
            "A variable of the environment, as it was at the start.",
            |_, a| match a.get(0) {
                Some(Arg::Text(text)) => Some(Value::str(text)),
                _ => None,
            },
        )
    },
    fetch("hostname", Type::Str, "The name of the machine.", |_, _| Some(Value::str(&HOSTNAME))),
    fetch("pid", Type::Int, "The number of the process.", |_, _| {
        Some(Value::Int(std::process::id().into()))
    }),
    fetch("nbproc", Type::Int, "How many processes there are: 1.", |_, _| Some(Value::Int(1))),
    fetch("proc", Type::Int, "Which process this is: 1.", |_, _| Some(Value::Int(1))),
    fetch(
        "stopping",
        Type::Bool,
        "Whether the process is to end; such a one takes no new connections.",
        |_, _| Some(Value::Bool(false)),
    ),
    fetch("version", Type::Str, "The version that the process stands for.", |_, _| {
        Some(Value::str(b"3.4.0"))
    }),
    fetch("fe_id", Type::Int, "The number of the frontend.", |s, _| {
        Some(Value::Int(s.names.frontend_id.into()))
    }),
    fetch("be_id", Type::Int, "The number of the backend.", |s, _| {
        Some(Value::Int(s.names.backend_id?.into()))
    }),
    fetch("so_id", Type::Int, "The number of the 'bind' line, from 1 on.", |s, _| {
        Some(Value::Int(i64::from(s.connection.listener) + 1))
    }),
    Fetch {
        optional: &[Shape::Int, Shape::Text],
        check: Some(|args, _| unit(args)),
        example: "date(-3600)",
        ..fetch(
            "date",
            Type::Int,
            "Seconds since 1970, and an offset; 'ms' and 'us' are other units.",
            |_, a| Some(Value::Int(now(a))),
        )
    },
    fetch("date_us", Type::Int, "The microseconds of the current second.", |_, _| {
        Some(Value::Int((wall_us() % 1_000_000) as i64))
    }),
    Fetch {
        optional: &[Shape::Unsigned],
        example: "rand(100)",
        ..fetch(
            "rand",
            Type::Int,
            "A random number below a limit, which is 2^32 by itself.",
            |_, a| {
                let limit = a.int(0).and_then(|limit| u64::try_from(limit).ok()).unwrap_or(1 << 32);
                Some(Value::Int(((u64::from(random() as u32) * limit) >> 32) as i64))
            },
        )
    },
    Fetch {
        optional: &[Shape::Unsigned],
        check: Some(|args, _| uuid_version(args)),
        example: "uuid(4)",
        ..fetch("uuid", Type::Str, "A random identifier (RFC 9562), version 4 or 7.", |_, a| {
            Some(Value::owned(uuid(a.int(0).unwrap_or(4)).into_bytes()))
        })
    },
    Fetch {
        required: &[Shape::Ipv4],
        example: "ipv4(192.0.2.1)",
        ..fetch("ipv4", Type::Ipv4, "A constant address.", constant)
    },
    Fetch {
        required: &[Shape::Ipv6],
        example: "ipv6(2001:db8::1)",
        ..fetch("ipv6", Type::Ipv6, "A constant address.", constant)
    },
    Fetch {
        required: &[Shape::Text],
        example: "meth(POST)",
        ..fetch("meth", Type::Method, "A constant method.", |_, a| {
            Some(Value::Method(a.text(0).into()))
        })
    },
    Fetch {
        required: &[Shape::Text],
        check: Some(|args, _| hexadecimal(args)),
        example: "bin(0a0b)",
        ..fetch("bin", Type::Bin, "Constant bytes, in hexadecimal.", |_, a| {
            Some(Value::Bin(a.text(0).into()))
        })
    },
    fetch("quic_enabled", Type::Bool, "Whether QUIC is served: it is not.", |_, _| {
        Some(Value::Bool(false))
    }),
    fetch("txn.status", Type::Int, "The status sent to the client.", |s, _| {
        Some(Value::Int(s.outcome.status.into()))
    }),
    fetch("bytes_in", Type::Int, "Bytes from the client.", |s, _| {
        Some(Value::Int(s.outcome.bytes_in as i64))
    }),
    fetch("bytes_out", Type::Int, "Bytes to the client.", |s, _| {
        Some(Value::Int(s.outcome.bytes_out as i64))
    }),
    fetch(
        "accept_date",
        Type::Int,
        "When the connection was accepted, in seconds since 1970.",
        |s, _| Some(Value::Int((s.wall_began_us / 1_000_000) as i64)),
    ),
    fetch("request_date", Type::Int, "When the request began, in seconds since 1970.", |s, _| {
        Some(Value::Int((s.wall_began_us / 1_000_000) as i64))
    }),
    fetch(
        "ssl_fc",
        Type::Bool,
        "Whether the client's connection is encrypted: there is no TLS yet, so it is not.",
        |_, _| Some(Value::Bool(false)),
    ),
    fetch(
        "ssl_bc",
        Type::Bool,
        "Whether the server's connection is encrypted: there is no TLS yet, so it is not.",
        |_, _| Some(Value::Bool(false)),
    ),
    fetch(
        "fc_http_major",
        Type::Int,
        "The major version of HTTP that the client speaks.",
        |s, _| Some(Value::Int(i64::from(s.names.http))),
    ),
    fetch(
        "src_is_local",
        Type::Bool,
        "Whether the client's address is one of this machine's loopback.",
        |s, _| Some(Value::Bool(s.connection.client.ip()?.is_loopback())),
    ),
];

const fn fetch(name: &'static str, output: Type, documentation: &'static str, run: Of) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[],
        check: None,
        output,
        layer: Layer::Internal,
        documentation,
        example: "",
        run: Run::One(run),
    }
}

/// Puts the variable's value in the place of its name; nothing if there is none.
fn environment(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let Some(Arg::Text(name)) = args.first() else { return Ok(()) };
    let name = String::from_utf8_lossy(name).into_owned();
    args.clear();
    if let Some(value) = std::env::var_os(name) {
        args.push(Arg::Text(std::os::unix::ffi::OsStringExt::into_vec(value).into()));
    }
    Ok(())
}

/// `s`, `ms` or `us`, kept as the number of such units in a second.
fn unit(args: &mut [Arg]) -> Result<(), String> {
    let Some(Arg::Text(text)) = args.get(1) else { return Ok(()) };
    let units = match &**text {
        b"s" => 1,
        b"ms" => 1_000,
        b"us" => 1_000_000,
        other => {
            let other = String::from_utf8_lossy(other);
            return Err(format!("expects 's', 'ms' or 'us', got '{other}'"));
        }
    };
    args[1] = Arg::Int(units);
    Ok(())
}

fn now(args: &Args) -> i64 {
    let units = args.int(1).unwrap_or(1);
    let now = (wall_us() as i64) / (1_000_000 / units);
    now.saturating_add(args.int(0).unwrap_or(0))
}

fn hexadecimal(args: &mut [Arg]) -> Result<(), String> {
    let Some(Arg::Text(text)) = args.first() else { return Ok(()) };
    let bytes: Option<Vec<u8>> = text
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    match bytes.filter(|_| text.len().is_multiple_of(2)) {
        Some(bytes) => {
            args[0] = Arg::Text(bytes.into());
            Ok(())
        }
        None => Err("a string of hexadecimal digits is expected".to_owned()),
    }
}

fn uuid_version(args: &[Arg]) -> Result<(), String> {
    match args.first() {
        None | Some(Arg::Int(4 | 7)) => Ok(()),
        _ => Err("Unsupported UUID version".to_owned()),
    }
}

fn constant<'a>(_: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    match args.get(0) {
        Some(Arg::Ip(ip)) => Some(Value::Ip(IpAddr::clone(ip))),
        _ => None,
    }
}

/// RFC 9562, sections 5.4 and 5.7.
fn uuid(version: i64) -> String {
    let mut bits = (u128::from(random()) << 64) | u128::from(random());
    if version == 7 {
        let ms = u128::from(wall_us() / 1000) & 0xffff_ffff_ffff;
        bits = (bits & !(0xffff_ffff_ffff << 80)) | (ms << 80);
    }
    bits = (bits & !(0xf << 76)) | ((version as u128 & 0xf) << 76);
    bits = (bits & !(0x3 << 62)) | (0x2 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xffff,
        (bits >> 48) & 0xffff,
        bits & 0xffff_ffff_ffff
    )
}

/// Random bits, not for secrets: a keyed hash of a counter.
fn random() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    thread_local! {
        static STATE: (RandomState, std::cell::Cell<u64>) =
            (RandomState::new(), const { std::cell::Cell::new(0) });
    }
    STATE.with(|(key, counter)| {
        counter.set(counter.get().wrapping_add(1));
        key.hash_one(counter.get())
    })
}

static HOSTNAME: LazyLock<Vec<u8>> = LazyLock::new(|| {
    nix::unistd::gethostname().map(std::os::unix::ffi::OsStringExt::into_vec).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn identifiers_tell_their_version() {
        for version in [4, 7] {
            let text = uuid(version);
            assert_eq!(text.len(), 36);
            assert_eq!(text.as_bytes()[14], b'0' + version as u8);
            assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
            assert_ne!(text, uuid(version));
        }
    }
}
