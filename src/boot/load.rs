//! Loading the configuration: files to document to plan, with everything there is to say about it.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::Failure;
use crate::args::Args;
use crate::config::document::Document;
use crate::config::{self, Options};
use crate::proxy::Plan;
use crate::syntax::conditions;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::environment::Environment;
use crate::syntax::text;
use crate::syntax::word::Word;

/// Flags that ask for something that does not exist yet.
pub(super) fn refuse_unsupported(args: &Args) -> Result<(), Failure> {
    // No sockets are to be had from the null device, which is how one asks for none.
    let no_sockets = args.listeners_socket.as_deref() == Some(Path::new("/dev/null"));
    let refused = args
        .given
        .iter()
        .filter(|flag| !(no_sockets && *flag == "-x"))
        .find(|flag| UNSUPPORTED.contains(&flag.as_str()));
    if args.dump_configuration.as_ref().is_some_and(|key| !key.is_empty()) {
        return Err(Failure::new("'-dC' with a key is not supported by evenkeel yet"));
    }
    match refused {
        Some(flag) => Err(Failure::new(format!("'{flag}' is not supported by evenkeel yet"))),
        None => Ok(()),
    }
}

/// `-cc`: 0 when the condition holds, 1 when not, 2 when it is no condition.
pub(super) fn evaluate(condition: &str) -> Result<ExitCode, Failure> {
    match conditions::evaluate_argument(condition, &Environment::of_process()) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(error) => {
            Err(Failure { sentence: format!("Failed to evaluate condition: {error}"), status: 2 })
        }
    }
}

/// Reads and resolves the files; prints what the report holds.
pub(super) fn plan(args: &Args, is_worker: bool) -> Result<Plan, Failure> {
    let mut report = Report::default();
    let mut environment = Environment::of_process();
    environment.local_peer.clone_from(&args.local_peer);
    let document = Document::read(&args.files, &mut environment, &mut report);
    if args.dump_configuration.is_some() {
        dump(&document);
    }
    for flag in args.given.iter().filter(|flag| WITHOUT_EFFECT.contains(&flag.as_str())) {
        let message = format!("'{flag}' is accepted but has no effect");
        report.push(Diagnostic::remark(None, message));
    }
    if document.unreadable {
        eprint!("{}", report.render(&document.files, std::process::id()));
        return Err(Failure::told());
    }
    let options = Options {
        maxconn: args.maxconn.and_then(|n| usize::try_from(n).ok()),
        threads_available: super::workers::available(),
        ignore_resolution_failures: args.ignore_resolution_failures,
    };
    let plan = config::load(&document, &options, &mut report);
    let text = report.render(&document.files, std::process::id());
    let fatal_warnings = args.zero_warning && report.warnings() > 0;
    // A master leaves it to its worker to speak of the configuration, unless it cannot be used.
    let is_master =
        !is_worker && plan.as_ref().is_some_and(|plan| super::is_master_worker(args, &plan.global));
    if (!args.quiet && (!is_master || args.check)) || report.alerts() > 0 || fatal_warnings {
        eprint!("{text}");
    }
    match plan {
        Some(mut plan)
            if !(fatal_warnings || (plan.global.zero_warning && report.warnings() > 0)) =>
        {
            plan.warnings = report.warnings();
            plan.files = document.files.into_iter().map(|file| file.name).collect();
            Ok(plan)
        }
        Some(_) => {
            Err(Failure::new("Some warnings were found and 'zero-warning' is set. Aborting."))
        }
        None => {
            for file in report.blamed(&document.files) {
                super::alert(&format!("config : Error(s) found in configuration file : {file}"));
            }
            Err(Failure::new("config : Fatal errors found in configuration."))
        }
    }
}

/// `-dC`: sections and their lines, each word followed by a blank, as HAProxy prints them. Lines
/// that conditional blocks leave out are not there.
fn dump(document: &Document) {
    let line = |words: &[Word]| {
        let mut text = Vec::new();
        for word in words {
            text.extend_from_slice(&text::bytes(&word.text));
            text.push(b' ');
        }
        text.push(b'\n');
        text
    };
    let mut out = Vec::new();
    for section in &document.sections {
        out.extend(line(&section.words));
        for statement in &section.lines {
            out.push(b'\t');
            out.extend(line(&statement.words));
        }
    }
    // Whoever reads it may have left.
    let _ = std::io::stdout().write_all(&out);
}

/// Flags of later stages.
const UNSUPPORTED: &[&str] = &["-x", "-dt"];

/// Flags for what does not exist here, or cannot be switched.
const WITHOUT_EFFECT: &[&str] = &[
    "-4", "-dA", "-dF", "-dG", "-dI", "-dL", "-dM", "-dR", "-dS", "-dT", "-dV", "-dZ", "-dc",
    "-de", "-dk", "-dp", "-dv", "-m",
];
