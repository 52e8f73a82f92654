//! Logins that the proxy judges itself, for the accounts of its settings file.
//!
//! Apart from `pass_through` because the two dialogues have nothing to do with each other: the
//! client proves its password to the proxy, and the proxy proves the same one to the server, on
//! whichever connection it likes.

use super::{LoggedIn, LoginEnd, read_login};
use crate::config::UserSettings;
use crate::peer::Peer;
use crate::protocol::answer::Refusal;
use crate::protocol::auth::{NATIVE, native_proof, switch_packet};
use crate::protocol::capability::lasting;
use crate::protocol::greeting::{Greeting, SCRAMBLE};
use crate::protocol::login::Login;
use crate::protocol::packet::frame;
use crate::server::acquire::{Acquired, Origin, fresh};
use crate::server::prove::{Outcome, prove};
use crate::server::reset::quit;
use crate::server::{Connection, Server};
use crate::session::Worker;
use crate::session::authenticate::AuthEnd;

pub(super) async fn log_in(
    worker: &Worker,
    client: &mut Peer,
    shown: &mut Option<Acquired>,
) -> Result<LoggedIn, LoginEnd> {
    let Some(acquired) = shown.as_ref() else { return Err(LoginEnd::ClientGone) };
    let greeting = Greeting {
        scramble: challenge().ok_or(LoginEnd::ClientGone)?,
        plugin: NATIVE.to_vec(),
        ..acquired.connection.greeting.clone()
    };
    client.send(&greeting.packet()).await.map_err(|_| LoginEnd::ClientGone)?;
    let (mut login, sequence) = read_proof(client, &greeting).await?;
    let next = sequence.wrapping_add(1);
    let refuse = |refusal| LoginEnd::Refuse { refusal, sequence: next };
    let users = &worker.shared.settings.users;
    let account = verified(users, &login, &greeting.scramble);
    let password = account.ok_or(refuse(Refusal::ACCESS_DENIED))?.password.0.as_bytes();

    let Some(acquired) = shown.take() else { return Err(LoginEnd::ClientGone) };
    let Acquired { server, connection, origin } = acquired;
    let entry = Entry { worker, server: &server, login: &mut login, password };
    let (connection, outcome) = entry.enter(connection, origin).await.map_err(refuse)?;
    let (status, payload) = match outcome {
        Outcome::Accepted { status, payload } => (status, payload),
        Outcome::Refused { code, text, payload } => {
            let _ = client.send(&frame(next, &payload)).await;
            return Err(LoginEnd::Authentication(AuthEnd::Refused(code, text)));
        }
        Outcome::Unfinished => return Err(refuse(Refusal::OTHER_PLUGIN)),
    };
    client.send(&frame(next, &payload)).await.map_err(|_| LoginEnd::ClientGone)?;
    let user = String::from_utf8_lossy(&login.user).into_owned();
    Ok(LoggedIn { server, connection, user, status })
}

/// The login, with a proof by the one plugin that is verified here, and its packet's sequence.
async fn read_proof(client: &mut Peer, greeting: &Greeting) -> Result<(Login, u8), LoginEnd> {
    let (mut login, sequence) = read_login(client).await?;
    login.restrict(greeting.offered());
    if login.plugin == NATIVE || !login.can_switch() {
        return Ok((login, sequence));
    }
    let challenge = switch_packet(sequence.wrapping_add(1), NATIVE, &greeting.scramble);
    client.send(&challenge).await.map_err(|_| LoginEnd::ClientGone)?;
    let proof = client.packet().await.map_err(|_| LoginEnd::ClientGone)?;
    login.prove(NATIVE, proof.payload);
    Ok((login, proof.sequence))
}

/// A client whose password is known, on its way to the server.
struct Entry<'a> {
    worker: &'a Worker,
    server: &'a Server,
    login: &'a mut Login,
    password: &'a [u8],
}

impl Entry<'_> {
    /// Logs in on this connection or, if it is not fit, on a fresh one.
    async fn enter(
        mut self,
        connection: Connection,
        origin: Origin,
    ) -> Result<(Connection, Outcome), Refusal> {
        if origin == Origin::Fresh {
            return self.on(connection, Origin::Fresh).await.ok_or(Refusal::SERVER_LOST);
        }
        if connection.agreed != lasting(self.login.capabilities) {
            quit(connection).await;
        } else if let Some(entered) = self.on(connection, Origin::Idle).await {
            return Ok(entered);
        }
        self.worker.counters().pool_stale.add(1);
        let dialled = fresh(&self.worker.shared, self.worker.counters(), self.server).await;
        let connection = dialled.ok().flatten().ok_or(Refusal::NO_SERVER)?;
        self.on(connection, Origin::Fresh).await.ok_or(Refusal::SERVER_LOST)
    }

    /// `None` if the server has closed.
    async fn on(
        &mut self,
        mut connection: Connection,
        origin: Origin,
    ) -> Option<(Connection, Outcome)> {
        let greeting = &connection.greeting;
        self.login.restrict(greeting.offered());
        self.login.prove(NATIVE, native_proof(self.password, &greeting.scramble));
        let packet = match origin {
            Origin::Fresh => self.login.packet(),
            Origin::Idle => self.login.change_user_packet(),
        };
        connection.peer.send(&packet).await.ok()?;
        let outcome = prove(&mut connection.peer, self.password).await.ok()?;
        connection.agreed = lasting(self.login.capabilities);
        Some((connection, outcome))
    }
}

/// The account that this login proves to know the password of.
fn verified<'a>(
    users: &'a [UserSettings],
    login: &Login,
    scramble: &[u8],
) -> Option<&'a UserSettings> {
    let account = users.iter().find(|user| user.name.as_bytes() == login.user)?;
    let expected = native_proof(account.password.0.as_bytes(), scramble);
    let same_length = expected.len() == login.proof.len();
    // Over all bytes, so that the time tells nothing.
    let difference = expected.iter().zip(&login.proof).fold(0, |all, (a, b)| all | (a ^ b));
    (same_length && difference == 0).then_some(account)
}

/// A scramble nobody can foresee: like the servers' own, of printable characters.
fn challenge() -> Option<Vec<u8>> {
    let mut bytes = [0; SCRAMBLE];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| b'%' + byte % 90).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    #[test]
    fn only_the_proof_of_the_accounts_own_password_verifies() {
        let user = |name: &str, password: &str| UserSettings {
            name: name.into(),
            password: Secret(password.into()),
        };
        let users = [user("app", "secret"), user("open", "")];
        let verifies = |user: &str, proof: Vec<u8>| {
            let login = Login {
                capabilities: 0,
                max_packet: 0,
                charset: 0,
                user: user.into(),
                proof,
                database: Vec::new(),
                plugin: NATIVE.to_vec(),
                attributes: Vec::new(),
            };
            verified(&users, &login, b"scramble").is_some()
        };
        let proof = |password: &[u8]| native_proof(password, b"scramble");
        assert!(verifies("app", proof(b"secret")));
        assert!(!verifies("app", proof(b"Secret")));
        assert!(!verifies("app", native_proof(b"secret", b"another")));
        assert!(!verifies("app", Vec::new()));
        assert!(!verifies("app", proof(b"secret")[..19].to_vec()));
        assert!(!verifies("ap", proof(b"secret")));
        assert!(verifies("open", Vec::new()));
        assert!(!verifies("open", proof(b"secret")));
    }

    #[test]
    fn challenges_differ_and_hold_no_zero() {
        let (first, second) = (challenge().unwrap(), challenge().unwrap());
        assert_ne!(first, second);
        assert_eq!(first.len(), SCRAMBLE);
        assert!(first.iter().all(|byte| byte.is_ascii_graphic()));
    }
}
