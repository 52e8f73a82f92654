//! Ways out of the root, and that they are closed.

use std::os::unix::fs::symlink;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::support::{Folder, Server};

#[test]
fn dots_and_escapes_lead_nowhere() {
    let folder = Folder::new();
    folder.file("index.html", "home").file(".env", "secret").file("a/.git/config", "secret");
    folder.file(".well-known/security.txt", "contact").file("%41.txt", "percent");
    std::fs::write(folder.path("secret"), "secret").unwrap();
    let server = Server::start(folder, "");
    for (target, status) in [
        ("/../secret", 400),
        ("/%2e%2e/secret", 400),
        ("/a/%2E./%2e%2e/secret", 400),
        ("/..%2fsecret", 404),
        ("/%2fetc%2fpasswd", 404),
        ("/index.html%00.txt", 400),
        ("/index.html%", 400),
        ("/..\\secret", 404),
        ("/.env", 404),
        ("/%2eenv", 404),
        ("/a/.git/config", 404),
        ("/.well-known/security.txt", 200),
        ("/%2541.txt", 200),
        ("/%41.txt", 404),
    ] {
        assert_eq!(server.get(target, "").status, status, "{target}");
    }
}

#[test]
fn links_may_not_lead_out_unless_allowed() {
    let make = || {
        let folder = Folder::new();
        folder.file("inside.txt", "inside");
        std::fs::create_dir(folder.path("outside")).unwrap();
        std::fs::write(folder.path("outside/secret.txt"), "secret").unwrap();
        let link =
            |target: &str, name: &str| symlink(target, folder.path("site").join(name)).unwrap();
        link("inside.txt", "good.txt");
        link("../outside/secret.txt", "relative.txt");
        link(folder.path("outside/secret.txt").to_str().unwrap(), "absolute.txt");
        link("../outside", "directory");
        link("loop.txt", "loop.txt");
        folder
    };
    let server = Server::start(make(), "");
    assert_eq!(server.get("/good.txt", "").text(), "inside");
    for target in
        ["/relative.txt", "/absolute.txt", "/directory/secret.txt", "/directory", "/loop.txt"]
    {
        assert_eq!(server.get(target, "").status, 404, "{target}");
    }
    let server = Server::start(make(), "follow_symlinks: true\n");
    for target in ["/relative.txt", "/absolute.txt", "/directory/secret.txt"] {
        assert_eq!(server.get(target, "").text(), "secret", "{target}");
    }
    assert_eq!(server.get("/loop.txt", "").status, 404);
}

#[test]
fn only_regular_files_are_served() {
    let folder = Folder::new();
    mkfifo(&folder.path("site/pipe"), Mode::from_bits_truncate(0o644)).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("site/socket")).unwrap();
    let server = Server::start(folder, "");
    assert_eq!(server.get("/pipe", "").status, 404);
    assert_eq!(server.get("/socket", "").status, 404);
}
