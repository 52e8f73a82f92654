//! Arguments of fetches and converters: `name(arg,arg)`, with quotes inside the parentheses.

use crate::exchange::Scope;

/// One argument, parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    Text(Box<[u8]>),
    Int(i64),
    Variable { scope: Scope, number: u16 },
}

/// What an argument must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Int,
    Variable,
}

/// The arguments of one use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args(Box<[Arg]>);

impl Args {
    /// Parses what stands between the parentheses of `name`.
    ///
    /// # Errors
    /// A sentence saying which argument is missing, superfluous or unreadable.
    pub fn parse(
        name: &str,
        inside: Option<&str>,
        required: &[Shape],
        optional: &[Shape],
    ) -> Result<Self, String> {
        let texts = inside.map_or(Ok(Vec::new()), split)?;
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
        texts.iter().zip(shapes).map(|(text, shape)| shape.parse(name, text)).collect()
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

impl Shape {
    fn parse(self, name: &str, text: &str) -> Result<Arg, String> {
        match self {
            Self::Text => Ok(Arg::Text(text.as_bytes().into())),
            Self::Int => text
                .trim()
                .parse()
                .map(Arg::Int)
                .map_err(|_| format!("'{text}' is not an integer in the arguments of '{name}'")),
            Self::Variable => {
                let (scope, number) = crate::exchange::variable(text)?;
                Ok(Arg::Variable { scope, number })
            }
        }
    }
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

    #[test]
    fn arguments_are_split_outside_of_quotes() {
        assert_eq!(split("a,'b,c',\"d\\\"e\",f\\,g").unwrap(), ["a", "b,c", "d\"e", "f,g"]);
        assert!(split("'a").is_err());
    }

    #[test]
    fn counts_and_shapes_are_checked() {
        let parse = |inside| Args::parse("f", inside, &[Shape::Text], &[Shape::Int]);
        assert!(parse(None).is_err());
        assert_eq!(parse(Some("x,-1")).unwrap().int(1), Some(-1));
        assert!(parse(Some("x,y")).unwrap_err().contains("not an integer"));
        assert!(parse(Some("x,1,2")).is_err());
    }
}
