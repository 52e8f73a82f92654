//! The two forms of a line: NCSA combined, which every log tool reads, and JSON.

use std::io::Write;
use std::net::IpAddr;

use serde::Serialize;

use super::Entry;

/// `client - - [time] "request" status bytes "referer" "user agent"`, with what could end a field
/// or a line escaped as `\xHH`.
pub(super) fn combined(out: &mut Vec<u8>, entry: &Entry<'_>) {
    let time = Time::of(entry.date);
    let Time { day, month, year, clock } = time;
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{} - - [{day}/{month}/{year}:{clock} +0000] \"", entry.client);
    escape(out, entry.line);
    let _ = write!(out, "\" {} {} \"", entry.status, entry.bytes);
    escape(out, entry.referer.unwrap_or("-").as_bytes());
    out.extend_from_slice(b"\" \"");
    escape(out, entry.user_agent.unwrap_or("-").as_bytes());
    out.extend_from_slice(b"\"\n");
}

/// One object per line.
pub(super) fn json(out: &mut Vec<u8>, entry: &Entry<'_>) {
    let Time { day, month, year, clock } = Time::of(entry.date);
    let number = MONTHS.iter().position(|name| *name == month).map_or(0, |index| index + 1);
    let line = String::from_utf8_lossy(entry.line);
    let mut words = line.splitn(3, ' ');
    let object = Object {
        time: format!("{year}-{number:02}-{day}T{clock}Z"),
        client: entry.client,
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        protocol: words.next().unwrap_or_default(),
        status: entry.status,
        bytes: entry.bytes,
        milliseconds: entry.duration.as_secs_f64() * 1000.0,
        referer: entry.referer,
        user_agent: entry.user_agent,
    };
    // Neither can fail: the map's keys are strings and the writer is a Vec.
    let _ = serde_json::to_writer(&mut *out, &object);
    out.push(b'\n');
}

#[derive(Serialize)]
struct Object<'a> {
    time: String,
    client: IpAddr,
    method: &'a str,
    target: &'a str,
    protocol: &'a str,
    status: u16,
    bytes: u64,
    milliseconds: f64,
    referer: Option<&'a str>,
    user_agent: Option<&'a str>,
}

/// The pieces of an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
#[derive(Default)]
struct Time<'a> {
    day: &'a str,
    month: &'a str,
    year: &'a str,
    clock: &'a str,
}

impl<'a> Time<'a> {
    fn of(date: &'a str) -> Self {
        let piece = |range| date.get(range).unwrap_or_default();
        Self { day: piece(5..7), month: piece(8..11), year: piece(12..16), clock: piece(17..25) }
    }
}

fn escape(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            b'"' | b'\\' | 0..=0x1f | 0x7f..=0xff => {
                let _ = write!(out, "\\x{byte:02X}");
            }
            plain => out.push(plain),
        }
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn entry(line: &[u8]) -> Entry<'_> {
        Entry {
            client: "192.0.2.7".parse().unwrap(),
            date: "Tue, 10 Oct 2000 20:55:36 GMT",
            line,
            status: 200,
            bytes: 2326,
            duration: Duration::from_millis(3),
            referer: Some("http://www.example.com/start.html"),
            user_agent: Some("Mozilla/4.08 [en] (Win98; I ;Nav)"),
        }
    }

    fn text(write: fn(&mut Vec<u8>, &Entry<'_>), line: &[u8]) -> String {
        let mut out = Vec::new();
        write(&mut out, &entry(line));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn combined_is_as_apache_documents_it() {
        // The example of mod_log_config, but for the zone and the user name.
        assert_eq!(
            text(combined, b"GET /apache_pb.gif HTTP/1.0"),
            "192.0.2.7 - - [10/Oct/2000:20:55:36 +0000] \"GET /apache_pb.gif HTTP/1.0\" 200 2326 \
             \"http://www.example.com/start.html\" \"Mozilla/4.08 [en] (Win98; I ;Nav)\"\n"
        );
    }

    #[test]
    fn no_request_forges_a_line() {
        let line = text(combined, b"GET /\"\n\xff\\ HTTP/1.0");
        assert!(line.contains(r#""GET /\x22\x0A\xFF\x5C HTTP/1.0""#), "{line}");
        assert_eq!(text(json, b"GET /\"\n HTTP/1.0").lines().count(), 1);
    }

    #[test]
    fn json_is_read_back() {
        let value: serde_json::Value =
            serde_json::from_str(&text(json, b"GET /a HTTP/1.1")).unwrap();
        assert_eq!(value["time"], "2000-10-10T20:55:36Z");
        assert_eq!(value["target"], "/a");
        assert_eq!(value["bytes"], 2326);
        assert_eq!(value["milliseconds"], 3.0);
    }
}
