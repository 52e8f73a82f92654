//! `cookie NAME insert`: finding the server that a client's cookie names, and telling the client
//! which server it got (manual, section 4.2 `cookie`; log codes of section 8.5).

use super::Transaction;
use crate::exchange::Known;
use crate::proxy::{Backend, Persistence, Server};
use crate::session::stickiness::{self, Keys};

impl Transaction<'_> {
    /// Looks for the cookie, remembers a usable server, and hides the cookie where asked to.
    pub(super) fn find_persistent_server(&mut self, backend: &Backend) {
        let Some(persistence) = &backend.persistence else { return };
        let name = persistence.name.as_bytes();
        let value = cookie(&self.stream, name);
        self.stream.outcome.server_cookie = Some(b'N');
        let Some(value) = value else {
            self.stream.outcome.client_cookie = Some(b'N');
            return;
        };
        let named = backend
            .servers
            .iter()
            .position(|server| server.cookie.as_deref().is_some_and(|c| c.as_bytes() == value));
        let (code, persistent) = match named {
            None => (b'I', None),
            Some(at) if backend.servers[at].live.is_usable() => (b'V', Some(at)),
            Some(_) => (b'D', None),
        };
        self.stream.outcome.client_cookie = Some(code);
        self.persistent = persistent;
        if persistence.indirect {
            self.stream.request.rewrite(Known::Cookie, |line| without(line, name));
        }
    }

    /// Looks for the server that stick tables lead to, unless a cookie already named one, and
    /// gives the keys to remember the server under.
    pub(super) fn stick(&mut self, backend: &Backend) -> Keys {
        if backend.sticks.is_empty() {
            return Keys::new();
        }
        if self.persistent.is_none() {
            self.persistent = stickiness::find(self.worker, backend, &self.stream);
        }
        stickiness::keys(backend, &self.stream)
    }

    /// Adds the cookie to a response unless the client already has the right one.
    pub(super) fn insert_cookie(&mut self, backend: &Backend, server: &Server) {
        let (Some(persistence), Some(value)) = (&backend.persistence, &server.cookie) else {
            return;
        };
        let kept = self.stream.outcome.client_cookie == Some(b'V')
            && !self.stream.outcome.redispatched
            && self.persistent.is_some_and(|at| backend.servers[at].id == server.id);
        if kept || (persistence.postonly && self.stream.request.method() != b"POST") {
            return;
        }
        if persistence.preserve && self.sets_cookie(persistence) {
            self.stream.outcome.server_cookie = Some(b'P');
            return;
        }
        let text = set_cookie(persistence, value);
        self.stream.response.add(b"set-cookie", text.as_bytes());
        self.stream.outcome.server_cookie = Some(b'I');
        if persistence.nocache && self.stream.response.values(b"cache-control").next().is_some() {
            self.stream.response.add(b"cache-control", b"private");
        }
    }

    fn sets_cookie(&self, persistence: &Persistence) -> bool {
        let name = persistence.name.as_bytes();
        self.stream.response.known(Known::SetCookie).any(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"="))
        })
    }
}

/// `NAME=value; path=/` and the attributes.
fn set_cookie(persistence: &Persistence, value: &str) -> String {
    let mut text = format!("{}={value}; path=/", persistence.name);
    for domain in &persistence.domains {
        text.push_str("; domain=");
        text.push_str(domain);
    }
    if persistence.http_only {
        text.push_str("; HttpOnly");
    }
    if persistence.secure {
        text.push_str("; Secure");
    }
    for attribute in &persistence.attributes {
        text.push_str("; ");
        text.push_str(attribute);
    }
    text
}

fn cookie(stream: &crate::exchange::Stream<'_>, name: &[u8]) -> Option<Vec<u8>> {
    stream
        .request
        .known(Known::Cookie)
        .flat_map(pairs)
        .find(|pair| pair_name(pair) == name)
        .map(|pair| pair.get(name.len() + 1..).unwrap_or_default().trim_ascii().to_vec())
}

/// The line without the cookie of this name; `None` when it is not in there.
fn without(line: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    pairs(line).any(|pair| pair_name(pair) == name).then(|| {
        let kept: Vec<&[u8]> = pairs(line).filter(|pair| pair_name(pair) != name).collect();
        kept.join(&b"; "[..])
    })
}

fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty())
}

fn pair_name(pair: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'=', pair).unwrap_or(pair.len());
    pair[..end].trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_cookie_leaves_the_others_as_they_were() {
        let left = |line: &str| without(line.as_bytes(), b"SRV");
        assert_eq!(left("a=b; SRV=zzz; c=d"), Some(b"a=b; c=d".to_vec()));
        assert_eq!(left("SRV=1"), Some(Vec::new()));
        assert_eq!(left("XSRV=1; a=SRV"), None);
    }

    #[test]
    fn attributes_stand_in_haproxys_order() {
        let persistence = Persistence {
            name: "SRV".into(),
            indirect: true,
            nocache: true,
            postonly: false,
            http_only: true,
            secure: true,
            domains: vec![".x.y".into()],
            attributes: vec!["SameSite=Lax".into()],
            preserve: false,
        };
        assert_eq!(
            set_cookie(&persistence, "c1"),
            "SRV=c1; path=/; domain=.x.y; HttpOnly; Secure; SameSite=Lax"
        );
    }
}
