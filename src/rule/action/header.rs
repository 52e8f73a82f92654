//! Header fields and the start line: `set-header`, `add-header`, `del-header`, `set-path`, …

use super::{Action, Keyword, Stage, exactly, format, message};
use crate::exchange::Stream;
use crate::rule::Flow;
use crate::sample::Format;
use crate::syntax::text;

const MESSAGES: &[Stage] = &[Stage::HttpRequest, Stage::HttpResponse, Stage::HttpAfterResponse];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "set-header",
        stages: MESSAGES,
        documentation: "Removes all fields of a name and appends one.",
        example: "set-header X-Client %[src]",
        parse: |name, words, context| {
            let stage = context.stage;
            let [field, value] = exactly(name, words, "exactly 2 arguments: a name and a value")?;
            let field = text::bytes(field).into();
            Ok(Box::new(Set { stage, field, value: format(value, context)?, replace: true }))
        },
    },
    Keyword {
        name: "add-header",
        stages: MESSAGES,
        documentation: "Appends a field.",
        example: "add-header X-Via evenkeel",
        parse: |name, words, context| {
            let stage = context.stage;
            let [field, value] = exactly(name, words, "exactly 2 arguments: a name and a value")?;
            let field = text::bytes(field).into();
            Ok(Box::new(Set { stage, field, value: format(value, context)?, replace: false }))
        },
    },
    Keyword {
        name: "del-header",
        stages: MESSAGES,
        documentation: "Removes all fields of a name.",
        example: "del-header Server",
        parse: |name, words, context| {
            let stage = context.stage;
            let [field] = exactly(name, words, "exactly 1 argument: a name")?;
            Ok(Box::new(Delete { stage, field: text::bytes(field).into() }))
        },
    },
    Keyword {
        name: "set-path",
        stages: &[Stage::HttpRequest],
        documentation: "Replaces the path and keeps the query string.",
        example: "set-path /new%[path]",
        parse: |name, words, context| {
            let [path] = exactly(name, words, "exactly 1 argument: a path")?;
            Ok(Box::new(SetPath(format(path, context)?)))
        },
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
    field: Box<[u8]>,
}

impl Action for Delete {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        message(self.stage, stream).remove(&self.field);
        Flow::Next
    }
}

#[derive(Debug)]
struct SetPath(Format);

impl Action for SetPath {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let target = stream.request.target();
        let path = stream.request.path();
        // Where the path lies in the target; a target without one (`*`) is replaced whole.
        let start = (path.as_ptr() as usize).wrapping_sub(target.as_ptr() as usize);
        let (before, after) = if start <= target.len() {
            (&target[..start], &target[start + path.len()..])
        } else {
            (&target[..0], &target[..0])
        };
        let mut new = before.to_vec();
        let after = after.to_vec();
        self.0.write(stream, &mut new);
        new.extend_from_slice(&after);
        stream.request.set_target(&new);
        Flow::Next
    }
}
