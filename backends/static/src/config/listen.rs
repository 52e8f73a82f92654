//! Reads `listen`, which is one address for most and a list for some.

use std::fmt;
use std::net::SocketAddr;

use serde::Deserializer;
use serde::de::{Error, SeqAccess, Visitor};

pub(super) fn one_or_many<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<SocketAddr>, D::Error> {
    d.deserialize_any(Addresses)
}

struct Addresses;

impl<'de> Visitor<'de> for Addresses {
    type Value = Vec<SocketAddr>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address such as 127.0.0.1:8081, or a list of them")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        address(text).map(|one| vec![one])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(text) = list.next_element::<String>()? {
            all.push(address(&text)?);
        }
        if all.is_empty() { Err(Error::custom("listen names no address")) } else { Ok(all) }
    }
}

fn address<E: Error>(text: &str) -> Result<SocketAddr, E> {
    text.parse()
        .map_err(|_| E::custom(format!("'{text}' is not an IP address and port (127.0.0.1:8081)")))
}
