//! What the configuration means: every name resolved, every constant text written once. Made at
//! start, shared by all workers and never changed.

mod cache_rules;

use std::collections::HashMap;

use ipnetwork::IpNetwork;

use crate::config::{AccessFormat, Config, ConfigError, Health, Limits, Timeouts};
use crate::files::media_type::MediaTypes;
use crate::files::root::Root;
use crate::request::path::SitePath;

use cache_rules::CacheRules;

/// A site that can be served.
#[derive(Debug)]
pub struct Site {
    pub root: Root,
    pub index: Vec<String>,
    pub listing: bool,
    pub precompressed: bool,
    pub health: Health,
    pub limits: Limits,
    pub timeouts: Timeouts,
    pub log_format: AccessFormat,
    pub trusted_proxies: Vec<IpNetwork>,
    /// `Name: value` lines with their ends, sent with every answer.
    pub standing_headers: Vec<u8>,
    /// Status to the path of its page, relative to the root.
    error_pages: HashMap<u16, Vec<u8>>,
    media_types: MediaTypes,
    cache_rules: CacheRules,
}

impl Site {
    /// Opens the root and looks for the error pages.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let failed = |reason| ConfigError { file: config.root.clone(), line: None, reason };
        let root = Root::new(&config.root, config.follow_symlinks)
            .map_err(|error| failed(format!("root cannot be opened: {error}")))?;
        let error_pages = error_pages(config, &root).map_err(failed)?;
        Ok(Self {
            root,
            index: config.index.clone(),
            listing: config.listing,
            precompressed: config.precompressed,
            health: config.health.clone(),
            limits: config.limits.clone(),
            timeouts: config.timeouts.clone(),
            log_format: config.access_log.format,
            trusted_proxies: config.trusted_proxies.clone(),
            standing_headers: standing_headers(config),
            error_pages,
            media_types: MediaTypes::new(config),
            cache_rules: CacheRules::new(&config.cache_control),
        })
    }

    pub fn media_type_of(&self, relative: &[u8]) -> &str {
        self.media_types.of(SitePath::extension(relative))
    }

    pub fn cache_control_of(&self, relative: &[u8]) -> Option<&str> {
        self.cache_rules.of(relative)
    }

    pub fn error_page(&self, status: u16) -> Option<&[u8]> {
        self.error_pages.get(&status).map(Vec::as_slice)
    }
}

fn error_pages(config: &Config, root: &Root) -> Result<HashMap<u16, Vec<u8>>, String> {
    let resolve = |(status, url): (&u16, &String)| {
        let path = SitePath::parse(url).map_err(|_| format!("error page '{url}' is no path"))?;
        if root.open_file(&path.relative).is_none() {
            return Err(format!("error page '{url}' of status {status} cannot be read"));
        }
        Ok((*status, path.relative))
    };
    config.error_pages.iter().map(resolve).collect()
}

fn standing_headers(config: &Config) -> Vec<u8> {
    let mut lines = String::new();
    for (name, value) in &config.headers {
        lines.push_str(&format!("{}: {}\r\n", name.as_str(), value.as_str()));
    }
    lines.into_bytes()
}
