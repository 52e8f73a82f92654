//! Keywords whose arguments are checked and that then do nothing here: they tune how HAProxy does
//! its work, or belong to what this proxy does not have.

mod http2;
mod machine;
mod process;
mod shape;
mod ssl;
mod tune;

pub(super) use shape::Shape;

use crate::proxy::Global;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

/// One of them.
#[derive(Debug)]
pub struct Hint {
    pub name: &'static str,
    pub(super) shape: Shape,
    pub effect: Effect,
}

/// What is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: no configuration means less without it.
    Silent,
    /// That it has no effect: something is lost.
    Warned,
    /// That it is not supported: the configuration would mean something else.
    Refused,
    /// Nothing, where `expose-experimental-directives` stands above.
    Experimental,
}

impl Hint {
    pub(super) const fn silent(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, effect: Effect::Silent }
    }

    pub(super) const fn warned(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, effect: Effect::Warned }
    }

    pub(super) const fn refused(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, effect: Effect::Refused }
    }

    /// The shape of the arguments, for the documentation.
    #[must_use]
    pub fn arguments(&self) -> String {
        self.shape.to_string()
    }

    /// Checks the arguments, then says what there is to say.
    pub(super) fn check(
        &self,
        line: &mut Statement<'_>,
        global: &Global,
    ) -> Result<(), Diagnostic> {
        if self.effect == Effect::Experimental && !global.experimental {
            return Err(line.error(format!(
                "'{}' directive is experimental, must be allowed via a global \
                 'expose-experimental-directives'",
                self.name
            )));
        }
        self.shape.check(line)?;
        match self.effect {
            Effect::Silent | Effect::Experimental => Ok(()),
            Effect::Warned => {
                let keyword = &line.keyword[0];
                line.no_effect(keyword, "");
                Ok(())
            }
            Effect::Refused => {
                Err(line.error(format!("'{}' is not supported by evenkeel yet", self.name)))
            }
        }
    }
}

/// The hints by subject, with titles.
pub const HINTS: &[(&str, &[Hint])] = &[
    ("Machine", machine::HINTS),
    ("Process", process::HINTS),
    ("TLS", ssl::HINTS),
    ("Tuning", tune::HINTS),
    ("Tuning of HTTP/2 and QUIC", http2::HINTS),
];

/// Those that `no` may stand before.
pub(super) const NO_PREFIX: &[&str] =
    &["busy-polling", "insecure-fork-wanted", "numa-cpu-mapping", "set-dumpable", "strict-limits"];
