//! One file in the form chosen for one client: the original, or a compressed sibling.

use std::fs::{File, Metadata};
use std::time::{Duration, SystemTime};

use crate::request::coding::Coding;
use crate::request::conditional::Validators;
use crate::site::Site;

use super::media_type::compressible;

/// A selected representation (RFC 9110 section 3.2).
#[derive(Debug)]
pub struct Representation<'a> {
    pub file: File,
    pub length: u64,
    pub media_type: &'a str,
    pub coding: Option<Coding>,
    pub validators: Validators,
    /// Whether another client might be given another form.
    pub varies: bool,
}

impl<'a> Representation<'a> {
    /// Chooses between `original`, opened at `relative`, and its siblings.
    pub fn select(
        site: &'a Site,
        relative: &[u8],
        original: (File, Metadata),
        accept_encoding: Option<&str>,
        now: SystemTime,
    ) -> Self {
        let media_type = site.media_type_of(relative);
        let varies = site.precompressed && compressible(media_type);
        let sibling =
            varies.then(|| sibling(site, relative, &original.1, accept_encoding)).flatten();
        let (coding, (file, metadata)) = match sibling {
            Some((coding, opened)) => (Some(coding), opened),
            None => (None, original),
        };
        let validators = validators(&metadata, coding, now);
        Self { file, length: metadata.len(), media_type, coding, validators, varies }
    }
}

/// The best sibling the client takes. One that is older than the original is a leftover of an
/// earlier version and is passed over.
fn sibling(
    site: &Site,
    relative: &[u8],
    original: &Metadata,
    accept_encoding: Option<&str>,
) -> Option<(Coding, (File, Metadata))> {
    Coding::preferred(accept_encoding).find_map(|coding| {
        let path = [relative, coding.extension().as_bytes()].concat();
        let (file, metadata) = site.root.open_file(&path)?;
        let fresh = metadata.modified().ok()? >= original.modified().ok()?;
        fresh.then_some((coding, (file, metadata)))
    })
}

/// The tag is made of the time to the nanosecond and the length, which a copy by rsync keeps, so
/// that several servers of one site agree; an inode number would tell them apart.
fn validators(metadata: &Metadata, coding: Option<Coding>, now: SystemTime) -> Validators {
    let changed = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let age = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let suffix = coding.map_or("", Coding::extension).trim_start_matches('.');
    let etag =
        format!("\"{:x}.{:x}-{:x}{suffix}\"", age.as_secs(), age.subsec_nanos(), metadata.len());
    // Section 8.8.2.1: never later than the answer it is sent in. That also keeps a wild time stamp
    // within the years that an HTTP date can express.
    let seconds = age.as_secs().min(seconds_of(now));
    Validators { etag, modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) }
}

fn seconds_of(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
