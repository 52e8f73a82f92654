//! Servers that come and go, and what is told of them: the words of HAProxy 3.4.0.

use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::*;
use crate::health::tests::{answering, closed, plan, run, server};
use crate::log::SenderSettings;

fn sender() -> Rc<Sender> {
    Rc::new(Sender::new(SenderSettings {
        tag: "haproxy".to_owned(),
        hostname: None,
        pid: 1,
        announce: false,
    }))
}

fn daemon() -> (UdpSocket, u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

/// The next line at the log daemon, with every duration as 0.
async fn line(socket: &UdpSocket) -> String {
    let mut buffer = [0; 2000];
    loop {
        if let Ok(length) = socket.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let (Some(at), Some(end)) = (text.find("duration: "), text.find("ms")) else {
                return text;
            };
            return format!("{}0{}", &text[..at + 10], &text[end..]);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A server that answers 200 or 503.
fn switched(up: Arc<AtomicBool>) -> std::net::SocketAddr {
    server(move |mut stream| {
        use std::io::{Read, Write};
        let _ = stream.read(&mut [0; 4096]);
        let status = if up.load(SeqCst) { "200 OK" } else { "503 Unavail" };
        let _ = stream.write_all(format!("HTTP/1.0 {status}\r\n\r\n").as_bytes());
    })
}

fn text(port: u16, lines: &str) -> String {
    format!(
        "defaults\n mode http\n log 127.0.0.1:{port} format short local0\n timeout connect 1s\n \
         timeout server 1s\n timeout client 1s\n default-server inter 40ms fall 2 rise 2\n{lines}"
    )
}

#[test]
fn a_backend_falls_back_and_comes_back() {
    let (socket, port) = daemon();
    let up = Arc::new(AtomicBool::new(true));
    let (flap, fine) = (switched(Arc::clone(&up)), answering("HTTP/1.0 200 OK\r\n\r\n"));
    let plan = plan(&text(
        port,
        &format!(
            "backend quiet\n option httpchk\n server flap {flap} check\n \
             server b1 {fine} check backup\n"
        ),
    ));
    run(async {
        start(&plan, 0, 1, sender());
        let live = &plan.backends[0].servers[0].live;
        while live.check_position.load(Relaxed) != 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        up.store(false, SeqCst);
        assert_eq!(
            line(&socket).await,
            "<1>Server quiet/flap is DOWN, reason: Layer7 wrong status, code: 503, info: \
             \"Unavail\", check duration: 0ms. 0 active and 1 backup servers left. Running on \
             backup. 0 sessions active, 0 requeued, 0 remaining in queue.\n"
        );
        assert!(!live.health().is_up());
        assert_eq!(live.failed_checks.load(Relaxed), 2);
        assert_eq!(live.down_transitions.load(Relaxed), 1);
        assert!(plan.backends[0].live.up.load(Relaxed), "the backup serves");
        up.store(true, SeqCst);
        assert_eq!(
            line(&socket).await,
            "<5>Server quiet/flap is UP, reason: Layer7 check passed, code: 200, check duration: \
             0ms. 1 active and 1 backup servers online. 0 sessions requeued, 0 total in queue.\n"
        );
        assert_eq!(live.check_position.load(Relaxed), 3);
    });
}

#[test]
fn the_last_server_takes_its_backend_with_it() {
    let (socket, port) = daemon();
    let plan = plan(&text(port, &format!("backend only\n server s1 {} check\n", closed())));
    run(async {
        start(&plan, 0, 1, sender());
        assert_eq!(
            line(&socket).await,
            "<1>Server only/s1 is DOWN, reason: Layer4 connection problem, info: \"ECONNREFUSED \
             returned by OS (Connection refused)\", check duration: 0ms. 0 active and 0 backup \
             servers left. 0 sessions active, 0 requeued, 0 remaining in queue.\n"
        );
        assert_eq!(line(&socket).await, "<0>backend only has no server available!\n");
        assert!(!plan.backends[0].live.up.load(Relaxed));
    });
}

#[test]
fn every_change_is_told_of_where_asked_for() {
    let (socket, port) = daemon();
    let fine = answering("HTTP/1.0 200 OK\r\n\r\n");
    let plan = plan(&text(
        port,
        &format!(
            "backend bb\n log-tag other\n option log-health-checks\n option httpchk\n \
             server s1 {fine} check fall 1\n server b1 {} check backup fall 1\n",
            closed()
        ),
    ));
    run(async {
        start(&plan, 0, 1, sender());
        for expected in [
            "<5>Health check for server bb/s1 succeeded, reason: Layer7 check passed, code: 200, \
             check duration: 0ms, status: 1/1 UP.\n",
            "<5>Health check for backup server bb/b1 failed, reason: Layer4 connection problem, \
             info: \"ECONNREFUSED returned by OS (Connection refused)\", check duration: 0ms, \
             status: 0/2 DOWN.\n",
            "<1>Backup Server bb/b1 is DOWN. 1 active and 0 backup servers left. 0 sessions \
             active, 0 requeued, 0 remaining in queue.\n",
        ] {
            assert_eq!(line(&socket).await, expected);
        }
    });
}

#[test]
fn requests_that_wait_get_the_slots_of_a_server_that_came_up() {
    let (socket, port) = daemon();
    let up = Arc::new(AtomicBool::new(false));
    let address = switched(Arc::clone(&up));
    let plan = plan(&text(
        port,
        &format!("backend b\n option httpchk\n server s1 {address} check maxconn 1\n"),
    ));
    run(async {
        start(&plan, 0, 1, sender());
        assert!(line(&socket).await.contains("s1 is DOWN"));
        let queue = &plan.backends[0].live.queue;
        let ((first, _), (_second, _)) = (queue.join(), queue.join());
        up.store(true, SeqCst);
        let served = std::future::poll_fn(|cx| first.poll(cx)).await;
        assert_eq!((served, queue.len()), (0, 1), "one slot, one request");
        assert!(line(&socket).await.contains("no server available"));
        assert!(line(&socket).await.contains("1 sessions requeued"));
    });
}

#[test]
fn servers_are_shared_among_workers_and_maintenance_rests() {
    let (_socket, port) = daemon();
    let fine = answering("HTTP/1.0 200 OK\r\n\r\n");
    let plan = plan(&text(
        port,
        &format!(
            "backend b\n server a {fine} check\n server b {fine} check\n server c {fine}\n \
             server d {fine} check\n"
        ),
    ));
    let servers = &plan.backends[0].servers;
    servers[0].live.set_admin(Admin::Maintenance, true);
    run(async {
        start(&plan, 0, 2, sender());
        tokio::time::sleep(Duration::from_millis(300)).await;
        let checked: Vec<_> =
            servers.iter().map(|server| server.live.check.lock().unwrap().ended_ms > 0).collect();
        assert_eq!(checked, [false, false, false, true]);
    });
}
