//! From a request to its answer, without a socket: health, method, path, file, conditions, range.
//! Read downwards, it is the order in which these are looked at.

use std::fs::File;
use std::time::SystemTime;

use tracing::{debug, error};

use crate::files::listing;
use crate::files::representation::Representation;
use crate::files::root::{Entry, OpenError};
use crate::reply::multipart::content_range;
use crate::reply::{Body, Multipart, Reply, reason_phrase};
use crate::request::conditional::Verdict;
use crate::request::path::{PathError, SitePath};
use crate::request::range::Ranges;
use crate::request::{Fields, Method, Request, Target};
use crate::site::Site;

/// What decides besides the request itself.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub now: SystemTime,
    /// The server is about to stop and wants no more traffic.
    pub draining: bool,
}

/// The answer to `request`. Never fails: what goes wrong is an answer too.
pub fn answer(site: &Site, request: &Request<'_>, moment: Moment) -> Reply {
    let found = match (request.method, request.target) {
        (Method::Other, _) => Err(405),
        // OPTIONS too: it is what `option httpchk /healthz` sends.
        _ if request.asks_for(&site.health.path) => return health(moment.draining),
        (Method::Get | Method::Head, Target::Path { path, query }) => {
            let fetch = Fetch { site, fields: &request.fields, method: request.method, moment };
            fetch.path(path, query)
        }
        (Method::Options, _) => return options(),
        // The other forms of a target were refused for these methods.
        (Method::Get | Method::Head, Target::Server | Target::Foreign) => Err(400),
    };
    found.unwrap_or_else(|status| error_reply(site, status))
}

/// The answer with an error status: the site's own page, or a short one.
pub fn error_reply(site: &Site, status: u16) -> Reply {
    let page = site.error_page(status).and_then(|path| Some((path, site.root.open_file(path)?)));
    let mut reply = match page {
        Some((path, (file, metadata))) => {
            let mut reply = Reply::new(status, Body::File { file, range: 0..metadata.len() });
            reply.fields.add("Content-Type", site.media_type_of(path));
            reply
        }
        None => {
            let title = format!("{status} {}", reason_phrase(status));
            let page = format!(
                "<!doctype html>\n<html lang=\"en\">\n<meta name=\"color-scheme\" \
                 content=\"light dark\">\n<title>{title}</title>\n<h1>{title}</h1>\n</html>\n"
            );
            let mut reply = Reply::new(status, Body::Text(page.into()));
            reply.fields.add("Content-Type", "text/html; charset=utf-8");
            reply
        }
    };
    reply.fields.add("Cache-Control", "no-store");
    if status == 405 {
        reply.fields.add("Allow", ALLOWED);
    }
    reply
}

fn health(draining: bool) -> Reply {
    if draining { Reply::text(503, "draining\n") } else { Reply::text(200, "ok\n") }
}

fn options() -> Reply {
    let mut reply = Reply::new(204, Body::Never);
    reply.fields.add("Allow", ALLOWED);
    reply
}

/// GET or HEAD of one path. Errors are statuses.
struct Fetch<'a> {
    site: &'a Site,
    fields: &'a Fields<'a>,
    method: Method,
    moment: Moment,
}

impl Fetch<'_> {
    fn path(&self, url: &str, query: Option<&str>) -> Result<Reply, u16> {
        let path = SitePath::parse(url).map_err(|error| match error {
            PathError::Malformed => 400u16,
            PathError::Refused => 404,
        })?;
        if !path.canonical {
            return Ok(redirect(&path, path.directory, query));
        }
        if path.directory {
            return self.directory(&path);
        }
        match self.site.root.open(&path.relative).map_err(|error| status_of(error, url))? {
            Entry::File(file, metadata) => self.file(&path.relative, (file, metadata)),
            Entry::Directory(_) => Ok(redirect(&path, true, query)),
        }
    }

    /// The index file of a directory, or the list of its entries.
    fn directory(&self, path: &SitePath) -> Result<Reply, u16> {
        for name in &self.site.index {
            let relative = path.joined(name);
            match self.site.root.open(&relative) {
                Ok(Entry::File(file, metadata)) => return self.file(&relative, (file, metadata)),
                Ok(Entry::Directory(_)) | Err(OpenError::NotFound) => {}
                Err(error) => return Err(status_of(error, name)),
            }
        }
        match self.site.root.open(&path.relative) {
            Ok(Entry::Directory(directory)) if self.site.listing => listing(path, directory),
            Ok(Entry::Directory(_)) => Err(403),
            Ok(Entry::File(..)) => Err(404),
            Err(error) => Err(status_of(error, "directory")),
        }
    }

    fn file(&self, relative: &[u8], original: (File, std::fs::Metadata)) -> Result<Reply, u16> {
        let accept = self.fields.accept_encoding.as_deref();
        let chosen = Representation::select(self.site, relative, original, accept, self.moment.now);
        match chosen.validators.judge(self.fields) {
            Verdict::Failed => Err(412),
            Verdict::NotModified => {
                let mut reply = Reply::new(304, Body::Never);
                self.describe(&mut reply, relative, &chosen);
                Ok(reply)
            }
            Verdict::Proceed => Ok(self.content(relative, chosen)),
        }
    }

    fn content(&self, relative: &[u8], chosen: Representation<'_>) -> Reply {
        match self.ranges(&chosen) {
            Ranges::Unsatisfiable => {
                let mut reply = error_reply(self.site, 416);
                reply.fields.add("Content-Range", format_args!("bytes */{}", chosen.length));
                reply
            }
            Ranges::Whole => {
                let mut reply = Reply::new(200, Body::Never);
                reply.fields.add("Content-Type", chosen.media_type);
                self.describe(&mut reply, relative, &chosen);
                reply.body = Body::File { file: chosen.file, range: 0..chosen.length };
                reply
            }
            Ranges::Parts(mut parts) => {
                let mut reply = Reply::new(206, Body::Never);
                self.describe(&mut reply, relative, &chosen);
                let Representation { file, length, media_type, .. } = chosen;
                if let [only] = parts.as_mut_slice() {
                    let range = std::mem::take(only);
                    reply.fields.add("Content-Type", media_type);
                    reply.fields.add("Content-Range", content_range(&range, length));
                    reply.body = Body::File { file, range };
                } else {
                    let boundary = boundary(self.moment.now);
                    let media = format_args!("multipart/byteranges; boundary={boundary}");
                    reply.fields.add("Content-Type", media);
                    let parts = Multipart::new(file, parts, length, media_type, &boundary);
                    reply.body = Body::Multipart(parts);
                }
                reply
            }
        }
    }

    /// `Range` has a meaning for GET only (RFC 9110 section 14.2).
    fn ranges(&self, chosen: &Representation<'_>) -> Ranges {
        let Some(range) = self.fields.range.as_deref() else { return Ranges::Whole };
        let if_range = self.fields.if_range.as_deref();
        if self.method == Method::Get && chosen.validators.allow_range(if_range, self.moment.now) {
            Ranges::resolve(range, chosen.length, self.site.limits.ranges)
        } else {
            Ranges::Whole
        }
    }

    /// What 200, 206 and 304 say alike (RFC 9110 section 15.4.5).
    fn describe(&self, reply: &mut Reply, relative: &[u8], chosen: &Representation<'_>) {
        let fields = &mut reply.fields;
        fields.add("ETag", &chosen.validators.etag);
        fields.add("Last-Modified", httpdate::fmt_http_date(chosen.validators.modified));
        if let Some(value) = self.site.cache_control_of(relative) {
            fields.add("Cache-Control", value);
        }
        if chosen.varies {
            fields.add("Vary", "Accept-Encoding");
        }
        if reply.status != 304 {
            fields.add("Accept-Ranges", "bytes");
            if let Some(coding) = chosen.coding {
                fields.add("Content-Encoding", coding.token());
            }
        }
    }
}

/// To the one URL under which this is served. Built from decoded segments, so it begins with one
/// `/` and a name: it cannot be read as a link to another host.
fn redirect(path: &SitePath, directory: bool, query: Option<&str>) -> Reply {
    let mut location = path.to_url(directory);
    if let Some(query) = query {
        location.push('?');
        location.push_str(query);
    }
    let mut reply = Reply::text(301, "moved\n");
    reply.fields.add("Location", location);
    reply
}

fn listing(path: &SitePath, directory: File) -> Result<Reply, u16> {
    let page = listing::page(path, directory).map_err(|error| {
        error!(%error, "directory cannot be listed");
        500u16
    })?;
    let mut reply = Reply::new(200, Body::Text(page.into()));
    reply.fields.add("Content-Type", "text/html; charset=utf-8");
    reply.fields.add("Cache-Control", "no-cache");
    Ok(reply)
}

fn status_of(error: OpenError, what: &str) -> u16 {
    match error {
        OpenError::NotFound => 404,
        OpenError::Forbidden => {
            debug!(what, "not readable");
            403
        }
        OpenError::Exhausted(errno) => {
            error!(what, %errno, "cannot open a file for want of resources");
            503
        }
        OpenError::Failed(error) => {
            error!(what, %error, "cannot open a file");
            500
        }
    }
}

/// Need not be secret, only absent from the parts: the clock and the process make it unlikely
/// enough that a file was written to contain it.
fn boundary(now: SystemTime) -> String {
    let age = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("evenkeel-{:x}-{:x}", age.as_nanos(), std::process::id())
}

const ALLOWED: &str = "GET, HEAD, OPTIONS";
