//! `cookie`: persistence by a cookie that the proxy inserts.

use super::{Keyword, Sections, Statement};
use crate::proxy::Persistence;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "cookie",
    sections: Sections::BACK,
    no_prefix: false,
    arguments: "<name> insert [indirect] [nocache] [postonly] [preserve] [httponly] [secure] \
                [domain <domain>]* [attr <value>]*",
    documentation: "Keeps a client on its server by a cookie that the proxy sets.",
    example: "cookie SRV insert indirect nocache httponly",
    parse: |line, settings| {
        let name = line.first("<cookie_name> as argument.")?;
        settings.persistence = Some(persistence(line, name)?);
        Ok(())
    },
}];

fn persistence(line: &mut Statement<'_>, name: &Word) -> Result<Persistence, Diagnostic> {
    let mut cookie = Persistence {
        name: name.text.clone(),
        indirect: false,
        nocache: false,
        postonly: false,
        http_only: false,
        secure: false,
        domains: Vec::new(),
        attributes: Vec::new(),
        preserve: false,
    };
    let mut insert = false;
    let mut words = line.arguments[1..].iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "insert" => insert = true,
            "indirect" => cookie.indirect = true,
            "nocache" => cookie.nocache = true,
            "postonly" => cookie.postonly = true,
            "preserve" => cookie.preserve = true,
            "httponly" => cookie.http_only = true,
            "secure" => cookie.secure = true,
            "domain" => cookie.domains.push(domain(line, word, words.next())?),
            "attr" => cookie.attributes.push(attribute(word, words.next())?),
            "rewrite" | "prefix" | "maxidle" | "maxlife" | "dynamic" => {
                return Err(line.unsupported(word));
            }
            _ => {
                return Err(Diagnostic::alert(
                    word.span,
                    "'cookie' supports 'rewrite', 'insert', 'prefix', 'indirect', 'nocache', \
                     'postonly', 'domain', 'maxidle', 'dynamic', 'maxlife' and 'attr' options.",
                ));
            }
        }
    }
    if !insert {
        return Err(line.error("'cookie' without 'insert' is not supported by evenkeel yet"));
    }
    Ok(cookie)
}

fn domain(
    line: &mut Statement<'_>,
    option: &Word,
    value: Option<&Word>,
) -> Result<String, Diagnostic> {
    let value = value
        .ok_or_else(|| Diagnostic::alert(option.span, "'domain' expects <domain> as argument."))?;
    if !value.text.get(1..).is_some_and(|rest| rest.contains('.')) && !value.text.starts_with('.') {
        line.report.push(Diagnostic::warning(
            value.span,
            format!(
                "domain '{value}' contains no embedded dot, this configuration may not work \
                 properly (see RFC6265#5.2.3)."
            ),
        ));
    }
    permitted(value, "domain name")?;
    Ok(value.text.clone())
}

fn attribute(option: &Word, value: Option<&Word>) -> Result<String, Diagnostic> {
    let value = value
        .ok_or_else(|| Diagnostic::alert(option.span, "'attr' expects <value> as argument."))?;
    permitted(value, "attribute value")?;
    Ok(value.text.clone())
}

/// Control characters and `;` would end or break the field.
fn permitted(value: &Word, what: &str) -> Result<(), Diagnostic> {
    match value.text.chars().find(|each| each.is_control() || *each == ';') {
        None => Ok(()),
        Some(bad) => Err(Diagnostic::alert(
            value.span,
            format!("character '%x{:02X}' is not permitted in {what}.", u32::from(bad)),
        )),
    }
}
