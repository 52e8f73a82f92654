//! The first packets of MQTT 3.1, 3.1.1 and 5.0: CONNECT and CONNACK.

use super::{Converter, part};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

mod packet;

use packet::{Found, Packet};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "mqtt_is_valid",
        (Type::Bin, Type::Bool),
        "Whether a CONNECT or CONNACK is well-formed; not found while it is incomplete.",
        "req.payload(0,0),mqtt_is_valid",
        |value, _, _| match packet::parse(&value.into_binary()) {
            Found::Packet(_) => Some(Value::Bool(true)),
            Found::Wrong => Some(Value::Bool(false)),
            Found::Incomplete => None,
        },
    ),
    Converter::new(
        "mqtt_field_value",
        (Type::Bin, Type::Bin),
        "A field, or a property by its number, of a CONNECT or CONNACK.",
        "req.payload(0,0),mqtt_field_value(connect,username)",
        |value, args, _| field(value, args),
    )
    .takes(&[Shape::Text, Shape::Text], &[])
    .checked(check),
];

fn field<'a>(value: Value<'a>, args: &Args) -> Option<Value<'a>> {
    let bytes = value.into_binary();
    let Found::Packet(packet) = packet::parse(&bytes) else { return None };
    let (Some(Arg::Choice(kind)), Some(Arg::Choice(field))) = (args.get(0), args.get(1)) else {
        return None;
    };
    if packet.kind != *kind {
        return None;
    }
    let text = |range: packet::Text| {
        range.filter(|range| !range.is_empty()).map(|range| Value::Bin(part(bytes.clone(), range)))
    };
    let Packet { flags, version, reason, keep_alive, .. } = *packet;
    match FIELDS.get(usize::from(*field)).copied().unwrap_or_default() {
        "flags" => Some(decimal(flags.into())),
        "protocol_version" => Some(decimal(version.into())),
        "reason_code" => Some(decimal(reason.into())),
        "keepalive" => Some(decimal(keep_alive.into())),
        "protocol_name" => text(packet.name),
        "client_identifier" => text(packet.client),
        "will_topic" => text(packet.will_topic),
        "will_payload" => text(packet.will_payload),
        "username" => text(packet.user),
        "password" => text(packet.password),
        _ => {
            let number = field - FIELDS.len() as u8;
            match packet.property(number)? {
                packet::Property::Number(number) => Some(decimal(number)),
                packet::Property::Text(range) => text(Some(range)),
            }
        }
    }
}

fn decimal(number: u32) -> Value<'static> {
    Value::Bin(number.to_string().into_bytes().into())
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let (Some(Arg::Text(kind)), Some(Arg::Text(field))) = (args.first(), args.get(1)) else {
        return Ok(());
    };
    let kind = String::from_utf8_lossy(kind).into_owned();
    let field = String::from_utf8_lossy(field).into_owned();
    let (number, fields, properties): (u8, &[&str], &[u8]) = match &*kind.to_ascii_lowercase() {
        "connect" | "1" => (packet::CONNECT, CONNECT_FIELDS, CONNECT_PROPERTIES),
        "connack" | "2" => (packet::CONNACK, CONNACK_FIELDS, CONNACK_PROPERTIES),
        other if OTHERS.contains(&other) => (0, &[], &[]),
        _ => return Err(format!("Unknown MQTT type '{kind}'")),
    };
    let named = fields.iter().find(|known| field.eq_ignore_ascii_case(known));
    let property = field.parse().ok().filter(|number| properties.contains(number));
    let choice = match (named, property) {
        (Some(name), _) => FIELDS.iter().position(|known| known == name).unwrap_or_default() as u8,
        (None, Some(number)) => FIELDS.len() as u8 + number,
        (None, None) => {
            return Err(format!("Unknown MQTT field name '{field}' for packet type '{kind}'"));
        }
    };
    args[0] = Arg::Choice(number);
    args[1] = Arg::Choice(choice);
    Ok(())
}

const FIELDS: &[&str] = &[
    "flags",
    "protocol_name",
    "protocol_version",
    "client_identifier",
    "will_topic",
    "will_payload",
    "username",
    "password",
    "keepalive",
    "reason_code",
];
const CONNECT_FIELDS: &[&str] = &[
    "flags",
    "protocol_name",
    "protocol_version",
    "client_identifier",
    "will_topic",
    "will_payload",
    "username",
    "password",
    "keepalive",
];
const CONNACK_FIELDS: &[&str] = &["flags", "protocol_version", "reason_code"];
const CONNECT_PROPERTIES: &[u8] = &[17, 33, 39, 34, 25, 23, 21, 22, 24, 1, 2, 3, 8, 9, 38];
const CONNACK_PROPERTIES: &[u8] =
    &[17, 33, 36, 37, 39, 18, 34, 31, 40, 41, 42, 19, 26, 28, 21, 22, 38];

/// Packets that are known and have no fields to ask for, by name and number.
const OTHERS: &[&str] = &[
    "publish",
    "puback",
    "pubrec",
    "pubrel",
    "pubcomp",
    "subscribe",
    "suback",
    "unsubscribe",
    "unsuback",
    "pingreq",
    "pingresp",
    "disconnect",
    "auth",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12",
    "13",
    "14",
    "15",
];
