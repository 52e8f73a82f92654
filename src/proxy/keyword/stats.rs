//! `stats …`: the statistics page of a proxy. Any of these lines turns it on.

use super::{Keyword, Sections, Settings, StatsSettings};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::duration::{Unit, duration_ms};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "stats enable",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "Serves the statistics page.",
        example: "stats enable",
        parse: |_, settings| {
            page(settings);
            Ok(())
        },
    },
    Keyword {
        name: "stats uri",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<prefix>",
        documentation: "The path of the statistics page; '/haproxy?stats' if nothing is said.",
        example: "stats uri /stats",
        parse: |line, settings| {
            let uri = line.arguments.first();
            let uri = uri.ok_or_else(|| line.error("'uri' needs an URI prefix."))?;
            page(settings).uri = uri.text.clone();
            Ok(())
        },
    },
    Keyword {
        name: "stats refresh",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<delay>",
        documentation: "The page reloads itself after this time, in seconds.",
        example: "stats refresh 10s",
        parse: |line, settings| {
            let delay = line.first("a delay")?;
            let milliseconds = duration_ms(&delay.text, Unit::Second).map_err(|error| {
                Diagnostic::alert(
                    delay.span,
                    format!("{error} in argument to stats refresh interval."),
                )
            })?;
            page(settings).refresh = Some(milliseconds / 1000).filter(|seconds| *seconds > 0);
            Ok(())
        },
    },
    Keyword {
        name: "stats realm",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<realm>",
        documentation: "The realm in which a browser asks for a password.",
        example: "stats realm the\\ balancer",
        parse: |line, settings| {
            let realm = line.arguments.first();
            let realm = realm.ok_or_else(|| line.error("'realm' needs an realm name."))?;
            page(settings).realm = realm.text.clone();
            Ok(())
        },
    },
    Keyword {
        name: "stats auth",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<user>:<password>",
        documentation: "A user who may see the page; the password in clear text.",
        example: "stats auth admin:secret",
        parse: |line, settings| {
            let user = line.arguments.first();
            let user = user.ok_or_else(|| line.error("'auth' needs a user:password account."))?;
            page(settings).users.push(user.text.clone());
            Ok(())
        },
    },
    Keyword {
        name: "stats scope",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "{ <name> | . }",
        documentation: "Shows only this proxy; '.' is the proxy itself.",
        example: "stats scope .",
        parse: |line, settings| {
            let name = line.arguments.first();
            let name = name.ok_or_else(|| line.error("'scope' needs a proxy name."))?;
            page(settings).scope.push(name.text.clone());
            Ok(())
        },
    },
    Keyword {
        name: "stats hide-version",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "The page does not tell the version.",
        example: "stats hide-version",
        parse: |_, settings| {
            page(settings).hide_version = true;
            Ok(())
        },
    },
    Keyword {
        name: "stats show-version",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "The page tells the version.",
        example: "stats show-version",
        parse: |_, settings| {
            page(settings).hide_version = false;
            Ok(())
        },
    },
    Keyword {
        name: "stats show-legends",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "The page explains more.",
        example: "stats show-legends",
        parse: |_, settings| {
            page(settings).show_legends = true;
            Ok(())
        },
    },
    Keyword {
        name: "stats show-node",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "[<name>]",
        documentation: "The page tells the name of the node.",
        example: "stats show-node left",
        parse: |line, settings| {
            page(settings).show_node = Some(line.arguments.first().map(|name| name.text.clone()));
            Ok(())
        },
    },
    Keyword {
        name: "stats show-desc",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "[<description>]",
        documentation: "The page shows a description.",
        example: "stats show-desc the shop",
        parse: |line, settings| {
            let words: Vec<&str> = line.arguments.iter().map(|word| word.text.as_str()).collect();
            page(settings).show_description =
                Some(Some(words.join(" ")).filter(|it| !it.is_empty()));
            Ok(())
        },
    },
    Keyword {
        name: "stats show-modules",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "Accepted, has no effect: there are no modules.",
        example: "stats show-modules",
        parse: |line, settings| {
            page(settings);
            line.no_effect(&line.keyword[1], "");
            Ok(())
        },
    },
    Keyword {
        name: "stats",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<parameter> …",
        documentation: "Any other parameter is refused.",
        example: "",
        parse: |line, _| {
            let Some(word) = line.arguments.first() else {
                return Err(line.error(format!("missing keyword in 'stats', expects {PARAMETERS}")));
            };
            if matches!(word.text.as_str(), "admin" | "http-request") {
                return Err(line.unsupported(word));
            }
            Err(Diagnostic::alert(
                word.span,
                format!("unknown stats parameter '{word}', expects {PARAMETERS}"),
            ))
        },
    },
];

fn page(settings: &mut Settings) -> &mut StatsSettings {
    settings.stats.get_or_insert_default()
}

const PARAMETERS: &str = "'admin', 'uri', 'realm', 'auth', 'scope', 'enable', 'hide-version', \
                          'show-node', 'show-desc' , 'show-legends' or 'show-version'.";
