//! When a variable is set (manual, section 4.4, `set-var`): the same for the action and the
//! converter.

use super::Vars;
use super::name::Scope;
use crate::sample::Value;

/// What must be true of a variable, or of its new value, for it to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Exists,
    NotExists,
    Empty,
    NotEmpty,
    Set,
    NotSet,
    /// The variable is greater than the value.
    Greater,
    Less,
}

impl Condition {
    /// The condition of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, condition)| *condition)
    }

    /// Whether the variable may be set to `value`.
    #[must_use]
    pub fn holds(self, vars: &Vars, scope: Scope, number: u16, value: &Value<'_>) -> bool {
        // A variable of the process exists as soon as it is named.
        let named = scope == Scope::Process;
        let current = vars.get(scope, number);
        let empty = match value {
            Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => bytes.is_empty(),
            Value::Bool(_) | Value::Int(_) | Value::Ip(_) => false,
        };
        match (self, &current, value) {
            (Self::Exists, ..) => named || current.is_some(),
            (Self::NotExists, ..) => !named && current.is_none(),
            (Self::Empty, ..) => empty,
            (Self::NotEmpty, ..) => !empty,
            (Self::Set, ..) => current.is_some(),
            (Self::NotSet, ..) => current.is_none(),
            (Self::Greater, Some(Value::Int(current)), Value::Int(value)) => current > value,
            (Self::Less, Some(Value::Int(current)), Value::Int(value)) => current < value,
            (Self::Greater | Self::Less, ..) => true,
        }
    }
}

const NAMES: &[(&str, Condition)] = &[
    ("ifexists", Condition::Exists),
    ("ifnotexists", Condition::NotExists),
    ("ifempty", Condition::Empty),
    ("ifnotempty", Condition::NotEmpty),
    ("ifset", Condition::Set),
    ("ifnotset", Condition::NotSet),
    ("ifgt", Condition::Greater),
    ("iflt", Condition::Less),
];
