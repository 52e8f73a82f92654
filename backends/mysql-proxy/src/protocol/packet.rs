//! Packet framing: three bytes of length, one of sequence, then the payload.
//!
//! Apart because both directions need it and because it is the one place that sees every byte. A
//! logical packet of 16 MiB - 1 bytes or more is a run of fragments: each full fragment (length
//! 0xFFFFFF) says that another one follows, which may be empty.

/// Bytes of a fragment header.
pub const HEADER: usize = 4;
/// Payload length of a fragment that is continued by the next one.
pub const FULL: usize = 0xFF_FFFF;
/// How much of a logical packet's start the scanner keeps: enough for the fixed part of an OK
/// packet (1 + 9 + 9 + 2 + 2 bytes).
pub const HEAD: usize = 23;

/// Finds the packets in a byte stream that is forwarded as it is.
///
/// ```text
///           4 bytes          HEAD bytes or all        last byte
/// Header ───────────► Head ────────────────────► Body ─────────► Header
///    ▲                      Step::Begin            │   Step::End
///    └────── full fragment: its continuation ──────┘
/// ```
#[derive(Debug, Default)]
pub struct Scanner {
    place: Place,
    header: Gather<HEADER>,
    head: Gather<HEAD>,
    /// Payload length of the fragment under way.
    fragment: usize,
    /// Payload bytes of that fragment yet to come.
    left: usize,
    sequence: u8,
}

/// What the scanner met.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A logical packet begins.
    Begin(Head<'a>),
    /// The logical packet's last byte has been passed.
    End,
}

/// The start of a logical packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// Payload length of the first fragment; [`FULL`] if there are more.
    pub len: usize,
    pub sequence: u8,
    /// The first bytes of the payload: at most [`HEAD`], fewer only if the packet is shorter.
    pub start: &'a [u8],
}

impl Head<'_> {
    /// The first byte, which tells most packets apart.
    pub fn tag(&self) -> Option<u8> {
        self.start.first().copied()
    }
}

impl Scanner {
    /// Moves `input` past the next event and returns it; `None` when `input` is used up.
    pub fn step<'s>(&'s mut self, input: &mut &[u8]) -> Option<Step<'s>> {
        loop {
            match self.place {
                Place::Header { continues } => {
                    if !self.header.fill(input, HEADER) {
                        return None;
                    }
                    self.begin_fragment(continues);
                }
                Place::Head => {
                    let before = self.head.len;
                    let whole = self.head.fill(input, HEAD.min(self.fragment));
                    self.left -= self.head.len - before;
                    if !whole {
                        return None;
                    }
                    self.place = Place::Body;
                    return Some(Step::Begin(Head {
                        len: self.fragment,
                        sequence: self.sequence,
                        start: self.head.bytes(),
                    }));
                }
                Place::Body => {
                    let skip = self.left.min(input.len());
                    *input = &input[skip..];
                    self.left -= skip;
                    if self.left > 0 {
                        return None;
                    }
                    let continues = self.fragment == FULL;
                    self.place = Place::Header { continues };
                    self.header.len = 0;
                    if !continues {
                        return Some(Step::End);
                    }
                }
            }
        }
    }

    /// Whether the stream stands between two logical packets.
    pub fn at_boundary(&self) -> bool {
        matches!(self.place, Place::Header { continues: false }) && self.header.len == 0
    }

    /// The sequence number of the last fragment that began.
    pub fn sequence(&self) -> u8 {
        self.sequence
    }

    fn begin_fragment(&mut self, continues: bool) {
        let [a, b, c, sequence] = self.header.buffer;
        self.fragment = length([a, b, c]);
        self.left = self.fragment;
        self.sequence = sequence;
        self.head.len = 0;
        self.place = if continues { Place::Body } else { Place::Head };
    }
}

/// One packet, ready to send.
///
/// Only for what the proxy itself says, which is far below [`FULL`]; a longer payload is cut.
pub fn frame(sequence: u8, payload: &[u8]) -> Vec<u8> {
    let payload = &payload[..payload.len().min(FULL - 1)];
    let [a, b, c, ..] = (payload.len() as u32).to_le_bytes();
    let mut packet = Vec::with_capacity(HEADER + payload.len());
    packet.extend_from_slice(&[a, b, c, sequence]);
    packet.extend_from_slice(payload);
    packet
}

/// The payload length that a fragment header's first three bytes give.
pub fn length([a, b, c]: [u8; 3]) -> usize {
    u32::from_le_bytes([a, b, c, 0]) as usize
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Header { continues: bool },
    Head,
    Body,
}

impl Default for Place {
    fn default() -> Self {
        Self::Header { continues: false }
    }
}

/// Bytes collected across reads.
#[derive(Debug)]
struct Gather<const N: usize> {
    buffer: [u8; N],
    len: usize,
}

impl<const N: usize> Default for Gather<N> {
    fn default() -> Self {
        Self { buffer: [0; N], len: 0 }
    }
}

impl<const N: usize> Gather<N> {
    /// Takes from `input` until `want` bytes are held; says whether they are.
    fn fill(&mut self, input: &mut &[u8], want: usize) -> bool {
        let take = (want - self.len).min(input.len());
        let (taken, rest) = input.split_at(take);
        self.buffer[self.len..self.len + take].copy_from_slice(taken);
        self.len += take;
        *input = rest;
        self.len == want
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct Seen {
        len: usize,
        sequence: u8,
        start: Vec<u8>,
        ended_at: usize,
    }

    /// Scans `stream` handed over in pieces that end at `cuts`.
    fn scan(stream: &[u8], cuts: &[usize]) -> (Vec<Seen>, Scanner) {
        let mut scanner = Scanner::default();
        let mut seen: Vec<Seen> = Vec::new();
        let mut from = 0;
        for &to in cuts.iter().chain([&stream.len()]) {
            let to = to.clamp(from, stream.len());
            let mut input = &stream[from..to];
            loop {
                match scanner.step(&mut input) {
                    Some(Step::Begin(head)) => seen.push(Seen {
                        len: head.len,
                        sequence: head.sequence,
                        start: head.start.to_vec(),
                        ended_at: 0,
                    }),
                    Some(Step::End) => {
                        let last = seen.last_mut().expect("an end follows a beginning");
                        last.ended_at = to - input.len();
                    }
                    None => break,
                }
            }
            from = to;
        }
        (seen, scanner)
    }

    #[test]
    fn a_full_fragment_is_continued_even_by_an_empty_one() {
        let mut stream = vec![0xff, 0xff, 0xff, 7];
        stream.resize(HEADER + FULL, b'x');
        stream.extend_from_slice(&[0, 0, 0, 8]);
        stream.extend_from_slice(&[1, 0, 0, 0, 0x0e]);
        let (seen, scanner) = scan(&stream, &[3, 100, HEADER + FULL + 2]);
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].len, seen[0].sequence), (FULL, 7));
        assert_eq!(seen[0].ended_at, HEADER + FULL + HEADER);
        assert_eq!(seen[1].start, [0x0e]);
        assert!(scanner.at_boundary());
    }

    #[test]
    fn an_empty_packet_begins_and_ends() {
        let (seen, _) = scan(&[0, 0, 0, 3], &[]);
        assert_eq!(seen, [Seen { len: 0, sequence: 3, start: vec![], ended_at: 4 }]);
    }

    proptest! {
        #[test]
        fn any_split_of_the_stream_gives_the_packets_that_were_framed(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..12),
            mut cuts in prop::collection::vec(0..700usize, 0..20),
        ) {
            cuts.sort_unstable();
            let mut stream = Vec::new();
            let mut framed = Vec::new();
            for (index, payload) in payloads.iter().enumerate() {
                stream.extend(frame(index as u8, payload));
                framed.push(Seen {
                    len: payload.len(),
                    sequence: index as u8,
                    start: payload[..payload.len().min(HEAD)].to_vec(),
                    ended_at: stream.len(),
                });
            }
            let (seen, scanner) = scan(&stream, &cuts);
            prop_assert_eq!(seen, framed);
            prop_assert!(scanner.at_boundary());
        }

        #[test]
        fn arbitrary_bytes_never_panic(
            stream in prop::collection::vec(any::<u8>(), 0..300),
            mut cuts in prop::collection::vec(0..300usize, 0..9),
        ) {
            cuts.sort_unstable();
            scan(&stream, &cuts);
        }
    }
}
