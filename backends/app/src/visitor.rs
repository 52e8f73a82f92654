//! Who is asking: the token from the cookie, the user whose session it opens, the address behind
//! the load balancer.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::header::{COOKIE, HeaderMap, HeaderValue};
use axum::http::request::Parts;

use crate::app::{self, App, Shared};
use crate::database::sessions;
use crate::database::users::User;
use crate::failure::Failure;
use crate::token::Token;

/// Where a connection came from; the server attaches it to every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Extracted from every request to a page. A visitor who is not signed in may have a token too: it
/// ties the forms to the browser before there is a session.
pub(crate) struct Visitor {
    pub(crate) token: Option<Token>,
    pub(crate) user: Option<User>,
    pub(crate) address: IpAddr,
}

impl Visitor {
    pub(crate) fn user(&self) -> Result<&User, Failure> {
        self.user.as_ref().ok_or(Failure::SignedOut)
    }

    /// Gives a visitor who is about to see a form a token, unless there is one. The cookie is for
    /// the response that shows the form.
    pub(crate) fn ensure_token(&mut self, app: &App) -> Result<Option<String>, Failure> {
        if self.token.is_some() {
            return Ok(None);
        }
        let token = self.token.insert(Token::random()?);
        Ok(Some(cookie(app, token)))
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let token = token(&parts.headers);
        let user = match &token {
            Some(token) => sessions::user(&app.database, &token.hash(), app::now()).await?,
            None => None,
        };
        let address = address(app, &parts.headers, &parts.extensions).ok_or(Failure::Internal)?;
        Ok(Self { token, user, address })
    }
}

/// `Set-Cookie` that makes the browser hold `token` for as long as a session lives.
pub(crate) fn cookie(app: &App, token: &Token) -> String {
    let session = &app.config.session;
    attributes(app, &token.to_hex(), session.lifetime.as_secs().max(1))
}

/// `Set-Cookie` that makes the browser forget its token.
pub(crate) fn forget_cookie(app: &App) -> String {
    attributes(app, "", 0)
}

/// The last address in `X-Forwarded-For` when the peer may say so, else the peer. Only the last is
/// the load balancer's own word; those before it are the client's.
pub(crate) fn address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let peer = extensions.get::<Peer>()?.0.ip().to_canonical();
    if !app.config.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    Some(forwarded(headers).unwrap_or(peer))
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

fn attributes(app: &App, value: &str, max_age: u64) -> String {
    let path = app.config.base_path.cookie_path();
    let secure = if app.config.session.cookie_secure { "; Secure" } else { "" };
    format!("{NAME}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}")
}

fn token(headers: &HeaderMap) -> Option<Token> {
    headers.get_all(COOKIE).iter().filter_map(|line| HeaderValue::to_str(line).ok()).find_map(
        |line| {
            line.split(';')
                .filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))
                .find_map(Token::parse)
        },
    )
}

const NAME: &str = "evenkeel-session";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let digits = "ab".repeat(32);
        for line in [
            format!("evenkeel-session={digits}"),
            format!("a=b; evenkeel-session={digits}; SERVERID=app1"),
            format!("evenkeel-session=stale; evenkeel-session={digits}"),
        ] {
            let headers = HeaderMap::from_iter([(COOKIE, line.parse().unwrap())]);
            assert_eq!(token(&headers).unwrap().to_hex(), digits, "{line}");
        }
        for line in [format!("xevenkeel-session={digits}"), "evenkeel-session=".to_owned()] {
            let headers = HeaderMap::from_iter([(COOKIE, line.parse().unwrap())]);
            assert!(token(&headers).is_none(), "{line}");
        }
    }

    #[test]
    fn only_the_last_forwarded_address_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.9".parse().unwrap());
        headers.append("x-forwarded-for", "198.51.100.1, 192.0.2.7".parse().unwrap());
        assert_eq!(forwarded(&headers), Some([192, 0, 2, 7].into()));
        headers.append("x-forwarded-for", "unknown".parse().unwrap());
        assert_eq!(forwarded(&headers), None);
    }
}
