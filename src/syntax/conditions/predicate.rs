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
    /// go without: it is empty then.
    pub(super) fn arguments(
        &mut self,
        predicate: &Predicate,
    ) -> Result<Vec<String>, ConditionError> {
        let mut arguments = Vec::new();
        if self.rest().starts_with('(') {
            self.at += 1;
            self.argument_list(predicate, &mut arguments)?;
        }
        let given = arguments.len();
        if given <= 1 && predicate.arguments == 1 {
            arguments.resize(1, String::new());
        }
        if arguments.len() == predicate.arguments {
            return Ok(arguments);
        }
        Err(self.error(format!(
            "missing arguments (got {given}/{}) of predicate '{}' used in conditional expression",
            predicate.arguments, predicate.name
        )))
    }

    fn argument_list(
        &mut self,
        predicate: &Predicate,
        found: &mut Vec<String>,
    ) -> Result<(), ConditionError> {
        loop {
            let (argument, length) = arguments::argument(self.rest()).map_err(|quote| {
                self.at += quote;
                self.error(format!("unmatched quote in argument of predicate '{}'", predicate.name))
            })?;
            self.at += length;
            found.push(argument);
            match self.rest().bytes().next() {
                Some(b')') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') if found.len() < predicate.arguments => self.at += 1,
                next => return Err(self.unclosed(predicate, found.len(), next.is_some())),
            }
        }
    }

    fn unclosed(&self, predicate: &Predicate, number: usize, more: bool) -> ConditionError {
        let before = if more { format!(" before '{}'", self.rest()) } else { String::new() };
        self.error(format!(
            "expected ')'{before} in argument {number} of predicate '{}' used in conditional \
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
            Some(environment.build.awslc_api.is_some_and(|ours| ours >= number))
        },
    },
    Predicate {
        name: "awslc_api_before",
        arguments: 1,
        holds: |arguments, environment| {
            let number: u32 = arguments[0].parse().ok()?;
            Some(environment.build.awslc_api.is_some_and(|ours| ours < number))
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
