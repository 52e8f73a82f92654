//! Did you mean…? Picks the known word closest to a mistyped one.

/// The known word that `word` was probably meant to be, or `None` when nothing is near. Of two
/// equally near ones the first wins.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MAX_LENGTH {
        return None;
    }
    let typed: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let allowed = (typed.len() / 3).clamp(1, 3);
    known
        .into_iter()
        .filter(|known| *known != word && known.len().abs_diff(word.len()) <= 4 * allowed)
        .map(|known| (distance(&typed, &known.to_lowercase().chars().collect::<Vec<_>>()), known))
        .filter(|&(distance, known)| distance <= allowed && distance < known.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string
/// alignment).
fn distance(typed: &[char], known: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=known.len()).collect();
    for (row, &left) in typed.iter().enumerate() {
        let mut current = Vec::with_capacity(above.len());
        current.push(row + 1);
        for (column, &right) in known.iter().enumerate() {
            let substituted = above[column] + usize::from(left != right);
            let edited = substituted.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && left == known[column - 1] && typed[row - 1] == right;
            current.push(if swapped { edited.min(before[column - 1] + 1) } else { edited });
        }
        before = std::mem::replace(&mut above, current);
    }
    above[known.len()]
}

/// Longer words are no typing mistakes of ours.
const MAX_LENGTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] =
        &["maxconn", "mode", "bind", "option", "server", "timeout", "use_backend", "log", "no"];

    #[test]
    fn a_slip_finds_its_keyword() {
        let known = || KNOWN.iter().copied();
        assert_eq!(nearest("maxcon", known()), Some("maxconn"));
        assert_eq!(nearest("modee", known()), Some("mode"));
        assert_eq!(nearest("bnid", known()), Some("bind"));
        assert_eq!(nearest("Server", known()), Some("server"));
        assert_eq!(nearest("use-backend", known()), Some("use_backend"));
        assert_eq!(nearest("timout", known()), Some("timeout"));
    }

    #[test]
    fn a_stranger_finds_nothing() {
        let known = || KNOWN.iter().copied();
        assert_eq!(nearest("zzz", known()), None);
        assert_eq!(nearest("", known()), None);
        assert_eq!(nearest("a", known()), None);
        assert_eq!(nearest("cookie", known()), None);
        assert_eq!(nearest(&"x".repeat(100_000), known()), None);
    }

    #[test]
    fn distances_are_those_of_the_textbook() {
        let of = |a: &str, b: &str| {
            distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
        };
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!(of("ca", "abc"), 3);
        assert_eq!(of("ab", "ba"), 1);
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("abc", ""), 3);
    }
}
