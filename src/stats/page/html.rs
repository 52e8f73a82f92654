//! The page itself: what stands above the tables and around them.
//!
//! Nothing comes from elsewhere: style and script are inside, so that the page works behind any
//! wall and under a policy that allows inline code only.

use std::fmt::Write;

use super::options::Options;
use super::table::Layout;
use super::text::{bytes, duration, escape, number};
use crate::proxy::StatsPage;
use crate::stats::{Context, Hide, Kind, Row, Selection, VERSION, facts, rows};

pub(super) fn write(
    page: &StatsPage,
    context: &Context<'_>,
    options: &Options,
    selection: &Selection<'_>,
    out: &mut String,
) {
    let rows = rows(context, selection);
    head(page, options, out);
    header(page, context, &rows, out);
    toolbar(page, options, out);
    if options.state.as_deref() == Some("DENY") {
        out.push_str("<p class=notice role=alert>Access denied: this page changes nothing.</p>\n");
    }
    out.push_str("<main id=proxies>\n");
    let layout = Layout::new();
    for proxy in rows.chunk_by(|a, b| a.proxy_id() == b.proxy_id()) {
        layout.write(proxy, page.show_legends, out);
    }
    out.push_str("</main>\n<p id=empty hidden>Nothing matches the filter.</p>\n");
    footer(out);
}

fn head(page: &StatsPage, options: &Options, out: &mut String) {
    out.push_str("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n<title>");
    out.push_str("Statistics Report for Evenkeel");
    if let Some(node) = &page.show_node {
        out.push_str(" on ");
        escape(node, out);
    }
    out.push_str("</title>\n<meta name=viewport content=\"width=device-width,initial-scale=1\">\n");
    out.push_str("<meta name=color-scheme content=\"light dark\">\n");
    out.push_str("<link rel=icon href=\"data:,\">\n");
    if let Some(seconds) = page.refresh.filter(|_| options.refresh) {
        // With a script the page refreshes itself in place.
        let _ = writeln!(out, "<noscript><meta http-equiv=refresh content={seconds}></noscript>");
    }
    out.push_str("<style>\n");
    out.push_str(include_str!("style.css"));
    out.push_str("</style></head>\n");
}

fn header(page: &StatsPage, context: &Context<'_>, rows: &[Row<'_>], out: &mut String) {
    let seconds = page.refresh.unwrap_or(0);
    let _ = writeln!(out, "<body data-refresh={seconds}>\n<header class=top><div class=brand>");
    out.push_str("<h1>Evenkeel</h1>");
    if let Some(node) = &page.show_node {
        out.push_str(" <span class=node>");
        escape(node, out);
        out.push_str("</span>");
    }
    if let Some(description) = &page.show_description {
        out.push_str(" <span class=desc>");
        escape(description, out);
        out.push_str("</span>");
    }
    if !page.hide_version {
        let _ = write!(out, " <span class=desc>version {VERSION}</span>");
    }
    let stopping = if context.process.stopping() { " &middot; <b>stopping</b>" } else { "" };
    let (pid, threads) = (std::process::id(), context.workers);
    let _ = writeln!(out, " <span class=desc>pid {pid}, {threads} threads{stopping}</span></div>");
    out.push_str("<dl class=tiles id=tiles>");
    tiles(context, rows, out);
    out.push_str("</dl></header>\n");
}

fn tiles(context: &Context<'_>, rows: &[Row<'_>], out: &mut String) {
    let values: Vec<_> = facts(context).collect();
    let fact = |name: &str| {
        let found = values.iter().find(|(fact, _)| fact.name == name);
        found.and_then(|(_, value)| value.number()).unwrap_or(0)
    };
    tile("Uptime", out, |out| duration(fact("Uptime_sec"), out));
    let (current, limit) = (fact("CurrConns"), fact("Maxconn"));
    tile("Connections", out, |out| {
        number(current, out);
        out.push_str(" <small>of ");
        number(limit, out);
        let _ = write!(
            out,
            "</small><meter min=0 max={} value={current} aria-label=\"Connections in use\"></meter>",
            limit.max(1)
        );
    });
    tile("Connection rate", out, |out| {
        rate(fact("ConnRate"), fact("MaxConnRate"), out);
    });
    tile("Session rate", out, |out| rate(fact("SessRate"), fact("MaxSessRate"), out));
    tile("Requests", out, |out| number(fact("CumReq"), out));
    tile("Bytes out", out, |out| bytes(fact("TotalBytesOut"), out));
    tile("Idle", out, |out| {
        let _ = write!(out, "{}\u{202f}%", fact("Idle_pct"));
    });
    let servers = rows.iter().filter_map(Row::server);
    let (ready, all) = servers.fold((0, 0), |(ready, all), server| {
        (ready + i64::from(server.live.is_eligible()), all + 1)
    });
    tile("Servers ready", out, |out| {
        number(ready, out);
        out.push_str(" <small>of ");
        number(all, out);
        out.push_str("</small>");
    });
    let gone = rows.iter().filter(|row| match row.kind {
        Kind::Backend(backend) => !backend.live.up.load(std::sync::atomic::Ordering::Relaxed),
        _ => false,
    });
    let gone = gone.count() as i64;
    tile("Backends down", out, |out| {
        if gone > 0 {
            out.push_str("<span class=alarm>");
            number(gone, out);
            out.push_str("</span>");
        } else {
            number(gone, out);
        }
    });
}

fn tile(label: &str, out: &mut String, value: impl FnOnce(&mut String)) {
    let _ = write!(out, "<div><dt>{label}<dd>");
    value(out);
    out.push_str("</div>");
}

fn rate(now: i64, most: i64, out: &mut String) {
    number(now, out);
    out.push_str("\u{202f}/s <small>max ");
    number(most, out);
    out.push_str("</small>");
}

fn toolbar(page: &StatsPage, options: &Options, out: &mut String) {
    out.push_str("<nav class=bar aria-label=\"Display options\">");
    out.push_str("<label class=find><span>Filter</span> <input id=filter type=search ");
    out.push_str("placeholder=\"proxy, server, status\" autocomplete=off spellcheck=false>");
    out.push_str("</label><label class=only><input id=trouble type=checkbox> Trouble only</label>");
    let up = if options.hide == Hide::Down { ("", "Show down") } else { (";up", "Hide down") };
    for (option, text) in [up, (";csv;norefresh", "CSV"), (";json;norefresh", "JSON")] {
        out.push_str("<a href=\"");
        escape(&page.uri, out);
        let _ = write!(out, "{option}\">{text}</a>");
    }
    out.push_str("<span class=grow></span>");
    out.push_str("<span id=clock class=desc aria-hidden=true></span>");
    let paused = page.refresh.is_none() || !options.refresh;
    let _ = write!(out, "<button id=pause type=button aria-pressed={paused}>Live</button>");
    out.push_str("<button id=theme type=button>Theme</button></nav>\n");
    out.push_str("<p id=news class=news role=status aria-live=polite></p>\n");
}

fn footer(out: &mut String) {
    out.push_str("<footer><ul class=lgd aria-label=\"Marks of states\">");
    for (class, text) in LEGEND {
        let _ = write!(out, "<li class={class}><span class=st></span>{text}");
    }
    out.push_str("</ul><p class=keys>Keys: <kbd>/</kbd> filter, <kbd>p</kbd> pause or go on, ");
    out.push_str("<kbd>r</kbd> refresh now, <kbd>x</kbd> trouble only, <kbd>j</kbd> <kbd>k</kbd> ");
    out.push_str("next and previous proxy, <kbd>Esc</kbd> clear.</p></footer>\n<script>\n");
    out.push_str(include_str!("script.js"));
    out.push_str("</script></body></html>\n");
}

const LEGEND: &[(&str, &str)] = &[
    ("active_up", "up"),
    ("active_going_down", "up, going down"),
    ("active_going_up", "down, going up"),
    ("active_down", "down"),
    ("active_draining", "drained or stopping"),
    ("maintain", "maintenance"),
    ("active_no_check", "not checked"),
];
