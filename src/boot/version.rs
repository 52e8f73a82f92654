//! What `-v` says. The first line has HAProxy's form, with the version whose configuration and
//! interfaces this one takes, so that scripts which read it decide rightly.

use crate::args::Version;

/// The version of HAProxy that is taken over from.
pub(crate) const COMPATIBLE: &str = "3.4.0";

/// The version as `show version` and `-vq` have it.
pub(super) fn number() -> String {
    format!("{COMPATIBLE}-evenkeel{}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn text(which: Version) -> String {
    let own = env!("CARGO_PKG_VERSION");
    match which {
        Version::Number => format!("{}\n", number()),
        Version::Short => format!("{COMPATIBLE}\n"),
        Version::Branch => "3.4\n".to_owned(),
        Version::Full | Version::Build => format!(
            "HAProxy version {COMPATIBLE}-evenkeel{own} compatible - Evenkeel {own}\n\
             Running on: {}\n",
            system()
        ),
    }
}

fn system() -> String {
    nix::sys::utsname::uname().map_or_else(
        |_| "Linux".to_owned(),
        |name| {
            let part = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
            format!(
                "{} {} {} {}",
                part(name.sysname()),
                part(name.release()),
                part(name.version()),
                part(name.machine())
            )
        },
    )
}
