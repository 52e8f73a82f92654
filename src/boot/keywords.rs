//! `-dK`: what the registries know, in the layout of HAProxy's lists, for the tools that compare
//! them. Written from the registries themselves, so that a list cannot be wrong.

use std::fmt::Write as _;

use super::Failure;
use crate::config::section::{global, http_errors, userlist};
use crate::proxy::keyword::{self, bind, server};
use crate::sample::Shape;
use crate::{admin, sample};

/// The lists of comma-separated `classes`, in their order.
pub(super) fn dump(classes: &str) -> Result<String, Failure> {
    let mut out = String::new();
    for class in classes.split(',') {
        match CLASSES.iter().find(|(name, ..)| *name == class) {
            Some((_, _, list)) => list(&mut out),
            None if class == "help" => help(&mut out),
            None if class == "all" => CLASSES.iter().for_each(|(_, _, list)| list(&mut out)),
            None => {
                let text = format!("-dK: unknown class '{class}' (use '-dKhelp' for a list)");
                return Err(Failure::new(text));
            }
        }
    }
    Ok(out)
}

fn help(out: &mut String) {
    out.push_str("# List of supported keyword classes:\nall: list all keywords\n");
    for (name, what, _) in CLASSES {
        let _ = writeln!(out, "{name}: {what}");
    }
}

/// None: `path_beg` and its like are a fetch and a method, not names of their own.
fn acls(out: &mut String) {
    out.push_str("# List of registered ACL keywords:\n");
}

fn configuration(out: &mut String) {
    out.push_str("# List of registered configuration keywords:\n");
    section(out, "global", global::keywords().map(|keyword| keyword.name.to_owned()));
    let proxies = keyword::SUBJECTS.iter().flat_map(|(_, keywords)| keywords.iter());
    let binds = bind::OPTIONS.iter().map(|option| {
        let value = if option.value.is_empty() { "" } else { " +1" };
        format!("bind <addr> {}{value}", option.name)
    });
    let servers = server::OPTIONS.iter().map(|option| {
        let value = if option.value.is_empty() { "" } else { " +1" };
        format!("server <name> <addr> {}{value}", option.name)
    });
    let names = proxies.map(|keyword| keyword.name.to_owned());
    section(out, "listen", names.chain(binds).chain(servers));
    section(out, "userlist", userlist::KEYWORDS.iter().map(|keyword| keyword.name.to_owned()));
    section(
        out,
        "http-errors",
        http_errors::KEYWORDS.iter().map(|keyword| keyword.name.to_owned()),
    );
}

fn section(out: &mut String, name: &str, keywords: impl Iterator<Item = String>) {
    let mut keywords: Vec<_> = keywords.filter(|keyword| !keyword.is_empty()).collect();
    keywords.sort();
    keywords.dedup();
    let _ = writeln!(out, "{name}");
    for keyword in keywords {
        let _ = writeln!(out, "\t{keyword}");
    }
}

fn commands(out: &mut String) {
    out.push_str("# List of registered CLI keywords:\n");
    let mut names: Vec<_> = admin::commands().map(|command| command.words.join(" ")).collect();
    names.sort();
    names.dedup();
    for name in names {
        let _ = writeln!(out, "{name} [WORKER] ");
    }
}

fn converters(out: &mut String) {
    out.push_str("# List of registered sample converter functions:\n");
    let mut all: Vec<_> = sample::converters().collect();
    all.sort_by_key(|converter| converter.name);
    for each in all {
        let arguments = arguments(each.required, each.optional);
        let (input, output) = (each.input.name(), each.output.name());
        let _ = writeln!(out, "{}{arguments}: {input} => {output}", each.name);
    }
}

fn filters(out: &mut String) {
    out.push_str("# List of registered filter names:\n");
}

fn fetches(out: &mut String) {
    out.push_str("# List of registered sample fetch functions:\n");
    let places = PLACES.len();
    for (at, place) in PLACES.iter().enumerate() {
        let left: String = " ".repeat(places - at) + &"/ ".repeat(at);
        let _ = writeln!(out, "# {left}_.{} {place}", "-".repeat(places - at));
    }
    let mut all: Vec<_> = sample::fetches().collect();
    all.sort_by_key(|fetch| fetch.name);
    for each in all {
        let available = |at: &usize| each.layer.is_available_at(COLUMNS[*at]);
        let matrix: String =
            (0..places).map(|at| if available(&at) { "Y " } else { ". " }).collect();
        let arguments = arguments(each.required, each.optional);
        let _ = writeln!(out, "[ {matrix}] {}{arguments}: {}", each.name, each.output.name());
    }
}

fn services(out: &mut String) {
    out.push_str("# List of registered service names:\n");
}

fn arguments(required: &[Shape], optional: &[Shape]) -> String {
    let names = |shapes: &[Shape]| -> String {
        shapes.iter().copied().map(shape).collect::<Vec<_>>().join(",")
    };
    match (required.is_empty(), optional.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("({})", names(required)),
        (true, false) => format!("([{}])", names(optional)),
        (false, false) => format!("({}[,{}])", names(required), names(optional)),
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "string",
        Shape::Int => "integer",
        Shape::Unsigned => "unsigned integer",
        Shape::Time => "delay",
        Shape::Size => "size",
        Shape::Ipv4 => "IPv4 address",
        Shape::Ipv6 => "IPv6 address",
        Shape::Mask4 => "IPv4 mask",
        Shape::Mask6 => "IPv6 mask",
        Shape::Variable => "variable",
        Shape::Regex => "regex",
        Shape::Frontend => "frontend",
        Shape::Backend => "backend",
        Shape::Server => "server",
        Shape::Table | Shape::OwnTable => "table",
        Shape::Userlist => "user list",
    }
}

type Class = (&'static str, &'static str, fn(&mut String));

const CLASSES: &[Class] = &[
    ("acl", "ACL keywords", acls),
    ("cfg", "configuration keywords", configuration),
    ("cli", "CLI keywords", commands),
    ("cnv", "sample converter keywords", converters),
    ("flt", "filter names", filters),
    ("smp", "sample fetch functions", fetches),
    ("svc", "service names", services),
];

/// Where samples are fetched, in the order of the matrix.
/// The places of layers that the columns stand for: the same one for a head and its body.
const COLUMNS: [u32; 22] =
    [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 10, 10, 11, 12, 13, 13, 14, 15, 16, 17];

const PLACES: &[&str] = &[
    "frontend tcp-request connection rule",
    "frontend tcp-request session rule",
    "frontend tcp-request content rule",
    "frontend http-request header rule",
    "frontend http-request body rule",
    "frontend use-backend rule",
    "backend tcp-request content rule",
    "backend http-request header rule",
    "backend http-request body rule",
    "backend use-server, balance or stick-match rule",
    "server source selection",
    "backend tcp-response content rule",
    "backend http-response header rule",
    "backend http-response body rule",
    "backend stick-store rule",
    "frontend tcp-response content rule",
    "frontend http-response header rule",
    "frontend http-response body rule",
    "logs",
    "backend tcp-check rule",
    "configuration parser",
    "CLI parser",
];
