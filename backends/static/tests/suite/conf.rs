//! The configuration and the site that come with the project, seen by a client of another make.

use std::path::{Path, PathBuf};
use std::process::Command;

use evenkeel_static::config::Config;
use evenkeel_static::site::Site;

use crate::support::{Folder, Server};

fn conf() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conf")
}

#[test]
fn the_example_is_valid_and_its_links_lead_somewhere() {
    let config = Config::load(&conf().join("static.yaml")).unwrap();
    assert_eq!(config.listen, ["127.0.0.1:8081".parse().unwrap()]);
    let site = Site::new(&config).unwrap();
    for page in ["index.html", "404.html"] {
        let text = std::fs::read_to_string(conf().join("site").join(page)).unwrap();
        let links = text.split(['"']).skip(1).step_by(2).filter_map(|word| word.strip_prefix('/'));
        let ours: Vec<_> = links.filter(|l| !matches!(*l, "" | "app/" | "stats")).collect();
        assert!(!ours.is_empty());
        for link in ours {
            assert!(site.root.open_file(link.as_bytes()).is_some(), "{page} links to /{link}");
        }
        assert!(!text.contains("://"), "{page} needs something from elsewhere");
    }
}

#[test]
fn curl_gets_what_it_asks_for() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("curl is not installed: not tested");
        return;
    }
    let folder = Folder::new();
    let content: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
    folder.file("data.bin", &content).file("index.html", "home");
    let server = Server::start(folder, "");
    let curl = |arguments: &[&str], path: &str| {
        let url = format!("http://{}{path}", server.address());
        let output =
            Command::new("curl").args(["-sS", "-m", "10"]).args(arguments).arg(url).output();
        output.unwrap().stdout
    };
    assert!(curl(&[], "/data.bin") == content);
    assert_eq!(curl(&["-r", "8-15"], "/data.bin"), content[8..16]);
    assert_eq!(curl(&["-0"], "/"), b"home");
    let status = ["-o", "/dev/null", "-w", "%{http_code}"];
    assert_eq!(curl(&status, "/none"), b"404");
    assert_eq!(
        curl(&[&status[..], &["-z", "Mon, 07 Nov 1994 00:00:00 GMT"]].concat(), "/"),
        b"304"
    );
    assert_eq!(curl(&[&status[..], &["--path-as-is"]].concat(), "/../x"), b"400");
    assert_eq!(curl(&[&status[..], &["-d", "x=1"]].concat(), "/"), b"405");

    let part = server.folder.path("part");
    std::fs::write(&part, &content[..150_000]).unwrap();
    curl(&["-C", "-", "-o", part.to_str().unwrap()], "/data.bin");
    assert!(std::fs::read(&part).unwrap() == content, "a resumed download differs");
}
