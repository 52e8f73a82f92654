//! Keywords that only tune how HAProxy does its work, or ask for what is the case anyway. They
//! are accepted, each with a warning.

use super::{Keyword, Sections, Settings, Statement};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    hint("clitcpka-cnt", Sections::FRONT, "clitcpka-cnt 3"),
    hint("clitcpka-idle", Sections::FRONT, "clitcpka-idle 30s"),
    hint("clitcpka-intvl", Sections::FRONT, "clitcpka-intvl 5s"),
    hint("srvtcpka-cnt", Sections::BACK, "srvtcpka-cnt 3"),
    hint("srvtcpka-idle", Sections::BACK, "srvtcpka-idle 30s"),
    hint("srvtcpka-intvl", Sections::BACK, "srvtcpka-intvl 5s"),
    hint("max-keep-alive-queue", Sections::BACK, "max-keep-alive-queue 10"),
    hint("max-session-srv-conns", Sections::FRONT, "max-session-srv-conns 5"),
    hint("guid", Sections::OWN, "guid web-1"),
    hint("timeout client-hs", Sections::FRONT, "timeout client-hs 5s"),
    switch("option contstats", Sections::FRONT, "option contstats"),
    switch("option http-no-delay", Sections::ALL, "option http-no-delay"),
    switch("option http-pretend-keepalive", Sections::BACK, "option http-pretend-keepalive"),
    switch("option idle-close-on-response", Sections::FRONT, "option idle-close-on-response"),
    switch("option independent-streams", Sections::ALL, "option independent-streams"),
    switch("option nolinger", Sections::ALL, "option nolinger"),
    switch("option prefer-last-server", Sections::BACK, "option prefer-last-server"),
    switch("option socket-stats", Sections::FRONT, "option socket-stats"),
    switch("option tcp-smart-accept", Sections::FRONT, "option tcp-smart-accept"),
    switch("option tcp-smart-connect", Sections::BACK, "option tcp-smart-connect"),
    switch("option use-small-buffers", Sections::ALL, "option use-small-buffers"),
];

const fn hint(name: &'static str, sections: Sections, example: &'static str) -> Keyword {
    Keyword {
        name,
        sections,
        no_prefix: false,
        arguments: "<value>",
        documentation: "Accepted, has no effect.",
        example,
        parse: |line, _| {
            line.first("an argument")?;
            warn(line);
            Ok(())
        },
    }
}

const fn switch(name: &'static str, sections: Sections, example: &'static str) -> Keyword {
    Keyword { no_prefix: true, arguments: "", parse: parse_switch, ..hint(name, sections, example) }
}

fn parse_switch(line: &mut Statement<'_>, _: &mut Settings) -> Result<(), Diagnostic> {
    if line.on() {
        warn(line);
    }
    Ok(())
}

fn warn(line: &mut Statement<'_>) {
    let message = format!("'{}' is accepted but has no effect", line.name());
    line.report.push(Diagnostic::remark(line.span(), message));
}
