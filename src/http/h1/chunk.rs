//! The chunked transfer coding (RFC 9112, section 7.1): finds where a body ends without
//! changing its bytes.

/// Follows a chunked body through any division into reads.
#[derive(Clone, Copy, Debug)]
pub struct ChunkScanner {
    state: State,
    /// Bytes left of the chunk's data, or the size read so far.
    size: u64,
    /// Hexadecimal digits of the size, then bytes of extensions and trailers.
    seen: u32,
}

/// What a piece of input was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// All of it belongs to the body, and more will come.
    More,
    /// The body ended after this many bytes of the piece.
    Done(usize),
}

/// The coding is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkError;

/// size → extension → size-LF → data → data-CR → data-LF → size … ;
/// after the last chunk: trailer-start → trailer-line → trailer-LF → trailer-start …, and
/// trailer-start → last-LF → done on an empty line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Size,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    TrailerStart,
    TrailerLine,
    TrailerLf,
    LastLf,
    Done,
}

impl ChunkScanner {
    #[must_use]
    pub fn new() -> Self {
        Self { state: State::Size, size: 0, seen: 0 }
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Reads the next piece of the body.
    ///
    /// # Errors
    /// A size that is no hexadecimal number below 2^52, a line that does not end in CR LF, or
    /// extensions and trailers beyond [`MAX_EXTRA`].
    pub fn scan(&mut self, bytes: &[u8]) -> Result<Scanned, ChunkError> {
        let mut at = 0;
        while at < bytes.len() {
            if self.state == State::Data {
                let n = self.size.min((bytes.len() - at) as u64);
                self.size -= n;
                at += n as usize;
                if self.size == 0 {
                    self.state = State::DataCr;
                }
                continue;
            }
            self.step(bytes[at])?;
            at += 1;
            if self.state == State::Done {
                return Ok(Scanned::Done(at));
            }
        }
        Ok(Scanned::More)
    }

    fn step(&mut self, byte: u8) -> Result<(), ChunkError> {
        self.state = match (self.state, byte) {
            (State::Size, b'\r') if self.seen > 0 => State::SizeLf,
            (State::Size, b';') if self.seen > 0 => self.extra(State::Extension)?,
            (State::Size, _) => self.digit(byte)?,
            (State::Extension, b'\r') => State::SizeLf,
            (State::Extension, b'\n' | 0) => return Err(ChunkError),
            (State::Extension, _) => self.extra(State::Extension)?,
            (State::SizeLf, b'\n') => {
                self.seen = 0;
                if self.size == 0 { State::TrailerStart } else { State::Data }
            }
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => {
                self.seen = 0;
                State::Size
            }
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerLine, b'\r') => State::TrailerLf,
            (State::TrailerStart | State::TrailerLine, b'\n' | 0) => return Err(ChunkError),
            (State::TrailerStart | State::TrailerLine, _) => self.extra(State::TrailerLine)?,
            (State::TrailerLf, b'\n') => State::TrailerStart,
            (State::LastLf, b'\n') => State::Done,
            _ => return Err(ChunkError),
        };
        Ok(())
    }

    fn digit(&mut self, byte: u8) -> Result<State, ChunkError> {
        let digit = (byte as char).to_digit(16).ok_or(ChunkError)?;
        self.size = if self.seen == 0 { 0 } else { self.size << 4 } | u64::from(digit);
        self.seen += 1;
        // HAProxy's limit too: no size needs more than 13 digits.
        if self.seen > 13 { Err(ChunkError) } else { Ok(State::Size) }
    }

    fn extra(&mut self, next: State) -> Result<State, ChunkError> {
        self.seen += 1;
        if self.seen > MAX_EXTRA { Err(ChunkError) } else { Ok(next) }
    }
}

impl Default for ChunkScanner {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes of one chunk's extensions, or of all trailers.
const MAX_EXTRA: u32 = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_at_every_division_of_the_input() {
        let body = b"5\r\nhello\r\nA;x=y\r\n0123456789\r\n000\r\nT: v\r\n\r\n";
        let mut input = body.to_vec();
        input.extend_from_slice(b"GET / next");
        for cut in 0..body.len() {
            let mut scanner = ChunkScanner::new();
            assert_eq!(scanner.scan(&input[..cut]), Ok(Scanned::More), "cut at {cut}");
            assert_eq!(scanner.scan(&input[cut..]), Ok(Scanned::Done(body.len() - cut)));
            assert!(scanner.is_done());
        }
    }

    #[test]
    fn broken_codings_are_refused() {
        for body in [
            &b"\r\n"[..],
            b"g\r\n",
            b"5\nhello",
            b"5\r\nhelloX",
            b"5\r\nhello\n",
            b" 5\r\n",
            b"5 \r\n",
            b"0x5\r\n",
            b"-5\r\n",
            b"fffffffffffffff\r\n",
            b"0\r\n\n",
            b"5;\n\r\n",
        ] {
            let text = String::from_utf8_lossy(body).into_owned();
            assert_eq!(ChunkScanner::new().scan(body), Err(ChunkError), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_in_any_division_give_the_same_answer(
            bytes in proptest::collection::vec(proptest::sample::select(b"0123aF;\r\n xT:".to_vec()), 0..60),
            cut in 0usize..60,
        ) {
            let cut = cut.min(bytes.len());
            let whole = ChunkScanner::new().scan(&bytes);
            let mut scanner = ChunkScanner::new();
            let parts = match scanner.scan(&bytes[..cut]) {
                Ok(Scanned::More) => scanner.scan(&bytes[cut..]).map(|scanned| match scanned {
                    Scanned::Done(n) => Scanned::Done(n + cut),
                    more @ Scanned::More => more,
                }),
                other => other,
            };
            proptest::prop_assert_eq!(whole, parts);
        }
    }
}
