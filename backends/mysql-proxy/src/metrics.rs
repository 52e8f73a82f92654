//! The counters in Prometheus' text format.
//!
//! Apart because names and help texts are a contract with dashboards, in one visible table.

use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;

use crate::live::{Counter, Counters, Shared};
use crate::protocol::command::COMMANDS;

/// A counter that is the sum over the workers: name, help, field.
type Entry = (&'static str, &'static str, fn(&Counters) -> &Counter);

const COUNTERS: &[Entry] = &[
    ("connections_total", "Client connections accepted.", |all| &all.accepted),
    ("connections_refused_total", "Clients refused: too many, or stopping.", |all| &all.refused),
    ("logins_failed_total", "Clients that did not get a session.", |all| &all.logins_failed),
    ("no_server_total", "Clients refused because no server was reachable.", |all| &all.no_server),
    ("received_bytes_total", "Bytes of commands from clients.", |all| &all.from_clients),
    ("sent_bytes_total", "Bytes of answers to clients.", |all| &all.from_servers),
    ("error_packets_total", "ERR packets of servers, relayed.", |all| &all.error_packets),
    ("protocol_errors_total", "Sessions broken off: bytes out of protocol.", |all| &all.broken),
    ("servers_lost_total", "Servers gone in the middle of a command.", |all| &all.servers_lost),
    ("pool_hits_total", "Clients given an idle server connection.", |all| &all.pool_hits),
    ("pool_misses_total", "Server connections dialled for a client.", |all| &all.pool_misses),
    ("pool_stale_total", "Idle connections unfit for the client given.", |all| &all.pool_stale),
];

/// All metrics.
pub(crate) fn text(shared: &Shared) -> String {
    let mut text = String::with_capacity(4096);
    for (name, help, field) in COUNTERS {
        family(&mut text, name, "counter", help);
        sample(&mut text, name, "", sum(shared, field));
    }
    family(&mut text, "commands_total", "counter", "Commands of clients.");
    for (index, command) in COMMANDS.iter().enumerate() {
        let count = sum(shared, &|all: &Counters| &all.commands[index]);
        let labels = format!("{{command=\"{}\"}}", command.name);
        sample(&mut text, "commands_total", &labels, count);
    }
    family(&mut text, "sessions", "gauge", "Sessions at this moment.");
    sample(&mut text, "sessions", "", shared.sessions.load(Relaxed) as u64);
    family(&mut text, "server_up", "gauge", "Whether the server is up.");
    for server in &shared.servers {
        let labels = format!("{{server=\"{}\"}}", escape(&server.name));
        sample(&mut text, "server_up", &labels, server.is_up().into());
    }
    family(&mut text, "draining", "gauge", "Whether the proxy is stopping.");
    sample(&mut text, "draining", "", shared.is_draining().into());
    text
}

fn sum(shared: &Shared, field: &impl for<'a> Fn(&'a Counters) -> &'a Counter) -> u64 {
    shared.counters.iter().map(|counters| field(counters).get()).sum()
}

fn family(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}");
}

fn sample(text: &mut String, name: &str, labels: &str, value: u64) {
    let _ = writeln!(text, "{PREFIX}{name}{labels} {value}");
}

/// A label's value, as the exposition format wants it.
fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

const PREFIX: &str = "evenkeel_mysql_";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn workers_are_summed_and_labels_escaped() {
        let settings =
            Settings::parse("listen: 127.0.0.1:1\nservers: [{name: 'a\"b', address: 127.0.0.1:1}]");
        let shared = Shared::new(settings.unwrap(), 2);
        shared.counters[0].accepted.add(2);
        shared.counters[1].accepted.add(3);
        let text = text(&shared);
        assert!(text.contains("\nevenkeel_mysql_connections_total 5\n"));
        assert!(text.contains("\nevenkeel_mysql_server_up{server=\"a\\\"b\"} 1\n"));
        assert!(text.contains("\nevenkeel_mysql_commands_total{command=\"query\"} 0\n"));
    }
}
