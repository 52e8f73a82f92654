//! Arguments of fetches and converters: `name(arg,arg)`, with quotes inside the parentheses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use super::context::{Context, Late, Target};
use crate::exchange::Scope;
use crate::live;
use crate::proxy::Userlist;
use crate::syntax::text;
use crate::syntax::value::duration::{Unit, duration_ms};
use crate::syntax::value::size::size;
use crate::table::Table;

/// One argument, parsed.
#[derive(Clone, Debug)]
pub enum Arg {
    Text(Box<[u8]>),
    Int(i64),
    Ip(IpAddr),
    Variable {
        scope: Scope,
        number: u16,
    },
    Regex(Arc<regex::bytes::Regex>),
    /// One of the words that the keyword knows, by its position among them.
    Choice(u8),
    /// Numbers between dots.
    Numbers(Box<[u64]>),
    Frontend(Late<live::Proxy>),
    Backend(Late<live::Proxy>),
    Server(Late<live::Server>),
    Table(Late<Table>),
    Userlist(Late<Userlist>),
}

/// What an argument must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// A signed integer.
    Int,
    Unsigned,
    /// With the units of section 2.4 of the manual; milliseconds.
    Time,
    /// With `k`, `m`, `g`; bytes.
    Size,
    Ipv4,
    Ipv6,
    /// A mask, or the number of its bits.
    Mask4,
    Mask6,
    Variable,
    Regex,
    Frontend,
    Backend,
    /// `server`, or `backend/server`.
    Server,
    /// A stick table, by the name of its section.
    Table,
    Userlist,
}

/// Looks at the arguments of one use when the configuration is loaded: refuses wrong ones in a
/// sentence, or replaces them by what is quicker to use.
pub type Check = fn(&mut Vec<Arg>, &Context<'_>) -> Result<(), String>;

/// The arguments of one use.
#[derive(Clone, Debug, Default)]
pub struct Args(Box<[Arg]>);

impl Args {
    /// Parses what stands between the parentheses of `name`.
    ///
    /// # Errors
    /// A sentence saying which argument is missing, superfluous or unreadable.
    pub fn parse(
        name: &'static str,
        inside: Option<&str>,
        (required, optional): (&[Shape], &[Shape]),
        check: Option<Check>,
        context: &Context<'_>,
    ) -> Result<Self, String> {
        let texts = match inside {
            // Empty parentheses are an empty argument where there must be one.
            Some("") if !required.is_empty() => vec![String::new()],
            Some(inside) => split(inside)?,
            // Where one text is asked for, it may be left out with its parentheses.
            None if matches!(required, [Shape::Text]) => vec![String::new()],
            None => Vec::new(),
        };
        if texts.len() < required.len() {
            return Err(format!(
                "'{name}' needs {} argument(s), got {}",
                required.len(),
                texts.len()
            ));
        }
        if texts.len() > required.len() + optional.len() {
            return Err(format!(
                "'{name}' takes at most {} argument(s), got {}",
                required.len() + optional.len(),
                texts.len()
            ));
        }
        let shapes = required.iter().chain(optional);
        let mut args: Vec<Arg> = texts
            .iter()
            .zip(shapes)
            .enumerate()
            .map(|(at, (text, shape))| shape.parse(name, at + 1, text, context))
            .collect::<Result<_, _>>()?;
        if let Some(check) = check {
            check(&mut args, context)?;
        }
        Ok(args.into_iter().collect())
    }

    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Arg> {
        self.0.get(at)
    }

    /// The text argument at this position, empty when left out.
    #[must_use]
    pub fn text(&self, at: usize) -> &[u8] {
        match self.0.get(at) {
            Some(Arg::Text(text)) => text,
            _ => b"",
        }
    }

    /// The table argument at this position, once it was found.
    #[must_use]
    pub fn table(&self, at: usize) -> Option<&Arc<Table>> {
        match self.0.get(at) {
            Some(Arg::Table(slot)) => slot.get(),
            _ => None,
        }
    }

    #[must_use]
    pub fn int(&self, at: usize) -> Option<i64> {
        match self.0.get(at) {
            Some(Arg::Int(value)) => Some(*value),
            _ => None,
        }
    }
}

impl FromIterator<Arg> for Args {
    fn from_iter<T: IntoIterator<Item = Arg>>(args: T) -> Self {
        Self(args.into_iter().collect())
    }
}

impl Arg {
    /// A table that is found by its name later.
    #[must_use]
    pub fn table(
        keyword: &'static str,
        position: usize,
        name: &str,
        context: &Context<'_>,
    ) -> Self {
        let slot = Arc::new(OnceLock::new());
        let target = Target::Table { name: name.to_owned(), slot: slot.clone() };
        context.refer(keyword, position, target);
        Self::Table(slot)
    }
}

impl Shape {
    fn parse(
        self,
        name: &'static str,
        position: usize,
        text: &str,
        context: &Context<'_>,
    ) -> Result<Arg, String> {
        let wrong = |what: &str| format!("'{text}' is not {what} in the arguments of '{name}'");
        match self {
            Self::Text => Ok(Arg::Text(text::bytes(text).into())),
            Self::Int => text.trim().parse().map(Arg::Int).map_err(|_| wrong("an integer")),
            Self::Unsigned => text
                .trim()
                .parse::<u32>()
                .map(|value| Arg::Int(value.into()))
                .map_err(|_| wrong("an unsigned integer")),
            Self::Time => duration_ms(text, Unit::Millisecond)
                .map(|value| Arg::Int(value as i64))
                .map_err(|_| wrong("a time")),
            Self::Size => {
                size(text).map(|value| Arg::Int(value as i64)).map_err(|_| wrong("a size"))
            }
            Self::Ipv4 => text
                .parse::<Ipv4Addr>()
                .map(|ip| Arg::Ip(ip.into()))
                .map_err(|_| wrong("an IPv4 address")),
            Self::Ipv6 => text
                .parse::<Ipv6Addr>()
                .map(|ip| Arg::Ip(ip.into()))
                .map_err(|_| wrong("an IPv6 address")),
            Self::Mask4 => mask4(text).map(Arg::Ip).ok_or_else(|| wrong("an IPv4 mask")),
            Self::Mask6 => mask6(text).map(Arg::Ip).ok_or_else(|| wrong("an IPv6 mask")),
            Self::Variable => {
                let (scope, number) = crate::exchange::variable(text)?;
                Ok(Arg::Variable { scope, number })
            }
            Self::Regex => regex::bytes::RegexBuilder::new(&text::pattern(text))
                .unicode(false)
                .build()
                .map(|regex| Arg::Regex(Arc::new(regex)))
                .map_err(|error| format!("regex '{text}' is invalid: {error}")),
            Self::Frontend => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Frontend { name: text.to_owned(), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Frontend(slot))
            }
            Self::Backend => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Backend { name: text.to_owned(), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Backend(slot))
            }
            Self::Userlist => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Userlist { name: text.to_owned(), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Userlist(slot))
            }
            Self::Table => Ok(Arg::table(name, position, text, context)),
            Self::Server => {
                let slot = Arc::new(OnceLock::new());
                let (backend, server) = match text.split_once('/') {
                    Some((backend, server)) => (Some(backend.to_owned()), server),
                    None => (None, text),
                };
                let name_of = server.to_owned();
                let target = Target::Server { backend, name: name_of, slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Server(slot))
            }
        }
    }
}

/// `24`, or `255.255.255.0`.
fn mask4(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Some(ip.into());
    }
    let bits: u32 = text.parse().ok().filter(|bits| *bits <= 32)?;
    Some(Ipv4Addr::from(u32::MAX.checked_shl(32 - bits).unwrap_or(0)).into())
}

/// `64`, or `ffff:ffff:ffff:ffff::`.
fn mask6(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse::<Ipv6Addr>() {
        return Some(ip.into());
    }
    let bits: u32 = text.parse().ok().filter(|bits| *bits <= 128)?;
    Some(Ipv6Addr::from(u128::MAX.checked_shl(128 - bits).unwrap_or(0)).into())
}

/// Splits at commas outside of quotes; a backslash protects the next character.
fn split(inside: &str) -> Result<Vec<String>, String> {
    if inside.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = vec![String::new()];
    let mut quote = None;
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let last = args.last_mut().ok_or("no argument")?;
        match (quote, c) {
            (None, ',') => args.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            (None | Some('"'), '\\') => last.push(chars.next().ok_or("unfinished escape")?),
            _ => last.push(c),
        }
    }
    if quote.is_some() { Err("unfinished quote in arguments".into()) } else { Ok(args) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Loading, Stage};

    #[test]
    fn arguments_are_split_outside_of_quotes() {
        assert_eq!(split("a,'b,c',\"d\\\"e\",f\\,g").unwrap(), ["a", "b,c", "d\"e", "f,g"]);
        assert!(split("'a").is_err());
    }

    #[test]
    fn counts_and_shapes_are_checked() {
        let loading = Loading::default();
        let context = Context::new(Stage::Configuration, &loading);
        let shapes = (&[Shape::Text][..], &[Shape::Int][..]);
        let parse = |inside| Args::parse("f", inside, shapes, None, &context);
        assert!(parse(None).is_err());
        assert_eq!(parse(Some("x,-1")).unwrap().int(1), Some(-1));
        assert!(parse(Some("x,y")).unwrap_err().contains("not an integer"));
        assert!(parse(Some("x,1,2")).is_err());
    }
}
