//! `operator`, `user`: giving up rights; `show cli level`, `show cli sockets`.

use super::{Call, Keyword};
use crate::proxy::{Level, Listen};

pub(super) const OPERATOR: &[Keyword] = &[Keyword {
    words: &["operator"],
    level: Level::Operator,
    usage: "operator",
    documentation: "lower the level of the current CLI session to operator",
    run: |call| {
        call.settings.level = Level::Operator;
        Ok(())
    },
}];

pub(super) const USER: &[Keyword] = &[Keyword {
    words: &["user"],
    level: Level::User,
    usage: "user",
    documentation: "lower the level of the current CLI session to user",
    run: |call| {
        call.settings.level = Level::User;
        Ok(())
    },
}];

pub(super) const SHOW: &[Keyword] = &[
    Keyword {
        words: &["show", "cli", "level"],
        level: Level::User,
        usage: "show cli level",
        documentation: "display the level of the current CLI session",
        run: |call| {
            call.out.push_str(name(call.settings.level));
            call.out.push('\n');
            Ok(())
        },
    },
    Keyword {
        words: &["show", "cli", "sockets"],
        level: Level::User,
        usage: "show cli sockets",
        documentation: "dump list of cli sockets",
        run: show_sockets,
    },
];

fn show_sockets(call: &mut Call<'_>) -> Result<(), String> {
    call.out.push_str("# socket lvl processes\n");
    for socket in &call.context.plan.global.stats_sockets {
        let address = match &socket.listen {
            Listen::Inet(address) if address.is_ipv4() => format!("ipv4@{address}"),
            Listen::Inet(address) => format!("ipv6@{address}"),
            Listen::Unix(path) => format!("unix@{}", path.display()),
            Listen::Abstract(name) => format!("abns@{name}"),
            Listen::Fd(fd) => format!("fd@{fd}"),
        };
        call.out.push_str(&format!("{address} {} all\n", name(socket.level)));
    }
    Ok(())
}

fn name(level: Level) -> &'static str {
    match level {
        Level::User => "user",
        Level::Operator => "operator",
        Level::Admin => "admin",
    }
}
