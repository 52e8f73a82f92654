//! Requests that the proxy answers itself so that others can see that it lives.

use super::{Keyword, Sections};

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "monitor-uri",
    sections: Sections::FRONT,
    no_prefix: false,
    arguments: "<uri>",
    documentation: "Requests for exactly this are answered 200 and not logged.",
    example: "monitor-uri /alive",
    parse: |line, settings| {
        line.at_most(1)?;
        settings.monitor_uri = Some(line.first("an URI.")?.text.clone());
        Ok(())
    },
}];
