//! Reading of CONNECT and CONNACK (MQTT 5.0, sections 3.1 and 3.2). Apart because it knows nothing
//! of samples.

use std::ops::Range;

/// The place of a text in the packet, if it is there.
pub(super) type Text = Option<Range<usize>>;

pub(super) enum Found {
    Packet(Box<Packet>),
    Wrong,
    Incomplete,
}

/// What the converters tell.
#[derive(Default)]
pub(super) struct Packet {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) version: u8,
    pub(super) reason: u8,
    pub(super) keep_alive: u16,
    pub(super) name: Text,
    pub(super) client: Text,
    pub(super) will_topic: Text,
    pub(super) will_payload: Text,
    pub(super) user: Text,
    pub(super) password: Text,
    properties: Vec<(u8, Property)>,
}

#[derive(Clone)]
pub(super) enum Property {
    Number(u32),
    Text(Range<usize>),
}

impl Packet {
    /// A number that was not sent is 0 in version 5.
    pub(super) fn property(&self, number: u8) -> Option<Property> {
        let sent = self.properties.iter().find(|(sent, _)| *sent == number);
        match (sent, kind_of(number)?) {
            (Some((_, property)), _) => Some(property.clone()),
            // Those of a will only if there is one.
            (None, _) if matches!(number, 1 | 2 | 24) && self.will_topic.is_none() => None,
            (None, Kind::Number(_)) if self.version == 5 => Some(Property::Number(0)),
            _ => None,
        }
    }
}

pub(super) fn parse(bytes: &[u8]) -> Found {
    let kind = match bytes.first() {
        None => return Found::Incomplete,
        Some(0x10) => CONNECT,
        Some(0x20) => CONNACK,
        Some(_) => return Found::Wrong,
    };
    let mut length = 0;
    let mut at = 1;
    loop {
        let Some(byte) = bytes.get(at) else { return Found::Incomplete };
        length |= usize::from(byte & 127) << (7 * (at - 1));
        at += 1;
        match (byte & 128, at) {
            (0, _) => break,
            (_, 5) => return Found::Wrong,
            _ => {}
        }
    }
    let end = at + length;
    if length < 2 {
        return Found::Wrong;
    }
    if bytes.len() < end {
        return Found::Incomplete;
    }
    let mut reader = Reader { bytes: &bytes[..end], at };
    let packet = if kind == CONNECT { connect(&mut reader) } else { acknowledgement(&mut reader) };
    packet.map_or(Found::Wrong, |packet| Found::Packet(Box::new(packet)))
}

fn connect(reader: &mut Reader<'_>) -> Option<Packet> {
    let mut packet = Packet { kind: CONNECT, ..Packet::default() };
    let name = reader.text()?;
    if !matches!(&reader.bytes[name.clone()], b"MQTT" | b"MQIsdp") {
        return None;
    }
    packet.name = Some(name);
    packet.version = reader.number(1)? as u8;
    packet.flags = reader.number(1)? as u8;
    if !matches!(packet.version, 3..=5) || packet.flags & RESERVED != 0 {
        return None;
    }
    packet.keep_alive = reader.number(2)? as u16;
    if packet.version == 5 {
        reader.properties(&mut packet.properties)?;
    }
    packet.client = Some(reader.text()?);
    if packet.flags & WILL != 0 {
        if packet.version == 5 {
            let mut properties = Vec::new();
            reader.properties(&mut properties)?;
            packet.properties.append(&mut properties);
        }
        packet.will_topic = Some(reader.text()?);
        packet.will_payload = Some(reader.text()?);
    }
    if packet.flags & USER != 0 {
        packet.user = Some(reader.text()?);
    }
    if packet.flags & PASSWORD != 0 {
        packet.password = Some(reader.text()?);
    }
    Some(packet)
}

/// Only version 5 has properties in it.
fn acknowledgement(reader: &mut Reader<'_>) -> Option<Packet> {
    let mut packet = Packet { kind: CONNACK, version: 4, ..Packet::default() };
    packet.flags = reader.number(1)? as u8;
    packet.reason = reader.number(1)? as u8;
    if packet.flags > 1 {
        return None;
    }
    if reader.at < reader.bytes.len() {
        packet.version = 5;
        reader.properties(&mut packet.properties)?;
    }
    Some(packet)
}

/// How a property is written.
enum Kind {
    /// In so many bytes.
    Number(usize),
    Text,
    Pair,
}

fn kind_of(property: u8) -> Option<Kind> {
    Some(match property {
        1 | 23 | 25 | 36 | 37 | 40..=42 => Kind::Number(1),
        19 | 33 | 34 => Kind::Number(2),
        2 | 17 | 24 | 39 => Kind::Number(4),
        3 | 8 | 9 | 18 | 21 | 22 | 26 | 28 | 31 => Kind::Text,
        38 => Kind::Pair,
        _ => return None,
    })
}

struct Reader<'p> {
    bytes: &'p [u8],
    at: usize,
}

impl Reader<'_> {
    /// A big-endian number.
    fn number(&mut self, length: usize) -> Option<u32> {
        let bytes = self.bytes.get(self.at..self.at + length)?;
        self.at += length;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// A length of two bytes and so many bytes.
    fn text(&mut self) -> Option<Range<usize>> {
        let length = self.number(2)? as usize;
        let range = self.at..self.at + length;
        self.bytes.get(range.clone())?;
        self.at = range.end;
        Some(range)
    }

    fn variable(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.number(1)?;
            value |= (byte as usize & 127) << shift;
            if byte & 128 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// Properties, none of which may come twice except those of the user.
    fn properties(&mut self, into: &mut Vec<(u8, Property)>) -> Option<()> {
        let length = self.variable()?;
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len())?;
        while self.at < end {
            let number = self.variable().and_then(|number| u8::try_from(number).ok())?;
            if number != USER_PROPERTY && into.iter().any(|(known, _)| *known == number) {
                return None;
            }
            match kind_of(number)? {
                Kind::Number(length) => {
                    let value = self.number(length)?;
                    into.push((number, Property::Number(value)));
                }
                Kind::Text => {
                    let range = self.text()?;
                    into.push((number, Property::Text(range)));
                }
                Kind::Pair => {
                    self.text()?;
                    self.text()?;
                }
            }
        }
        (self.at == end).then_some(())
    }
}

pub(super) const CONNECT: u8 = 1;
pub(super) const CONNACK: u8 = 2;

const USER_PROPERTY: u8 = 38;

const RESERVED: u8 = 1;
const WILL: u8 = 4;
const PASSWORD: u8 = 0x40;
const USER: u8 = 0x80;
