//! What the manual's sections 2.1 to 2.3 promise and what HAProxy 3.4.0 was seen to do.

use proptest::prelude::*;

use super::*;

fn environment() -> Environment {
    [("FOO", "foo"), ("LIST", "a b  c"), ("EMPTY", ""), ("PADDED", " a b ")].into_iter().collect()
}

fn cut(line: &str) -> Result<Vec<Word>, Diagnostic> {
    let environment = environment();
    let place = Place {
        file: 0,
        line: 7,
        file_name: "site.cfg",
        section: "www",
        environment: &environment,
    };
    words(line, place)
}

#[track_caller]
fn expect(line: &str, words: &[&str]) {
    let cut = cut(line).unwrap_or_else(|error| panic!("{line}: {}", error.message));
    let texts: Vec<&str> = cut.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(texts, words, "{line}");
}

/// `position` counts from one, as HAProxy's messages do.
#[track_caller]
fn expect_error(line: &str, message: &str, position: u32) {
    let error = cut(line).expect_err(line);
    let expected = format!("{message} at position {position}:");
    assert_eq!((error.message, error.span.unwrap().start + 1), (expected, position));
}

#[test]
fn blanks_part_words_and_a_hash_ends_the_line() {
    expect("", &[]);
    expect("   \t ", &[]);
    expect("  # only a comment", &[]);
    expect("global#this is the global section", &["global"]);
    expect("     frontend\t  foo ", &["frontend", "foo"]);
    expect("bind :80\r", &["bind", ":80"]);
    expect("a\rb", &["a"]);
}

#[test]
fn the_manual_s_log_formats_are_one_word() {
    for line in [
        r"log-format %{+Q}o\ %t\ %s\ %{-Q}r",
        r#"log-format "%{+Q}o %t %s %{-Q}r""#,
        r"log-format '%{+Q}o %t %s %{-Q}r'",
        r#"log-format "%{+Q}o %t"' %s %{-Q}r'"#,
        r#"log-format "%{+Q}o %t"' %s'\ %{-Q}r"#,
    ] {
        expect(line, &["log-format", "%{+Q}o %t %s %{-Q}r"]);
    }
}

#[test]
fn the_manual_s_matrix_of_escapes() {
    let columns: &[(&str, &[&str])] = &[
        ("\t", &[r"\x09", "\"\t\"", r#""\x09""#, "'\t'"]),
        ("\n", &[r"\n", r"\x0a", r#""\n""#, r#""\x0a""#]),
        ("\r", &[r"\r", r"\x0d", r#""\r""#, r#""\x0d""#]),
        (" ", &[r"\ ", r"\x20", r#"" ""#, r#""\ ""#, r#""\x20""#, "' '"]),
        ("\"", &[r#"\""#, r"\x22", r#""\"""#, r#""\x22""#, "'\"'"]),
        ("#", &[r"\#", r"\x23", r##""#""##, r##""\#""##, r#""\x23""#, "'#'"]),
        ("$", &["$", r"\x24", r#""\$""#, r#""\x24""#, "'$'"]),
        ("'", &[r"\'", r"\x27", r#""'""#, r#""\'""#, r#""\x27""#]),
        ("\\", &[r"\\", r"\x5c", r#""\\""#, r#""\x5c""#, r"'\'"]),
    ];
    for (character, spellings) in columns {
        for spelling in *spellings {
            expect(spelling, &[character]);
            expect(&format!("a{spelling}b c"), &[&format!("a{character}b"), "c"]);
        }
    }
}

/// The manual's table has these as escapes, HAProxy 3.4.0 leaves them alone.
#[test]
fn backslashes_before_a_bare_dollar_and_before_tabs_stay() {
    expect(r"path_reg ^/foo\$", &["path_reg", r"^/foo\$"]);
    expect("a\\\tb", &[r"a\", "b"]);
    expect("\"a\\\tb\"", &["a\\\tb"]);
}

#[test]
fn a_backslash_that_escapes_nothing_stays() {
    expect(r#"a\qb "a\qb" a\X41"#, &[r"a\qb", r"a\qb", r"a\X41"]);
    expect(r"trailing \", &["trailing", r"\"]);
    expect(r"trailing\", &[r"trailing\"]);
    expect(r#"x "x\$FOO \# \" \  \q""#, &["x", r#"x$FOO # "   \q"#]);
}

#[test]
fn quotes_join_and_an_empty_word_is_a_word() {
    expect(r#"a'b c'"d e"\ f"#, &["ab cd e f"]);
    expect(r#""" x '' """#, &["", "x", "", ""]);
    expect(r#""global" x"#, &["global", "x"]);
}

#[test]
fn the_manual_s_regsub_examples() {
    expect(
        r#"http-request set-path %[path,regsub(\"(foo|bar)\",blah,g)]"#,
        &["http-request", "set-path", r#"%[path,regsub("(foo|bar)",blah,g)]"#],
    );
    expect(
        r#"http-request set-path '%[path,regsub("^/(here)(/|$)","my/\1",g)]'"#,
        &["http-request", "set-path", r#"%[path,regsub("^/(here)(/|$)","my/\1",g)]"#],
    );
    for argument in [r#"str("\\'foo\\'")"#, r#"str(\\\'foo\\\')"#] {
        expect(argument, &[r"str(\'foo\')"]);
    }
    expect(r#"str(\"\'foo\'\")"#, &[r#"str("'foo'")"#]);
}

#[test]
fn variables_live_in_double_quotes_only() {
    expect(r#"$FOO ${FOO} '$FOO' "$FOO" "${FOO}b""#, &["$FOO", "${FOO}", "$FOO", "foo", "foob"]);
    expect(r#""$FOO-x|$FOO.x|$FOO[*]""#, &["foo-x|foo.x|foo[*]"]);
    expect(r#"a "$NOPE" "${NOPE}""#, &["a", "", ""]);
    expect(r#""fd@${FD-3}" "${LOCAL_SYSLOG-127.0.0.1}:514""#, &["fd@3", "127.0.0.1:514"]);
}

#[test]
fn a_default_is_taken_as_it_is_and_only_when_the_variable_is_unset() {
    expect(r#""${NOPE-}|${EMPTY-def}|${FOO-a"b}""#, &["||foo"]);
    expect(r#""${NOPE-a/b:c_d.e}""#, &["a/b:c_d.e"]);
    expect(r#""${NOPE-a b}" "${NOPE-a$FOO}" "${NOPE-a"b}""#, &["a b", "a$FOO", "a\"b"]);
    expect(r#""${NOPE-a\}b}" "${NOPE-a\xb}" "${NOPE-x[*]}""#, &[r"a\b}", r"a\xb", "x[*]"]);
    expect(r#""${NOPE-${FOO}}" "${NOPE-é}""#, &["${FOO}", "é"]);
}

#[test]
fn a_list_becomes_words() {
    expect(r#"z "${LIST[*]}""#, &["z", "a", "b", "c"]);
    expect(r#"z"${LIST[*]}"z"#, &["za", "b", "cz"]);
    expect(r#""z${LIST[*]} y" x"#, &["za", "b", "c y", "x"]);
    expect(r#""${PADDED[*]}""#, &["a", "b"]);
    expect(r#""z${PADDED[*]}z""#, &["z", "a", "b", "z"]);
    expect(r#""${FOO[*]}""#, &["foo"]);
    expect(r#"a "${NOPE[*]-x y}" b"#, &["a", "x", "y", "b"]);
}

#[test]
fn an_empty_list_is_no_word() {
    expect(r#"a "${EMPTY[*]}" b"#, &["a", "b"]);
    expect(r#"a "${NOPE[*]}""#, &["a"]);
    expect(r#"x"${NOPE[*]}"y"${EMPTY[*]}""#, &["xy"]);
    expect(r#"a " ${EMPTY[*]}""#, &["a", " "]);
    expect(r#"a b """${EMPTY[*]}""#, &["a", "b", ""]);
}

#[test]
fn pseudo_variables_know_the_place() {
    expect(r#""${.FILE}:${.LINE} ${.SECTION} $.LINE""#, &["site.cfg:7 www 7"]);
    expect(r#""${.LINE-x}" "${.LINE[*]}""#, &["7", "7"]);
}

#[test]
fn mistakes_point_at_their_place() {
    let forbidden = "forbidden first char in environment variable name";
    let brace = "unmatched brace in environment variable name";
    let list = "truncated or invalid word expansion sequence";
    let hexadecimal = "truncated or invalid hexadecimal sequence";
    expect_error(r#"  lo "a b"#, "unmatched quote", 6);
    expect_error("  log 'xx", "unmatched quote", 7);
    expect_error(r#" setenv "foo\"#, "unmatched quote", 9);
    expect_error(r"  a \xg1", hexadecimal, 5);
    expect_error(r#".notice a\qb "a\qb" a\n a\x41 "\x41" a\x4"#, hexadecimal, 39);
    expect_error(r#".notice "$""#, forbidden, 11);
    expect_error(r#".notice "${}""#, forbidden, 12);
    expect_error(r#".notice "$1A""#, forbidden, 11);
    expect_error(r#".notice "${.NOPE}""#, forbidden, 12);
    expect_error(r#" setenv A "$.LINEX""#, forbidden, 13);
    expect_error(r#" setenv A "$_x$FOO$$""#, forbidden, 20);
    expect_error(r#".notice "${FOO""#, brace, 11);
    expect_error(r#".notice "${FOO x}""#, brace, 11);
    expect_error(r#".notice "${NOPE-abc"#, brace, 11);
    expect_error(r#".notice "${FOO[*}""#, list, 15);
    expect_error(r#" setenv A "${FOO[*]" "#, brace, 13);
}

#[test]
fn sixty_four_words_fit_and_no_more() {
    assert_eq!(cut(&"x ".repeat(64)).unwrap().len(), 64);
    let line = "x ".repeat(65);
    let error = cut(&line).unwrap_err();
    assert_eq!(error.message, "too many words, truncating after word 64, position 127: <x>.");
    assert_eq!(error.span.unwrap().start, 128);
}

#[test]
fn bytes_need_not_be_text_but_no_word_holds_a_nul() {
    assert_eq!(cut(r"a caf\xc3\xa9").unwrap()[1].text, "café");
    assert_eq!(&*text::bytes(&cut(r"a caf\xe9").unwrap()[1]), b"caf\xe9");
    let latin1 = text::from_bytes(b"\xe9\\xe9\\xc3\xa9");
    assert_eq!(&*text::bytes(&cut(&latin1).unwrap()[0]), b"\xe9\xe9\xc3\xa9");
    expect_error(r"a b\x00", "a NUL byte in a word is not supported by evenkeel yet", 4);
}

#[test]
fn spans_cover_words_as_written() {
    let line = r#"  acl  'a b'"c"d  "${LIST[*]}"  x"#;
    let covered: Vec<&str> = cut(line)
        .unwrap()
        .iter()
        .map(|word| &line[word.span.start as usize..word.span.end as usize])
        .collect();
    assert_eq!(covered[..2], ["acl", r#"'a b'"c"d"#]);
    assert_eq!(covered[2], r#""${LIST[*]}"#);
    assert_eq!(covered[4], r#""${LIST[*]}""#);
    assert_eq!(covered[5], "x");
}

#[test]
fn variables_made_of_variables_are_bounded() {
    let big = "x".repeat(MAX_EXPANSION - 100);
    let environment: Environment = [("BIG", big)].into_iter().collect();
    let place = Place { file: 0, line: 1, file_name: "", section: "", environment: &environment };
    assert!(words(r#"setenv A "$BIG""#, place).is_ok());
    let error = words(r#"setenv A "$BIG$BIG""#, place).unwrap_err();
    assert!(error.message.starts_with("line too long after expansion"));
}

fn quote(word: &str, style: u8) -> String {
    match style {
        0 if !word.contains('\'') => format!("'{word}'"),
        1 => {
            let escaped = word.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$");
            format!("\"{escaped}\"")
        }
        _ => word.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
    }
}

proptest! {
    #[test]
    fn any_line_is_cut_or_refused_within_its_bounds(line in "\\PC*|[ \\\\\"'$#{}\\[\\]*a-z.-]*") {
        match cut(&line) {
            Ok(words) => {
                for word in words {
                    prop_assert!(word.span.start < word.span.end);
                    prop_assert!(word.span.end as usize <= line.len());
                }
            }
            Err(error) => {
                let span = error.span.unwrap();
                prop_assert!(span.start < span.end);
                prop_assert!(span.start as usize <= line.len());
            }
        }
    }

    #[test]
    fn any_bytes_are_cut_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = cut(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn quoted_words_come_back(
        written in proptest::collection::vec(("[ -~é]{1,12}", 0u8..3), 1..20)
    ) {
        let line: Vec<String> = written.iter().map(|(word, style)| quote(word, *style)).collect();
        let cut: Vec<String> = cut(&line.join("  "))
            .map_err(|error| TestCaseError::fail(error.message))?
            .into_iter()
            .map(|word| word.text)
            .collect();
        let words: Vec<String> = written.into_iter().map(|(word, _)| word).collect();
        prop_assert_eq!(cut, words);
    }
}
