//! Options behind the page's address: `/stats;csv;norefresh`.

use crate::stats::Hide;

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) form: Form,
    pub(super) hide: Hide,
    pub(super) refresh: bool,
    /// `st=`: how the last change ended.
    pub(super) state: Option<String>,
    /// `scope=`: only proxies whose names contain this.
    pub(super) containing: String,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Page,
    Csv,
    Typed,
    Json,
    Schema,
}

impl Options {
    /// From what follows `stats uri` in the target. An option may stand anywhere in it, and what
    /// is not an option means nothing.
    pub(super) fn parse(rest: &[u8]) -> Self {
        let rest = String::from_utf8_lossy(rest);
        let has = |option: &str| rest.contains(option);
        let form = [
            (";csv", Form::Csv),
            (";typed", Form::Typed),
            (";json-schema", Form::Schema),
            (";json", Form::Json),
        ]
        .into_iter()
        .find(|(option, _)| has(option))
        .map_or(Form::Page, |(_, form)| form);
        let hide = match () {
            () if has(";up") => Hide::Down,
            () if has(";no-maint") => Hide::Maintenance,
            () => Hide::Nothing,
        };
        Self {
            form,
            hide,
            refresh: !has(";norefresh"),
            state: value(&rest, ";st="),
            containing: value(&rest, "scope=").unwrap_or_default(),
        }
    }
}

impl Form {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Page => "text/html",
            Self::Csv | Self::Typed => "text/plain",
            Self::Json | Self::Schema => "application/json",
        }
    }

    /// The page refreshes itself without losing its place; the other forms by a header field.
    pub(super) fn is_page(self) -> bool {
        self == Self::Page
    }
}

/// The value of an option, at most as long as HAProxy's form field lets it be.
fn value(rest: &str, option: &str) -> Option<String> {
    let at = rest.find(option)? + option.len();
    let value = rest[at..].split([';', '&', ' ', '?', '#']).next()?;
    Some(value.chars().take(20).collect())
}
