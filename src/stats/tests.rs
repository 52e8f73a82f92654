//! The forms of the statistics against what HAProxy 3.4.0 answers with the same configuration.

use super::*;

struct Subject {
    plan: Plan,
    process: live::Process,
}

impl Subject {
    fn new() -> Self {
        Self { plan: fixture::plan(), process: fixture::process() }
    }

    fn context(&self) -> Context<'_> {
        Context {
            plan: &self.plan,
            process: &self.process,
            workers: fixture::WORKERS,
            now_ms: crate::time::monotonic_ms(),
        }
    }

    fn csv(&self, selection: &Selection<'_>) -> String {
        let mut out = String::new();
        write_csv(rows(&self.context(), selection).into_iter(), &mut out);
        out
    }
}

/// Columns whose values are times, or count what the checks of the captured process did.
fn varies(column: &str) -> bool {
    matches!(column, "lastchg" | "check_duration" | "downtime" | "need_conn_est")
        || column.starts_with("h1_")
}

fn masked(csv: &str) -> Vec<Vec<String>> {
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    csv.lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells = line.split(',').enumerate();
            let mask = |(n, cell): (usize, &str)| {
                let masked = varies(names[n]) && cell.parse::<u64>().is_ok();
                if masked { "~".to_owned() } else { format!("{}={cell}", names[n]) }
            };
            cells.map(mask).collect()
        })
        .collect()
}

/// Item by item, so that a difference can be read.
fn same<T: PartialEq + std::fmt::Debug>(ours: &[T], theirs: &[T]) {
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.len(), theirs.len());
}

#[test]
fn the_csv_header_is_haproxys() {
    let captured = include_str!("../../tests/data/stats/stat.csv");
    let ours = Subject::new().csv(&Selection::default());
    assert_eq!(ours.lines().next(), captured.lines().next());
}

#[test]
fn the_csv_lines_of_an_idle_process_are_haproxys() {
    let subject = Subject::new();
    let captured = masked(include_str!("../../tests/data/stats/stat.csv"));
    assert_eq!(captured.len(), 13);
    same(&masked(&subject.csv(&Selection::default())), &captured);
    let user = Selection { legends: false, ..Selection::default() };
    let captured = masked(include_str!("../../tests/data/stats/stat-user.csv"));
    same(&masked(&subject.csv(&user)), &captured);
}

#[test]
fn the_typed_form_has_haproxys_positions_tags_types_and_descriptions() {
    let subject = Subject::new();
    let mut ours = String::new();
    let context = subject.context();
    write_typed(rows(&context, &Selection::default()).into_iter(), true, &mut ours);
    let captured = include_str!("../../tests/data/stats/stat-typed.txt").trim_end();
    same(&without_values(&ours), &without_values(captured));
    let mut ours = String::new();
    write_info_typed(&context, true, &mut ours);
    let captured = include_str!("../../tests/data/stats/info-typed.txt").trim_end();
    same(&without_values(&ours), &without_values(captured));
}

/// `position.name.1:tags:type` and the description of each line.
fn without_values(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let mut parts = line.splitn(4, ':');
        let head: Vec<_> = parts.by_ref().take(3).collect();
        let description = parts.next().and_then(|rest| rest.split_once(":\"")).unwrap().1;
        format!("{} {description}", head.join(":"))
    };
    text.lines().map(line).collect()
}

#[test]
fn the_json_form_has_haproxys_structure() {
    let subject = Subject::new();
    let mut ours = String::new();
    write_json(rows(&subject.context(), &Selection::default()).into_iter(), &mut ours);
    let captured = include_str!("../../tests/data/stats/stat.json").trim_end();
    same(&structure(&ours), &structure(captured));
    let mut ours = String::new();
    write_info_json(&subject.context(), &mut ours);
    let captured = include_str!("../../tests/data/stats/info.json").trim_end();
    same(&structure(&ours), &structure(captured));
}

/// What stands before each value.
fn structure(json: &str) -> Vec<&str> {
    let pieces = json.split("\"value\":{");
    pieces.map(|piece| piece.split_once("},{").map_or("", |(_, next)| next)).collect()
}

#[test]
fn the_facts_of_the_process_are_named_and_ordered_as_haproxys() {
    let subject = Subject::new();
    let context = subject.context();
    let ours: Vec<_> = facts(&context).map(|(fact, _)| fact.name).collect();
    let captured = include_str!("../../tests/data/stats/info.txt").trim_end();
    let theirs: Vec<_> = captured.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn counters_of_all_workers_are_summed() {
    let subject = Subject::new();
    let server = &subject.plan.backends[0].servers[1].live;
    for worker in 0..fixture::WORKERS {
        let counters = server.counters.at(worker);
        counters.session_begins(subject.context().now_ms);
        counters.bytes_out.add(100);
        counters.response(404);
        counters.response_time.record(10 * (worker as u64 + 1));
    }
    server.counters.at(0).session_ends();
    let context = subject.context();
    let rows = rows(&context, &Selection::default());
    let row = rows.iter().find(|row| row.service() == "s2").unwrap();
    for (name, expected) in [
        ("scur", 1),
        ("smax", 2),
        ("stot", 2),
        ("bout", 200),
        ("hrsp_4xx", 2),
        ("hrsp_2xx", 0),
        ("rtime", 15),
        ("rtime_max", 20),
        ("lastsess", 0),
    ] {
        assert_eq!(named(name).unwrap().value(row).number(), Some(expected), "{name}");
    }
}

#[test]
fn texts_that_would_break_a_line_are_quoted() {
    let subject = Subject::new();
    let server = &subject.plan.backends[0].servers[0].live;
    server.check.lock().unwrap().detail = "a \"b\", c\nd".to_owned();
    let csv = subject.csv(&Selection::default());
    assert!(csv.contains(",\"a \"\"b\"\", c d\","), "{csv}");
    assert_eq!(csv.lines().count(), 13);
}

#[test]
fn a_selection_leaves_what_is_not_asked_for() {
    let subject = Subject::new();
    let names = |selection: Selection<'_>| -> Vec<String> {
        let context = subject.context();
        let rows = rows(&context, &selection);
        rows.iter()
            .map(|row| format!("{}/{} {}", row.proxy(), row.service(), row.status()))
            .collect()
    };
    let scope = ["app".to_owned()];
    assert_eq!(
        names(Selection { scope: &scope, hide: Hide::Down, ..Selection::default() }),
        ["app/s1 UP 0/3", "app/s2 no check", "app/BACKEND UP (2/3)"]
    );
    assert_eq!(
        names(Selection { proxy: Some(4), kinds: 4, server: Some(2), ..Selection::default() }),
        ["app/s2 no check"]
    );
    assert_eq!(
        names(Selection { kinds: 1, ..Selection::default() }),
        ["web/FRONTEND OPEN", "auth/FRONTEND OPEN", "db/FRONTEND OPEN"]
    );
}
