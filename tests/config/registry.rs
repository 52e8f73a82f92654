//! Every entry of every registry has a name of its own, a sentence and an example that loads.

use std::collections::HashSet;

use evenkeel::config::section::global;
use evenkeel::proxy::keyword::{self, REMOVED, Section};
use evenkeel::rule::action::{self, Stage};

use crate::Loaded;

#[test]
fn examples_of_the_global_section_load() {
    for keyword in global::keywords().filter(|keyword| !keyword.example.is_empty()) {
        load(keyword.name, &format!("global\n    {}\n", keyword.example));
    }
}

#[test]
fn examples_of_proxy_sections_load_wherever_they_may_stand() {
    for keyword in keyword::keywords().filter(|keyword| !keyword.example.is_empty()) {
        for section in [Section::Defaults, Section::Frontend, Section::Listen, Section::Backend] {
            if keyword.sections.contains(section) {
                load(keyword.name, &surroundings(section, keyword.example));
            }
        }
    }
}

#[test]
fn examples_of_actions_load_in_all_of_their_rules() {
    for keyword in action::keywords() {
        for stage in keyword.stages {
            let line = format!("{} {} if TRUE", stage.keyword(), keyword.example);
            let section = match stage {
                Stage::TcpResponseContent => Section::Backend,
                _ => Section::Frontend,
            };
            load(keyword.name, &surroundings(section, &line));
        }
    }
}

#[test]
fn an_example_begins_with_its_keyword() {
    let proxies = keyword::keywords().map(|keyword| (keyword.name, keyword.example));
    let globals = global::keywords().map(|keyword| (keyword.name, keyword.example));
    for (name, example) in proxies.chain(globals).filter(|(_, example)| !example.is_empty()) {
        assert!(example == name || example.starts_with(&format!("{name} ")), "{name}: {example}");
    }
}

/// Their arguments may be host names: asking for many of them takes minutes.
const LOOKS_UP_NAMES: &[&str] = &["bind", "server", "source", "log", "stats socket"];

/// Whatever stands behind a keyword, it is answered by a diagnostic or taken.
#[test]
fn no_argument_makes_a_parser_panic() {
    let nasty = [
        "",
        "\\ ",
        "é",
        "-1",
        "99999999999999999999",
        "{",
        "}",
        "!",
        "!{",
        "if",
        "unless",
        "%[",
        "%",
        "(",
        "a(",
        "x)",
        ":",
        "::",
        "@",
        "/",
        "127.0.0.1:1-",
        "header",
        "len",
        "expect",
        "0x",
        "no",
    ];
    let mut lines = Vec::new();
    let names = keyword::keywords().map(|keyword| keyword.name);
    let actions = action::keywords().map(|action| action.name);
    for name in names.chain(global::keywords().map(|keyword| keyword.name)) {
        lines.push(name.to_owned());
        if !LOOKS_UP_NAMES.contains(&name) {
            lines.extend(nasty.iter().map(|first| format!("{name} {first}")));
        }
    }
    for action in actions {
        for stage in ["http-request", "http-response", "http-after-response"] {
            lines.extend(nasty.iter().map(|first| format!("{stage} {action} {first}")));
            lines
                .extend(nasty.iter().map(|first| format!("{stage} {action} x {first} if {first}")));
        }
    }
    let all = lines.join("\n    ");
    for section in ["global", "defaults", "defaults d", "frontend f", "listen l", "backend b"] {
        let loaded = Loaded::text("nasty", &format!("{section}\n    {all}\n"));
        assert!(loaded.plan.is_none() && loaded.report.alerts() > 100, "{section}");
    }
}

#[test]
fn no_name_is_there_twice() {
    let proxies = keyword::keywords().map(|keyword| keyword.name);
    let removed = REMOVED.iter().map(|(name, _)| *name);
    all_different(proxies.chain(removed));
    let globals = global::keywords().map(|keyword| keyword.name);
    let hints = global::HINTS.iter().flat_map(|(_, hints)| hints.iter()).map(|hint| hint.name);
    all_different(globals.chain(hints));
}

fn all_different<'a>(names: impl Iterator<Item = &'a str>) {
    let mut seen = HashSet::new();
    for name in names {
        assert!(seen.insert(name), "'{name}' is there twice");
    }
    assert!(!seen.is_empty());
}

fn surroundings(section: Section, line: &str) -> String {
    let before = "global\n    expose-experimental-directives\ndefaults named\n    mode http\n    timeout client 1s\n    timeout connect 1s\n    \
                  timeout server 1s\n";
    let header = match section {
        Section::Frontend => "frontend tested from named\n    bind 127.0.0.1:1\n    ",
        Section::Listen => "listen tested from named\n    bind 127.0.0.1:1\n    ",
        Section::Backend => "backend tested from named\n    ",
        Section::Defaults | Section::Global => "    ",
    };
    format!("{before}{header}{line}\nbackend app\n    stick-table type ip size 1k\n")
}

fn load(name: &str, configuration: &str) {
    let loaded = Loaded::text(name, configuration);
    assert!(loaded.plan.is_some(), "{configuration}\n{}", loaded.said());
}
