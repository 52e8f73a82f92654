//! Dates in headers (RFC 9110, section 5.6.7), in any of their three forms. Apart from writing
//! them, which needs no care about what is forgiven.

/// Seconds since the epoch. What follows the date is not looked at; days and times out of range
/// count on.
pub(super) fn parse(text: &[u8]) -> Option<i64> {
    imf(text).or_else(|| rfc850(text)).or_else(|| asctime(text))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn imf(text: &[u8]) -> Option<i64> {
    let mut reader = Reader(text);
    reader.one_of(&SHORT_DAYS)?;
    reader.literal(b", ")?;
    let day = reader.number(2)?;
    reader.literal(b" ")?;
    let month = reader.one_of(&MONTHS)?;
    reader.literal(b" ")?;
    let year = reader.number(4)?;
    reader.literal(b" ")?;
    let time = reader.time()?;
    reader.literal(b" GMT")?;
    Some(unix(year, month, day, time))
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc850(text: &[u8]) -> Option<i64> {
    let mut reader = Reader(text);
    reader.one_of(&LONG_DAYS)?;
    reader.literal(b", ")?;
    let day = reader.number(2)?;
    reader.literal(b"-")?;
    let month = reader.one_of(&MONTHS)?;
    reader.literal(b"-")?;
    let year = match reader.number(4) {
        Some(year) => year,
        None => match reader.number(2)? {
            year @ 0..=60 => year + 2000,
            year => year + 1900,
        },
    };
    reader.literal(b" ")?;
    let time = reader.time()?;
    reader.literal(b" GMT")?;
    Some(unix(year, month, day, time))
}

/// `Sun Nov  6 08:49:37 1994`.
fn asctime(text: &[u8]) -> Option<i64> {
    let mut reader = Reader(text);
    reader.one_of(&SHORT_DAYS)?;
    reader.literal(b" ")?;
    let month = reader.one_of(&MONTHS)?;
    reader.literal(b" ")?;
    let day = match reader.literal(b" ") {
        Some(()) => reader.number(1)?,
        None => reader.number(2)?,
    };
    reader.literal(b" ")?;
    let time = reader.time()?;
    reader.literal(b" ")?;
    let year = reader.number(4)?;
    Some(unix(year, month, day, time))
}

struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn literal(&mut self, text: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn one_of(&mut self, names: &[&str]) -> Option<i64> {
        let at = names.iter().position(|name| self.0.starts_with(name.as_bytes()))?;
        self.0 = &self.0[names[at].len()..];
        Some(at as i64)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let text = self.0.get(..digits)?;
        if !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = &self.0[digits..];
        Some(text.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    /// Seconds of `08:49:37`.
    fn time(&mut self) -> Option<i64> {
        let hours = self.number(2)?;
        self.literal(b":")?;
        let minutes = self.number(2)?;
        self.literal(b":")?;
        Some((hours * 60 + minutes) * 60 + self.number(2)?)
    }
}

/// The month counts from 0. Days before the epoch wrap at 32 bits.
fn unix(year: i64, month: i64, day: i64, time: i64) -> i64 {
    // Years from March on, so that the leap day ends them.
    let year = if month < 2 { year - 1 } else { year };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let month = (month + 10) % 12;
    let days = year * 365 + leaps + (153 * month + 2) / 5 + day - 1 - 719_468;
    i64::from(days as u32) * 86_400 + time
}

const SHORT_DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
