//! Maps: the value beside the key that a sample matches (manual, section 7.3.1, `map`). Their
//! files are lists of `pattern`, live and shared.

use std::borrow::Cow;
use std::sync::Arc;

use super::Converter;
use crate::exchange::Stream;
use crate::pattern::{Found, How, Method, Output, Regex, Typed, Use, View};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

/// A map where it is used: how it is searched, and what it gives.
#[derive(Debug)]
pub struct Map {
    view: Arc<View>,
    /// Groups of the pattern are put into the value.
    substitutes: bool,
    default: Option<Value<'static>>,
}

/// The converters of one method: to a string, an integer, an address, and to the key.
macro_rules! maps {
    ($($method:ident $input:ident $str:literal $int:literal $ip:literal $key:literal;)*) => {
        &[$(
            maps!(@one $method $input $str Str Str [Shape::Text],
                "The value of the key that matches as a string, or the default."),
            maps!(@one $method $input $int Int Int [Shape::Int],
                "The value of the key that matches as an integer, or the default."),
            maps!(@one $method $input $ip Ip Addr [Shape::Text],
                "The value of the key that matches as an address, or the default."),
            maps!(@one $method $input $key Key Str [],
                "The key that matches, as the map has it."),
        )*
        maps!(@one Str Str "map" Str Str [Shape::Text],
            "The value of the key that equals the sample, or the default."),
        Converter {
            check: Some(|args, context| open(args, context, Method::Reg, Output::Str, true)),
            ..maps!(@one Reg Str "map_regm" Str Str [Shape::Text],
                "The value of the expression that matches, its groups put in; or the default.")
        },
        ]
    };
    (@one $method:ident $input:ident $name:literal $output:ident $type:ident [$($shape:expr)?]
        , $documentation:literal) => {
        Converter {
            name: $name,
            required: &[Shape::Text],
            optional: &[$($shape)?],
            input: Type::$input,
            output: Type::$type,
            documentation: $documentation,
            example: concat!("str(a),", $name, "(virt@example)"),
            check: Some(|args, context| {
                open(args, context, Method::$method, Output::$output, false)
            }),
            run: look_up,
        }
    };
}

pub(super) const KEYWORDS: &[Converter] = maps! {
    Str Str "map_str" "map_str_int" "map_str_ip" "map_str_key";
    Beg Str "map_beg" "map_beg_int" "map_beg_ip" "map_beg_key";
    Sub Str "map_sub" "map_sub_int" "map_sub_ip" "map_sub_key";
    Dir Str "map_dir" "map_dir_int" "map_dir_ip" "map_dir_key";
    Dom Str "map_dom" "map_dom_int" "map_dom_ip" "map_dom_key";
    End Str "map_end" "map_end_int" "map_end_ip" "map_end_key";
    Reg Str "map_reg" "map_reg_int" "map_reg_ip" "map_reg_key";
    Int Int "map_int" "map_int_int" "map_int_ip" "map_int_key";
    Ip Addr "map_ip" "map_ip_int" "map_ip_ip" "map_ip_key";
};

/// Opens the file, and puts the map in the place of the arguments.
fn open(
    args: &mut Vec<Arg>,
    context: &Context<'_>,
    method: Method,
    output: Output,
    substitutes: bool,
) -> Result<(), String> {
    let name = match args.first() {
        Some(Arg::Text(name)) => String::from_utf8_lossy(name).into_owned(),
        _ => String::new(),
    };
    let how = How { method, ignore_case: false, resolve: true, output };
    let used = Use { map: true, span: context.span };
    let view = context.loading.lists.file(&name, how, used)?;
    let default = match args.get(1) {
        None => None,
        Some(Arg::Int(default)) => Some(Value::Int(*default)),
        Some(Arg::Text(text)) if output == Output::Ip => {
            let text = String::from_utf8_lossy(text);
            let ip = text.parse();
            Some(Value::Ip(ip.map_err(|_| format!("map: cannot parse default ip <{text}>."))?))
        }
        Some(Arg::Text(text)) => Some(Value::owned(text.to_vec())),
        Some(_) => None,
    };
    *args = vec![Arg::Map(Arc::new(Map { view, substitutes, default }))];
    Ok(())
}

fn look_up<'a>(value: Value<'a>, args: &'a Args, _: &'a Stream<'_>) -> Option<Value<'a>> {
    let Some(Arg::Map(map)) = args.get(0) else { return None };
    match map.view.find(&value) {
        Some(found) => Some(map.give(&found, &value)),
        None => map.default.as_ref().map(Value::borrow),
    }
}

impl Map {
    fn give(&self, found: &Found, value: &Value<'_>) -> Value<'static> {
        match found.typed {
            Some(Typed::Int(n)) => return Value::Int(n),
            Some(Typed::Ip(ip)) => return Value::Ip(ip),
            None => {}
        }
        let text = match self.view.how.output {
            Output::Key => found.entry.key(),
            _ => found.entry.value(),
        };
        let subject = match value {
            Value::Str(subject) | Value::Bin(subject) if self.substitutes => subject,
            _ => return Value::owned(text.to_vec()),
        };
        let groups = found.regex.as_ref().and_then(|regex: &Regex| regex.captures(subject));
        let mut out = Vec::with_capacity(text.len() + subject.len());
        groups.unwrap_or_default().expand(text, subject, &mut out);
        Value::Str(Cow::Owned(out))
    }
}
