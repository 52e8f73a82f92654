//! Dialogues replayed from the recordings: the client says, the server answers, whose turn is it.

use proptest::prelude::*;

use super::super::captured;
use super::super::packet::frame;
use super::*;

fn command(dialogue: &mut Dialogue, payload: &[u8]) -> Then {
    let bytes = frame(0, payload);
    dialogue.begin(Dialogue::opening(&bytes).expect("a whole command"));
    let step = dialogue.from_client(&bytes);
    assert_eq!(step.consumed, bytes.len());
    step.then
}

/// Hands `answer` over one byte at a time: it must be complete at its last byte, not before.
fn complete_at_the_last_byte(dialogue: &mut Dialogue, answer: &[u8]) {
    for (index, byte) in answer.iter().enumerate() {
        let verdict = dialogue.from_server(&[*byte]).expect("a well-formed answer");
        let last = index + 1 == answer.len();
        let expected = if last { FromServer::Complete } else { FromServer::More };
        assert_eq!(verdict, expected, "byte {index} of {}", answer.len());
    }
}

#[test]
fn every_recorded_answer_ends_where_it_ended() {
    let prepare = b"\x16select s from a where s <> ?";
    let fetch = b"\x1c\x01\0\0\0\x01\0\0\0";
    let execute = b"\x17\x01\0\0\0\x01\x01\0\0\0";
    let cases: &[(&[u8], &str, &str)] = &[
        (b"\x03select 1", captured::SELECT, captured::SELECT_NO_EOF),
        (prepare, captured::PREPARE, captured::PREPARE_NO_EOF),
        (execute, captured::CURSOR, captured::CURSOR_NO_EOF),
        (fetch, captured::FETCH_ONE, captured::FETCH_ONE_NO_EOF),
        (fetch, captured::FETCH_LAST, captured::FETCH_LAST_NO_EOF),
        (b"\x04a\0", captured::FIELD_LIST, captured::FIELD_LIST_NO_EOF),
        (b"\x1b\0\0", captured::SET_OPTION, captured::SET_OPTION_NO_EOF),
        (b"\x03select 1; select 2", captured::TWO_RESULTS, captured::TWO_RESULTS_NO_EOF),
        (b"\x09", captured::STATISTICS, captured::STATISTICS),
        (b"\x03begin", captured::BEGIN, captured::BEGIN),
        (b"\x03set names latin1", captured::TRACKED, captured::TRACKED),
        (b"\x16do 1", captured::PREPARE_NOTHING, captured::PREPARE_NOTHING),
        (b"\x16nonsense", captured::UNKNOWN, captured::UNKNOWN),
        (execute, captured::UNKNOWN, captured::UNKNOWN),
    ];
    for (payload, with_eof, without) in cases {
        for (deprecate_eof, answer) in [(false, with_eof), (true, without)] {
            let mut dialogue = Dialogue::new(deprecate_eof, Status::default());
            assert_eq!(command(&mut dialogue, payload), Then::Server);
            complete_at_the_last_byte(&mut dialogue, &captured::bytes(answer));
        }
    }
}

#[test]
fn a_transaction_is_seen_in_the_status() {
    let mut dialogue = Dialogue::new(false, Status(2));
    command(&mut dialogue, b"\x03begin");
    complete_at_the_last_byte(&mut dialogue, &captured::bytes(captured::BEGIN));
    assert!(dialogue.status().in_transaction());
    command(&mut dialogue, b"\x03select 1");
    complete_at_the_last_byte(&mut dialogue, &captured::bytes(captured::SELECT));
    assert!(!dialogue.status().in_transaction());
}

#[test]
fn the_client_sends_its_file_up_to_an_empty_packet() {
    let mut dialogue = Dialogue::new(false, Status::default());
    command(&mut dialogue, b"\x03load data local infile 'x' into table a");
    let wanted = dialogue.from_server(&captured::bytes(captured::INFILE));
    assert_eq!(wanted, Ok(FromServer::WantsFile));
    let file = captured::bytes(captured::INFILE_DATA);
    for byte in &file[..file.len() - 1] {
        assert_eq!(dialogue.from_client(&[*byte]), FromClient { consumed: 1, then: Then::Client });
    }
    let last = dialogue.from_client(&file[file.len() - 1..]);
    assert_eq!(last, FromClient { consumed: 1, then: Then::Server });
    complete_at_the_last_byte(&mut dialogue, &captured::bytes(captured::BEGIN));
}

#[test]
fn a_command_ends_where_the_next_one_begins() {
    let mut dialogue = Dialogue::new(false, Status::default());
    let close = frame(0, b"\x19\x01\0\0\0");
    let stream = [&close[..], &frame(0, b"\x0e")].concat();
    dialogue.begin(Dialogue::opening(&stream).expect("a command"));
    let step = dialogue.from_client(&stream);
    assert_eq!(step, FromClient { consumed: close.len(), then: Then::NextCommand });
}

#[test]
fn replication_and_unknown_commands_are_refused_with_the_next_sequence() {
    for code in [0x12, 0x15, 0x1e, 0xfa, 0x77] {
        let mut dialogue = Dialogue::new(false, Status::default());
        assert_eq!(command(&mut dialogue, &[code, 1, 2]), Then::Refuse { sequence: 1 });
    }
    let mut dialogue = Dialogue::new(false, Status::default());
    assert_eq!(command(&mut dialogue, &[]), Then::Refuse { sequence: 1 });
}

#[test]
fn a_command_is_opened_only_by_its_fifth_byte() {
    assert!(Dialogue::opening(&[1, 0, 0, 0]).is_none());
    assert!(Dialogue::opening(&[1, 0, 0]).is_none());
    assert_eq!(Dialogue::opening(&[1, 0, 0, 0, 1]).expect("open").command.name, "quit");
}

#[test]
fn an_error_of_our_own_fits_only_between_packets() {
    let mut dialogue = Dialogue::new(false, Status::default());
    command(&mut dialogue, b"\x03select 1");
    assert_eq!(dialogue.room_for_error(), Some(1));
    dialogue.from_server(&captured::bytes(captured::SELECT)[..5]).expect("the column count");
    assert_eq!(dialogue.room_for_error(), Some(2));
    dialogue.from_server(&[1, 2, 3]).expect("part of a header");
    assert_eq!(dialogue.room_for_error(), None);
}

#[test]
fn a_server_that_speaks_out_of_turn_is_an_error() {
    let mut dialogue = Dialogue::new(false, Status::default());
    command(&mut dialogue, b"\x0e");
    let twice = captured::bytes(captured::BEGIN).repeat(2);
    assert!(dialogue.from_server(&twice).is_err());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(
        code in any::<u8>(),
        deprecate_eof in any::<bool>(),
        from_server in prop::collection::vec(any::<u8>(), 0..200),
        from_client in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut dialogue = Dialogue::new(deprecate_eof, Status::default());
        command(&mut dialogue, &[code]);
        let _ = dialogue.from_server(&from_server);
        dialogue.from_client(&from_client);
    }

    #[test]
    fn arbitrary_packets_never_panic(
        code in any::<u8>(),
        deprecate_eof in any::<bool>(),
        payloads in prop::collection::vec(
            (0u8..8, prop::collection::vec(any::<u8>(), 0..30)), 0..12),
    ) {
        let mut dialogue = Dialogue::new(deprecate_eof, Status::default());
        command(&mut dialogue, &[code]);
        for (tag, mut payload) in payloads {
            payload.insert(0, [0, 0, 1, 2, 3, 0xfb, 0xfe, 0xff][usize::from(tag)]);
            if dialogue.from_server(&frame(1, &payload)).is_err() {
                break;
            }
        }
    }
}
