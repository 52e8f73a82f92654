//! `prompt`: from one line to many, with or without a prompt.

use super::{Call, Keyword};
use crate::admin::session::Mode;
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["prompt"],
    level: Level::User,
    usage: "prompt [help | n | i | p | timed ]*",
    documentation: "toggle interactive mode with prompt",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    let mut mode = None;
    let mut timed = call.settings.timed;
    for word in &call.words[1..] {
        match word.as_str() {
            "n" => mode = Some(Mode::Single),
            "i" => mode = Some(Mode::Interactive),
            "p" => mode = Some(Mode::Prompt),
            "timed" => timed = !timed,
            _ => {
                call.out.push_str(HELP);
                return Ok(());
            }
        }
    }
    let toggled = timed != call.settings.timed;
    call.settings.timed = timed;
    call.settings.mode = mode.unwrap_or(match call.settings.mode {
        Mode::Prompt if toggled => Mode::Prompt,
        Mode::Prompt => Mode::Single,
        Mode::Single | Mode::Interactive => Mode::Prompt,
    });
    Ok(())
}

const HELP: &str = "\
Usage: prompt [help | n | i | p | timed]*
Changes the default prompt and interactive mode. Available options:
  help    display this help
  n       set to single-command mode (no prompt, single command)
  i       set to interactive mode only (no prompt, multi-command)
  p       set to prompt+interactive mode (prompt + multi-command)
  timed   toggle displaying the current date in the prompt
Without any argument, toggles between n/i->p, p->n.
";
