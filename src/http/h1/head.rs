//! Parsing of message heads: httparse makes the tokens, the rules about them are here.

use std::mem::MaybeUninit;

use httparse::{Header, Status};

use crate::exchange::{Field, Framing, Known, Message, Slice, Version};

/// Why a head was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// Not HTTP/1, or a character that may not stand where it stands.
    Syntax,
    /// More fields than `tune.http.maxhdr`.
    TooManyFields,
    /// Differing, repeated or unreadable Content-Length.
    ContentLength,
    /// A transfer coding that is not `chunked` alone, or where it may not stand.
    TransferEncoding,
    /// Several or malformed Host fields.
    Host,
    /// A version other than 1.0 and 1.1.
    Version,
}

/// Parses the request head in the message's buffer. `Ok(None)` when it is not complete yet,
/// otherwise the length of the head.
///
/// # Errors
/// [`HeadError`]: the answer is 400 (RFC 9112, sections 2 to 6).
pub fn parse_request(message: &mut Message) -> Result<Option<usize>, HeadError> {
    let mut headers = [const { MaybeUninit::<Header<'_>>::uninit() }; MAX_FIELDS];
    let buffer = std::mem::replace(&mut message.buffer, crate::exchange::Buffer::none());
    let result = tokenise_request(buffer.filled(), buffer.consumed(), &mut headers, message);
    message.buffer = buffer;
    let length = result?;
    if length.is_some() {
        message.framing = request_framing(message)?;
    }
    Ok(length)
}

/// Parses the response head in the message's buffer, like [`parse_request`]. `to_head` and
/// `to_connect` tell the method of the request, which decides whether there is a body.
///
/// # Errors
/// [`HeadError`]: the answer to the client is 502.
pub fn parse_response(
    message: &mut Message,
    to_head: bool,
    to_connect: bool,
) -> Result<Option<usize>, HeadError> {
    let mut headers = [const { MaybeUninit::<Header<'_>>::uninit() }; MAX_FIELDS];
    let buffer = std::mem::replace(&mut message.buffer, crate::exchange::Buffer::none());
    let result = tokenise_response(buffer.filled(), buffer.consumed(), &mut headers, message);
    message.buffer = buffer;
    let length = result?;
    if length.is_some() {
        message.framing = response_framing(message, to_head, to_connect)?;
    }
    Ok(length)
}

fn tokenise_request<'b>(
    bytes: &'b [u8],
    base: usize,
    headers: &mut [MaybeUninit<Header<'b>>],
    message: &mut Message,
) -> Result<Option<usize>, HeadError> {
    let mut request = httparse::Request::new(&mut []);
    let length = match httparse::ParserConfig::default().parse_request_with_uninit_headers(
        &mut request,
        bytes,
        headers,
    ) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let at = |text: &[u8]| base + offset_in(bytes, text);
    let method = request.method.unwrap_or_default().as_bytes();
    let target = request.path.unwrap_or_default().as_bytes();
    let start = at(method);
    let line_end = base + line_end(bytes, at(target) + target.len() - base);
    message.start_request(
        Slice::buffer(start, line_end - start),
        Slice::buffer(start, method.len()),
        Slice::buffer(at(target), target.len()),
        version(request.version)?,
    );
    push_fields(bytes, base, request.headers, message);
    Ok(Some(length))
}

fn tokenise_response<'b>(
    bytes: &'b [u8],
    base: usize,
    headers: &mut [MaybeUninit<Header<'b>>],
    message: &mut Message,
) -> Result<Option<usize>, HeadError> {
    let mut response = httparse::Response::new(&mut []);
    let length = match httparse::ParserConfig::default().parse_response_with_uninit_headers(
        &mut response,
        bytes,
        headers,
    ) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // "HTTP/1.1 200" is twelve bytes; the reason, when there is one, follows.
    let skipped = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let reason = response.reason.unwrap_or_default().as_bytes();
    let reason_at = if reason.is_empty() { skipped + 12 } else { offset_in(bytes, reason) };
    let line_end = line_end(bytes, reason_at + reason.len());
    message.start_response(
        Slice::buffer(base + skipped, line_end - skipped),
        response.code.unwrap_or_default(),
        Slice::buffer(base + reason_at, reason.len()),
        version(response.version)?,
    );
    push_fields(bytes, base, response.headers, message);
    Ok(Some(length))
}

fn push_fields(bytes: &[u8], base: usize, headers: &[Header<'_>], message: &mut Message) {
    for header in headers {
        let name_at = offset_in(bytes, header.name.as_bytes());
        // An empty value has no address to rely on: it ends where its line ends.
        let after_name = name_at + header.name.len();
        let value_at =
            if header.value.is_empty() { after_name } else { offset_in(bytes, header.value) };
        let end = line_end(bytes, value_at + header.value.len());
        message.push_received(Field {
            name: Slice::buffer(base + name_at, header.name.len()),
            value: Slice::buffer(base + value_at, header.value.len()),
            // A line that ends in a bare LF is written anew.
            line: if bytes[end - 2] == b'\r' {
                Slice::buffer(base + name_at, end - name_at)
            } else {
                Slice::default()
            },
            known: Known::of(header.name.as_bytes()),
            removed: false,
        });
    }
}

fn version(version: Option<u8>) -> Result<Version, HeadError> {
    match version {
        Some(0) => Ok(Version::Http10),
        Some(1) => Ok(Version::Http11),
        _ => Err(HeadError::Version),
    }
}

fn request_framing(message: &mut Message) -> Result<Framing, HeadError> {
    check_host(message)?;
    let framing = body_framing(message)?;
    if message.method() == b"CONNECT" && framing.is_none() {
        return Ok(Framing::Tunnel);
    }
    Ok(framing.unwrap_or(Framing::Empty))
}

fn response_framing(
    message: &mut Message,
    to_head: bool,
    to_connect: bool,
) -> Result<Framing, HeadError> {
    let status = message.status();
    let framing = body_framing(message)?;
    if status == 101 || (to_connect && (200..300).contains(&status)) {
        return Ok(Framing::Tunnel);
    }
    if to_head || status < 200 || status == 204 || status == 304 {
        return Ok(Framing::Empty);
    }
    Ok(framing.unwrap_or(Framing::UntilClose))
}

/// What Content-Length and Transfer-Encoding say (RFC 9112, section 6). When both are there the
/// length is removed, so that it can mislead nobody behind.
fn body_framing(message: &mut Message) -> Result<Option<Framing>, HeadError> {
    let mut length: Option<u64> = None;
    for value in message.known(Known::ContentLength) {
        for item in value.split(|byte| *byte == b',') {
            let item = parse_length(item.trim_ascii()).ok_or(HeadError::ContentLength)?;
            if length.is_some_and(|known| known != item) {
                return Err(HeadError::ContentLength);
            }
            length = Some(item);
        }
    }
    if chunked(message)? {
        // The sender may be up to something, or behind a proxy that is: the connection is not to
        // be used again (RFC 9112, section 6.3).
        message.ambiguous = length.is_some();
        message.remove_known(Known::ContentLength);
        return Ok(Some(Framing::Chunked));
    }
    if length.is_some() && message.known(Known::ContentLength).nth(1).is_some() {
        merge_lengths(message);
    }
    Ok(length.map(|n| if n == 0 { Framing::Empty } else { Framing::Length(n) }))
}

/// `chunked` must be the only coding and stand once; a 1.0 message cannot have it.
fn chunked(message: &Message) -> Result<bool, HeadError> {
    let mut seen = false;
    for value in message.known(Known::TransferEncoding) {
        for coding in value.split(|byte| *byte == b',') {
            if seen || !coding.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                return Err(HeadError::TransferEncoding);
            }
            seen = true;
        }
    }
    if seen && message.version() == Version::Http10 {
        return Err(HeadError::TransferEncoding);
    }
    Ok(seen)
}

/// Equal lengths given several times leave as one (RFC 9110, section 8.6).
fn merge_lengths(message: &mut Message) {
    let first = message.known(Known::ContentLength).next().map(|value| {
        value.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii().to_vec()
    });
    message.remove_known(Known::ContentLength);
    if let Some(value) = first {
        message.add(b"content-length", &value);
    }
}

fn parse_length(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    digits.iter().try_fold(0u64, |value, digit| {
        digit.is_ascii_digit().then(|| value * 10 + u64::from(digit - b'0'))
    })
}

/// One Host field at most; its value must be the authority of an absolute target
/// (RFC 9112, section 3.2).
fn check_host(message: &Message) -> Result<(), HeadError> {
    let mut hosts = message.known(Known::Host);
    let Some(host) = hosts.next() else { return Ok(()) };
    if hosts.any(|other| !other.eq_ignore_ascii_case(host)) {
        return Err(HeadError::Host);
    }
    if host.iter().any(|byte| matches!(byte, b' ' | b'\t' | b'/' | b'?' | b'#' | b'@' | b',')) {
        return Err(HeadError::Host);
    }
    match authority(message.target()) {
        Some(other) if !without_port(other).eq_ignore_ascii_case(without_port(host)) => {
            Err(HeadError::Host)
        }
        _ => Ok(()),
    }
}

/// The authority of `http://authority/path`.
fn authority(target: &[u8]) -> Option<&[u8]> {
    if target.first() == Some(&b'/') {
        return None;
    }
    let (scheme, rest) = target.split_at(memchr::memmem::find(target, b"://")?);
    let rest = &rest[3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    scheme.iter().all(u8::is_ascii_alphanumeric).then(|| &rest[..end.unwrap_or(rest.len())])
}

/// Without the port that plain HTTP has anyway.
fn without_port(authority: &[u8]) -> &[u8] {
    authority.strip_suffix(b":80").or(authority.strip_suffix(b":")).unwrap_or(authority)
}

/// The position of `part`, which httparse cut out of `whole`.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize).min(whole.len())
}

/// The position after the line feed that ends the line which `from` stands in.
fn line_end(bytes: &[u8], from: usize) -> usize {
    // Nearly always CR LF follows at once.
    match bytes.get(from..from + 2) {
        Some(b"\r\n") => from + 2,
        _ => memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at + 1),
    }
}

impl From<httparse::Error> for HeadError {
    fn from(error: httparse::Error) -> Self {
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyFields,
            httparse::Error::Version => Self::Version,
            _ => Self::Syntax,
        }
    }
}

/// `tune.http.maxhdr`'s default (manual, section 3.2).
const MAX_FIELDS: usize = 101;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Buffer;

    fn parse(text: &[u8]) -> Result<(Option<usize>, Framing), HeadError> {
        let mut message = Message::empty();
        let mut buffer = Buffer::take();
        buffer.append(text);
        message.reset(buffer);
        let length = parse_request(&mut message)?;
        Ok((length, message.framing))
    }

    fn framing(fields: &str) -> Result<Framing, HeadError> {
        parse(format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}\r\n").as_bytes())
            .map(|(_, framing)| framing)
    }

    #[test]
    fn framing_follows_rfc_9112_section_6_3() {
        assert_eq!(framing(""), Ok(Framing::Empty));
        assert_eq!(framing("Content-Length: 12\r\n"), Ok(Framing::Length(12)));
        assert_eq!(framing("content-length: 3\r\nContent-Length: 3\r\n"), Ok(Framing::Length(3)));
        assert_eq!(framing("Content-Length: 3, 3\r\n"), Ok(Framing::Length(3)));
        assert_eq!(framing("Transfer-Encoding: Chunked\r\n"), Ok(Framing::Chunked));
        assert_eq!(
            framing("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
            Ok(Framing::Chunked)
        );
    }

    #[test]
    fn ambiguous_framing_is_refused() {
        for fields in [
            "Content-Length: 3\r\nContent-Length: 4\r\n",
            "Content-Length: 3, 4\r\n",
            "Content-Length: +3\r\n",
            "Content-Length: 3 4\r\n",
            "Content-Length: \r\n",
            "Content-Length: 99999999999999999999\r\n",
        ] {
            assert_eq!(framing(fields), Err(HeadError::ContentLength), "{fields:?}");
        }
        for fields in [
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: chunked, gzip\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
        ] {
            assert_eq!(framing(fields), Err(HeadError::TransferEncoding), "{fields:?}");
        }
    }

    #[test]
    fn hosts_that_disagree_are_refused() {
        assert_eq!(framing("Host: other\r\n"), Err(HeadError::Host));
        assert_eq!(parse(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), Err(HeadError::Host));
        assert_eq!(parse(b"GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n"), Err(HeadError::Host));
        assert!(parse(b"GET http://a:80/ HTTP/1.1\r\nHost: A\r\n\r\n").is_ok());
        assert!(parse(b"GET /?u=http://a/ HTTP/1.1\r\nHost: b\r\n\r\n").is_ok());
    }

    #[test]
    fn a_head_is_complete_only_with_its_last_byte() {
        let text = b"GET /x HTTP/1.1\r\nHost: h\r\nEmpty:\r\n\r\n";
        for cut in 0..text.len() {
            assert_eq!(parse(&text[..cut]).unwrap().0, None, "cut at {cut}");
        }
        assert_eq!(parse(text).unwrap().0, Some(text.len()));
    }

    #[test]
    fn responses_without_a_body_are_known_by_status_and_method() {
        let of = |text: &str, head: bool| {
            let mut message = Message::empty();
            let mut buffer = Buffer::take();
            buffer.append(text.as_bytes());
            message.reset(buffer);
            parse_response(&mut message, head, false).map(|_| message.framing)
        };
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true), Ok(Framing::Empty));
        assert_eq!(of("HTTP/1.1 200 OK\r\n\r\n", false), Ok(Framing::UntilClose));
        assert_eq!(of("HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n", false), Ok(Framing::Empty));
        assert_eq!(of("HTTP/1.1 101 S\r\n\r\n", false), Ok(Framing::Tunnel));
        assert_eq!(
            of("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", false),
            Ok(Framing::Length(5))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(0u8.., 0..400)) {
            let _ = parse(&bytes);
            let mut message = Message::empty();
            let mut buffer = Buffer::take();
            buffer.append(b"HTTP/1.1 200 ");
            buffer.append(&bytes);
            message.reset(buffer);
            let _ = parse_response(&mut message, false, false);
        }
    }
}
