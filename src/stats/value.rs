//! One statistic: a value with its type, as the typed and JSON forms name it (management guide,
//! section 9.2).

use std::borrow::Cow;
use std::fmt;

/// A value, or none where the column means nothing for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Empty,
    U32(u32),
    U64(u64),
    S32(i32),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    #[must_use]
    pub fn owned(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }

    /// The type's name in the typed and JSON forms.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Empty => "",
            Self::U32(_) => "u32",
            Self::U64(_) => "u64",
            Self::S32(_) => "s32",
            Self::Text(_) => "str",
        }
    }

    /// As a number, for display; texts and empty values have none.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Empty | Self::Text(_) => None,
            Self::U32(n) => Some(i64::from(*n)),
            Self::U64(n) => Some(i64::try_from(*n).unwrap_or(i64::MAX)),
            Self::S32(n) => Some(i64::from(*n)),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::U32(n) => n.fmt(f),
            Self::U64(n) => n.fmt(f),
            Self::S32(n) => n.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}
