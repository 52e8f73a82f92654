//! User lists (manual, section 12.2): users with passwords and groups, for `http_auth` and its
//! kin. A list is immutable; all that changes is what a user remembers of the last good password.

pub mod basic;
mod password;

pub use password::Password;

/// A `userlist` section. Found in `proxy::Plan::userlists`; an expression holds it through
/// `sample::Target::Userlist`.
#[derive(Debug, Default)]
pub struct Userlist {
    pub name: String,
    pub users: Vec<User>,
    pub groups: Vec<String>,
}

/// `user <name> [password|insecure-password <password>] [groups <group>,…]`.
#[derive(Debug)]
pub struct User {
    pub name: String,
    /// A user without a password never gets in.
    pub password: Option<Password>,
    /// Numbers in the list's `groups`.
    pub groups: Vec<usize>,
}

impl Userlist {
    /// The user that the value of an `authorization` field names, if its password is right
    /// (`http_auth`). The first look at a good hashed password costs its hash, further looks cost
    /// one SHA-256; a wrong one costs the hash every time.
    #[must_use]
    pub fn authenticate(&self, authorization: &[u8]) -> Option<&User> {
        let pair = basic::credentials(authorization)?;
        let colon = pair.iter().position(|byte| *byte == b':')?;
        self.check(&pair[..colon], &pair[colon + 1..])
    }

    /// The user of this name, if the password is right.
    #[must_use]
    pub fn check(&self, name: &[u8], password: &[u8]) -> Option<&User> {
        let user = self.users.iter().find(|user| user.name.as_bytes() == name)?;
        user.password.as_ref()?.matches(password).then_some(user)
    }

    /// Whether `user`, one of this list, is in `group` (the values of `http_auth_group`).
    #[must_use]
    pub fn is_member(&self, user: &User, group: &[u8]) -> bool {
        user.groups.iter().any(|number| self.groups[*number].as_bytes() == group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Userlist {
        let user = |name: &str, password: &str, groups: &[usize]| User {
            name: name.to_owned(),
            password: Some(Password::plain(password)),
            groups: groups.to_vec(),
        };
        Userlist {
            name: "people".to_owned(),
            users: vec![user("Aladdin", "open sesame", &[1]), user("bob", "a:b", &[])],
            groups: vec!["kings".to_owned(), "thieves".to_owned()],
        }
    }

    #[test]
    fn the_field_of_rfc_7617_names_its_user() {
        let list = list();
        let user = list.authenticate(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
        assert_eq!(user.name, "Aladdin");
        assert!(list.is_member(user, b"thieves") && !list.is_member(user, b"kings"));
        assert!(list.authenticate(b"Basic QWxhZGRpbg==").is_none());
    }

    #[test]
    fn a_password_may_hold_colons_and_must_be_whole() {
        let list = list();
        assert!(list.check(b"bob", b"a:b").is_some());
        for (name, password) in [("bob", "a"), ("bob", ""), ("bo", "a:b"), ("", "")] {
            assert!(list.check(name.as_bytes(), password.as_bytes()).is_none(), "{name}");
        }
    }

    #[test]
    fn a_user_without_a_password_never_gets_in() {
        let user = User { name: "x".to_owned(), password: None, groups: vec![] };
        let list = Userlist { users: vec![user], ..Userlist::default() };
        assert!(list.check(b"x", b"").is_none());
    }
}
