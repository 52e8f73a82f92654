//! The lines of a proxy section: each is given to its keyword's parser.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lookup;
use crate::config::document::Section as Written;
use crate::config::load::Options;
use crate::pattern::{Acl, Test};
use crate::proxy::keyword::{Keyword, Prefix, REMOVED, Section, Settings, Statement, keywords};
use crate::sample::{Context as Surroundings, Loading, Stage};
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::word::Word;

/// The section that is being read.
pub(super) struct Context<'a> {
    pub(super) section: Section,
    /// Its name; empty if it has none.
    pub(super) name: &'a str,
    pub(super) options: &'a Options,
    pub(super) loading: &'a Loading,
}

impl Context<'_> {
    /// Reads all lines into `settings`.
    pub(super) fn collect(&self, written: &Written, settings: &mut Settings, report: &mut Report) {
        let acls = self.acls(written);
        for line in &written.lines {
            if let Err(diagnostic) = self.line(&line.words, &acls, settings, report) {
                report.push(diagnostic);
            }
        }
        let captures = self.loading.take_captures();
        settings.request_captures.extend(captures.request);
        settings.response_captures.extend(captures.response);
    }

    fn line(
        &self,
        line: &[Word],
        acls: &[Arc<Acl>],
        settings: &mut Settings,
        report: &mut Report,
    ) -> Result<(), Diagnostic> {
        let (prefix, words) = lookup::prefix(line)?;
        let keyword = self.find(words)?;
        let unprefixable = prefix != Prefix::None && !keyword.no_prefix;
        if unprefixable && words[0].text == "option" {
            let option = words.get(1).unwrap_or(&words[0]);
            return Err(Diagnostic::alert(
                option.span,
                format!("negation/default is not supported for option '{option}'."),
            ));
        }
        if unprefixable {
            return Err(lookup::refused_prefix(line));
        }
        if !keyword.sections.contains(self.section) {
            let misplaced = self.misplaced(keyword, words);
            let switch = keyword.name.starts_with("option ")
                && keyword.no_prefix
                && keyword.arguments.is_empty();
            if !switch || prefix == Prefix::No || self.section == Section::Defaults {
                return Err(misplaced);
            }
            // Of a switch HAProxy says this too, and does not start.
            report.push(misplaced);
            let option = words.get(1).unwrap_or(&words[0]);
            return Err(Diagnostic::alert(option.span, format!("unknown option '{option}'."))
                .hint(format!("'{option}' belongs to the other side of a proxy")));
        }
        let (name, arguments) = words.split_at(lookup::word_count(keyword.name));
        let mut statement = Statement {
            keyword: name,
            arguments,
            prefix,
            section: self.section,
            proxy: self.name,
            acls,
            ignore_resolution_failures: self.options.ignore_resolution_failures,
            loading: self.loading,
            report,
        };
        (keyword.parse)(&mut statement, settings)
    }

    fn find(&self, words: &[Word]) -> Result<&'static Keyword, Diagnostic> {
        if let Some((_, message)) =
            REMOVED.iter().find(|(name, _)| lookup::begins_with(words, name))
        {
            return Err(Diagnostic::alert(words[0].span, *message));
        }
        lookup::find(keywords(), words).ok_or_else(|| {
            let known = keywords().map(|keyword| keyword.name);
            lookup::unknown(&words[0], self.section.name(), known)
        })
    }

    /// HAProxy ignores most of what a section has no use for, but not in `defaults`.
    fn misplaced(&self, keyword: &Keyword, words: &[Word]) -> Diagnostic {
        let span = words[0].span;
        let name = keyword.name.strip_prefix("option ").unwrap_or(keyword.name);
        if self.section == Section::Defaults {
            return Diagnostic::alert(span, format!("'{name}' not allowed in 'defaults' section."));
        }
        let side = if self.section == Section::Frontend { "backend" } else { "frontend" };
        let because =
            format!("because {} '{}' has no {side} capability", self.section.name(), self.name);
        match name {
            "server" | "default-server" => {
                Diagnostic::alert(span, format!("'{name}' not allowed {because}."))
            }
            _ if name.starts_with("timeout ") => {
                Diagnostic::warning(span, format!("'{name}' will be ignored {because}"))
            }
            "maxconn" | "fullconn" => {
                let other = if name == "maxconn" { "fullconn" } else { "maxconn" };
                Diagnostic::warning(span, format!("'{name}' ignored {because}."))
                    .hint(format!("maybe you want '{other}' instead?"))
            }
            _ => Diagnostic::warning(span, format!("'{name}' ignored {because}.")),
        }
    }

    /// The ACLs of the section with all of their lines. Mistakes are reported when the line is
    /// read; what names such an ACL finds one without tests, so that one mistake gives one message.
    /// In the order of their names.
    fn acls(&self, written: &Written) -> Vec<Arc<Acl>> {
        let mut acls: BTreeMap<&str, Vec<Test>> = BTreeMap::new();
        for line in &written.lines {
            let [keyword, name, rest @ ..] = line.words.as_slice() else { continue };
            if keyword.text != "acl" {
                continue;
            }
            let texts: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
            let context = Surroundings {
                stage: Stage::Acl,
                span: Some(keyword.span),
                proxy: self.name,
                loading: self.loading,
                half: crate::sample::Half::Backend,
            };
            acls.entry(name.text.as_str()).or_default().extend(Test::parse(&texts, &context));
        }
        let named = |(name, tests): (&str, _)| Arc::new(Acl { name: name.to_owned(), tests });
        acls.into_iter().map(named).collect()
    }
}
