//! `acl` and `map` of `show`, `get`, `add`, `set`, `del`, `clear`, `prepare` and `commit`.

use std::sync::Arc;

use super::{Call, Keyword};
use crate::pattern::{List, Origin, Output, View};
use crate::proxy::{Level, Plan};
use crate::sample::{Type, Value};
use crate::syntax::span::Span;

macro_rules! keywords {
    ($name:ident $verb:literal $level:ident $run:ident $(, $what:ident $usage:literal $text:literal)*) => {
        pub(super) const $name: &[Keyword] = &[$(
            Keyword {
                words: &[$verb, stringify!($what)],
                level: Level::$level,
                usage: $usage,
                documentation: $text,
                run: $run,
            },
        )*];
    };
}

keywords!(ADD "add" Operator add,
    acl "add acl [@<ver>] <acl> <pattern>" "add an acl entry",
    map "add map [@<ver>] <map> <key> <val>"
        "add a map entry (payload supported instead of key/val)");
keywords!(CLEAR_ACL "clear" Operator clear,
    acl "clear acl [@<ver>] <acl>" "clear the contents of this acl");
keywords!(CLEAR_MAP "clear" Operator clear,
    map "clear map [@<ver>] <map>" "clear the contents of this map");
keywords!(COMMIT "commit" Operator commit,
    acl "commit acl @<ver> <acl>" "commit the ACL at this version",
    map "commit map @<ver> <map>" "commit the map at this version");
keywords!(DEL "del" Operator delete,
    acl "del acl <acl> [<key>|#<ref>]" "delete acl entries matching <key>",
    map "del map <map> [<key>|#<ref>]" "delete map entries matching <key>");
keywords!(GET "get" Operator get,
    acl "get acl <acl> <value>" "report the patterns matching a sample for an ACL",
    map "get map <map> <value>" "report the keys and values matching a sample for a map");
keywords!(PREPARE "prepare" Operator prepare,
    acl "prepare acl <acl>" "prepare a new version for atomic ACL replacement",
    map "prepare map <map>" "prepare a new version for atomic map replacement");
keywords!(SET "set" Operator set,
    map "set map <map> [<key>|#<ref>] <value>" "modify a map entry");
keywords!(SHOW_ACL "show" Operator show,
    acl "show acl [@<ver>] <acl>" "report available acls or dump an acl's contents");
keywords!(SHOW_MAP "show" Operator show,
    map "show map [@<ver>] [map]" "report available maps or dump a map's contents");

/// A key and its value.
type Pair<'a> = (&'a [u8], &'a [u8]);

/// The words behind the command, without a version.
struct Wanted<'a> {
    map: bool,
    version: Option<u32>,
    words: &'a [String],
}

impl<'a> Wanted<'a> {
    fn of(call: &Call<'a>) -> Self {
        let map = call.words[1] == "map";
        match call.word(2).and_then(|word| word.strip_prefix('@')) {
            Some(version) => {
                let version = u32::try_from(super::leading_number(version)).unwrap_or(0);
                Self { map, version: Some(version), words: &call.words[3..] }
            }
            None => Self { map, version: None, words: &call.words[2..] },
        }
    }

    fn kind(&self) -> &'static str {
        if self.map { "map" } else { "ACL" }
    }

    fn list(&self, call: &Call<'_>) -> Result<Arc<List>, String> {
        let unknown = || format!("Unknown {} identifier. Please use #<id> or <file>.", self.kind());
        let name = self.words.first().ok_or_else(unknown)?;
        let list = call.context.plan.lists.find(name).filter(|list| is_of(list, self.map));
        list.ok_or_else(unknown)
    }
}

fn is_of(list: &List, map: bool) -> bool {
    match list.origin {
        Origin::Line { .. } => !map,
        Origin::File { .. } => list.uses().iter().any(|used| used.map == map),
    }
}

fn show(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted::of(call);
    if wanted.words.is_empty() {
        call.out.push_str("# id (file) description\n");
        let lists = call.context.plan.lists.all();
        for list in lists.iter().filter(|list| is_of(list, wanted.map)) {
            let text = describe(list, &call.context.plan);
            call.out.push_str(&text);
        }
        return Ok(());
    }
    let list = wanted.list(call)?;
    for entry in list.entries(wanted.version) {
        call.out.push_str(&format!("{:#x} {}", entry.id, text(entry.key())));
        if list.has_values {
            call.out.push_str(&format!(" {}", text(entry.value())));
        }
        call.out.push('\n');
    }
    Ok(())
}

fn describe(list: &List, plan: &Plan) -> String {
    let place = |span: Option<Span>| {
        let span = span.unwrap_or_default();
        let file = plan.files.get(usize::from(span.file)).map_or("", String::as_str);
        format!("file '{file}' line {}", span.line)
    };
    let description = match &list.origin {
        Origin::Line { keyword, span } => format!("acl '{keyword}' {}", place(*span)),
        Origin::File { written, .. } => {
            let uses: Vec<String> = list
                .uses()
                .iter()
                .map(|used| {
                    let kind = if used.map { "map" } else { "acl" };
                    format!("by {kind} at {}", place(used.span))
                })
                .collect();
            format!("pattern loaded from file '{written}' used {}", uses.join(", "))
        }
    };
    let summary = list.summary();
    format!(
        "{} ({}) {description}. curr_ver={} next_ver={} entry_cnt={}\n",
        list.id(),
        list.name(),
        summary.current,
        summary.next,
        summary.entries
    )
}

fn get(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted { map: call.words[1] == "map", version: None, words: &call.words[2..] };
    let [_, key, ..] = wanted.words else {
        return Err(format!("Missing {} identifier and/or key.", wanted.kind()));
    };
    let list = wanted.list(call)?;
    for view in
        list.views().iter().filter(|view| (view.how.output != Output::Nothing) == wanted.map)
    {
        let line = answer(view, key, wanted.map);
        call.out.push_str(&line);
    }
    Ok(())
}

fn answer(view: &View, key: &str, map: bool) -> String {
    let how = view.how;
    let sensitive = if how.ignore_case { "insensitive" } else { "sensitive" };
    let verb = if map { "found" } else { "match" };
    let start = format!("type={}, case={sensitive}, {verb}=", how.method.name());
    let Some(found) = view.find(&Value::str(key.as_bytes())) else { return format!("{start}no\n") };
    let index = if how.method.prefers_finest(how.ignore_case) { "tree" } else { "list" };
    let name = if map { "key" } else { "pattern" };
    let key = text(found.entry.key());
    let mut line = format!("{start}yes, idx={index}, {name}=\"{key}\"");
    if map {
        let kind = match how.output {
            Output::Int => Type::Int,
            Output::Ip => Type::Ipv4,
            _ => Type::Str,
        };
        let value = text(found.entry.value());
        line.push_str(&format!(", value=\"{value}\", type=\"{}\"", kind.name()));
    }
    line.push('\n');
    line
}

fn add(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted::of(call);
    let usage = if wanted.map { ADD_MAP } else { ADD_ACL };
    let pairs: Vec<Pair<'_>> = match (wanted.map, call.payload, wanted.words) {
        (true, Some(payload), [_]) => payload_pairs(payload)?,
        (true, None, [_, key, value, ..]) => vec![(key.as_bytes(), value.as_bytes())],
        (false, None, [_, key, ..]) => vec![(key.as_bytes(), b"")],
        _ => return Err(usage.to_owned()),
    };
    wanted.list(call)?.add_all(wanted.version, &pairs)
}

/// A key and its value on each line.
fn payload_pairs(payload: &str) -> Result<Vec<Pair<'_>>, String> {
    let lines = payload.lines().map(str::trim_start).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once([' ', '\t']) {
            Some((key, value)) => Ok((key.as_bytes(), value.trim_start().as_bytes())),
            None => Err(format!("Missing value for key '{line}'.")),
        })
        .collect()
}

fn set(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted { map: true, version: None, words: &call.words[2..] };
    let [_, key, value, ..] = wanted.words else { return Err(SET_MAP.to_owned()) };
    let list = wanted.list(call)?;
    match reference(key) {
        Some(id) if list.set_id(id, value.as_bytes())? => Ok(()),
        Some(_) => Err("key or pattern not found.".to_owned()),
        None if list.set(key.as_bytes(), value.as_bytes())? => Ok(()),
        None => Err("entry not found.".to_owned()),
    }
}

fn delete(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted { map: call.words[1] == "map", version: None, words: &call.words[2..] };
    let [_, key, ..] = wanted.words else {
        return Err(format!(
            "This command expects two parameters: {} identifier and key.",
            wanted.kind()
        ));
    };
    // HAProxy calls both kinds a map here.
    let list = wanted.list(call).map_err(|text| text.replace("ACL", "map"))?;
    let found = match reference(key) {
        Some(id) => list.delete_id(id),
        None => list.delete(key.as_bytes()),
    };
    if found { Ok(()) } else { Err("Key not found.".to_owned()) }
}

/// `#0x1f`: the number that `show` lists before an entry.
fn reference(key: &str) -> Option<u64> {
    let digits = key.strip_prefix('#')?;
    u64::from_str_radix(digits.strip_prefix("0x").unwrap_or(digits), 16).ok()
}

fn clear(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted::of(call);
    if wanted.words.is_empty() {
        return Err(format!("Missing {} identifier.", wanted.kind()));
    }
    wanted.list(call)?.clear(wanted.version);
    Ok(())
}

fn prepare(call: &mut Call<'_>) -> Result<(), String> {
    let version = Wanted::of(call).list(call)?.prepare();
    call.out.push_str(&format!("New version created: {version}\n"));
    Ok(())
}

fn commit(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = Wanted::of(call);
    let version = wanted.version.ok_or("Missing version number.")?;
    if wanted.list(call)?.commit(version) {
        Ok(())
    } else {
        Err("Version number out of range.".to_owned())
    }
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

const ADD_ACL: &str = "'add acl' expects two parameters: ACL identifier and pattern.";
const ADD_MAP: &str = "'add map' expects three parameters (map identifier, key and value) or one \
                       parameter (map identifier) and a payload";
const SET_MAP: &str = "'set map' expects three parameters: map identifier, key and value.";
