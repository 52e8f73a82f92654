//! All lists of a configuration. Whoever names the same file shares its list.

use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::list::{List, Origin, Use};
use super::view::{How, View};
use crate::syntax::span::Span;
use crate::syntax::text;

/// The lists, in the order they were first named.
#[derive(Debug, Default)]
pub struct Store(Mutex<Vec<Arc<List>>>);

impl Store {
    /// Another store with the same files: what is declared there is not declared here.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        let files = |list: &Arc<List>| matches!(list.origin, Origin::File { .. });
        Self(Mutex::new(self.all().into_iter().filter(files).collect()))
    }

    /// The list of a file (manual, section 2.7: `file@`, `opt@` and `virt@` may stand before the
    /// name), which is read if nobody named it before.
    ///
    /// # Errors
    /// HAProxy's sentence: the file cannot be read, or a line of it.
    pub fn file(&self, written: &str, how: How, used: Use) -> Result<Arc<View>, String> {
        let list = self.open(written, used.map)?;
        Self::look(&list, written, how, used)
    }

    /// The same for a file of an ACL whose lines are read as a map's: `-M`.
    ///
    /// # Errors
    /// As `file`.
    pub fn file_with_values(
        &self,
        written: &str,
        how: How,
        used: Use,
    ) -> Result<Arc<View>, String> {
        let list = self.open(written, true)?;
        Self::look(&list, written, how, used)
    }

    fn look(list: &List, written: &str, how: How, used: Use) -> Result<Arc<View>, String> {
        list.view(how, Some(used)).map_err(|(line, message)| {
            format!("{message} at line {line} of file '{}'", file_of(written))
        })
    }

    /// The list of patterns that stand on one line.
    ///
    /// # Errors
    /// The position of the pattern at fault, and HAProxy's sentence.
    pub(super) fn line(
        &self,
        (keyword, span): (&str, Option<Span>),
        wanted_id: Option<u32>,
        how: How,
        patterns: &[String],
    ) -> Result<Arc<View>, (usize, String)> {
        let origin = Origin::Line { keyword: keyword.to_owned(), span };
        let list = List::new(origin, wanted_id, false);
        let keys: Vec<_> = patterns.iter().map(|pattern| text::bytes(pattern)).collect();
        list.fill(keys.iter().zip(1..).map(|(key, at)| (at, &**key, &b""[..])));
        let view = list.view(how, None).map_err(|(at, message)| (at as usize - 1, message))?;
        self.lists().push(Arc::new(list));
        Ok(view)
    }

    /// By `#<number>` or by its file's name.
    #[must_use]
    pub fn find(&self, reference: &str) -> Option<Arc<List>> {
        let id = reference.strip_prefix('#').and_then(|id| id.parse::<u32>().ok());
        let name = reference
            .strip_prefix("file@")
            .or_else(|| reference.strip_prefix("opt@"))
            .unwrap_or(reference);
        let lists = self.lists();
        let list = lists.iter().find(|list| match id {
            Some(id) => list.id() == id,
            None => !name.is_empty() && list.name() == name,
        });
        list.cloned()
    }

    /// All lists.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<List>> {
        self.lists().clone()
    }

    /// Gives every list its number, in the order of the configuration's lines.
    pub fn number(&self) {
        let mut lists = self.lists();
        lists.sort_by_key(|list| {
            let span = match &list.origin {
                Origin::Line { span, .. } => *span,
                Origin::File { .. } => list.uses().first().and_then(|used| used.span),
            };
            span.map(|span| (span.file, span.line))
        });
        let taken: Vec<u32> = lists.iter().filter_map(|list| list.wanted_id).collect();
        let mut free = (0..).filter(|id| !taken.contains(id));
        for list in lists.iter() {
            let id = list.wanted_id.or_else(|| free.next()).unwrap_or(0);
            list.id.store(id, Relaxed);
        }
        lists.sort_by_key(|list| list.id());
    }

    /// Whether `-u` named this number before.
    pub(super) fn has_id(&self, id: u32) -> bool {
        self.lists().iter().any(|list| list.wanted_id == Some(id))
    }

    fn open(&self, written: &str, values: bool) -> Result<Arc<List>, String> {
        let name = file_of(written);
        if let Some(list) = self.lists().iter().find(|list| list.name() == name) {
            if list.has_values || !values {
                return Ok(Arc::clone(list));
            }
            return Err(format!("The file \"{name}\" is already used without samples"));
        }
        let origin = Origin::File { name: name.to_owned(), written: written.to_owned() };
        let list = List::new(origin, None, values);
        if !name.starts_with("virt@") {
            match std::fs::read(Path::new(name)) {
                Ok(bytes) => list.fill(lines(&bytes, values)),
                Err(_) if written.starts_with("opt@") => {}
                Err(_) => return Err(format!("failed to open pattern file <{name}>")),
            }
        }
        let list = Arc::new(list);
        self.lists().push(Arc::clone(&list));
        Ok(list)
    }

    fn lists(&self) -> MutexGuard<'_, Vec<Arc<List>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the name stands for without `file@` and `opt@`.
fn file_of(written: &str) -> &str {
    written.strip_prefix("file@").or_else(|| written.strip_prefix("opt@")).unwrap_or(written)
}

/// Lines that count, with their numbers: neither empty nor comments. In maps the first word is
/// the key.
fn lines(bytes: &[u8], values: bool) -> impl Iterator<Item = (u32, &[u8], &[u8])> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    bytes.split(|byte| *byte == b'\n').zip(1..).filter_map(move |(line, number)| {
        let start = line.iter().position(|byte| !blank(byte))?;
        let end = line.iter().rposition(|byte| !blank(byte))? + 1;
        let line = &line[start..end];
        if line[0] == b'#' {
            return None;
        }
        let key_end = line.iter().position(blank).filter(|_| values).unwrap_or(line.len());
        Some((number, &line[..key_end], line[key_end..].trim_ascii()))
    })
}
