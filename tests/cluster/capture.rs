//! What the client's interface hears: gratuitous ARP, and VRRP advertisements.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use pnet::{
    datalink::{self, Channel, Config},
    packet::{
        Packet,
        arp::ArpPacket,
        ethernet::{EtherTypes, EthernetPacket},
        ipv4::Ipv4Packet,
    },
};

use super::lab::Lab;

pub(crate) struct Capture {
    heard: Arc<Mutex<Vec<Heard>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) at: Instant,
    pub(crate) hardware: String,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    GratuitousArp(Ipv4Addr),
    Advert { source: Ipv4Addr, ttl: u8, tos: u8, payload: Vec<u8> },
}

impl Capture {
    pub(crate) fn start(lab: &Lab) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (list, end) = (Arc::clone(&heard), Arc::clone(&stop));
        let (started, is_started) = std::sync::mpsc::channel();
        let thread = lab.on("c", move || {
            let interface =
                datalink::interfaces().into_iter().find(|one| one.name == "eth0").unwrap();
            let read_timeout = Some(Duration::from_millis(20));
            let config = Config { read_timeout, ..Config::default() };
            let Ok(Channel::Ethernet(_, mut receiver)) = datalink::channel(&interface, config)
            else {
                panic!("no channel");
            };
            started.send(()).unwrap();
            while !end.load(Ordering::Relaxed) {
                if let Ok(frame) = receiver.next() {
                    list.lock().unwrap().extend(understand(frame));
                }
            }
        });
        is_started.recv().unwrap();
        Self { heard, stop, thread: Some(thread) }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }

    /// The hardware addresses that announced `address`, in order.
    pub(crate) fn announcers(&self, address: &str) -> Vec<String> {
        let wanted = What::GratuitousArp(address.parse().unwrap());
        let heard = self.heard();
        heard.into_iter().filter(|one| one.what == wanted).map(|one| one.hardware).collect()
    }

    /// Source and priority of each advertisement.
    pub(crate) fn adverts(&self) -> Vec<(Ipv4Addr, u8)> {
        let advert = |one: Heard| match one.what {
            What::Advert { source, payload, .. } => Some((source, payload[2])),
            What::GratuitousArp(_) => None,
        };
        self.heard().into_iter().filter_map(advert).collect()
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn understand(frame: &[u8]) -> Option<Heard> {
    let frame = EthernetPacket::new(frame)?;
    let hardware = frame.get_source().to_string();
    let what = match frame.get_ethertype() {
        EtherTypes::Arp => {
            let arp = ArpPacket::new(frame.payload())?;
            let address = arp.get_target_proto_addr();
            if arp.get_sender_proto_addr() != address {
                return None;
            }
            What::GratuitousArp(address)
        }
        EtherTypes::Ipv4 => {
            let ip = Ipv4Packet::new(frame.payload())?;
            if ip.get_next_level_protocol().0 != 112 {
                return None;
            }
            What::Advert {
                source: ip.get_source(),
                ttl: ip.get_ttl(),
                tos: ip.get_dscp() << 2 | ip.get_ecn(),
                payload: ip.payload().to_vec(),
            }
        }
        _ => return None,
    };
    Some(Heard { at: Instant::now(), hardware, what })
}
