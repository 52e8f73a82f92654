use super::*;

#[test]
fn every_alias_is_named_once_and_none_is_both_known_and_refused() {
    let names: Vec<_> = all().map(|alias| alias.name).collect();
    for (at, name) in names.iter().enumerate() {
        assert!(!names[..at].contains(name), "{name}");
        assert!(!NOT_SUPPORTED.contains(name), "{name}");
    }
}

/// The table of section 8.2.6, without `%o`, which is no item.
#[test]
fn every_alias_of_the_manual_is_known_or_refused_by_name() {
    const MANUAL: &str = "T Tl Ts t ms tr trg trl Ta Tc Td Th Ti Tq TR Tr Tt Tu Tw B CC CS H HM \
        HP HPO HQ HU HV ID ST U ac b bc bi bp bq ci cp f fc fi fp ft lc hr hrl hs hsl OG pid r \
        rc rt s sc si sp sq sslc sslv ts tsc";
    for name in MANUAL.split_whitespace() {
        assert!(
            all().any(|alias| alias.name == name) || NOT_SUPPORTED.contains(&name),
            "%{name} is neither known nor refused"
        );
    }
    assert!(Alias::at_start("sslv").unwrap_err().contains("not supported by evenkeel yet"));
}

#[test]
fn a_name_ends_where_letters_and_digits_do() {
    assert_eq!(Alias::at_start("ts--").unwrap().1, "--");
    assert_eq!(Alias::at_start("ci:%cp").unwrap().1, ":%cp");
    assert!(Alias::at_start("cix").unwrap_err().starts_with("no such format alias 'cix'"));
    assert!(Alias::at_start(" x").is_err());
}
