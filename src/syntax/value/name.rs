//! Names of sections and of the objects in them.

/// The first character of `name` that the name of a section, server, ACL or the like may not
/// contain. Letters, digits, `_`, `-`, `.` and `:` are allowed (manual section 4).
#[must_use]
pub fn forbidden_character(name: &str) -> Option<char> {
    name.chars().find(|&each| !(each.is_ascii_alphanumeric() || "_-.:".contains(each)))
}

#[cfg(test)]
mod tests {
    use super::forbidden_character;

    #[test]
    fn letters_digits_and_four_marks_make_names() {
        assert_eq!(forbidden_character("www-1.example_com:80"), None);
        assert_eq!(forbidden_character("a$HOME"), Some('$'));
        assert_eq!(forbidden_character("é"), Some('é'));
        assert_eq!(forbidden_character("a b"), Some(' '));
    }
}
