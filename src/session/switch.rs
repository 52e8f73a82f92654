//! Choosing a backend: `use_backend` rules in order, then the default (manual, section 4.2).

use super::Worker;
use crate::exchange::Stream;
use crate::proxy::{Backend, Destination, Frontend};

/// The backend for a stream, with its index in the plan.
pub(super) fn backend<'p>(
    worker: &'p Worker,
    frontend: &Frontend,
    stream: &Stream<'_>,
) -> Option<(usize, &'p Backend)> {
    let plan = &worker.plan;
    let mut switches = frontend.switches.iter();
    let first = switches.find(|switch| switch.condition.as_ref().is_none_or(|it| it.holds(stream)));
    let switched = first.and_then(|switch| match &switch.destination {
        Destination::Backend(index) => Some(*index),
        // A name without a backend ends the rules all the same.
        Destination::Named(format) => {
            let mut name = Vec::with_capacity(64);
            format.write(stream, &mut name);
            let found = *plan.backend_names.get(&name[..])?;
            (plan.backends[found].mode == frontend.mode).then_some(found)
        }
    });
    let index = switched.or(frontend.default_backend)?;
    Some((index, plan.backends.get(index)?))
}
