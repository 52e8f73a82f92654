//! `Cache-Control` by where a file lies and what it is called.

use crate::config::CacheRule;
use crate::request::path::SitePath;

/// Rules in the order of the configuration; the first that matches is used.
#[derive(Debug)]
pub(super) struct CacheRules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    /// Decoded, without the leading `/`, as paths are compared here.
    prefix: String,
    extensions: Vec<String>,
    value: String,
}

impl CacheRules {
    pub(super) fn new(written: &[CacheRule]) -> Self {
        let rule = |rule: &CacheRule| Rule {
            prefix: rule.prefix.as_deref().unwrap_or("").trim_start_matches('/').into(),
            extensions: rule.extensions.iter().map(|e| e.trim_start_matches('.').into()).collect(),
            value: rule.value.as_str().into(),
        };
        Self(written.iter().map(rule).collect())
    }

    pub(super) fn of(&self, relative: &[u8]) -> Option<&str> {
        self.0.iter().find(|rule| rule.matches(relative)).map(|rule| rule.value.as_str())
    }
}

impl Rule {
    fn matches(&self, relative: &[u8]) -> bool {
        let extension = SitePath::extension(relative);
        relative.starts_with(self.prefix.as_bytes())
            && (self.extensions.is_empty()
                || self.extensions.iter().any(|known| known.eq_ignore_ascii_case(extension)))
    }
}
