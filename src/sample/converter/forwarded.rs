//! x
use super::Converter;
pub(super) const KEYWORDS: &[Converter] = &[];
