//! What `-v` says. The first line has HAProxy's form, with the version whose configuration and
//! interfaces this one takes, so that scripts which read it decide rightly.

use crate::args::Version;
use crate::syntax::environment::Build;

/// The version of HAProxy that is taken over from.
pub(crate) const COMPATIBLE: &str = "3.4.0";

/// The version as `show version` and `-vq` have it.
pub(super) fn number() -> String {
    format!("{COMPATIBLE}-evenkeel{}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn text(which: Version) -> String {
    match which {
        Version::Number => format!("{}\n", number()),
        Version::Short => format!("{COMPATIBLE}\n"),
        Version::Branch => "3.4\n".to_owned(),
        Version::Full => head(),
        Version::Build => head() + &build(),
    }
}

/// What `-v` says, and `-vv` first.
fn head() -> String {
    let own = env!("CARGO_PKG_VERSION");
    format!(
        "HAProxy version {COMPATIBLE}-evenkeel{own} compatible - Evenkeel {own}\n\
         Running on: {}\n",
        system()
    )
}

/// What follows with `-vv`, in the sections that tools look for; the truth about this program.
fn build() -> String {
    let built = Build::default();
    let mut names: Vec<&str> = FEATURES.iter().chain(&built.features).copied().collect();
    names.sort_unstable();
    names.dedup();
    let features: Vec<String> = names
        .iter()
        .map(|name| format!("{}{name}", if built.features.contains(name) { '+' } else { '-' }))
        .collect();
    let debug = if cfg!(debug_assertions) { "debug_assertions" } else { "" };
    format!(
        "Build options : \n  TARGET  = {}-{}\n  CC      = rustc\n  DEBUG   = {debug}\n\n\
         Feature list : {}\n\n\
         Default settings :\n  bufsize = 16384, maxrewrite = 1024, maxpollevents = 200\n\n\
         Built with multi-threading support (default={}).\n\
         Built without SSL support.\n\
         Built without compression support.\n\
         Built with transparent proxy support using: IP_TRANSPARENT IPV6_TRANSPARENT IP_FREEBIND\n\n\
         Available polling systems :\n      epoll : pref=300,  test result OK\n\
         Total: 1 (1 usable), will use epoll.\n\n\
         Available multiplexer protocols :\n\
         (protocols marked as <default> cannot be specified using 'proto' keyword)\n  \
         <default> : mode=HTTP  side=FE|BE  mux=H1    flags=HTX\n  \
         <default> : mode=TCP   side=FE|BE  mux=PASS  flags=\n\n\
         Available services : none\n\n\
         Available filters :\n\tnone\n\n",
        std::env::consts::OS,
        std::env::consts::ARCH,
        features.join(" "),
        super::workers::available(),
    )
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

/// HAProxy's names of what can be built in; the environment of configurations knows what is.
const FEATURES: &[&str] = &[
    "51DEGREES",
    "ACME",
    "BACKTRACE",
    "CRYPT_H",
    "DEVICEATLAS",
    "ENGINE",
    "EVPORTS",
    "KQUEUE",
    "KTLS",
    "LUA",
    "OPENSSL",
    "OT",
    "PCRE",
    "PCRE2",
    "POLL",
    "PROMEX",
    "QUIC",
    "SLZ",
    "SSL",
    "TRACE",
    "WURFL",
    "ZLIB",
];
