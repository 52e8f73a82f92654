//! Dates of the accept and of the request, with the texts of the current second kept.

use std::cell::Cell;

use super::Alias;
use super::style::{decimal, hexadecimal};
use crate::exchange::Stream;
use crate::time::{Civil, local_offset};

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "t",
        documentation: "Local date of the accept, with milliseconds.",
        run: |stream, _, out| with_milliseconds(out, accepted(stream)),
    },
    Alias {
        name: "tr",
        documentation: "Local date of the request, with milliseconds.",
        run: |stream, _, out| with_milliseconds(out, requested(stream)),
    },
    Alias {
        name: "T",
        documentation: "Date of the accept in UTC.",
        run: |stream, _, out| with_zone(out, accepted(stream), 0),
    },
    Alias {
        name: "Tl",
        documentation: "Local date of the accept with its zone.",
        run: |stream, _, out| with_local_zone(out, accepted(stream)),
    },
    Alias {
        name: "trg",
        documentation: "Date of the request in UTC.",
        run: |stream, _, out| with_zone(out, requested(stream), 0),
    },
    Alias {
        name: "trl",
        documentation: "Local date of the request with its zone.",
        run: |stream, _, out| with_local_zone(out, requested(stream)),
    },
    Alias {
        name: "Ts",
        documentation: "Date of the accept in seconds of Unix time.",
        run: |stream, style, out| style.number(out, accepted(stream) / 1_000_000),
    },
    Alias {
        name: "ms",
        documentation: "Milliseconds of the date of the accept.",
        run: |stream, style, out| {
            let milliseconds = accepted(stream) / 1000 % 1000;
            if style.hexadecimal() {
                hexadecimal(out, milliseconds, 2);
            } else {
                three_digits(out, milliseconds);
            }
        },
    },
];

/// Microseconds since the Unix epoch.
fn accepted(stream: &Stream<'_>) -> u64 {
    stream.wall_began_us
}

/// The accept, moved by the time until the first byte of the request.
fn requested(stream: &Stream<'_>) -> u64 {
    stream.wall_began_us + stream.times.first_byte.saturating_sub(stream.times.began)
}

/// `24/Nov/2026:06:14:37.086`
fn with_milliseconds(out: &mut Vec<u8>, wall_us: u64) {
    out.extend_from_slice(&local(wall_us / 1_000_000));
    out.push(b'.');
    three_digits(out, wall_us / 1000 % 1000);
}

fn with_local_zone(out: &mut Vec<u8>, wall_us: u64) {
    with_zone(out, wall_us, local_offset((wall_us / 1_000_000) as i64));
}

/// `24/Nov/2026:06:14:37 +0000`
fn with_zone(out: &mut Vec<u8>, wall_us: u64, offset: i32) {
    out.extend_from_slice(&text((wall_us / 1_000_000) as i64 + i64::from(offset)));
    out.extend_from_slice(if offset < 0 { b" -" } else { b" +" });
    let minutes = offset.unsigned_abs() / 60;
    two_digits(out, minutes / 60);
    two_digits(out, minutes % 60);
}

/// Local text of a second; most lines of a worker belong to the second of the line before.
fn local(second: u64) -> Text {
    thread_local! {
        static LAST: Cell<(u64, Text)> = const { Cell::new((u64::MAX, [0; 20])) };
    }
    LAST.with(|last| {
        let (of, known) = last.get();
        if of == second {
            return known;
        }
        let fresh = text(second as i64 + i64::from(local_offset(second as i64)));
        last.set((second, fresh));
        fresh
    })
}

/// `24/Nov/2026:06:14:37`
type Text = [u8; 20];

fn text(unix: i64) -> Text {
    let date = Civil::from_unix(unix);
    let mut out = Vec::with_capacity(24);
    two_digits(&mut out, u32::from(date.day));
    out.push(b'/');
    out.extend_from_slice(date.month_name().as_bytes());
    out.push(b'/');
    decimal(&mut out, date.year);
    for part in [date.hour, date.minute, date.second] {
        out.push(b':');
        two_digits(&mut out, u32::from(part));
    }
    // Years have four digits from 1000 to 9999; a clock beyond that shows as zeros.
    out.try_into().unwrap_or([b'0'; 20])
}

fn two_digits(out: &mut Vec<u8>, value: u32) {
    out.push(b'0' + (value / 10 % 10) as u8);
    out.push(b'0' + (value % 10) as u8);
}

fn three_digits(out: &mut Vec<u8>, value: u64) {
    out.push(b'0' + (value / 100 % 10) as u8);
    two_digits(out, (value % 100) as u32);
}
