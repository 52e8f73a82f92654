//! The page that lists a directory, for sites that switched `listing` on.

use std::fmt::Write;
use std::fs::File;
use std::io;

use nix::dir::{Dir, Type};

use crate::request::path::{SitePath, encode_into};

/// An HTML page with the entries of `directory`, hidden ones left out, at most
/// [`MOST_ENTRIES`] of them.
pub fn page(path: &SitePath, directory: File) -> io::Result<String> {
    let mut entries = read(directory)?;
    entries.sort_by(|a, b| (!a.1, &a.0).cmp(&(!b.1, &b.0)));
    let title = escape(&String::from_utf8_lossy(&path.relative));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>/{title}</title>\n\
         <h1>/{title}</h1>\n<ul>\n"
    );
    if !path.relative.is_empty() {
        page.push_str("<li><a href=\"../\">../</a>\n");
    }
    for (name, is_directory) in &entries {
        let slash = if *is_directory { "/" } else { "" };
        let mut url = String::from("./");
        name.iter().for_each(|byte| encode_into(&mut url, *byte));
        let (url, text) = (escape(&url), escape(&String::from_utf8_lossy(name)));
        // Writing to a String cannot fail.
        let _ = writeln!(page, "<li><a href=\"{url}{slash}\">{text}{slash}</a>");
    }
    page.push_str("</ul>\n</html>\n");
    Ok(page)
}

/// Names, and whether each is a directory.
fn read(directory: File) -> io::Result<Vec<(Vec<u8>, bool)>> {
    let mut directory = Dir::from_fd(directory.into())?;
    let mut entries = Vec::new();
    for entry in directory.iter().take(MOST_ENTRIES) {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        let shown =
            matches!(entry.file_type(), Some(Type::File | Type::Directory | Type::Symlink) | None);
        if shown && !name.starts_with(b".") {
            entries.push((name.to_vec(), entry.file_type() == Some(Type::Directory)));
        }
    }
    Ok(entries)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Bounds the page and the time it takes.
pub const MOST_ENTRIES: usize = 10_000;
