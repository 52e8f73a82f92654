//! The command phase of one session, both directions together.
//!
//! Apart from `response` because it also knows the client's side: where a command ends, what the
//! proxy answers itself, and who speaks next. The relay only moves the bytes it is told to move.

use super::answer::Status;
use super::command::{Answer, Command, SET_OPTION};
use super::packet::{Scanner, Step};
use super::reader::Malformed;
use super::response::Response;

/// Follows one client and one server from command to command.
#[derive(Debug)]
pub struct Dialogue {
    client: Scanner,
    server: Scanner,
    response: Response,
    answer: Answer,
    options_changed: bool,
}

/// What to do with the bytes that the client has sent.
#[derive(Debug, PartialEq, Eq)]
pub struct FromClient {
    /// This many bytes go to the server (or nowhere, if the command is refused).
    pub consumed: usize,
    pub then: Then,
}

/// Who speaks next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The client: its command or file is not complete.
    Client,
    /// The client with a new command: the one before has no answer.
    NextCommand,
    /// The server.
    Server,
    /// The server, in an authentication dialogue.
    Authenticate,
    /// The proxy refuses the command that has just been consumed with an ERR of this sequence.
    Refuse { sequence: u8 },
    /// The session is over.
    Quit,
}

/// What the bytes from the server amount to. All of them go to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromServer {
    /// More will come.
    More,
    /// The client is to send a local file.
    WantsFile,
    /// The response is complete.
    Complete,
}

/// A command's first bytes.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    pub command: &'static Command,
    pub sequence: u8,
}

impl Dialogue {
    pub fn new(deprecate_eof: bool, status: Status) -> Self {
        Self {
            client: Scanner::default(),
            server: Scanner::default(),
            response: Response::new(deprecate_eof, status),
            answer: Answer::Nothing,
            options_changed: false,
        }
    }

    /// The command that `input` begins with, once enough of it is there.
    pub fn opening(input: &[u8]) -> Option<Opening> {
        let &[a, b, c, sequence, ref payload @ ..] = input else { return None };
        let code = match payload.first() {
            _ if [a, b, c] == [0; 3] => 0xff,
            Some(&code) => code,
            None => return None,
        };
        Some(Opening { command: Command::of(code), sequence })
    }

    /// Begins the command of `opening`; its bytes follow with [`Self::from_client`].
    pub fn begin(&mut self, opening: Opening) {
        self.answer = opening.command.answer;
        self.options_changed |= opening.command.code == SET_OPTION;
        self.server = Scanner::default();
        self.response.begin(self.answer);
    }

    /// Whether the command's bytes go to the server, or to nobody.
    pub fn is_forwarded(&self) -> bool {
        !matches!(self.answer, Answer::Quit | Answer::Refused)
    }

    /// Takes bytes of the command, or of the local file, up to its end.
    pub fn from_client(&mut self, input: &[u8]) -> FromClient {
        let mut rest = input;
        let file = self.response.wants_file();
        // A command is one packet; a file is packets up to an empty one.
        let mut last = !file;
        while let Some(step) = self.client.step(&mut rest) {
            match step {
                Step::Begin(head) => last = !file || head.len == 0,
                Step::End if last => {
                    let consumed = input.len() - rest.len();
                    return FromClient { consumed, then: self.after_command(file) };
                }
                Step::End => {}
            }
        }
        FromClient { consumed: input.len(), then: Then::Client }
    }

    /// Takes bytes of the response.
    pub fn from_server(&mut self, mut input: &[u8]) -> Result<FromServer, Malformed> {
        while let Some(step) = self.server.step(&mut input) {
            match step {
                Step::Begin(head) => self.response.packet(&head)?,
                Step::End if self.response.ended() && input.is_empty() => {
                    return Ok(FromServer::Complete);
                }
                Step::End if self.response.wants_file() => return Ok(FromServer::WantsFile),
                Step::End => {}
            }
        }
        Ok(FromServer::More)
    }

    pub fn status(&self) -> Status {
        self.response.status()
    }

    pub fn set_status(&mut self, status: Status) {
        self.response.set_status(status);
    }

    /// ERR packets of the server since this was last asked.
    pub fn take_errors(&mut self) -> u64 {
        self.response.take_errors()
    }

    /// Whether COM_SET_OPTION was used: no reset of the session undoes it.
    pub fn options_changed(&self) -> bool {
        self.options_changed
    }

    /// Where an ERR of the proxy's own would fit into the response under way: only between two
    /// packets of the server.
    pub fn room_for_error(&self) -> Option<u8> {
        self.server.at_boundary().then(|| self.server.sequence().wrapping_add(1))
    }

    fn after_command(&mut self, file: bool) -> Then {
        if file {
            self.response.file_sent();
            return Then::Server;
        }
        match self.answer {
            Answer::Quit => Then::Quit,
            Answer::Nothing => Then::NextCommand,
            Answer::Authentication => Then::Authenticate,
            Answer::Refused => Then::Refuse { sequence: self.client.sequence().wrapping_add(1) },
            _ => Then::Server,
        }
    }
}

#[cfg(test)]
mod tests;
