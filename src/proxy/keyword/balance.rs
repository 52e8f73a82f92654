//! How a server is chosen and whether its connections are shared.

use super::{Keyword, Sections};
use crate::proxy::{Algorithm, HashType, Reuse};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "balance",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "{ roundrobin | static-rr | leastconn | first | source }",
        documentation: "The algorithm that chooses a server.",
        example: "balance leastconn",
        parse: |line, settings| {
            // Without an argument HAProxy takes its default.
            let Some(word) = line.arguments.first() else {
                settings.algorithm = None;
                return Ok(());
            };
            settings.algorithm = Some(match word.text.as_str() {
                "roundrobin" => Algorithm::RoundRobin,
                "static-rr" => Algorithm::StaticRoundRobin,
                "leastconn" => Algorithm::LeastConn,
                "first" => Algorithm::First,
                "source" => Algorithm::Source,
                other if OTHER_ALGORITHMS.contains(&other.split('(').next().unwrap_or(other)) => {
                    return Err(line.unsupported(word));
                }
                _ => {
                    return Err(Diagnostic::alert(
                        word.span,
                        "balance only supports 'roundrobin', 'static-rr', 'leastconn', 'first' \
                         and 'source' options.",
                    ));
                }
            });
            Ok(())
        },
    },
    Keyword {
        name: "hash-type",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "map-based",
        documentation: "How a hash of the client becomes a server.",
        example: "hash-type map-based",
        parse: |line, settings| {
            let word = line.first("<algorithm>")?;
            match word.text.as_str() {
                "map-based" => settings.hash_type = Some(HashType::MapBased),
                "consistent" => return Err(line.unsupported(word)),
                _ => {
                    return Err(Diagnostic::alert(
                        word.span,
                        "'hash-type' only supports 'consistent' and 'map-based'.",
                    ));
                }
            }
            match line.arguments.get(1) {
                Some(function) => Err(line.unsupported(function)),
                None => Ok(()),
            }
        },
    },
    Keyword {
        name: "http-reuse",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "{ never | safe | aggressive | always }",
        documentation: "When an idle connection to a server may serve another client's request.",
        example: "http-reuse safe",
        parse: |line, settings| {
            const SHAPE: &str =
                "'http-reuse' only supports 'never', 'safe', 'aggressive', 'always'.";
            let word = line.arguments.first().ok_or_else(|| line.error(SHAPE))?;
            line.at_most(1)?;
            settings.reuse = Some(match word.text.as_str() {
                "never" => Reuse::Never,
                "safe" => Reuse::Safe,
                "aggressive" => Reuse::Aggressive,
                "always" => Reuse::Always,
                _ => return Err(Diagnostic::alert(word.span, SHAPE)),
            });
            Ok(())
        },
    },
];

/// HAProxy's other algorithms, without their arguments.
const OTHER_ALGORITHMS: &[&str] =
    &["uri", "url_param", "hdr", "hash", "random", "rdp-cookie", "log-hash", "sticky"];
