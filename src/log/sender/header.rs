//! What stands before a message: syslog headers (RFC 3164, RFC 5424 and HAProxy's own forms), with
//! the texts of the current second kept.

use std::io::Write;

use super::SenderSettings;
use crate::log::{Header, Level, Target};
use crate::time::{Civil, local_offset};

/// Writes headers.
#[derive(Debug)]
pub(super) struct Headers {
    hostname: Option<String>,
    tag: String,
    pid: u32,
    /// Unix seconds of the texts below.
    second: u64,
    /// `Nov 24 06:12:40 `
    date: String,
    /// `2026-11-24T06:12:40`
    iso: String,
    /// `+00:00`
    zone: String,
}

impl Headers {
    pub(super) fn new(settings: &SenderSettings) -> Self {
        Self {
            hostname: settings.hostname.clone(),
            tag: settings.tag.clone(),
            pid: settings.pid,
            second: u64::MAX,
            date: String::new(),
            iso: String::new(),
            zone: String::new(),
        }
    }

    /// Appends the header of a line for `target`, at `wall_us` microseconds since the Unix epoch,
    /// in the name of `tag` if that is not the process's.
    pub(super) fn write(
        &mut self,
        target: &Target,
        level: Level,
        tag: Option<&str>,
        wall_us: u64,
        out: &mut Vec<u8>,
    ) {
        if wall_us / 1_000_000 != self.second {
            self.refresh(wall_us / 1_000_000);
        }
        let priority = u32::from(target.facility.0) * 8 + level as u32;
        let micros = wall_us % 1_000_000;
        let (tag, pid, date) = (tag.unwrap_or(&self.tag), self.pid, &self.date);
        // Writing to a vector cannot fail.
        let _ = match self.resolved(target.header) {
            Header::Unspecified | Header::Local => {
                write!(out, "<{priority}>{date}{tag}[{pid}]: ")
            }
            Header::Rfc3164 => {
                let host = self.hostname.as_deref().unwrap_or("localhost");
                write!(out, "<{priority}>{date}{host} {tag}[{pid}]: ")
            }
            Header::Rfc5424 => {
                let host = self.hostname.as_deref().unwrap_or("-");
                let (iso, zone) = (&self.iso, &self.zone);
                write!(out, "<{priority}>1 {iso}.{micros:06}{zone} {host} {tag} {pid} - - ")
            }
            Header::Priority => write!(out, "<{priority}>"),
            Header::Short => write!(out, "<{}>", level as u32),
            Header::Timed => {
                let (iso, zone) = (&self.iso, &self.zone);
                write!(out, "<{}>{iso}.{micros:06}{zone} ", level as u32)
            }
            Header::Iso => write!(out, "{}.{micros:06}{} ", self.iso, self.zone),
            Header::Raw => Ok(()),
        };
    }

    /// `log-send-hostname` changes what no `format` means (manual, section 4.2 `log`).
    fn resolved(&self, header: Header) -> Header {
        match header {
            Header::Unspecified if self.hostname.is_some() => Header::Rfc3164,
            other => other,
        }
    }

    fn refresh(&mut self, second: u64) {
        let offset = local_offset(second as i64);
        let date = Civil::from_unix(second as i64 + i64::from(offset));
        let (month, day) = (date.month_name(), date.day);
        let (hour, minute, seconds) = (date.hour, date.minute, date.second);
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs() / 60);
        self.second = second;
        self.date = format!("{month} {day:2} {hour:02}:{minute:02}:{seconds:02} ");
        self.iso = format!(
            "{:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{seconds:02}",
            date.year, date.month
        );
        self.zone = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    }
}
