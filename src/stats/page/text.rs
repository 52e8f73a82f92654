//! How the page writes texts and numbers.

use std::fmt::Write;

/// Appends `text` so that HTML takes it for text, in elements and in quoted attributes.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

/// `1 234 567`, with narrow spaces that do not break.
pub(super) fn number(n: i64, out: &mut String) {
    let digits = n.unsigned_abs().to_string();
    if n < 0 {
        out.push('\u{2212}');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
}

/// `1.2 MB`: three digits or so.
pub(super) fn bytes(n: i64, out: &mut String) {
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let places = if unit == 0 || value >= 100.0 { 0 } else { 1 };
    let _ = write!(out, "{value:.places$}\u{202f}{}", UNITS[unit]);
}

/// `3d 4h`, `5m 6s`, `7s`: the two largest units.
pub(super) fn duration(seconds: i64, out: &mut String) {
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    let _ = match (days, hours, minutes) {
        (0, 0, 0) => write!(out, "{seconds}s"),
        (0, 0, _) => write!(out, "{minutes}m\u{202f}{seconds}s"),
        (0, _, _) => write!(out, "{hours}h\u{202f}{minutes}m"),
        _ => write!(out, "{days}d\u{202f}{hours}h"),
    };
}

const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(n: i64, write: impl Fn(i64, &mut String)) -> String {
        let mut out = String::new();
        write(n, &mut out);
        out.replace('\u{202f}', " ")
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(written(0, number), "0");
        assert_eq!(written(999, number), "999");
        assert_eq!(written(1_234_567, number), "1 234 567");
        assert_eq!(written(-1000, number), "\u{2212}1 000");
    }

    #[test]
    fn bytes_and_durations_keep_what_matters() {
        assert_eq!(written(999, bytes), "999 B");
        assert_eq!(written(1_234_567, bytes), "1.2 MB");
        assert_eq!(written(567_000_000_000, bytes), "567 GB");
        assert_eq!(written(59, duration), "59s");
        assert_eq!(written(3_599, duration), "59m 59s");
        assert_eq!(written(90_000, duration), "1d 1h");
    }

    #[test]
    fn markup_in_texts_means_nothing() {
        let mut out = String::new();
        escape("<script>\"x\" & 'y'\n", &mut out);
        assert_eq!(out, "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39; ");
    }
}
