//! `set-var(name) expression` and `unset-var(name)`. The name is part of the keyword's word, so
//! the parser receives it as the first argument.

use super::{Action, Keyword, Stage, exactly};
use crate::exchange::{self, Stream};
use crate::rule::Flow;
use crate::sample::{Expression, Value};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

const ALL: &[Stage] = &[
    Stage::TcpRequestConnection,
    Stage::TcpRequestSession,
    Stage::TcpRequestContent,
    Stage::TcpResponseContent,
    Stage::HttpRequest,
    Stage::HttpResponse,
    Stage::HttpAfterResponse,
];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "set-var",
        stages: ALL,
        documentation: "Sets a variable to the value of an expression.",
        example: "set-var(txn.host) req.hdr(host),lower",
        parse: |name, words, context| {
            let [expression] = exactly(name, words, "an expression")?;
            let (scope, number) = variable(name)?;
            let expression = Expression::parse(&expression.text, context)
                .map_err(|error| Diagnostic::alert(expression.span, error))?;
            Ok(Box::new(Set { scope, number, expression }))
        },
    },
    Keyword {
        name: "unset-var",
        stages: ALL,
        documentation: "Forgets a variable.",
        example: "unset-var(txn.host)",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            let (scope, number) = variable(name)?;
            Ok(Box::new(Unset(scope, number)))
        },
    },
];

/// The scope and number of the variable in `set-var(scope.name)`.
fn variable(word: &Word) -> Result<(exchange::Scope, u16), Diagnostic> {
    let inside =
        word.text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).ok_or_else(
            || {
                Diagnostic::alert(
                    word.span,
                    "expects a variable in parentheses, as in 'set-var(txn.a)'",
                )
            },
        )?;
    exchange::variable(inside).map_err(|error| Diagnostic::alert(word.span, error))
}

#[derive(Debug)]
struct Set {
    scope: exchange::Scope,
    number: u16,
    expression: Expression,
}

impl Action for Set {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let value = self.expression.evaluate(stream).map(Value::into_owned);
        if let Some(value) = value {
            stream.vars.set(self.scope, self.number, value);
        }
        Flow::Next
    }
}

#[derive(Debug)]
struct Unset(exchange::Scope, u16);

impl Action for Unset {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        stream.vars.unset(self.0, self.1);
        Flow::Next
    }
}
