//! Names of variables and their scopes. Numbered while loading, so that nothing is hashed later.

use std::sync::{Mutex, PoisonError};

/// Where a variable lives (manual, section 2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Scope {
    Process,
    Session,
    Transaction,
    Request,
    Response,
    /// During one health check.
    Check,
}

impl Scope {
    pub(super) const ALL: &'static [Self] = &[
        Self::Process,
        Self::Session,
        Self::Transaction,
        Self::Request,
        Self::Response,
        Self::Check,
    ];
}

/// Splits `scope.name` and gives the name its number. Called while loading only.
///
/// # Errors
/// One sentence: an unknown scope, a name with other characters than letters, digits, `_`, `.`,
/// or more than 65,535 names.
pub fn variable(text: &str) -> Result<(Scope, u16), String> {
    if text.is_empty() {
        return Err("Empty variable name cannot be accepted".to_owned());
    }
    let (scope, name) = text.split_once('.').unwrap_or((text, ""));
    let scope = match scope {
        _ if !text.contains('.') => return Err(without_scope(text)),
        "proc" => Scope::Process,
        "sess" => Scope::Session,
        "txn" => Scope::Transaction,
        "req" => Scope::Request,
        "res" => Scope::Response,
        "check" => Scope::Check,
        "psess" | "ptxn" | "preq" | "pres" => {
            return Err(format!("scope '{scope}' is not supported by evenkeel yet"));
        }
        _ => return Err(without_scope(text)),
    };
    if let Some(wrong) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"_.".contains(*c)) {
        return Err(format!("invalid syntax at char '{wrong}'"));
    }
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = names.iter().position(|known| known == text) {
        return Ok((scope, at as u16));
    }
    let number = u16::try_from(names.len()).map_err(|_| "too many variables".to_owned())?;
    names.push(text.to_owned());
    Ok((scope, number))
}

fn without_scope(text: &str) -> String {
    format!(
        "invalid variable name '{text}'. A variable name must start with its scope. The scope can \
         be 'proc', '(p)sess', '(p)txn', '(p)req', '(p)res' or 'check'"
    )
}

static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_as_the_reference_tells_them() {
        assert_eq!(variable("txn.a-b"), Err("invalid syntax at char '-'".into()));
        assert_eq!(variable(""), Err("Empty variable name cannot be accepted".into()));
        assert!(variable("foo.b").unwrap_err().starts_with("invalid variable name 'foo.b'. A var"));
        assert!(variable("a").unwrap_err().starts_with("invalid variable name 'a'. A variable"));
    }
}
