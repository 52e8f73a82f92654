//! What configurations mean: the plan that comes out.

use std::sync::atomic::Ordering::Relaxed;

use evenkeel::config::Options;
use evenkeel::live::{Admin, Health};
use evenkeel::proxy::{Algorithm, Destination, Level, Listen, Mode, Reuse, ServerAddress};

use crate::Loaded;

const TIMEOUTS: &str = "    timeout client 30s\n    timeout connect 5s\n    timeout server 1m\n";

#[test]
fn the_global_section() {
    let plan = Loaded::text(
        "global",
        "global\n    maxconn 100\n    nbthread 3\n    node left\n    description a b\n    \
         hard-stop-after 5s\n    stats socket /tmp/s mode 660 level admin\n    stats socket \
         127.0.0.1:9999\n    stats timeout 2m\n    log-tag lb\n    spread-checks 5\n    uid 7\n",
    )
    .clean();
    let global = &plan.global;
    assert_eq!((global.maxconn, global.threads, global.uid), (100, 3, Some(7)));
    assert_eq!(global.node.as_deref(), Some("left"));
    assert_eq!(global.description.as_deref(), Some("a b"));
    assert_eq!((global.hard_stop_after, global.stats_timeout), (Some(5_000), 120_000));
    assert_eq!((global.log_tag.as_str(), global.spread_checks), ("lb", 5));
    let [unix, inet] = global.stats_sockets.as_slice() else { panic!("{global:?}") };
    assert_eq!(unix.listen, Listen::Unix("/tmp/s".into()));
    assert_eq!((unix.mode, unix.level), (Some(0o660), Level::Admin));
    assert_eq!(inet.listen, Listen::Inet("127.0.0.1:9999".parse().unwrap()));
    assert_eq!((inet.mode, inet.level), (None, Level::Operator));
}

#[test]
fn the_command_line_replaces_maxconn_and_the_machine_gives_the_threads() {
    let options =
        Options { maxconn: Some(5), threads_available: 4, ignore_resolution_failures: false };
    let plan = Loaded::text_with("x", "global\n    maxconn 100\n", &options).clean();
    assert_eq!((plan.global.maxconn, plan.global.threads), (5, 4));
}

#[test]
fn a_section_begins_with_its_defaults() {
    let plan = Loaded::text(
        "defaults",
        &format!(
            "defaults base\n{TIMEOUTS}    mode http\n    retries 5\n    option redispatch\n\
             defaults later from base\n    no option redispatch\n    timeout server 2m\n\
             backend a\nbackend b from base\n\
             defaults\n    balance first\n\
             backend c\n"
        ),
    )
    .clean();
    let of = |name: &str| plan.backend(name).unwrap();
    assert_eq!((of("a").mode, of("a").retries, of("a").redispatch), (Mode::Http, 5, None));
    assert_eq!(of("a").timeouts.server, Some(120_000));
    assert_eq!((of("b").redispatch, of("b").timeouts.server), (Some(-1), Some(60_000)));
    assert_eq!((of("c").mode, of("c").retries), (Mode::Tcp, 3));
    assert_eq!((of("a").algorithm, of("c").algorithm), (Algorithm::RoundRobin, Algorithm::First));
}

#[test]
fn rules_of_named_defaults_run_before_those_of_the_section() {
    let plan = Loaded::text(
        "defaults",
        &format!(
            "defaults base\n{TIMEOUTS}    mode http\n    acl x path /x\n    http-request deny if x\n\
             frontend f from base\n    bind 127.0.0.1:1\n    http-request set-header A b\n    \
             redirect prefix /z\n    http-response del-header Server\n"
        ),
    );
    // HAProxy has the same to say about the order of lines only for `http-request`.
    let plan = plan.clean();
    let [frontend] = plan.frontends.as_slice() else { panic!() };
    assert_eq!((frontend.http_request.0.len(), frontend.http_response.0.len()), (3, 1));
    assert!(frontend.http_request.0[0].condition.is_some());
    assert!(frontend.acls.is_empty(), "the ACLs of defaults are its own");
}

#[test]
fn numbers_are_given_as_haproxy_gives_them() {
    // As `show stat` of HAProxy 3.4 reports for the same configuration.
    let plan = Loaded::text(
        "ids",
        &format!(
            "defaults\n{TIMEOUTS}frontend f1\n    bind 127.0.0.1:1\n    default_backend b1\n\
             backend b1\n    server s1 127.0.0.1:1 id 7\n    server s2 127.0.0.1:1\n\
             listen l1\n    bind 127.0.0.1:2\n    server s1 127.0.0.1:1\n\
             backend b2\n    id 2\n"
        ),
    )
    .clean();
    let frontends: Vec<_> = plan.frontends.iter().map(|f| (f.name.as_str(), f.id)).collect();
    assert_eq!(frontends, [("f1", 3), ("l1", 5)]);
    let backends: Vec<_> = plan.backends.iter().map(|b| (b.name.as_str(), b.id)).collect();
    assert_eq!(backends, [("b1", 4), ("l1", 5), ("b2", 2)]);
    let servers: Vec<_> = plan.backends[0].servers.iter().map(|s| s.id).collect();
    assert_eq!(servers, [7, 1]);
}

#[test]
fn names_become_indices() {
    let plan = Loaded::text(
        "indices",
        &format!(
            "defaults\n{TIMEOUTS}backend x\nlisten l\n    bind 127.0.0.1:1\nfrontend f\n    bind \
             127.0.0.1:2\n    use_backend y if TRUE\n    use_backend l unless FALSE\n    \
             default_backend x\nbackend y\n"
        ),
    )
    .clean();
    let [listen, frontend] = plan.frontends.as_slice() else { panic!() };
    assert_eq!(plan.backends[listen.default_backend.unwrap()].name, "l");
    assert_eq!(plan.backends[frontend.default_backend.unwrap()].name, "x");
    let switches: Vec<_> = frontend
        .switches
        .iter()
        .map(|switch| match switch.destination {
            Destination::Backend(at) => plan.backends[at].name.as_str(),
            Destination::Named(_) => "named",
        })
        .collect();
    assert_eq!(switches, ["y", "l"]);
}

#[test]
fn servers_and_their_options() {
    let plan = Loaded::text(
        "servers",
        &format!(
            "defaults\n{TIMEOUTS}backend b\n    mode http\n    source 127.0.0.9\n    default-server check inter \
             1s fall 1 maxconn 10\n    server a 127.0.0.1:80 weight 20 cookie c backup\n    server b \
             127.0.0.1 port 8080 disabled no-check source 127.0.0.8:99\n    server c \
             127.0.0.1:+5 port 1 fall 3\n    server d unix@/tmp/d send-proxy-v2 no-check\n"
        ),
    )
    .clean();
    let [a, b, c, d] = plan.backends[0].servers.as_slice() else { panic!() };
    assert_eq!(**a.address.load(), ServerAddress::Inet("127.0.0.1:80".parse().unwrap()));
    assert_eq!((a.weight, a.maxconn, a.backup, a.cookie.as_deref()), (20, 10, true, Some("c")));
    let check = a.check.unwrap();
    assert_eq!((check.inter, check.fall, check.rise), (1_000, 1, 2));
    assert_eq!((a.live.health(), a.live.check_position.load(Relaxed)), (Health::Up, 2));
    assert_eq!(a.source, Some("127.0.0.9:0".parse().unwrap()));

    assert_eq!(**b.address.load(), ServerAddress::InetOffset("127.0.0.1".parse().unwrap(), 0));
    assert!(b.check.is_none() && b.live.has(Admin::Maintenance));
    assert_eq!(b.live.health(), Health::Unchecked);
    assert_eq!(b.source, Some("127.0.0.8:99".parse().unwrap()));

    assert_eq!(**c.address.load(), ServerAddress::InetOffset("127.0.0.1".parse().unwrap(), 5));
    assert_eq!((c.check.unwrap().port, c.live.health()), (Some(1), Health::GoingDown));

    assert_eq!(
        (ServerAddress::clone(&d.address.load()), d.send_proxy),
        (ServerAddress::Unix("/tmp/d".into()), 2)
    );
}

#[test]
fn listeners_and_their_options() {
    let plan = Loaded::text(
        "binds",
        &format!(
            "frontend f\n{TIMEOUTS}    bind 127.0.0.1:90-92,:::93 name x v6only backlog 7\n    bind \
             unix@/tmp/f mode 600 uid 3\n    bind abns@f\n    backlog 9\n    maxconn 8\n"
        ),
    );
    // `timeout connect` and `timeout server` mean nothing to a frontend.
    assert_eq!((plan.report.warnings(), plan.report.alerts()), (2, 0), "{}", plan.said());
    let plan = plan.plan.unwrap();
    let frontend = &plan.frontends[0];
    let listens: Vec<Listen> = frontend.binds.iter().map(|bind| bind.listen.clone()).collect();
    let inet = |text: &str| Listen::Inet(text.parse().unwrap());
    assert_eq!(
        listens,
        [
            inet("127.0.0.1:90"),
            inet("127.0.0.1:91"),
            inet("127.0.0.1:92"),
            inet("[::]:93"),
            Listen::Unix("/tmp/f".into()),
            Listen::Abstract("f".to_owned()),
        ]
    );
    assert_eq!(frontend.binds[3].name.as_deref(), Some("x"));
    assert!(frontend.binds[3].v6only && frontend.binds[3].backlog == Some(7));
    assert_eq!((frontend.binds[4].mode, frontend.binds[4].uid), (Some(0o600), Some(3)));
    assert_eq!(frontend.backlog, Some(9));
    assert_eq!(frontend.live.maxconn.load(Relaxed), 8);
}

#[test]
fn a_backend_in_full() {
    let plan = Loaded::text(
        "backend",
        &format!(
            "backend b\n    mode http\n{TIMEOUTS}    timeout queue 3s\n    balance leastconn\n    \
             http-reuse aggressive\n    retries 1\n    option redispatch 2\n    option \
             http-server-close\n    option allbackups\n    option splice-auto\n    option tcpka\n    \
             option abortonclose\n    fullconn 50\n    cookie SRV insert indirect nocache preserve \
             httponly secure domain .example.org attr SameSite=None\n    option forwardfor header \
             X-Real if-none except 10.0.0.0/8\n"
        ),
    );
    // `timeout client` means nothing to a backend.
    assert_eq!((plan.report.warnings(), plan.report.alerts()), (1, 0), "{}", plan.said());
    let plan = plan.plan.unwrap();
    let backend = &plan.backends[0];
    assert_eq!((backend.algorithm, backend.reuse), (Algorithm::LeastConn, Reuse::Aggressive));
    assert_eq!((backend.retries, backend.redispatch, backend.fullconn), (1, Some(2), 50));
    assert_eq!(backend.timeouts.queue, Some(3_000));
    assert!(backend.server_close && !backend.http_close && backend.all_backups);
    assert!(backend.splice_request && backend.splice_response);
    assert!(backend.tcp_keep_alive && backend.abort_on_close);
    let cookie = backend.persistence.as_ref().unwrap();
    assert_eq!((cookie.name.as_str(), cookie.postonly), ("SRV", false));
    assert!(cookie.indirect && cookie.nocache && cookie.preserve);
    assert!(cookie.http_only && cookie.secure);
    assert_eq!((cookie.domains.len(), cookie.attributes[0].as_str()), (1, "SameSite=None"));
    let forward = backend.forward_for.as_ref().unwrap();
    assert_eq!((forward.header.as_str(), forward.if_none), ("X-Real", true));
    assert_eq!(forward.except, Some(("10.0.0.0".parse().unwrap(), 8)));
}

#[test]
fn fullconn_is_a_tenth_of_what_may_come() {
    // HAProxy 3.4 reports 999 for a maxconn of 9990 or 9985, and 1 for a backend without use.
    let text = format!(
        "global\n    maxconn 9985\ndefaults\n{TIMEOUTS}frontend f\n    bind 127.0.0.1:1\n    \
         default_backend b\nbackend b\nbackend unused\n"
    );
    let plan = Loaded::text("fullconn", &text).clean();
    assert_eq!((plan.backends[0].fullconn, plan.backends[1].fullconn), (999, 1));
}

#[test]
fn the_statistics_page() {
    let plan = Loaded::text(
        "stats",
        &format!(
            "global\n    node left\ndefaults\n{TIMEOUTS}    mode http\nlisten s\n    bind \
             127.0.0.1:1\n    stats uri /s\n    stats refresh 5\n    stats auth a:b\n    stats \
             show-node\n    stats scope .\nlisten t\n    bind 127.0.0.1:2\n    stats enable\n"
        ),
    )
    .clean();
    let page = plan.frontends[0].stats.as_ref().unwrap();
    assert_eq!((page.uri.as_str(), page.refresh, page.users[0].as_str()), ("/s", Some(5), "a:b"));
    assert_eq!((page.show_node.as_deref(), page.scope[0].as_str()), (Some("left"), "s"));
    let page = plan.frontends[1].stats.as_ref().unwrap();
    assert_eq!((page.uri.as_str(), page.realm.as_str()), ("/haproxy?stats", "HAProxy Statistics"));
}

#[test]
fn an_acl_may_have_several_lines_also_below_its_use() {
    let plan = Loaded::text(
        "acls",
        &format!(
            "defaults\n{TIMEOUTS}    mode http\nfrontend f\n    bind 127.0.0.1:1\n    acl a path /a\n    \
             http-request deny if a\n    acl a path /b\n"
        ),
    )
    .clean();
    let frontend = &plan.frontends[0];
    assert_eq!(frontend.acls.len(), 1);
    let condition = frontend.http_request.0[0].condition.as_ref().unwrap();
    assert_eq!(condition.acls().next().unwrap().tests.len(), 2);
}

#[test]
fn a_name_that_cannot_be_resolved_starts_in_maintenance_under_dr() {
    let options = Options { ignore_resolution_failures: true, ..Options::default() };
    let text = format!("defaults\n{TIMEOUTS}backend b\n    server s nowhere.invalid:80 check\n");
    let plan = Loaded::text_with("dr", &text, &options).clean();
    assert!(plan.backends[0].servers[0].live.has(Admin::Maintenance));
    assert!(Loaded::text("dr", &text).plan.is_none());
}
