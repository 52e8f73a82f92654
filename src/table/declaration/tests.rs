use super::*;

pub(crate) fn parse(text: &str) -> Result<Declaration, String> {
    let words: Vec<Word> = text
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| Word { text: word.to_owned(), span: Span::default() })
        .collect();
    Declaration::parse(Span::default(), &words, &mut |_| {}).map_err(|error| error.message)
}

/// What HAProxy 3.4.0 says of these.
#[test]
fn mistakes_are_told_as_the_reference_does() {
    for (words, message) in [
        ("", "stick-table: missing size."),
        ("type", "stick-table: unknown type ''."),
        ("type foo size 1", "stick-table: unknown type 'foo'."),
        ("type ip", "stick-table: missing size."),
        ("size 10", "stick-table: missing type."),
        ("type ip size", "stick-table: missing argument after 'size'."),
        ("type ip size 0", "stick-table: missing size."),
        ("type ip size -1", "stick-table: unexpected character '-' in argument of 'size'."),
        ("type ip size 10x", "stick-table: unexpected character 'x' in argument of 'size'."),
        ("type ip size 5000000000", "stick-table: unexpected character '0' in argument of 'size'."),
        ("type ip size 10 expire", "stick-table: missing argument after 'expire'."),
        (
            "type ip size 10 expire 5y",
            "stick-table: unexpected character 'y' in argument of 'expire'.",
        ),
        (
            "type ip size 10 expire 30d",
            "stick-table: timer overflow in argument <30d> to <expire>, maximum value is \
             2147483647 ms (~24.8 days).",
        ),
        ("type ip size 10 store foo", "stick-table: unknown store option 'foo'."),
        ("type ip size 10 store gpc0,,gpc1", "stick-table: unknown store option ''."),
        (
            "type ip size 10 store conn_rate",
            "stick-table: missing argument to store option 'conn_rate'.",
        ),
        (
            "type ip size 10 store conn_rate(x)",
            "stick-table: error when processing store option 'conn_rate'.",
        ),
        (
            "type ip size 10 store gpc0(1)",
            "stick-table: unexpected argument to store option 'gpc0'.",
        ),
        (
            "type ip size 10 store gpc(0)",
            "stick-table: array size is out of allowed range (1-100) for store option 'gpc'.",
        ),
        (
            "type ip size 10 store gpc0,gpc(2)",
            "stick-table: simultaneous usage of 'gpc' and 'gpc[0/1]' in a same table is not \
             permitted as 'gpc' overrides 'gpc[0/1]'.",
        ),
        (
            "type ip size 10 store gpc_rate(2)",
            "stick-table: missing argument to store option 'gpc_rate'.",
        ),
        ("type string len 0 size 10", "'len' expects a positive integer argument."),
        ("type integer len 10 size 10", "stick-table: unknown argument 'len'."),
        ("type ip size 10 srvkey foo", "stick-table : unknown server key type 'foo'."),
        ("type ip size 10 write-to", "stick-table : write-to requires table name."),
        (
            "type ip size 10 brates-factor 1025",
            "stick-table: argument 'brates-factor' must be greater than 0 and lower or equal \
             than 1024.",
        ),
        ("type ip size 10 foo", "stick-table: unknown argument 'foo'."),
    ] {
        assert_eq!(parse(words).unwrap_err(), message, "{words}");
    }
}

#[test]
fn data_types_keep_the_reference_s_order() {
    let table =
        parse("type ipv6 size 1k store glitch_cnt,gpc_rate(2,10s),gpt(3) store server_id").unwrap();
    let names: Vec<_> = table.layout.columns().iter().map(|column| column.data.name()).collect();
    assert_eq!(names, ["server_id", "gpt", "gpc_rate", "glitch_cnt"]);
    assert_eq!(table.size, 1024);
    assert!(table.layout.find(Data::Gpc1Rate).is_some());
    assert!(table.layout.find(Data::Gpc1).is_none());
    assert_eq!(table.layout.column(Data::GpcRate).unwrap().period_ms, 10_000);
}
