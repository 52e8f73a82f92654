//! Log targets and what the lines say of their origin.

use std::sync::Arc;

use super::Keyword;
use crate::log::Target;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "log",
        no_prefix: true,
        arguments: "<target> [len <length>] [format <format>] <facility> [<level> [<minlevel>]]",
        documentation: "A target for log lines, used by the proxies that say 'log global'.",
        example: "log 127.0.0.1:514 local0",
        parse: |line, global| {
            if !line.on() {
                line.at_most(0)?;
                global.log.clear();
                return Ok(());
            }
            if line.arguments.len() < 2 {
                return Err(line.error("log : expects <address> and <facility>  as arguments"));
            }
            global.log.push(Arc::new(Target::parse(line.arguments)?));
            Ok(())
        },
    },
    Keyword {
        name: "log-tag",
        no_prefix: false,
        arguments: "<string>",
        documentation: "The name before the process number in log lines.",
        example: "log-tag balancer",
        parse: |line, global| {
            global.log_tag.clone_from(&line.only("a tag for use in syslog.")?.text);
            Ok(())
        },
    },
    Keyword {
        name: "log-send-hostname",
        no_prefix: false,
        arguments: "[<string>]",
        documentation: "Log lines carry the name of the machine, or this one.",
        example: "log-send-hostname left",
        parse: |line, global| {
            line.at_most(1)?;
            let own = || nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
            global.log_hostname = line.arguments.first().map(|name| name.text.clone()).or_else(own);
            Ok(())
        },
    },
];
