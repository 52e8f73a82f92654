//! Configuration files as lines: what `-f` names is found, read whole, within bounds, and split.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::SourceFile;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::text::from_bytes;

/// Reads every file of `paths`. What cannot be read is reported and left out.
pub(super) fn load(paths: &[PathBuf], report: &mut Report) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for path in paths {
        match list(path) {
            Ok(paths) => {
                for path in paths {
                    load_one(&path, &mut files, report);
                }
            }
            Err(error) => report.push(cannot_open(path, &error)),
        }
    }
    if files.is_empty() && report.alerts() == 0 {
        let message = "no configuration file given: a directory counts for the '*.cfg' files in it";
        report.push(Diagnostic::alert(None, message));
    }
    files
}

/// Splits a text into lines.
pub(super) fn split(name: String, text: &[u8]) -> SourceFile {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let lines = text.split(|&byte| byte == b'\n').map(from_bytes).collect();
    SourceFile { name, lines }
}

/// The file itself, or the visible `*.cfg` files of the directory in the order of their bytes.
fn list(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let bytes = name.as_encoded_bytes();
        let file = path.join(&name);
        if bytes.ends_with(b".cfg") && !bytes.starts_with(b".") && file.is_file() {
            paths.push(file);
        }
    }
    paths.sort();
    Ok(paths)
}

fn load_one(path: &Path, files: &mut Vec<SourceFile>, report: &mut Report) {
    let Ok(index) = u16::try_from(files.len()) else {
        return report.push(Diagnostic::alert(None, "too many configuration files"));
    };
    let text = match read(path) {
        Ok(text) => text,
        Err(error) => return report.push(cannot_open(path, &error)),
    };
    let file = split(path.display().to_string(), &text);
    if text.last().is_some_and(|&last| last != b'\n') {
        report.push(truncated(index, &file.lines));
    }
    files.push(file);
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAX_SIZE {
        return Err(io::Error::other(format!("larger than {} MiB", MAX_SIZE >> 20)));
    }
    Ok(text)
}

fn truncated(file: u16, lines: &[String]) -> Diagnostic {
    let number = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let end = lines.last().map_or(0, |line| u32::try_from(line.len()).unwrap_or(u32::MAX));
    let span = Span { file, line: number, start: end.saturating_sub(1), end };
    let message =
        format!("Missing LF on last line, file might have been truncated at position {}.", end + 1);
    Diagnostic::alert(span, message)
}

fn cannot_open(path: &Path, error: &io::Error) -> Diagnostic {
    let reason = match error.raw_os_error() {
        Some(number) => nix::errno::Errno::from_raw(number).desc().to_owned(),
        None => error.to_string(),
    };
    let path = path.display();
    let message = format!("config : Cannot open configuration file/directory {path} : {reason}");
    Diagnostic::alert(None, message)
}

/// Bytes of one file.
const MAX_SIZE: u64 = 256 << 20;
