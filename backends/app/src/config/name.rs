//! Words that end up in headers, links and cookies: the node's name and the base path. Checked
//! once here, so that nothing later has to escape them.

use std::fmt;

use serde::de::{Deserialize, Deserializer};

use super::value;

/// 1 to 64 letters, digits, dots, hyphens or underscores.
#[derive(Clone, Debug)]
pub(crate) struct NodeName(String);

/// Where the pages are mounted: empty, or `/word` once or more, without a slash at the end.
#[derive(Clone, Debug)]
pub(crate) struct BasePath(String);

impl NodeName {
    /// The error is a reason to show.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        if (1..=64).contains(&name.len()) && is_word(name) {
            return Ok(Self(name.to_owned()));
        }
        Err(format!("node `{name}` must be 1 to 64 letters, digits, `.`, `-` or `_`"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl BasePath {
    /// The error is a reason to show.
    pub(crate) fn parse(path: &str) -> Result<Self, String> {
        if path.is_empty() || path == "/" {
            return Ok(Self(String::new()));
        }
        let words = path.strip_prefix('/').unwrap_or_default();
        if words.split('/').all(|word| !matches!(word, "" | "." | "..") && is_word(word)) {
            return Ok(Self(path.to_owned()));
        }
        Err(format!(
            "base_path `{path}` must look like `/app`: words of letters, digits, `.`, `-` or `_`, \
             each after a slash, no slash at the end"
        ))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path a cookie is limited to; never empty.
    pub(crate) fn cookie_path(&self) -> &str {
        if self.0.is_empty() { "/" } else { &self.0 }
    }
}

impl<'de> Deserialize<'de> for NodeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value::text(deserializer, Self::parse)
    }
}

impl<'de> Deserialize<'de> for BasePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value::text(deserializer, Self::parse)
    }
}

impl Default for BasePath {
    fn default() -> Self {
        Self("/app".to_owned())
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_words_after_slashes() {
        for (written, meant) in [("", ""), ("/", ""), ("/app", "/app"), ("/a/b-c.d", "/a/b-c.d")] {
            assert_eq!(BasePath::parse(written).unwrap().as_str(), meant);
        }
        for wrong in ["app", "/app/", "//", "/a//b", "/a b", "/../x", "/{id}", "/a?b", "/ä"] {
            assert!(BasePath::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_node_name_fits_in_a_header() {
        assert!(NodeName::parse("app-1.eu").is_ok());
        for wrong in ["", "a b", "a\r\nb", &"x".repeat(65)] {
            assert!(NodeName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
