//! Lines as HAProxy 3.4.0 wrote them for the same facts, and examples of the manual.

use std::net::SocketAddr;

use super::*;
use crate::exchange::fixture::{connection, stream};
use crate::exchange::{Cause, Connection, Names, Phase, Times};
use crate::sample::{Context, Loading, Stage};

fn parse(text: &str) -> Result<LineFormat, String> {
    let loading = Loading::default();
    LineFormat::parse(text, &Context::new(Stage::Log, &loading))
}

/// `curl http://127.0.0.1:PORT/a/b?q=1&x="]\\` with a header of every awkward character.
fn proxied<'c>(connection: &'c Connection, frontend: &'c str) -> Stream<'c> {
    let mut stream = stream(
        connection,
        Names { frontend, backend: Some("bk"), server: Some("s1"), http: true, ..Names::default() },
    );
    stream.outcome.keep_request_line(b"GET /a/b?q=1&x=\"]\\\\ HTTP/1.1");
    stream.request_captures = vec![Some("a{b|c}\"#\\\\]\\x \u{e9}".as_bytes().into()), None];
    stream.response_captures = vec![Some(b"r|\"{}#\x7f\xe9 z".as_slice().into())];
    stream.times = Times {
        began: 1_000_000,
        first_byte: 1_000_200,
        request: 1_000_400,
        queued: 1_000_500,
        connected: 1_000_600,
        response: 1_004_700,
        ended: 1_004_900,
        handshake: 0,
    };
    stream.outcome.status = 200;
    stream.outcome.bytes_out = 132;
    stream.outcome.bytes_in = 120;
    stream.outcome.process_connections = 1;
    stream.outcome.frontend_connections = 1;
    stream
}

fn line(format: &LineFormat, stream: &Stream<'_>) -> String {
    let mut out = Vec::new();
    format.write(stream, &mut out);
    String::from_utf8(out).unwrap()
}

fn custom(format: &str, stream: &Stream<'_>) -> String {
    line(&parse(format).unwrap(), stream)
}

fn address(text: &str) -> Option<SocketAddr> {
    Some(text.parse().unwrap())
}

#[test]
fn every_preset_compiles() {
    for preset in [TCP, TCP_CLF, HTTP, CLF] {
        parse(preset).unwrap();
    }
}

#[test]
fn a_connection_is_told_of_at_its_accept() {
    let connection = connection("10.0.1.2:33312", "10.0.3.31:8012");
    let names = Names { frontend: "www", http: true, ..Names::default() };
    assert_eq!(
        line(&LineFormat::default(), &stream(&connection, names)),
        "Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)"
    );
}

#[test]
fn the_tcp_line_of_the_manual() {
    let connection = connection("10.0.1.2:33313", "10.0.1.1:80");
    let mut stream = stream(
        &connection,
        Names {
            frontend: "fnt",
            backend: Some("bck"),
            server: Some("srv1"),
            http: false,
            ..Names::default()
        },
    );
    // 6 February 2009, 12:12:51.443 UTC.
    stream.wall_began_us = 1_233_922_371_443_000;
    stream.times.queued = 1_000_000;
    stream.times.connected = 1_000_000;
    stream.times.ended = 6_007_000;
    stream.outcome.bytes_out = 212;
    stream.outcome.retries = 3;
    assert_eq!(
        line(&LineFormat::tcp(), &stream),
        "10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0"
    );
}

#[test]
fn the_http_line_of_the_manual() {
    let connection = connection("10.0.1.2:33317", "10.0.1.1:80");
    let mut stream = stream(
        &connection,
        Names {
            frontend: "http-in",
            backend: Some("static"),
            server: Some("srv1"),
            http: true,
            ..Names::default()
        },
    );
    stream.wall_began_us = 1_233_922_454_655_000;
    stream.times = Times {
        began: 1_000_000,
        first_byte: 1_000_000,
        request: 1_010_000,
        queued: 1_010_000,
        connected: 1_040_000,
        response: 1_109_000,
        ended: 1_109_000,
        handshake: 0,
    };
    stream.outcome.keep_request_line(b"GET /index.html HTTP/1.1");
    stream.outcome.status = 200;
    stream.outcome.bytes_out = 2750;
    stream.outcome.process_connections = 1;
    stream.outcome.frontend_connections = 1;
    stream.outcome.backend_connections = 1;
    stream.outcome.server_connections = 1;
    stream.request_captures = vec![Some(b"1wt.eu".as_slice().into())];
    stream.response_captures = vec![None];
    assert_eq!(
        line(&LineFormat::http(), &stream),
        "10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 \
         - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} \"GET /index.html HTTP/1.1\""
    );
}

#[test]
fn the_http_line_without_response_captures_has_no_second_blank() {
    let connection = connection("127.0.0.1:42812", "127.0.0.1:19997");
    let mut stream = proxied(&connection, "fht");
    stream.response_captures.clear();
    assert_eq!(
        line(&LineFormat::http(), &stream),
        "127.0.0.1:42812 [24/Nov/2026:06:14:37.086] fht bk/s1 0/0/0/4/4 200 132 - - ---- \
         1/1/0/0/0 0/0 {a#7Bb#7Cc#7D#22#23\\\\]\\x #C3#A9|} \"GET /a/b?q=1&x=#22]\\\\ HTTP/1.1\""
    );
}

#[test]
fn the_http_line_of_a_bad_request() {
    let connection = connection("127.0.0.1:44978", "127.0.0.1:19997");
    let mut stream = stream(&connection, Names { frontend: "fht", http: true, ..Names::default() });
    stream.request_captures = vec![None, None];
    stream.times.ended = 1_501_000;
    stream.outcome.status = 408;
    stream.outcome.ends(Cause::ClientTimeout, Phase::Request);
    stream.outcome.process_connections = 1;
    stream.outcome.frontend_connections = 1;
    assert_eq!(
        line(&LineFormat::http(), &stream),
        "127.0.0.1:44978 [24/Nov/2026:06:14:37.086] fht fht/<NOSRV> -1/-1/-1/-1/501 408 0 - - \
         cR-- 1/1/0/0/0 0/0 \"<BADREQ>\""
    );
}

#[test]
fn the_clf_lines_keep_their_empty_fields() {
    let connection = connection("127.0.0.1:55314", "127.0.0.1:19996");
    let mut stream = proxied(&connection, "fclf");
    stream.response_captures.clear();
    assert_eq!(
        line(&LineFormat::clf(), &stream),
        "127.0.0.1 - - [24/Nov/2026:06:14:37 +0000] \"GET /a/b?q=1&x=#22]\\\\ HTTP/1.1\" 200 132 \
         \"\" \"\" 55314 086 \"fclf\" \"bk\" \"s1\" 0 0 0 4 4 ---- 1 1 0 0 0 0 0 \"\" \"\" \
         \"a#7Bb#7Cc#7D#22#23\\\\]\\x #C3#A9\" \"\" "
    );
    stream.names.http = false;
    stream.times.request = 0;
    assert_eq!(
        line(&LineFormat::tcp_clf(), &stream),
        "127.0.0.1 - - [24/Nov/2026:06:14:37 +0000] \"TCP \" 000 132 \"\" \"\" 55314 086 \"fclf\" \
         \"bk\" \"s1\" 0 0 0 4 120 ---- 1 1 0 0 0 0 0 \"\" \"\" "
    );
}

#[test]
fn aliases_as_they_are() {
    let connection = connection("127.0.0.1:48202", "127.0.0.1:19991");
    let mut stream = proxied(&connection, "fr");
    stream.outcome.source = address("127.0.0.1:50472");
    stream.outcome.server_address = address("127.0.0.1:19990");
    assert_eq!(
        custom(
            "ci=%ci cp=%cp fi=%fi fp=%fp bi=%bi bp=%bp si=%si sp=%sp b=%b s=%s f=%f ft=%ft t=%t \
             tr=%tr trl=%trl trg=%trg T=%T Tl=%Tl Ts=%Ts ms=%ms ts=%ts tsc=%tsc TR=%TR Tw=%Tw \
             Tc=%Tc Tr=%Tr Td=%Td Ta=%Ta Tt=%Tt Th=%Th Ti=%Ti Tq=%Tq Tu=%Tu ST=%ST B=%B U=%U \
             HM=%HM HP=%HP HQ=%HQ HU=%HU HV=%HV HPO=%HPO r=%r hr=%hr hs=%hs hrl=%hrl hsl=%hsl \
             ac=%ac fc=%fc bc=%bc sc=%sc rc=%rc sq=%sq bq=%bq lc=%lc ID=%ID rt=%rt CC=%CC CS=%CS",
            &stream
        ),
        "ci=127.0.0.1 cp=48202 fi=127.0.0.1 fp=19991 bi=127.0.0.1 bp=50472 si=127.0.0.1 sp=19990 \
         b=bk s=s1 f=fr ft=fr t=24/Nov/2026:06:14:37.086 tr=24/Nov/2026:06:14:37.086 \
         trl=24/Nov/2026:06:14:37 +0000 trg=24/Nov/2026:06:14:37 +0000 \
         T=24/Nov/2026:06:14:37 +0000 Tl=24/Nov/2026:06:14:37 +0000 Ts=1795500877 ms=086 ts=-- \
         tsc=---- TR=0 Tw=0 Tc=0 Tr=4 Td=0 Ta=4 Tt=4 Th=0 Ti=0 Tq=0 Tu=4 ST=200 B=132 U=120 \
         HM=GET HP=/a/b HQ=?q=1&x=#22]\\\\ HU=/a/b?q=1&x=#22]\\\\ HV=HTTP/1.1 HPO=/a/b \
         r=GET /a/b?q=1&x=#22]\\\\ HTTP/1.1 hr={a#7Bb#7Cc#7D#22#23\\\\]\\x #C3#A9|} \
         hs={r#7C#22#7B#7D#23#7F#E9 z} hrl=a#7Bb#7Cc#7D#22#23\\\\]\\x #C3#A9 - \
         hsl=r#7C#22#7B#7D#23#7F#E9 z ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0 lc=0 ID=- rt=0 CC=- CS=-"
    );
}

#[test]
fn aliases_quoted_escaped_and_in_hexadecimal() {
    let connection = connection("127.0.0.1:36318", "127.0.0.1:19992");
    let mut stream = proxied(&connection, "fq");
    stream.id = 1;
    stream.wall_began_us = 1_795_500_877_114_000;
    stream.outcome.source = address("127.0.0.1:50488");
    stream.outcome.server_address = address("127.0.0.1:19990");
    assert_eq!(
        custom(
            "%{+Q,+X,+E}o ci=%ci cp=%cp fi=%fi fp=%fp bi=%bi bp=%bp si=%si sp=%sp b=%b s=%s f=%f \
             ft=%ft t=%t T=%T Ts=%Ts ms=%ms ts=%ts tsc=%tsc TR=%TR ST=%ST B=%B HM=%HM HP=%HP \
             HQ=%HQ HU=%HU HV=%HV HPO=%HPO r=%r hr=%hr hs=%hs hrl=%hrl hsl=%hsl ac=%ac rc=%rc \
             lc=%lc ID=%ID rt=%rt CC=%CC CS=%CS src=%[src] i=%[int(5)] b=%[bool(true)] \
             no=%[var(txn.nothing)]",
            &stream
        ),
        "ci=7F000001 cp=8DDE fi=7F000001 fp=4E18 bi=7F000001 bp=C538 si=7F000001 sp=4E16 b=\"bk\" \
         s=\"s1\" f=\"fq\" ft=\"fq\" t=24/Nov/2026:06:14:37.114 T=24/Nov/2026:06:14:37 +0000 \
         Ts=6B052B4D ms=72 ts=-- tsc=---- TR=0 ST=200 B=132 HM=\"GET\" HP=\"/a/b\" \
         HQ=\"?q=1&x=#22\\]\\\\\\\\\" HU=\"/a/b?q=1&x=#22\\]\\\\\\\\\" HV=\"HTTP/1.1\" \
         HPO=\"/a/b\" r=\"GET /a/b?q=1&x=#22\\]\\\\\\\\ HTTP/1.1\" \
         hr=\"{a#7Bb#7Cc#7D#22#23\\\\\\\\\\]\\\\x #C3#A9|}\" hs=\"{r#7C#22#7B#7D#23#7F#E9 z}\" \
         hrl=\"a#7Bb#7Cc#7D#22#23\\\\\\\\\\]\\\\x #C3#A9\" \"\" hsl=\"r#7C#22#7B#7D#23#7F#E9 z\" \
         ac=1 rc=0 lc=0000 ID=\"\" rt=0001 CC=\"\" CS=\"\" src=\"127.0.0.1\" i=\"5\" b=\"1\" no=\"\""
    );
}

#[test]
fn blanks_are_merged_and_samples_that_are_missing_show() {
    let connection = connection("127.0.0.1:42910", "127.0.0.1:19994");
    let mut stream = proxied(&connection, "fe");
    stream.id = 2;
    stream.response_captures.clear();
    assert_eq!(
        custom(
            "  a   %[var(txn.no)]  %{+Q}[var(txn.no)] x%[var(txn.no)]x %{+E}[str('a\"b\\c]')] \
             y  %CC %{+X}ci:%{+X}cp %{+X}Ts %{+X}rt %{+X}fi:%{+X}fp %{+Q}CC %{+Q}ID %{+Q}o %ID \
             %CC %[var(txn.no)] %hs z  ",
            &stream
        ),
        "a - \"\" x-x a\\\"b\\\\c\\] y - 7F000001:A79E 6B052B4D 0002 7F000001:4E1A \"\" \"\" \
         \"\" \"\" \"\" z "
    );
}

#[test]
fn addresses_of_every_family() {
    let format =
        "ci=%ci:%cp fi=%fi:%fp si=%{+X}si:%{+Q}si q=%{+Q}s %{+Q,+E}f %{Q}b %{-Q}b %(name)ci";
    let mut connection = connection("[::ffff:127.0.0.1]:48112", "[::ffff:127.0.0.1]:19999");
    let names = Names { frontend: "f", http: true, ..Names::default() };
    assert_eq!(
        custom(format, &stream(&connection, names)),
        "ci=::ffff:127.0.0.1:48112 fi=::ffff:127.0.0.1:19999 si=-:\"\" q=\"<NOSRV>\" \"f\" \"f\" f \
         ::ffff:127.0.0.1"
    );
    assert_eq!(
        custom("%{+X}ci:%{+X}cp", &stream(&connection, names)),
        "00000000000000000000FFFF7F000001:BBF0"
    );
    connection.client = Endpoint::Unix(2);
    assert_eq!(custom("%ci:%cp", &stream(&connection, names)), "unix:2");
}

#[test]
fn idle_time_moves_the_date_of_the_request() {
    let connection = connection("127.0.0.1:57070", "127.0.0.1:19991");
    let mut stream = proxied(&connection, "fr");
    stream.times.first_byte = 1_100_000;
    stream.times.request = 1_200_000;
    stream.times.queued = 1_200_000;
    stream.times.connected = 1_200_000;
    stream.times.response = 1_201_000;
    stream.times.ended = 1_201_000;
    assert_eq!(
        custom("t=%t tr=%tr TR=%TR Tr=%Tr Ta=%Ta Tt=%Tt Ti=%Ti Tq=%Tq Tu=%Tu", &stream),
        "t=24/Nov/2026:06:14:37.086 tr=24/Nov/2026:06:14:37.186 TR=100 Tr=1 Ta=101 Tt=201 Ti=100 \
         Tq=200 Tu=101"
    );
}

#[test]
fn the_proxys_own_answer_transfers_nothing() {
    let connection = connection("127.0.0.1:57070", "127.0.0.1:19991");
    let mut stream = proxied(&connection, "fr");
    stream.times.connected = 0;
    stream.outcome.status = 503;
    stream.outcome.ends(Cause::Server, Phase::Connect);
    stream.response_captures = vec![None];
    assert_eq!(
        custom("%ts Tw=%Tw Tc=%Tc Tr=%Tr Td=%Td ST=%ST hs=%hs hsl=%hsl", &stream),
        "SC Tw=0 Tc=-1 Tr=-1 Td=-1 ST=503 hs={} hsl=-"
    );
}

/// HAProxy 3.4.0 refuses each of these lines.
#[test]
fn mistakes_are_refused() {
    for text in ["%zz", "%{+Q ci", "%[foo]", "%[src", "abc%", "%", "% x", "%cix", "%{+Q}", "%tscx"]
    {
        assert!(parse(text).is_err(), "{text}");
    }
    for text in ["%{}ci", "%{+Q,-X}ci", "%o", "%ci%%", "%{Q}o x"] {
        assert!(parse(text).is_ok(), "{text}");
    }
}
