//! What is wrong with a pattern, in the words of PCRE.

/// The sentence for a pattern that does not compile.
pub(super) fn sentence(pattern: &str, error: &str) -> String {
    let reason = error.lines().last().unwrap_or(error).trim_start_matches("error: ");
    for (ours, theirs) in WORDS {
        if reason.contains(ours) {
            let offset = pattern.len();
            return format!("regex '{pattern}' is invalid (error={theirs}, erroffset={offset})");
        }
    }
    format!("regex '{pattern}' is invalid (error={reason})")
}

/// Mistakes that are found at the end of a pattern.
const WORDS: &[(&str, &str)] = &[
    ("unclosed group", "missing closing parenthesis"),
    ("unclosed character class", "missing terminating ] for character class"),
    ("incomplete escape sequence", "\\ at end of pattern"),
];
