//! The commands of the command phase and what each is answered with.
//!
//! Apart because the proxy's policy (forward, answer itself, refuse) and the response state
//! machine's first state both derive from this one table.

/// One `COM_*` value with all that the proxy needs to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    pub code: u8,
    /// As in the metrics' `command` label.
    pub name: &'static str,
    pub answer: Answer,
}

/// The shape of the server's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The session ends.
    Quit,
    /// None: the client may go on at once.
    Nothing,
    /// One packet of any kind: OK, EOF, ERR or a bare string.
    One,
    /// OK, ERR, a request for a local file or a result set; maybe several in a row.
    Results,
    /// The rest of a cursor's rows.
    Rows,
    /// Column definitions up to an EOF.
    Fields,
    /// A statement id with the definitions of its parameters and columns.
    Prepared,
    /// An authentication dialogue.
    Authentication,
    /// Refused by the proxy with ERR 1047.
    Refused,
}

impl Command {
    /// Position of the command with this code in [`COMMANDS`]; unknown codes share the last place.
    pub fn index(code: u8) -> usize {
        INDEX[usize::from(code)] as usize
    }

    /// The command with this code.
    pub fn of(code: u8) -> &'static Self {
        &COMMANDS[Self::index(code)]
    }
}

pub const QUIT: u8 = 0x01;
pub const QUERY: u8 = 0x03;
pub const CHANGE_USER: u8 = 0x11;
pub const SET_OPTION: u8 = 0x1b;
pub const RESET_CONNECTION: u8 = 0x1f;

/// Every command a client may meet, in the order of its code.
pub const COMMANDS: &[Command] = &[
    command(QUIT, "quit", Answer::Quit),
    command(0x02, "init_db", Answer::One),
    command(QUERY, "query", Answer::Results),
    command(0x04, "field_list", Answer::Fields),
    command(0x05, "create_db", Answer::One),
    command(0x06, "drop_db", Answer::One),
    command(0x07, "refresh", Answer::One),
    command(0x08, "shutdown", Answer::One),
    command(0x09, "statistics", Answer::One),
    command(0x0a, "process_info", Answer::Results),
    command(0x0c, "process_kill", Answer::One),
    command(0x0d, "debug", Answer::One),
    command(0x0e, "ping", Answer::One),
    command(CHANGE_USER, "change_user", Answer::Authentication),
    command(0x12, "binlog_dump", Answer::Refused),
    command(0x13, "table_dump", Answer::Refused),
    command(0x15, "register_slave", Answer::Refused),
    command(0x16, "stmt_prepare", Answer::Prepared),
    command(0x17, "stmt_execute", Answer::Results),
    command(0x18, "stmt_send_long_data", Answer::Nothing),
    command(0x19, "stmt_close", Answer::Nothing),
    command(0x1a, "stmt_reset", Answer::One),
    command(SET_OPTION, "set_option", Answer::One),
    command(0x1c, "stmt_fetch", Answer::Rows),
    command(0x1e, "binlog_dump_gtid", Answer::Refused),
    command(RESET_CONNECTION, "reset_connection", Answer::One),
    command(0xfa, "stmt_bulk_execute", Answer::Refused),
    command(0xff, "unknown", Answer::Refused),
];

const fn command(code: u8, name: &'static str, answer: Answer) -> Command {
    Command { code, name, answer }
}

/// Code to position in [`COMMANDS`].
const INDEX: [u8; 256] = {
    let unknown = COMMANDS.len() - 1;
    let mut index = [unknown as u8; 256];
    let mut at = 0;
    while at < unknown {
        index[COMMANDS[at].code as usize] = at as u8;
        at += 1;
    }
    index
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_finds_its_command_and_all_others_are_refused() {
        for code in 0..=u8::MAX {
            let found = Command::of(code);
            match COMMANDS.iter().find(|command| command.code == code) {
                Some(listed) => assert_eq!(found, listed),
                None => assert_eq!(found.answer, Answer::Refused),
            }
        }
    }
}
