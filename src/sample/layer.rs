//! What information a fetch needs, and where there is such information: the manual's table of
//! which fetches may be used in which rules.

use super::context::{Context, Half, Stage};

/// What must be there for a fetch to give anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Constants and facts of the process.
    Internal,
    /// State of the proxies.
    State,
    /// The client's address and connection.
    Client,
    /// The frontend or listener.
    Frontend,
    /// The client's stream or TLS session.
    ClientStream,
    Backend,
    Server,
    /// The connection to the server.
    ServerAddress,
    ServerStream,
    /// Bytes of the request.
    RequestBuffer,
    ResponseBuffer,
    /// Bytes of the message that the rule works on.
    Buffer,
    RequestStatistics,
    ResponseStatistics,
    TransactionStatistics,
    /// The head of a request.
    Request,
    /// What is kept of a request until the end.
    RequestLine,
    /// The head of a response.
    Response,
    /// What is kept of a response until the end.
    ResponseLine,
    /// A response, wherever it comes from.
    ResponseOrigin,
    /// The head of the message that the rule works on.
    Message,
}

impl Layer {
    /// Whether there is such information where an expression is written. The stage of an ACL is
    /// not known when it is declared.
    #[must_use]
    pub fn is_available(self, context: &Context<'_>) -> bool {
        self.places() & places(context.stage, context.half) != 0
    }

    /// As HAProxy names it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal state",
            Self::State => "internal state",
            Self::Client => "client address",
            Self::Frontend => "listener",
            Self::ClientStream => "client-side connection",
            Self::Backend => "backend",
            Self::Server => "server",
            Self::ServerAddress => "server address",
            Self::ServerStream => "server-side connection",
            Self::RequestBuffer => "request buffer",
            Self::ResponseBuffer => "response buffer",
            Self::Buffer => "request buffer,response buffer",
            Self::RequestStatistics => "request buffer statistics",
            Self::ResponseStatistics => "response buffer statistics",
            Self::TransactionStatistics => "transaction statistics",
            Self::Request => "HTTP request headers",
            Self::RequestLine => "HTTP request",
            Self::Response => "HTTP response headers",
            Self::ResponseLine | Self::ResponseOrigin => "HTTP response",
            Self::Message => "HTTP request headers,HTTP response headers",
        }
    }

    /// The places where there is such information.
    const fn places(self) -> u32 {
        match self {
            Self::Internal => EVERYWHERE,
            Self::State => EVERYWHERE & !CONFIGURATION,
            Self::Client => REQUESTS_FROM_CONNECTION | RESPONSES | LOG | CHECK,
            Self::Frontend => REQUESTS_FROM_CONNECTION | RESPONSES | LOG,
            Self::ClientStream => {
                (REQUESTS_FROM_CONNECTION | RESPONSES | LOG) & !FRONTEND_CONNECTION
            }
            Self::Backend => OF_BACKEND | RESPONSES | LOG | CHECK,
            Self::Server => SOURCE | RESPONSES | LOG | CHECK,
            Self::ServerAddress | Self::ServerStream | Self::ResponseLine => {
                RESPONSES | LOG | CHECK
            }
            Self::ResponseOrigin => SOURCE | RESPONSES | LOG | CHECK,
            Self::RequestBuffer | Self::Request => REQUESTS,
            Self::ResponseBuffer | Self::Response => RESPONSES | CHECK,
            Self::Buffer | Self::Message => REQUESTS | RESPONSES | CHECK,
            Self::RequestStatistics | Self::TransactionStatistics | Self::RequestLine => {
                REQUESTS | RESPONSES | LOG
            }
            Self::ResponseStatistics => SERVER_CHOICE | SOURCE | RESPONSES | LOG,
        }
    }
}

/// The places that an expression at this stage of this kind of section may be evaluated at.
const fn places(stage: Stage, half: Half) -> u32 {
    let (frontend, backend) = match stage {
        Stage::Configuration => return CONFIGURATION,
        Stage::Acl => return EVERYWHERE,
        Stage::Log => return LOG,
        Stage::Check => return CHECK,
        Stage::Cli => return CLI,
        Stage::TcpRequestConnection => return FRONTEND_CONNECTION,
        Stage::TcpRequestSession => return FRONTEND_SESSION,
        Stage::Connecting => return SERVER_CHOICE | SOURCE,
        Stage::StickRequest => return SERVER_CHOICE,
        Stage::StickResponse => return STORE,
        Stage::TcpRequestContent => (FRONTEND_CONTENT, BACKEND_CONTENT),
        Stage::HttpRequest => (FRONTEND_REQUEST, BACKEND_REQUEST),
        Stage::Switching => (USE_BACKEND, SERVER_CHOICE),
        Stage::TcpResponseContent => (FRONTEND_RESPONSE_CONTENT, BACKEND_RESPONSE_CONTENT),
        Stage::HttpResponse | Stage::HttpAfterResponse => (FRONTEND_RESPONSE, BACKEND_RESPONSE),
    };
    match half {
        Half::Frontend => frontend,
        Half::Backend => backend,
        Half::Both => frontend | backend,
    }
}

// The places of HAProxy's table, in its order.
const FRONTEND_CONNECTION: u32 = 1;
const FRONTEND_SESSION: u32 = 1 << 1;
const FRONTEND_CONTENT: u32 = 1 << 2;
/// Heads and bodies are told apart by HAProxy only.
const FRONTEND_REQUEST: u32 = 1 << 3;
const USE_BACKEND: u32 = 1 << 4;
const BACKEND_CONTENT: u32 = 1 << 5;
const BACKEND_REQUEST: u32 = 1 << 6;
/// `use-server`, `balance`, `stick match`.
const SERVER_CHOICE: u32 = 1 << 7;
/// `source` and `sni` of a server.
const SOURCE: u32 = 1 << 8;
const BACKEND_RESPONSE_CONTENT: u32 = 1 << 9;
const BACKEND_RESPONSE: u32 = 1 << 10;
/// `stick store-response`.
const STORE: u32 = 1 << 11;
const FRONTEND_RESPONSE_CONTENT: u32 = 1 << 12;
const FRONTEND_RESPONSE: u32 = 1 << 13;
const LOG: u32 = 1 << 14;
const CHECK: u32 = 1 << 15;
const CONFIGURATION: u32 = 1 << 16;
const CLI: u32 = 1 << 17;

const EVERYWHERE: u32 = (1 << 18) - 1;
const OF_BACKEND: u32 = BACKEND_CONTENT | BACKEND_REQUEST | SERVER_CHOICE | SOURCE;
const REQUESTS: u32 = FRONTEND_CONTENT | FRONTEND_REQUEST | USE_BACKEND | OF_BACKEND;
const REQUESTS_FROM_CONNECTION: u32 = FRONTEND_CONNECTION | FRONTEND_SESSION | REQUESTS;
const RESPONSES: u32 = BACKEND_RESPONSE_CONTENT
    | BACKEND_RESPONSE
    | STORE
    | FRONTEND_RESPONSE_CONTENT
    | FRONTEND_RESPONSE;
