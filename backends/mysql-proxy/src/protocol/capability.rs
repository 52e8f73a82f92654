//! Capability flags, and which of them the proxy lets through.
//!
//! Apart because the mask is a promise: whatever both sides agree on changes the shape of later
//! packets, so only flags whose effect this crate follows may pass.

/// The `CLIENT_*` bits of both handshake packets.
pub type Flags = u32;

/// Named `CLIENT_MYSQL` by MariaDB: a server that sets it negotiates no MariaDB extensions.
pub const LONG_PASSWORD: Flags = 1;
pub const FOUND_ROWS: Flags = 1 << 1;
pub const LONG_FLAG: Flags = 1 << 2;
pub const CONNECT_WITH_DB: Flags = 1 << 3;
pub const NO_SCHEMA: Flags = 1 << 4;
pub const ODBC: Flags = 1 << 6;
pub const LOCAL_FILES: Flags = 1 << 7;
pub const IGNORE_SPACE: Flags = 1 << 8;
pub const PROTOCOL_41: Flags = 1 << 9;
pub const INTERACTIVE: Flags = 1 << 10;
pub const SSL: Flags = 1 << 11;
pub const IGNORE_SIGPIPE: Flags = 1 << 12;
pub const TRANSACTIONS: Flags = 1 << 13;
pub const RESERVED: Flags = 1 << 14;
pub const SECURE_CONNECTION: Flags = 1 << 15;
pub const MULTI_STATEMENTS: Flags = 1 << 16;
pub const MULTI_RESULTS: Flags = 1 << 17;
pub const PS_MULTI_RESULTS: Flags = 1 << 18;
pub const PLUGIN_AUTH: Flags = 1 << 19;
pub const CONNECT_ATTRS: Flags = 1 << 20;
pub const PLUGIN_AUTH_LENENC: Flags = 1 << 21;
pub const CAN_HANDLE_EXPIRED_PASSWORDS: Flags = 1 << 22;
pub const SESSION_TRACK: Flags = 1 << 23;
pub const DEPRECATE_EOF: Flags = 1 << 24;

/// What the proxy speaks. Left out on purpose: TLS, both compressions, optional result set
/// metadata, query attributes, multi-factor authentication and MariaDB's progress reports.
pub const SPOKEN: Flags = LONG_PASSWORD
    | FOUND_ROWS
    | LONG_FLAG
    | CONNECT_WITH_DB
    | NO_SCHEMA
    | ODBC
    | LOCAL_FILES
    | IGNORE_SPACE
    | PROTOCOL_41
    | INTERACTIVE
    | IGNORE_SIGPIPE
    | TRANSACTIONS
    | RESERVED
    | SECURE_CONNECTION
    | MULTI_STATEMENTS
    | MULTI_RESULTS
    | PS_MULTI_RESULTS
    | PLUGIN_AUTH
    | CONNECT_ATTRS
    | PLUGIN_AUTH_LENENC
    | CAN_HANDLE_EXPIRED_PASSWORDS
    | SESSION_TRACK
    | DEPRECATE_EOF;

/// Flags of a login that matter for that packet only, or for the client alone: two logins that
/// differ in nothing else may use one server connection after each other.
const OF_THE_LOGIN: Flags =
    LONG_PASSWORD | CONNECT_WITH_DB | PLUGIN_AUTH_LENENC | IGNORE_SIGPIPE | RESERVED;

/// What a server connection keeps for good from the login that opened it.
pub fn lasting(agreed: Flags) -> Flags {
    agreed & !OF_THE_LOGIN
}
