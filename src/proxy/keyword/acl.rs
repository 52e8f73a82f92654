//! `acl`.

use super::{Keyword, Section, Sections};
use std::sync::Arc;

use crate::pattern::Test;
use crate::rule::AclScope;
use crate::sample::{Context, Loading, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::name::forbidden_character;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "acl",
    sections: Sections::ALL,
    no_prefix: false,
    arguments: "<name> <criterion> [<flag>]* [<value>]*",
    documentation: "Declares a test; declaring a name again adds an alternative to it.",
    example: "acl is_app path_beg /app",
    parse: |line, settings| {
        if line.section == Section::Defaults && line.proxy.is_empty() {
            return Err(line.error("'acl' not allowed in anonymous 'defaults' section."));
        }
        let name = line.first("a name and a criterion.")?;
        if let Some(character) = forbidden_character(&name.text) {
            return Err(Diagnostic::alert(
                name.span,
                format!("character '{character}' is not permitted in acl name '{name}'."),
            ));
        }
        if name.text.eq_ignore_ascii_case("or") {
            return Err(Diagnostic::alert(
                name.span,
                format!(
                    "acl name '{name}' will never match. 'or' is used to express a logical \
                     disjunction within a condition."
                ),
            ));
        }
        let texts: Vec<&str> = line.arguments[1..].iter().map(|word| word.text.as_str()).collect();
        // Read a second time, for its mistakes only.
        let loading = Loading::default();
        let context = Context { loading: &loading, ..line.context(Stage::Acl) };
        Test::parse(&texts, &context).map_err(|(at, message)| {
            Diagnostic::alert(
                line.arguments.get(at + 1).unwrap_or(name).span,
                format!("error detected while parsing ACL '{name}' : {message}"),
            )
        })?;
        if let Some(acl) = line.find(&name.text)
            && !settings.acls.iter().any(|declared| Arc::ptr_eq(declared, &acl))
        {
            settings.acls.push(acl);
        }
        Ok(())
    },
}];
