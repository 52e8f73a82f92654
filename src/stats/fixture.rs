//! The plan of the configuration that the files in `tests/data` were captured with, made by hand.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::balance::Balance;
use crate::live::{self, Admin, CheckResult, CheckStatus, Health};
use crate::proxy::{
    Algorithm, Backend, Bind, CheckSettings, Frontend, Global, HashType, Listen, Logging, Mode,
    Persistence, Plan, Reuse, Server, ServerAddress, StatsPage, Timeouts,
};
use crate::rule::Ruleset;
use crate::syntax::span::Span;

pub(crate) const WORKERS: usize = 2;

pub(crate) fn plan() -> Plan {
    let mut db = backend("db", 5, 35, Mode::Tcp, Algorithm::LeastConn, 200);
    db.servers = vec![
        checked(server("m1", 1, inet(19201), 1), 1),
        server("m2", 2, ServerAddress::Unix("/run/m2.sock".into()), 1),
    ];
    let mut probe = backend("probe", 6, 45, Mode::Http, Algorithm::RoundRobin, 1);
    probe.servers = vec![checked(server("p1", 1, inet(19101), 1), 2)];
    probe.servers[0].live.check_position.store(0, Relaxed);
    Plan {
        global: Global {
            maxconn: 2000,
            node: Some("lb1".to_owned()),
            description: Some("the edge".to_owned()),
            ..Global::default()
        },
        frontends: vec![
            frontend("web", 2, 10, Mode::Http, 1000),
            frontend("auth", 3, 20, Mode::Http, 0),
            frontend("db", 5, 35, Mode::Tcp, 0),
        ],
        backends: vec![app(), db, probe],
        ..Plan::default()
    }
}

pub(crate) fn process() -> live::Process {
    live::Process::new(WORKERS, 2000)
}

pub(crate) fn page() -> StatsPage {
    StatsPage {
        uri: "/stats".to_owned(),
        refresh: Some(5),
        realm: "My Stats".to_owned(),
        users: Vec::new(),
        hide_version: true,
        show_legends: true,
        show_node: Some("lb1".to_owned()),
        show_description: Some("the edge".to_owned()),
        scope: Vec::new(),
    }
}

fn app() -> Backend {
    let mut app = backend("app", 4, 28, Mode::Http, Algorithm::RoundRobin, 300);
    app.persistence = Some(Persistence {
        name: "SRV".to_owned(),
        indirect: true,
        nocache: true,
        postonly: false,
        http_only: false,
        secure: false,
        domains: Vec::new(),
        attributes: Vec::new(),
        preserve: false,
    });
    let mut s1 = checked(server("s1", 1, inet(19101), 1), 2);
    s1.cookie = Some("a".to_owned());
    s1.maxconn = 10;
    s1.live.maxconn.store(10, Relaxed);
    *s1.live.check.lock().unwrap() = CheckResult {
        status: CheckStatus::L7Ok,
        code: Some(200),
        duration_ms: Some(1),
        detail: String::new(),
        ended_ms: 1,
    };
    let mut s2 = server("s2", 2, inet(19102), 5);
    s2.cookie = Some("b".to_owned());
    let mut s3 = server("s3", 3, inet(19103), 1);
    s3.backup = true;
    s3.live.set_admin(Admin::Maintenance, true);
    s3.live.set_admin(Admin::Configured, true);
    app.servers = vec![s1, s2, s3];
    app
}

fn checked(mut server: Server, rise: i32) -> Server {
    server.check = Some(CheckSettings { rise, ..CheckSettings::default() });
    server.live = Arc::new(live::Server::new(WORKERS, server.weight, 0, Health::Up));
    server.live.check_position.store(rise - 1, Relaxed);
    server
}

fn server(name: &str, id: u32, address: ServerAddress, weight: u32) -> Server {
    Server {
        name: name.to_owned(),
        id,
        span: Span::default(),
        address: arc_swap::ArcSwap::from_pointee(address),
        weight,
        backup: false,
        maxconn: 0,
        maxqueue: 0,
        cookie: None,
        check: None,
        send_proxy: 0,
        pool_max_conn: None,
        pool_purge_delay: 5000,
        source: None,
        live: Arc::new(live::Server::new(WORKERS, weight, 0, Health::Unchecked)),
    }
}

fn inet(port: u16) -> ServerAddress {
    ServerAddress::Inet(([127, 0, 0, 1], port).into())
}

fn frontend(name: &str, id: u32, line: u32, mode: Mode, maxconn: u32) -> Frontend {
    Frontend {
        name: name.to_owned(),
        id,
        mode,
        binds: vec![bind()],
        span: span(line),
        timeouts: Timeouts::default(),
        logging: Logging::default(),
        tcp_request_connection: Ruleset::default(),
        tcp_request_session: Ruleset::default(),
        tcp_request_content: Ruleset::default(),
        inspect_delay: 0,
        http_request: Ruleset::default(),
        http_response: Ruleset::default(),
        http_after_response: Ruleset::default(),
        switches: Vec::new(),
        default_backend: None,
        forward_for: None,
        stats: None,
        error_pages: HashMap::new(),
        http_close: false,
        ignore_probes: false,
        tcp_keep_alive: false,
        backlog: None,
        request_captures: Vec::new(),
        response_captures: Vec::new(),
        acls: Vec::new(),
        monitor_uri: None,
        live: Arc::new(live::Proxy::new(WORKERS, maxconn)),
    }
}

fn bind() -> Bind {
    Bind::on(Listen::Inet(([127, 0, 0, 1], 80).into()))
}

fn backend(
    name: &str,
    id: u32,
    line: u32,
    mode: Mode,
    algorithm: Algorithm,
    fullconn: u32,
) -> Backend {
    Backend {
        name: name.to_owned(),
        id,
        mode,
        span: span(line),
        servers: Vec::new(),
        algorithm,
        hash_type: HashType::default(),
        hash_input: None,
        balance: Balance::default(),
        timeouts: Timeouts::default(),
        retries: 3,
        redispatch: None,
        reuse: Reuse::default(),
        http_close: false,
        server_close: false,
        persistence: None,
        sticks: Vec::new(),
        check: crate::health::Kind::default(),
        tcp_request_content: Ruleset::default(),
        tcp_response_content: Ruleset::default(),
        inspect_delay: 0,
        response_inspect_delay: 0,
        http_request: Ruleset::default(),
        http_response: Ruleset::default(),
        http_after_response: Ruleset::default(),
        forward_for: None,
        stats: None,
        error_pages: HashMap::new(),
        logging: Logging::default(),
        fullconn,
        all_backups: false,
        splice_request: false,
        splice_response: false,
        tcp_keep_alive: false,
        abort_on_close: false,
        live: Arc::new(live::Proxy::new(WORKERS, 0)),
    }
}

fn span(line: u32) -> Span {
    Span { line, ..Span::default() }
}
