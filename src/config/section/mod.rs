//! What each section says, one after the other.

pub mod global;
mod header;
mod lookup;
pub mod other;
mod proxy;

use std::collections::HashMap;
use std::sync::Arc;

use self::header::Header;
use super::document::{Document, Section as Written};
use super::load::Options;
use crate::proxy::Global;
use crate::proxy::keyword::{Section, Settings};
use crate::rule::Rule;
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::word::Word;
use crate::userlist::Userlist;

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) global: Global,
    /// `frontend`, `backend` and `listen` sections in order.
    pub(super) proxies: Vec<Proxy>,
    pub(super) userlists: Vec<Arc<Userlist>>,
    /// What was named and is to be found when everything is known.
    pub(super) loading: Loading,
}

/// One proxy section.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) section: Section,
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) settings: Settings,
}

/// The `defaults` seen so far.
#[derive(Debug, Default)]
struct Defaults {
    named: HashMap<String, Named>,
    /// Those of the last `defaults` section: for sections that name none.
    latest: Settings,
}

/// A `defaults` section with a name.
#[derive(Debug)]
struct Named {
    settings: Settings,
    span: Span,
    /// Another one of this name.
    ambiguous: Option<Span>,
}

/// Reads all sections.
pub(super) fn collect(document: &Document, options: &Options, report: &mut Report) -> Said {
    let mut said = Said::default();
    for section in &document.sections {
        if section.keyword().text == "http-errors" {
            other::read_error_pages(section, &said.loading, report);
        }
    }
    let mut defaults = Defaults::default();
    for section in &document.sections {
        let keyword = section.keyword();
        match (keyword.text.as_str(), Section::of(&keyword.text)) {
            ("global", _) => global::collect(section, &mut said.global, &said.loading, report),
            (_, Some(kind)) => {
                let Some(header) = Header::read(kind, section, report) else { continue };
                if kind == Section::Defaults {
                    defaults.collect(header, section, (options, &said.loading), report);
                } else {
                    said.collect(kind, header, section, &defaults, options, report);
                }
            }
            (_, None) if other::collect(section, &mut said, report) => {}
            (other, None) => report.push(Diagnostic::alert(
                keyword.span,
                format!("section '{other}' is not supported by evenkeel yet"),
            )),
        }
    }
    said
}

impl Defaults {
    fn collect(
        &mut self,
        header: Header<'_>,
        section: &Written,
        (options, loading): (&Options, &Loading),
        report: &mut Report,
    ) {
        let mut settings = match header.from {
            Some(_) => self.of(Section::Defaults, &header, report).clone(),
            None => Settings::default(),
        };
        let name = header.name.map_or("", |name| name.text.as_str());
        let context = proxy::Context { section: Section::Defaults, name, options, loading };
        context.collect(section, &mut settings, report);
        if let Some(name) = header.name {
            let named = Named { settings: settings.clone(), span: name.span, ambiguous: None };
            if let Some(before) = self.named.insert(name.text.clone(), named)
                && let Some(named) = self.named.get_mut(&name.text)
            {
                named.ambiguous = Some(before.span);
            }
        }
        self.latest = settings;
    }

    /// The settings that the header of a `kind` section asks for.
    fn of(&self, kind: Section, header: &Header<'_>, report: &mut Report) -> &Settings {
        let Some(from) = header.from else { return &self.latest };
        let whose = header.name.map_or(String::new(), |name| format!(" '{name}'"));
        let Some(named) = self.named.get(&from.text) else {
            report.push(Diagnostic::alert(
                from.span,
                format!("defaults section '{from}' not found for {}{whose}.", kind.name()),
            ));
            return &self.latest;
        };
        if let Some(other) = named.ambiguous {
            report.push(Diagnostic::warning(
                from.span,
                format!(
                    "ambiguous defaults section name '{from}' referenced by {}{whose} exists at \
                     least at lines {} and {}.",
                    kind.name(),
                    named.span.line,
                    other.line
                ),
            ));
        }
        &named.settings
    }
}

impl Said {
    fn collect(
        &mut self,
        kind: Section,
        header: Header<'_>,
        section: &Written,
        defaults: &Defaults,
        options: &Options,
        report: &mut Report,
    ) {
        let Some(name) = header.name else { return };
        self.refuse_second(kind, name, report);
        let mut settings = defaults.of(kind, &header, report).inherit();
        let loading = &self.loading;
        let context = proxy::Context { section: kind, name: &name.text, options, loading };
        context.collect(section, &mut settings, report);
        let span = section.keyword().span;
        self.proxies.push(Proxy { section: kind, name: name.text.clone(), span, settings });
    }

    /// Since HAProxy 3.3 not even a frontend and a backend may share a name.
    fn refuse_second(&self, kind: Section, name: &Word, report: &mut Report) {
        let Some(other) = self.proxies.iter().find(|other| other.name == name.text) else {
            return;
        };
        report.push(Diagnostic::alert(
            name.span,
            format!(
                "{} '{name}' has the same name as {} '{name}' declared at line {}. This is no \
                 longer supported as of 3.3. Please rename one or the other.",
                kind.name(),
                other.section.name(),
                other.span.line
            ),
        ));
    }
}

impl Proxy {
    /// All rules for requests, in the order they run.
    pub(super) fn request_rules(&self) -> Vec<Arc<Rule>> {
        self.settings.http_request.iter().chain(&self.settings.redirects).cloned().collect()
    }
}
