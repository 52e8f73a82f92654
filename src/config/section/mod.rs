//! What each section says, one after the other.

mod collect;
pub mod global;
mod header;
pub mod http_errors;
pub mod keyword;
mod lookup;
pub mod plain;
mod proxy;
pub mod userlist;

use std::collections::HashMap;
use std::sync::Arc;

use self::header::Header;
use super::document::{Document, Section as Written};
use super::load::Options;
use crate::proxy::keyword::{Section, Settings};
use crate::proxy::{ErrorPages, Global, Userlist};
use crate::rule::Rule;
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::word::Word;
use crate::table::Declaration;

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) global: Global,
    /// `frontend`, `backend` and `listen` sections in order.
    pub(super) proxies: Vec<Proxy>,
    pub(super) userlists: Vec<Arc<Userlist>>,
    /// `http-errors` sections by name.
    pub(super) http_errors: HashMap<String, ErrorPages>,
    /// Stick tables of `peers` sections.
    pub(super) tables: Vec<(String, Declaration)>,
    /// Where the first one of a name is among them.
    by_name: HashMap<String, usize>,
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
            (_, None) => said.other(section, report),
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
    /// A section that is neither `global` nor a proxy.
    fn other(&mut self, written: &Written, report: &mut Report) {
        let keyword = written.keyword();
        match keyword.text.as_str() {
            "userlist" => self.userlist(written, report),
            "http-errors" => self.error_pages(written, report),
            "peers" => {
                let (tables, rest) = collect::peer_tables(written, report);
                let only_tables = rest.lines.is_empty() && !tables.is_empty();
                self.tables.extend(tables);
                if !only_tables {
                    self.plain(&rest, report);
                }
            }
            _ => self.plain(written, report),
        }
    }

    fn plain(&self, written: &Written, report: &mut Report) {
        let keyword = written.keyword();
        match plain::SECTIONS.iter().find(|section| section.name == keyword.text) {
            Some(section) => collect::plain(written, section, &self.loading, report),
            None => report.push(Diagnostic::alert(
                keyword.span,
                format!("section '{keyword}' is not supported by evenkeel yet"),
            )),
        }
    }

    fn userlist(&mut self, written: &Written, report: &mut Report) {
        let Some(name) = collect::name(written, "'userlist' expects <name> as arguments.", report)
        else {
            return;
        };
        if self.userlists.iter().any(|known| known.name == name.text) {
            report.push(Diagnostic::warning(
                name.span,
                format!("ignoring duplicated userlist '{name}'."),
            ));
            return;
        }
        let mut draft = userlist::Draft::default();
        let unknown = "unknown keyword '{}' in 'userlist' section";
        let around = (&self.loading, &mut *report);
        collect::lines(written, &name.text, userlist::KEYWORDS, unknown, &mut draft, around);
        self.userlists.push(Arc::new(draft.finish(&name.text, name.span, report)));
    }

    fn error_pages(&mut self, written: &Written, report: &mut Report) {
        let missing = "missing name for http-errors section.";
        let Some(name) = collect::name(written, missing, report) else { return };
        if self.http_errors.contains_key(&name.text) {
            report.push(Diagnostic::alert(
                name.span,
                format!("http-errors section '{name}' already exists."),
            ));
            return;
        }
        let mut pages = ErrorPages::default();
        let unknown = "unknown keyword '{}' in 'http-errors' section";
        let around = (&self.loading, &mut *report);
        collect::lines(written, &name.text, http_errors::KEYWORDS, unknown, &mut pages, around);
        self.http_errors.insert(name.text.clone(), pages);
    }

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
        self.by_name.entry(name.text.clone()).or_insert(self.proxies.len());
        self.proxies.push(Proxy { section: kind, name: name.text.clone(), span, settings });
    }

    /// Since HAProxy 3.3 not even a frontend and a backend may share a name.
    fn refuse_second(&self, kind: Section, name: &Word, report: &mut Report) {
        let Some(other) = self.by_name.get(&name.text).and_then(|&at| self.proxies.get(at)) else {
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
