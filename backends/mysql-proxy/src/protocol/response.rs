//! Where the server stands in its answer to one command.
//!
//! Apart because it is the heart of the proxy and pure: the heads of packets in, the state out.
//! Without it no one knows when a response has ended and whose turn it is.

use super::answer::{self, Status};
use super::command::Answer;
use super::packet::{FULL, Head};
use super::reader::{Malformed, Reader};

/// The answer to one command.
///
/// ```text
/// Results ─► First ── OK ───────────────────────────────► Ended   (First again if the status
///              │───── ERR ──────────────────────────────► Ended    says "more results")
///              │───── LOCAL INFILE ─► File ─ client's last packet ─► First
///              └───── n columns ─► Columns ─► ColumnsEnd ─► Rows ─ EOF/OK/ERR ─► Ended or First
///                                                │ cursor exists: no rows
///                                                └──────────────────────► Ended
/// Prepared ─► Statement ─► Parameters ─► ParametersEnd ─► StatementColumns ─► Ended
/// ```
///
/// `ColumnsEnd` and its kin are passed over under CLIENT_DEPRECATE_EOF.
#[derive(Debug)]
pub struct Response {
    state: State,
    deprecate_eof: bool,
    status: Status,
    errors: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ended,
    One,
    First,
    /// The client sends a file; the server listens.
    File,
    Columns {
        left: u64,
    },
    ColumnsEnd,
    Rows,
    Fields,
    Statement,
    Parameters {
        left: u16,
        columns: u16,
    },
    ParametersEnd {
        columns: u16,
    },
    StatementColumns {
        left: u16,
    },
    StatementEnd,
}

impl Response {
    /// For a connection that has just been authenticated.
    pub fn new(deprecate_eof: bool, status: Status) -> Self {
        Self { state: State::Ended, deprecate_eof, status, errors: 0 }
    }

    /// A command with this answer has been sent.
    pub fn begin(&mut self, answer: Answer) {
        self.state = match answer {
            Answer::Quit | Answer::Nothing | Answer::Authentication | Answer::Refused => {
                State::Ended
            }
            Answer::One => State::One,
            Answer::Results => State::First,
            Answer::Rows => State::Rows,
            Answer::Fields => State::Fields,
            Answer::Prepared => State::Statement,
        };
    }

    /// A packet of the server begins.
    pub fn packet(&mut self, head: &Head<'_>) -> Result<(), Malformed> {
        let tag = head.tag().ok_or(Malformed("an empty packet from the server"))?;
        self.state = if tag == answer::ERR {
            self.errors += 1;
            State::Ended
        } else {
            self.next(tag, head)?
        };
        Ok(())
    }

    /// The client has sent the last packet of its local file.
    pub fn file_sent(&mut self) {
        if self.state == State::File {
            self.state = State::First;
        }
    }

    pub fn ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Whether the server waits for the client's local file.
    pub fn wants_file(&self) -> bool {
        self.state == State::File
    }

    /// The session's status after the last OK or EOF.
    pub fn status(&self) -> Status {
        self.status
    }

    pub fn set_status(&mut self, status: Status) {
        self.status = status;
    }

    /// ERR packets seen since this was last asked.
    pub fn take_errors(&mut self) -> u64 {
        std::mem::take(&mut self.errors)
    }

    fn next(&mut self, tag: u8, head: &Head<'_>) -> Result<State, Malformed> {
        Ok(match self.state {
            State::Ended | State::File => {
                return Err(Malformed("the server speaks out of turn"));
            }
            State::One => {
                self.note_single(tag, head);
                State::Ended
            }
            State::First => match tag {
                answer::OK => self.result_end(answer::ok_status(head.start)?),
                answer::LOCAL_INFILE => State::File,
                _ => State::Columns { left: Reader::new(head.start).integer()? },
            },
            State::Columns { left } if left > 1 => State::Columns { left: left - 1 },
            State::Columns { .. } if self.deprecate_eof => State::Rows,
            State::Columns { .. } => State::ColumnsEnd,
            State::ColumnsEnd => {
                let status = answer::eof_status(head.start)?;
                if status.cursor_exists() { self.result_end(status) } else { State::Rows }
            }
            State::Rows => match self.terminator(tag, head)? {
                Some(status) => self.result_end(status),
                None => State::Rows,
            },
            State::Fields => match self.terminator(tag, head)? {
                Some(status) => {
                    self.status = status;
                    State::Ended
                }
                None => State::Fields,
            },
            State::Statement => self.statement(head)?,
            State::Parameters { left, columns } if left > 1 => {
                State::Parameters { left: left - 1, columns }
            }
            State::Parameters { columns, .. } if self.deprecate_eof => statement_columns(columns),
            State::Parameters { columns, .. } => State::ParametersEnd { columns },
            State::ParametersEnd { columns } => statement_columns(columns),
            State::StatementColumns { left } if left > 1 => {
                State::StatementColumns { left: left - 1 }
            }
            State::StatementColumns { .. } if self.deprecate_eof => State::Ended,
            State::StatementColumns { .. } => State::StatementEnd,
            State::StatementEnd => State::Ended,
        })
    }

    /// What follows the end of a result.
    fn result_end(&mut self, status: Status) -> State {
        self.status = status;
        if status.more_results() { State::First } else { State::Ended }
    }

    /// The status if this packet ends rows or definitions. A row may begin with 0xFE too: then its
    /// first column is 16 MiB or longer, and so is the packet.
    fn terminator(&self, tag: u8, head: &Head<'_>) -> Result<Option<Status>, Malformed> {
        if tag != answer::EOF {
            return Ok(None);
        }
        if self.deprecate_eof && head.len < FULL {
            return answer::ok_status(head.start).map(Some);
        }
        if !self.deprecate_eof && head.len < 9 {
            return answer::eof_status(head.start).map(Some);
        }
        Ok(None)
    }

    /// An answer of one packet. The text of COM_STATISTICS has no status and begins with a letter.
    fn note_single(&mut self, tag: u8, head: &Head<'_>) {
        let status = match tag {
            answer::OK => answer::ok_status(head.start),
            answer::EOF if self.deprecate_eof => answer::ok_status(head.start),
            answer::EOF => answer::eof_status(head.start),
            _ => return,
        };
        if let Ok(status) = status {
            self.status = status;
        }
    }

    fn statement(&self, head: &Head<'_>) -> Result<State, Malformed> {
        let mut reader = Reader::new(head.start);
        if reader.u8()? != answer::OK {
            return Err(Malformed("a prepared statement's answer begins with neither OK nor ERR"));
        }
        reader.u32()?; // statement id
        let columns = reader.u16()?;
        let parameters = reader.u16()?;
        Ok(match parameters {
            0 => statement_columns(columns),
            left => State::Parameters { left, columns },
        })
    }
}

fn statement_columns(count: u16) -> State {
    match count {
        0 => State::Ended,
        left => State::StatementColumns { left },
    }
}
