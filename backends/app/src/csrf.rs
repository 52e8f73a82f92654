//! Protection against forged requests: a form is accepted only from a page that this visitor was
//! shown. The page holds a value derived from the token in the visitor's cookie, which a foreign
//! page can neither read nor set.

use axum::http::HeaderMap;

use crate::failure::Failure;
use crate::token::Token;

/// The value of the hidden field `csrf` for the holder of `token`.
pub(crate) fn field(token: &Token) -> String {
    token.derive(PURPOSE)
}

/// Accepts a form that was sent with `csrf` by the holder of `token`.
pub(crate) fn check(headers: &HeaderMap, token: Option<&Token>, csrf: &str) -> Result<(), Failure> {
    same_origin(headers)?;
    match token {
        Some(token) if equal(field(token).as_bytes(), csrf.as_bytes()) => Ok(()),
        _ => Err(Failure::Forged),
    }
}

/// Refuses what the browser itself says was caused by another site (Fetch Metadata,
/// `Sec-Fetch-Site`). Other clients send no such header and carry no foreign cookies.
pub(crate) fn same_origin(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Failure::Forged),
    }
}

/// Takes the same time wherever the first difference is.
fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

const PURPOSE: &str = "evenkeel-app csrf";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_field_is_accepted() {
        let (mine, other) = (Token::random().unwrap(), Token::random().unwrap());
        let headers = HeaderMap::new();
        assert!(check(&headers, Some(&mine), &field(&mine)).is_ok());
        assert!(check(&headers, Some(&mine), &field(&other)).is_err());
        assert!(check(&headers, Some(&mine), &field(&mine)[1..]).is_err());
        assert!(check(&headers, Some(&mine), "").is_err());
        assert!(check(&headers, None, &field(&mine)).is_err());
    }

    #[test]
    fn another_site_is_refused_even_with_the_field() {
        let token = Token::random().unwrap();
        for (site, accepted) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let headers = [("sec-fetch-site".parse().unwrap(), site.parse().unwrap())];
            let headers = HeaderMap::from_iter(headers);
            assert_eq!(check(&headers, Some(&token), &field(&token)).is_ok(), accepted, "{site}");
        }
    }
}
