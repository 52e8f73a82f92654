//! Setting and forgetting variables on the way.

use super::{Converter, operand};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "set-var",
        (Type::Any, Type::Same),
        "The sample as it is, put into a variable; not found unless all conditions hold.",
        "str(a),set-var(txn.name,ifnotexists)",
        |value, args, stream| {
            let Some(Arg::Variable { scope, number }) = args.get(0) else { return None };
            if !conditions(args).all(|condition| condition.holds(&value, args, stream)) {
                return None;
            }
            stream.vars.set_later(*scope, *number, Some(value.clone().into_owned()));
            Some(value)
        },
    )
    .takes(&[Shape::Variable], &[Shape::Text; 4])
    .checked(check),
    Converter::new(
        "unset-var",
        (Type::Any, Type::Same),
        "The sample as it is; the variable is forgotten.",
        "str(a),unset-var(txn.name)",
        |value, args, stream| {
            let Some(Arg::Variable { scope, number }) = args.get(0) else { return None };
            stream.vars.set_later(*scope, *number, None);
            Some(value)
        },
    )
    .takes(&[Shape::Variable], &[]),
];

/// When a variable is set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    Exists,
    NotExists,
    Empty,
    NotEmpty,
    Set,
    NotSet,
    /// The variable is greater than the sample.
    Greater,
    Less,
}

impl Condition {
    fn holds(self, value: &Value<'_>, args: &Args, stream: &Stream<'_>) -> bool {
        let variable = args.get(0).and_then(|arg| operand::value_of(arg, stream));
        let empty = || match value {
            Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => bytes.is_empty(),
            Value::Bool(_) | Value::Int(_) | Value::Ip(_) => false,
        };
        match (self, variable, value) {
            (Self::Exists | Self::Set, variable, _) => variable.is_some(),
            (Self::NotExists | Self::NotSet, variable, _) => variable.is_none(),
            (Self::Empty, ..) => empty(),
            (Self::NotEmpty, ..) => !empty(),
            (Self::Greater, Some(Value::Int(variable)), Value::Int(value)) => variable > *value,
            (Self::Less, Some(Value::Int(variable)), Value::Int(value)) => variable < *value,
            (Self::Greater | Self::Less, ..) => true,
        }
    }
}

fn conditions(args: &Args) -> impl Iterator<Item = Condition> {
    (1..).map_while(|at| args.get(at)).filter_map(|arg| match arg {
        Arg::Choice(at) => Some(CONDITIONS.get(usize::from(*at))?.1),
        _ => None,
    })
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    for arg in args.iter_mut().skip(1) {
        let Arg::Text(text) = arg else { continue };
        let text = String::from_utf8_lossy(text).into_owned();
        let at = CONDITIONS.iter().position(|(name, _)| *name == text);
        let at = at.ok_or_else(|| format!("unknown condition \"{text}\""))?;
        *arg = Arg::Choice(at as u8);
    }
    Ok(())
}

const CONDITIONS: &[(&str, Condition)] = &[
    ("ifexists", Condition::Exists),
    ("ifnotexists", Condition::NotExists),
    ("ifempty", Condition::Empty),
    ("ifnotempty", Condition::NotEmpty),
    ("ifset", Condition::Set),
    ("ifnotset", Condition::NotSet),
    ("ifgt", Condition::Greater),
    ("iflt", Condition::Less),
];
