//! Whatever stands where an expression, a log format or a condition is expected, it is taken or
//! refused with a sentence.

#![no_main]

use evenkeel::sample::{Context, Expression, Format, Loading, Stage};
use evenkeel::syntax::conditions;
use evenkeel::syntax::environment::Environment;
use evenkeel::syntax::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = text::from_bytes(bytes);
    assert_eq!(&*text::bytes(&text), bytes);
    let loading = Loading::default();
    let context = Context::new(Stage::Log, &loading);
    if let Err(sentence) = Format::parse(&text, &context) {
        assert!(!sentence.is_empty());
    }
    let _ = Expression::parse(&text, &context);
    if let Err(mistake) = conditions::evaluate(&text, &Environment::default()) {
        assert!(mistake.at <= text.len());
    }
});
