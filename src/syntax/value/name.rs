//! Names of sections and of the objects in them.

/// The first character of `name` that a section, server or ACL name may not contain.
#[must_use]
pub fn forbidden_character(name: &str) -> Option<char> {
    name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')))
}
