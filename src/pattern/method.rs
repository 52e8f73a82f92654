//! Matching methods (manual, section 7.1.1): their names, what they take, which one is meant when
//! none is named.

use crate::sample::Type;

/// How a sample is compared with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Found,
    Bool,
    Int,
    Ip,
    Bin,
    Len,
    Str,
    Beg,
    Sub,
    Dir,
    Dom,
    End,
    Reg,
    /// Versions of SSL: `3.1` is one number.
    Version,
}

impl Method {
    /// The method behind `-m`.
    #[must_use]
    pub fn of_flag(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, method)| *method)
    }

    /// The method that a criterion's suffix stands for.
    #[must_use]
    pub fn of_suffix(suffix: &str) -> Option<Self> {
        Self::of_flag(suffix).filter(|method| {
            matches!(
                method,
                Self::Beg | Self::Dir | Self::Dom | Self::End | Self::Len | Self::Reg | Self::Sub
            )
        })
    }

    /// What is used when nothing says: it follows the sample's type. Binary samples have none.
    #[must_use]
    pub fn default_for(output: Type) -> Option<Self> {
        Some(match output {
            Type::Addr | Type::Ipv4 | Type::Ipv6 => Self::Ip,
            Type::Int => Self::Int,
            Type::Bool => Self::Bool,
            Type::Str | Type::Method => Self::Str,
            Type::Bin | Type::Any | Type::Same => return None,
        })
    }

    /// As `-m` and the runtime API spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, method)| *method == self).map_or("int", |(name, _)| name)
    }

    /// Whether samples of a type can be compared so.
    #[must_use]
    pub fn takes(self, output: Type) -> bool {
        let number = matches!(output, Type::Bool | Type::Int | Type::Str | Type::Any | Type::Same);
        match self {
            Self::Int | Self::Bool | Self::Version => number,
            Self::Ip => output.casts_to(Type::Addr),
            _ => true,
        }
    }

    /// Whether many patterns without `-i` are kept as HAProxy's trees are: the finest match is
    /// preferred. Of all others it is the first.
    #[must_use]
    pub fn prefers_finest(self, ignore_case: bool) -> bool {
        match self {
            Self::Ip => true,
            Self::Str | Self::Beg => !ignore_case,
            _ => false,
        }
    }
}

const NAMES: &[(&str, Method)] = &[
    ("found", Method::Found),
    ("bool", Method::Bool),
    ("int", Method::Int),
    ("ip", Method::Ip),
    ("bin", Method::Bin),
    ("len", Method::Len),
    ("str", Method::Str),
    ("beg", Method::Beg),
    ("sub", Method::Sub),
    ("dir", Method::Dir),
    ("dom", Method::Dom),
    ("end", Method::End),
    ("reg", Method::Reg),
];
