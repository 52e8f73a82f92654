//! Keywords that HAProxy itself no longer has, with what it tells their users.

/// Names (one or two words) and the sentence.
pub const REMOVED: &[(&str, &str)] = &[
    ("appsession", "'appsession' is not supported anymore since HAProxy 1.6."),
    ("bind-process", "'bind-process' is not supported anymore."),
    (
        "block",
        "The 'block' directive is not supported anymore since HAProxy 2.1. Use 'http-request \
         deny' which uses the exact same syntax.",
    ),
    (
        "clitimeout",
        "the 'clitimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout \
         client'.",
    ),
    (
        "contimeout",
        "the 'contimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout \
         connect'.",
    ),
    ("grace", "the 'grace' keyword is not supported any more since HAProxy version 2.5."),
    (
        "monitor-net",
        "'monitor-net' doesn't exist anymore. Please use 'http-request return status 200 if { src \
         <network> }' instead.",
    ),
    (
        "redispatch",
        "keyword 'redispatch' directive is not supported anymore since HAProxy 2.1. Use 'option \
         redispatch'.",
    ),
    (
        "reqadd",
        "The 'reqadd' directive is not supported anymore since HAProxy 2.1. Use 'http-request \
         add-header' instead.",
    ),
    ("reqallow", REQUEST_RULE),
    ("reqdel", REQUEST_DEL),
    ("reqdeny", REQUEST_RULE),
    ("reqiallow", REQUEST_RULE),
    ("reqidel", REQUEST_DEL),
    ("reqideny", REQUEST_RULE),
    ("reqipass", REQUEST_RULE),
    ("reqirep", REQUEST_REPLACE),
    ("reqitarpit", REQUEST_RULE),
    ("reqpass", REQUEST_RULE),
    ("reqrep", REQUEST_REPLACE),
    ("reqtarpit", REQUEST_RULE),
    (
        "rspadd",
        "The 'rspadd' directive is not supported anymore since HAProxy 2.1. Use 'http-response \
         add-header' instead.",
    ),
    ("rspdel", RESPONSE_RULE),
    ("rspdeny", RESPONSE_RULE),
    ("rspidel", RESPONSE_RULE),
    ("rspideny", RESPONSE_RULE),
    ("rspirep", RESPONSE_RULE),
    ("rsprep", RESPONSE_RULE),
    (
        "srvtimeout",
        "the 'srvtimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout \
         server'.",
    ),
    (
        "option forceclose",
        "option 'forceclose' is not supported any more since HAProxy 2.0, please just remove it, \
         or use 'option httpclose' if absolutely needed.",
    ),
    (
        "option http-tunnel",
        "option 'http-tunnel' is not supported any more since HAProxy 2.1, please just remove it, \
         it shouldn't be needed.",
    ),
    ("option http_proxy", "option 'http_proxy' is not supported any more since HAProxy 2.5."),
];

const REQUEST_RULE: &str = "This directive is not supported anymore since HAProxy 2.1. Use \
                            'http-request' rules instead.";
const REQUEST_DEL: &str = "This directive is not supported anymore since HAProxy 2.1. Use \
                           'http-request del-header' instead.";
const REQUEST_REPLACE: &str = "This directive is not supported anymore since HAProxy 2.1. Use \
                               'http-request replace-path', 'http-request replace-uri' or \
                               'http-request replace-header' instead.";
const RESPONSE_RULE: &str = "This directive is not supported anymore since HAProxy 2.1. Use \
                             'http-response' rules instead.";
