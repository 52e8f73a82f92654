//! Setting and forgetting variables on the way.

use super::Converter;
use crate::exchange::Condition;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::Type;

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "set-var",
        (Type::Any, Type::Same),
        "The sample as it is, put into a variable; not found unless all conditions hold.",
        "str(a),set-var(txn.name,ifnotexists)",
        |value, args, stream| {
            let Some(Arg::Variable { scope, number }) = args.get(0) else { return None };
            let holds = |it: Condition| it.holds(&stream.vars, *scope, *number, &value);
            if !conditions(args).all(holds) {
                return None;
            }
            stream.vars.set_later(*scope, *number, Some(value.clone().into_owned()));
            Some(value)
        },
    )
    .takes(&[Shape::Variable], &[Shape::Text; 4])
    .checked(check),
    Converter::new(
        "unset-var",
        (Type::Any, Type::Same),
        "The sample as it is; the variable is forgotten.",
        "str(a),unset-var(txn.name)",
        |value, args, stream| {
            let Some(Arg::Variable { scope, number }) = args.get(0) else { return None };
            stream.vars.set_later(*scope, *number, None);
            Some(value)
        },
    )
    .takes(&[Shape::Variable], &[]),
];

/// The conditions behind the name.
fn conditions(args: &Args) -> impl Iterator<Item = Condition> {
    (1..).map_while(|at| args.get(at)).filter_map(|arg| match arg {
        Arg::Condition(condition) => Some(*condition),
        _ => None,
    })
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    for arg in args.iter_mut().skip(1) {
        let Arg::Text(text) = arg else { continue };
        let text = String::from_utf8_lossy(text).into_owned();
        let condition = Condition::of(&text);
        let condition = condition.ok_or_else(|| format!("unknown condition \"{text}\""))?;
        *arg = Arg::Condition(condition);
    }
    Ok(())
}
