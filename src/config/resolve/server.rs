//! The servers of one backend.

use arc_swap::ArcSwap;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Surroundings;
use crate::config::section::Proxy;
use crate::live::{self, Admin, Health};
use crate::proxy::keyword::{ServerLine, ServerOptions};
use crate::proxy::{CheckSettings, Server, ServerAddress};
use crate::syntax::diagnostic::{Diagnostic, Report};

pub(super) fn resolve(
    proxy: &Proxy,
    around: &Surroundings<'_>,
    report: &mut Report,
) -> Vec<Server> {
    let lines = &proxy.settings.servers;
    let ids = ids(proxy, lines, report);
    lines
        .iter()
        .zip(ids)
        .map(|(line, id)| {
            refuse_check_without_port(proxy, line, report);
            server(line, id, proxy, around)
        })
        .collect()
}

fn server(line: &ServerLine, id: u32, proxy: &Proxy, around: &Surroundings<'_>) -> Server {
    let options = &line.options;
    let check = options.check.then(|| check_settings(options));
    let weight = options.weight.unwrap_or(1);
    let maxconn = options.maxconn.unwrap_or(0);
    let live = live::Server::new(around.workers, weight, maxconn, health(check.as_ref()));
    live.check_position.store(check.map_or(0, |check| check.rise), Relaxed);
    if options.disabled {
        live.set_admin(Admin::Maintenance, true);
    }
    Server {
        name: line.name.text.clone(),
        id,
        span: line.span,
        address: ArcSwap::from_pointee(line.address.clone()),
        weight,
        backup: options.backup,
        maxconn,
        maxqueue: options.maxqueue.unwrap_or(0),
        cookie: options.cookie.clone(),
        check,
        send_proxy: options.send_proxy,
        pool_max_conn: options.pool_max_conn,
        pool_purge_delay: options.pool_purge_delay.unwrap_or(5_000),
        source: options.source.or(proxy.settings.source),
        live: Arc::new(live),
    }
}

fn check_settings(options: &ServerOptions) -> CheckSettings {
    let default = CheckSettings::default();
    CheckSettings {
        inter: options.inter.unwrap_or(default.inter),
        fastinter: options.fastinter,
        downinter: options.downinter,
        rise: options.rise.unwrap_or(default.rise),
        fall: options.fall.unwrap_or(default.fall),
        address: options.check_address,
        port: options.check_port,
        send_proxy: options.check_send_proxy,
    }
}

/// A checked server begins up, but its first failed check takes it down (position `rise`).
fn health(check: Option<&CheckSettings>) -> Health {
    match check {
        None => Health::Unchecked,
        Some(check) if check.fall > 1 => Health::GoingDown,
        Some(_) => Health::Up,
    }
}

/// Numbers that were asked for, else the lowest free ones.
fn ids(proxy: &Proxy, lines: &[ServerLine], report: &mut Report) -> Vec<u32> {
    let mut taken = BTreeSet::new();
    for line in lines {
        let Some(id) = line.options.id else { continue };
        if !taken.insert(id) {
            report.push(Diagnostic::alert(
                line.span,
                format!(
                    "'server {}/{}' : 'id' : custom id {id} already used",
                    proxy.name, line.name
                ),
            ));
        }
    }
    let mut free = (1..).filter(|id| !taken.contains(id));
    lines.iter().map(|line| line.options.id.or_else(|| free.next()).unwrap_or(0)).collect()
}

fn refuse_check_without_port(proxy: &Proxy, line: &ServerLine, report: &mut Report) {
    let options = &line.options;
    let has_port =
        options.check_port.is_some() || !matches!(line.address, ServerAddress::InetOffset(..));
    if options.check && !has_port {
        report.push(Diagnostic::alert(
            line.span,
            format!(
                "{} '{}': server '{}' has neither service port nor check port.",
                proxy.section.name(),
                proxy.name,
                line.name
            ),
        ));
    }
}
