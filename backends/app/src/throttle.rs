//! How often something may be tried: sign-ins per name and address, accounts per address, messages
//! per user. Counted in the database, so that a second node gives no second chance.

use std::net::IpAddr;
use std::time::Duration;

use crate::app::{self, App};
use crate::database::{attempts, users::User};
use crate::failure::Failure;

/// One thing that is counted.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    Login { name: &'a str, address: IpAddr },
    Address(IpAddr),
    Registration(IpAddr),
    Messages(&'a User),
}

impl Subject<'_> {
    /// Fails with [`Failure::TooManyAttempts`] when the limit is reached; counts nothing.
    pub(crate) async fn check(self, app: &App) -> Result<(), Failure> {
        let window = app.config.throttle.window;
        let now = app::now();
        let found = attempts::find(&app.database, &self.key(), start(now, window)).await?;
        match found {
            Some((count, opened_at)) if count >= i64::from(self.limit(app)) => {
                let ends_in = opened_at.saturating_add(seconds(window)).saturating_sub(now).max(1);
                let retry_after = Duration::from_secs(ends_in.cast_unsigned());
                Err(Failure::TooManyAttempts { retry_after })
            }
            _ => Ok(()),
        }
    }

    /// Counts one attempt.
    pub(crate) async fn record(self, app: &App) -> Result<(), Failure> {
        let now = app::now();
        let start = start(now, app.config.throttle.window);
        Ok(attempts::record(&app.database, &self.key(), now, start).await?)
    }

    /// The attempt that was counted turned out well.
    pub(crate) async fn take_back(self, app: &App) -> Result<(), Failure> {
        Ok(attempts::take_back(&app.database, &self.key()).await?)
    }

    /// So well that those before it are forgiven, too.
    pub(crate) async fn forget(self, app: &App) -> Result<(), Failure> {
        Ok(attempts::forget(&app.database, &self.key()).await?)
    }

    fn limit(self, app: &App) -> u32 {
        let limits = &app.config.throttle;
        match self {
            Self::Login { .. } => limits.login_failures,
            Self::Address(_) => limits.address_failures,
            Self::Registration(_) => limits.registrations,
            Self::Messages(_) => limits.messages,
        }
    }

    fn key(self) -> String {
        match self {
            Self::Login { name, address } => format!("login {} {name}", network(address)),
            Self::Address(address) => format!("address {}", network(address)),
            Self::Registration(address) => format!("registration {}", network(address)),
            Self::Messages(user) => format!("messages {}", user.id),
        }
    }
}

/// Removes what no window needs any more.
pub(crate) async fn purge(app: &App) -> sqlx::Result<()> {
    attempts::purge(&app.database, start(app::now(), app.config.throttle.window)).await
}

/// An IPv6 host chooses freely within its /64, so that is what counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

fn start(now: i64, window: Duration) -> i64 {
    now.saturating_sub(seconds(window))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_address() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            assert_eq!(network(address.parse().unwrap()), counted.parse::<IpAddr>().unwrap());
        }
    }
}
