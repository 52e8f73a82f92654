//! Arguments of fetches and converters: `name(arg,arg)`, with quotes inside the parentheses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use super::context::{Context, Late, Target};
use crate::exchange::{Condition, Scope};
use crate::live;
use crate::pattern::Regex;
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
    Regex(Arc<Regex>),
    Map(Arc<super::converter::map::Map>),
    /// When a variable is set.
    Condition(Condition),
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
    /// The same; the one of the section that the expression stands in where none is named.
    OwnTable,
    Userlist,
}

/// Looks at the arguments of one use when the configuration is loaded: refuses wrong ones in a
/// sentence, or replaces them by what is quicker to use.
pub type Check = fn(&mut Vec<Arg>, &Context<'_>) -> Result<(), String>;

/// What is wrong with arguments, and with which one of them, from 1 on; `None` if it was a check
/// of all that found it.
#[derive(Debug)]
pub(super) struct Mistake {
    argument: Option<usize>,
    sentence: String,
}

impl Mistake {
    pub(super) fn of_fetch(self, name: &str) -> String {
        let Self { argument, sentence } = self;
        match argument {
            Some(_) => format!("fetch method '{name}' : {sentence}"),
            None => format!("invalid args in fetch method '{name}' : {sentence}"),
        }
    }

    pub(super) fn of_converter(self, name: &str) -> String {
        let Self { argument, sentence } = self;
        match argument {
            Some(at) => format!("invalid arg {at} in converter '{name}' : {sentence}"),
            None => format!("invalid args in converter '{name}' : {sentence}"),
        }
    }
}

/// Why an argument could not be read.
enum Unreadable {
    /// It does not look like what is expected.
    Shape,
    Said(String),
}

/// The arguments of one use.
#[derive(Clone, Debug, Default)]
pub struct Args(Box<[Arg]>);

impl Args {
    /// Parses what stands between the parentheses of `name`, `None` where there are none.
    ///
    /// # Errors
    /// Which argument is missing, superfluous or unreadable.
    pub fn parse(
        name: &'static str,
        inside: Option<&str>,
        shapes: (&[Shape], &[Shape]),
        check: Option<Check>,
        context: &Context<'_>,
    ) -> Result<Self, String> {
        let text = inside.map(|inside| format!("({inside})")).unwrap_or_default();
        Self::read(name, &text, shapes, check, context)
            .map(|(args, _)| args)
            .map_err(|mistake| mistake.of_fetch(name))
    }

    /// Reads the arguments that `text` begins with, if it begins with a parenthesis, and gives
    /// what follows them.
    ///
    /// # Errors
    /// Which argument is missing, superfluous or unreadable.
    pub(super) fn read<'t>(
        name: &'static str,
        text: &'t str,
        (required, optional): (&[Shape], &[Shape]),
        check: Option<Check>,
        context: &Context<'_>,
    ) -> Result<(Self, &'t str), Mistake> {
        let most = required.len() + optional.len();
        let mut args: Vec<Arg> = Vec::new();
        let wrong = |at: usize, sentence: String| Mistake {
            argument: Some((at + 1).min(most.max(1))),
            sentence,
        };
        let parenthesis = text.strip_prefix('(');
        let mut rest = parenthesis.unwrap_or("");
        for (at, shape) in required.iter().chain(optional).enumerate() {
            if parenthesis.is_none() && at >= required.len().min(1) {
                break;
            }
            let (argument, after) = split_first(rest);
            if argument.is_empty() && !shape.may_be_empty() {
                if at >= required.len() {
                    break;
                }
                let kind = shape.name();
                let position = at + 1;
                let sentence =
                    format!("expected type '{kind}' at position {position}, but got nothing");
                return Err(wrong(at, sentence));
            }
            let arg = shape.parse(name, at + 1, &argument, context);
            args.push(arg.map_err(|error| match error {
                Unreadable::Shape => {
                    let kind = shape.name();
                    let position = at + 1;
                    wrong(
                        at,
                        format!(
                            "failed to parse '{argument}' as type '{kind}' at position {position}"
                        ),
                    )
                }
                Unreadable::Said(sentence) => Mistake { argument: None, sentence },
            })?);
            rest = after;
            match after.strip_prefix(',') {
                Some(after) if at + 1 < most => rest = after,
                _ => break,
            }
        }
        if let Some(missing) = required.get(args.len()) {
            let (got, kind) = (args.len(), missing.name());
            let needed = required.len();
            return Err(wrong(
                got,
                format!("missing arguments (got {got}/{needed}), type '{kind}' expected"),
            ));
        }
        if parenthesis.is_some() {
            rest = rest.strip_prefix(')').ok_or_else(|| {
                let sentence = if rest.is_empty() {
                    "expected ')'".to_owned()
                } else {
                    format!("expected ')' before '{rest}'")
                };
                wrong(args.len(), sentence)
            })?;
        } else {
            rest = text;
        }
        if required.iter().chain(optional).nth(args.len()) == Some(&Shape::OwnTable) {
            args.push(Arg::table(name, args.len() + 1, context.proxy, context));
        }
        if let Some(check) = check {
            check(&mut args, context).map_err(|sentence| Mistake { argument: None, sentence })?;
        }
        Ok((args.into_iter().collect(), rest))
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
    /// As HAProxy names it in messages.
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Variable => "string",
            Self::Int => "integer",
            Self::Unsigned => "unsigned integer",
            Self::Time => "delay",
            Self::Size => "size",
            Self::Ipv4 => "IPv4 address",
            Self::Ipv6 => "IPv6 address",
            Self::Mask4 => "IPv4 mask",
            Self::Mask6 => "IPv6 mask",
            Self::Regex => "regex",
            Self::Frontend => "frontend",
            Self::Backend => "backend",
            Self::Server => "server",
            Self::Table | Self::OwnTable => "table",
            Self::Userlist => "user list",
        }
    }

    /// Nothing is something: an empty text, or the section that it stands in.
    fn may_be_empty(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Variable
                | Self::Regex
                | Self::Frontend
                | Self::Backend
                | Self::Server
                | Self::Table
                | Self::Userlist
        )
    }

    fn parse(
        self,
        name: &'static str,
        position: usize,
        text: &str,
        context: &Context<'_>,
    ) -> Result<Arg, Unreadable> {
        match self {
            Self::Text => Ok(Arg::Text(text::bytes(text).into())),
            Self::Int => integer(text).map(Arg::Int).ok_or(Unreadable::Shape),
            Self::Unsigned => text
                .parse::<u32>()
                .map(|value| Arg::Int(value.into()))
                .map_err(|_| Unreadable::Shape),
            Self::Time => duration_ms(text, Unit::Millisecond)
                .map(|value| Arg::Int(value as i64))
                .map_err(|_| Unreadable::Shape),
            Self::Size => {
                size(text).map(|value| Arg::Int(value as i64)).map_err(|_| Unreadable::Shape)
            }
            Self::Ipv4 => {
                text.parse::<Ipv4Addr>().map(|ip| Arg::Ip(ip.into())).map_err(|_| Unreadable::Shape)
            }
            Self::Ipv6 => {
                text.parse::<Ipv6Addr>().map(|ip| Arg::Ip(ip.into())).map_err(|_| Unreadable::Shape)
            }
            Self::Mask4 => mask4(text).map(Arg::Ip).ok_or(Unreadable::Shape),
            Self::Mask6 => mask6(text).map(Arg::Ip).ok_or(Unreadable::Shape),
            Self::Variable => {
                let (scope, number) = crate::exchange::variable(text).map_err(Unreadable::Said)?;
                Ok(Arg::Variable { scope, number })
            }
            Self::Regex => Regex::compile(text, false)
                .map(|regex| Arg::Regex(Arc::new(regex)))
                .map_err(Unreadable::Said),
            Self::Frontend => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Frontend { name: or_own(text, context), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Frontend(slot))
            }
            Self::Backend => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Backend { name: or_own(text, context), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Backend(slot))
            }
            Self::Userlist => {
                let slot = Arc::new(OnceLock::new());
                let target = Target::Userlist { name: text.to_owned(), slot: slot.clone() };
                context.refer(name, position, target);
                Ok(Arg::Userlist(slot))
            }
            Self::Table | Self::OwnTable => Ok(Arg::table(name, position, text, context)),
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

/// The section that is named, or the one that it is written in.
fn or_own(name: &str, context: &Context<'_>) -> String {
    if name.is_empty() { context.proxy.to_owned() } else { name.to_owned() }
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

/// A signed integer; what is too large for 64 bits is the largest there is.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(limit))
}

/// The argument that `text` begins with, without its quotes, and the rest from the comma or
/// parenthesis on that ends it. Outside of single quotes a backslash protects quotes, blanks and
/// itself, and makes control characters; before anything else it stands for itself.
fn split_first(text: &str) -> (String, &str) {
    let mut argument = String::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (None, ',' | ')') => return (argument, &text[at..]),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            (None | Some('"'), '\\') => match escaped(chars.clone().next()) {
                Some(protected) => {
                    argument.push(protected);
                    chars.next();
                }
                None => argument.push(c),
            },
            _ => argument.push(c),
        }
    }
    (argument, "")
}

/// What a backslash before this character means.
fn escaped(next: Option<(usize, char)>) -> Option<char> {
    match next?.1 {
        protected @ ('\\' | '"' | '\'' | ' ') => Some(protected),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Loading, Stage};

    fn parse(inside: Option<&str>) -> Result<Args, String> {
        let loading = Loading::default();
        let context = Context::new(Stage::Configuration, &loading);
        let shapes = (&[Shape::Text][..], &[Shape::Int][..]);
        Args::parse("f", inside, shapes, None, &context)
    }

    #[test]
    fn arguments_are_split_outside_of_quotes() {
        let text = |inside| parse(Some(inside)).map(|args| args.text(0).to_vec());
        assert_eq!(text("'b,c',1"), Ok(b"b,c".to_vec()));
        assert_eq!(text("\"d\\\"e\""), Ok(b"d\"e".to_vec()));
        assert_eq!(text("f\\,-1"), Ok(b"f\\".to_vec()));
        assert_eq!(text("\"\\2\\1\\n\",-1"), Ok(b"\\2\\1\n".to_vec()));
        assert_eq!(text("a(b"), Ok(b"a(b".to_vec()));
    }

    #[test]
    fn counts_and_shapes_are_checked() {
        assert_eq!(parse(Some("x,-1")).unwrap().int(1), Some(-1));
        assert_eq!(parse(Some("x,")).unwrap().int(1), None);
        assert_eq!(parse(None).unwrap().text(0), b"");
        for (inside, sentence) in [
            ("x,y", "fetch method 'f' : failed to parse 'y' as type 'integer' at position 2"),
            ("x,1,2", "fetch method 'f' : expected ')' before ',2)'"),
        ] {
            assert_eq!(parse(Some(inside)).unwrap_err(), sentence);
        }
    }
}
