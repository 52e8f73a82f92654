//! Requests per second through the running proxy: the built binary with a configuration, a minimal
//! origin behind it, and clients that wait for each answer. The proxy has one worker; clients and
//! origin use the rest of the machine, so compare these figures only with each other.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn throughput(criterion: &mut Criterion) {
    let proxy = Proxy::start(origin());
    let mut group = criterion.benchmark_group("throughput");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    group.bench_function("http/1 keep-alive", |bencher| {
        bencher.iter_custom(|requests| shared(requests, |n| keep_alive(proxy.http, n)));
    });
    group.bench_function("tcp, a connection per exchange", |bencher| {
        bencher.iter_custom(|requests| shared(requests, |n| short(proxy.tcp, n)));
    });
    group.finish();
}

/// The time that all clients together take for `requests`.
fn shared(requests: u64, client: impl Fn(u64) + Sync) -> Duration {
    let started = Instant::now();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let mine = requests / CLIENTS + u64::from(number < requests % CLIENTS);
            let client = &client;
            scope.spawn(move || client(mine));
        }
    });
    started.elapsed()
}

fn keep_alive(proxy: SocketAddr, requests: u64) {
    let mut stream = connect(proxy);
    for _ in 0..requests {
        stream.write_all(REQUEST).expect("send to the proxy");
        read_answer(&mut stream);
    }
}

fn short(proxy: SocketAddr, exchanges: u64) {
    for _ in 0..exchanges {
        let mut stream = connect(proxy);
        stream.write_all(REQUEST).expect("send to the proxy");
        read_answer(&mut stream);
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connect to the proxy");
    stream.set_nodelay(true).expect("set an option");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("set an option");
    stream
}

/// Reads up to the end of the body, which ends every answer.
fn read_answer(stream: &mut TcpStream) {
    let (mut answer, mut length) = ([0; 1024], 0);
    while !answer[..length].ends_with(BODY) {
        let read = stream.read(&mut answer[length..]).expect("read from the proxy");
        assert!(
            read > 0,
            "the proxy closed after {:?}",
            answer[..length].escape_ascii().to_string()
        );
        length += read;
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
}

/// Answers whatever arrives; a thread per connection, until the end of the process.
fn origin() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listen as origin");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut request = [0; 1024];
    // The request is far below a segment, so it arrives at once.
    while stream.read(&mut request).is_ok_and(|length| length > 0) {
        if stream.write_all(ANSWER).is_err() {
            return;
        }
    }
}

/// The proxy under test, ended with this value.
struct Proxy {
    process: Child,
    configuration: PathBuf,
    http: SocketAddr,
    tcp: SocketAddr,
}

impl Proxy {
    fn start(origin: SocketAddr) -> Self {
        let (http, tcp) = (free_address(), free_address());
        let configuration =
            std::env::temp_dir().join(format!("evenkeel-bench-{}.cfg", std::process::id()));
        let text = format!(
            "global\n  nbthread 1\ndefaults\n  timeout connect 5s\n  timeout client 30s\n  \
             timeout server 30s\nlisten http\n  mode http\n  bind {http}\n  server s {origin}\n\
             listen tcp\n  mode tcp\n  bind {tcp}\n  server s {origin}\n"
        );
        fs::write(&configuration, text).expect("write the configuration");
        let process = Command::new(env!("CARGO_BIN_EXE_evenkeel"))
            .args(["-db", "-f"])
            .arg(&configuration)
            .stdout(Stdio::null())
            .spawn()
            .expect("start evenkeel");
        let mut proxy = Self { process, configuration, http, tcp };
        proxy.wait();
        proxy
    }

    fn wait(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(self.http).is_err() {
            assert!(matches!(self.process.try_wait(), Ok(None)), "evenkeel ended");
            assert!(Instant::now() < deadline, "evenkeel does not listen");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.configuration);
    }
}

/// Free as far as one can tell.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a free port")
}

const CLIENTS: u64 = 16;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n";

const BODY: &[u8] = b"the end of every body";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\nthe end of every body";

criterion_group!(benches, throughput);
criterion_main!(benches);
