//! Texts and what becomes of them, as HAProxy 3.4.0 was seen to take them.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::syntax::diagnostic::Severity;

fn parse_with(text: &str, mut environment: Environment) -> (Document, Report) {
    let mut report = Report::default();
    let document = Document::parse("t.cfg", text, &mut environment, &mut report);
    (document, report)
}

fn parse(text: &str) -> (Document, Report) {
    let variables = [("FOO", "foo"), ("HOME", "/root"), ("EMPTY", "")];
    parse_with(text, variables.into_iter().collect())
}

/// The diagnostics as "line: message".
fn said(report: &Report) -> Vec<String> {
    let line = |span: Option<crate::syntax::span::Span>| span.map_or(0, |span| span.line);
    report.iter().map(|each| format!("{}: {}", line(each.span), each.message)).collect()
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    assert_eq!(said(&parse(text).1), expected, "{text}");
}

fn dump(document: &Document) -> String {
    let join =
        |words: &[Word]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for section in &document.sections {
        text += &format!("{}\n", join(&section.words));
        for line in &section.lines {
            text += &format!("  {}\n", join(&line.words));
        }
    }
    text
}

#[test]
fn the_manual_s_two_layouts_are_equivalent() {
    let (dense, report) = parse(
        "         global#this is the global section\n     daemon#daemonize\n         \
         frontend         foo\n     mode             http   # or tcp\n",
    );
    assert!(report.is_empty());
    let (airy, _) = parse(
        "global\n    daemon\n\n# this is the public web frontend\nfrontend foo\n    mode http\n",
    );
    assert_eq!(dump(&dense), "global\n  daemon\nfrontend foo\n  mode http\n");
    assert_eq!(dump(&dense), dump(&airy));
    let mode = &airy.sections[1].lines[0].words[1];
    assert_eq!((mode.span.line, mode.span.start, mode.span.end), (6, 9, 13));
    assert_eq!(airy.sections[1].keyword().text, "frontend");
    assert_eq!(airy.sections[1].name().unwrap().text, "foo");
}

#[test]
fn carriage_returns_are_no_part_of_words() {
    let (document, report) = parse("global\r\n  daemon\r\n");
    assert!(report.is_empty());
    assert_eq!(dump(&document), "global\n  daemon\n");
}

#[test]
fn lines_before_the_first_section_are_mistakes() {
    says(
        "  bogus\n foo x\nglobal\n daemon\n",
        &["1: unknown keyword 'bogus' out of section.", "2: unknown keyword 'foo' out of section."],
    );
}

#[test]
fn a_mistyped_first_section_is_one_mistake() {
    let (document, report) = parse("globall\n maxconn 3\n daemon\nfrontend x\n mode http\n");
    assert_eq!(said(&report), ["1: unknown keyword 'globall' out of section."]);
    let hint = report.iter().next().unwrap().hint.as_deref();
    assert_eq!(hint, Some("did you mean 'global'?"));
    assert_eq!(dump(&document), "frontend x\n  mode http\n");
}

#[test]
fn every_mistake_of_a_text_is_reported_with_its_line() {
    says(
        "global\n lo \"a b\n log ''x\n a \\xg1\nfrontend a\n bind \"$NOPE\" ssl\n mode http\n.foo\n",
        &[
            "2: unmatched quote at position 5:",
            "4: truncated or invalid hexadecimal sequence at position 4:",
            "6: argument number 1 at position 9 is empty and marks the end of the argument list:",
            "8: unknown directive '.foo'.",
        ],
    );
}

#[test]
fn an_empty_first_word_hides_the_line() {
    let (document, report) = parse("global\n \"\" daemon\n \"$EMPTY\"\n daemon\n");
    assert!(report.is_empty());
    assert_eq!(dump(&document), "global\n  daemon\n");
}

#[test]
fn a_section_whose_header_is_wrong_swallows_its_lines() {
    let (document, report) = parse("global\nfrontend \"\"\n mode http\nbackend b\n mode tcp\n");
    assert_eq!(
        said(&report),
        ["2: argument number 1 at position 11 is empty and marks the end of the argument list:"]
    );
    assert_eq!(dump(&document), "global\nbackend b\n  mode tcp\n");
}

#[test]
fn pseudo_variables_name_the_place() {
    says(
        ".notice \"${.FILE}:${.LINE} ${.SECTION}.\"\nglobal\n.notice \"${.SECTION}\"\n\
         frontend foo\n\n.notice \"${.LINE} ${.SECTION}\"\n",
        &["1: 't.cfg:1 .'.", "3: 'global'.", "6: '6 foo'."],
    );
}

#[test]
fn blocks_choose_lines() {
    let (document, report) = parse(
        "global\n.if 0\n a\n.elif defined(FOO)\n b\n.elif foo(\n c\n.else\n d\n.endif\n\
         .if 1\n .if 0\n  e\n .else\n  f\n .endif\n g\n.endif # x\n\
         .if defined(NOPE)\n h\n.endif\n",
    );
    assert!(report.is_empty(), "{:?}", said(&report));
    assert_eq!(dump(&document), "global\n  b\n  f\n  g\n");
}

#[test]
fn blocks_may_hold_sections() {
    let (document, report) =
        parse(".if 1\nglobal\n.else\nfrontend foo\n.endif\n.notice \"${.SECTION}\"\n daemon\n");
    assert_eq!(said(&report), ["6: 'global'."]);
    assert_eq!(dump(&document), "global\n  daemon\n");
}

#[test]
fn hidden_lines_must_still_be_words() {
    says(
        ".if 0\n bogus\n .bogus\n x \"\"\n .if foo(\n .elif bar(\n .endif\n \"bad\n.endif\n",
        &["8: unmatched quote at position 2:"],
    );
}

#[test]
fn unbalanced_blocks() {
    says(".endif\n", &["1: lone '.endif' with no matching '.if'."]);
    says(".else\n", &["1: lone '.else' with no matching '.if'."]);
    says(".elif 1\n", &["1: lone '.elif' with no matching '.if'."]);
    says("\n.if 1\n\n", &["3: non-terminated '.if' block."]);
    says(".if 1\n.else\n.else\n.endif\n", &["3: '.else' after '.else' is not permitted."]);
    says(".if 0\n.else\n.elif 1\n.endif\n", &["3: '.elif' after '.else' is not permitted."]);
    says(".if 1\n.endif foo\n", &["2: Unexpected argument 'foo' for '.endif'."]);
    says(".if 1\n.else x\n.endif\n", &["2: Unexpected argument 'x' for '.else'."]);
}

#[test]
fn a_condition_that_cannot_be_read_takes_no_branch() {
    let (document, report) = parse(
        "global\n.if 1 && foo\n a\n.elif 1\n b\n.else\n c\n.endif\n.if \"$\n d\n.endif\n e\n",
    );
    assert_eq!(
        said(&report),
        [
            "2: unparsable conditional expression 'foo' in '.if' at position 6:",
            "9: forbidden first char in environment variable name at position 7:"
        ]
    );
    assert_eq!(report.iter().next().unwrap().span.unwrap().start, 9);
    assert_eq!(dump(&document), "global\n  e\n");
}

#[test]
fn blocks_are_nested_99_deep_and_no_deeper() {
    let nested = |depth: usize| {
        format!("{}.notice deep\n{}", ".if 1\n".repeat(depth), ".endif\n".repeat(depth))
    };
    says(&nested(99), &["100: 'deep'."]);
    says(&nested(100), &["100: too many nested '.if', max is 100."]);
}

#[test]
fn messages_have_their_severity() {
    let text =
        ".alert \"stop\"\n.warning \"w\"\n.diag \"d\"\n.notice a # c\n.notice\n.notice a b\n";
    let (_, report) = parse(text);
    let severities: Vec<Severity> = report.iter().map(|each| each.severity).collect();
    use Severity::{Alert, Diag, Notice, Warning};
    assert_eq!(severities, [Alert, Warning, Notice, Notice, Alert]);
    assert_eq!(
        said(&report),
        [
            "1: 'stop'.",
            "2: 'w'.",
            "4: 'a'.",
            "5: ''.",
            "6: Unexpected argument 'b' for '.notice'. Use quotes if the message should contain spaces."
        ]
    );
    let mut environment = Environment::default();
    environment.diagnostic_mode = true;
    let (_, report) = parse_with(text, environment);
    assert_eq!(report.iter().nth(2).unwrap().severity, Diag);
    assert_eq!((report.alerts(), report.warnings()), (2, 1));
}

#[test]
fn the_environment_is_settled_before_the_lines_above_it() {
    says(
        ".notice \"a$V\"\nfrontend x\n .notice \"b$V\"\nglobal\n setenv V 1\n presetenv V 2\n \
         .notice \"c$V\"\n",
        &["1: 'a1'.", "3: 'b1'.", "7: 'c1'."],
    );
}

#[test]
fn the_environment_changes_line_by_line() {
    says(
        ".notice \"$V\"\nfrontend x\n.if defined(V)\n.notice \"yes $V\"\n.endif\n .notice \"a$V\"\n\
         global\n  setenv V 12\n  .notice \"b$V\"\n  presetenv V 13\n  .notice \"$V\"\n  \
         presetenv W 13\n  unsetenv V FOO\n  .notice \"x$W-$V\"\n  resetenv HOME\n  \
         .notice \"z$FOO$W\"\n  .notice \"z$HOME\"\n",
        &[
            "1: ''.",
            "6: 'a'.",
            "9: 'b12'.",
            "11: '12'.",
            "14: 'x13-'.",
            "16: 'z'.",
            "17: 'z/root'.",
        ],
    );
}

#[test]
fn environment_keywords_check_their_arguments() {
    says(
        "global\n setenv\n presetenv x\n unsetenv\n setenv A=b c\n setenv a b c\n unsetenv a=\n",
        &[
            "2: 'setenv' expects environment variable name.",
            "3: 'presetenv' expects environment variable value for 'x'.",
            "4: 'unsetenv' expects at least one variable name.",
            "5: 'setenv' failed on variable 'A=b' : Invalid argument.",
            "6: 'setenv' cannot handle unexpected argument 'c'.",
            "7: 'unsetenv' failed on variable 'a=' : Invalid argument.",
        ],
    );
    let (document, _) = parse("frontend x\n setenv V 1\n");
    assert_eq!(dump(&document), "frontend x\n  setenv V 1\n");
}

#[test]
fn bytes_that_are_no_text_are_fine_in_comments_only() {
    let path = scratch("latin").join("latin1.cfg");
    fs::write(&path, b"# caf\xe9\nglobal\n description caf\xe9\n daemon\n").unwrap();
    let (document, report) = read(&[path]);
    assert_eq!(
        said(&report),
        ["3: what is not UTF-8 in 'description' is not supported by evenkeel yet"]
    );
    assert_eq!(dump(&document), "global\n  daemon\n");
}

#[test]
fn a_binary_is_refused_at_its_first_nul() {
    let path = scratch("binary").join("binary.cfg");
    fs::write(&path, b"\x7fELF\x02\x01\x01\0\0\0\n\n\0foo\n").unwrap();
    let (_, report) = read(&[path]);
    assert_eq!(said(&report), ["1: Stray NUL character at position 8."]);
    assert_eq!(report.iter().next().unwrap().span.unwrap().start, 7);
}

#[test]
fn a_text_that_is_no_configuration_is_given_up() {
    let (_, report) = parse(&"lorem ipsum\n".repeat(10_000));
    assert_eq!(report.alerts(), 101);
    assert!(said(&report)[100].starts_with("100: too many mistakes"));
}

#[test]
fn a_file_ends_its_section_and_its_blocks() {
    let directory = scratch("files");
    let (first, second) = (directory.join("1.cfg"), directory.join("2.cfg"));
    fs::write(&first, "global\n.if 1\n").unwrap();
    fs::write(&second, " maxconn 3\n.endif\n").unwrap();
    let (_, report) = read(&[first, second]);
    assert_eq!(
        said(&report),
        [
            "2: non-terminated '.if' block.",
            "1: unknown keyword 'maxconn' out of section.",
            "2: lone '.endif' with no matching '.if'.",
        ]
    );
    let files: Vec<u16> = report.iter().map(|each| each.span.unwrap().file).collect();
    assert_eq!(files, [0, 1, 1]);
}

#[test]
fn a_directory_is_its_visible_cfg_files_in_byte_order() {
    let directory = scratch("directory");
    for name in ["b.cfg", "B.cfg", "c.cfg", ".h.cfg", "x.txt"] {
        fs::write(directory.join(name), format!("global\n description {name}\n")).unwrap();
    }
    fs::create_dir(directory.join("sub.cfg")).unwrap();
    let (document, report) = read(&[directory]);
    assert!(report.is_empty());
    let described: Vec<&str> =
        document.sections.iter().map(|section| section.lines[0].words[1].text.as_str()).collect();
    assert_eq!(described, ["B.cfg", "b.cfg", "c.cfg"]);
}

#[test]
fn what_cannot_be_read_is_named() {
    let directory = scratch("missing");
    let missing = directory.join("nope.cfg");
    let (_, report) = read(std::slice::from_ref(&missing));
    let expected = format!(
        "0: config : Cannot open configuration file/directory {} : No such file or directory",
        missing.display()
    );
    assert_eq!(said(&report), [expected]);
    let (_, report) = read(&[directory]);
    assert!(said(&report)[0].starts_with("0: no configuration file given"));
}

#[test]
fn a_file_without_its_last_line_feed_may_be_truncated() {
    let path = scratch("truncated").join("a.cfg");
    fs::write(&path, "global\n  daemon").unwrap();
    let (_, report) = read(std::slice::from_ref(&path));
    assert_eq!(
        said(&report),
        ["2: Missing LF on last line, file might have been truncated at position 9."]
    );
    fs::write(&path, "").unwrap();
    assert!(read(&[path]).1.is_empty());
}

#[test]
fn the_report_shows_the_line() {
    let (document, report) = parse("global\n  log \"xx$FOO\n");
    assert_eq!(
        report.render(&document.files, 42),
        "[ALERT]    (42) : config : parsing [t.cfg:2] : unmatched quote at position 7:\n  log \"xx$FOO\n      ^\n"
    );
}

fn read(paths: &[PathBuf]) -> (Document, Report) {
    let mut report = Report::default();
    let document = Document::read(paths, &mut Environment::default(), &mut report);
    (document, report)
}

/// An empty directory of this test.
fn scratch(name: &str) -> PathBuf {
    let directory =
        std::env::temp_dir().join(format!("evenkeel-document-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(global|\\.if [01]|\\.else|\\.endif|[ -~é\\t]{0,20}|\\n|setenv A \"\\$A\")*") {
        let (document, report) = parse(&text);
        for section in &document.sections {
            prop_assert!(SECTIONS.contains(&&*section.words[0]));
            prop_assert!(section.lines.iter().all(|line| !line.words.is_empty()));
        }
        let _ = report.render(&document.files, 1);
    }
}
