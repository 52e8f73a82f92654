//! Arithmetic and bits of integers.

use super::{Converter, Run, operand};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    binary(
        "add",
        "The sum; at most the largest integer.",
        "int(2),add(3)",
        |value, args, stream| with(value, args, stream, i64::saturating_add),
    ),
    binary("sub", "The difference.", "int(5),sub(3)", |value, args, stream| {
        with(value, args, stream, i64::saturating_sub)
    }),
    binary(
        "mul",
        "The product; the largest integer of its sign on overflow.",
        "int(2),mul(3)",
        |value, args, stream| with(value, args, stream, i64::saturating_mul),
    ),
    binary(
        "div",
        "The quotient; the largest integer when divided by zero.",
        "int(7),div(2)",
        |value, args, stream| with(value, args, stream, quotient),
    ),
    binary(
        "mod",
        "The remainder of a division; zero when divided by zero.",
        "int(7),mod(2)",
        |value, args, stream| {
            with(value, args, stream, |value, by| value.checked_rem(by).unwrap_or(0))
        },
    ),
    binary("and", "The bits that are set in both.", "int(6),and(3)", |value, args, stream| {
        with(value, args, stream, |value, other| value & other)
    }),
    binary("or", "The bits that are set in either.", "int(6),or(3)", |value, args, stream| {
        with(value, args, stream, |value, other| value | other)
    }),
    binary("xor", "The bits that are set in one only.", "int(6),xor(3)", |value, args, stream| {
        with(value, args, stream, |value, other| value ^ other)
    }),
    unary("neg", Type::Int, "The opposite.", "int(5),neg", |value, _, _| {
        Some(Value::Int(value.as_int()?.saturating_neg()))
    }),
    unary("cpl", Type::Int, "All bits flipped.", "int(5),cpl", |value, _, _| {
        Some(Value::Int(!value.as_int()?))
    }),
    unary("even", Type::Bool, "Whether it is even.", "int(4),even", |value, _, _| {
        Some(Value::Bool(value.as_int()? & 1 == 0))
    }),
    unary("odd", Type::Bool, "Whether it is odd.", "int(5),odd", |value, _, _| {
        Some(Value::Bool(value.as_int()? & 1 == 1))
    }),
    unary("not", Type::Bool, "Whether it is zero.", "int(0),not", |value, _, _| {
        Some(Value::Bool(value.as_int()? == 0))
    }),
    unary("bool", Type::Bool, "Whether it is not zero.", "int(5),bool", |value, _, _| {
        Some(Value::Bool(value.as_int()? != 0))
    }),
];

const fn binary(
    name: &'static str,
    documentation: &'static str,
    example: &'static str,
    run: Run,
) -> Converter {
    Converter::new(name, (Type::Int, Type::Int), documentation, example, run)
        .takes(&[Shape::Text], &[])
        .checked(operand_checked)
}

const fn unary(
    name: &'static str,
    output: Type,
    documentation: &'static str,
    example: &'static str,
    run: Run,
) -> Converter {
    Converter::new(name, (Type::Int, output), documentation, example, run)
}

fn operand_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    args.iter_mut().try_for_each(operand::integer)
}

fn with<'a>(
    value: Value<'a>,
    args: &'a Args,
    stream: &'a Stream<'_>,
    operation: impl Fn(i64, i64) -> i64,
) -> Option<Value<'a>> {
    let other = operand::int_of(args, 0, 0, stream)?;
    Some(Value::Int(operation(value.as_int()?, other)))
}

fn quotient(value: i64, by: i64) -> i64 {
    match (value, by) {
        (_, 0) | (i64::MIN, -1) => i64::MAX,
        _ => value / by,
    }
}
