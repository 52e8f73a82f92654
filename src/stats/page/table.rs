//! The table of one proxy.

use std::fmt::Write;

use super::text::{bytes, duration, escape, number};
use crate::proxy::{Backend, Frontend};
use crate::stats::{Column, Kind, Row, ServerState, Value, named};

/// A column of the page: where it stands and how its value is written.
struct Cell {
    group: &'static str,
    head: &'static str,
    /// The column of the statistics whose value it shows.
    column: &'static str,
    form: Form,
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    State,
    Check,
    Number,
    /// A number that grows large.
    Large,
    /// A number of requests, with how they were answered.
    Total,
    /// A number that is bad news if it is not 0.
    Trouble,
    /// A limit: 0 is none.
    Limit,
    Bytes,
    Duration,
    /// How long ago; -1 is never.
    Age,
}

impl Form {
    /// The class that gives a column its width, the same in every table.
    fn width(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Check => "check",
            Self::Total => "total",
            Self::Large => "large",
            Self::Bytes => "bytes",
            Self::Duration | Self::Age => "time",
            Self::Number | Self::Trouble | Self::Limit => "count",
        }
    }
}

/// The page's columns with the columns of the statistics they show.
pub(super) struct Layout(Vec<(&'static Cell, Option<&'static Column>)>);

impl Layout {
    pub(super) fn new() -> Self {
        Self(CELLS.iter().map(|cell| (cell, named(cell.column))).collect())
    }

    /// Appends a table with a caption, two rows of headings, and a row for each of `rows`.
    pub(super) fn write(&self, rows: &[Row<'_>], legends: bool, out: &mut String) {
        let Some(first) = rows.first() else { return };
        out.push_str("<section class=proxy id=\"");
        escape(first.proxy(), out);
        out.push_str("\"><div class=scroll tabindex=0 role=group aria-label=\"Table of ");
        escape(first.proxy(), out);
        out.push_str("\"><table class=tbl>\n<caption><a class=px href=\"#");
        escape(first.proxy(), out);
        out.push_str("\">");
        escape(first.proxy(), out);
        out.push_str("</a>");
        caption(rows, legends, out);
        out.push_str("</caption>\n");
        self.headings(out);
        out.push_str("<tbody>\n");
        for row in rows {
            self.row(row, legends, out);
        }
        out.push_str("</tbody></table></div></section>\n");
    }

    fn headings(&self, out: &mut String) {
        out.push_str("<colgroup><col class=name>");
        for (cell, _) in &self.0 {
            let _ = write!(out, "<col class={}>", cell.form.width());
        }
        out.push_str("</colgroup>\n<thead><tr class=titre><th rowspan=2 scope=col>Name");
        for group in self.0.chunk_by(|a, b| a.0.group == b.0.group) {
            let _ = write!(out, "<th colspan={} scope=colgroup>{}", group.len(), group[0].0.group);
        }
        out.push_str("<tr class=titre>");
        let mut before = "";
        for (cell, column) in &self.0 {
            let class = if cell.group == before { "" } else { " class=g" };
            before = cell.group;
            let _ = write!(out, "<th{class} scope=col title=\"");
            escape(column.map_or("", |column| column.documentation), out);
            let _ = write!(out, "\">{}", cell.head);
        }
        out.push_str("</thead>\n");
    }

    fn row(&self, row: &Row<'_>, legends: bool, out: &mut String) {
        let (class, name) = match row.kind {
            Kind::Frontend(_) => ("frontend", "Frontend"),
            Kind::Backend(_) => ("backend", "Backend"),
            Kind::Server(_, server) => {
                (ServerState::of(server).class(server.backup), server.name.as_str())
            }
        };
        let state = match row.kind {
            Kind::Server(..) => "",
            _ if matches!(&*row.status(), "DOWN" | "PAUSED") => " down",
            _ => " open",
        };
        let _ = write!(out, "<tr class=\"{class}{state}\" id=\"");
        anchor(row, name, out);
        out.push_str("\"><th scope=row><a href=\"#");
        anchor(row, name, out);
        out.push('"');
        if legends {
            out.push_str(" title=\"");
            legend(row, out);
            out.push('"');
        }
        out.push('>');
        escape(name, out);
        out.push_str("</a>");
        if row.server().is_some_and(|server| server.backup) {
            out.push_str(" <small>backup</small>");
        }
        let mut before = "";
        for (cell, column) in &self.0 {
            let first = cell.group != before;
            before = cell.group;
            let value = column.map_or(Value::Empty, |column| column.value(row));
            cell.write(row, &value, first, out);
        }
        out.push('\n');
    }
}

impl Cell {
    fn write(&self, row: &Row<'_>, value: &Value<'_>, first: bool, out: &mut String) {
        let mut classes = String::new();
        if first {
            classes.push_str("g ");
        }
        let number_value = value.number();
        match self.form {
            Form::State => classes.push_str("st "),
            Form::Check => classes.push_str("ck "),
            Form::Trouble if number_value.is_some_and(|n| n > 0) => classes.push_str("bad "),
            _ if number_value == Some(0) => classes.push_str("z "),
            _ => {}
        }
        out.push_str("<td");
        match classes.trim_end() {
            "" => {}
            one if !one.contains(' ') => {
                let _ = write!(out, " class={one}");
            }
            several => {
                let _ = write!(out, " class=\"{several}\"");
            }
        }
        self.title(row, value, out);
        out.push('>');
        self.content(row, value, out);
    }

    fn title(&self, row: &Row<'_>, value: &Value<'_>, out: &mut String) {
        match (self.form, value.number()) {
            (Form::Bytes, Some(n)) if n >= 1000 => {
                let _ = write!(out, " title=\"{n} bytes\"");
            }
            (Form::Total, Some(_)) => {
                out.push_str(" title=\"");
                totals(row, out);
                out.push('"');
            }
            (Form::Check, None) => {
                out.push_str(" title=\"");
                for (n, name) in ["check_desc", "last_chk"].iter().enumerate() {
                    let text = column(row, name).to_string();
                    if n > 0 && !text.is_empty() {
                        out.push_str(": ");
                    }
                    escape(&text, out);
                }
                out.push('"');
            }
            _ => {}
        }
    }

    fn content(&self, row: &Row<'_>, value: &Value<'_>, out: &mut String) {
        let Some(n) = value.number() else {
            match self.form {
                Form::State => {
                    out.push_str("<b>");
                    escape(&value.to_string(), out);
                    out.push_str("</b>");
                }
                Form::Check => check(row, value, out),
                Form::Limit if row.server().is_some() => out.push_str("&ndash;"),
                _ => escape(&value.to_string(), out),
            }
            return;
        };
        match self.form {
            Form::Limit if n == 0 => out.push_str("&ndash;"),
            Form::Age if n < 0 => out.push_str("&ndash;"),
            Form::Bytes => bytes(n, out),
            Form::Duration | Form::Age => duration(n, out),
            _ => number(n, out),
        }
    }
}

/// What stands behind the name of a proxy.
fn caption(rows: &[Row<'_>], legends: bool, out: &mut String) {
    let Some(row) = rows.first() else { return };
    let _ = write!(out, " <span class=tag>{}</span>", row.mode().name());
    let backend = rows.iter().find_map(|row| match row.kind {
        Kind::Backend(backend) => Some(backend),
        _ => None,
    });
    let frontend = rows.iter().find_map(|row| match row.kind {
        Kind::Frontend(frontend) => Some(frontend),
        _ => None,
    });
    let halves = match (frontend.is_some(), backend.is_some()) {
        (true, true) => "listen",
        (true, false) => "frontend",
        _ => "backend",
    };
    let _ = write!(out, " <span class=tag>{halves}</span>");
    if let Some(backend) = backend {
        servers(backend, out);
    }
    if legends {
        details(row, frontend, backend, out);
    }
}

/// How many servers there are to choose from.
fn servers(backend: &Backend, out: &mut String) {
    let all = backend.servers.len();
    if all == 0 {
        return;
    }
    let ready = backend.servers.iter().filter(|server| server.live.is_eligible()).count();
    let class = match ready {
        0 => "tag none",
        n if n < all => "tag some",
        _ => "tag all",
    };
    let _ = write!(out, " <span class=\"{class}\">{ready} of {all} servers ready</span>");
}

fn details(
    row: &Row<'_>,
    frontend: Option<&Frontend>,
    backend: Option<&Backend>,
    out: &mut String,
) {
    let _ = write!(out, " <span class=legend>id {}", row.proxy_id());
    if let Some(backend) = backend {
        let _ = write!(out, " &middot; balance {}", backend.algorithm.name());
        if let Some(persistence) = &backend.persistence {
            out.push_str(" &middot; cookie ");
            escape(&persistence.name, out);
        }
    }
    for bind in frontend.iter().flat_map(|frontend| &frontend.binds) {
        use crate::proxy::Listen;
        out.push_str(" &middot; ");
        match &bind.listen {
            Listen::Inet(address) => escape(&address.to_string(), out),
            Listen::Unix(path) => escape(&path.to_string_lossy(), out),
            Listen::Abstract(name) => escape(name, out),
            Listen::Fd(fd) => {
                let _ = write!(out, "fd@{fd}");
            }
        }
    }
    out.push_str("</span>");
}

fn anchor(row: &Row<'_>, name: &str, out: &mut String) {
    escape(row.proxy(), out);
    out.push('/');
    escape(name, out);
}

/// Address, number and cookie.
fn legend(row: &Row<'_>, out: &mut String) {
    let _ = write!(out, "id {}", if row.id() == 0 { row.proxy_id() } else { row.id() });
    for name in ["addr", "cookie", "algo"] {
        let text = column(row, name).to_string();
        if !text.is_empty() {
            let _ = write!(out, ", {name} ");
            escape(&text, out);
        }
    }
}

/// How requests were answered, and how long they took.
fn totals(row: &Row<'_>, out: &mut String) {
    let part = |label: &str, name: &str, out: &mut String| {
        if let Some(n) = column(row, name).number() {
            let _ = write!(out, "{label} ");
            number(n, out);
            out.push_str("&#10;");
        }
    };
    for (label, name) in [
        ("Connections", "conn_tot"),
        ("Connection attempts", "connect"),
        ("Reused connections", "reuse"),
        ("Requests", "req_tot"),
        ("1xx", "hrsp_1xx"),
        ("2xx", "hrsp_2xx"),
        ("3xx", "hrsp_3xx"),
        ("4xx", "hrsp_4xx"),
        ("5xx", "hrsp_5xx"),
        ("Other", "hrsp_other"),
        ("Queue time, average ms", "qtime"),
        ("Connect time, average ms", "ctime"),
        ("Response time, average ms", "rtime"),
        ("Total time, average ms", "ttime"),
    ] {
        part(label, name, out);
    }
}

/// `L7OK/200 in 5ms`.
fn check(row: &Row<'_>, status: &Value<'_>, out: &mut String) {
    let status = status.to_string();
    if status.is_empty() {
        return;
    }
    escape(&status, out);
    if let Some(code) = column(row, "check_code").number() {
        let _ = write!(out, "/{code}");
    }
    if let Some(ms) = column(row, "check_duration").number() {
        let _ = write!(out, " in {ms}ms");
    }
}

fn column<'a>(row: &Row<'a>, name: &str) -> Value<'a> {
    named(name).map_or(Value::Empty, |column| column.value(row))
}

const fn cell(group: &'static str, head: &'static str, column: &'static str, form: Form) -> Cell {
    Cell { group, head, column, form }
}

/// State first: it is what one looks for. Then HAProxy's groups in its order.
const CELLS: &[Cell] = &[
    cell("State", "Status", "status", Form::State),
    cell("State", "Since", "lastchg", Form::Duration),
    cell("State", "Last check", "check_status", Form::Check),
    cell("Queue", "Cur", "qcur", Form::Number),
    cell("Queue", "Max", "qmax", Form::Number),
    cell("Queue", "Limit", "qlimit", Form::Limit),
    cell("Session rate", "Cur", "rate", Form::Number),
    cell("Session rate", "Max", "rate_max", Form::Number),
    cell("Session rate", "Limit", "rate_lim", Form::Limit),
    cell("Sessions", "Cur", "scur", Form::Number),
    cell("Sessions", "Max", "smax", Form::Number),
    cell("Sessions", "Limit", "slim", Form::Limit),
    cell("Sessions", "Total", "stot", Form::Total),
    cell("Sessions", "LbTot", "lbtot", Form::Large),
    cell("Sessions", "Last", "lastsess", Form::Age),
    cell("Bytes", "In", "bin", Form::Bytes),
    cell("Bytes", "Out", "bout", Form::Bytes),
    cell("Denied", "Req", "dreq", Form::Trouble),
    cell("Denied", "Resp", "dresp", Form::Trouble),
    cell("Errors", "Req", "ereq", Form::Trouble),
    cell("Errors", "Conn", "econ", Form::Trouble),
    cell("Errors", "Resp", "eresp", Form::Trouble),
    cell("Warnings", "Retr", "wretr", Form::Trouble),
    cell("Warnings", "Redis", "wredis", Form::Trouble),
    cell("Server", "Wght", "weight", Form::Number),
    cell("Server", "Act", "act", Form::Number),
    cell("Server", "Bck", "bck", Form::Number),
    cell("Server", "Chk", "chkfail", Form::Trouble),
    cell("Server", "Dwn", "chkdown", Form::Trouble),
    cell("Server", "Dwntme", "downtime", Form::Duration),
];
