//! Loading a large configuration: 1,000 backends of 50 servers in 96,000 lines. `EVENKEEL_LARGE=<file>`
//! writes it there instead, for comparing whole programs.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use evenkeel::config::document::Document;
use evenkeel::config::{Options, load};
use evenkeel::syntax::diagnostic::Report;
use evenkeel::syntax::environment::Environment;

fn large_configuration(criterion: &mut Criterion) {
    let text = configuration(1000, 50);
    if let Some(path) = std::env::var_os("EVENKEEL_LARGE") {
        return std::fs::write(path, text).expect("the file can be written");
    }
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("1000 backends of 50 servers", |bencher| {
        bencher.iter(|| {
            let mut report = Report::default();
            let environment = &mut Environment::default();
            let document = Document::parse("large.cfg", black_box(&text), environment, &mut report);
            load(&document, &Options::default(), &mut report).expect("no alerts")
        });
    });
    group.finish();
}

fn configuration(backends: usize, servers: usize) -> String {
    let mut text = HEAD.to_owned();
    for backend in 0..backends {
        let _ = writeln!(text, "    acl host_{backend} hdr(host) -i site{backend}.example.com");
        let _ = writeln!(text, "    use_backend backend_{backend} if host_{backend}");
    }
    for backend in 0..backends {
        let _ = writeln!(text, "backend backend_{backend}\n    balance roundrobin");
        let _ =
            writeln!(text, "    option httpchk GET /health\n    default-server inter 5s rise 2");
        for field in 0..40 {
            let _ = writeln!(text, "    http-request set-header X-{field} value-{backend}-{field}");
        }
        let (high, low) = (backend / 250, backend % 250);
        for server in 1..=servers {
            let address = format!("10.{high}.{low}.{server}:80");
            let _ = writeln!(text, "    server s{server} {address} check weight 10 maxconn 100");
        }
    }
    text
}

const HEAD: &str = "\
global
    maxconn 10000
defaults
    mode http
    timeout client 30s
    timeout connect 5s
    timeout server 30s
frontend main
    bind 127.0.0.1:8080
    default_backend backend_0
";

criterion_group!(benches, large_configuration);
criterion_main!(benches);
