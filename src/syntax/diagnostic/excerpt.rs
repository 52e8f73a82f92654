//! The source line below a message, with the faulty word underlined. Apart because lines may be
//! endless, full of tabs or not text at all.

use std::ops::Range;

use crate::syntax::text;

/// Two lines, each ended: the part of `line` around the byte columns `marked`, and carets below
/// the marked characters. Leading blanks are cut, blanks and control characters become one
/// column each.
pub(super) fn excerpt(line: &str, marked: Range<usize>) -> String {
    let near = near(line, marked.start);
    let (marked_start, marked_end) =
        (marked.start.saturating_sub(near.start), marked.end.saturating_sub(near.start));
    let characters: Vec<(usize, char)> = line[near.clone()].char_indices().collect();
    let column = |byte: usize| characters.partition_point(|&(start, _)| start < byte);
    let (start, end) = (column(marked_start), column(marked_end).max(column(marked_start) + 1));
    let window = window(&characters, start, end);

    let cut_before = near.start > 0 || window.start > indent(&characters);
    let cut_behind = near.end < line.len() || window.end < characters.len();
    let (left, right) = (if cut_before { "..." } else { "" }, if cut_behind { "..." } else { "" });
    let shown: String = characters[window.clone()].iter().map(|&(_, each)| shown(each)).collect();
    let before = left.len() + start - window.start;
    let carets = end.min(window.end.max(start + 1)) - start;
    format!("  {left}{shown}{right}\n  {}{}\n", " ".repeat(before), "^".repeat(carets))
}

/// The bytes worth looking at: a line may have millions.
fn near(line: &str, start: usize) -> Range<usize> {
    let from = if start > 2 * NEAR { line.floor_char_boundary(start - NEAR) } else { 0 };
    from..line.floor_char_boundary(from + 4 * NEAR)
}

/// The characters to show: the whole line, or as much of it as fits around the mark.
fn window(characters: &[(usize, char)], start: usize, end: usize) -> Range<usize> {
    let first = indent(characters).min(start);
    let last = characters.len();
    if last.saturating_sub(first) <= WIDTH {
        return first..last;
    }
    let from = start.saturating_sub(BEFORE).max(first);
    let from = if end <= first + WIDTH { first } else { from };
    from..(from + WIDTH).min(last)
}

fn indent(characters: &[(usize, char)]) -> usize {
    characters.iter().take_while(|(_, each)| each.is_ascii_whitespace()).count()
}

fn shown(character: char) -> char {
    match character {
        '\t' => ' ',
        _ if character.is_control() => '?',
        _ if text::byte_of(character).is_some() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// Characters of a line that are shown at most, and how many of them before the mark.
const WIDTH: usize = 100;
const BEFORE: usize = 40;

/// Bytes: enough for `WIDTH` characters of four bytes each.
const NEAR: usize = 512;
