//! Media types by file name extension: a built-in table, and what the configuration adds to it.

use std::collections::HashMap;

use crate::config::Config;

/// Extension to `Content-Type`, ready to be sent.
#[derive(Debug)]
pub struct MediaTypes {
    by_extension: HashMap<String, String>,
    default: String,
}

impl MediaTypes {
    pub fn new(config: &Config) -> Self {
        let built_in =
            TABLE.iter().map(|(extension, media)| ((*extension).into(), complete(media)));
        let mut by_extension: HashMap<String, String> = built_in.collect();
        for (extension, media) in &config.mime_types {
            let extension = extension.trim_start_matches('.').to_ascii_lowercase();
            by_extension.insert(extension, complete(media.as_str()));
        }
        let default = config.default_type.as_ref().map_or(UNKNOWN, |media| media.as_str());
        Self { by_extension, default: complete(default) }
    }

    pub fn of(&self, extension: &str) -> &str {
        let found = self.by_extension.get(extension).or_else(|| {
            let has_upper = extension.bytes().any(|b| b.is_ascii_uppercase());
            has_upper.then(|| self.by_extension.get(&extension.to_ascii_lowercase())).flatten()
        });
        found.map_or(&self.default, String::as_str)
    }
}

/// Whether files of this type shrink when compressed, so that looking for siblings is worth it.
pub fn compressible(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim_end();
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+json")
        || matches!(
            essence,
            "application/json"
                | "application/xml"
                | "application/wasm"
                | "application/pdf"
                | "image/bmp"
                | "image/vnd.microsoft.icon"
                | "font/ttf"
                | "font/otf"
        )
}

/// Text is UTF-8 here unless its type already says otherwise.
fn complete(media_type: &str) -> String {
    if media_type.starts_with("text/") && !media_type.contains("charset") {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.into()
    }
}

const UNKNOWN: &str = "application/octet-stream";

/// From the IANA registry of media types; `text/javascript` by RFC 9239.
const TABLE: &[(&str, &str)] = &[
    ("7z", "application/x-7z-compressed"),
    ("aac", "audio/aac"),
    ("apng", "image/apng"),
    ("atom", "application/atom+xml"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("epub", "application/epub+zip"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ics", "text/calendar"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("jsonld", "application/ld+json"),
    ("jxl", "image/jxl"),
    ("m4a", "audio/mp4"),
    ("map", "application/json"),
    ("md", "text/markdown"),
    ("mjs", "text/javascript"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/ogg"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("rss", "application/rss+xml"),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain"),
    ("vtt", "text/vtt"),
    ("wasm", "application/wasm"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml"),
    ("xml", "application/xml"),
    ("xz", "application/x-xz"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];
