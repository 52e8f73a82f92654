//! The predicates of conditions and their arguments. One slice holds them all.

use std::cmp::Ordering;

use super::version::{self, Version};
use super::{ConditionError, Environment, Parser};
use crate::syntax::arguments;

/// A question a condition can ask.
pub(super) struct Predicate {
    pub(super) name: &'static str,
    arguments: usize,
    /// Gets as many arguments as declared; `None` when one of them makes no sense.
    pub(super) holds: fn(&[String], &Environment) -> Option<bool>,
}

pub(super) fn find(name: &str) -> Option<&'static Predicate> {
    PREDICATES.iter().find(|predicate| predicate.name == name)
}

impl Parser<'_> {
    /// The arguments in parentheses, quotes and escapes resolved. A predicate of one argument may
    /// go without: it is empty then. A quote that does not close ends with the text.
    pub(super) fn arguments(
        &mut self,
        predicate: &Predicate,
    ) -> Result<Vec<String>, ConditionError> {
        if !self.rest().starts_with('(') {
            let nothing = vec![String::new()];
            return if predicate.arguments == 1 {
                Ok(nothing)
            } else {
                Err(self.missing(predicate, 1))
            };
        }
        self.at += 1;
        let mut arguments = Vec::new();
        loop {
            let rest = self.rest();
            let (argument, length) =
                arguments::argument(rest).unwrap_or_else(|_| (rest.to_owned(), rest.len()));
            self.at += length;
            arguments.push(argument);
            if arguments.len() == predicate.arguments {
                break;
            }
            if !self.rest().starts_with(',') {
                return Err(self.missing(predicate, arguments.len()));
            }
            self.at += 1;
        }
        if !self.rest().starts_with(')') {
            return Err(self.unclosed(predicate));
        }
        self.at += 1;
        Ok(arguments)
    }

    fn missing(&self, predicate: &Predicate, given: usize) -> ConditionError {
        self.error(format!(
            "missing arguments (got {given}/{}), type 'string' expected in argument {given} of \
             predicate '{}' used in conditional expression",
            predicate.arguments, predicate.name
        ))
    }

    fn unclosed(&self, predicate: &Predicate) -> ConditionError {
        let rest = self.rest();
        let before = if rest.is_empty() { String::new() } else { format!(" before '{rest}'") };
        self.error(format!(
            "expected ')'{before} in argument 1 of predicate '{}' used in conditional \
             expression",
            predicate.name
        ))
    }
}

/// Compares the version in `argument` with `ours`; without ours nothing holds.
fn compared(ours: Option<Version>, argument: &str, holds: fn(Ordering) -> bool) -> Option<bool> {
    let theirs = Version::parse_strict(argument)?;
    Some(ours.is_some_and(|ours| holds(ours.cmp(&theirs))))
}

/// The manual's list (section 2.4).
const PREDICATES: &[Predicate] = &[
    Predicate {
        name: "awslc_api_atleast",
        arguments: 1,
        holds: |arguments, environment| {
            let number: u32 = arguments[0].parse().ok()?;
            environment.build.awslc_api.map(|ours| ours >= number)
        },
    },
    Predicate {
        name: "awslc_api_before",
        arguments: 1,
        holds: |arguments, environment| {
            let number: u32 = arguments[0].parse().ok()?;
            environment.build.awslc_api.map(|ours| ours < number)
        },
    },
    Predicate {
        name: "defined",
        arguments: 1,
        holds: |arguments, environment| Some(environment.get(&arguments[0]).is_some()),
    },
    Predicate {
        name: "enabled",
        arguments: 1,
        holds: |arguments, environment| {
            Some(environment.build.enabled.contains(&arguments[0].as_str()))
        },
    },
    Predicate {
        name: "feature",
        arguments: 1,
        holds: |arguments, environment| {
            Some(environment.build.features.contains(&arguments[0].as_str()))
        },
    },
    Predicate {
        name: "openssl_version_atleast",
        arguments: 1,
        holds: |arguments, environment| {
            let ours = environment.build.openssl_version.map(Version::parse);
            compared(ours, &arguments[0], Ordering::is_ge)
        },
    },
    Predicate {
        name: "openssl_version_before",
        arguments: 1,
        holds: |arguments, environment| {
            let ours = environment.build.openssl_version.map(Version::parse);
            compared(ours, &arguments[0], Ordering::is_lt)
        },
    },
    Predicate {
        name: "ssllib_name_startswith",
        arguments: 1,
        holds: |arguments, environment| {
            let library = environment.build.ssl_library;
            Some(library.is_some_and(|name| name.starts_with(arguments[0].as_str())))
        },
    },
    Predicate {
        name: "streq",
        arguments: 2,
        holds: |arguments, _| Some(arguments[0] == arguments[1]),
    },
    Predicate {
        name: "strneq",
        arguments: 2,
        holds: |arguments, _| Some(arguments[0] != arguments[1]),
    },
    Predicate {
        name: "strstr",
        arguments: 2,
        holds: |arguments, _| Some(arguments[0].contains(arguments[1].as_str())),
    },
    Predicate {
        name: "version_atleast",
        arguments: 1,
        holds: |arguments, _| Some(version::COMPATIBLE >= Version::parse(&arguments[0])),
    },
    Predicate {
        name: "version_before",
        arguments: 1,
        holds: |arguments, _| Some(version::COMPATIBLE < Version::parse(&arguments[0])),
    },
];
