//! An ACL: an expression and the patterns it is matched against.

use std::sync::Arc;

use super::flags::Flags;
use super::list::Use;
use super::method::Method;
use super::output::Output;
use super::read::{Pattern, Reader};
use super::view::{How, View};
use crate::exchange::Stream;
use crate::sample::{Context, Expression, Value};

/// A named test, or an anonymous one in braces. Declaring a name again adds a test: one that
/// passes is enough.
#[derive(Debug)]
pub struct Acl {
    pub name: String,
    pub tests: Vec<Test>,
}

/// One `acl` line.
#[derive(Debug)]
pub struct Test {
    pub expression: Expression,
    /// The patterns of its files and its own.
    views: Box<[Arc<View>]>,
}

impl Acl {
    #[must_use]
    pub fn passes(&self, stream: &Stream<'_>) -> bool {
        self.tests.iter().any(|test| test.passes(stream))
    }
}

impl Test {
    /// Parses what follows the name in an `acl` line: the criterion, flags and patterns.
    ///
    /// # Errors
    /// One sentence, and the position of the word at fault.
    pub fn parse(words: &[&str], context: &Context<'_>) -> Result<Self, (usize, String)> {
        let criterion = *words
            .first()
            .ok_or_else(|| (0, "missing fetch method in ACL expression ''.".to_owned()))?;
        let (expression, method) =
            criterion_of(criterion, context).map_err(|message| (0, message))?;
        let views = views(&words[1..], method, &expression, context)
            .map_err(|(at, message)| (at + 1, message))?;
        Ok(Self { expression, views })
    }

    #[must_use]
    pub fn passes(&self, stream: &Stream<'_>) -> bool {
        self.expression.any(stream, &mut |value| self.matches(&value))
    }

    /// Whether one sample matches any of the patterns.
    #[must_use]
    pub fn matches(&self, value: &Value<'_>) -> bool {
        self.views.iter().any(|view| view.contains(value))
    }
}

/// The views of files, and of the patterns on the line.
fn views(
    words: &[&str],
    implied: Option<Method>,
    expression: &Expression,
    context: &Context<'_>,
) -> Result<Box<[Arc<View>]>, (usize, String)> {
    let flags = Flags::read(words)?;
    let method = flags.method.or(implied).or_else(|| Method::default_for(expression.output()));
    let method = method.ok_or_else(|| {
        let name = expression.name();
        let text = format!(
            "matching method must be specified first (using '-m') when using a sample fetch of \
             this type ('{name}')."
        );
        (0, text)
    })?;
    if !method.takes(expression.output()) {
        let (method, name) = (method.name(), expression.name());
        let text =
            format!("matching method '{method}' cannot be used with fetch keyword '{name}'.");
        return Err((0, text));
    }
    let how = How {
        method,
        ignore_case: flags.ignore_case,
        resolve: !flags.no_resolution,
        output: Output::Nothing,
    };
    let lists = &context.loading.lists;
    if let Some(id) = flags.id.filter(|id| lists.has_id(*id)) {
        return Err((0, format!("The unique id \"{id}\" is already used.")));
    }
    let used = Use { map: false, span: context.span };
    let mut views = Vec::new();
    for (at, file) in &flags.files {
        let view = if flags.maps {
            lists.file_with_values(file, how, used)
        } else {
            lists.file(file, how, used)
        };
        views.push(view.map_err(|message| (*at, format!("{message}.")))?);
    }
    let (patterns, places) = own_patterns(words, flags.patterns, how)?;
    let keyword = (expression.name(), context.span);
    let own = lists
        .line(keyword, flags.id, how, &patterns)
        .map_err(|(at, message)| (places.get(at).copied().unwrap_or(0), format!("{message}.")))?;
    views.push(own);
    Ok(views.into())
}

/// The patterns on the line with their positions; operators are put into the ranges they make.
fn own_patterns(
    words: &[&str],
    start: usize,
    how: How,
) -> Result<(Vec<String>, Vec<usize>), (usize, String)> {
    let mut reader = Reader::new(how.method, how.ignore_case, how.resolve);
    let (mut patterns, mut places) = (Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate().skip(start) {
        let text = match how.method {
            Method::Int | Method::Len | Method::Version => {
                match reader.read(word).map_err(|message| (at, format!("{message}.")))? {
                    Pattern::Range(low, high) if how.method != Method::Version => {
                        written(word, low, high)
                    }
                    Pattern::Range(low, high) => written_version(low, high),
                    _ => continue,
                }
            }
            _ => (*word).to_owned(),
        };
        patterns.push(text);
        places.push(at);
    }
    Ok((patterns, places))
}

/// A pattern that stands for itself stays as it is.
fn written(word: &str, low: i64, high: i64) -> String {
    let mut alone = Reader::new(Method::Int, false, false);
    match alone.read(word) {
        Ok(Pattern::Range(a, b)) if (a, b) == (low, high) => word.to_owned(),
        _ => range(low, high, |n| n.to_string()),
    }
}

fn written_version(low: i64, high: i64) -> String {
    range(low, high, |n| format!("{}.{}", n >> 16, n & 0xffff))
}

fn range(low: i64, high: i64, text: impl Fn(i64) -> String) -> String {
    match (low, high) {
        (low, high) if low == high => text(low),
        (i64::MIN, high) => format!(":{}", text(high)),
        (low, i64::MAX) => format!("{}:", text(low)),
        (low, high) => format!("{}:{}", text(low), text(high)),
    }
}

/// `path_beg` is the fetch `path` with the method `beg`; the suffix may be followed by arguments
/// and converters, as in `hdr_dom(host)`.
fn criterion_of(text: &str, context: &Context<'_>) -> Result<(Expression, Option<Method>), String> {
    let end = text.find(['(', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let implied = IMPLIED.iter().find(|(known, _)| *known == name).map(|(_, method)| *method);
    let error = match Expression::parse(text, context) {
        Ok(expression) => {
            let implied = implied.filter(|method| method.takes(expression.output()));
            return Ok((expression, implied));
        }
        Err(error) => error,
    };
    let unknown = || {
        let known = crate::sample::fetches().any(|fetch| fetch.name == name)
            || crate::sample::fetch::UNSUPPORTED.contains(&name);
        if known || rest.starts_with(',') {
            error.clone()
        } else {
            format!("unknown fetch method '{name}' in ACL expression '{text}'.")
        }
    };
    let Some((base, suffix)) = name.rsplit_once('_') else { return Err(unknown()) };
    let Some(method) = Method::of_suffix(suffix) else { return Err(unknown()) };
    let is_criterion = SUFFIXED.iter().any(|(known, _)| *known == base)
        || (base == "ssl_fc_sni" && matches!(method, Method::End | Method::Reg));
    if !is_criterion {
        return Err(unknown());
    }
    Expression::parse(&format!("{base}{rest}"), context)
        .or_else(|error| {
            let full = SUFFIXED.iter().find(|(known, _)| *known == base).map(|(_, full)| *full);
            full.map_or(Err(error), |full| Expression::parse(&format!("{full}{rest}"), context))
        })
        .map(|expression| (expression, Some(method)))
}

/// Fetches that are also criteria with suffixes, and what they are short for.
const SUFFIXED: &[(&str, &str)] = &[
    ("base", "base"),
    ("cook", "req.cook"),
    ("hdr", "req.hdr"),
    ("path", "path"),
    ("scook", "res.cook"),
    ("shdr", "res.hdr"),
    ("url", "url"),
    ("urlp", "urlp"),
];

/// Criteria whose method does not follow from the sample's type.
const IMPLIED: &[(&str, Method)] = &[
    ("payload", Method::Bin),
    ("payload_lv", Method::Bin),
    ("req.ssl_ver", Method::Version),
    ("req_ssl_ver", Method::Version),
    ("req_rdp_cookie", Method::Str),
    ("req_ssl_sni", Method::Str),
    ("http_auth_group", Method::Str),
    ("urlp", Method::Str),
    ("cook", Method::Str),
    ("scook", Method::Str),
];
