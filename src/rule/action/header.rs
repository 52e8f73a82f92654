//! Header fields: `set-header`, `add-header`, `del-header`, `replace-header`, `replace-value`.

use super::{Action, Keyword, Stage, exactly, format, message};
use crate::exchange::Stream;
use crate::pattern::Regex;
use crate::rule::Flow;
use crate::sample::Format;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::text;
use crate::syntax::word::Word;

const MESSAGES: &[Stage] = &[Stage::HttpRequest, Stage::HttpResponse, Stage::HttpAfterResponse];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "set-header",
        stages: MESSAGES,
        documentation: "Removes all fields of a name and appends one.",
        example: "set-header X-Client %[src]",
        parse: |name, words, context| {
            let [field, value] = exactly(name, words, "exactly 2 arguments: a name and a value")?;
            let field = text::bytes(field).into();
            let value = format(value, context)?;
            Ok(Box::new(Set { stage: context.stage, field, value, replace: true }))
        },
    },
    Keyword {
        name: "add-header",
        stages: MESSAGES,
        documentation: "Appends a field.",
        example: "add-header X-Via evenkeel",
        parse: |name, words, context| {
            let [field, value] = exactly(name, words, "exactly 2 arguments: a name and a value")?;
            let field = text::bytes(field).into();
            let value = format(value, context)?;
            Ok(Box::new(Set { stage: context.stage, field, value, replace: false }))
        },
    },
    Keyword {
        name: "del-header",
        stages: MESSAGES,
        documentation: "Removes all fields of a name, or those whose name matches.",
        example: "del-header X-Internal- -m beg",
        parse: |name, words, context| {
            let names = match words {
                [field] => Names::Is(lower(field)),
                [field, flag, method] if flag.text == "-m" => Names::parse(field, method)?,
                _ => {
                    return Err(Diagnostic::alert(
                        words.get(1).unwrap_or(name).span,
                        format!("'{name}' expects 1 argument: a name, and optionally '-m <meth>'"),
                    ));
                }
            };
            Ok(Box::new(Delete { stage: context.stage, names }))
        },
    },
    Keyword {
        name: "replace-header",
        stages: MESSAGES,
        documentation: "Replaces the fields of a name whose value matches.",
        example: "replace-header Cookie foo=([^;]*);(.*) foo=\\1;ip=%bi;\\2",
        parse: |name, words, context| replace(name, words, context, false),
    },
    Keyword {
        name: "replace-value",
        stages: MESSAGES,
        documentation: "Replaces the comma-separated values of a field that match.",
        example: "replace-value X-Forwarded-For ^192\\.168\\.(.*)$ 172.16.\\1",
        parse: |name, words, context| replace(name, words, context, true),
    },
];

#[derive(Debug)]
struct Set {
    stage: Stage,
    field: Box<[u8]>,
    value: Format,
    replace: bool,
}

impl Action for Set {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        if let Some(value) = self.value.constant() {
            self.apply(stream, value);
        } else {
            let mut value = Vec::with_capacity(64);
            self.value.write(stream, &mut value);
            self.apply(stream, &value);
        }
        Flow::Next
    }
}

impl Set {
    fn apply(&self, stream: &mut Stream<'_>, value: &[u8]) {
        let message = message(self.stage, stream);
        if self.replace {
            message.set(&self.field, value);
        } else {
            message.add(&self.field, value);
        }
    }
}

#[derive(Debug)]
struct Delete {
    stage: Stage,
    names: Names,
}

/// Which names; in lower case, but for expressions.
#[derive(Debug)]
enum Names {
    Is(Vec<u8>),
    Begin(Vec<u8>),
    End(Vec<u8>),
    Contain(Vec<u8>),
    Match(Regex),
}

impl Names {
    fn parse(field: &Word, method: &Word) -> Result<Self, Diagnostic> {
        Ok(match method.text.as_str() {
            "str" => Self::Is(lower(field)),
            "beg" => Self::Begin(lower(field)),
            "end" => Self::End(lower(field)),
            "sub" => Self::Contain(lower(field)),
            "reg" => Self::Match(
                Regex::compile(&field.text, true)
                    .map_err(|error| Diagnostic::alert(field.span, error))?,
            ),
            other => {
                return Err(Diagnostic::alert(
                    method.span,
                    format!("-m with unsupported matching method '{other}'."),
                ));
            }
        })
    }

    fn contain(&self, name: &[u8]) -> bool {
        let name = name.to_ascii_lowercase();
        match self {
            Self::Is(wanted) => name == *wanted,
            Self::Begin(wanted) => name.starts_with(wanted),
            Self::End(wanted) => name.ends_with(wanted),
            Self::Contain(wanted) => memchr::memmem::find(&name, wanted).is_some(),
            Self::Match(regex) => regex.is_match(&name),
        }
    }
}

fn lower(word: &Word) -> Vec<u8> {
    text::bytes(word).to_ascii_lowercase()
}

impl Action for Delete {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let message = message(self.stage, stream);
        match &self.names {
            Names::Is(name) => message.remove(name),
            names => message.remove_where(|_, name, _| names.contain(name)),
        };
        Flow::Next
    }
}

fn replace(
    name: &Word,
    words: &[Word],
    context: &crate::sample::Context<'_>,
    by_value: bool,
) -> Result<Box<dyn Action>, Diagnostic> {
    let [field, regex, replacement] =
        exactly(name, words, "exactly 3 arguments: a name, a regex and a replacement")?;
    let regex =
        Regex::compile(&regex.text, false).map_err(|error| Diagnostic::alert(regex.span, error))?;
    let (stage, field) = (context.stage, text::bytes(field).into());
    Ok(Box::new(Replace {
        stage,
        field,
        regex,
        replacement: format(replacement, context)?,
        by_value,
    }))
}

#[derive(Debug)]
struct Replace {
    stage: Stage,
    field: Box<[u8]>,
    regex: Regex,
    replacement: Format,
    /// Each comma-separated value is looked at on its own.
    by_value: bool,
}

impl Action for Replace {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        if message(self.stage, stream).values(&self.field).next().is_none() {
            return Flow::Next;
        }
        let mut replacement = Vec::with_capacity(64);
        self.replacement.write(stream, &mut replacement);
        let regex = &self.regex;
        message(self.stage, stream).rewrite_named(&self.field, |value| {
            if self.by_value {
                replaced_values(regex, value, &replacement)
            } else {
                regex.expand(value, &replacement)
            }
        });
        Flow::Next
    }
}

/// The values of a field with those replaced that match; `None` if none does.
fn replaced_values(regex: &Regex, value: &[u8], replacement: &[u8]) -> Option<Vec<u8>> {
    let mut found = false;
    let mut out = Vec::with_capacity(value.len());
    for (at, item) in value.split(|byte| *byte == b',').enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match regex.expand(item.trim_ascii(), replacement) {
            Some(new) => {
                found = true;
                out.extend_from_slice(&new);
            }
            None => out.extend_from_slice(item),
        }
    }
    found.then_some(out)
}
