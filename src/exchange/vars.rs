//! Variables of the scopes that live with a connection or an exchange (manual, section 2.8).

use std::sync::{Mutex, PoisonError};

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Scope {
    Process,
    Session,
    Transaction,
    Request,
    Response,
}

/// Variables by their number: names are numbered when the configuration is loaded, so that a
/// request never hashes one. A handful are in use at a time, so they are searched in order.
#[derive(Debug, Default)]
pub struct Vars {
    values: Vec<(u16, Box<[u8]>)>,
}

impl Vars {
    #[must_use]
    pub fn get(&self, number: u16) -> Option<&[u8]> {
        self.values.iter().find(|(n, _)| *n == number).map(|(_, value)| &value[..])
    }

    pub fn set(&mut self, number: u16, value: &[u8]) {
        self.unset(number);
        self.values.push((number, value.into()));
    }

    pub fn unset(&mut self, number: u16) {
        self.values.retain(|(n, _)| *n != number);
    }

    pub fn clear(&mut self) {
        self.values.clear();
    }
}

/// Splits `scope.name` and gives the name its number. Called while loading only.
///
/// # Errors
/// One sentence: an unknown scope, a name with other characters than letters, digits, `_`, `.`,
/// or more than 65,535 names.
pub fn variable(text: &str) -> Result<(Scope, u16), String> {
    let (scope, name) = text
        .split_once('.')
        .ok_or_else(|| format!("variable '{text}' needs a scope, as in 'txn.{text}'"))?;
    let scope = match scope {
        "proc" => Scope::Process,
        "sess" => Scope::Session,
        "txn" => Scope::Transaction,
        "req" => Scope::Request,
        "res" => Scope::Response,
        _ => {
            return Err(format!(
                "'{scope}' is not a scope of variables (proc, sess, txn, req, res)"
            ));
        }
    };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    {
        return Err(format!("invalid variable name '{text}'"));
    }
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = names.iter().position(|known| known == text) {
        return Ok((scope, at as u16));
    }
    let number = u16::try_from(names.len()).map_err(|_| "too many variables".to_owned())?;
    names.push(text.to_owned());
    Ok((scope, number))
}

static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
