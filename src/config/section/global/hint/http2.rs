//! `tune.h1.*`, `tune.h2.*` and `tune.quic.*`: limits of protocols (manual, section 3.2). Those of
//! QUIC are not looked at: HAProxy itself knows them only where it is built with QUIC.

use super::Hint;
use super::shape::Shape::{Anything, Number, OneOf, Own, Size};
use super::shape::{ANY, POSITIVE, SWITCH, Shape, number, said};
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const HINTS: &[Hint] = &[
    Hint::silent("tune.h1.be.glitches-threshold", COUNT),
    Hint::silent("tune.h1.fe.glitches-threshold", COUNT),
    Hint::silent("tune.h2.be.glitches-threshold", COUNT),
    Hint::silent("tune.h2.be.initial-window-size", COUNT),
    Hint::silent("tune.h2.be.max-concurrent-streams", COUNT),
    Hint::silent("tune.h2.be.max-frames-at-once", FREE),
    Hint::silent("tune.h2.be.rxbuf", RXBUF),
    Hint::silent("tune.h2.fe.glitches-threshold", COUNT),
    Hint::silent("tune.h2.fe.initial-window-size", COUNT),
    Hint::silent("tune.h2.fe.max-concurrent-streams", Own("<number> [rq-load | min …]", positive)),
    Hint::silent("tune.h2.fe.max-frames-at-once", FREE),
    Hint::silent("tune.h2.fe.max-rst-at-once", FREE),
    Hint::silent("tune.h2.fe.max-total-streams", COUNT),
    Hint::silent("tune.h2.fe.rxbuf", RXBUF),
    Hint::silent(
        "tune.h2.header-table-size",
        Number {
            missing: None,
            range: (4096, 65_536),
            outside: "'@' expects a numeric value between 4096 and 65536.",
        },
    ),
    Hint::silent("tune.h2.initial-window-size", COUNT),
    Hint::silent(
        "tune.h2.log-errors",
        OneOf(&["none", "connection", "stream"], "'@' expects 'none', 'connection', or 'stream'"),
    ),
    Hint::silent("tune.h2.max-concurrent-streams", COUNT),
    Hint::silent(
        "tune.h2.max-frame-size",
        Number {
            missing: None,
            range: (16_384, 16_777_215),
            outside: "'@' expects a numeric value between 16384 and 16777215.",
        },
    ),
    Hint::silent("tune.h2.zero-copy-fwd-send", OneOf(SWITCH, "'@' expects 'on' or 'off'.")),
    Hint::silent("tune.quic.be.cc.cubic-min-losses", Anything),
    Hint::silent("tune.quic.be.cc.hystart", Anything),
    Hint::silent("tune.quic.be.cc.max-frame-loss", Anything),
    Hint::silent("tune.quic.be.cc.max-win-size", Anything),
    Hint::silent("tune.quic.be.cc.reorder-ratio", Anything),
    Hint::silent("tune.quic.be.max-idle-timeout", Anything),
    Hint::silent("tune.quic.be.sec.glitches-threshold", Anything),
    Hint::silent("tune.quic.be.stream.data-ratio", Anything),
    Hint::silent("tune.quic.be.stream.max-concurrent", Anything),
    Hint::silent("tune.quic.be.stream.rxbuf", Anything),
    Hint::silent("tune.quic.be.tx.pacing", Anything),
    Hint::silent("tune.quic.be.tx.udp-gso", Anything),
    Hint::silent("tune.quic.cc-hystart", Anything),
    Hint::silent("tune.quic.cc.cubic.min-losses", Anything),
    Hint::silent("tune.quic.disable-tx-pacing", Anything),
    Hint::silent("tune.quic.disable-udp-gso", Anything),
    Hint::silent("tune.quic.fe.cc.cubic-min-losses", Anything),
    Hint::silent("tune.quic.fe.cc.hystart", Anything),
    Hint::silent("tune.quic.fe.cc.max-frame-loss", Anything),
    Hint::silent("tune.quic.fe.cc.max-win-size", Anything),
    Hint::silent("tune.quic.fe.cc.reorder-ratio", Anything),
    Hint::silent("tune.quic.fe.max-idle-timeout", Anything),
    Hint::silent("tune.quic.fe.sec.glitches-threshold", Anything),
    Hint::silent("tune.quic.fe.sec.retry-threshold", Anything),
    Hint::silent("tune.quic.fe.sock-per-conn", Anything),
    Hint::silent("tune.quic.fe.stream.data-ratio", Anything),
    Hint::silent("tune.quic.fe.stream.max-concurrent", Anything),
    Hint::silent("tune.quic.fe.stream.max-total", Anything),
    Hint::silent("tune.quic.fe.stream.rxbuf", Anything),
    Hint::silent("tune.quic.fe.tx.pacing", Anything),
    Hint::silent("tune.quic.fe.tx.udp-gso", Anything),
    Hint::silent("tune.quic.frontend.default-max-window-size", Anything),
    Hint::silent("tune.quic.frontend.glitches-threshold", Anything),
    Hint::silent("tune.quic.frontend.max-data-size", Anything),
    Hint::silent("tune.quic.frontend.max-idle-timeout", Anything),
    Hint::silent("tune.quic.frontend.max-streams-bidi", Anything),
    Hint::silent("tune.quic.frontend.max-tx-mem", Anything),
    Hint::silent("tune.quic.frontend.stream-data-ratio", Anything),
    Hint::silent("tune.quic.listen", Anything),
    Hint::silent("tune.quic.max-frame-loss", Anything),
    Hint::silent("tune.quic.mem.tx-max", Anything),
    Hint::silent("tune.quic.reorder-ratio", Anything),
    Hint::silent("tune.quic.retry-threshold", Anything),
    Hint::silent("tune.quic.socket-owner", Anything),
    Hint::silent("tune.quic.zero-copy-fwd-send", Anything),
];

const COUNT: Shape =
    Number { missing: None, range: POSITIVE, outside: "'@' expects a positive numeric value." };

const FREE: Shape = Number { missing: None, range: ANY, outside: "" };

const RXBUF: Shape =
    Size { missing: "'@': unexpected character '' in size argument ''.", zero: None };

fn positive(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    if line.arguments.first().is_some_and(|word| number(&word.text) < 0) {
        return Err(said(line, "'@' expects a positive numeric value."));
    }
    match line.arguments.get(1) {
        Some(word) if !matches!(word.text.as_str(), "rq-load" | "min") => Err(Diagnostic::alert(
            word.span,
            format!(
                "'{}' only supports 'rq-load' or 'min' after the numeric value, but found '{word}'.",
                line.name()
            ),
        )),
        _ => Ok(()),
    }
}
