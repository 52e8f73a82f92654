//! `docs/keywords.md` is what the registries say. `EVENKEEL_BLESS=1` writes it.

use std::fmt::Write;
use std::path::Path;

use evenkeel::config::section::global::Effect;
use evenkeel::config::section::plain::{self, Outcome};
use evenkeel::config::section::{global, http_errors, userlist};
use evenkeel::proxy::keyword::{self, Section, Sections, bind, server};
use evenkeel::rule::action::{self, Stage};

#[test]
fn keywords_md_is_what_the_registries_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keywords.md");
    let text = document();
    if std::env::var_os("EVENKEEL_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/keywords.md is stale: run this test with EVENKEEL_BLESS=1");
}

fn document() -> String {
    let mut out = String::from(
        "# Keywords\n\nWhat `haproxy.cfg` may say to Evenkeel. This file is generated from the \
         registries in the source.\n\n## global\n",
    );
    for (title, keywords) in global::SUBJECTS {
        let _ = write!(out, "\n### {title}\n\n");
        for keyword in *keywords {
            entry(&mut out, keyword.name, keyword.arguments, "", keyword.documentation);
        }
    }
    out.push_str("\n## defaults, frontend, listen, backend\n\nThe letters tell where a keyword may stand; `no` that it may stand behind `no`.\n");
    for (title, keywords) in keyword::SUBJECTS {
        let _ = write!(out, "\n### {title}\n\n");
        for keyword in *keywords {
            let mut places = letters(keyword.sections);
            if keyword.no_prefix {
                places.push_str(", no");
            }
            let places = format!(" ({places})");
            entry(&mut out, keyword.name, keyword.arguments, &places, keyword.documentation);
        }
    }
    out.push_str("\n## Options of `bind`\n\n");
    for option in bind::OPTIONS {
        entry(&mut out, option.name, option.value, "", option.documentation);
    }
    out.push_str("\n## Options of `server` and `default-server`\n\n");
    for option in server::OPTIONS {
        entry(&mut out, option.name, option.value, "", option.documentation);
    }
    out.push_str("\n## Actions\n\n");
    for action in action::keywords() {
        let stages: Vec<&str> = action.stages.iter().copied().map(Stage::keyword).collect();
        let stages = format!(" ({})", stages.join(", "));
        let example = action.example.strip_prefix(action.name).unwrap_or_default().trim();
        entry(&mut out, action.name, "", &stages, action.documentation);
        if !example.is_empty() {
            let _ = writeln!(out, "  For example `{}`.", action.example);
        }
    }
    other_sections(&mut out);
    for (effect, title) in [
        (Effect::Silent, "Checked and accepted in silence in the global section"),
        (Effect::Experimental, "The same, where 'expose-experimental-directives' stands above"),
        (Effect::Warned, "Accepted with a warning in the global section"),
        (Effect::Refused, "Not supported yet in the global section"),
    ] {
        hints(&mut out, effect, title);
    }
    out
}

fn other_sections(out: &mut String) {
    out.push_str("\n## userlist\n\n");
    for keyword in userlist::KEYWORDS {
        entry(out, keyword.name, keyword.arguments, "", keyword.documentation);
    }
    out.push_str("\n## http-errors\n\n");
    for keyword in http_errors::KEYWORDS {
        entry(out, keyword.name, keyword.arguments, "", keyword.documentation);
    }
    for section in plain::SECTIONS {
        let outcome = match section.outcome {
            Outcome::Accepted => "Accepted; what uses it is refused",
            Outcome::NoEffect => "Accepted with a warning",
            Outcome::Refused => "Not supported yet",
        };
        let _ = write!(out, "\n## {}\n\n{} {outcome}.\n\n", section.name, section.documentation);
        for keyword in section.keywords {
            entry(out, keyword.name, keyword.arguments, "", keyword.documentation);
        }
    }
}

fn hints(out: &mut String, effect: Effect, title: &str) {
    let _ = write!(out, "\n## {title}\n");
    for (subject, hints) in global::HINTS {
        let mut hints = hints.iter().filter(|hint| hint.effect == effect).peekable();
        if hints.peek().is_none() {
            continue;
        }
        let _ = write!(out, "\n### {subject}\n\n");
        for hint in hints {
            let call = format!("{} {}", hint.name, hint.arguments());
            let _ = writeln!(out, "- `{}`", call.trim_end());
        }
    }
}

fn entry(out: &mut String, name: &str, arguments: &str, places: &str, documentation: &str) {
    let call = format!("{name} {arguments}");
    let _ = writeln!(out, "- `{}`{places}: {documentation}", call.trim_end());
}

fn letters(sections: Sections) -> String {
    let all = [
        (Section::Defaults, 'D'),
        (Section::Frontend, 'F'),
        (Section::Listen, 'L'),
        (Section::Backend, 'B'),
    ];
    all.iter()
        .filter(|(section, _)| sections.contains(*section))
        .map(|(_, letter)| letter)
        .collect()
}
