//! Lists of patterns: how long a search takes in a map of a million networks and in an ACL of a
//! hundred strings, and what it takes to build and to change them.

use std::hint::black_box;
use std::net::Ipv4Addr;

use criterion::{Criterion, criterion_group, criterion_main};
use evenkeel::pattern::{How, Method, Output, Store, Use};
use evenkeel::sample::Value;

fn lists(criterion: &mut Criterion) {
    let store = Store::default();
    let how = |method| How { method, ignore_case: false, resolve: false, output: Output::Str };
    let used = Use { map: true, span: None };
    let open = |name: &str, method| store.file(name, how(method), used).expect("a virtual file");
    let fill = |name: &str, keys: &[String]| {
        let list = store.find(name).expect("it was opened");
        let pairs: Vec<(&[u8], &[u8])> =
            keys.iter().map(|key| (key.as_bytes(), &b"value"[..])).collect();
        list.add_all(None, &pairs).expect("good patterns");
        list
    };

    let spread = |n: u32| n.wrapping_mul(2_654_435_761);
    let networks: Vec<String> =
        (0..MILLION).map(|n| format!("{}/{}", Ipv4Addr::from(spread(n)), 16 + n % 17)).collect();
    let ip = open("virt@ip", Method::Ip);
    let list = fill("virt@ip", &networks);
    let mut n = 0;
    criterion.bench_function("pattern/ip of a million", |bench| {
        bench.iter(|| {
            n = spread(n + 1);
            black_box(ip.find(&Value::Ip(Ipv4Addr::from(n).into()))).is_some()
        });
    });
    criterion.bench_function("pattern/add one to a million", |bench| {
        bench.iter(|| list.add(b"192.0.2.1", b"x").is_ok());
    });

    let paths: Vec<String> = (0..MILLION).map(|n| format!("/path/{}/", spread(n))).collect();
    for (name, method) in [("str", Method::Str), ("beg", Method::Beg)] {
        let file = format!("virt@{name}");
        let view = open(&file, method);
        fill(&file, &paths);
        let mut n = 0;
        criterion.bench_function(&format!("pattern/{name} of a million"), |bench| {
            bench.iter(|| {
                n = (n + 7919) % MILLION;
                black_box(view.find(&Value::str(paths[n as usize].as_bytes()))).is_some()
            });
        });
    }

    let hundred: Vec<String> = (0..100).map(|n| format!("/path/{n}")).collect();
    for (name, method) in
        [("str", Method::Str), ("beg", Method::Beg), ("end", Method::End), ("sub", Method::Sub)]
    {
        let file = format!("virt@hundred-{name}");
        let view = open(&file, method);
        fill(&file, &hundred);
        let sample = Value::str(b"/static/img/logo.png");
        criterion.bench_function(&format!("pattern/{name} of a hundred, none"), |bench| {
            bench.iter(|| black_box(view.contains(black_box(&sample))));
        });
    }
}

const MILLION: u32 = 1_000_000;

criterion_group!(benches, lists);
criterion_main!(benches);
