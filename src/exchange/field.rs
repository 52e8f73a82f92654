//! Header fields as ranges into the bytes they came in.

/// A range of a message's buffer or of its arena of changed texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    at: u32,
    len: u32,
}

impl Slice {
    const ARENA: u32 = 1 << 31;

    /// A range of the buffer.
    #[inline]
    #[must_use]
    pub fn buffer(at: usize, len: usize) -> Self {
        Self { at: at as u32, len: len as u32 }
    }

    /// A range of the arena.
    #[inline]
    #[must_use]
    pub fn arena(at: usize, len: usize) -> Self {
        Self { at: at as u32 | Self::ARENA, len: len as u32 }
    }

    #[inline]
    #[must_use]
    pub fn is_arena(self) -> bool {
        self.at & Self::ARENA != 0
    }

    #[inline]
    #[must_use]
    pub fn start(self) -> usize {
        (self.at & !Self::ARENA) as usize
    }

    #[inline]
    #[must_use]
    pub fn end(self) -> usize {
        self.start() + self.len as usize
    }

    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// One header field. Fields keep their order, case and number.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: Slice,
    pub value: Slice,
    /// The whole line with its CRLF when it is untouched, so that runs of untouched lines are
    /// emitted by one copy; empty otherwise.
    pub line: Slice,
    pub known: Known,
    pub removed: bool,
}

/// Names that the engine itself looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Known {
    Other,
    Connection,
    ContentLength,
    Cookie,
    Expect,
    Host,
    KeepAlive,
    ProxyConnection,
    SetCookie,
    TransferEncoding,
    Upgrade,
}

impl Known {
    /// This name's bit in a set of known names.
    #[inline]
    #[must_use]
    pub fn bit(self) -> u16 {
        1 << self as u8
    }

    /// Recognises a name in any case.
    #[inline]
    #[must_use]
    pub fn of(name: &[u8]) -> Self {
        let (known, text): (Self, &[u8]) = match name.len() {
            4 => (Self::Host, b"host"),
            6 if name[0] | 0x20 == b'c' => (Self::Cookie, b"cookie"),
            6 => (Self::Expect, b"expect"),
            7 => (Self::Upgrade, b"upgrade"),
            10 if name[0] | 0x20 == b'c' => (Self::Connection, b"connection"),
            10 if name[0] | 0x20 == b's' => (Self::SetCookie, b"set-cookie"),
            10 => (Self::KeepAlive, b"keep-alive"),
            14 => (Self::ContentLength, b"content-length"),
            16 => (Self::ProxyConnection, b"proxy-connection"),
            17 => (Self::TransferEncoding, b"transfer-encoding"),
            _ => return Self::Other,
        };
        if name.eq_ignore_ascii_case(text) { known } else { Self::Other }
    }
}
