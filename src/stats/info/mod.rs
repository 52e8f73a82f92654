//! Facts about the process, as `show info` lists them (management guide, `show info`).

mod table;

use std::sync::atomic::Ordering::Relaxed;

use super::Context;
use super::value::Value::{self, Empty, U32, U64};
use crate::live::{Counter, Share};
use crate::time::Rate;

use table::FACTS;

/// One line of `show info`.
pub struct Fact {
    pub position: usize,
    pub name: &'static str,
    /// Origin, nature, scope and persistence (section 9.2).
    pub tags: &'static str,
    pub documentation: &'static str,
    value: for<'a> fn(&Context<'a>) -> Value<'a>,
}

/// The facts that hold, in order.
pub fn facts<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'static Fact, Value<'a>)> {
    FACTS.iter().map(move |fact| (fact, (fact.value)(context))).filter(|(_, value)| *value != Empty)
}

/// Days, hours, minutes and seconds as `Uptime` gives them.
#[must_use]
pub fn uptime(seconds: u64) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    format!("{days}d {hours}h{:02}m{:02}s", seconds / 60 % 60, seconds % 60)
}

/// Connections accepted at once.
pub(super) fn maxconn<'a>(context: &Context<'a>) -> Value<'a> {
    U32(context.process.maxconn.load(Relaxed) as u32)
}

/// Share of the time since the start that workers spent waiting, in percent.
pub(super) fn idle_percent(context: &Context<'_>) -> u32 {
    let elapsed_us = context.now_ms.saturating_sub(context.process.started_ms) * 1000;
    let busy = context.process.shares.sum(|share| share.busy_us.get());
    let whole = elapsed_us * context.workers as u64;
    let idle = whole.saturating_sub(busy) * 100;
    idle.checked_div(whole).unwrap_or(100) as u32
}

pub(super) fn descriptor_limit() -> u32 {
    use nix::sys::resource::{Resource, getrlimit};
    getrlimit(Resource::RLIMIT_NOFILE)
        .map_or(0, |(soft, _)| u32::try_from(soft).unwrap_or(u32::MAX))
}

fn sum<'a>(context: &Context<'a>, of: impl Fn(&Share) -> &Counter) -> Value<'a> {
    U32(context.process.shares.sum(|share| of(share).get()) as u32)
}

fn sum_u64<'a>(context: &Context<'a>, of: impl Fn(&Share) -> &Counter) -> Value<'a> {
    U64(context.process.shares.sum(|share| of(share).get()))
}

fn rate<'a>(context: &Context<'a>, of: impl Fn(&Share) -> &Rate) -> Value<'a> {
    let now_ms = context.now_ms;
    U32(context.process.shares.sum(|share| of(share).per_second(now_ms).into()) as u32)
}

fn rate_max<'a>(context: &Context<'a>, of: impl Fn(&Share) -> &Rate) -> Value<'a> {
    U32(context.process.shares.sum(|share| of(share).max().into()) as u32)
}

const fn fact(
    position: usize,
    name: &'static str,
    tags: &'static str,
    documentation: &'static str,
    value: for<'a> fn(&Context<'a>) -> Value<'a>,
) -> Fact {
    Fact { position, name, tags, documentation, value }
}
