//! `auth`: asks the client for a name and a password.

use super::{Action, Keyword, Stage};
use crate::exchange::Stream;
use crate::rule::{Flow, Reply, Verdict};
use crate::sample::Format;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "auth",
    stages: &[Stage::HttpRequest],
    documentation: "Asks the client for a name and a password (401).",
    example: "auth realm Private",
    parse: |name, words, context| match words {
        [] => Ok(Box::new(Auth(None))),
        [keyword, realm] if keyword.text == "realm" => {
            Ok(Box::new(Auth(Some(super::format(realm, context)?))))
        }
        [other, ..] => Err(Diagnostic::alert(
            other.span,
            format!("'{name}' expects nothing, or 'realm <realm>', but got '{other}'"),
        )),
    },
}];

/// The realm; the frontend's name where none is given.
#[derive(Debug)]
struct Auth(Option<Format>);

impl Action for Auth {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let mut challenge = b"Basic realm=\"".to_vec();
        match &self.0 {
            Some(realm) => realm.write(stream, &mut challenge),
            None => challenge.extend_from_slice(stream.names.frontend.as_bytes()),
        }
        challenge.push(b'"');
        Flow::Stop(Verdict::Answer(Reply::error(401).with("www-authenticate", challenge)))
    }
}
