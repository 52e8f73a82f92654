//! The formats of strftime in the C locale, with the flags and widths of the GNU library. Apart
//! because it is a language of its own.

use std::io::Write;

use crate::time::Civil;

/// Local time beside UTC.
#[derive(Clone, Copy)]
pub(super) struct Zone {
    /// Seconds.
    pub(super) ahead: i32,
    pub(super) name: &'static str,
}

/// Writes the date at `unix` seconds; empty if that would be longer than a buffer.
pub(super) fn format(format: &[u8], unix: i64, zone: Zone) -> Vec<u8> {
    let local = unix.saturating_add(zone.ahead.into());
    let moment =
        Moment { unix, zone, days: local.div_euclid(86_400), date: Civil::from_unix(local) };
    let mut out = Vec::new();
    if moment.write(format, &mut out).is_some() { out } else { Vec::new() }
}

/// Replaces `%N` and `%3N` by the first digits of a fraction in nanoseconds.
pub(super) fn with_fraction(format: &[u8], nanoseconds: u64) -> Vec<u8> {
    let digits = format!("{nanoseconds:09}").into_bytes();
    let mut out = Vec::with_capacity(format.len() + 9);
    let mut at = 0;
    while at < format.len() {
        let width = format[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if format[at] == b'%' && format.get(at + 1 + width) == Some(&b'N') {
            let wanted = std::str::from_utf8(&format[at + 1..at + 1 + width]).unwrap_or_default();
            let count = wanted.parse().unwrap_or(9).min(9);
            out.extend_from_slice(&digits[..count]);
            at += width + 2;
        } else {
            out.push(format[at]);
            at += 1;
        }
    }
    out
}

struct Moment {
    unix: i64,
    zone: Zone,
    /// Days since the epoch.
    days: i64,
    date: Civil,
}

/// One conversion: `%`, flags, width, letter.
#[derive(Default)]
struct Conversion {
    padding: Option<u8>,
    upper: bool,
    swap: bool,
    width: usize,
}

impl Moment {
    fn write(&self, format: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let mut rest = format;
        while let Some(at) = memchr::memchr(b'%', rest) {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            let (conversion, length) = Conversion::parse(rest);
            if conversion.width > LONGEST {
                return None;
            }
            let letter = rest.get(length).copied();
            let end = (length + 1).min(rest.len());
            if letter.is_none_or(|letter| self.convert(letter, &conversion, out).is_none()) {
                conversion.pad(&rest[..end], b' ', out);
            }
            rest = &rest[end..];
            if out.len() > LONGEST {
                return None;
            }
        }
        out.extend_from_slice(rest);
        Some(())
    }

    fn convert(&self, letter: u8, conversion: &Conversion, out: &mut Vec<u8>) -> Option<()> {
        let date = &self.date;
        let twelve = i64::from((date.hour + 11) % 12 + 1);
        let (iso_year, iso_week) = self.iso();
        let number = |value: i64, digits, padding, out: &mut Vec<u8>| {
            conversion.number(value, digits, padding, out);
        };
        match letter {
            b'a' => conversion.text(date.weekday_name(), out),
            b'A' => conversion.text(WEEKDAYS[usize::from(date.weekday)], out),
            b'b' | b'h' => conversion.text(date.month_name(), out),
            b'B' => conversion.text(MONTHS[usize::from(date.month) - 1], out),
            b'c' => self.composed(b"%a %b %e %H:%M:%S %Y", conversion, out),
            b'C' => number(self.year().div_euclid(100), 2, b'0', out),
            b'd' => number(date.day.into(), 2, b'0', out),
            b'D' | b'x' => self.composed(b"%m/%d/%y", conversion, out),
            b'e' => number(date.day.into(), 2, b' ', out),
            b'F' => self.composed(b"%Y-%m-%d", conversion, out),
            b'g' => number(iso_year.rem_euclid(100), 2, b'0', out),
            b'G' => number(iso_year, 1, b'0', out),
            b'H' => number(date.hour.into(), 2, b'0', out),
            b'I' => number(twelve, 2, b'0', out),
            b'j' => number(self.day_of_year() + 1, 3, b'0', out),
            b'k' => number(date.hour.into(), 2, b' ', out),
            b'l' => number(twelve, 2, b' ', out),
            b'm' => number(date.month.into(), 2, b'0', out),
            b'M' => number(date.minute.into(), 2, b'0', out),
            b'n' => conversion.text("\n", out),
            b'p' if conversion.swap => conversion.text(["am", "pm"][self.half()], out),
            b'p' => conversion.text(["AM", "PM"][self.half()], out),
            b'P' => conversion.text(["am", "pm"][self.half()], out),
            b'r' => self.composed(b"%I:%M:%S %p", conversion, out),
            b'R' => self.composed(b"%H:%M", conversion, out),
            b's' => conversion.number(self.unix, 1, b' ', out),
            b'S' => number(date.second.into(), 2, b'0', out),
            b't' => conversion.text("\t", out),
            b'T' | b'X' => self.composed(b"%H:%M:%S", conversion, out),
            b'u' => number(i64::from((date.weekday + 6) % 7 + 1), 1, b'0', out),
            b'U' => number(self.week(date.weekday.into()), 2, b'0', out),
            b'V' => number(iso_week, 2, b'0', out),
            b'w' => number(date.weekday.into(), 1, b'0', out),
            b'W' => number(self.week(i64::from((date.weekday + 6) % 7)), 2, b'0', out),
            b'y' => number(self.year().rem_euclid(100), 2, b'0', out),
            b'Y' => number(self.year(), 1, b'0', out),
            b'z' => self.offset(out),
            b'Z' if conversion.swap => conversion.text(&self.zone.name.to_lowercase(), out),
            b'Z' => conversion.text(self.zone.name, out),
            b'%' => conversion.pad(b"%", b' ', out),
            _ => return None,
        }
        Some(())
    }

    fn composed(&self, format: &[u8], conversion: &Conversion, out: &mut Vec<u8>) {
        let mut text = Vec::new();
        let _ = self.write(format, &mut text);
        conversion.text(&String::from_utf8_lossy(&text), out);
    }

    fn offset(&self, out: &mut Vec<u8>) {
        let minutes = self.zone.ahead.unsigned_abs() / 60;
        let sign = if self.zone.ahead < 0 { '-' } else { '+' };
        let _ = write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60);
    }

    fn half(&self) -> usize {
        usize::from(self.date.hour >= 12)
    }

    fn year(&self) -> i64 {
        self.date.year.into()
    }

    /// From 0 on.
    fn day_of_year(&self) -> i64 {
        self.days - first_day(self.year())
    }

    /// The week of the year, when weeks begin on the day from which `weekday` counts.
    fn week(&self, weekday: i64) -> i64 {
        (self.day_of_year() + 7 - weekday) / 7
    }

    /// Year and week of ISO 8601.
    fn iso(&self) -> (i64, i64) {
        let weekday = i64::from((self.date.weekday + 6) % 7);
        // The Thursday of this week tells the year.
        let thursday = self.days - weekday + 3;
        let year = i64::from(Civil::from_unix(thursday.saturating_mul(86_400)).year);
        (year, (thursday - first_day(year)) / 7 + 1)
    }
}

impl Conversion {
    /// What stands between `%` and the letter, and where the letter is.
    fn parse(text: &[u8]) -> (Self, usize) {
        let mut conversion = Self::default();
        let mut at = 1;
        while let Some(flag) = text.get(at) {
            match flag {
                b'_' | b'-' | b'0' => conversion.padding = Some(*flag),
                b'^' => conversion.upper = true,
                b'#' => conversion.swap = true,
                _ => break,
            }
            at += 1;
        }
        while let Some(digit) = text.get(at).filter(|byte| byte.is_ascii_digit()) {
            let width = conversion.width.saturating_mul(10);
            conversion.width = width.saturating_add(usize::from(digit - b'0'));
            at += 1;
        }
        // Alternative forms are the same in this locale.
        if matches!(text.get(at), Some(b'E' | b'O')) && text.get(at + 1).is_some_and(is_letter) {
            at += 1;
        }
        (conversion, at)
    }

    fn text(&self, text: &str, out: &mut Vec<u8>) {
        if self.upper || self.swap && text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            let keep = self.swap && !self.upper && text == text.to_lowercase();
            let text = if keep { text.to_owned() } else { text.to_uppercase() };
            return self.pad(text.as_bytes(), b' ', out);
        }
        self.pad(text.as_bytes(), b' ', out);
    }

    fn number(&self, value: i64, digits: usize, padding: u8, out: &mut Vec<u8>) {
        let padding = match self.padding {
            Some(b'-') => None,
            Some(b'_') => Some(b' '),
            Some(_) => Some(b'0'),
            None => Some(padding),
        };
        let text = value.unsigned_abs().to_string();
        let sign: &[u8] = if value < 0 { b"-" } else { b"" };
        let Some(padding) = padding else {
            out.extend_from_slice(sign);
            out.extend_from_slice(text.as_bytes());
            return;
        };
        let wanted = digits.max(self.width).saturating_sub(text.len() + sign.len());
        if padding == b'0' {
            out.extend_from_slice(sign);
        }
        out.resize(out.len() + wanted, padding);
        if padding != b'0' {
            out.extend_from_slice(sign);
        }
        out.extend_from_slice(text.as_bytes());
    }

    fn pad(&self, text: &[u8], padding: u8, out: &mut Vec<u8>) {
        let padding = if self.padding == Some(b'0') { b'0' } else { padding };
        if self.padding != Some(b'-') {
            out.resize(out.len() + self.width.saturating_sub(text.len()), padding);
        }
        out.extend_from_slice(text);
    }
}

fn is_letter(byte: &u8) -> bool {
    b"cCxXyYBdeHImMSuUVwWgGjklFDTRr".contains(byte)
}

/// Days from the epoch to the first of January.
fn first_day(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

/// More than any buffer takes.
const LONGEST: usize = 16_384;

const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
