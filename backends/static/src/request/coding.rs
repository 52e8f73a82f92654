//! `Accept-Encoding` (RFC 9110 section 12.5.3), for the two codings files are stored in.

/// A content coding in which a file may lie next to the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// The stored codings a client prefers over none, best first. Brotli comes first among equals,
    /// being smaller.
    pub fn preferred(accept_encoding: Option<&str>) -> impl Iterator<Item = Self> {
        let header = accept_encoding.unwrap_or_default();
        let [brotli, gzip] = [Self::Brotli, Self::Gzip].map(|coding| coding.quality(header));
        // Identity is what remains when nothing else is to be had, unless it is named.
        let floor = named(header, &["identity"]).unwrap_or(0).max(1);
        let order = if gzip > brotli {
            [(gzip, Self::Gzip), (brotli, Self::Brotli)]
        } else {
            [(brotli, Self::Brotli), (gzip, Self::Gzip)]
        };
        order.into_iter().filter(move |(quality, _)| *quality >= floor).map(|(_, coding)| coding)
    }

    /// The name in `Content-Encoding`.
    pub fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The extension behind the original's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    fn quality(self, header: &str) -> u16 {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
        };
        named(header, names).or_else(|| named(header, &["*"])).unwrap_or(0)
    }
}

/// The weight of the first element with one of `names`, in thousandths.
fn named(header: &str, names: &[&str]) -> Option<u16> {
    header.split(',').find_map(|element| {
        let (name, parameters) = element.split_once(';').unwrap_or((element, ""));
        let wanted = names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name.trim()));
        wanted.then(|| weight(parameters.trim()))
    })
}

/// `q=0.5` in thousandths; no weight is full weight, a malformed one is none.
fn weight(parameter: &str) -> u16 {
    if parameter.is_empty() {
        return 1000;
    }
    let value = parameter.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    match value.and_then(|(_, number)| number.trim().parse::<f32>().ok()) {
        // The cast is exact enough: three decimals of a number between 0 and 1.
        Some(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Coding::{self, Brotli, Gzip};

    #[test]
    fn preferences() {
        for (header, expected) in [
            (None, vec![]),
            (Some(""), vec![]),
            (Some("gzip"), vec![Gzip]),
            (Some("gzip, deflate, br"), vec![Brotli, Gzip]),
            (Some("br;q=0.5, gzip;q=0.8"), vec![Gzip, Brotli]),
            (Some("gzip;q=0, br"), vec![Brotli]),
            (Some("*"), vec![Brotli, Gzip]),
            (Some("*, br;q=0"), vec![Gzip]),
            (Some("X-GZIP ; Q=0.001"), vec![Gzip]),
            (Some("identity, gzip;q=0.5"), vec![]),
            (Some("identity;q=0.3, gzip;q=0.5"), vec![Gzip]),
            (Some("identity;q=0, gzip;q=0"), vec![]),
            (Some("gzip;q=2, br;q=nan"), vec![]),
        ] {
            assert_eq!(Coding::preferred(header).collect::<Vec<_>>(), expected, "{header:?}");
        }
    }
}
