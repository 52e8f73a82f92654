//! A request or a response: its head as ranges into the buffer it was read into plus the texts
//! that rules changed. An untouched header is copied once, when it leaves.

use super::buffer::Buffer;
use super::field::{Field, Known, Slice};

/// A message head, and the first bytes of its body behind it in the buffer.
#[derive(Debug)]
pub struct Message {
    pub buffer: Buffer,
    arena: Vec<u8>,
    fields: Vec<Field>,
    /// A bit for each known name that occurs, or did: most questions are answered by it.
    seen: u16,
    /// The method of a request; unused in a response.
    method: Slice,
    /// The target of a request, the reason of a response.
    text: Slice,
    /// The status of a response; 0 in a request.
    status: u16,
    version: Version,
    /// The start line with its CRLF while it is untouched.
    line: Slice,
    pub framing: Framing,
    /// It came with a length and with chunks.
    pub ambiguous: bool,
}

/// The protocol version in the start line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    Http10,
    Http11,
}

/// How the end of a body is known (RFC 9112, section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    Empty,
    Length(u64),
    Chunked,
    /// A response that ends with its connection.
    UntilClose,
    /// Bytes in both directions until either end closes (CONNECT, 101).
    Tunnel,
}

impl Message {
    /// A message without a head.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            buffer: Buffer::none(),
            arena: Vec::new(),
            fields: Vec::new(),
            seen: 0,
            method: Slice::default(),
            text: Slice::default(),
            status: 0,
            version: Version::Http11,
            line: Slice::default(),
            framing: Framing::Empty,
            ambiguous: false,
        }
    }

    /// Takes the place of whatever was here before, keeping memory.
    pub fn reset(&mut self, buffer: Buffer) {
        self.buffer = buffer;
        self.arena.clear();
        self.fields.clear();
        self.seen = 0;
        self.method = Slice::default();
        self.text = Slice::default();
        self.status = 0;
        self.line = Slice::default();
        self.framing = Framing::Empty;
        self.ambiguous = false;
    }

    /// Gives the start line of a request, as ranges of the buffer.
    pub fn start_request(&mut self, line: Slice, method: Slice, target: Slice, version: Version) {
        self.line = line;
        self.method = method;
        self.text = target;
        self.status = 0;
        self.version = version;
    }

    /// Gives the start line of a response, as ranges of the buffer.
    pub fn start_response(&mut self, line: Slice, status: u16, reason: Slice, version: Version) {
        self.line = line;
        self.text = reason;
        self.status = status;
        self.version = version;
    }

    /// Adds a field as it was received.
    #[inline]
    pub fn push_received(&mut self, field: Field) {
        self.seen |= field.known.bit();
        self.fields.push(field);
    }

    #[must_use]
    pub fn is_present(&self) -> bool {
        self.status != 0 || !self.method.is_empty()
    }

    #[inline]
    #[must_use]
    pub fn bytes(&self, slice: Slice) -> &[u8] {
        let source = if slice.is_arena() { &self.arena[..] } else { self.buffer.all() };
        &source[slice.start()..slice.end()]
    }

    /// The start line as it was received, without its line end; empty once it was changed.
    #[must_use]
    pub fn start_line(&self) -> &[u8] {
        self.bytes(self.line).trim_ascii_end()
    }

    #[inline]
    #[must_use]
    pub fn method(&self) -> &[u8] {
        self.bytes(self.method)
    }

    /// The request target as it stands in the start line.
    #[inline]
    #[must_use]
    pub fn target(&self) -> &[u8] {
        self.bytes(self.text)
    }

    /// The reason phrase of a response.
    #[must_use]
    pub fn reason(&self) -> &[u8] {
        self.bytes(self.text)
    }

    #[inline]
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    #[inline]
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The path of the target, without scheme, authority and query (manual, fetch `path`).
    #[must_use]
    pub fn path(&self) -> &[u8] {
        let target = self.target();
        let path = path_and_query(target);
        memchr::memchr2(b'?', b'#', path).map_or(path, |end| &path[..end])
    }

    /// The target from its path on (manual, fetch `pathq`).
    #[must_use]
    pub fn path_and_query(&self) -> &[u8] {
        path_and_query(self.target())
    }

    /// The query string without its question mark, empty if there is none.
    #[must_use]
    pub fn query(&self) -> &[u8] {
        let target = self.target();
        memchr::memchr(b'?', target).map_or(&[], |at| &target[at + 1..])
    }

    /// The fields that are there.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = (&[u8], &[u8])> {
        self.fields
            .iter()
            .filter(|field| !field.removed)
            .map(|field| (self.bytes(field.name), self.bytes(field.value)))
    }

    /// The values of all fields with this name, in order, each as one line.
    pub fn values<'a>(&'a self, name: &'a [u8]) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| {
                !field.removed && self.bytes(field.name).eq_ignore_ascii_case(name)
            })
            .map(|field| self.bytes(field.value))
    }

    /// The values of all fields of a known name.
    #[inline]
    pub fn known(&self, known: Known) -> impl DoubleEndedIterator<Item = &[u8]> {
        let fields = if self.seen & known.bit() == 0 { &[] } else { &self.fields[..] };
        fields
            .iter()
            .filter(move |field| !field.removed && field.known == known)
            .map(|field| self.bytes(field.value))
    }

    /// Removes every field with this name; true if there was one.
    pub fn remove(&mut self, name: &[u8]) -> bool {
        self.remove_where(|_, other, _| other.eq_ignore_ascii_case(name))
    }

    pub fn remove_known(&mut self, known: Known) -> bool {
        if self.seen & known.bit() == 0 {
            return false;
        }
        let mut found = false;
        for field in &mut self.fields {
            if field.known == known && !field.removed {
                field.removed = true;
                found = true;
            }
        }
        found
    }

    /// Removes the fields for which `condition` (known, name, value) holds; true if any did.
    pub fn remove_where(&mut self, condition: impl Fn(Known, &[u8], &[u8]) -> bool) -> bool {
        let mut found = false;
        for at in 0..self.fields.len() {
            let field = self.fields[at];
            if !field.removed
                && condition(field.known, self.bytes(field.name), self.bytes(field.value))
            {
                self.fields[at].removed = true;
                found = true;
            }
        }
        found
    }

    /// Appends a field.
    pub fn add(&mut self, name: &[u8], value: &[u8]) {
        let name_slice = self.store(name);
        let value_slice = self.store(value);
        self.seen |= Known::of(name).bit();
        self.fields.push(Field {
            name: name_slice,
            value: value_slice,
            line: Slice::default(),
            known: Known::of(name),
            removed: false,
        });
    }

    /// Removes every field with this name and appends one.
    pub fn set(&mut self, name: &[u8], value: &[u8]) {
        self.remove(name);
        self.add(name, value);
    }

    /// Replaces the value of each field with this name by what `change` makes of it; `None`
    /// leaves it, an empty value removes the field.
    pub fn rewrite(&mut self, known: Known, change: impl Fn(&[u8]) -> Option<Vec<u8>>) {
        for at in 0..self.fields.len() {
            let field = self.fields[at];
            if field.removed || field.known != known {
                continue;
            }
            let Some(value) = change(self.bytes(field.value)) else { continue };
            if value.is_empty() {
                self.fields[at].removed = true;
            } else {
                self.fields[at].value = self.store(&value);
                self.fields[at].line = Slice::default();
            }
        }
    }

    /// Replaces the value of each field with this name by what `change` makes of it; `None`
    /// leaves it.
    pub fn rewrite_named(&mut self, name: &[u8], mut change: impl FnMut(&[u8]) -> Option<Vec<u8>>) {
        for at in 0..self.fields.len() {
            let field = self.fields[at];
            if field.removed || !self.bytes(field.name).eq_ignore_ascii_case(name) {
                continue;
            }
            if let Some(value) = change(self.bytes(field.value)) {
                self.fields[at].value = self.store(&value);
                self.fields[at].line = Slice::default();
            }
        }
    }

    pub fn set_method(&mut self, method: &[u8]) {
        self.method = self.store(method);
        self.line = Slice::default();
    }

    pub fn set_target(&mut self, target: &[u8]) {
        self.text = self.store(target);
        self.line = Slice::default();
    }

    pub fn set_status(&mut self, status: u16, reason: &[u8]) {
        self.text = self.store(reason);
        self.status = status;
        self.line = Slice::default();
    }

    /// Appends the head, blank line included, to `out` in HTTP/1 form.
    pub fn emit(&self, out: &mut Vec<u8>) {
        let source = self.buffer.all();
        let mut run = self.line.start()..self.line.end();
        if run.is_empty() {
            self.emit_start_line(out);
        }
        for field in &self.fields {
            if field.removed {
                continue;
            }
            if !field.line.is_empty() && field.line.start() == run.end {
                run.end = field.line.end();
                continue;
            }
            out.extend_from_slice(&source[run]);
            run = field.line.start()..field.line.end();
            if run.is_empty() {
                out.extend_from_slice(self.bytes(field.name));
                out.extend_from_slice(b": ");
                out.extend_from_slice(self.bytes(field.value));
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(&source[run]);
        out.extend_from_slice(b"\r\n");
    }

    fn emit_start_line(&self, out: &mut Vec<u8>) {
        if self.status == 0 {
            out.extend_from_slice(self.method());
            out.push(b' ');
            out.extend_from_slice(self.target());
            out.push(b' ');
            out.extend_from_slice(self.version.text());
        } else {
            out.extend_from_slice(self.version.text());
            out.push(b' ');
            out.extend_from_slice(itoa::Buffer::new().format(self.status).as_bytes());
            out.push(b' ');
            out.extend_from_slice(self.reason());
        }
        out.extend_from_slice(b"\r\n");
    }

    fn store(&mut self, text: &[u8]) -> Slice {
        let at = self.arena.len();
        self.arena.extend_from_slice(text);
        Slice::arena(at, text.len())
    }
}

impl Version {
    #[must_use]
    pub fn text(self) -> &'static [u8] {
        match self {
            Self::Http10 => b"HTTP/1.0",
            Self::Http11 => b"HTTP/1.1",
        }
    }
}

fn path_and_query(target: &[u8]) -> &[u8] {
    if target.first() == Some(&b'/') {
        return target;
    }
    // absolute-form: the path begins after the authority (RFC 9112, section 3.2.2).
    let Some(authority) = memchr::memmem::find(target, b"://") else { return b"" };
    let rest = &target[authority + 3..];
    memchr::memchr2(b'/', b'?', rest).map_or(b"/", |at| &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::h1;

    fn request(text: &str) -> Message {
        let mut message = Message::empty();
        let mut buffer = Buffer::take();
        buffer.append(text.as_bytes());
        message.reset(buffer);
        assert_eq!(h1::parse_request(&mut message), Ok(Some(text.len())));
        message
    }

    fn emitted(message: &Message) -> String {
        let mut out = Vec::new();
        message.emit(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_untouched_head_leaves_as_it_came() {
        let text = "GET /a?b=c HTTP/1.1\r\nHost: x\r\naCcEpT:  y \r\nA: 1\r\nA: 2\r\n\r\n";
        assert_eq!(emitted(&request(text)), text);
    }

    #[test]
    fn edits_keep_the_order_and_bytes_of_the_rest() {
        let mut message =
            request("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 2\r\na: 3\r\nC: 4\r\n\r\n");
        assert!(message.remove(b"A"));
        message.set(b"B", b"two");
        message.add(b"D", b"5");
        message.set_target(b"/new");
        assert_eq!(
            emitted(&message),
            "GET /new HTTP/1.1\r\nHost: x\r\nC: 4\r\nB: two\r\nD: 5\r\n\r\n"
        );
    }

    #[test]
    fn the_path_is_found_in_every_form_of_target() {
        for (target, path, query) in [
            ("/a/b?c=d", "/a/b", "c=d"),
            ("http://h:80/p?q", "/p", "q"),
            ("http://h", "/", ""),
            ("*", "", ""),
            ("/?", "/", ""),
        ] {
            let message = request(&format!("GET {target} HTTP/1.1\r\nHost: h:80\r\n\r\n"));
            assert_eq!(message.path(), path.as_bytes(), "{target}");
            assert_eq!(message.query(), query.as_bytes(), "{target}");
        }
    }
}
