//! Who took part: frontend, backend, server, host and process.

use std::sync::OnceLock;

use super::Alias;

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "f",
        documentation: "The frontend's name.",
        run: |stream, style, out| style.word(out, Some(stream.names.frontend.as_bytes())),
    },
    Alias {
        name: "ft",
        documentation: "The frontend's name, followed by a tilde for TLS.",
        run: |stream, style, out| style.word(out, Some(stream.names.frontend.as_bytes())),
    },
    Alias {
        name: "b",
        documentation: "The backend's name; the frontend's where none was chosen.",
        run: |stream, style, out| {
            let name = stream.names.backend.unwrap_or(stream.names.frontend);
            style.word(out, Some(name.as_bytes()));
        },
    },
    Alias {
        name: "s",
        documentation: "The server's name, '<NOSRV>' where none was reached.",
        run: |stream, style, out| {
            style.word(out, Some(stream.names.server.unwrap_or("<NOSRV>").as_bytes()));
        },
    },
    Alias {
        name: "H",
        documentation: "The name of this host.",
        run: |_, style, out| style.word(out, Some(hostname().as_bytes())),
    },
    Alias {
        name: "pid",
        documentation: "The number of the process.",
        run: |_, style, out| style.number(out, u64::from(std::process::id())),
    },
];

fn hostname() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        nix::unistd::gethostname()
            .ok()
            .and_then(|name| name.into_string().ok())
            .unwrap_or_else(|| "localhost".to_owned())
    })
}
