//! The variables that HAProxy itself sets for a configuration (manual section 2.3). They win over
//! those of the environment.

use super::SourceFile;
use crate::log::line_format;
use crate::syntax::environment::Environment;

pub(super) fn set(environment: &mut Environment, files: &[SourceFile]) {
    for &(name, value) in FIXED {
        environment.set(name, value);
    }
    if environment.get("HAPROXY_STARTUP_VERSION").is_none() {
        environment.set("HAPROXY_STARTUP_VERSION", "3.4.0");
    }
    let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
    environment.set("HAPROXY_CFGFILES", names.join(";"));
    let peer = environment.local_peer.clone().or_else(hostname).unwrap_or_default();
    environment.set(LOCAL_PEER, peer);
}

fn hostname() -> Option<String> {
    nix::unistd::gethostname().ok()?.into_string().ok()
}

pub(super) const LOCAL_PEER: &str = "HAPROXY_LOCALPEER";

const FIXED: &[(&str, &str)] = &[
    ("HAPROXY_BRANCH", "3.4"),
    ("HAPROXY_TCP_LOG_FMT", line_format::TCP),
    ("HAPROXY_TCP_CLF_LOG_FMT", line_format::TCP_CLF),
    ("HAPROXY_HTTP_LOG_FMT", line_format::HTTP),
    ("HAPROXY_HTTP_CLF_LOG_FMT", line_format::CLF),
    ("HAPROXY_HTTPS_LOG_FMT", HTTPS),
    ("HAPROXY_KEYLOG_FC_LOG_FMT", KEYLOG_CLIENT),
    ("HAPROXY_KEYLOG_BC_LOG_FMT", KEYLOG_SERVER),
];

const HTTPS: &str = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc \
    %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r \
    %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] \
    %[ssl_fc_sni]/%sslv/%sslc";

/// What TLS clients and servers agree on, in the key log format of NSS.
const KEYLOG_CLIENT: &str = "\
CLIENT_RANDOM %[ssl_fc_client_random,hex] %[ssl_fc_session_key,hex]
CLIENT_EARLY_TRAFFIC_SECRET %[ssl_fc_client_random,hex] %[ssl_fc_client_early_traffic_secret]
CLIENT_HANDSHAKE_TRAFFIC_SECRET %[ssl_fc_client_random,hex] %[ssl_fc_client_handshake_traffic_secret]
SERVER_HANDSHAKE_TRAFFIC_SECRET %[ssl_fc_client_random,hex] %[ssl_fc_server_handshake_traffic_secret]
CLIENT_TRAFFIC_SECRET_0 %[ssl_fc_client_random,hex] %[ssl_fc_client_traffic_secret_0]
SERVER_TRAFFIC_SECRET_0 %[ssl_fc_client_random,hex] %[ssl_fc_server_traffic_secret_0]
EXPORTER_SECRET %[ssl_fc_client_random,hex] %[ssl_fc_exporter_secret]
EARLY_EXPORTER_SECRET %[ssl_fc_client_random,hex] %[ssl_fc_early_exporter_secret]";

const KEYLOG_SERVER: &str = "\
CLIENT_RANDOM %[ssl_bc_client_random,hex]  %[ssl_bc_session_key,hex]
CLIENT_EARLY_TRAFFIC_SECRET %[ssl_bc_client_random,hex] %[ssl_bc_client_early_traffic_secret]
CLIENT_HANDSHAKE_TRAFFIC_SECRET %[ssl_bc_client_random,hex] %[ssl_bc_client_handshake_traffic_secret]
SERVER_HANDSHAKE_TRAFFIC_SECRET %[ssl_bc_client_random,hex] %[ssl_bc_server_handshake_traffic_secret]
CLIENT_TRAFFIC_SECRET_0 %[ssl_bc_client_random,hex] %[ssl_bc_client_traffic_secret_0]
SERVER_TRAFFIC_SECRET_0 %[ssl_bc_client_random,hex] %[ssl_bc_server_traffic_secret_0]
EXPORTER_SECRET %[ssl_bc_client_random,hex] %[ssl_bc_exporter_secret]
EARLY_EXPORTER_SECRET %[ssl_bc_client_random,hex] %[ssl_bc_early_exporter_secret]";
