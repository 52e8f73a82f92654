//! Lists of commands: `help`, and the answer to a command that is not known.

use std::fmt::Write;

use super::command::{Keyword, closing, commands};

/// Appends the commands that `words` may have meant, and those that always stand at the end.
pub(super) fn list(words: &[String], out: &mut String) {
    let chosen = matching(words);
    for keyword in commands().filter(|keyword| chosen.contains(&keyword.usage)).chain(closing()) {
        let _ = writeln!(out, "  {:<40}: {}", keyword.usage, keyword.documentation);
    }
}

/// Commands that begin with `words`, the last of which may be incomplete; if there is none, those
/// that share the most words, nearest first.
fn matching(words: &[String]) -> Vec<&'static str> {
    let exact: Vec<_> = commands().filter(|k| begins(k, words)).map(|k| k.usage).collect();
    if !exact.is_empty() {
        return exact;
    }
    let most = commands().map(|keyword| shared(keyword, words)).max().unwrap_or(0);
    let mut near: Vec<_> = commands()
        .filter(|keyword| shared(keyword, words) == most)
        .map(|keyword| (distance(keyword, words), keyword.usage))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(NEAREST).map(|(_, usage)| usage).collect()
}

fn begins(keyword: &Keyword, words: &[String]) -> bool {
    let Some((last, before)) = words.split_last() else { return true };
    let count = before.len();
    keyword.words.len() > count
        && before.iter().zip(keyword.words).all(|(word, known)| word == known)
        && keyword.words[count].starts_with(last.as_str())
}

/// How many words are the same from the left.
fn shared(keyword: &Keyword, words: &[String]) -> usize {
    words.iter().zip(keyword.words).take_while(|(word, known)| word == *known).count()
}

/// Edits from what was typed to the command's words.
fn distance(keyword: &Keyword, words: &[String]) -> usize {
    let typed = &words[..words.len().min(keyword.words.len())];
    edits(&typed.join(" "), &keyword.words.join(" "))
}

/// Levenshtein's distance; of long words only the beginning counts.
fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(32).collect();
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, cb) in b.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, ca) in a.iter().enumerate() {
            let replaced = diagonal + usize::from(*ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[a.len()]
}

const NEAREST: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("same", "same"), 0);
    }
}
