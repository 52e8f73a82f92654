//! The connections to client and server (manual, section 7.3.3).

use std::net::SocketAddr;

use super::{Fetch, Layer};
use crate::exchange::{Endpoint, Stream};
use crate::sample::args::Args;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch::one("src", Type::Addr, Layer::Client, "The client's address.", |stream, _| {
        stream.connection.client.ip().map(Value::Ip)
    }),
    Fetch::one("src_port", Type::Int, Layer::Client, "The client's port.", |stream, _| {
        port(&stream.connection.client)
    }),
    Fetch::one(
        "dst",
        Type::Addr,
        Layer::Client,
        "The address that the client connected to.",
        |stream, _| stream.connection.local.ip().map(Value::Ip),
    ),
    Fetch::one(
        "dst_port",
        Type::Int,
        Layer::Client,
        "The port that the client connected to.",
        |stream, _| port(&stream.connection.local),
    ),
    Fetch::one("fc_src", Type::Addr, Layer::Client, "The client's address.", |stream, _| {
        stream.connection.client.ip().map(Value::Ip)
    }),
    Fetch::one("fc_src_port", Type::Int, Layer::Client, "The client's port.", |stream, _| {
        port(&stream.connection.client)
    }),
    Fetch::one(
        "fc_dst",
        Type::Addr,
        Layer::Client,
        "The address that the client connected to.",
        |stream, _| stream.connection.local.ip().map(Value::Ip),
    ),
    Fetch::one(
        "fc_dst_port",
        Type::Int,
        Layer::Client,
        "The port that the client connected to.",
        |stream, _| port(&stream.connection.local),
    ),
    Fetch::one(
        "fc_http_major",
        Type::Int,
        Layer::Client,
        "The major version of HTTP of the client's connection.",
        |_, _| Some(Value::Int(1)),
    ),
    Fetch::one(
        "bc_http_major",
        Type::Int,
        Layer::ServerAddress,
        "The major version of HTTP of the connection to the server.",
        |stream, _| stream.outcome.server_address.map(|_| Value::Int(1)),
    ),
    Fetch::one(
        "bc_src",
        Type::Addr,
        Layer::ServerAddress,
        "The proxy's address on the connection to the server.",
        |stream, _| stream.outcome.source.map(|it| Value::Ip(it.ip())),
    ),
    Fetch::one(
        "bc_src_port",
        Type::Int,
        Layer::ServerAddress,
        "The proxy's port on the connection to the server.",
        |stream, args| port_of(stream, args, |stream| stream.outcome.source),
    ),
    Fetch::one("bc_dst", Type::Addr, Layer::ServerAddress, "The server's address.", |stream, _| {
        stream.outcome.server_address.map(|it| Value::Ip(it.ip()))
    }),
    Fetch::one(
        "bc_dst_port",
        Type::Int,
        Layer::ServerAddress,
        "The server's port.",
        |stream, args| port_of(stream, args, |stream| stream.outcome.server_address),
    ),
    Fetch::one(
        "bc_be_queue",
        Type::Int,
        Layer::ServerAddress,
        "Requests that were ahead in the backend's queue.",
        |stream, _| Some(Value::Int(stream.outcome.backend_queue.into())),
    ),
    Fetch::one(
        "bc_srv_queue",
        Type::Int,
        Layer::ServerAddress,
        "Requests that were ahead in the server's queue.",
        |stream, _| Some(Value::Int(stream.outcome.server_queue.into())),
    ),
];

fn port<'a>(endpoint: &Endpoint) -> Option<Value<'a>> {
    endpoint.ip()?;
    Some(Value::Int(endpoint.port().into()))
}

fn port_of<'a>(
    stream: &'a Stream<'_>,
    _: &'a Args,
    of: fn(&Stream<'_>) -> Option<SocketAddr>,
) -> Option<Value<'a>> {
    of(stream).map(|address| Value::Int(address.port().into()))
}
