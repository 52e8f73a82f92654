//! The page itself.

use super::options::Options;
use crate::proxy::StatsPage;
use crate::stats::{Context, Selection};

pub(super) fn write(
    page: &StatsPage,
    context: &Context<'_>,
    options: &Options,
    selection: &Selection<'_>,
    out: &mut String,
) {
    let _ = (page, context, options, selection);
    out.push_str("<!DOCTYPE html>\n");
}
