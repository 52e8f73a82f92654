//! How items are written: quotes, hexadecimal numbers, and characters that must not reach a log
//! as they are.

/// Flags in force for an item (manual, section 8.2.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sample) struct Style {
    /// `Q`: in double quotes.
    quoted: bool,
    /// `X`: addresses, ports and some numbers in hexadecimal.
    hexadecimal: bool,
    /// `E`: a backslash before `"`, `\` and `]`.
    escaped: bool,
}

impl Style {
    /// The style after `+Q,-X` and the like.
    ///
    /// # Errors
    /// One sentence naming the flag.
    pub(in crate::sample) fn with(mut self, flags: &str) -> Result<Self, String> {
        for flag in flags.split(',') {
            let flag = flag.trim();
            let (on, name) = match flag.strip_prefix('-') {
                Some(name) => (false, name),
                None => (true, flag.strip_prefix('+').unwrap_or(flag)),
            };
            match name {
                "" => {}
                "Q" => self.quoted = on,
                "X" => self.hexadecimal = on,
                "E" => self.escaped = on,
                "bin" | "json" | "cbor" => {
                    return Err(format!(
                        "log-format flag '{name}' is not supported by evenkeel yet"
                    ));
                }
                other => return Err(format!("unknown log-format flag '{other}'")),
            }
        }
        Ok(self)
    }

    /// Nothing changes a text in this style.
    pub(in crate::sample) fn is_plain(self) -> bool {
        !self.quoted && !self.escaped
    }

    pub(super) fn hexadecimal(self) -> bool {
        self.hexadecimal
    }

    /// Writes a sample of a line that was found, or what stands for one that was not.
    pub(in crate::sample) fn sample(self, out: &mut Vec<u8>, text: Option<&[u8]>) {
        match text {
            Some(text) if !text.is_empty() => self.between_quotes(out, |out| {
                if self.escaped {
                    text.iter().for_each(|&byte| self.backslashed(out, byte));
                } else {
                    out.extend_from_slice(text);
                }
            }),
            _ => self.nothing(out),
        }
    }

    /// Writes a word that holds nothing to be encoded.
    pub(super) fn word(self, out: &mut Vec<u8>, text: Option<&[u8]>) {
        self.sample(out, text);
    }

    /// Writes text from the network, with unsafe characters encoded.
    pub(super) fn text(self, out: &mut Vec<u8>, text: &[u8]) {
        self.between_quotes(out, |out| self.encoded(out, text, is_safe));
    }

    /// Writes a header's value without quotes.
    pub(super) fn header(self, out: &mut Vec<u8>, text: &[u8]) {
        self.encoded(out, text, is_safe_in_header);
    }

    /// What stands for a text that is not there.
    pub(super) fn nothing(self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.quoted { b"\"\"" } else { b"-" });
    }

    pub(super) fn between_quotes(self, out: &mut Vec<u8>, item: impl FnOnce(&mut Vec<u8>)) {
        if self.quoted {
            out.push(b'"');
        }
        item(out);
        if self.quoted {
            out.push(b'"');
        }
    }

    /// Writes a number that `X` turns into at least four hexadecimal digits.
    pub(super) fn number(self, out: &mut Vec<u8>, value: u64) {
        if self.hexadecimal {
            hexadecimal(out, value, 4);
        } else {
            decimal(out, value);
        }
    }

    fn encoded(self, out: &mut Vec<u8>, text: &[u8], safe: fn(u8) -> bool) {
        for &byte in text {
            if safe(byte) {
                self.backslashed(out, byte);
            } else {
                out.push(b'#');
                hexadecimal(out, u64::from(byte), 2);
            }
        }
    }

    fn backslashed(self, out: &mut Vec<u8>, byte: u8) {
        if self.escaped && matches!(byte, b'"' | b'\\' | b']') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

pub(super) fn decimal(out: &mut Vec<u8>, value: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Capital digits, at least `width` of them.
pub(super) fn hexadecimal(out: &mut Vec<u8>, value: u64, width: u32) {
    let digits = (u64::BITS - value.leading_zeros()).div_ceil(4).max(width);
    for digit in (0..digits).rev() {
        out.push(b"0123456789ABCDEF"[(value >> (4 * digit) & 15) as usize]);
    }
}

/// Manual, section 8.6.
fn is_safe(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'#' | b'"')
}

fn is_safe_in_header(byte: u8) -> bool {
    is_safe(byte) && !matches!(byte, b'{' | b'|' | b'}')
}
