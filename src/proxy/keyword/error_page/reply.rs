//! `http-error`: an answer described on one line. It is made once, when the configuration is
//! loaded; what would have to be made anew for every client is refused by name.

use bytes::Bytes;

use super::{code_of, named_section, page, read};
use crate::proxy::keyword::{Settings, Statement};
use crate::sample::{Format, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

#[derive(Debug, Default)]
struct Described<'a> {
    status: Option<(u16, &'a Word)>,
    content_type: Option<&'a Word>,
    /// The keyword that gave the body, and the body.
    body: Option<(&'a Word, Body)>,
    fields: Vec<(String, String)>,
    /// The first `hdr`.
    field: Option<&'a Word>,
}

#[derive(Debug)]
enum Body {
    /// Those of the proxy.
    Default,
    /// A complete answer; nothing in a section that has none for the status.
    Page(Bytes),
    Named(crate::proxy::ErrorPages),
    Text(Vec<u8>),
}

pub(super) fn parse(line: &mut Statement<'_>, settings: &mut Settings) -> Result<(), Diagnostic> {
    let missing = "http-error : expects at least a <status> as arguments.";
    if line.arguments.first().is_none_or(|word| word.text != "status") {
        return Err(line.error(missing));
    }
    let mut described = Described::default();
    let mut words = line.arguments.iter();
    while let Some(word) = words.next() {
        described.argument(line, word, &mut words)?;
    }
    let Some((status, word)) = described.status else { return Err(line.error(missing)) };
    let status = match code_of("http-error", word) {
        Ok(_) => status,
        Err(_) => {
            let message = format!("http-error: status code '{status}' not handled.");
            return Err(Diagnostic::alert(word.span, message));
        }
    };
    described.finish(line, status, settings)
}

impl<'a> Described<'a> {
    fn argument(
        &mut self,
        line: &Statement<'_>,
        word: &'a Word,
        words: &mut impl Iterator<Item = &'a Word>,
    ) -> Result<(), Diagnostic> {
        let keyword = word.text.as_str();
        let mut value = |shape: &str| {
            words.next().ok_or_else(|| {
                let message = format!("http-error : '{keyword}' expects {shape} as argument");
                Diagnostic::alert(word.span, message)
            })
        };
        match keyword {
            "status" => {
                let code = value("<status_code>")?;
                let number = code.text.parse().unwrap_or(0);
                if !(200..600).contains(&number) {
                    let message = format!("http-error : Unexpected status code '{number}'");
                    return Err(Diagnostic::alert(code.span, message));
                }
                self.status = Some((number, code));
            }
            "content-type" => self.content_type = Some(value("<ctype>")?),
            "default-errorfiles" => self.set(word, Body::Default)?,
            "errorfile" => {
                let file = value("<file>")?;
                self.set(word, Body::Page(read("http-error", file)?))?;
            }
            "errorfiles" => {
                let name = value("<name>")?;
                self.set(word, Body::Named(named_section(line, name)?))?;
            }
            "file" => self.set(word, Body::Text(contents(value("<file>")?)?))?,
            "lf-file" => {
                let file = value("<file>")?;
                let text = String::from_utf8_lossy(&contents(file)?).into_owned();
                self.set(word, Body::Text(constant(line, word, file, &text)?.into_bytes()))?;
            }
            "string" => {
                let text = value("<str>")?;
                self.set(word, Body::Text(text.text.clone().into_bytes()))?;
            }
            "lf-string" => {
                let text = value("<fmt>")?;
                let made = constant(line, word, text, &text.text)?;
                self.set(word, Body::Text(made.into_bytes()))?;
            }
            "hdr" => {
                let (Some(name), Some(value)) = (words.next(), words.next()) else {
                    let message = "http-error : 'hdr' expects <name> and <value> as arguments";
                    return Err(Diagnostic::alert(word.span, message));
                };
                let value = constant(line, word, value, &value.text)?;
                self.fields.push((name.text.clone(), value));
                self.field.get_or_insert(word);
            }
            other => {
                let message = format!("http-error : unknown keyword '{other}'.");
                return Err(Diagnostic::alert(word.span, message));
            }
        }
        Ok(())
    }

    fn set(&mut self, word: &'a Word, body: Body) -> Result<(), Diagnostic> {
        if let Some((before, _)) = &self.body {
            let message =
                format!("http-error : unexpected '{word}' argument, '{before}' already defined");
            return Err(Diagnostic::alert(word.span, message));
        }
        self.body = Some((word, body));
        Ok(())
    }

    fn finish(
        mut self,
        line: &mut Statement<'_>,
        status: u16,
        settings: &mut Settings,
    ) -> Result<(), Diagnostic> {
        let (keyword, text) = match self.body.take() {
            Some((_, Body::Text(text))) if text.is_empty() => {
                self.ignored(line, "when used with an empty payload");
                (None, text)
            }
            Some((keyword, Body::Text(text))) => (Some(keyword), text),
            None => {
                self.ignored(line, "because neither errorfile nor payload defined");
                (None, Vec::new())
            }
            Some((_, body)) => {
                self.ignored(line, "when used with an errorfile");
                if let Some(word) = self.field {
                    line.report.push(Diagnostic::warning(
                        word.span,
                        "hdr parameters ignored by the http reply when used with an errorfile.",
                    ));
                }
                match body {
                    Body::Page(page) => settings.error_pages.insert(status, page),
                    Body::Named(mut pages) => pages
                        .remove(&status)
                        .and_then(|page| settings.error_pages.insert(status, page)),
                    Body::Default | Body::Text(_) => None,
                };
                return Ok(());
            }
        };
        let length = text.len().to_string();
        let mut fields = self.fields;
        fields.push(("content-length".to_owned(), length));
        if let Some(keyword) = keyword {
            let Some(kind) = self.content_type else {
                let what = match keyword.text.starts_with("lf-") {
                    true => "with a log-format payload",
                    false => "when non-empty payload is configured",
                };
                let message = format!("http-error : a content type must be defined {what}");
                return Err(Diagnostic::alert(keyword.span, message));
            };
            fields.push(("content-type".to_owned(), kind.text.clone()));
        }
        settings.error_pages.insert(status, page(status, &[], &fields, &text));
        Ok(())
    }

    fn ignored(&self, line: &mut Statement<'_>, why: &str) {
        if let Some(kind) = self.content_type {
            let message = format!("content-type '{kind}' ignored by the http reply {why}.");
            line.report.push(Diagnostic::warning(kind.span, message));
        }
    }
}

fn contents(file: &Word) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(&file.text).map_err(|_| {
        Diagnostic::alert(file.span, format!("http-error : error opening file '{file}'"))
    })
}

/// A log format without anything to be filled in.
fn constant(
    line: &Statement<'_>,
    keyword: &Word,
    place: &Word,
    text: &str,
) -> Result<String, Diagnostic> {
    let format = Format::parse(text, &line.context(Stage::HttpResponse))
        .map_err(|error| Diagnostic::alert(place.span, format!("http-error : {error}")))?;
    let Some(constant) = format.constant() else {
        let message = format!(
            "'{keyword}' in 'http-error' with something to fill in is not supported by evenkeel yet"
        );
        return Err(Diagnostic::alert(place.span, message));
    };
    Ok(String::from_utf8_lossy(constant).into_owned())
}
