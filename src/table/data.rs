//! What an entry may hold, by name.

/// A data type of `store` (manual, section 11.1), in the order in which entries show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Data {
    ServerId,
    Gpt0,
    Gpc0,
    Gpc0Rate,
    ConnCnt,
    ConnRate,
    ConnCur,
    SessCnt,
    SessRate,
    HttpReqCnt,
    HttpReqRate,
    HttpErrCnt,
    HttpErrRate,
    BytesInCnt,
    BytesInRate,
    BytesOutCnt,
    BytesOutRate,
    Gpc1,
    Gpc1Rate,
    ServerKey,
    HttpFailCnt,
    HttpFailRate,
    Gpt,
    Gpc,
    GpcRate,
    GlitchCnt,
    GlitchRate,
}

/// How a data type is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// An unsigned integer of 32 bits.
    Number,
    /// An unsigned integer of 64 bits.
    Long,
    /// Events over a period.
    Rate,
    /// A short text.
    Text,
}

impl Data {
    /// The data type of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(data, _)| *data)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(data, _)| *data == self).map_or("", |(_, name)| name)
    }

    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::BytesInCnt | Self::BytesOutCnt => Class::Long,
            Self::ServerKey => Class::Text,
            _ if self.name().ends_with("_rate") => Class::Rate,
            _ => Class::Number,
        }
    }

    /// `gpt`, `gpc` and `gpc_rate` hold several elements.
    #[must_use]
    pub fn is_array(self) -> bool {
        matches!(self, Self::Gpt | Self::Gpc | Self::GpcRate)
    }

    /// The array whose element this is, if a table has that instead, and which element.
    #[must_use]
    pub fn in_array(self) -> Option<(Self, usize)> {
        match self {
            Self::Gpt0 => Some((Self::Gpt, 0)),
            Self::Gpc0 => Some((Self::Gpc, 0)),
            Self::Gpc1 => Some((Self::Gpc, 1)),
            Self::Gpc0Rate => Some((Self::GpcRate, 0)),
            Self::Gpc1Rate => Some((Self::GpcRate, 1)),
            _ => None,
        }
    }
}

const NAMES: &[(Data, &str)] = &[
    (Data::ServerId, "server_id"),
    (Data::Gpt0, "gpt0"),
    (Data::Gpc0, "gpc0"),
    (Data::Gpc0Rate, "gpc0_rate"),
    (Data::ConnCnt, "conn_cnt"),
    (Data::ConnRate, "conn_rate"),
    (Data::ConnCur, "conn_cur"),
    (Data::SessCnt, "sess_cnt"),
    (Data::SessRate, "sess_rate"),
    (Data::HttpReqCnt, "http_req_cnt"),
    (Data::HttpReqRate, "http_req_rate"),
    (Data::HttpErrCnt, "http_err_cnt"),
    (Data::HttpErrRate, "http_err_rate"),
    (Data::BytesInCnt, "bytes_in_cnt"),
    (Data::BytesInRate, "bytes_in_rate"),
    (Data::BytesOutCnt, "bytes_out_cnt"),
    (Data::BytesOutRate, "bytes_out_rate"),
    (Data::Gpc1, "gpc1"),
    (Data::Gpc1Rate, "gpc1_rate"),
    (Data::ServerKey, "server_key"),
    (Data::HttpFailCnt, "http_fail_cnt"),
    (Data::HttpFailRate, "http_fail_rate"),
    (Data::Gpt, "gpt"),
    (Data::Gpc, "gpc"),
    (Data::GpcRate, "gpc_rate"),
    (Data::GlitchCnt, "glitch_cnt"),
    (Data::GlitchRate, "glitch_rate"),
];
