//! A client that connects to the virtual address every few milliseconds and notes who answers.

use std::{
    io::Read,
    net::{IpAddr, SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    lab::{Lab, wait_for},
    node::PORT,
};

pub(crate) struct Client {
    answers: Arc<Mutex<Vec<Answer>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

struct Answer {
    at: Instant,
    /// `None` when nobody answered.
    from: Option<String>,
}

impl Client {
    pub(crate) fn start(lab: &Lab, address: &str) -> Self {
        let address: IpAddr = address.parse().unwrap();
        let answers = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (list, end) = (Arc::clone(&answers), Arc::clone(&stop));
        let thread = lab.on("c", move || {
            while !end.load(Ordering::Relaxed) {
                let from = ask(address);
                list.lock().unwrap().push(Answer { at: Instant::now(), from });
                thread::sleep(Duration::from_millis(5));
            }
        });
        Self { answers, stop, thread: Some(thread) }
    }

    pub(crate) fn last(&self) -> Option<String> {
        self.answers.lock().unwrap().last().and_then(|answer| answer.from.clone())
    }

    /// Waits until `host` answers; how long that took.
    pub(crate) fn wait_for(&self, host: &str, most: Duration) -> Duration {
        let what = format!("an answer of {host}");
        wait_for(&what, most, || self.last().as_deref() == Some(host))
    }

    /// Forgets everything, but for the last answer.
    pub(crate) fn forget(&self) {
        let mut answers = self.answers.lock().unwrap();
        let keep = answers.iter().rposition(|answer| answer.from.is_some()).unwrap_or(0);
        answers.drain(..keep);
    }

    /// The longest time between two answers, and how many requests failed.
    pub(crate) fn gap(&self) -> (Duration, usize) {
        let answers = self.answers.lock().unwrap();
        let answered: Vec<_> = answers.iter().filter(|answer| answer.from.is_some()).collect();
        let longest = answered.windows(2).map(|pair| pair[1].at - pair[0].at).max();
        (longest.unwrap_or_default(), answers.len() - answered.len())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn ask(address: IpAddr) -> Option<String> {
    let most = Duration::from_millis(20);
    let mut connection = TcpStream::connect_timeout(&SocketAddr::new(address, PORT), most).ok()?;
    connection.set_read_timeout(Some(most)).ok()?;
    let mut name = String::new();
    connection.read_to_string(&mut name).ok()?;
    (!name.is_empty()).then_some(name)
}
