//! Frontends, backends and servers as the configuration means them: immutable, every name
//! resolved. What changes while running is in `live` and referenced from here.

mod backend;
mod frontend;
mod global;
pub mod keyword;
mod plan;
mod server;
mod stick;
mod userlist;

pub use backend::{
    Algorithm, Backend, HashFunction, HashInput, HashMethod, HashType, Persistence, Reuse, UriPart,
};
pub use frontend::{Bind, Destination, ForwardFor, Frontend, Listen, StatsPage, Switch};
pub use global::{Global, Level, StatsSocket};
pub use plan::{ErrorPage, ErrorPages, Logging, Mode, Plan, Timeouts};
pub use server::{CheckSettings, Server, ServerAddress};
pub use stick::{Purpose, Stick};
pub use userlist::{Password, User, Userlist};
