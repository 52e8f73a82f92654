//! A range of bytes.

use super::{Converter, operand, part};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[Converter::new(
    "bytes",
    (Type::Any, Type::Bin),
    "The bytes from an offset on, at most as many as the length says.",
    "str(abcd),bytes(1,2)",
    bytes,
)
.takes(&[Shape::Text], &[Shape::Text])
.checked(check)];

fn bytes<'a>(value: Value<'a>, args: &'a Args, stream: &'a Stream<'_>) -> Option<Value<'a>> {
    let start = usize::try_from(operand::int_of(args, 0, 0, stream)?).ok()?;
    let length = usize::try_from(operand::int_of(args, 1, i64::MAX, stream)?).ok()?;
    // A string stays one.
    let string = matches!(value, Value::Str(_) | Value::Method(_));
    let bytes = value.into_binary();
    let start = start.min(bytes.len());
    let range = match args.get(1) {
        None => start..bytes.len(),
        // A length of more than there is selects all, whatever the offset.
        Some(_) if length > bytes.len() - start => 0..bytes.len(),
        Some(_) => start..start + length,
    };
    let range = part(bytes, range);
    Some(if string { Value::Str(range) } else { Value::Bin(range) })
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    for (arg, wanted) in args.iter_mut().zip(["a non-negative", "a positive"]) {
        operand::integer(arg)?;
        if matches!(arg, Arg::Int(value) if *value < 0) {
            return Err(format!("expects {wanted} integer"));
        }
    }
    Ok(())
}
