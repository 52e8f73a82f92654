//! `set-var(name) expression`, `set-var-fmt(name) format`, `unset-var(name)`. The name is part of the keyword's word, so
//! the parser receives it as the first argument.

use super::{Action, Keyword, Stage, exactly, format};
use crate::exchange::{self, Condition, Stream};
use crate::rule::Flow;
use crate::sample::{Expression, Format, Value};
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
        documentation: "Sets a variable to the value of an expression, if all conditions behind \
                        its name hold: 'ifexists', 'ifnotexists', 'ifempty', 'ifnotempty', \
                        'ifset', 'ifnotset', 'ifgt', 'iflt'.",
        example: "set-var(txn.client,ifnotexists) src",
        parse: |name, words, context| {
            let variable = Variable::parse(name)?;
            if words.is_empty() {
                return Err(Diagnostic::alert(name.span, "missing fetch method."));
            }
            let [expression] = exactly(name, words, "an expression")?;
            let expression = Expression::parse(&expression.text, context)
                .map_err(|error| Diagnostic::alert(expression.span, error))?;
            Ok(Box::new(Set { variable, value: Source::Expression(expression) }))
        },
    },
    Keyword {
        name: "set-var-fmt",
        stages: ALL,
        documentation: "Sets a variable to a log-format string; with conditions as 'set-var'.",
        example: "set-var-fmt(txn.from) %[src]:%[src_port]",
        parse: |name, words, context| {
            let variable = Variable::parse(name)?;
            let [value] = match words {
                [] => {
                    return Ok(Box::new(Set {
                        variable,
                        value: Source::Format(Format::default()),
                    }));
                }
                _ => exactly(name, words, "a log-format string")?,
            };
            Ok(Box::new(Set { variable, value: Source::Format(format(value, context)?) }))
        },
    },
    Keyword {
        name: "unset-var",
        stages: ALL,
        documentation: "Forgets a variable.",
        example: "unset-var(txn.host)",
        parse: |name, words, _| {
            let (scope, number, conditions) = inside(name)?;
            if conditions.is_some() {
                return Err(Diagnostic::alert(
                    name.span,
                    "unset-var does not expect parameters after the variable name. Only \
                     \"set-var\" and \"set-var-fmt\" manage conditions.",
                ));
            }
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(Unset(scope, number)))
        },
    },
];

/// A variable that is set when all conditions hold.
#[derive(Debug)]
struct Variable {
    scope: exchange::Scope,
    number: u16,
    conditions: Box<[Condition]>,
}

impl Variable {
    fn parse(word: &Word) -> Result<Self, Diagnostic> {
        let (scope, number, conditions) = inside(word)?;
        let conditions = conditions.into_iter().flat_map(|text| text.split(','));
        let conditions = conditions.filter(|name| !name.is_empty()).map(|name| {
            Condition::of(name).ok_or_else(|| {
                Diagnostic::alert(word.span, format!("unknown condition \"{name}\"."))
            })
        });
        Ok(Self { scope, number, conditions: conditions.collect::<Result<_, _>>()? })
    }

    fn admits(&self, value: &Value<'_>, stream: &Stream<'_>) -> bool {
        let (scope, number) = (self.scope, self.number);
        self.conditions.iter().all(|it| it.holds(&stream.vars, scope, number, value))
    }
}

/// The scope and number of the variable in `set-var(scope.name,…)`, and what follows the name.
fn inside(word: &Word) -> Result<(exchange::Scope, u16, Option<&str>), Diagnostic> {
    let expected = "Expects 'set-var(<var-name>)', 'set-var-fmt(<var-name>)' or \
                    'unset-var(<var-name>)'.";
    let Some((_, rest)) = word.text.split_once('(') else {
        return Err(Diagnostic::alert(
            word.span,
            format!("invalid or incomplete action '{word}'. {expected}"),
        ));
    };
    let Some(inside) = rest.strip_suffix(')') else {
        return Err(Diagnostic::alert(
            word.span,
            format!("incomplete argument after action '{word}'. {expected}"),
        ));
    };
    let (name, conditions) = match inside.split_once(',') {
        Some((name, conditions)) => (name, Some(conditions)),
        None => (inside, None),
    };
    let (scope, number) =
        exchange::variable(name).map_err(|error| Diagnostic::alert(word.span, error))?;
    Ok((scope, number, conditions))
}

#[derive(Debug)]
struct Set {
    variable: Variable,
    value: Source,
}

/// Where the value comes from.
#[derive(Debug)]
enum Source {
    Expression(Expression),
    Format(Format),
}

impl Source {
    fn value(&self, stream: &Stream<'_>) -> Option<Value<'static>> {
        match self {
            Self::Expression(expression) => expression.evaluate(stream).map(Value::into_owned),
            Self::Format(format) => {
                let mut text = Vec::with_capacity(64);
                format.write(stream, &mut text);
                Some(Value::Str(text.into()))
            }
        }
    }
}

impl Action for Set {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        if let Some(value) = self.value.value(stream)
            && self.variable.admits(&value, stream)
        {
            stream.vars.set(self.variable.scope, self.variable.number, value);
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
