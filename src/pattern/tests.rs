//! What HAProxy 3.4 answered to the same questions, and every structure beside a naive search.

use std::collections::BTreeMap;

use base64ish::decode;
use proptest::prelude::*;

use super::*;
use crate::sample::{Context, Loading, Stage, Value};

mod base64ish {
    /// Enough for the inputs of the table.
    pub(super) fn decode(text: &str) -> Vec<u8> {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digits: Vec<u32> = text
            .bytes()
            .filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte))
            .map(|digit| digit as u32)
            .collect();
        let bits = |chunk: &[u32]| chunk.iter().fold(0, |bits, digit| bits << 6 | digit);
        digits
            .chunks(4)
            .flat_map(|chunk| {
                let bytes = (bits(chunk) << (6 * (4 - chunk.len()))).to_be_bytes();
                bytes[1..chunk.len()].to_vec()
            })
            .collect()
    }
}

/// A fetch of each type, for the sake of its type.
fn criterion(kind: &str) -> &'static str {
    match kind {
        "str" => "path",
        "int" => "status",
        "ip" => "src",
        "bool" => "always_true",
        other => panic!("no fetch of type {other}"),
    }
}

fn value(kind: &str, input: &str) -> Option<Value<'static>> {
    Some(match kind {
        "str" => Value::owned(input.as_bytes().to_vec()),
        "int" => Value::Int(input.parse().unwrap()),
        "ip" => Value::Ip(input.parse().unwrap()),
        "bool" => Value::Bool(input == "1"),
        "bin" => Value::Bin(decode(input).into()),
        other => panic!("no type {other}"),
    })
}

/// Words in double quotes; a backslash protects the next character.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chars = text.chars();
    while chars.by_ref().any(|c| c == '"') {
        let mut word = String::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => word.extend(chars.next()),
                c => word.push(c),
            }
        }
        words.push(word);
    }
    words
}

fn parse(kind: &str, arguments: &[String]) -> Result<Test, String> {
    let loading = Loading::default();
    let context = Context::new(Stage::Acl, &loading);
    let mut all = vec![criterion(kind)];
    all.extend(arguments.iter().map(String::as_str));
    Test::parse(&all, &context).map_err(|(_, message)| message)
}

#[test]
fn everything_matches_as_in_haproxy() {
    let table = include_str!("../../tests/data/patterns/matches.tsv");
    let mut tests: BTreeMap<(&str, &str), Test> = BTreeMap::new();
    let (mut wrong, mut rows) = (Vec::new(), 0);
    for line in table.lines() {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap();
        let (kind, arguments, input, expected) = (next(), next(), next(), next() == "1");
        // No fetch gives binary samples yet.
        if kind == "bin" {
            continue;
        }
        let test = tests
            .entry((kind, arguments))
            .or_insert_with(|| parse(kind, &words(arguments)).expect(line));
        let Some(value) = value(kind, input) else { continue };
        if test.matches(&value) != expected {
            wrong.push(line);
        }
        rows += 1;
    }
    assert!(rows > 5000);
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn mistakes_are_told_as_by_haproxy() {
    let table = include_str!("../../tests/data/patterns/mistakes.tsv");
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let error = parse(columns[0], &words(columns[1])).unwrap_err();
        assert_eq!(error, columns[2], "{line}");
    }
}

fn map(entries: &[(&str, &str)], how: How) -> (List, std::sync::Arc<View>) {
    let origin = Origin::File { name: "x".into(), written: "x".into() };
    let list = List::new(origin, None, true);
    list.fill(entries.iter().map(|(key, value)| (0, key.as_bytes(), value.as_bytes())));
    let view = list.view(how, None).unwrap();
    (list, view)
}

fn look_up(view: &View, key: &str) -> Option<String> {
    let found = view.find(&Value::str(key.as_bytes()))?;
    Some(String::from_utf8(found.entry.value().to_vec()).unwrap())
}

const STR: How =
    How { method: Method::Str, ignore_case: false, resolve: false, output: Output::Str };

#[test]
fn a_prepared_version_is_seen_when_it_is_committed() {
    let (list, view) = map(&[("a", "1"), ("b", "2")], STR);
    let version = list.prepare();
    list.add_all(Some(version), &[(b"a", b"3")]).unwrap();
    assert_eq!(look_up(&view, "a").as_deref(), Some("1"));
    assert!(list.add_all(Some(version + 1), &[(b"a", b"4")]).is_err());
    assert!(!list.commit(version + 1));
    assert!(list.commit(version));
    assert_eq!(look_up(&view, "a").as_deref(), Some("3"));
    assert_eq!(look_up(&view, "b"), None);
    assert!(!list.commit(version));
}

#[test]
fn changes_are_seen_at_once() {
    let (list, view) = map(&[("a", "1")], STR);
    list.add(b"b", b"2").unwrap();
    assert!(list.set(b"a", b"5").unwrap());
    assert!(!list.set(b"c", b"5").unwrap());
    list.set_or_add(b"c", b"6").unwrap();
    let all = || ["a", "b", "c"].map(|key| look_up(&view, key).unwrap_or_default());
    assert_eq!(all(), ["5", "2", "6"]);
    assert!(list.delete(b"b") && !list.delete(b"b"));
    assert_eq!(all(), ["5", "", "6"]);
    list.clear(None);
    assert_eq!(all(), ["", "", ""]);
}

#[test]
fn values_that_cannot_be_read_change_nothing() {
    let (list, view) = map(&[("a", "1")], How { output: Output::Int, ..STR });
    assert_eq!(list.set(b"a", b"x").unwrap_err(), "unable to parse 'x'.");
    assert_eq!(list.add(b"b", b"x").unwrap_err(), "unable to parse 'x'.");
    assert_eq!(look_up(&view, "a").as_deref(), Some("1"));
    assert_eq!(list.summary().entries, 1);
}

/// HAProxy 3.4: the finest match for addresses and beginnings, else the first.
#[test]
fn of_several_matches_one_is_preferred() {
    let of = |method| How { method, ..STR };
    let entries = [("/a", "1"), ("/a/b", "2"), ("/a", "3")];
    let (_, beg) = map(&entries, of(Method::Beg));
    assert_eq!(look_up(&beg, "/a/b/c").as_deref(), Some("2"));
    assert_eq!(look_up(&beg, "/a/c").as_deref(), Some("1"));
    let (_, sub) = map(&entries, of(Method::Sub));
    assert_eq!(look_up(&sub, "/a/b/c").as_deref(), Some("1"));
    let (list, end) = map(&[("com", "1"), ("b.com", "2")], of(Method::End));
    assert_eq!(look_up(&end, "a.b.com").as_deref(), Some("1"));
    assert!(list.delete(b"com"));
    assert_eq!(look_up(&end, "a.b.com").as_deref(), Some("2"));
}

proptest! {
    #[test]
    fn strings_equal_a_naive_search(
        patterns in prop::collection::vec("[ab/.?]{0,5}", 0..40),
        texts in prop::collection::vec("[abA/.?]{0,12}", 1..20),
        ignore_case: bool,
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        split: prop::sample::Index,
    ) {
        for method in [Method::Str, Method::Beg, Method::End, Method::Sub] {
            let how = How { method, ignore_case, resolve: false, output: Output::Str };
            let origin = Origin::File { name: "x".into(), written: "x".into() };
            let list = List::new(origin, None, true);
            let at = split.index(patterns.len() + 1);
            list.fill(patterns[..at].iter().map(|text| (0, text.as_bytes(), &b""[..])));
            let view = list.view(how, None).unwrap();
            for text in &patterns[at..] {
                list.add(text.as_bytes(), b"").unwrap();
            }
            if !patterns.is_empty() {
                for index in &removed {
                    list.delete_id(index.index(patterns.len()) as u64 + 1);
                }
            }
            for text in &texts {
                let fold = |text: &str| if ignore_case { text.to_ascii_lowercase() } else { text.into() };
                let text = fold(text);
                let matches = |entry: &Entry| {
                    let key = fold(std::str::from_utf8(entry.key()).unwrap());
                    match method {
                        Method::Str => text == key,
                        Method::Beg => text.starts_with(&key),
                        Method::End => text.ends_with(&key),
                        _ => text.contains(&key),
                    }
                };
                let all = list.entries(None);
                let all = all.iter().filter(|entry| matches(entry));
                let expected = if method == Method::Beg && !ignore_case {
                    all.min_by_key(|entry| (std::cmp::Reverse(entry.key().len()), entry.id))
                } else {
                    all.min_by_key(|entry| entry.id)
                };
                let sample = Value::str(text.as_bytes());
                let found = view.find(&sample);
                prop_assert_eq!(found.map(|found| found.entry.id), expected.map(|entry| entry.id));
                prop_assert_eq!(view.contains(&sample), expected.is_some());
            }
        }
    }

    #[test]
    fn networks_equal_a_naive_search(
        networks in prop::collection::vec((any::<u8>(), 24u32..=32), 0..60),
        addresses in prop::collection::vec(any::<u8>(), 1..40),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        split: prop::sample::Index,
    ) {
        let how = How { method: Method::Ip, ignore_case: false, resolve: false, output: Output::Str };
        let origin = Origin::File { name: "x".into(), written: "x".into() };
        let list = List::new(origin, None, true);
        let texts: Vec<String> =
            networks.iter().map(|(last, length)| format!("10.0.0.{last}/{length}")).collect();
        let at = split.index(texts.len() + 1);
        list.fill(texts[..at].iter().map(|text| (0, text.as_bytes(), &b""[..])));
        let view = list.view(how, None).unwrap();
        for text in &texts[at..] {
            list.add(text.as_bytes(), b"").unwrap();
        }
        if !texts.is_empty() {
            for index in &removed {
                list.delete_id(index.index(texts.len()) as u64 + 1);
            }
        }
        for address in addresses {
            let expected = list
                .entries(None)
                .iter()
                .filter(|entry| {
                    let (last, length) = networks[entry.id as usize - 1];
                    u32::from(last ^ address) >> (32 - length) == 0
                })
                .min_by_key(|entry| (std::cmp::Reverse(networks[entry.id as usize - 1].1), entry.id))
                .map(|entry| entry.id);
            let sample = Value::Ip(std::net::Ipv4Addr::new(10, 0, 0, address).into());
            prop_assert_eq!(view.find(&sample).map(|found| found.entry.id), expected);
        }
    }
}
