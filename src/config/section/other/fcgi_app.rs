//! `fcgi-app` (manual, chapter 10). Accepted: only `use-fcgi-app` uses one, and it is refused.

use super::{Keyword, Kind, described, expects, lines, name, proxy_line};
use crate::config::document::Section as Written;
use crate::config::section::Said;
use crate::log::Target;
use crate::proxy::keyword::{Settings, Statement};
use crate::sample::{Format, Stage};
use crate::syntax::diagnostic::{Diagnostic, Report};

pub(super) const KIND: Kind = Kind {
    name: "fcgi-app",
    arguments: "<name>",
    documentation: "A FastCGI application; backends that use one are not supported yet.",
    example: "fcgi-app php\n    docroot /var/www\n    index index.php\n",
    lines: || described(KEYWORDS),
    read,
};

#[derive(Debug, Default)]
struct Application {
    settings: Settings,
    root: bool,
}

fn read(written: &Written, said: &mut Said, report: &mut Report) {
    let Some(name) = name(written, "'fcgi-app' expects <name> as argument.", report) else {
        return;
    };
    let mut application = Application::default();
    lines(written, KEYWORDS, &mut application, &said.loading, report);
    if !application.root {
        let message = format!("fcgi-app '{name}': no docroot configured.");
        report.push(Diagnostic::alert(name.span, message));
    }
}

const KEYWORDS: &[Keyword<Application>] = &[
    Keyword {
        name: "acl",
        arguments: "<name> <criterion> …",
        documentation: "A condition.",
        parse: |line, application| proxy_line(line, &mut application.settings),
    },
    Keyword {
        name: "docroot",
        arguments: "<directory>",
        documentation: "Where the scripts are.",
        parse: |line, application| {
            application.root = true;
            expects(line, 0, "'docroot' expects <path> as argument.").map(|_| ())
        },
    },
    Keyword {
        name: "index",
        arguments: "<file>",
        documentation: "The script of a directory.",
        parse: |line, _| expects(line, 0, "'index' expects <filename> as argument.").map(|_| ()),
    },
    Keyword {
        name: "log-stderr",
        arguments: "global | <target> <facility> [<level>]",
        documentation: "Where the application's errors are logged.",
        parse: |line, _| {
            let missing = "log-stderr : expects <address> and <facility> or global as arguments";
            let first = expects(line, 0, missing)?;
            if first.text == "global" {
                return Ok(());
            }
            expects(line, 1, missing)?;
            Target::parse(line.arguments).map(|_| ())
        },
    },
    Keyword {
        name: "option",
        arguments: "{ get-values | keep-conn | max-reqs <number> | mpxs-conns }",
        documentation: "How connections to the application are used.",
        parse: option,
    },
    Keyword {
        name: "pass-header",
        arguments: "<name> [{ if | unless } <condition>]",
        documentation: "A field that the application gets although it usually does not.",
        parse: |line, _| expects(line, 0, "'pass-header' expects <name> as arguments.").map(|_| ()),
    },
    Keyword {
        name: "path-info",
        arguments: "<regex>",
        documentation: "Cuts a path into script and information.",
        parse: |line, _| {
            let word = expects(line, 0, "'path-info' expects <regex> as argument.")?;
            regex::Regex::new(&word.text).map(|_| ()).map_err(|_| {
                Diagnostic::alert(word.span, format!("'{word}' : regex '{word}' is invalid"))
            })
        },
    },
    Keyword {
        name: "set-param",
        arguments: "<name> <format> [{ if | unless } <condition>]",
        documentation: "A parameter of the application.",
        parse: |line, _| {
            let missing = "'set-param' expects <name> and <value> as arguments.";
            expects(line, 0, missing)?;
            let value = expects(line, 1, missing)?;
            Format::parse(&value.text, &line.context(Stage::HttpRequest))
                .map(|_| ())
                .map_err(|error| Diagnostic::alert(value.span, error))
        },
    },
];

fn option(line: &mut Statement<'_>, _: &mut Application) -> Result<(), Diagnostic> {
    let name = expects(line, 0, "'option' expects an option name.")?;
    match name.text.as_str() {
        "get-values" | "keep-conn" | "mpxs-conns" => Ok(()),
        "max-reqs" => {
            let missing = "option 'max-reqs' expects an integer argument.";
            let value = expects(line, 1, missing)?;
            let positive = value.text.parse::<u32>().is_ok_and(|value| value > 0);
            positive.then_some(()).ok_or_else(|| {
                let message = "option 'max-reqs' expects a strictly positive integer argument.";
                Diagnostic::alert(value.span, message)
            })
        }
        other => Err(Diagnostic::alert(name.span, format!("unknown option '{other}'."))),
    }
}
