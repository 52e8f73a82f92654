//! Health checks of servers (manual, section 5.2 `check`, section 4.2 `option httpchk`).

/// How the servers of a backend are checked.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// The connection succeeds.
    #[default]
    Tcp,
    /// `option httpchk` and `http-check`.
    Http(HttpCheck),
}

/// The request that is sent and what is expected.
#[derive(Clone, Debug)]
pub struct HttpCheck {
    pub method: String,
    pub uri: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    pub fields: Vec<(String, String)>,
    pub expect: Expect,
}

/// `http-check expect`.
#[derive(Clone, Debug, Default)]
pub enum Expect {
    /// Any status from 200 to 399.
    #[default]
    Success,
    /// `status` with codes and ranges; true when it must not match.
    Status(Vec<(u16, u16)>, bool),
    /// `string`: the body contains this; true when it must not.
    Body(String, bool),
}
