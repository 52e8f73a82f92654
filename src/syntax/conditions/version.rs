//! Versions as `haproxy -v` shows them: `3.4.0`, `3.4-dev3`, `3.4.1-12`.

/// A version; fields compare in their order. A missing component is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    stage: Stage,
    commits: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// `-dev3`, before the release.
    Development(u32),
    Release,
}

impl Version {
    /// Reads as far as it makes sense; what does not is zero, as HAProxy has it.
    pub(super) fn parse(text: &str) -> Self {
        let (numbers, suffix) = text.split_once('-').unwrap_or((text, ""));
        let mut components = numbers.split('.').map(leading_number);
        let mut next = || components.next().unwrap_or_default();
        let (major, minor, patch) = (next(), next(), next());
        match suffix.strip_prefix("dev") {
            Some(development) => {
                let (number, commits) = development.split_once('-').unwrap_or((development, ""));
                let stage = Stage::Development(leading_number(number));
                Self { major, minor, patch, stage, commits: commits.parse().unwrap_or_default() }
            }
            None => {
                let commits = suffix.parse().unwrap_or_default();
                Self { major, minor, patch, stage: Stage::Release, commits }
            }
        }
    }

    /// Reads a library's version, all three numbers of it.
    pub(super) fn parse_strict(text: &str) -> Option<Self> {
        let numbers = text.split('-').next()?;
        let starts_with_digit = |part: &str| part.starts_with(|each: char| each.is_ascii_digit());
        let three = numbers.split('.').count() == 3 && numbers.split('.').all(starts_with_digit);
        three.then(|| Self::parse(numbers))
    }
}

fn leading_number(text: &str) -> u32 {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match &text[..digits] {
        "" => 0,
        digits => digits.parse().unwrap_or(u32::MAX),
    }
}

/// The HAProxy version whose configurations are understood.
pub(super) const COMPATIBLE: Version =
    Version { major: 3, minor: 4, patch: 0, stage: Stage::Release, commits: 0 };
