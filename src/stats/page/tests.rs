//! Requests for the page, and what they are answered.

use super::*;
use crate::exchange::Buffer;
use crate::http::h1;
use crate::stats::fixture;
use crate::{live, proxy};

struct Site {
    plan: proxy::Plan,
    process: live::Process,
    page: StatsPage,
}

impl Site {
    fn new() -> Self {
        Self { plan: fixture::plan(), process: fixture::process(), page: fixture::page() }
    }

    fn ask(&self, head: &str) -> Reply {
        let request = request(head);
        assert!(matches(&self.page, &request), "{head}");
        let context = Context {
            plan: &self.plan,
            process: &self.process,
            workers: fixture::WORKERS,
            now_ms: crate::time::monotonic_ms(),
        };
        answer(&self.page, &context, &request)
    }

    fn get(&self, target: &str) -> Reply {
        self.ask(&format!("GET {target} HTTP/1.1\r\nHost: x\r\n"))
    }

    fn text(&self, target: &str) -> String {
        String::from_utf8(self.get(target).body.to_vec()).unwrap()
    }
}

fn request(head: &str) -> Message {
    let mut message = Message::empty();
    let mut buffer = Buffer::take();
    let text = format!("{head}\r\n");
    buffer.append(text.as_bytes());
    message.reset(buffer);
    assert_eq!(h1::parse_request(&mut message), Ok(Some(text.len())));
    message
}

fn field<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    let found = reply.fields.iter().find(|(other, _)| &**other == name.as_bytes());
    found.map(|(_, value)| std::str::from_utf8(value).unwrap())
}

/// Each as HAProxy 3.4.0 decides it.
#[test]
fn the_page_is_where_targets_begin_with_its_uri() {
    let page = fixture::page();
    for (line, expected) in [
        ("GET /stats", true),
        ("HEAD /stats", true),
        ("POST /stats", true),
        ("GET /stats;csv", true),
        ("GET /stats?foo", true),
        ("GET /statsfoo", true),
        ("GET /stats/foo", true),
        ("GET http://x/stats", true),
        ("GET /stat", false),
        ("GET //stats", false),
        ("OPTIONS /stats", false),
        ("PUT /stats", false),
    ] {
        let request = request(&format!("{line} HTTP/1.1\r\nHost: x\r\n"));
        assert_eq!(matches(&page, &request), expected, "{line}");
    }
}

/// Content type and refresh field as HAProxy 3.4.0 sends them.
#[test]
fn options_choose_the_form() {
    let site = Site::new();
    for (target, content_type, refresh, start) in [
        ("/stats;csv", "text/plain", Some("5"), "# pxname,svname,"),
        ("/stats;csvx", "text/plain", Some("5"), "# pxname,"),
        ("/stats;foo;csv", "text/plain", Some("5"), "# pxname,"),
        ("/stats;up;csv;norefresh", "text/plain", None, "# pxname,"),
        ("/stats;typed", "text/plain", Some("5"), "F.2.0.0.pxname.1:KNSV:str:web\n"),
        ("/stats;json", "application/json", Some("5"), "[[{\"objType\":\"Frontend\","),
        ("/stats;json-schema", "application/json", Some("5"), "{\"$schema\":"),
        ("/stats;foocsv", "text/html", None, "<!DOCTYPE html>"),
        ("/stats;st=DONE", "text/html", None, "<!DOCTYPE html>"),
    ] {
        let reply = site.get(target);
        assert_eq!(reply.status, 200, "{target}");
        assert_eq!(field(&reply, "content-type"), Some(content_type), "{target}");
        assert_eq!(field(&reply, "cache-control"), Some("no-cache"), "{target}");
        assert_eq!(field(&reply, "refresh"), refresh, "{target}");
        assert!(reply.body.starts_with(start.as_bytes()), "{target}");
    }
    assert!(!site.text("/stats;csv;up").contains("\napp,s3,"));
    assert!(site.text("/stats;csv").contains("\napp,s3,"));
    assert!(!site.text("/stats;csv?scope=app").contains("\ndb,"));
}

/// Status, fields and body as HAProxy 3.4.0 sends them.
#[test]
fn who_is_not_a_user_is_asked_for_a_password() {
    let mut site = Site::new();
    site.page.users = vec!["other:x".to_owned(), "admin:secret".to_owned()];
    let reply = site.get("/stats");
    assert_eq!(reply.status, 401);
    assert_eq!(field(&reply, "www-authenticate"), Some("Basic realm=\"My Stats\""));
    assert_eq!(reply.body.len(), 112);
    let with = |credentials: &str| {
        let line = format!("Authorization: {credentials}\r\n");
        site.ask(&format!("GET /stats HTTP/1.1\r\nHost: x\r\n{line}")).status
    };
    assert_eq!(with("Basic YWRtaW46c2VjcmV0"), 200);
    assert_eq!(with("basic YWRtaW46c2VjcmV0"), 200);
    assert_eq!(with("Basic YWRtaW46d3Jvbmc="), 401, "a wrong password");
    assert_eq!(with("Basic"), 401);
}

#[test]
fn a_form_that_is_sent_is_refused() {
    let site = Site::new();
    let reply = site.ask("POST /stats HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n");
    assert_eq!((reply.status, field(&reply, "location")), (303, Some("/stats;st=DENY")));
    assert!(site.text("/stats;st=DENY").contains("Access denied"));
}

#[test]
fn the_page_shows_every_line_and_only_its_scope() {
    let mut site = Site::new();
    let html = site.text("/stats");
    for id in ["web/Frontend", "app/s1", "app/s3", "app/Backend", "db/Frontend", "db/Backend"] {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(html.contains("<title>Statistics Report for Evenkeel on lb1</title>"));
    assert!(html.contains("<tr class=\"maintain\" id=\"app/s3\">"), "{html}");
    assert!(!html.contains("version 3.4.0"), "hidden");
    site.page.scope = vec!["db".to_owned()];
    site.page.show_legends = false;
    let html = site.text("/stats");
    assert!(html.contains("id=\"db/m1\"") && !html.contains("id=\"app/s1\""));
    assert!(!html.contains("127.0.0.1"), "addresses are legends");
}

#[test]
fn names_cannot_break_out_of_the_page() {
    let mut site = Site::new();
    site.plan.backends[0].servers[0].name = "<img src=x onerror=\"alert(1)\">".to_owned();
    site.page.show_description = Some("</style><script>".to_owned());
    let html = site.text("/stats");
    assert!(!html.contains("<img") && !html.contains("</style><script>"));
    assert!(html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"));
}
