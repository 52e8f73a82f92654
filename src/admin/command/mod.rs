//! The commands of the runtime API (management guide, section 9.3), one file each.

mod clear_counters;
mod echo;
mod frontend;
mod help;
mod level;
mod maxconn;
mod pattern;
mod prompt;
mod quit;
mod server;
mod server_address;
mod show_backend;
mod show_env;
mod show_info;
mod show_schema;
mod show_servers;
mod show_stat;
mod show_version;
mod table;
mod timeout;
mod weight;

use super::session::Settings;
use super::{Context, usage};
use crate::proxy::Level;

/// A command: its words, who may give it, how it is used, what it does.
pub struct Keyword {
    pub words: &'static [&'static str],
    pub level: Level,
    /// As `help` lists it.
    pub usage: &'static str,
    pub documentation: &'static str,
    run: fn(&mut Call<'_>) -> Result<(), String>,
}

/// A command that was given.
pub(super) struct Call<'a> {
    pub(super) context: &'a Context,
    /// All words, those of the command included.
    pub(super) words: &'a [String],
    /// Lines that followed a `<<`.
    pub(super) payload: Option<&'a str>,
    pub(super) settings: &'a mut Settings,
    pub(super) out: &'a mut String,
}

/// All commands in the order of `help`.
pub fn commands() -> impl Iterator<Item = &'static Keyword> {
    GROUPS.iter().copied().flatten()
}

/// Those that stand at the end of every list.
pub(super) fn closing() -> impl Iterator<Item = &'static Keyword> {
    CLOSING.iter().copied().flatten()
}

/// Runs one command and appends its answer.
pub(super) fn run(call: &mut Call<'_>) {
    if call.words.is_empty() {
        return;
    }
    if call.words.len() > MOST_WORDS {
        call.out.push_str(TOO_MANY);
        return;
    }
    let Some(keyword) = commands().chain(closing()).find(|keyword| keyword.fits(call.words)) else {
        let first = &call.words[0];
        call.out.push_str(&format!(
            "Unknown command: '{first}', but maybe one of the following ones is a better match:\n"
        ));
        usage::list(call.words, call.out);
        return;
    };
    if call.settings.level < keyword.level {
        call.out.push_str(DENIED);
    } else if let Err(text) = (keyword.run)(call) {
        call.out.push_str(&text);
        call.out.push('\n');
    }
}

impl Keyword {
    fn fits(&self, words: &[String]) -> bool {
        words.len() >= self.words.len() && self.words.iter().zip(words).all(|(a, b)| a == b)
    }
}

impl<'a> Call<'a> {
    /// The word at this position, counted from the command's first.
    fn word(&self, at: usize) -> Option<&'a str> {
        self.words.get(at).map(String::as_str)
    }
}

/// A number as HAProxy reads it: digits from the left, 0 if there are none.
fn leading_number(text: &str) -> i64 {
    let (number, _) = split_number(text);
    number.unwrap_or(0)
}

/// A number and what follows it; without a digit there is none.
fn split_number(text: &str) -> (Option<i64>, &str) {
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(sign + digits);
    if digits == 0 {
        return (None, text);
    }
    let limit = if number.starts_with('-') { i64::MIN } else { i64::MAX };
    (Some(number.parse().unwrap_or(limit)), rest)
}

const GROUPS: &[&[Keyword]] = &[
    pattern::ADD,
    pattern::CLEAR_ACL,
    clear_counters::KEYWORDS,
    pattern::CLEAR_MAP,
    table::CLEAR,
    pattern::COMMIT,
    pattern::DEL,
    frontend::DISABLE,
    server::DISABLE,
    echo::KEYWORDS,
    frontend::ENABLE,
    server::ENABLE,
    pattern::GET,
    weight::GET,
    level::OPERATOR,
    pattern::PREPARE,
    pattern::SET,
    maxconn::KEYWORDS,
    server::SET,
    table::SET,
    timeout::KEYWORDS,
    weight::SET,
    pattern::SHOW_ACL,
    show_backend::KEYWORDS,
    level::SHOW,
    show_env::KEYWORDS,
    show_info::KEYWORDS,
    pattern::SHOW_MAP,
    show_schema::KEYWORDS,
    show_servers::KEYWORDS,
    show_stat::KEYWORDS,
    table::SHOW,
    show_version::KEYWORDS,
    level::USER,
];
const CLOSING: &[&[Keyword]] = &[help::KEYWORDS, prompt::KEYWORDS, quit::KEYWORDS];
const MOST_WORDS: usize = 64;
const TOO_MANY: &str = "Too many arguments. Commands must have at most 64 arguments.\n";
const DENIED: &str = "Permission denied\n";
