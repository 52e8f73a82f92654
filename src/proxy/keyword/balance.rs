//! How a server is chosen and whether its connections are shared.

mod algorithm;

use super::{Keyword, Sections, Statement};
use crate::proxy::{HashFunction, HashMethod, HashType, Reuse};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "balance",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "{ roundrobin | static-rr | leastconn | first | source | random[(<draws>)] | \
                    uri [len <bytes>] [depth <directories>] [whole] [path-only] | \
                    url_param <name> | hdr(<name>) [use_domain_only] | hash <expression> }",
        documentation: "The algorithm that chooses a server.",
        example: "balance uri depth 2 whole",
        parse: |line, settings| {
            (settings.algorithm, settings.hash_input) = algorithm::parse(line)?;
            Ok(())
        },
    },
    Keyword {
        name: "hash-type",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "{ map-based | consistent } [{ sdbm | djb2 | crc32 | none } [avalanche]]",
        documentation: "How a hash is made of a key, and a server is found by it.",
        example: "hash-type consistent djb2 avalanche",
        parse: |line, settings| {
            settings.hash_type = Some(hash_type(line)?);
            Ok(())
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

fn hash_type(line: &Statement<'_>) -> Result<HashType, Diagnostic> {
    const METHODS: &str = "'hash-type' only supports 'consistent' and 'map-based'.";
    const FUNCTIONS: &str =
        "'hash-type' only supports 'sdbm', 'djb2', 'crc32', or 'wt6' hash functions.";
    const MODIFIERS: &str =
        "'hash-type' only supports 'avalanche' as a modifier for hash functions.";
    let method = line.arguments.first().ok_or_else(|| line.error(METHODS))?;
    let mut kind = HashType::of(match method.text.as_str() {
        "map-based" => HashMethod::MapBased,
        "consistent" => HashMethod::Consistent,
        _ => return Err(Diagnostic::alert(method.span, METHODS)),
    });
    let Some(function) = line.arguments.get(1) else { return Ok(kind) };
    let modifier = line.arguments.get(2);
    if let Some(modifier) = modifier.filter(|modifier| modifier.text != "avalanche") {
        return Err(Diagnostic::alert(modifier.span, MODIFIERS));
    }
    if function.text == "wt6" {
        return Err(line.unsupported(function));
    }
    kind.function = HashFunction::named(&function.text)
        .ok_or_else(|| Diagnostic::alert(function.span, FUNCTIONS))?;
    kind.avalanche = modifier.is_some();
    Ok(kind)
}
