//! The form of HAProxy 3.4's messages, and what is added below them.

use proptest::prelude::*;

use super::*;

fn file(line: &str) -> Vec<SourceFile> {
    vec![SourceFile { name: "a.cfg".to_owned(), lines: vec![String::new(), line.to_owned()] }]
}

fn at(start: u32, end: u32) -> Span {
    Span { file: 0, line: 2, start, end }
}

fn render(line: &str, diagnostic: Diagnostic) -> String {
    let mut report = Report::default();
    report.push(diagnostic);
    report.render(&file(line), 7625)
}

#[test]
fn the_word_is_underlined_and_the_hint_follows() {
    let diagnostic = Diagnostic::alert(at(2, 9), "unknown keyword 'maxcon' in 'global' section")
        .hint("did you mean 'maxconn'?");
    assert_eq!(
        render("\t maxcon 3", diagnostic),
        "[ALERT]    (7625) : config : parsing [a.cfg:2] : unknown keyword 'maxcon' in 'global' section\n\
         \x20 maxcon 3\n\
         \x20 ^^^^^^^\n\
         \x20 = did you mean 'maxconn'?\n"
    );
}

#[test]
fn each_severity_has_haproxy_s_label() {
    let prefix = |diagnostic| render("", diagnostic);
    assert_eq!(prefix(Diagnostic::alert(None, "x")), "[ALERT]    (7625) : x\n");
    assert_eq!(prefix(Diagnostic::warning(None, "x")), "[WARNING]  (7625) : x\n");
    assert_eq!(prefix(Diagnostic::notice(None, "x")), "[NOTICE]   (7625) : x\n");
    assert_eq!(prefix(Diagnostic::diag(None, "x")), "[DIAG]     (7625) : x\n");
}

#[test]
fn an_empty_span_names_the_line_without_showing_it() {
    let text = render(".notice a", Diagnostic::notice(at(0, 0), "'a'."));
    assert_eq!(text, "[NOTICE]   (7625) : config : parsing [a.cfg:2] : 'a'.\n");
}

#[test]
fn a_long_line_is_cut_around_the_word() {
    let line = format!("  {} bad {}", "x".repeat(300), "y".repeat(300));
    let text = render(&line, Diagnostic::alert(at(303, 306), "m"));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("  ...xxx") && lines[1].ends_with("yyy..."), "{text}");
    let marked = lines[2].find('^').unwrap();
    assert_eq!(&lines[1][marked..lines[2].len()], "bad");
    assert!(lines[1].len() <= 108);
}

#[test]
fn an_endless_line_shows_the_word_too() {
    for filler in ["x", "é"] {
        let before = filler.repeat(1_000_000);
        let start = u32::try_from(before.len()).unwrap() + 1;
        let line = format!("{before} bad {before}");
        let text = render(&line, Diagnostic::alert(at(start, start + 3), "m"));
        let lines: Vec<&str> = text.lines().collect();
        let marked = lines[2].find('^').unwrap();
        let shown: String = lines[1].chars().skip(marked).take(3).collect();
        assert_eq!((shown.as_str(), lines[2].trim()), ("bad", "^^^"));
        assert!(lines[1].starts_with("  ...") && lines[1].ends_with("..."));
        assert!(lines[1].chars().count() <= 108);
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = render("a\x1b[31m b\tc", Diagnostic::alert(at(0, 6), "bad '\x1b[31m'"));
    assert!(!text.contains('\x1b') && !text.contains('\t'), "{text}");
}

#[test]
fn counts_are_by_severity() {
    let mut report = Report::default();
    assert!(report.is_empty());
    report.extend([Diagnostic::alert(None, "a"), Diagnostic::warning(None, "b")]);
    report.push(Diagnostic::notice(None, "c"));
    assert_eq!((report.alerts(), report.warnings(), report.iter().count()), (1, 1, 3));
}

proptest! {
    #[test]
    fn any_line_and_any_span_render(line in "\\PC{0,300}|[\\x00-\\x20é]*", start: u16, end: u16) {
        let text = render(&line, Diagnostic::alert(at(start.into(), end.into()), "m"));
        prop_assert!(text.starts_with("[ALERT]    (7625) : config : parsing [a.cfg:2] : m\n"));
    }
}
