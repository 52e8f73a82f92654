//! Variables of the process: shared by all workers, so behind a lock. Rarely used.

use std::sync::{PoisonError, RwLock};

use super::limit::{self, Level};
use crate::sample::Value;

/// By number; places of other scopes stay empty.
static VALUES: RwLock<Vec<Option<Value<'static>>>> = RwLock::new(Vec::new());

pub(super) fn get(number: u16) -> Option<Value<'static>> {
    let values = VALUES.read().unwrap_or_else(PoisonError::into_inner);
    values.get(usize::from(number)).cloned().flatten()
}

pub(super) fn set(number: u16, value: Value<'static>) -> bool {
    unset(number);
    if !has_room(limit::size(&value)) {
        return false;
    }
    let mut values = VALUES.write().unwrap_or_else(PoisonError::into_inner);
    let at = usize::from(number);
    if values.len() <= at {
        values.resize(at + 1, None);
    }
    values[at] = Some(value);
    true
}

pub(super) fn unset(number: u16) {
    let mut values = VALUES.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = values.get_mut(usize::from(number)) {
        *value = None;
    }
}

/// Whether `size` more bytes are within the limits of the process.
pub(super) fn has_room(size: usize) -> bool {
    let levels = [Level::Process, Level::Global];
    if levels.iter().all(|level| level.is_unlimited()) {
        return true;
    }
    let values = VALUES.read().unwrap_or_else(PoisonError::into_inner);
    let used: usize = values.iter().flatten().map(limit::size).sum();
    levels.iter().all(|level| level.allows(used + size))
}
