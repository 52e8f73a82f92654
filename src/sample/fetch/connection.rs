//! The client's connection (manual, section 7.3.3).

use super::{Fetch, Layer, Run};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch {
        name: "src",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Addr,
        layer: Layer::Client,
        documentation: "The client's address.",
        example: "src",
        run: Run::One(|stream, _| stream.connection.client.ip().map(Value::Ip)),
    },
    Fetch {
        name: "src_port",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Client,
        documentation: "The client's port.",
        example: "src_port",
        run: Run::One(|stream, _| {
            stream.connection.client.ip()?;
            Some(Value::Int(i64::from(stream.connection.client.port())))
        }),
    },
    Fetch {
        name: "dst",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Addr,
        layer: Layer::Client,
        documentation: "The address that the client connected to.",
        example: "dst",
        run: Run::One(|stream, _| stream.connection.local.ip().map(Value::Ip)),
    },
    Fetch {
        name: "dst_port",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Client,
        documentation: "The port that the client connected to.",
        example: "dst_port",
        run: Run::One(|stream, _| {
            stream.connection.local.ip()?;
            Some(Value::Int(i64::from(stream.connection.local.port())))
        }),
    },
    Fetch {
        name: "fc_src",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Addr,
        layer: Layer::Client,
        documentation: "The client's address.",
        example: "fc_src",
        run: Run::One(|stream, _| stream.connection.client.ip().map(Value::Ip)),
    },
    Fetch {
        name: "fc_src_port",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Client,
        documentation: "The client's port.",
        example: "fc_src_port",
        run: Run::One(|stream, _| {
            stream.connection.client.ip()?;
            Some(Value::Int(i64::from(stream.connection.client.port())))
        }),
    },
    Fetch {
        name: "fc_dst",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Addr,
        layer: Layer::Client,
        documentation: "The address that the client connected to.",
        example: "fc_dst",
        run: Run::One(|stream, _| stream.connection.local.ip().map(Value::Ip)),
    },
    Fetch {
        name: "fc_dst_port",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Client,
        documentation: "The port that the client connected to.",
        example: "fc_dst_port",
        run: Run::One(|stream, _| {
            stream.connection.local.ip()?;
            Some(Value::Int(i64::from(stream.connection.local.port())))
        }),
    },
];
