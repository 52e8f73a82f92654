//! Where a request's body ends (RFC 9112 section 6). Apart because a server and the proxy before
//! it that disagree here let one client speak in another's name.

use super::{Refusal, refusal};

/// The body that follows a head. This server has no use for one and only needs to get past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    /// This many bytes follow; 0 for nearly every request.
    Known(u64),
    /// Chunked, or held back by `Expect: 100-continue`: the connection ends after the answer.
    Unknown,
}

pub(super) fn body(
    transfer_encoding: Option<&str>,
    content_length: Option<&str>,
    expect: Option<&str>,
    minor_version: u8,
) -> Result<BodyLength, Refusal> {
    let continues = expectation(expect)?;
    match (transfer_encoding, content_length) {
        (Some(_), Some(_)) => Err(refusal(400, "both Transfer-Encoding and Content-Length")),
        (Some(_), None) if minor_version == 0 => {
            Err(refusal(400, "Transfer-Encoding in an HTTP/1.0 request"))
        }
        (Some(coding), None) if coding.trim().eq_ignore_ascii_case("chunked") => {
            Ok(BodyLength::Unknown)
        }
        (Some(_), None) => Err(refusal(501, "transfer coding other than chunked")),
        (None, Some(length)) => match one_number(length)? {
            0 => Ok(BodyLength::Known(0)),
            _ if continues => Ok(BodyLength::Unknown),
            length => Ok(BodyLength::Known(length)),
        },
        (None, None) => Ok(BodyLength::Known(0)),
    }
}

/// The one expectation there is (RFC 9110 section 10.1.1).
fn expectation(expect: Option<&str>) -> Result<bool, Refusal> {
    match expect {
        None => Ok(false),
        Some(text) if text.trim().eq_ignore_ascii_case("100-continue") => Ok(true),
        Some(_) => Err(refusal(417, "unknown expectation")),
    }
}

/// A length, which may be repeated as long as it stays the same (RFC 9110 section 8.6).
fn one_number(text: &str) -> Result<u64, Refusal> {
    const BAD: Refusal = refusal(400, "malformed Content-Length");
    let mut numbers = text.split(',').map(|word| {
        let word = word.trim();
        // `u64::from_str` would take a plus sign.
        let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| word.parse::<u64>().ok()).flatten()
    });
    let first = numbers.next().flatten().ok_or(BAD)?;
    if numbers.all(|number| number == Some(first)) { Ok(first) } else { Err(BAD) }
}
