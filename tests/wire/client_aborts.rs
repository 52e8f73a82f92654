//! Clients that leave while a server is at work for them.

use crate::Simple;

#[test]
fn a_client_that_closes_while_the_server_works_frees_the_server() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    client.finish();
    server.is_gone();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (400, "CH--"));
}

#[test]
fn without_abortonclose_a_client_that_closed_its_half_is_answered() {
    let simple = Simple::with("no option abortonclose", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    client.finish();
    server.ok("late");
    assert_eq!(client.response().text(), "late");
    assert_eq!(simple.log.http().state, "----");
}

#[test]
fn a_client_that_breaks_off_frees_the_server_in_any_case() {
    let simple = Simple::with("no option abortonclose", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    client.reset();
    server.is_gone();
    assert_eq!(simple.log.http().state, "CD--");
}
