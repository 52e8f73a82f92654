//! The JSON interface.

use serde_json::json;

use crate::support::{Stage, with_each_database};

with_each_database! {
    messages_are_listed,
    a_message_is_added_by_a_user,
    a_node_says_who_it_is,
}

fn messages_are_listed(stage: &Stage) {
    let node = stage.node("limits: {page_size: 2}");
    let page = node.browser().get("/app/api/messages?page=2").json();
    assert_eq!((&page["page"], &page["pages"], &page["total"]), (&json!(2), &json!(2), &json!(3)));
    let message = &page["messages"][0];
    assert_eq!((&message["id"], &message["author"]), (&json!(1), &json!("demo")));
    assert_eq!(message["title"], "An even keel");
    let created_at = message["created_at"].as_str().unwrap();
    assert!(created_at.len() == 20 && created_at.ends_with('Z'), "{created_at}");
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
}

fn a_message_is_added_by_a_user(stage: &Stage) {
    let node = stage.node("");
    let message = json!({ "title": "by a program", "body": "{}" });
    let reply = node.browser().post_json("/app/api/messages", &message);
    assert_eq!((reply.status, reply.json()), (401, json!({ "error": "Sign in first." })));

    let mut browser = node.browser().demo();
    let reply = browser.post_json("/app/api/messages", &message);
    assert_eq!((reply.status, reply.json()), (201, json!({ "id": 4 })));
    assert_eq!(reply.header("location"), Some("/app/messages/4"));
    assert_eq!(browser.get("/app/api/messages").json()["messages"][0]["title"], "by a program");

    let reply = browser.post_json("/app/api/messages", &json!({ "title": " ", "body": "text" }));
    let errors = json!({ "errors": { "title": "Write a title." } });
    assert_eq!((reply.status, reply.json()), (422, errors));
    // What a foreign page can make a browser send: no JSON, or JSON that is marked as foreign.
    let fields = [("title", "forged"), ("body", "forged")];
    assert_eq!(browser.post("/app/api/messages", &fields).status, 415);
    let reply = browser.request("POST", "/app/api/messages", "application/json", "{");
    assert_eq!((reply.status, reply.json()["error"].is_string()), (400, true));
    browser.headers.push(("sec-fetch-site", "same-site".to_owned()));
    assert_eq!(browser.post_json("/app/api/messages", &message).status, 403);
    assert_eq!(browser.get("/app/api/messages").json()["total"], 4);
    assert_eq!(
        browser.get("/app/api/nothing").json()["error"],
        "There is nothing at this address."
    );
}

fn a_node_says_who_it_is(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    let me = browser.get("/app/api/whoami").json();
    assert_eq!((&me["node"], &me["user"]), (&json!("app1"), &json!(null)));
    assert_eq!((&me["client"], &me["x_forwarded_for"]), (&json!("127.0.0.1"), &json!(null)));
    match &stage.version {
        Some(version) => {
            assert_eq!(me["database"]["kind"], "MariaDB");
            assert_eq!(me["database"]["version"], version.as_str());
        }
        None => assert_eq!(me["database"]["kind"], "SQLite"),
    }
    let mut browser = browser.demo();
    browser.headers.push(("x-forwarded-for", "203.0.113.9".to_owned()));
    browser.headers.push(("x-forwarded-for", "192.0.2.7".to_owned()));
    let me = browser.get("/app/api/whoami").json();
    assert_eq!(me["x_forwarded_for"], "203.0.113.9, 192.0.2.7");
    assert_eq!((&me["client"], &me["user"]), (&json!("192.0.2.7"), &json!("demo")));

    let node = stage.node("trusted_proxies: [192.0.2.1]");
    let mut browser = browser.at(node.address);
    assert_eq!(browser.get("/app/api/whoami").json()["client"], "127.0.0.1", "not to be believed");
}
