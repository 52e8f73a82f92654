//! `show servers state`, `show servers conn`.

use std::fmt::Write;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::{Call, Keyword};
use crate::live::{Admin, CheckStatus};
use crate::proxy::{Backend, Level, Server, ServerAddress};
use crate::stats::{ServerState, proxies};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        words: &["show", "servers", "conn"],
        level: Level::User,
        usage: "show servers conn [<backend>]",
        documentation: "dump server connections status (all or for a single backend)",
        run: connections,
    },
    Keyword {
        words: &["show", "servers", "state"],
        level: Level::User,
        usage: "show servers state [<backend>]",
        documentation: "dump volatile server information (all or for a single backend)",
        run: states,
    },
];

/// A "server state file", version 1.
fn states(call: &mut Call<'_>) -> Result<(), String> {
    let mut text = format!("1\n{STATE_HEADER}\n");
    let now_s = call.context.now_ms() / 1000;
    each(call, |backend, server| state(backend, server, now_s, &mut text))?;
    call.out.push_str(&text);
    Ok(())
}

fn connections(call: &mut Call<'_>) -> Result<(), String> {
    let mut text = format!("{CONNECTION_HEADER} idle_per_thr[{}]\n", call.context.workers);
    each(call, |backend, server| connection(backend, server, &mut text))?;
    call.out.push_str(&text);
    Ok(())
}

/// Every server, or those of the backend that the command names.
fn each(call: &Call<'_>, mut show: impl FnMut(&Backend, &Server)) -> Result<(), String> {
    let wanted = call.word(3);
    let context = call.context.stats();
    let proxies = proxies(&context);
    let mut backends = proxies
        .iter()
        .filter_map(|proxy| proxy.backend)
        .filter(|backend| wanted.is_none_or(|name| name == backend.name))
        .peekable();
    if wanted.is_some() && backends.peek().is_none() {
        return Err("Can't find backend.".to_owned());
    }
    for backend in backends {
        for server in &backend.servers {
            show(backend, server);
        }
    }
    Ok(())
}

fn state(backend: &Backend, server: &Server, now_s: u64, out: &mut String) {
    let live = &server.live;
    let (address, port) = address(server);
    let check = live.check.lock().unwrap_or_else(PoisonError::into_inner);
    let since = now_s.saturating_sub(live.last_change.load(Relaxed));
    let _ = write!(out, "{} {} {} {}", backend.id, backend.name, server.id, server.name);
    let _ = write!(out, " {address} {} {}", operation(server), administration(server));
    let _ = write!(out, " {} {} {since}", live.weight(), server.weight);
    let _ = write!(out, " {} {}", status_number(check.status), result_number(check.status));
    let _ = write!(out, " {} {} 0", live.check_position.load(Relaxed), check_state(server));
    let check_port = server.check.and_then(|check| check.port).unwrap_or(0);
    let check_address = server.check.and_then(|check| check.address);
    let check_address = check_address.map_or_else(|| "-".to_owned(), |ip| ip.to_string());
    let _ = writeln!(out, " 0 0 - {port} - 0 {check_port} {check_address} - 0");
}

fn connection(backend: &Backend, server: &Server, out: &mut String) {
    let (address, port) = address(server);
    let counters = &server.live.counters;
    let (used, highest) = (counters.sessions_current(), counters.sum(|c| c.sessions_max.get()));
    let idle = counters.sum(|c| c.idle_connections.get());
    let limit = server.pool_max_conn.map_or(-1, |limit| limit as i64);
    let _ = write!(out, "{}/{} {}/{}", backend.name, server.name, backend.id, server.id);
    let _ = write!(out, " {address} {port} - {}", server.pool_purge_delay);
    let _ = write!(out, " {used} {used} {highest} {used} {idle} {idle} 0 {limit} {idle}");
    for worker in counters.iter() {
        let _ = write!(out, " {}", worker.idle_connections.get());
    }
    out.push('\n');
}

fn address(server: &Server) -> (String, u16) {
    match &server.address {
        ServerAddress::Inet(address) => (address.ip().to_string(), address.port()),
        ServerAddress::InetOffset(ip, _) => (ip.to_string(), 0),
        ServerAddress::Unix(_) | ServerAddress::Abstract(_) => ("-".to_owned(), 0),
    }
}

/// 0 is stopped, 2 running, 3 stopping.
fn operation(server: &Server) -> u8 {
    match ServerState::of(server) {
        ServerState::Maintenance | ServerState::Down | ServerState::GoingUp => 0,
        ServerState::Stopping => 3,
        _ => 2,
    }
}

/// 1 is forced maintenance, 4 maintenance in the configuration, 8 forced drain.
fn administration(server: &Server) -> u8 {
    [(Admin::Maintenance, 1), (Admin::Configured, 4), (Admin::Drain, 8)]
        .into_iter()
        .filter(|(state, _)| server.live.has(*state))
        .map(|(_, bit)| bit)
        .sum()
}

/// 2 is configured, 4 enabled, 8 paused.
fn check_state(server: &Server) -> u8 {
    match (&server.check, server.live.has(Admin::Maintenance)) {
        (None, _) if server.live.has(Admin::Configured) => 8,
        (None, _) => 0,
        (Some(_), false) => 6,
        (Some(_), true) => 14,
    }
}

fn result_number(status: CheckStatus) -> u8 {
    match status {
        CheckStatus::Unknown | CheckStatus::Initialising => 0,
        status if status.passed() => 3,
        _ => 2,
    }
}

/// As HAProxy 3.4.0 numbers them in this file.
fn status_number(status: CheckStatus) -> u8 {
    match status {
        CheckStatus::Unknown | CheckStatus::Initialising => 1,
        CheckStatus::SocketError => 5,
        CheckStatus::L4Ok => 6,
        CheckStatus::L4Timeout => 7,
        CheckStatus::L4Connection => 8,
        CheckStatus::L6Ok => 9,
        CheckStatus::L6Timeout => 10,
        CheckStatus::L6Response => 11,
        CheckStatus::L7Timeout => 12,
        CheckStatus::L7Response => 13,
        CheckStatus::L7Ok => 15,
        CheckStatus::L7Status => 17,
    }
}

const STATE_HEADER: &str = "# be_id be_name srv_id srv_name srv_addr srv_op_state \
    srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status \
    srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id \
    srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr \
    srv_agent_addr srv_agent_port";

const CONNECTION_HEADER: &str = "# bkname/svname bkid/svid addr port - purge_delay served \
    used_cur used_max need_est idle_sess unsafe_nb safe_nb idle_lim idle_cur";

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with HAProxy 3.4.0 and servers that fail in each of these ways.
    #[test]
    fn results_of_checks_have_haproxys_numbers() {
        for (status, number, result) in [
            (CheckStatus::Initialising, 1, 0),
            (CheckStatus::SocketError, 5, 2),
            (CheckStatus::L4Ok, 6, 3),
            (CheckStatus::L4Timeout, 7, 2),
            (CheckStatus::L4Connection, 8, 2),
            (CheckStatus::L6Timeout, 10, 2),
            (CheckStatus::L6Response, 11, 2),
            (CheckStatus::L7Timeout, 12, 2),
            (CheckStatus::L7Ok, 15, 3),
            (CheckStatus::L7Status, 17, 2),
        ] {
            let found = (status_number(status), result_number(status));
            assert_eq!(found, (number, result), "{status:?}");
        }
    }
}
